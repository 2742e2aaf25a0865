//! Tests of the engine. They must not know what embedders do with it.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod conformance;
mod faults;
mod hostile;
mod objects;

use super::breach::EVERYTHING;
use super::{Failure, Fault, Limits, Program, Type, Value};

fn compile(text: &str, variables: &[(&'static str, Type)]) -> Result<Program, Vec<Fault>> {
    Program::compile(text, &EVERYTHING, None, variables)
}

/// What an expression without variables gives, as text.
fn evaluated(text: &str) -> String {
    match compile(text, &[]) {
        Err(faults) => format!("fault: {}", faults[0].message),
        Ok(program) => match program.evaluate(&[], Limits::DEFAULT) {
            Ok(value) => shown(&value),
            Err(Failure::Failed(why)) => format!("failed: {why}"),
            Err(other) => format!("{other:?}"),
        },
    }
}

/// A value as the language writes it.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => format!("{:?}", &**text),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => format!("{value}u"),
        Value::Bool(value) => value.to_string(),
        Value::Double(value) => format!("{value:?}"),
        Value::Null => "null".to_owned(),
        Value::List(elements) => {
            format!("[{}]", elements.iter().map(|element| shown(&element)).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            let entry = |(key, value): (Value<'_>, Value<'_>)| format!("{}: {}", shown(&key), shown(&value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Optional(None) => "none".to_owned(),
        Value::Optional(Some(value)) => format!("some({})", shown(value)),
        Value::Type(name) => name.to_string(),
        // Its own format for debugging does not end on messages that contain their own type.
        Value::Message(message) => serde_json::to_string(&**message).unwrap_or_else(|error| error.to_string()),
        other => format!("{other:?}"),
    }
}
