//! Conversions between types, and encodings of bytes as text.

use crate::cel::functions::Sig::{Bool, Bytes, Double, Duration, Int, Text, Timestamp, Uint};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;
use crate::cel::time::{self, NANOS};
use crate::cel::value::Value;

const fn function(args: &'static [crate::cel::Sig], result: crate::cel::Sig) -> Overload {
    Overload::function(args, result)
}

pub(super) static FUNCTIONS: &[Function] = &[
    row("bool", &[function(&[Bool], Bool), function(&[Text], Bool)], to_bool),
    row("bytes", &[function(&[Bytes], Bytes), function(&[Text], Bytes)], to_bytes),
    row(
        "double",
        &[function(&[Double], Double), function(&[Int], Double), function(&[Text], Double), function(&[Uint], Double)],
        to_double,
    ),
    row("duration", &[function(&[Duration], Duration), function(&[Text], Duration)], to_duration),
    row(
        "int",
        &[
            function(&[Int], Int),
            function(&[Double], Int),
            function(&[Duration], Int),
            function(&[Text], Int),
            function(&[Timestamp], Int),
            function(&[Uint], Int),
        ],
        to_int,
    ),
    row(
        "string",
        &[
            function(&[Text], Text),
            function(&[Bool], Text),
            function(&[Bytes], Text),
            function(&[Double], Text),
            function(&[Duration], Text),
            function(&[Int], Text),
            function(&[Timestamp], Text),
            function(&[Uint], Text),
        ],
        to_text,
    ),
    row(
        "timestamp",
        &[function(&[Timestamp], Timestamp), function(&[Int], Timestamp), function(&[Text], Timestamp)],
        to_timestamp,
    ),
    row(
        "uint",
        &[function(&[Uint], Uint), function(&[Double], Uint), function(&[Int], Uint), function(&[Text], Uint)],
        to_uint,
    ),
];

/// Functions of the encoders extension.
pub(super) static ENCODERS: &[Function] = &[
    row("base64.encode", &[function(&[Bytes], Text)], encode),
    row("base64.decode", &[function(&[Text], Bytes)], decode),
];

fn out_of_range(of: &str) -> Failure {
    Failure::Failed(format!("a value is outside of the range of `{of}`"))
}

fn not_a(text: &str, of: &str) -> Failure {
    Failure::Failed(format!("{} cannot be converted to `{of}`", crate::cel::eval::shown(&Value::text(text))))
}

fn to_bool<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(Value::Bool(match args {
        [Value::Bool(value)] => *value,
        [Value::Text(text)] => match &**text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
            "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
            other => return Err(not_a(other, "bool")),
        },
        _ => return Ok(None),
    })))
}

fn to_bytes<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Bytes(_)] => args.first().cloned(),
        [Value::Text(text)] => {
            meter.make(text.len())?;
            Some(Value::shared_bytes(text.as_bytes().to_vec()))
        }
        _ => None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "the conversion to double is what the language defines")]
fn to_double<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(Value::Double(match args {
        [Value::Double(value)] => *value,
        [Value::Int(value)] => *value as f64,
        [Value::Uint(value)] => *value as f64,
        [Value::Text(text)] => text.parse().map_err(|_| not_a(text, "double"))?,
        _ => return Ok(None),
    })))
}

#[expect(clippy::cast_possible_truncation, reason = "the double is in range")]
fn to_int<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    /// The least and the greatest double that may not be converted: 2 to the power of 63.
    const END: f64 = 9_223_372_036_854_775_808.0;
    let range = || out_of_range("int");
    Ok(Some(Value::Int(match args {
        [Value::Int(value)] => *value,
        [Value::Uint(value)] => i64::try_from(*value).map_err(|_| range())?,
        [Value::Double(value)] if *value > -END && *value < END => value.trunc() as i64,
        [Value::Double(_)] => return Err(range()),
        [Value::Text(text)] => text.parse().map_err(|_| not_a(text, "int"))?,
        [Value::Timestamp(nanos)] => i64::try_from(nanos.div_euclid(NANOS)).map_err(|_| range())?,
        [Value::Duration(nanos)] => i64::try_from(nanos / NANOS).map_err(|_| range())?,
        _ => return Ok(None),
    })))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the double is in range")]
