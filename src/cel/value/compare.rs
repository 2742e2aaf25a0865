//! Which values are equal and which comes first.

use std::cmp::Ordering;
use std::rc::Rc;

use super::{Map, Value};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;

impl<'v> Value<'v> {
    /// The order of two values, if there is one. Numbers of different types are compared by what they stand for.
    pub(in crate::cel) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
            (Value::Text(left), Value::Text(right)) => Some((**left).cmp(&**right)),
            (Value::Bytes(left), Value::Bytes(right)) => Some((**left).cmp(&**right)),
            (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
            (Value::Timestamp(left), Value::Timestamp(right)) => Some(left.cmp(right)),
            (Value::Double(left), right) => left.partial_cmp(&right.double()?),
            (left, Value::Double(right)) => left.double()?.partial_cmp(right),
            (left, right) => Some(left.integer()?.cmp(&right.integer()?)),
        }
    }

    fn integer(&self) -> Option<i128> {
        match self {
            Value::Int(value) => Some((*value).into()),
            Value::Uint(value) => Some((*value).into()),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers are compared with doubles as doubles")]
    fn double(&self) -> Option<f64> {
        match self {
            Value::Double(value) => Some(*value),
            other => other.integer().map(|value| value as f64),
        }
    }

    /// Whether two values are equal; those of different types never are, numbers apart.
    pub(crate) fn equals(&self, other: &Self, meter: &mut Meter) -> Result<bool, Failure> {
        meter.step()?;
        Ok(match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Text(left), Value::Text(right)) | (Value::Type(left), Value::Type(right)) => {
                meter.read(left.len().min(right.len()))?;
                **left == **right
            }
            (Value::List(left), Value::List(right)) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (left, right) in left.iter().zip(right.iter()) {
                    if !left.equals(&right, meter)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Value::Map(left), Value::Map(right)) => maps_equal(left, right, meter)?,
            (Value::Optional(Some(left)), Value::Optional(Some(right))) => left.equals(right, meter)?,
            (Value::Optional(left), Value::Optional(right)) => left.is_none() && right.is_none(),
            (Value::Message(left), Value::Message(right)) => {
                meter.steps_of(100)?;
                Rc::ptr_eq(left, right) || left == right
            }
            (Value::Object(left), Value::Object(right)) => {
                left.object_type() == right.object_type() && left.identity() == right.identity()
            }
            _ => self.order(other) == Some(Ordering::Equal),
        })
    }

    /// Whether two keys of maps are the same.
    pub(in crate::cel) fn is_same_key(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Text(left), Value::Text(right)) => **left == **right,
            _ => self.order(other) == Some(Ordering::Equal),
        }
    }

    /// Whether it can be the key of a map.
    pub(in crate::cel) fn is_key(&self) -> bool {
        matches!(self, Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Text(_))
    }
}

fn maps_equal<'v>(left: &Map<'v>, right: &Map<'v>, meter: &mut Meter) -> Result<bool, Failure> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (key, value) in left.iter() {
        let is_equal = match right.lookup(&key, meter)? {
            Some(other) => value.equals(&other, meter)?,
            None => false,
        };
        if !is_equal {
            return Ok(false);
        }
    }
    Ok(true)
}
