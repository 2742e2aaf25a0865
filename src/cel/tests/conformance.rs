//! The cases of the language's conformance suite, from the directory that `CEL_SPEC` names; `.ci/cel` makes it.

use std::path::PathBuf;

use serde_json::Value as Json;

use super::EVERYTHING;
use crate::cel::time::{parse_duration, parse_timestamp};
use crate::cel::{Limits, Program, Type, Value, compile::compile, parser::parse};

/// What is made of a section of the suite.
enum Support {
    /// Every case passes.
    Whole,
    /// Every case passes but those whose name or text has one of these, for a reason.
    Except(&'static [(&'static str, &'static str)]),
    /// No case is tried, for a reason.
    None(&'static str),
}

use Support::{Except, None as Unsupported, Whole};

const MESSAGES: &str = "rules read messages, and make none";

/// Every section of the suite.
const SECTIONS: &[(&str, Support)] = &[
    ("basic", Whole),
    ("bindings_ext", Whole),
    ("block_ext", Unsupported("`cel.block` is what optimizers write, not people")),
    ("comparisons", Except(&[("Value{", MESSAGES), ("TestAllTypes", MESSAGES)])),
    ("conversions", Whole),
    ("dynamic", Unsupported(MESSAGES)),
    ("encoders_ext", Whole),
    ("enums", Unsupported(MESSAGES)),
    ("fields", Whole),
    ("fp_math", Whole),
    ("integer_math", Whole),
    ("lists", Whole),
    ("logic", Whole),
    ("macros", Whole),
    ("macros2", Whole),
    ("math_ext", Whole),
    ("namespace", Except(&[("container", "expressions of rules have no container")])),
    ("optionals", Except(&[("TestAllTypes", MESSAGES)])),
    ("parse", Except(&[("TestAllTypes", MESSAGES), ("// @", MESSAGES), ("TestAllTypes", MESSAGES)])),
    ("plumbing", Whole),
    ("proto2", Unsupported(MESSAGES)),
    ("proto2_ext", Unsupported("extensions are read as options, by their names")),
    ("proto3", Unsupported(MESSAGES)),
    ("string", Whole),
    ("string_ext", Except(&[("TestAllTypes", MESSAGES)])),
    (
        "timestamps",
        Except(&[
            ("Australia/Sydney", ZONES),
            ("US/Central", ZONES),
            ("America/St_Johns", ZONES),
            ("Asia/Kathmandu", ZONES),
        ]),
    ),
    ("type_deductions", Except(&[("TestAllTypes", MESSAGES), ("\"function\"", "the case declares functions")])),
    ("unknowns", Unsupported("the suite has no cases of them")),
    ("wrappers", Unsupported(MESSAGES)),
];

const ZONES: &str = "time zones are offsets: names would need a database";

/// A case of the suite, below the names of its section and its group.
struct Case<'j> {
    name: String,
    json: &'j Json,
    /// The type that the reference implementation finds.
    found: Option<&'j str>,
}

fn collect<'j>(suite: &'j Json, name: &str, cases: &mut Vec<Case<'j>>) {
    for test in suite["tests"].as_array().into_iter().flatten() {
        let json = &test["original"];
        let name = format!("{name}/{}", json["name"].as_str().unwrap_or_default());
        cases.push(Case { name, json, found: test["type"].as_str() });
    }
    for inner in suite["suites"].as_array().into_iter().flatten() {
        collect(inner, &format!("{name}/{}", inner["name"].as_str().unwrap()), cases);
    }
}

