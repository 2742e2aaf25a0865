//! The options of `buf.validate` as they are written, in one form: whether they differ, in what, and where that stands.
//! It must not know what they mean.

use std::collections::BTreeMap;

use crate::schema::{Annotation, AnnotationValue, Annotations, Element, Field, FieldType};
use crate::source::Span;

/// The package of the options.
const PACKAGE: &str = "buf.validate";

/// The most characters of a value that a message quotes.
const MAX_QUOTED: usize = 60;

/// The rules of an element.
pub(super) struct Written<'s> {
    options: Annotations<'s>,
}

/// Whether an element has such options.
pub(super) fn has_rules(element: Element<'_>) -> bool {
    element.options().has_extension_of(PACKAGE)
}

impl<'s> Written<'s> {
    pub(super) fn new(element: Element<'s>) -> Written<'s> {
        Written { options: Annotations::of_element(element) }
    }

    /// The values of the options.
    fn values(&self) -> impl Iterator<Item = &Annotation<'s>> {
        let is_rule =
            |value: &Annotation<'_>| value.declared.is_some_and(|field| field.file().package() == Some(PACKAGE));
        self.options.iter().map(|(_, value)| value).filter(move |value| is_rule(value))
    }

    /// All of it as a text, with what the predefined rules say that it uses.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for value in self.values() {
            text += &format!("{value};");
            add_predefined(value, &mut text);
        }
        text
    }

    /// The value of a rule by name, as a text: `ignore`.
    pub(super) fn value_of(&self, name: &str) -> Option<String> {
        self.values().find_map(|value| value.field(name)).map(ToString::to_string)
    }

    /// Each rule by its path, `string.min_len`: the elements of its value, and where it stands.
    fn leaves(&self) -> BTreeMap<String, (Vec<String>, Span)> {
        let mut leaves = BTreeMap::new();
        self.values().for_each(|value| add_leaves(value, "", &mut leaves));
        leaves
    }

    /// Where a rule stands that has this name, or any rule.
    pub(super) fn place(&self, rule: &str) -> Option<Span> {
        let leaves = self.leaves();
        leaves.get(rule).map(|(_, span)| *span).or_else(|| self.values().next().map(|value| value.span))
    }
}

fn add_predefined(value: &Annotation<'_>, text: &mut String) {
    match &value.value {
        AnnotationValue::Scalar(_) => {}
        AnnotationValue::List(values) => values.iter().for_each(|value| add_predefined(value, text)),
        AnnotationValue::Message(fields) => {
            for value in fields.values() {
                if let Some(extension) = value.declared.filter(|field| field.is_extension()) {
                    *text += &predefined(extension);
                }
                add_predefined(value, text);
            }
        }
    }
}

/// What a predefined rule says.
fn predefined(extension: Field<'_>) -> String {
    Annotations::of_element(extension.into()).iter().map(|(name, value)| format!("{name}{value};")).collect()
}

fn add_leaves(value: &Annotation<'_>, path: &str, leaves: &mut BTreeMap<String, (Vec<String>, Span)>) {
    let texts = match &value.value {
        AnnotationValue::Message(fields) if !is_value(value) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                add_leaves(value, &path, leaves);
            }
            return;
        }
        AnnotationValue::List(values) => values.iter().map(shown).collect(),
        AnnotationValue::Scalar(_) | AnnotationValue::Message(_) => vec![shown(value)],
    };
    leaves.insert(path.to_owned(), (texts, value.span));
}

/// Whether a message is a value, as a duration is, and holds no rules.
fn is_value(value: &Annotation<'_>) -> bool {
    match value.declared.map(Field::field_type) {
        Some(FieldType::Message(of)) => of.file().package() != Some(PACKAGE),
        _ => false,
    }
}

/// An element of a value: of an expression its text alone.
fn shown(value: &Annotation<'_>) -> String {
    match value.field("expression").and_then(Annotation::text) {
        Some(expression) => format!("`{}`", clip(expression)),
        None => clip(&value.to_string()),
    }
}

fn clip(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What changed between two sets of rules, one of this name first, and whether there is one: `` `string.min_len` changed
/// from 1 to 5 ``.
pub(super) fn changes(before: &Written<'_>, after: &Written<'_>, rule: Option<&str>) -> (Vec<String>, bool) {
    let (old, new) = (before.leaves(), after.leaves());
    let mut paths: Vec<&String> = old.keys().chain(new.keys().filter(|path| !old.contains_key(*path))).collect();
    paths.sort_by_key(|path| Some(path.as_str()) != rule);
    let is_exact =
        paths.first().is_some_and(|path| Some(path.as_str()) == rule && texts(&old, path) != texts(&new, path));
    let mut changes = Vec::new();
    for path in paths {
        match (old.get(path), new.get(path)) {
            (Some((old, _)), Some((new, _))) if old == new => {}
            (Some((old, _)), Some((new, _))) => changes.push(changed(path, old, new)),
            (None, Some((new, _))) => changes.push(match new.as_slice() {
                [only] if only == "true" => format!("`{path}` was added"),
                new => format!("`{path}` {} was added", new.join(", ")),
            }),
            (Some((old, _)), None) => changes.push(match old.as_slice() {
                [only] if only == "true" => format!("`{path}` was removed"),
                old => format!("`{path}` {} was removed", old.join(", ")),
            }),
            (None, None) => {}
        }
    }
    (changes, is_exact)
}

fn texts<'l>(leaves: &'l BTreeMap<String, (Vec<String>, Span)>, path: &str) -> Option<&'l [String]> {
    leaves.get(path).map(|(texts, _)| texts.as_slice())
}

fn changed(path: &str, old: &[String], new: &[String]) -> String {
    let missing = |from: &[String], of: &[String]| -> Vec<String> {
        from.iter().filter(|value| !of.contains(value)).cloned().collect()
    };
    match (missing(new, old), missing(old, new)) {
        (gained, lost) if gained.len() == 1 && lost.len() == 1 => {
            format!("`{path}` changed from {} to {}", lost[0], gained[0])
        }
        (gained, lost) if lost.is_empty() && !gained.is_empty() => format!("`{path}` gained {}", gained.join(", ")),
        (gained, lost) if gained.is_empty() && !lost.is_empty() => format!("`{path}` lost {}", lost.join(", ")),
        _ => format!("`{path}` changed from {} to {}", old.join(", "), new.join(", ")),
    }
}
