//! The JSON Schema of `protolint.yaml` and what reads the file accept the same: all test data, and for each key values of
//! many kinds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use protolint::config;
use regex::Regex;
use serde_json::{Value, json};
use walkdir::WalkDir;

use super::{faults, parse};

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&config::json_schema()).unwrap());

/// Whether a value fits a schema, with the keywords that ours uses.
fn fits(schema: &Value, value: &Value) -> bool {
    let empty = serde_json::Map::new();
    schema.as_object().unwrap().iter().all(|(keyword, wanted)| match (keyword.as_str(), value) {
        ("$ref", _) => {
            let name = wanted.as_str().unwrap().strip_prefix("#/definitions/").unwrap();
            fits(&SCHEMA["definitions"][name], value)
        }
        ("type", _) => match wanted {
            Value::Array(kinds) => kinds.iter().any(|kind| is_of(kind.as_str().unwrap(), value)),
            kind => is_of(kind.as_str().unwrap(), value),
        },
        ("const", _) => wanted == value,
        ("enum", _) => wanted.as_array().unwrap().contains(value),
        ("anyOf", _) => wanted.as_array().unwrap().iter().any(|schema| fits(schema, value)),
        ("not", _) => !fits(wanted, value),
        ("minLength", Value::String(text)) => text.chars().count() as u64 >= wanted.as_u64().unwrap(),
        ("pattern", Value::String(text)) => Regex::new(wanted.as_str().unwrap()).unwrap().is_match(text),
        ("minimum", Value::Number(number)) => number.as_f64() >= wanted.as_f64(),
        ("maximum", Value::Number(number)) => number.as_f64() <= wanted.as_f64(),
        ("minItems", Value::Array(items)) => items.len() as u64 >= wanted.as_u64().unwrap(),
        ("maxItems", Value::Array(items)) => items.len() as u64 <= wanted.as_u64().unwrap(),
        ("items", Value::Array(items)) => items.iter().all(|item| fits(wanted, item)),
        ("required", Value::Object(fields)) => {
            wanted.as_array().unwrap().iter().all(|key| fields.contains_key(key.as_str().unwrap()))
        }
        ("properties", Value::Object(fields)) => {
            fields.iter().all(|(key, value)| wanted.get(key).is_none_or(|schema| fits(schema, value)))
        }
        ("propertyNames", Value::Object(fields)) => fields.keys().all(|key| fits(wanted, &json!(key))),
        ("additionalProperties", Value::Object(fields)) => {
            let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
            let others = fields.iter().filter(|(key, _)| !known.contains_key(*key));
            others.map(|(_, value)| value).all(|value| wanted.is_object() && fits(wanted, value))
        }
        (
            "minLength"
            | "pattern"
            | "minimum"
            | "maximum"
            | "minItems"
            | "maxItems"
            | "items"
            | "required"
            | "properties"
            | "propertyNames"
            | "additionalProperties",
            _,
        ) => true,
        ("$schema" | "$id" | "title" | "description" | "default" | "definitions", _) => true,
        (unknown, _) => panic!("the test does not know the keyword `{unknown}`"),
    })
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the test does not know the type `{other}`"),
    }
}

/// Whether a text fits the schema; `None` where it is not YAML, or not such as JSON can say.
fn fits_schema(text: &str) -> Option<bool> {
    let mut value: serde_yaml::Value = serde_yaml::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    value.apply_merge().ok()?;
    Some(fits(&SCHEMA, &serde_json::to_value(value).ok()?))
}

/// Faults that a schema cannot express, by a part of what is said of them.
const BEYOND: [&str; 10] = [
    // Ids of rules of one's own are any.
    "unknown rule or group",
    "is declared twice",
    // Expressions.
    "has no attribute",
    // Files that a configuration extends.
    "is not read",
    "is set twice",
    "is listed twice",
    "is not a pattern",
    "is required",
    "is not a version requirement",
    " bytes; at most ",
];

/// Holds the schema to what is said of a text.
fn hold_equal(text: &str, wrong: &mut Vec<String>) {
    let faults = faults(text);
    let told: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    match fits_schema(text) {
        Some(false) if faults.is_empty() => wrong.push(format!("the schema refuses what is accepted:\n{text}")),
        Some(true) if told.iter().any(|message| !BEYOND.iter().any(|part| message.contains(part))) => {
            wrong.push(format!("the schema accepts what is refused ({}):\n{text}", told.join("; ")));
        }
        _ => {}
    }
}

#[test]
fn the_schema_fits_the_test_data() {
    let mut wrong = Vec::new();
    let (mut read, mut accepted) = (0, 0);
    for entry in WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")) {
        let path = entry.unwrap().into_path();
        let folder = path.parent().unwrap().file_name().unwrap();
        let is_ours = path.file_name().unwrap() == "protolint.yaml" || folder == "config";
        let Some(text) = fs::read_to_string(&path).ok().filter(|_| is_ours) else { continue };
        (read, accepted) = (read + 1, accepted + usize::from(parse(&text).1.is_ok()));
        hold_equal(&text, &mut wrong);
    }
    hold_equal(&config::full_text(), &mut wrong);
    hold_equal(&config::short_text(), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 50 && accepted > 20, "{read} {accepted}");
    assert_eq!(fits_schema(&config::full_text()), Some(true));
}

#[test]
fn what_is_converted_names_the_schema_and_fits_it() {
    let mut converted = 0;
    for entry in WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")) {
        let path = entry.unwrap().into_path();
        let is_of_buf = path.parent().unwrap().ends_with("config_of_buf") || path.ends_with("buf.yaml");
        let name = if is_of_buf { "buf.yaml" } else { ".protolint.yaml" };
        let is_other = is_of_buf || path.ends_with(name);
        let Some(text) = fs::read_to_string(&path).ok().filter(|_| is_other) else { continue };
        let Some((_, written)) = config::read_text(name, &text).written else { continue };
        assert_eq!(fits_schema(&written), Some(true), "{}:\n{written}", path.display());
        assert!(written.lines().next().unwrap().ends_with(SCHEMA["$id"].as_str().unwrap()), "{written}");
        converted += 1;
    }
    assert!(converted > 10, "{converted}");
}

