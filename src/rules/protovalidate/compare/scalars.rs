//! Values of one type that are likely to show a difference between rules: what the rules name, and what is next to it.
//! Simple values come first. It evaluates nothing.

use prost_reflect::{Kind, Value};

use super::constants::Constants;
use super::texts::{byte_strings, texts};

/// The values of a scalar or an enum.
pub(super) fn scalars(kind: &Kind, constants: &Constants) -> Vec<Value> {
    match kind {
        Kind::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Kind::Float => fractions(constants, f32::MAX.into(), |value, up| {
            let value = value as f32;
            f64::from(if up { value.next_up() } else { value.next_down() })
        })
        .map(|value| Value::F32(value as f32))
        .collect(),
        Kind::Double => {
            let next = |value: f64, up: bool| if up { value.next_up() } else { value.next_down() };
            fractions(constants, f64::MAX, next).map(Value::F64).collect()
        }
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            integers(constants, i32::MIN.into(), i32::MAX.into()).map(|value| Value::I32(value as i32)).collect()
        }
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
            integers(constants, i64::MIN.into(), i64::MAX.into()).map(|value| Value::I64(value as i64)).collect()
        }
        Kind::Uint32 | Kind::Fixed32 => {
            integers(constants, 0, u32::MAX.into()).map(|value| Value::U32(value as u32)).collect()
        }
        Kind::Uint64 | Kind::Fixed64 => {
            integers(constants, 0, u64::MAX.into()).map(|value| Value::U64(value as u64)).collect()
        }
        Kind::Enum(of) => {
            let mut constants = constants.clone();
            constants.numbers.extend(of.values().map(|value| i128::from(value.number())));
            let all = integers(&constants, i32::MIN.into(), i32::MAX.into());
            // Those that are defined come first.
            let mut numbers: Vec<i32> = all.map(|value| value as i32).collect();
            numbers.sort_by_key(|number| of.get_value(*number).is_none());
            numbers.into_iter().map(Value::EnumNumber).collect()
        }
        Kind::String => texts(constants).into_iter().map(Value::String).collect(),
        Kind::Bytes => byte_strings(constants).into_iter().map(|bytes| Value::Bytes(bytes.into())).collect(),
        Kind::Message(_) => Vec::new(),
    }
}

/// Numbers next to those of the rules, within the type's range, the smallest absolute values first.
fn integers(constants: &Constants, least: i128, most: i128) -> impl Iterator<Item = i128> {
    let mut all = vec![0, 1, -1, 2, 10, 100, least, most];
    all.extend(constants.numbers.iter().flat_map(|number| [number - 1, *number, number + 1]));
    all.extend(constants.fractions.iter().flat_map(|number| {
        let whole = number.clamp(-1e30, 1e30) as i128;
        [whole - 1, whole, whole + 1]
    }));
    all.retain(|number| (least..=most).contains(number));
    all.sort_by_key(|number| (number.unsigned_abs(), *number < 0));
    all.dedup();
    all.into_iter()
}

fn fractions(constants: &Constants, most: f64, next: impl Fn(f64, bool) -> f64) -> impl Iterator<Item = f64> {
    let mut all = vec![0.0, 1.0, -1.0, 0.5, most, -most];
    let own = constants.fractions.iter().copied();
    for value in own.chain(constants.numbers.iter().map(|number| *number as f64)) {
        all.extend([value, value + 1.0, value - 1.0, next(value, true), next(value, false)]);
    }
    // A negative zero is another value than zero on the wire only.
    all.retain(|value| !value.is_nan() && value.abs() <= most && (*value != 0.0 || value.is_sign_positive()));
    all.sort_by(|one, other| one.abs().total_cmp(&other.abs()).then(other.total_cmp(one)));
    all.dedup();
    all.into_iter().chain([f64::INFINITY, f64::NEG_INFINITY, f64::NAN])
}

/// Durations or instants next to those of the rules, in nanoseconds.
pub(super) fn times(constants: &Constants, is_instant: bool) -> Vec<i128> {
    const SECOND: i128 = 1_000_000_000;
    let mut all = vec![0, SECOND, 60 * SECOND, 3600 * SECOND];
    match is_instant {
        // 1970 and 2200: before and after any clock; and the first and the last that there are.
        true => all.extend([7_258_118_400 * SECOND, -62_135_596_800 * SECOND, 253_402_300_799 * SECOND]),
        false => all.extend([-SECOND, 315_576_000 * SECOND, -315_576_000 * SECOND]),
    }
    all.extend(constants.times.iter().flat_map(|time| [time - SECOND, time - 1, *time, time + 1, time + SECOND]));
    all.extend(constants.numbers.iter().flat_map(|number| [number * SECOND, (number + 1) * SECOND]));
    let range = match is_instant {
        true => -62_135_596_800 * SECOND..253_402_300_800 * SECOND,
        // What every runtime of the rules takes.
        false => -9_223_372_036_000_000_000..9_223_372_036_000_000_000,
    };
    all.retain(|time| range.contains(time));
    all.sort_by_key(|time| (time.unsigned_abs(), *time < 0));
    all.dedup();
    all
}
