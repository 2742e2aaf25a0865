//! Values that may be missing.

use crate::cel::functions::Sig::{A, Any, Bool, OptionalA};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;
use crate::cel::value::Value;

pub(super) static FUNCTIONS: &[Function] = &[
    row("optional.of", &[Overload::function(&[A], OptionalA)], of),
    row("optional.ofNonZeroValue", &[Overload::function(&[A], OptionalA)], of_non_zero),
    row("optional.none", &[Overload::function(&[], OptionalA)], |_, _| Ok(Some(Value::Optional(None)))),
    row("hasValue", &[Overload::method(&[OptionalA], Bool)], has_value),
    row("value", &[Overload::method(&[OptionalA], A)], value),
    row("or", &[Overload::method(&[OptionalA, OptionalA], OptionalA)], or),
    row("orValue", &[Overload::method(&[OptionalA, A], A)], or_value),
    // Only there for its type: it is compiled to an operation of its own.
    row("_?._", &[Overload::function(&[Any, Any], Any)], |_, _| Ok(None)),
];

fn of<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(args.first().cloned().map(Value::some))
}

fn of_non_zero<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let Some(value) = args.first() else { return Ok(None) };
    let is_zero = match value {
        Value::Null | Value::Optional(None) => true,
        Value::Bool(value) => !value,
        Value::Int(value) => *value == 0,
        Value::Uint(value) => *value == 0,
        Value::Double(value) => *value == 0.0,
        Value::Text(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::Duration(nanos) | Value::Timestamp(nanos) => *nanos == 0,
        Value::List(elements) => elements.len() == 0,
        Value::Map(entries) => entries.len() == 0,
        Value::Message(message) => message.fields().next().is_none(),
        Value::Object(_) | Value::Type(_) | Value::Optional(Some(_)) => false,
    };
    Ok(Some(if is_zero { Value::Optional(None) } else { Value::some(value.clone()) }))
}

fn has_value<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Optional(value)] => Some(Value::Bool(value.is_some())),
        _ => None,
    })
}

fn value<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Optional(Some(value))] => Ok(Some((**value).clone())),
        [Value::Optional(None)] => Err(Failure::failed("an optional value has no value")),
        _ => Ok(None),
    }
}

fn or<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Optional(None), other @ Value::Optional(_)] => Some(other.clone()),
        [value @ Value::Optional(Some(_)), Value::Optional(_)] => Some(value.clone()),
        _ => None,
    })
}

fn or_value<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Optional(Some(value)), _] => Some((**value).clone()),
        [Value::Optional(None), other] => Some(other.clone()),
        _ => None,
    })
}
