//! `format` of the strings extension.

use std::fmt::Write as _;

use super::conversions::show_double;
use crate::cel::format::{Clause, next_clause};
use crate::cel::functions::Called;
use crate::cel::meter::Meter;
use crate::cel::program::Failure;
use crate::cel::time;
use crate::cel::value::Value;

/// `text.format(args)`
pub(super) fn format<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Text(text), Value::List(args)] = args else { return Ok(None) };
    meter.make(text.len())?;
    let mut out = String::new();
    let mut used = 0;
    let mut rest: &str = text;
    while let Some((plain, after)) = rest.split_once('%') {
        out.push_str(plain);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (clause, after) = next_clause(after).map_err(Failure::Failed)?;
        let missing = || Failure::Failed(format!("the text for `format` needs more than {} arguments", args.len()));
        let arg = args.get(used).ok_or_else(missing)?;
        let before = out.len();
        write(&mut out, &clause, &arg, meter)?;
        meter.make(out.len() - before)?;
        used += 1;
        rest = after;
    }
    out.push_str(rest);
    Ok(Some(Value::shared_text(out)))
}

fn unfit(verb: char, arg: &Value<'_>) -> Failure {
    Failure::Failed(format!("`%{verb}` of `format` takes no `{}`", &*arg.type_name()))
}

/// Writes what a clause makes of its argument.
fn write(out: &mut String, clause: &Clause, arg: &Value<'_>, meter: &mut Meter) -> Result<(), Failure> {
    let verb = clause.verb;
    let precision = clause.precision.unwrap_or(6);
    let written = match (verb, arg) {
        ('s', arg) => return write_text(out, arg, meter),
        ('d' | 'f' | 'e', Value::Double(value)) if !value.is_finite() => {
            out.push_str(special(*value));
            Ok(())
        }
        ('d', Value::Int(value)) => write!(out, "{value}"),
        ('d', Value::Uint(value)) => write!(out, "{value}"),
        ('d', Value::Double(value)) => write!(out, "{}", plain_double(*value)),
        ('f', arg) => write!(out, "{:.precision$}", number(verb, arg)?),
        ('e', arg) => {
            let scientific = format!("{:.precision$e}", number(verb, arg)?);
            let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
            let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
            write!(out, "{mantissa}e{sign}{digits:0>2}")
        }
        ('b', Value::Bool(value)) => write!(out, "{}", u8::from(*value)),
        ('b' | 'o' | 'x' | 'X', Value::Int(value)) => {
            out.push_str(if *value < 0 { "-" } else { "" });
            write_radix(out, verb, value.unsigned_abs())
        }
        ('b' | 'o' | 'x' | 'X', Value::Uint(value)) => write_radix(out, verb, *value),
        ('x' | 'X', Value::Text(text)) => return write_hex(out, verb, text.as_bytes(), meter),
        ('x' | 'X', Value::Bytes(bytes)) => return write_hex(out, verb, bytes, meter),
        (verb, arg) => return Err(unfit(verb, arg)),
    };
    written.map_err(|_| Failure::TooLarge)
}

fn write_radix(out: &mut String, verb: char, value: u64) -> std::fmt::Result {
    match verb {
        'b' => write!(out, "{value:b}"),
        'o' => write!(out, "{value:o}"),
        'x' => write!(out, "{value:x}"),
        _ => write!(out, "{value:X}"),
    }
}

fn write_hex(out: &mut String, verb: char, bytes: &[u8], meter: &mut Meter) -> Result<(), Failure> {
    meter.make(bytes.len())?;
    for byte in bytes {
        let written = if verb == 'x' { write!(out, "{byte:02x}") } else { write!(out, "{byte:02X}") };
        written.map_err(|_| Failure::TooLarge)?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "the number is shown as a double")]
fn number(verb: char, arg: &Value<'_>) -> Result<f64, Failure> {
    match arg {
        Value::Double(value) => Ok(*value),
        Value::Int(value) => Ok(*value as f64),
        Value::Uint(value) => Ok(*value as f64),
        other => Err(unfit(verb, other)),
    }
}

fn special(value: f64) -> &'static str {
    match value {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    }
}

fn plain_double(value: f64) -> String {
    if value.is_finite() { show_double(value) } else { special(value).to_owned() }
}

/// Writes any value for `%s`: elements of lists and maps too, keys in their order as text.
fn write_text(out: &mut String, value: &Value<'_>, meter: &mut Meter) -> Result<(), Failure> {
    meter.make(1)?;
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Uint(value) => out.push_str(&value.to_string()),
        Value::Double(value) => out.push_str(&plain_double(*value)),
        Value::Text(text) | Value::Type(text) => {
            meter.make(text.len())?;
            out.push_str(text);
        }
        Value::Bytes(bytes) => {
            meter.make(bytes.len())?;
            out.push_str(&String::from_utf8_lossy(bytes));
        }
        Value::Duration(nanos) => out.push_str(&time::show_duration(*nanos)),
        Value::Timestamp(nanos) => out.push_str(&time::show_timestamp(*nanos)),
        Value::List(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_text(out, &element, meter)?;
            }
            out.push(']');
        }
        Value::Map(entries) => {
            let mut shown = Vec::new();
            for (key, value) in entries.iter() {
                let mut text = String::new();
                write_text(&mut text, &key, meter)?;
                shown.push((text, value));
            }
            shown.sort_by(|(left, _), (right, _)| left.cmp(right));
            out.push('{');
            for (at, (key, value)) in shown.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(key);
                out.push_str(": ");
                write_text(out, value, meter)?;
            }
            out.push('}');
        }
        Value::Message(_) | Value::Object(_) | Value::Optional(_) => return Err(unfit('s', value)),
    }
    Ok(())
}