#[test]
fn cases_of_the_specification_pass() {
    let Some(directory) = std::env::var_os("CEL_SPEC").map(PathBuf::from) else {
        eprintln!("skipped: `CEL_SPEC` names no directory with the cases; .ci/cel makes one");
        return;
    };
    let text = std::fs::read_to_string(directory.join("conformance.json")).unwrap();
    let suite: Json = serde_json::from_str(&text).unwrap();
    let (mut failed, mut passed) = (Vec::new(), 0);
    for section in suite["suites"].as_array().unwrap() {
        let name = section["name"].as_str().unwrap();
        let support = SECTIONS.iter().find(|(section, _)| *section == name);
        let (_, support) = support.unwrap_or_else(|| panic!("the section {name} is not in the table"));
        let mut cases = Vec::new();
        collect(section, name, &mut cases);
        let excepted = match support {
            Unsupported(_) => continue,
            Whole => &[][..],
            Except(excepted) => excepted,
        };
        for case in cases {
            let text = case.json.to_string();
            if excepted.iter().any(|(part, _)| text.contains(part)) {
                continue;
            }
            match check(&case) {
                Ok(()) => passed += 1,
                Err(why) => failed.push(format!("{} `{}`: {why}", case.name, case.json["expr"].as_str().unwrap())),
            }
        }
    }
    assert!(failed.is_empty(), "{} of {} fail:\n{}", failed.len(), failed.len() + passed, failed.join("\n"));
    eprintln!("{passed} cases pass");
}