/// Values of all kinds, and some that single keys take.
const VALUES: [&str; 53] = [
    "",
    "{}",
    "[]",
    "true",
    "'true'",
    "0",
    "1",
    "2",
    "8",
    "9",
    "15",
    "16",
    "17",
    "20",
    "10000",
    "10001",
    "-1",
    "1.5",
    "2023",
    "2026",
    "a",
    "''",
    "tab",
    "'2'",
    "_A",
    "double",
    "PascalCase",
    "proto3",
    "a.b.**",
    ".a",
    "'a b'",
    "'a\\b'",
    "[a]",
    "['']",
    "[1]",
    "[a.b]",
    "[_A]",
    "['a\\b']",
    "[null]",
    "[[]]",
    "wire",
    "[wire, source]",
    "[rpc]",
    "[ALL]",
    "[STANDARD]",
    "[FILE]",
    "[COMPILE_SYNTAX, UNUSED_IGNORE]",
    "{COMMENTS: warning}",
    "{\"x/**\": [ALL], y: FIELD_SAME_NAME}",
    "[{match: a, layers: []}, {paths: [a]}]",
    "[reason, replacement]",
    "['legacy/**', a.proto, '/']",
    "{beta: {min_days: 30}}",
];

/// The keys of a section of the schema, each as a text with a place for its value.
fn keys(schema: &Value, before: &str, after: &str, keys: &mut Vec<(String, String)>) {
    for (key, value) in schema["properties"].as_object().unwrap() {
        let reference = value.pointer("/$ref").or(value.pointer("/items/$ref")).and_then(Value::as_str);
        let section = reference.and_then(|path| path.strip_prefix("#/definitions/"));
        let section =
            section.map(|name| &SCHEMA["definitions"][name]).filter(|schema| schema.get("properties").is_some());
        keys.push((format!("{before}{key}: "), after.to_owned()));
        let list = if value.get("items").is_some() { ("[", "]") } else { ("", "") };
        if let Some(section) = section {
            let required = section.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
            for own in section["properties"].as_object().unwrap().keys() {
                let others = required.iter().filter_map(Value::as_str).filter(|other| other != own);
                let others: String = others.map(|other| format!("{other}: {}, ", example(other))).collect();
                let mut one = section.clone();
                one["properties"].as_object_mut().unwrap().retain(|name, _| name == own);
                let before = format!("{before}{key}: {}{{{others}", list.0);
                self::keys(&one, &before, &format!("}}{}{after}", list.1), keys);
            }
        }
    }
}

fn example(key: &str) -> &'static str {
    match key {
        "match" => "a",
        "layers" => "[wire]",
        _ => "[a]",
    }
}

#[test]
fn the_schema_takes_the_same_values_of_each_key() {
    let mut all = Vec::new();
    keys(&SCHEMA, "", "", &mut all);
    let mut wrong = Vec::new();
    for (before, after) in &all {
        let version = if before.starts_with("version") { "" } else { "version: 1\n" };
        for value in VALUES {
            hold_equal(&format!("{version}{before}{value}{after}\n"), &mut wrong);
        }
        let misspelt = format!("{version}{}x: 1{after}\n", before.trim_end_matches(": "));
        assert_eq!(fits_schema(&misspelt), Some(false), "{misspelt}");
        assert!(faults(&misspelt).iter().any(|fault| fault.message.contains("unknown key")), "{misspelt}");
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    let named: BTreeSet<&str> = all.iter().map(|(before, _)| before.rsplit(['{', ' ', '[']).nth(1).unwrap()).collect();
    assert!(all.len() > 70 && named.contains("comment_starts_with_name:"), "{} {named:?}", all.len());
}

#[test]
fn every_key_of_the_full_file_has_a_description() {
    let mut bare = Vec::new();
    let sections = [(&SCHEMA["properties"], ""), (&SCHEMA["definitions"]["check"]["properties"], "check.")];
    let options = &SCHEMA["definitions"]["check.options"]["properties"];
    let breaking = &SCHEMA["definitions"]["breaking"]["properties"];
    let [history, deprecation] = ["history", "deprecation"].map(|name| &SCHEMA["definitions"][name]["properties"]);
    let sections = sections.into_iter().chain([(options, "check.options."), (breaking, "breaking.")]);
    for (properties, path) in sections.chain([(history, "history."), (deprecation, "deprecation.")]) {
        for (key, schema) in properties.as_object().unwrap() {
            let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/definitions/"));
            let schema = name.map_or(schema, |name| &SCHEMA["definitions"][name]);
            if schema["description"].as_str().is_none_or(str::is_empty) {
                bare.push(format!("{path}{key}"));
            }
        }
    }
    assert!(bare.is_empty(), "without a comment in init/full.yaml: {bare:?}");
    assert_eq!(SCHEMA["definitions"]["check.options"]["properties"]["line_length"]["default"], json!(80));
}

#[test]
fn the_committed_schema_is_the_one_that_init_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("protolint.schema.json");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, config::json_schema()).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let update = "UPDATE_EXPECT=1 cargo test --test config";
    assert!(committed == config::json_schema(), "protolint.schema.json differs; to update it: {update}");
    for text in [config::short_text(), config::full_text()] {
        assert_eq!(text.lines().next().unwrap().split("$schema=").nth(1), SCHEMA["$id"].as_str());
    }
}
