//! Ways through messages of one side: down by steps, in descriptors and in values.

use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind as ProtoKind, MapKey, MessageDescriptor, ReflectMessage, Value,
};

use super::attempt::Step;

/// The message that an element of a field is; that of the values for a map.
pub(super) fn element(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    match field.kind() {
        ProtoKind::Message(entry) if field.is_map() => match entry.get_field(2)?.kind() {
            ProtoKind::Message(message) => Some(message),
            _ => None,
        },
        ProtoKind::Message(message) => Some(message),
        _ => None,
    }
}

pub(super) fn first_key(field: &FieldDescriptor) -> Option<MapKey> {
    let ProtoKind::Message(entry) = field.kind() else { return None };
    Some(match entry.get_field(1)?.kind() {
        ProtoKind::String => MapKey::String("a".to_owned()),
        kind => MapKey::default_value(&kind),
    })
}

pub(super) fn descend(from: &MessageDescriptor, steps: &[Step<'_>]) -> Option<MessageDescriptor> {
    let down =
        |at: MessageDescriptor, step: &Step<'_>| element(&at.get_field(u32::try_from(step.writer.number).ok()?)?);
    steps.iter().try_fold(from.clone(), down)
}

/// The message that lies where the numbers lead, the first element of each list.
pub(super) fn follow(message: &DynamicMessage, numbers: &[i32]) -> Option<DynamicMessage> {
    let Some((number, rest)) = numbers.split_first() else { return Some(message.clone()) };
    let field = message.descriptor().get_field(u32::try_from(*number).ok()?)?;
    let value = message.get_field(&field);
    let inner = match &*value {
        Value::Message(message) => message,
        Value::List(values) => values.first()?.as_message()?,
        Value::Map(entries) => entries.values().next()?.as_message()?,
        _ => return None,
    };
    follow(inner, rest)
}
