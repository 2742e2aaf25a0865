//! What a configuration of the Go tool yoheimuta/protolint says: which rules, by their names here, with what options.

use super::write::{Draft, scalar};
use crate::config::check::{CheckConfig, Ignore};
use crate::config::model::Config;
use crate::config::names::listed;
use crate::config::raw::{Entry, Node, Value};
use crate::config::reader::{Fields, Reader, Section, Word};
use crate::finding::{Finding, Severity};
use crate::nearest::nearest;
use crate::pattern::PathPatterns;
use crate::rules;
use crate::source::FileId;

/// A rule of that tool: its id, whether it is on by default, the rule here.
struct Known(&'static str, bool, &'static str);

/// What the language forbids anyway: nothing has to be selected for it.
const ALWAYS_ON: &str = "";

/// All its rules, from its own list.
const RULES: [Known; 31] = [
    Known("ENUM_FIELD_NAMES_PREFIX", true, "ENUM_VALUE_PREFIX"),
    Known("ENUM_FIELD_NAMES_UPPER_SNAKE_CASE", true, "ENUM_VALUE_UPPER_SNAKE_CASE"),
    Known("ENUM_FIELD_NAMES_ZERO_VALUE_END_WITH", true, "ENUM_ZERO_VALUE_SUFFIX"),
    Known("ENUM_FIELDS_HAVE_COMMENT", false, "COMMENT_ENUM_VALUE"),
    Known("ENUM_NAMES_UPPER_CAMEL_CASE", true, "ENUM_PASCAL_CASE"),
    Known("ENUMS_HAVE_COMMENT", false, "COMMENT_ENUM"),
    Known("FIELD_NAMES_EXCLUDE_PREPOSITIONS", false, "FIELD_NO_PREPOSITION"),
    Known("FIELD_NAMES_LOWER_SNAKE_CASE", true, "FIELD_LOWER_SNAKE_CASE"),
    Known("FIELD_NUMBERS_ORDER_ASCENDING", false, "FIELD_NUMBER_ORDER"),
    Known("FIELDS_HAVE_COMMENT", false, "COMMENT_FIELD"),
    Known("FILE_HAS_COMMENT", false, "COMMENT_FILE"),
    Known("FILE_NAMES_LOWER_SNAKE_CASE", true, "FILE_LOWER_SNAKE_CASE"),
    Known("IMPORTS_SORTED", true, "IMPORT_SORTED"),
    Known("INDENT", true, "INDENT"),
    Known("MAX_LINE_LENGTH", true, "LINE_LENGTH"),
    Known("MESSAGE_NAMES_EXCLUDE_PREPOSITIONS", false, "MESSAGE_NO_PREPOSITION"),
    Known("MESSAGE_NAMES_UPPER_CAMEL_CASE", true, "MESSAGE_PASCAL_CASE"),
    Known("MESSAGES_HAVE_COMMENT", false, "COMMENT_MESSAGE"),
    Known("ORDER", true, "FILE_LAYOUT"),
    Known("PACKAGE_NAME_LOWER_CASE", true, "PACKAGE_LOWER_SNAKE_CASE"),
    Known("PROTO3_FIELDS_AVOID_REQUIRED", true, ALWAYS_ON),
    Known("PROTO3_GROUPS_AVOID", true, ALWAYS_ON),
    Known("QUOTE_CONSISTENT", true, "QUOTE_CONSISTENT"),
    Known("REPEATED_FIELD_NAMES_PLURALIZED", true, "FIELD_REPEATED_PLURAL"),
    Known("RPC_NAMES_CASE", false, "RPC_NAME_CASE"),
    Known("RPC_NAMES_UPPER_CAMEL_CASE", true, "RPC_PASCAL_CASE"),
    Known("RPCS_HAVE_COMMENT", false, "COMMENT_RPC"),
    Known("SERVICE_NAMES_END_WITH", false, "SERVICE_SUFFIX"),
    Known("SERVICE_NAMES_UPPER_CAMEL_CASE", true, "SERVICE_PASCAL_CASE"),
    Known("SERVICES_HAVE_COMMENT", false, "COMMENT_SERVICE"),
    Known("SYNTAX_CONSISTENT", false, "SYNTAX_CONSISTENT"),
];

