//! Operators on values of any type: equality, order, membership and elements.

use std::cmp::Ordering;

use crate::cel::eval::shown;
use crate::cel::functions::Sig::{A, Any, B, Bool, Bytes, Double, Duration, Int, ListA, MapAB, OptionalA, Text};
use crate::cel::functions::Sig::{Timestamp, Uint};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;
use crate::cel::value::{List, Map, Value};

const fn function(args: &'static [crate::cel::Sig], result: crate::cel::Sig) -> Overload {
    Overload::function(args, result)
}

const ORDER: &[Overload] = &[
    function(&[Bool, Bool], Bool),
    function(&[Int, Int], Bool),
    function(&[Int, Uint], Bool),
    function(&[Int, Double], Bool),
    function(&[Uint, Int], Bool),
    function(&[Uint, Uint], Bool),
    function(&[Uint, Double], Bool),
    function(&[Double, Int], Bool),
    function(&[Double, Uint], Bool),
    function(&[Double, Double], Bool),
    function(&[Text, Text], Bool),
    function(&[Bytes, Bytes], Bool),
    function(&[Timestamp, Timestamp], Bool),
    function(&[Duration, Duration], Bool),
];

const EQUALITY: &[Overload] = &[function(&[A, A], Bool)];

pub(super) static FUNCTIONS: &[Function] = &[
    row("_?_:_", &[function(&[Bool, A, A], A)], |_, _| Ok(None)),
    row("!_", &[function(&[Bool], Bool)], not),
    row("_==_", EQUALITY, |meter, args| equality(meter, args, true)),
    row("_!=_", EQUALITY, |meter, args| equality(meter, args, false)),
    row("_<_", ORDER, |meter, args| order(meter, args, Ordering::is_lt)),
    row("_<=_", ORDER, |meter, args| order(meter, args, Ordering::is_le)),
    row("_>_", ORDER, |meter, args| order(meter, args, Ordering::is_gt)),
    row("_>=_", ORDER, |meter, args| order(meter, args, Ordering::is_ge)),
    row("_[_]", &[function(&[ListA, Int], A), function(&[MapAB, A], B), function(&[OptionalA, Any], Any)], element),
    row(
        "_[?_]",
        &[function(&[ListA, Int], OptionalA), function(&[MapAB, A], Any), function(&[OptionalA, Any], Any)],
        optional_element,
    ),
    row("@in", &[function(&[A, ListA], Bool), function(&[A, MapAB], Bool)], contains),
];

fn not<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Bool(value)] => Some(Value::Bool(!value)),
        _ => None,
    })
}

fn equality<'v>(meter: &mut Meter, args: &[Value<'v>], wanted: bool) -> Called<'v> {
    let [left, right] = args else { return Ok(None) };
    Ok(Some(Value::Bool(left.equals(right, meter)? == wanted)))
}

fn order<'v>(meter: &mut Meter, args: &[Value<'v>], holds: fn(Ordering) -> bool) -> Called<'v> {
    let [left, right] = args else { return Ok(None) };
    if let (Value::Text(left), Value::Text(right)) = (left, right) {
        meter.read(left.len().min(right.len()))?;
    }
    if is_nan(left) || is_nan(right) {
        return Ok(Some(Value::Bool(false)));
    }
    Ok(left.order(right).map(|order| Value::Bool(holds(order))))
}

fn is_nan(value: &Value<'_>) -> bool {
    matches!(value, Value::Double(value) if value.is_nan())
}

fn contains<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [value, Value::List(elements)] => {
            for element in elements.iter() {
                if value.equals(&element, meter)? {
                    return Ok(Some(Value::Bool(true)));
                }
            }
            Ok(Some(Value::Bool(false)))
        }
        [key, Value::Map(entries)] => Ok(Some(Value::Bool(entries.lookup(key, meter)?.is_some()))),
        _ => Ok(None),
    }
}

/// An element at an index, which a number of any type can be.
fn at_index<'v>(elements: &List<'v>, index: &Value<'v>) -> Result<Option<Value<'v>>, Failure> {
    let at = match index {
        Value::Int(at) => usize::try_from(*at).ok(),
        Value::Uint(at) => usize::try_from(*at).ok(),
        Value::Double(at) => whole(*at)?,
        other => return Err(Failure::Failed(format!("an index has the type `int`, not `{}`", &*other.type_name()))),
    };
    Ok(at.and_then(|at| elements.get(at)))
}

/// A double as an index.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the double is whole and in range")]
fn whole(double: f64) -> Result<Option<usize>, Failure> {
    match double.fract() == 0.0 && (0.0..1e15).contains(&double) {
        true => Ok(Some(double as usize)),
        false if double.fract() == 0.0 => Ok(None),
        false => Err(Failure::Failed(format!("the index {double} is not a whole number"))),
    }
}

fn at_key<'v>(entries: &Map<'v>, key: &Value<'v>, meter: &mut Meter) -> Result<Option<Value<'v>>, Failure> {
    entries.lookup(key, meter)
}

fn element<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::List(elements), index] => match at_index(elements, index)? {
            Some(found) => Ok(Some(found)),
            None => Err(Failure::Failed(format!(
                "the index {} is outside of a list of {} elements",
                shown(index),
                elements.len()
            ))),
        },
        [Value::Map(entries), key] => match at_key(entries, key, meter)? {
            Some(found) => Ok(Some(found)),
            None => Err(Failure::Failed(format!("there is no key {}", shown(key)))),
        },
        [Value::Optional(_), _] => optional_element(meter, args),
        _ => Ok(None),
    }
}

fn optional_element<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [operand, index] = args else { return Ok(None) };
    let operand = match operand {
        Value::Optional(None) => return Ok(Some(Value::Optional(None))),
        Value::Optional(Some(value)) => value,
        operand => operand,
    };
    let found = match operand {
        Value::List(elements) => at_index(elements, index)?,
        Value::Map(entries) => at_key(entries, index, meter)?,
        _ => return Ok(None),
    };
    Ok(Some(found.map_or(Value::Optional(None), Value::some)))
}
