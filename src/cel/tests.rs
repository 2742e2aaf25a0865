//! Tests of the engine. They must not know what embedders do with it.

#![allow(clippy::unwrap_used)]

mod conformance;
mod faults;
mod hostile;
mod objects;

use super::{Environment, Failure, Fault, Library, Limits, Program, Type, Value};

/// The language with everything that it has.
const EVERYTHING: Environment = Environment {
    libraries: &[
        Library::Strings,
        Library::Math,
        Library::Lists,
        Library::Sets,
        Library::Encoders,
        Library::Bindings,
        Library::Optionals,
        Library::TwoVariables,
    ],
    functions: &[],
    packages: &[],
    nearest: |wanted, names| names.iter().copied().find(|name| name.starts_with(wanted) || wanted.starts_with(name)),
};

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
        other => format!("{other:?}"),
    }
}