/// The rule here that asks for what a rule of that tool asks for.
pub(crate) fn counterpart(id: &str) -> Option<&'static str> {
    RULES.iter().find(|Known(theirs, _, here)| *theirs == id && *here != ALWAYS_ON).map(|Known(_, _, here)| *here)
}

/// The options that have a counterpart: the rule's key, its key there, the key here.
const OPTIONS: [(&str, &str, &str); 12] = [
    ("enum_field_names_zero_value_end_with", "suffix", "enum_zero_value_suffix"),
    ("field_names_exclude_prepositions", "prepositions", "prepositions"),
    ("field_names_exclude_prepositions", "excludes", "preposition_exceptions"),
    ("indent", "style", "indent"),
    ("max_line_length", "max_chars", "line_length"),
    ("max_line_length", "tab_chars", "tab_width"),
    ("message_names_exclude_prepositions", "prepositions", "prepositions"),
    ("message_names_exclude_prepositions", "excludes", "preposition_exceptions"),
    ("quote_consistent", "quote", "quote"),
    ("rpc_names_case", "convention", "rpc_name_case"),
    ("service_names_end_with", "text", "service_suffix"),
    ("syntax_consistent", "version", "syntax"),
];
/// The rules for which comments may have to start with the name, and what they are about here.
const STARTS_WITH_NAME: [(&str, &str); 6] = [
    ("enum_fields_have_comment", "enum_value"),
    ("enums_have_comment", "enum"),
    ("fields_have_comment", "field"),
    ("messages_have_comment", "message"),
    ("rpcs_have_comment", "rpc"),
    ("services_have_comment", "service"),
];
/// The rule here that says so.
const STARTS_WITH_NAME_RULE: &str = "COMMENT_STARTS_WITH_NAME";

/// What the Go tool does where an option is not given, and this one does not.
const DEFAULTS: [(&str, &str, &str); 1] = [("ENUM_ZERO_VALUE_SUFFIX", "enum_zero_value_suffix", "UNSPECIFIED")];

const LINT: usize = 0;
const RULE_KEYS: usize = 1;
const SECTIONS: [Section; 2] = [
    Section { path: "lint", keys: &["ignores", "files", "directories", "rules", "rules_option"] },
    Section { path: "rules", keys: &["no_default", "all_default", "add", "remove"] },
];

/// What is read so far.
struct Work {
    reader: Reader,
    check: CheckConfig,
    options: Vec<(String, String)>,
    remarks: Vec<String>,
    /// The kinds of elements whose comments start with the name.
    named: Vec<&'static str>,
}

/// What is to be written for a configuration.
pub(super) fn draft(root: &Node, file: FileId) -> Result<Draft, Vec<Finding>> {
    let reader = Reader { file, findings: Vec::new() };
    let mut work =
        Work { reader, check: CheckConfig::default(), options: Vec::new(), remarks: Vec::new(), named: Vec::new() };
    let top = work.reader.entries(root, root.span, "", String::new);
    let lint = top.iter().find(|(word, _)| word.text == "lint").map(|(_, entry)| *entry);
    for (word, _) in top.iter().filter(|(word, _)| word.text != "lint") {
        work.remarks.push(format!("the key `{word}`"));
    }
    let mut config = Config { source: Some(file), ..Config::default() };
    if let Some(entry) = lint {
        let fields = work.reader.fields(&entry.value, entry.key.span, &SECTIONS[LINT], &[]);
        work.selected(&fields);
        config.exclude = work.excluded(&fields);
        work.ignores(&fields);
        work.rule_options(&fields);
    }
    work.defaults();
    let Work { reader, check, options, remarks, .. } = work;
    config.check = check;
    if reader.findings.is_empty() { Ok(Draft { config, options, remarks }) } else { Err(reader.findings) }
}

