//! What `rules` means: each entry declares a rule of one's own. What is wrong with an expression is reported inside it.

use super::sections::{CHANGE, RULE, SECTIONS};
use crate::config::names::{ALL, listed, shortened};
use crate::config::own::{DeclaredRule, OwnRules};
use crate::config::raw::{Entry, Node, Value};
use crate::config::reader::{Fields, Reader, Word};
use crate::config::shared::beside;
use crate::config::spans;
use crate::finding::{Label, Severity};
use crate::nearest::nearest;
use crate::rules::own::{At, Declaration, Example, ExpressionFault, Kind, declare, is_address};
use crate::rules::{self, Family};

pub(super) const EXAMPLE: &str = "SERVICE_HAS_RPCS: {on: service, require: 'this.rpcs.size() > 0'}";

/// The file that declares rules.
pub(super) struct DeclaredIn<'t> {
    pub(super) text: &'t str,
    /// Its path relative to the configuration; empty for the configuration itself.
    pub(super) path: &'t str,
    /// The scope that the rules are on in.
    pub(super) scope: Option<usize>,
}

/// Adds the rules of an entry.
pub(super) fn rules(reader: &mut Reader, entry: &Entry, within: &DeclaredIn<'_>, own: &mut OwnRules) {
    let help = || format!("write an id and what the rule says: {EXAMPLE}");
    let groups: Vec<&str> = [Family::Lint, Family::Breaking].into_iter().flat_map(Family::groups).collect();
    for (id, entry) in reader.entries(&entry.value, entry.key.span, "rules", help) {
        let is_new = is_new_id(reader, &id, &groups, own);
        let Some(rule) = rule(reader, &id, entry, within).filter(|_| is_new) else {
            own.add_faulty(&id.text);
            continue;
        };
        own.add(DeclaredRule { rule, place: reader.place(id.span), scope: within.scope });
    }
}

/// Whether a rule may be called that; reports why not.
fn is_new_id(reader: &mut Reader, id: &Word, groups: &[&str], own: &OwnRules) -> bool {
    let group = groups.contains(&id.text.as_str());
    if !is_id(&id.text) {
        let help = match screaming(&id.text) {
            Some(better) => format!("write it as `{better}`"),
            None => "ids have upper-case letters, digits and `_`, such as RPC_HAS_AUTHZ".to_owned(),
        };
        reader.fault(id.span, format!("`{id}` is not an id of a rule"), help);
    } else if group || id.text == ALL || rules::find(&id.text).is_some() {
        let what = if rules::find(&id.text).is_some() { "rule" } else { "group" };
        let message = format!("`{id}` is a {what} of protolint");
        reader.fault(id.span, message, format!("choose another id, such as MY_{id}"));
    } else if let Some(known) = own.get(&id.text) {
        let label = Label { place: known.place, text: "first declared here".to_owned() };
        let message = format!("rule `{id}` is declared twice");
        reader.fault(id.span, message, "rename one of them, or remove it").labels.push(label);
    } else {
        return true;
    }
    false
}

/// The longest id, in bytes.
const MAX_ID: usize = 100;

/// Whether a text is SCREAMING_SNAKE_CASE.
fn is_id(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
    };
    text.len() <= MAX_ID && text.starts_with(|first: char| first.is_ascii_uppercase()) && text.split('_').all(is_word)
}

/// An id that says the same.
fn screaming(text: &str) -> Option<String> {
    let mut id = String::new();
    let mut was_lower = false;
    for letter in text.chars() {
        if letter.is_ascii_uppercase() && was_lower {
            id.push('_');
        }
        was_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        id.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' });
    }
    let words: Vec<&str> = id.split('_').filter(|word| !word.is_empty()).collect();
    Some(words.join("_")).filter(|id| is_id(id))
}

