//! Functions of the math extension.

use std::cmp::Ordering;

use crate::cel::functions::Sig::{Any, Bool, Double, Int, ListOf, Number, Uint};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;
use crate::cel::value::Value;

const EXTREME: &[Overload] = &[Overload::variadic(&[Number], Any), Overload::function(&[ListOf(&Number)], Any)];

const ROUNDING: &[Overload] = &[Overload::function(&[Double], Double)];

const TEST: &[Overload] = &[Overload::function(&[Double], Bool)];

const SAME: &[Overload] =
    &[Overload::function(&[Int], Int), Overload::function(&[Uint], Uint), Overload::function(&[Double], Double)];

const BITS: &[Overload] = &[Overload::function(&[Int, Int], Int), Overload::function(&[Uint, Uint], Uint)];

const SHIFT: &[Overload] = &[Overload::function(&[Int, Int], Int), Overload::function(&[Uint, Int], Uint)];

pub(super) static FUNCTIONS: &[Function] = &[
    row("math.greatest", EXTREME, |meter, args| extreme(meter, args, Ordering::Greater)),
    row("math.least", EXTREME, |meter, args| extreme(meter, args, Ordering::Less)),
    row("math.ceil", ROUNDING, |_, args| rounded(args, f64::ceil)),
    row("math.floor", ROUNDING, |_, args| rounded(args, f64::floor)),
    row("math.round", ROUNDING, |_, args| rounded(args, f64::round)),
    row("math.trunc", ROUNDING, |_, args| rounded(args, f64::trunc)),
    row("math.isNaN", TEST, |_, args| test(args, f64::is_nan)),
    row("math.isInf", TEST, |_, args| test(args, f64::is_infinite)),
    row("math.isFinite", TEST, |_, args| test(args, f64::is_finite)),
    row("math.abs", SAME, absolute),
    row("math.sign", SAME, sign),
    row("math.bitAnd", BITS, |_, args| bits(args, |left, right| left & right)),
    row("math.bitOr", BITS, |_, args| bits(args, |left, right| left | right)),
    row("math.bitXor", BITS, |_, args| bits(args, |left, right| left ^ right)),
    row("math.bitNot", &[Overload::function(&[Int], Int), Overload::function(&[Uint], Uint)], not),
    row("math.bitShiftLeft", SHIFT, |_, args| shifted(args, u64::checked_shl)),
    row("math.bitShiftRight", SHIFT, |_, args| shifted(args, u64::checked_shr)),
];

fn extreme<'v>(meter: &mut Meter, args: &[Value<'v>], wanted: Ordering) -> Called<'v> {
    let values = match args {
        [Value::List(elements)] => {
            meter.steps_of(elements.len())?;
            elements.iter().collect()
        }
        values => values.to_vec(),
    };
    if !values.iter().all(|value| matches!(value, Value::Int(_) | Value::Uint(_) | Value::Double(_))) {
        return Ok(None);
    }
    let mut values = values.into_iter();
    let Some(mut found) = values.next() else {
        return Err(Failure::failed("a list without elements has neither a greatest nor a least one"));
    };
    for value in values {
        if value.order(&found) == Some(wanted) {
            found = value;
        }
    }
    Ok(Some(found))
}

fn rounded<'v>(args: &[Value<'v>], round: fn(f64) -> f64) -> Called<'v> {
    Ok(match args {
        [Value::Double(value)] => Some(Value::Double(round(*value))),
        _ => None,
    })
}

fn test<'v>(args: &[Value<'v>], holds: fn(f64) -> bool) -> Called<'v> {
    Ok(match args {
        [Value::Double(value)] => Some(Value::Bool(holds(*value))),
        _ => None,
    })
}

fn absolute<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(match args {
        [Value::Int(value)] => {
            let outside = || Failure::failed("the result of `math.abs` is outside of the range of `int`");
            Value::Int(value.checked_abs().ok_or_else(outside)?)
        }
        [Value::Uint(value)] => Value::Uint(*value),
        [Value::Double(value)] => Value::Double(value.abs()),
        _ => return Ok(None),
    }))
}

fn sign<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(match args {
        [Value::Int(value)] => Value::Int(value.signum()),
        [Value::Uint(value)] => Value::Uint((*value).min(1)),
        [Value::Double(value)] if *value == 0.0 || value.is_nan() => Value::Double(*value),
        [Value::Double(value)] => Value::Double(value.signum()),
        _ => return Ok(None),
    }))
}

fn bits<'v>(args: &[Value<'v>], operation: fn(u64, u64) -> u64) -> Called<'v> {
    Ok(match args {
        [Value::Int(left), Value::Int(right)] => {
            Some(Value::Int(operation(left.cast_unsigned(), right.cast_unsigned()).cast_signed()))
        }
        [Value::Uint(left), Value::Uint(right)] => Some(Value::Uint(operation(*left, *right))),
        _ => None,
    })
}

fn not<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Int(value)] => Some(Value::Int(!value)),
        [Value::Uint(value)] => Some(Value::Uint(!value)),
        _ => None,
    })
}

/// Shifts the bits of a number; zeros come in from both sides.
fn shifted<'v>(args: &[Value<'v>], shift: fn(u64, u32) -> Option<u64>) -> Called<'v> {
    let by = |by: i64| match u32::try_from(by) {
        Ok(by) => Ok(by),
        Err(_) if by < 0 => Err(Failure::Failed(format!("bits cannot be shifted by {by}"))),
        Err(_) => Ok(u32::MAX),
    };
    Ok(match args {
        [Value::Int(value), Value::Int(count)] => {
            Some(Value::Int(shift(value.cast_unsigned(), by(*count)?).unwrap_or(0).cast_signed()))
        }
        [Value::Uint(value), Value::Int(count)] => Some(Value::Uint(shift(*value, by(*count)?).unwrap_or(0))),
        _ => None,
    })
}
