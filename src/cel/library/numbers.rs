//! Arithmetic, which texts, lists, durations and timestamps have too.

use std::rc::Rc;

use crate::cel::functions::Sig::{Bytes, Double, Duration, Int, ListA, Text, Timestamp, Uint};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;
use crate::cel::time::{in_duration_range, in_timestamp_range};
use crate::cel::value::{Held, Value};

const fn function(args: &'static [crate::cel::Sig], result: crate::cel::Sig) -> Overload {
    Overload::function(args, result)
}

const PRODUCT: &[Overload] =
    &[function(&[Double, Double], Double), function(&[Int, Int], Int), function(&[Uint, Uint], Uint)];

pub(super) static FUNCTIONS: &[Function] = &[
    row("-_", &[function(&[Double], Double), function(&[Int], Int)], negate),
    row(
        "_+_",
        &[
            function(&[Bytes, Bytes], Bytes),
            function(&[Double, Double], Double),
            function(&[Duration, Duration], Duration),
            function(&[Duration, Timestamp], Timestamp),
            function(&[Timestamp, Duration], Timestamp),
            function(&[Int, Int], Int),
            function(&[ListA, ListA], ListA),
            function(&[Text, Text], Text),
            function(&[Uint, Uint], Uint),
        ],
        add,
    ),
    row(
        "_-_",
        &[
            function(&[Double, Double], Double),
            function(&[Duration, Duration], Duration),
            function(&[Int, Int], Int),
            function(&[Timestamp, Duration], Timestamp),
            function(&[Timestamp, Timestamp], Duration),
            function(&[Uint, Uint], Uint),
        ],
        subtract,
    ),
    row("_*_", PRODUCT, multiply),
    row("_/_", PRODUCT, divide),
    row("_%_", &[function(&[Int, Int], Int), function(&[Uint, Uint], Uint)], remainder),
];

fn int<'v>(result: Option<i64>, operator: &str) -> Called<'v> {
    result.map(|value| Some(Value::Int(value))).ok_or_else(|| overflow(operator, "int"))
}

fn uint<'v>(result: Option<u64>, operator: &str) -> Called<'v> {
    result.map(|value| Some(Value::Uint(value))).ok_or_else(|| overflow(operator, "uint"))
}

fn overflow(operator: &str, of: &str) -> Failure {
    Failure::Failed(format!("the result of `{operator}` is outside of the range of `{of}`"))
}

fn by_zero() -> Failure {
    Failure::failed("a number is divided by zero")
}

fn duration<'v>(result: Option<i128>, operator: &str) -> Called<'v> {
    match result.filter(|nanos| in_duration_range(*nanos)) {
        Some(nanos) => Ok(Some(Value::Duration(nanos))),
        None => Err(overflow(operator, "duration")),
    }
}

fn timestamp<'v>(result: Option<i128>, operator: &str) -> Called<'v> {
    match result.filter(|nanos| in_timestamp_range(*nanos)) {
        Some(nanos) => Ok(Some(Value::Timestamp(nanos))),
        None => Err(overflow(operator, "timestamp")),
    }
}

fn negate<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Int(value)] => int(value.checked_neg(), "-"),
        [Value::Double(value)] => Ok(Some(Value::Double(-value))),
        _ => Ok(None),
    }
}

fn add<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [left, right] = args else { return Ok(None) };
    Ok(Some(match (left, right) {
        (Value::Int(left), Value::Int(right)) => return int(left.checked_add(*right), "+"),
        (Value::Uint(left), Value::Uint(right)) => return uint(left.checked_add(*right), "+"),
        (Value::Double(left), Value::Double(right)) => Value::Double(left + right),
        (Value::Text(left), Value::Text(right)) => {
            meter.make(left.len().saturating_add(right.len()))?;
            let mut joined = String::with_capacity(left.len() + right.len());
            joined.push_str(left);
            joined.push_str(right);
            Value::Text(Held::Shared(Rc::from(joined)))
        }
        (Value::Bytes(left), Value::Bytes(right)) => {
            meter.make(left.len().saturating_add(right.len()))?;
            Value::shared_bytes([&**left, &**right].concat())
        }
        (Value::List(left), Value::List(right)) => {
            meter.make_elements(left.len().saturating_add(right.len()))?;
            Value::list(left.iter().chain(right.iter()).collect())
        }
        (Value::Duration(left), Value::Duration(right)) => return duration(left.checked_add(*right), "+"),
        (Value::Timestamp(at), Value::Duration(by)) | (Value::Duration(by), Value::Timestamp(at)) => {
            return timestamp(at.checked_add(*by), "+");
        }
        _ => return Ok(None),
    }))
}

fn subtract<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [left, right] = args else { return Ok(None) };
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => int(left.checked_sub(*right), "-"),
        (Value::Uint(left), Value::Uint(right)) => uint(left.checked_sub(*right), "-"),
        (Value::Double(left), Value::Double(right)) => Ok(Some(Value::Double(left - right))),
        (Value::Duration(left), Value::Duration(right)) => duration(left.checked_sub(*right), "-"),
        (Value::Timestamp(at), Value::Duration(by)) => timestamp(at.checked_sub(*by), "-"),
        (Value::Timestamp(left), Value::Timestamp(right)) => duration(left.checked_sub(*right), "-"),
        _ => Ok(None),
    }
}

fn multiply<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Int(left), Value::Int(right)] => int(left.checked_mul(*right), "*"),
        [Value::Uint(left), Value::Uint(right)] => uint(left.checked_mul(*right), "*"),
        [Value::Double(left), Value::Double(right)] => Ok(Some(Value::Double(left * right))),
        _ => Ok(None),
    }
}

fn divide<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Int(_), Value::Int(0)] | [Value::Uint(_), Value::Uint(0)] => Err(by_zero()),
        [Value::Int(left), Value::Int(right)] => int(left.checked_div(*right), "/"),
        [Value::Uint(left), Value::Uint(right)] => uint(left.checked_div(*right), "/"),
        [Value::Double(left), Value::Double(right)] => Ok(Some(Value::Double(left / right))),
        _ => Ok(None),
    }
}

fn remainder<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Int(_), Value::Int(0)] | [Value::Uint(_), Value::Uint(0)] => Err(by_zero()),
        [Value::Int(left), Value::Int(right)] => int(left.checked_rem(*right), "%"),
        [Value::Uint(left), Value::Uint(right)] => uint(left.checked_rem(*right), "%"),
        _ => Ok(None),
    }
}