/// The rule that an entry declares.
fn rule(reader: &mut Reader, id: &Word, entry: &Entry, within: &DeclaredIn<'_>) -> Option<&'static rules::Rule> {
    let before = reader.findings.len();
    let fields = reader.fields(&entry.value, entry.key.span, &SECTIONS[RULE], &SECTIONS);
    if reader.findings.len() == before {
        for (key, example) in [("on", "on: rpc"), ("require", "require: 'this.comment != \"\"'")] {
            if !fields.contains_key(key) {
                reader.fault(id.span, format!("rule `{id}` has no `{key}`"), example);
            }
        }
    }
    let on = fields.get("on").and_then(|entry| kind(reader, entry));
    let at = fields.get("at").zip(on).and_then(|(entry, on)| at(reader, entry, on));
    let severity = fields.get("severity").and_then(|entry| severity(reader, entry));
    let mut text = |key| fields.get(key).and_then(|entry| expression(reader, entry));
    let (condition, require, message) = (text("where"), text("require"), text("message"));
    let mut plain = |key| fields.get(key).and_then(|entry| some_text(reader, entry));
    let (help, docs) = (plain("help"), plain("docs"));
    let docs = docs.map(|docs| if is_address(&docs) { docs } else { beside(within.path, &docs) });
    let mut tried = |key| match fields.get(key).zip(on) {
        Some((entry, on)) => examples(reader, entry, on),
        None => Vec::new(),
    };
    let (good, bad) = (tried("good"), tried("bad"));
    let declaration = Declaration {
        id: id.text.clone(),
        on: on?,
        condition,
        require: require?,
        message,
        help,
        at: at.unwrap_or_default(),
        severity: severity.unwrap_or(Severity::Error),
        docs,
        good,
        bad,
    };
    match declare(declaration) {
        Ok(rule) => (reader.findings.len() == before).then_some(rule),
        Err(faults) => {
            faults.into_iter().for_each(|fault| report(reader, fault, &fields, within));
            None
        }
    }
}

/// Reports what is wrong with an expression where that stands.
fn report(reader: &mut Reader, fault: ExpressionFault, fields: &Fields<'_>, within: &DeclaredIn<'_>) {
    let Some(entry) = fields.get(fault.key) else { return };
    let node = &entry.value;
    let span = match &node.value {
        Value::Text(value) => spans::part(within.text, node.span, value, fault.span),
        _ => node.span,
    };
    reader.fault(span, fault.message, fault.help);
}

fn kind(reader: &mut Reader, entry: &Entry) -> Option<Kind> {
    let names = Kind::ALL.map(Kind::name);
    choice(reader, entry, ("kind of element", &names)).and_then(|at| Kind::ALL.get(at).copied())
}

fn severity(reader: &mut Reader, entry: &Entry) -> Option<Severity> {
    const SEVERITIES: [Severity; 2] = [Severity::Warning, Severity::Error];
    let names = SEVERITIES.map(Severity::name);
    choice(reader, entry, ("severity", &names)).and_then(|at| SEVERITIES.get(at).copied())
}

/// Which of some words a value is.
fn choice(reader: &mut Reader, entry: &Entry, (what, names): (&str, &[&str])) -> Option<usize> {
    let word = reader.word(entry)?;
    let found = names.iter().position(|name| *name == word.text);
    if found.is_none() {
        let help = match nearest(&word.text, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", listed(names)),
        };
        reader.fault(word.span, format!("unknown {what} `{word}`"), help);
    }
    found
}

fn at(reader: &mut Reader, entry: &Entry, on: Kind) -> Option<At> {
    let word = reader.word(entry)?;
    let found = At::parse(&word.text, on);
    if found.is_none() {
        let mut words = At::words(on);
        if At::has_options(on) {
            words.push("option:NAME");
        }
        let help = match nearest(&word.text, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", listed(&words)),
        };
        reader.fault(word.span, format!("`{word}` is not a part of {}s", on.noun()), help);
    }
    found
}

/// A text that is CEL; `true` and `false` are, and need no quotes.
fn expression(reader: &mut Reader, entry: &Entry) -> Option<String> {
    match entry.value.value {
        Value::Bool(value) => Some(value.to_string()),
        _ => some_text(reader, entry),
    }
}

/// A text that is not empty.
fn some_text(reader: &mut Reader, entry: &Entry) -> Option<String> {
    let word = reader.word(entry)?;
    if word.text.trim().is_empty() {
        let key = match &entry.key.value {
            Value::Text(key) => shortened(key),
            _ => "".into(),
        };
        reader.fault(word.span, format!("`{key}` is empty"), "write a text, or remove the key");
        return None;
    }
    Some(word.text)
}

/// A list of examples, or one of them.
fn examples(reader: &mut Reader, entry: &Entry, on: Kind) -> Vec<Example> {
    let items = match &entry.value.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.value),
    };
    items.iter().filter_map(|item| example(reader, item, entry, on)).collect()
}

fn example(reader: &mut Reader, item: &Node, entry: &Entry, on: Kind) -> Option<Example> {
    let example = match &item.value {
        Value::Text(text) => Some(Example::File(text.clone())),
        Value::Mapping(_) => {
            let fields = reader.fields(item, item.span, &SECTIONS[CHANGE], &SECTIONS);
            let mut text = |key| fields.get(key).and_then(|entry| reader.word(entry)).map(|word| word.text);
            let (before, after) = (text("before").unwrap_or_default(), text("after").unwrap_or_default());
            Some(Example::Change { before, after })
        }
        _ => None,
    };
    if let Some(example) = example.filter(|example| example.fits(on)) {
        return Some(example);
    }
    let (message, help) = match on {
        Kind::Change => ("an example of a rule on `change` has two states", "- {before: …, after: …}"),
        _ => ("an example is not the text of a file", "- 'message Example {}'"),
    };
    let span = if item.span.is_none() { entry.key.span } else { item.span };
    reader.fault(span, message, help);
    None
}