impl Work {
    fn known(&mut self, word: &Word) -> Option<&'static Known> {
        let known = RULES.iter().find(|known| known.0 == word.text);
        if known.is_none() {
            let help = match nearest(&word.text, RULES.iter().map(|known| known.0)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("keys are {} and others", listed(&[RULES[0].0, RULES[1].0])),
            };
            self.reader.fault(word.span, format!("the Go tool has no rule `{word}` of its own"), help);
        }
        known
    }

    /// The rules here for one there; none where this version has none, which is reported.
    fn here(&mut self, known: &Known) -> Option<&'static str> {
        match (known.2, rules::find(known.2)) {
            (ALWAYS_ON, _) => self.remarks.push(format!("{}: always an error here", known.0)),
            (_, Some(rule)) => return Some(rule.id),
            (id, None) => self.remarks.push(format!("{}: no such rule in this version ({id})", known.0)),
        }
        None
    }

    fn selected(&mut self, fields: &Fields<'_>) {
        let Some(entry) = fields.get("rules") else { return self.select(|known| known.1) };
        let rules = self.reader.fields(&entry.value, entry.key.span, &SECTIONS[RULE_KEYS], &[]);
        let mut on = |key: &str| rules.get(key).and_then(|entry| self.reader.boolean(entry)).unwrap_or_default();
        let (no_default, all_default) = (on("no_default"), on("all_default"));
        let mut names = |key: &str| -> Vec<&'static str> {
            let words = rules.get(key).map_or_else(Vec::new, |entry| self.reader.words(entry));
            words.iter().filter_map(|word| self.known(word)).map(|known| known.0).collect()
        };
        let (add, remove) = (names("add"), names("remove"));
        self.select(|known| {
            let usual = all_default || (known.1 && !no_default);
            (usual || add.contains(&known.0)) && !remove.contains(&known.0)
        });
    }

    fn select(&mut self, is_on: impl Fn(&Known) -> bool) {
        let on: Vec<&Known> = RULES.iter().filter(|known| is_on(known)).collect();
        self.check.uses = on.into_iter().filter_map(|known| self.here(known)).map(str::to_owned).collect();
        self.check.uses.sort_unstable();
    }

    fn excluded(&mut self, fields: &Fields<'_>) -> PathPatterns {
        let mut paths = Vec::new();
        for key in ["files", "directories"] {
            let Some(entry) = fields.get(key) else { continue };
            let section = Section { path: key, keys: &["exclude"] };
            let inner = self.reader.fields(&entry.value, entry.key.span, &section, &[]);
            paths.extend(inner.get("exclude").map_or_else(Vec::new, |entry| self.reader.words(entry)));
        }
        PathPatterns::literal(paths.into_iter().map(|word| plain(&word.text)).collect())
    }

    fn ignores(&mut self, fields: &Fields<'_>) {
        const SECTION: Section = Section { path: "ignores", keys: &["id", "files"] };
        let Some(entry) = fields.get("ignores") else { return };
        let Value::List(items) = &entry.value.value else {
            return self.reader.wrong(entry, "a list", "- {id: INDENT, files: [a.proto]}");
        };
        for item in items {
            let inner = self.reader.fields(item, item.span, &SECTION, &[]);
            let (Some(id), Some(files)) = (inner.get("id"), inner.get("files")) else { continue };
            let rule = self.reader.word(id).and_then(|word| self.known(&word)).map(|known| known.2);
            let files = self.reader.words(files);
            if let Some(rule) = rule.and_then(rules::find) {
                self.ignore(rule.id, files);
            }
        }
    }

    fn ignore(&mut self, rule: &'static str, files: Vec<Word>) {
        for word in files {
            let pattern = PathPatterns::literal(vec![plain(&word.text)]);
            self.check.ignore.push(Ignore { pattern, rules: vec![rule], place: self.reader.place(word.span) });
        }
    }

    fn rule_options(&mut self, fields: &Fields<'_>) {
        let Some(entry) = fields.get("rules_option") else { return };
        for (rule, entry) in self.reader.entries(&entry.value, entry.key.span, "rules_option", String::new) {
            let upper = Word { text: rule.text.to_ascii_uppercase(), span: rule.span };
            let Some(known) = self.known(&upper) else { continue };
            let id = rules::find(known.2).map(|rule| rule.id);
            for (key, entry) in self.reader.entries(&entry.value, entry.key.span, &rule.text, String::new) {
                match (key.text.as_str(), id) {
                    ("severity", Some(id)) => self.severity(id, entry),
                    ("excludes", Some("FILE_LOWER_SNAKE_CASE")) => {
                        let files = self.reader.words(entry);
                        self.ignore("FILE_LOWER_SNAKE_CASE", files);
                    }
                    ("should_follow_golang_style", _) => self.starts_with_name(&rule, entry),
                    _ => self.option(&rule, &key, entry),
                }
            }
        }
    }

    fn severity(&mut self, rule: &'static str, entry: &Entry) {
        let Some(word) = self.reader.word(entry) else { return };
        if matches!(word.text.as_str(), "warning" | "note") {
            self.check.severity.insert(rule, Severity::Warning);
        }
    }

    fn starts_with_name(&mut self, rule: &Word, entry: &Entry) {
        let kind = STARTS_WITH_NAME.iter().find(|(known, _)| *known == rule.text).map(|(_, kind)| *kind);
        if self.reader.boolean(entry) == Some(true) {
            self.named.extend(kind);
        }
    }

    fn option(&mut self, rule: &Word, key: &Word, entry: &Entry) {
        let own = OPTIONS.iter().find(|(known, inner, _)| *known == rule.text && *inner == key.text);
        let value = match &entry.value.value {
            Value::Text(text) => Some(scalar(text)),
            Value::Number(number) => Some(number.to_string()),
            Value::List(items) => {
                items.iter().map(word_of).collect::<Option<Vec<_>>>().map(|items| format!("[{}]", items.join(", ")))
            }
            _ => None,
        };
        match (own, value) {
            (Some((.., here)), Some(value)) if self.options.iter().all(|(known, _)| known != here) => {
                self.options.push(((*here).to_owned(), value));
            }
            _ => self.remarks.push(format!("the option `{key}` of {}", rule.text.to_ascii_uppercase())),
        }
    }

    fn defaults(&mut self) {
        if !self.named.is_empty() && rules::find(STARTS_WITH_NAME_RULE).is_some() {
            self.check.uses.push(STARTS_WITH_NAME_RULE.to_owned());
            self.options.push(("comment_starts_with_name".to_owned(), format!("[{}]", self.named.join(", "))));
        }
        if self.options.iter().all(|(known, _)| known != "service_suffix") {
            // Without a text the Go tool lets all names pass.
            self.check.uses.retain(|rule| rule != "SERVICE_SUFFIX");
        }
        for (rule, key, value) in DEFAULTS {
            let is_on = self.check.uses.iter().any(|known| known == rule);
            if is_on && self.options.iter().all(|(known, _)| known != key) {
                self.options.push((key.to_owned(), scalar(value)));
            }
        }
    }
}

fn word_of(item: &Node) -> Option<String> {
    if let Value::Text(text) = &item.value { Some(scalar(text)) } else { None }
}

fn plain(path: &str) -> String {
    let trimmed = path.trim_start_matches("./").trim_end_matches('/').replace('\\', "/");
    if trimmed.is_empty() { ".".to_owned() } else { trimmed }
}
