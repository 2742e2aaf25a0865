//! The cases of the language's conformance suite, from the directory that `CEL_SPEC` names; `.ci/cel` makes it.

use std::path::{Path, PathBuf};

use prost_reflect::prost::Message as _;
use prost_reflect::prost_types::FileDescriptorProto;
use prost_reflect::{DescriptorPool, DynamicMessage, Kind};
use serde_json::Value as Json;

use super::{EVERYTHING, shown};
use crate::cel::{Limits, Meter, Program, Type, Value, compile::compile, kind_type, parser::parse};

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

/// Every section of the suite.
const SECTIONS: &[(&str, Support)] = &[
    ("basic", Whole),
    ("bindings_ext", Whole),
    ("block_ext", Unsupported("optimizers write `cel.block`, people do not")),
    ("comparisons", Whole),
    ("conversions", Whole),
    ("dynamic", Except(&[("7e23", "readers of JSON round it")])),
    ("encoders_ext", Whole),
    ("enums", Except(&[("/strong_proto", "values of enums are numbers, as in all embedders")])),
    ("fields", Whole),
    ("fp_math", Whole),
    ("integer_math", Whole),
    ("lists", Whole),
    ("logic", Whole),
    ("macros", Whole),
    ("macros2", Whole),
    ("math_ext", Whole),
    ("namespace", Whole),
    ("optionals", Whole),
    ("parse", Whole),
    ("plumbing", Whole),
    ("proto2", Whole),
    ("proto2_ext", Unsupported("extensions are fields in backticks here, not `proto.getExt`")),
    ("proto3", Whole),
    ("string", Whole),
    ("string_ext", Whole),
    (
        "timestamps",
        Except(&[
            ("Australia/Sydney", ZONES),
            ("US/Central", ZONES),
            ("America/St_Johns", ZONES),
            ("Asia/Kathmandu", ZONES),
        ]),
    ),
    ("type_deductions", Except(&[("\"function\"", "the case declares functions")])),
    ("unknowns", Unsupported("the suite has no cases of them")),
    ("wrappers", Whole),
];

const ZONES: &str = "time zones are offsets: names would need a database";

/// The messages that the cases use.
fn pool(directory: &Path) -> DescriptorPool {
    let mut pool = DescriptorPool::new();
    let text = std::fs::read_to_string(directory.join("descriptors.json")).unwrap();
    let files: Vec<String> = serde_json::from_str(&text).unwrap();
    for file in files {
        let program = compiled(&format!("base64.decode('{file}')"));
        let Ok(Value::Bytes(bytes)) = program.evaluate(&[], Limits::DEFAULT) else { panic!("{file} is not base64") };
        let mut file = FileDescriptorProto::decode(&*bytes).unwrap();
        // The descriptors are kept without their imports.
        file.dependency = pool.files().map(|file| file.name().to_owned()).collect();
        pool.add_file_descriptor_proto(file).unwrap();
    }
    pool
}

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
    let pool = pool(&directory);
    let (mut failed, mut passed) = (Vec::new(), 0);
    for section in suite["suites"].as_array().unwrap() {
        let name = section["name"].as_str().unwrap();
        let support = SECTIONS.iter().find(|(section, _)| *section == name);
        let (_, support) = support.unwrap_or_else(|| panic!("the section {name} is not in the table"));
        let mut cases = Vec::new();
        collect(section, name, &mut cases);
        let excepted = match support {
            Unsupported(why) => {
                eprintln!("skipped: {name}: {why}");
                continue;
            }
            Whole => &[][..],
            Except(excepted) => excepted,
        };
        for case in cases {
            let text = format!("{} {}", case.name, case.json);
            if excepted.iter().any(|(part, _)| text.contains(part)) {
                continue;
            }
            match check(&case, &pool) {
                Ok(()) => passed += 1,
                Err(why) => failed.push(format!("{} `{}`: {why}", case.name, case.json["expr"].as_str().unwrap())),
            }
        }
    }
    assert!(failed.is_empty(), "{} of {} fail:\n{}", failed.len(), failed.len() + passed, failed.join("\n"));
    eprintln!("{passed} cases pass");
}

