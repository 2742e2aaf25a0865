//! The JSON Schema of `protolint.yaml`, for editors: made from the table of keys that validation uses. Descriptions and
//! defaults are those of the file that `protolint init --full` writes.

mod describe;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::init::{SCHEMA_URL, full_text};
use super::names::rule_names;
use super::sets::PRESETS;
use super::validate::{FILE, KEYS, Kind, MAX_SPACES, REQUIRED, SECTIONS};
use crate::finding::Severity;
use crate::rules::Family;
use crate::rules::settings::SYNTAXES;
use describe::Described;

/// A JSON Schema (draft 7) that accepts what [`super::parse`] accepts, as far as a schema can say it.
///
/// ```
/// assert!(protolint::config::json_schema().contains("\"required-version\""));
/// ```
pub fn json_schema() -> String {
    let text = full_text();
    let described = Described::new(&text);
    let mut definitions = Map::new();
    for (section, named) in SECTIONS.iter().enumerate().filter(|(section, _)| *section != FILE) {
        definitions.insert(named.path.to_owned(), mapping(section, &described));
    }
    for family in [Family::Lint, Family::Breaking] {
        definitions.insert(names(family, false), json!({"enum": rule_names(family, false)}));
        definitions.insert(names(family, true), json!({"enum": rule_names(family, true)}));
    }
    let families = [Family::Lint, Family::Breaking].into_iter();
    let known: BTreeSet<&str> = families.flat_map(|family| rule_names(family, true)).collect();
    // A schema cannot say which rules the same file declares.
    let own = json!({"type": "string", "pattern": OWN_ID, "not": {"enum": known}});
    definitions.insert(OWN.to_owned(), own);
    let mut schema = mapping(FILE, &described);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["$id"] = json!(SCHEMA_URL);
    schema["title"] = json!("protolint.yaml");
    schema["definitions"] = Value::Object(definitions);
    format!("{schema:#}\n")
}

/// A section, which may be empty if it requires nothing.
fn mapping(section: usize, described: &Described<'_>) -> Value {
    let path = SECTIONS[section].path;
    let mut properties = Map::new();
    for key in KEYS[section] {
        let is_required = REQUIRED[section].contains(&key.name);
        let mut value = of_kind(&key.kind);
        if !is_required {
            allow_null(&mut value);
        }
        if !matches!(key.kind, Kind::Section(_)) {
            described.add_to(&mut value, path, key.name);
        }
        properties.insert(key.name.to_owned(), value);
    }
    let mut value = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if REQUIRED[section].is_empty() {
        allow_null(&mut value);
    } else {
        value["required"] = json!(REQUIRED[section]);
    }
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    described.describe(&mut value, parent, name);
    value
}

/// A key without a value has its default.
fn allow_null(value: &mut Value) {
    if let Some(kind) = value.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    if let Some(values) = value.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
    if let Some(forms) = value.get_mut("anyOf").and_then(Value::as_array_mut) {
        forms.push(json!({"type": "null"}));
    }
}

