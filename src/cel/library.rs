//! The standard functions and operators, evaluated. A call that fails, or has no model here,
//! gives no value.

use super::re2;
use super::time::parse_duration;
use super::value::{Value, lookup};

mod text;

/// Calls a function; a method's target is the first argument.
pub(super) fn call(function: &str, args: &[Value]) -> Option<Value> {
    operator(function, args).or_else(|| number(function, args)).or_else(|| text::call(function, args))
}

fn operator(function: &str, args: &[Value]) -> Option<Value> {
    let order = || args.first()?.order(args.get(1)?);
    Some(match (function, args) {
        ("!_", [Value::Bool(value)]) => Value::Bool(!value),
        ("_==_", [left, right]) => Value::Bool(left.equals(right)?),
        ("_!=_", [left, right]) => Value::Bool(!left.equals(right)?),
        ("_<_", _) => Value::Bool(order()?.is_lt()),
        ("_<=_", _) => Value::Bool(order()?.is_le()),
        ("_>_", _) => Value::Bool(order()?.is_gt()),
        ("_>=_", _) => Value::Bool(order()?.is_ge()),
        ("@in", [value, Value::List(elements)]) => {
            let mut found = false;
            for element in elements {
                found |= value.equals(element)?;
            }
            Value::Bool(found)
        }
        ("@in", [key, Value::Map(entries)]) => Value::Bool(lookup(entries, key).is_some()),
        ("_[_]", [Value::List(elements), Value::Int(index)]) => elements.get(usize::try_from(*index).ok()?)?.clone(),
        ("_[_]", [Value::Map(entries), key]) => lookup(entries, key)?.clone(),
        ("dyn", [value]) => value.clone(),
        ("size", [Value::List(elements)]) => size(elements.len())?,
        ("size", [Value::Map(entries)]) => size(entries.len())?,
        ("size", [Value::Bytes(bytes)]) => size(bytes.len())?,
        ("size", [Value::Text(text)]) => size(text.chars().count())?,
        ("matches", [Value::Text(text), Value::Text(wanted)]) => {
            Value::Bool(regex::Regex::new(&re2::translate(wanted).ok()?).ok()?.is_match(text))
        }
        _ => return None,
    })
}

fn size(length: usize) -> Option<Value> {
    i64::try_from(length).ok().map(Value::Int)
}

fn number(function: &str, args: &[Value]) -> Option<Value> {
    Some(match (function, args) {
        ("-_", [Value::Int(value)]) => Value::Int(value.checked_neg()?),
        ("-_", [Value::Double(value)]) => Value::Double(-value),
        ("_+_", [Value::Text(left), Value::Text(right)]) => Value::Text(format!("{left}{right}")),
        ("_+_", [Value::Bytes(left), Value::Bytes(right)]) => Value::Bytes([&left[..], right].concat()),
        ("_+_", [Value::List(left), Value::List(right)]) => Value::List([&left[..], right].concat()),
        ("_+_", [Value::Duration(left), Value::Duration(right)]) => Value::Duration(left.checked_add(*right)?),
        ("_+_", [Value::Timestamp(at), Value::Duration(by)] | [Value::Duration(by), Value::Timestamp(at)]) => {
            Value::Timestamp(at.checked_add(*by)?)
        }
        ("_-_", [Value::Duration(left), Value::Duration(right)]) => Value::Duration(left.checked_sub(*right)?),
        ("_-_", [Value::Timestamp(at), Value::Duration(by)]) => Value::Timestamp(at.checked_sub(*by)?),
        ("_-_", [Value::Timestamp(left), Value::Timestamp(right)]) => Value::Duration(left.checked_sub(*right)?),
        (_, [Value::Double(left), Value::Double(right)]) => Value::Double(match function {
            "_+_" => left + right,
            "_-_" => left - right,
            "_*_" => left * right,
            "_/_" => left / right,
            _ => return None,
        }),
        (_, [Value::Int(left), Value::Int(right)]) => Value::Int(match function {
            "_+_" => left.checked_add(*right)?,
            "_-_" => left.checked_sub(*right)?,
            "_*_" => left.checked_mul(*right)?,
            "_/_" => left.checked_div(*right)?,
            "_%_" => left.checked_rem(*right)?,
            _ => return None,
        }),
        (_, [Value::Uint(left), Value::Uint(right)]) => Value::Uint(match function {
            "_+_" => left.checked_add(*right)?,
            "_-_" => left.checked_sub(*right)?,
            "_*_" => left.checked_mul(*right)?,
            "_/_" => left.checked_div(*right)?,
            "_%_" => left.checked_rem(*right)?,
            _ => return None,
        }),
        (_, [value]) => return conversion(function, value),
        _ => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "the conversion to double is what the language defines")]
fn conversion(function: &str, value: &Value) -> Option<Value> {
    Some(match (function, value) {
        ("int", Value::Int(_)) | ("uint", Value::Uint(_)) | ("double", Value::Double(_)) | ("bool", Value::Bool(_)) => {
            value.clone()
        }
        ("string", Value::Text(_)) | ("bytes", Value::Bytes(_)) => value.clone(),
        ("duration", Value::Duration(_)) | ("timestamp", Value::Timestamp(_)) => value.clone(),
        ("int", Value::Uint(value)) => Value::Int(i64::try_from(*value).ok()?),
        ("int", Value::Text(text)) => Value::Int(text.parse().ok()?),
        ("uint", Value::Int(value)) => Value::Uint(u64::try_from(*value).ok()?),
        ("uint", Value::Text(text)) => Value::Uint(text.parse().ok()?),
        ("double", Value::Int(value)) => Value::Double(*value as f64),
        ("double", Value::Uint(value)) => Value::Double(*value as f64),
        ("string", Value::Int(value)) => Value::Text(value.to_string()),
        ("string", Value::Uint(value)) => Value::Text(value.to_string()),
        ("string", Value::Bool(value)) => Value::Text(value.to_string()),
        ("string", Value::Bytes(bytes)) => Value::Text(String::from_utf8(bytes.clone()).ok()?),
        ("bytes", Value::Text(text)) => Value::Bytes(text.as_bytes().to_vec()),
        ("duration", Value::Text(text)) => Value::Duration(parse_duration(text)?),
        _ => return None,
    })
}