fn check(case: &Case<'_>, pool: &DescriptorPool) -> Result<(), String> {
    let json = case.json;
    let text = json["expr"].as_str().unwrap();
    let mut names: Vec<(&'static str, Type)> = Vec::new();
    for declared in json["typeEnv"].as_array().into_iter().flatten() {
        if let Some(of) = declared["ident"].as_object().map(|ident| type_of(&ident["type"], pool)) {
            names.push((declared["name"].as_str().unwrap().to_owned().leak(), of));
        }
    }
    let container = json["container"].as_str().unwrap_or_default();
    let is_unchecked = json["disableCheck"] == true;
    let program = match parse(text, EVERYTHING.libraries) {
        Err(fault) => Err(vec![fault]),
        Ok(node) => match compile(&node, &EVERYTHING, Some(pool), &names, container) {
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
    check_type(&program, case, pool)?;
    if json["checkOnly"] == true {
        return Ok(());
    }
    let values: Vec<Value<'_>> = names
        .iter()
        .map(|(name, _)| value_of(&json["bindings"][*name]["value"], pool).unwrap_or(Value::Null))
        .collect();
    let result = program.evaluate(&values, Limits::DEFAULT);
    let wanted = match (&json["value"], &json["typedResult"]["result"]) {
        (Json::Null, Json::Null) => Some(Value::Bool(true)),
        (Json::Null, value) | (value, _) => value_of(value, pool),
    };
    match (result, wanted) {
        (Err(_), _) if must_fail => Ok(()),
        (Err(failure), _) => Err(format!("{failure:?}")),
        (Ok(value), _) if must_fail => Err(format!("no failure, but {}", shown(&value))),
        (Ok(_), None) => Err("a value of the case is not supported".to_owned()),
        (Ok(value), Some(wanted)) => match same(&value, &wanted) {
            true => Ok(()),
            false => Err(format!("{}, not {}", shown(&value), shown(&wanted))),
        },
    }
}

/// The type that is found must be that of the reference implementation, as far as it is known there.
fn check_type(program: &Program, case: &Case<'_>, pool: &DescriptorPool) -> Result<(), String> {
    let name = program.result_type().name();
    let deduced = &case.json["typedResult"]["deducedType"];
    if !deduced.is_null() {
        let wanted = type_of(deduced, pool).name();
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
fn type_of(json: &Json, pool: &DescriptorPool) -> Type {
    let (kind, of) = json.as_object().and_then(|json| json.iter().next()).expect("a type has a kind");
    let inner = |json: &Json| type_of(json, pool);
    match (kind.as_str(), of.as_str()) {
        ("primitive", Some("BOOL")) => Type::Bool,
        ("primitive", Some("INT64")) => Type::Int,
        ("primitive", Some("UINT64")) => Type::Uint,
        ("primitive", Some("DOUBLE")) => Type::Double,
        ("primitive", Some("STRING")) => Type::Text,
        ("primitive", Some("BYTES")) => Type::Bytes,
        ("null", _) => Type::Null,
        ("wellKnown", Some("DURATION")) => Type::Duration,
        ("wellKnown", Some("TIMESTAMP")) => Type::Timestamp,
        ("messageType", Some(name)) => {
            pool.get_message_by_name(name).map_or(Type::Dyn, |of| kind_type(&Kind::Message(of)))
        }
        ("wrapper", Some(_)) => Type::Nullable(Box::new(inner(&serde_json::json!({ "primitive": of })))),
        ("listType", _) => Type::list(inner(&of["elemType"])),
        ("mapType", _) => Type::map(inner(&of["keyType"]), inner(&of["valueType"])),
        ("abstractType", _) if of["name"] == "optional_type" => Type::optional(inner(&of["parameterTypes"][0])),
        ("type", _) => Type::Meta,
        _ => Type::Dyn,
    }
}

/// A value of the suite; none for messages.
fn value_of<'v>(json: &Json, pool: &DescriptorPool) -> Option<Value<'v>> {
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
        "enumValue" => Value::Int(of["value"].as_i64()?),
        "listValue" => {
            let values = of["values"].as_array().into_iter().flatten();
            Value::list(values.map(|value| value_of(value, pool)).collect::<Option<_>>()?)
        }
        "mapValue" => {
            let entries = of["entries"].as_array().into_iter().flatten();
            let entry = |entry: &Json| Some((value_of(&entry["key"], pool)?, value_of(&entry["value"], pool)?));
            Value::map(entries.map(entry).collect::<Option<_>>()?)
        }
        "objectValue" => {
            let any = pool.get_message_by_name("google.protobuf.Any")?;
            let any = DynamicMessage::deserialize(any, of).map_err(|error| eprintln!("{error}: {of}")).ok()?;
            Value::from_message(&any)
        }
        _ => return None,
    })
}

fn compiled(text: &str) -> Program {
    Program::compile(text, &EVERYTHING, None, &[]).unwrap()
}

/// Whether values are equal and of the same type.
fn same<'v>(left: &Value<'v>, right: &Value<'v>) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| same(&left, &right))
        }
        (Value::Map(left), Value::Map(right)) => {
            let has = |(key, value): (Value<'v>, Value<'v>)| {
                right.iter().any(|(other, found)| same(&key, &other) && same(&value, &found))
            };
            left.len() == right.len() && left.iter().all(has)
        }
        (Value::Double(left), Value::Double(right)) => left == right || (left.is_nan() && right.is_nan()),
        (Value::Text(left), Value::Text(right)) | (Value::Type(left), Value::Type(right)) => **left == **right,
        (Value::Bytes(left), Value::Bytes(right)) => **left == **right,
        (Value::Message(_), Value::Message(_)) => left.equals(right, &mut Meter::new(Limits::DEFAULT)).unwrap(),
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