fn to_uint<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    /// The least double that may not be converted: 2 to the power of 64.
    const END: f64 = 18_446_744_073_709_551_616.0;
    let range = || out_of_range("uint");
    Ok(Some(Value::Uint(match args {
        [Value::Uint(value)] => *value,
        [Value::Int(value)] => u64::try_from(*value).map_err(|_| range())?,
        [Value::Double(value)] if *value >= 0.0 && *value < END => value.trunc() as u64,
        [Value::Double(_)] => return Err(range()),
        [Value::Text(text)] => text.parse().map_err(|_| not_a(text, "uint"))?,
        _ => return Ok(None),
    })))
}

fn to_text<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(Some(Value::shared_text(match args {
        [Value::Text(_)] => return Ok(args.first().cloned()),
        [Value::Int(value)] => value.to_string(),
        [Value::Uint(value)] => value.to_string(),
        [Value::Double(value)] => show_double(*value),
        [Value::Bool(value)] => value.to_string(),
        [Value::Timestamp(nanos)] => time::show_timestamp(*nanos),
        [Value::Duration(nanos)] => time::show_duration(*nanos),
        [Value::Bytes(bytes)] => {
            meter.make(bytes.len())?;
            String::from_utf8(bytes.to_vec()).map_err(|_| Failure::failed("bytes are not valid UTF-8"))?
        }
        _ => return Ok(None),
    })))
}

/// The shortest text of a double that reads back as the same: with an exponent where that is below -4 or above 20.
pub(super) fn show_double(value: f64) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => {
            let scientific = format!("{value:e}");
            let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
            match exponent.parse::<i32>() {
                Ok(exponent) if !(-4..21).contains(&exponent) => {
                    let sign = if exponent < 0 { '-' } else { '+' };
                    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
                }
                _ => value.to_string(),
            }
        }
    }
}

fn to_duration<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Duration(nanos)] => Ok(Some(Value::Duration(*nanos))),
        [Value::Text(text)] => match time::parse_duration(text) {
            Some(nanos) if time::in_duration_range(nanos) => Ok(Some(Value::Duration(nanos))),
            Some(_) => Err(out_of_range("duration")),
            None => Err(not_a(text, "duration")),
        },
        _ => Ok(None),
    }
}

fn to_timestamp<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let nanos = match args {
        [Value::Timestamp(nanos)] => *nanos,
        [Value::Int(seconds)] => i128::from(*seconds) * NANOS,
        [Value::Text(text)] => time::parse_timestamp(text).ok_or_else(|| not_a(text, "timestamp"))?,
        _ => return Ok(None),
    };
    match time::in_timestamp_range(nanos) {
        true => Ok(Some(Value::Timestamp(nanos))),
        false => Err(out_of_range("timestamp")),
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Bytes(bytes)] = args else { return Ok(None) };
    meter.make(bytes.len().saturating_mul(2))?;
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap_or(0);
            out.push(if at <= chunk.len() { char::from(BASE64[index]) } else { '=' });
        }
    }
    Ok(Some(Value::shared_text(out)))
}

fn decode<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Text(text)] = args else { return Ok(None) };
    meter.make(text.len())?;
    let invalid = || Failure::failed("a text is not valid base64");
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if digits.len() % 4 == 1 || padding > 2 || (padding > 0 && text.len() % 4 != 0) {
        return Err(invalid());
    }
    let (mut out, mut bits, mut count) = (Vec::with_capacity(digits.len()), 0_u32, 0_u32);
    for digit in digits.bytes() {
        let value = BASE64.iter().position(|other| *other == digit).ok_or_else(invalid)?;
        bits = bits << 6 | u32::try_from(value).unwrap_or(0);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).unwrap_or(0));
            bits &= (1 << count) - 1;
        }
    }
    Ok(Some(Value::shared_bytes(out)))
}
