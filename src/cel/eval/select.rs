//! Reads fields of messages, attributes of objects and entries of maps by their names.

use super::{Evaluated, Evaluator};
use crate::cel::program::{Failure, Selection};
use crate::cel::value::Value;

impl<'v> Evaluator<'_, 'v> {
    pub(super) fn select(&mut self, selection: &'v Selection) -> Evaluated<'v> {
        match self.value(&selection.operand)? {
            Value::Optional(None) => Ok(Value::Optional(None)),
            Value::Optional(Some(value)) => {
                Ok(self.find(&value, selection)?.map_or(Value::Optional(None), Value::some))
            }
            Value::Object(object) => {
                let at = attribute(&*object, selection)?;
                Ok(object.get(at).unwrap_or(Value::Null))
            }
            Value::Message(message) => {
                let unknown = || Failure::Unknown(format!("the field `{}` has no model", selection.name));
                Value::field(&message, &selection.name).ok_or_else(unknown)
            }
            Value::Map(entries) => {
                let found = entries.lookup_name(&selection.name, &mut self.meter)?;
                found.ok_or_else(|| Failure::Failed(format!("there is no key `{}`", selection.name)))
            }
            other => Err(has_no_fields(&other, &selection.name)),
        }
    }

    pub(super) fn has(&mut self, selection: &'v Selection) -> Evaluated<'v> {
        let operand = self.value(&selection.operand)?;
        let is_set = match &operand {
            Value::Optional(None) => false,
            Value::Optional(Some(value)) => self.find(value, selection)?.is_some(),
            operand => self.find(operand, selection)?.is_some(),
        };
        Ok(Value::Bool(is_set))
    }

    pub(super) fn select_optional(&mut self, selection: &'v Selection) -> Evaluated<'v> {
        let operand = self.value(&selection.operand)?;
        let found = match &operand {
            Value::Optional(None) => None,
            Value::Optional(Some(value)) => self.find(value, selection)?,
            operand => self.find(operand, selection)?,
        };
        Ok(found.map_or(Value::Optional(None), Value::some))
    }

    /// The value of a name, if it is set.
    fn find(&mut self, operand: &Value<'v>, selection: &Selection) -> Result<Option<Value<'v>>, Failure> {
        match operand {
            Value::Object(object) => Ok(object.get(attribute(&**object, selection)?)),
            Value::Message(message) => {
                let name = &*selection.name;
                match message.has_field_by_name(name) {
                    true => {
                        let unknown = || Failure::Unknown(format!("the field `{name}` has no model"));
                        Value::field(message, name).map(Some).ok_or_else(unknown)
                    }
                    false
                        if prost_reflect::ReflectMessage::descriptor(&**message).get_field_by_name(name).is_none() =>
                    {
                        Err(has_no_fields(operand, name))
                    }
                    false => Ok(None),
                }
            }
            Value::Map(entries) => entries.lookup_name(&selection.name, &mut self.meter),
            other => Err(has_no_fields(other, &selection.name)),
        }
    }
}

/// The position of an attribute of an object.
fn attribute<'v>(object: &(dyn crate::cel::Object<'v> + 'v), selection: &Selection) -> Result<usize, Failure> {
    let kind = object.object_type();
    match selection.attribute {
        Some((expected, at)) if std::ptr::eq(expected, kind) => Ok(at),
        _ => kind.position(&selection.name).ok_or_else(|| no_attribute(kind.name, &selection.name)),
    }
}

fn no_attribute(of: &str, name: &str) -> Failure {
    Failure::Failed(format!("`{of}` has no attribute `{name}`"))
}

fn has_no_fields(value: &Value<'_>, name: &str) -> Failure {
    Failure::Failed(match value {
        Value::Null => format!("`.{name}` cannot be read, as its operand is `null`"),
        Value::Message(message) => {
            let descriptor = prost_reflect::ReflectMessage::descriptor(&**message);
            format!("`{}` has no field `{name}`", descriptor.full_name())
        }
        other => format!("`{}` has no fields, so `.{name}` cannot be read", &*other.type_name()),
    })
}

/// The most characters of a value that a message shows.
const MAX_SHOWN: usize = 40;

/// A key or index as it is shown in messages.
pub(in crate::cel) fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => match text.char_indices().nth(MAX_SHOWN) {
            Some((end, _)) => format!("`{}…`", &text[..end]),
            None => format!("`{}`", &**text),
        },
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        other => format!("of type `{}`", &*other.type_name()),
    }
}