/// The values of a key.
fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Version => json!({"const": 1}),
        Kind::Preset => json!({"enum": PRESETS.map(|preset| preset.year)}),
        Kind::Text => json!({"type": "string", "minLength": 1}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Number(bounds) => json!({"type": "integer", "minimum": bounds.start(), "maximum": bounds.end()}),
        Kind::Indent => {
            let numbers = (1..=MAX_SPACES).map(|spaces| json!(spaces));
            let texts = (1..=MAX_SPACES).map(|spaces| json!(spaces.to_string()));
            json!({"enum": numbers.chain([json!("tab")]).chain(texts).collect::<Vec<_>>()})
        }
        Kind::Syntax => {
            let editions =
                SYNTAXES.iter().filter_map(|syntax| syntax.parse::<u16>().ok()).map(|edition| json!(edition));
            json!({"enum": SYNTAXES.iter().map(|syntax| json!(syntax)).chain(editions).collect::<Vec<_>>()})
        }
        Kind::Choice(words) => json!({"enum": words()}),
        Kind::Choices(words) => list(json!({"enum": words()})),
        Kind::ChoiceOrChoices(words) => one_or(list(json!({"enum": words()}))),
        Kind::SomeChoices(words) => one_or(some(list(json!({"enum": words()})))),
        Kind::Suffix => text("^[0-9A-Za-z_]+$"),
        Kind::Suffixes => one_or(some(list(text("^[0-9A-Za-z_]+$")))),
        Kind::Words => list(text("^[0-9a-z_]+$")),
        Kind::Paths => list(text(PATH)),
        Kind::SomePaths => some(list(text(PATH))),
        Kind::Tags => one_or(list(text(PATH))),
        Kind::NamesOrPaths => list(text(NAME_OR_PATH)),
        Kind::NamePattern => text(NAME_PATTERN),
        Kind::NamePatterns => list(text(NAME_PATTERN)),
        Kind::OptionNames => list(text(OPTION_NAME)),
        Kind::Use(Family::Lint) => some(list(named(Family::Lint, false))),
        Kind::Use(family) | Kind::Except(family) => list(named(*family, false)),
        Kind::Severities(family) => json!({
            "type": "object",
            "propertyNames": named(*family, true),
            "additionalProperties": {"enum": [Severity::Warning.name(), Severity::Error.name()]},
        }),
        Kind::Ignores(family) => json!({
            "type": "object",
            "propertyNames": {"pattern": PATH, "not": built_in(*family, true)},
            "additionalProperties": one_or(some(list(named(*family, true)))),
        }),
        Kind::SharedFiles => one_or(list(text(SHARED_FILE))),
        // Conditions that are `true` or `false` need no quotes.
        Kind::Expression => json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "boolean"}]}),
        Kind::FileText => json!({"type": "string"}),
        Kind::Part => text(PART),
        Kind::Examples(section) => {
            let change = json!({"$ref": format!("#/definitions/{}", SECTIONS[*section].path)});
            one_or(list(json!({"anyOf": [{"type": "string"}, change]})))
        }
        Kind::Rules(section) => json!({
            "type": "object",
            "propertyNames": {"$ref": format!("#/definitions/{OWN}")},
            "additionalProperties": {"$ref": format!("#/definitions/{}", SECTIONS[*section].path)},
        }),
        Kind::Section(section) => json!({"$ref": format!("#/definitions/{}", SECTIONS[*section].path)}),
        Kind::Sections(section, most) => {
            let mut sections = list(json!({"$ref": format!("#/definitions/{}", SECTIONS[*section].path)}));
            if *most < usize::MAX {
                sections["maxItems"] = json!(most);
            }
            sections
        }
    }
}

/// What the definition of such ids is called.
const OWN: &str = "rules.id";
/// Ids of rules of one's own.
const OWN_ID: &str = "^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$";
/// Relative paths of YAML files.
const SHARED_FILE: &str = r"^[^/\\][^\\]*\.ya?ml$";
/// Parts of elements.
const PART: &str = "^(name|type|number|request|response|whole|option:.+)$";
/// Paths have `/` on Windows too.
const PATH: &str = r"^[^\\]+$";
/// Full names have dots between words, and no leading one.
const NAME_PATTERN: &str = r"^[^./\\:\s][^/\\:\s]*$";
/// Words with dots between them, extensions in parentheses.
const OPTION_NAME: &str = r"^(\w+|\(\.?\w+(\.\w+)*\))(\.(\w+|\(\.?\w+(\.\w+)*\)))*$";
/// The same, or a path that contains `/` or ends as files do.
const NAME_OR_PATH: &str = r"^([^./\\:\s][^/\\:\s]*|[^\\]*/[^\\]*|[^\\]*\.proto)$";

fn text(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

/// The list, but not an empty one.
fn some(mut list: Value) -> Value {
    list["minItems"] = json!(1);
    list
}

/// The list, or one of its items by itself.
fn one_or(list: Value) -> Value {
    json!({"anyOf": [list["items"].clone(), list]})
}

/// A name of a rule or group, one's own included.
fn named(family: Family, with_all_compile_rules: bool) -> Value {
    let own = json!({"$ref": format!("#/definitions/{OWN}")});
    json!({"anyOf": [built_in(family, with_all_compile_rules), own]})
}

fn built_in(family: Family, with_all_compile_rules: bool) -> Value {
    json!({"$ref": format!("#/definitions/{}", names(family, with_all_compile_rules))})
}

/// What the definition of some names is called.
fn names(family: Family, with_all_compile_rules: bool) -> String {
    let of = if with_all_compile_rules { "reported" } else { "selectable" };
    format!("{}.{of}", family.command())
}

/// What is said of the keys of a section, by its path: each with its description and its default.
pub(super) fn descriptions(section: &str) -> Vec<(String, String)> {
    let text = full_text();
    Described::new(&text).all(section)
}