fn check(case: &Case<'_>) -> Result<(), String> {
    let json = case.json;
    let text = json["expr"].as_str().unwrap();
    let mut names: Vec<(&'static str, Type)> = Vec::new();
    for declared in json["typeEnv"].as_array().into_iter().flatten() {
        if let Some(of) = declared["ident"].as_object().map(|ident| type_of(&ident["type"])) {
            names.push((declared["name"].as_str().unwrap().to_owned().leak(), of));
        }
    }
    let is_unchecked = json["disableCheck"] == true;
    let program = match parse(text, EVERYTHING.libraries) {
        Err(fault) => Err(vec![fault]),
        Ok(node) => match compile(&node, &EVERYTHING, None, &names) {
            (program, faults) if faults.is_empty() || is_unchecked => Ok(program),
            (_, faults) => Err(faults),
        },
    };
    let must_fail = !json["evalError"].is_null() || !json["anyEvalErrors"].is_null();
    let program = match program {
        Ok(program) => program,
        Err(_) if must_fail => return Ok(()),
        Err(faults) => return Err(format!("{faults:?}")),
    };
    check_type(&program, case)?;
    if json["checkOnly"] == true {
        return Ok(());
    }
    let values: Vec<Value<'_>> =
        names.iter().map(|(name, _)| value_of(&json["bindings"][*name]["value"]).unwrap_or(Value::Null)).collect();
    let result = program.evaluate(&values, Limits::DEFAULT);
    let wanted = match (&json["value"], &json["typedResult"]["result"]) {
        (Json::Null, Json::Null) => Some(Value::Bool(true)),
        (Json::Null, value) | (value, _) => value_of(value),
    };
    match (result, wanted) {
        (Err(_), _) if must_fail => Ok(()),
        (Err(failure), _) => Err(format!("{failure:?}")),
        (Ok(value), _) if must_fail => Err(format!("no failure, but {value:?}")),
        (Ok(_), None) => Err("a value of the case is not supported".to_owned()),
        (Ok(value), Some(wanted)) => match same(&value, &wanted) {
            true => Ok(()),
            false => Err(format!("{value:?}, not {wanted:?}")),
        },
    }
}

/// The type that is found must be that of the reference implementation, as far as it is known there.
fn check_type(program: &Program, case: &Case<'_>) -> Result<(), String> {
    let name = program.result_type().name();
    let deduced = &case.json["typedResult"]["deducedType"];
    if !deduced.is_null() {
        let wanted = type_of(deduced).name();
        return if wanted == name || wanted == "type" { Ok(()) } else { Err(format!("type {name}, not {wanted}")) };
    }
    match case.found {
        Some(found) if found != name && !found.contains("type") && !found.contains("dyn") && name != "dyn" => {
            Err(format!("type {name}, not {found}"))
        }
        _ => Ok(()),
    }
}

/// A type of the suite.
fn type_of(json: &Json) -> Type {
    let (kind, of) = json.as_object().and_then(|json| json.iter().next()).expect("a type has a kind");
    match (kind.as_str(), of.as_str()) {
        ("primitive", Some("BOOL")) => Type::Bool,
        ("primitive", Some("INT64")) => Type::Int,
        ("primitive", Some("UINT64")) => Type::Uint,
        ("primitive", Some("DOUBLE")) => Type::Double,
        ("primitive", Some("STRING")) => Type::Text,
        ("primitive", Some("BYTES")) => Type::Bytes,
        ("null", _) => Type::Null,
        ("wellKnown", Some("DURATION")) | ("messageType", Some("google.protobuf.Duration")) => Type::Duration,
        ("wellKnown", Some("TIMESTAMP")) | ("messageType", Some("google.protobuf.Timestamp")) => Type::Timestamp,
        ("wrapper", Some(_)) => Type::Nullable(Box::new(type_of(&serde_json::json!({ "primitive": of })))),
        ("listType", _) => Type::list(type_of(&of["elemType"])),
        ("mapType", _) => Type::map(type_of(&of["keyType"]), type_of(&of["valueType"])),
        ("abstractType", _) if of["name"] == "optional_type" => Type::optional(type_of(&of["parameterTypes"][0])),
        ("type", _) => Type::Meta,
        _ => Type::Dyn,
    }
}

/// A value of the suite; none for messages.
fn value_of<'v>(json: &Json) -> Option<Value<'v>> {
    let (kind, of) = json.as_object()?.iter().next()?;
    let text = || of.as_str().unwrap().to_owned();
    Some(match kind.as_str() {
        "nullValue" => Value::Null,
        "boolValue" => Value::Bool(of.as_bool()?),
        "int64Value" => Value::Int(text().parse().ok()?),
        "uint64Value" => Value::Uint(text().parse().ok()?),
        "doubleValue" => Value::Double(of.as_f64().or_else(|| of.as_str()?.parse().ok())?),
        "stringValue" => Value::shared_text(text()),
        "bytesValue" => {
            let program = compiled(&format!("base64.decode('{}')", text()));
            let Ok(Value::Bytes(bytes)) = program.evaluate(&[], Limits::DEFAULT) else { return None };
            Value::shared_bytes(bytes.to_vec())
        }
        "typeValue" => {
            let Value::Text(name) = Value::shared_text(text()) else { return None };
            Value::Type(name)
        }
        "listValue" => {
            let values = of["values"].as_array().into_iter().flatten();
            Value::list(values.map(value_of).collect::<Option<_>>()?)
        }
        "mapValue" => {
            let entries = of["entries"].as_array().into_iter().flatten();
            let entry = |entry: &Json| Some((value_of(&entry["key"])?, value_of(&entry["value"])?));
            Value::map(entries.map(entry).collect::<Option<_>>()?)
        }
        "objectValue" => {
            let value = &of["value"];
            match of["@type"].as_str()?.rsplit('.').next()? {
                "Duration" => Value::Duration(parse_duration(value.as_str()?)?),
                "Timestamp" => Value::Timestamp(parse_timestamp(value.as_str()?)?),
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn compiled(text: &str) -> Program {
    Program::compile(text, &EVERYTHING, None, &[]).unwrap()
}

/// Whether values are equal and of the same type.
fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| same(&left, &right))
        }
        (Value::Map(left), Value::Map(right)) => {
            let has = |(key, value): (Value<'_>, Value<'_>)| {
                right.iter().any(|(other, found)| same(&key, &other) && same(&value, &found))
            };
            left.len() == right.len() && left.iter().all(has)
        }
        (Value::Double(left), Value::Double(right)) => left == right || (left.is_nan() && right.is_nan()),
        (Value::Text(left), Value::Text(right)) | (Value::Type(left), Value::Type(right)) => **left == **right,
        (Value::Bytes(left), Value::Bytes(right)) => **left == **right,
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Uint(left), Value::Uint(right)) => left == right,
        (Value::Duration(left), Value::Duration(right)) | (Value::Timestamp(left), Value::Timestamp(right)) => {
            left == right
        }
        _ => false,
    }
}
