//! Functions on texts, bytes, lists and maps that the language itself has.

use crate::cel::functions::Sig::{A, Any, Bool, Bytes, Int, ListA, MapAB, Meta, Text};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::meter::Meter;
use crate::cel::pattern;
use crate::cel::value::Value;

const PART: &[Overload] = &[Overload::method(&[Text, Text], Bool), Overload::method(&[Bytes, Bytes], Bool)];

pub(super) static FUNCTIONS: &[Function] = &[
    row(
        "size",
        &[
            Overload::function(&[Bytes], Int),
            Overload::method(&[Bytes], Int),
            Overload::function(&[ListA], Int),
            Overload::method(&[ListA], Int),
            Overload::function(&[MapAB], Int),
            Overload::method(&[MapAB], Int),
            Overload::function(&[Text], Int),
            Overload::method(&[Text], Int),
        ],
        size,
    ),
    row("type", &[Overload::function(&[A], Meta)], type_of),
    row("dyn", &[Overload::function(&[A], Any)], |_, args| Ok(args.first().cloned())),
    row("contains", PART, contains),
    row("startsWith", PART, starts_with),
    row("endsWith", PART, ends_with),
    row("matches", &[Overload::function(&[Text, Text], Bool), Overload::method(&[Text, Text], Bool)], matches),
];

fn size<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(Value::length(match args {
        [Value::Text(text)] => {
            meter.read(text.len())?;
            text.chars().count()
        }
        [Value::Bytes(bytes)] => bytes.len(),
        [Value::List(elements)] => elements.len(),
        [Value::Map(entries)] => entries.len(),
        _ => return Ok(None),
    })))
}

fn type_of<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(args.first().map(|value| Value::Type(value.type_name())))
}

fn contains<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(Value::Bool(match args {
        [Value::Text(text), Value::Text(part)] => {
            meter.read(text.len())?;
            text.contains(&**part)
        }
        [Value::Bytes(bytes), Value::Bytes(part)] => {
            meter.read(bytes.len().saturating_mul(part.len()))?;
            part.is_empty() || bytes.windows(part.len()).any(|window| *window == **part)
        }
        _ => return Ok(None),
    })))
}

fn starts_with<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(Value::Bool(match args {
        [Value::Text(text), Value::Text(part)] => {
            meter.read(part.len())?;
            text.starts_with(&**part)
        }
        [Value::Bytes(bytes), Value::Bytes(part)] => bytes.starts_with(part),
        _ => return Ok(None),
    })))
}

fn ends_with<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(Value::Bool(match args {
        [Value::Text(text), Value::Text(part)] => {
            meter.read(part.len())?;
            text.ends_with(&**part)
        }
        [Value::Bytes(bytes), Value::Bytes(part)] => bytes.ends_with(part),
        _ => return Ok(None),
    })))
}

fn matches<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Text(text), Value::Text(wanted)] => Ok(Some(Value::Bool(pattern::is_match(wanted, text, meter)?))),
        _ => Ok(None),
    }
}
