//! What was reserved and is not any more: nothing has the number or the name now, so that the payload shows what the
//! next field or value that takes it makes of old data. Both are made up; the reading is real.

use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    field_descriptor_proto,
};
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, ReflectMessage, Value};

use super::attempt::{Shown, Want};
use super::field_shape::{FieldShape, Kind};
use crate::finding::{Direction, Layer};
use crate::schema::Scalar;

/// A field's number.
pub(super) fn number(number: i32) -> Option<Shown> {
    let text = Kind::Scalar(Scalar::String);
    let old = FieldShape::made_up(&number.to_string(), number, text);
    let shown = super::run(
        Layer::Wire,
        Direction::Backward,
        Want::Meaning,
        vec![old],
        vec![FieldShape::made_up("next", number, text)],
    )?;
    let read = format!("a new field `string next = {number};` reads {}", shown.read);
    Some(Shown { read, ..shown })
}

/// A field's name.
pub(super) fn name(name: &str) -> Option<Shown> {
    let old = FieldShape::made_up(name, 1, Kind::Scalar(Scalar::String));
    let next = FieldShape::made_up(name, 2, Kind::Scalar(Scalar::Int32));
    let shown = super::run(Layer::Json, Direction::Backward, Want::Difference, vec![old], vec![next])?;
    let read = format!("a new field `int32 {name} = 2;`: {}", shown.read);
    Some(Shown { read, ..shown })
}

/// A value's number.
pub(super) fn value_number(number: i32) -> Option<Shown> {
    let writer = holder("OLD", number)?;
    let reader = holder("NEXT", number)?;
    let mut message = DynamicMessage::new(writer);
    message.try_set_field_by_number(1, Value::EnumNumber(number)).ok()?;
    let bytes = prost_reflect::prost::Message::encode_to_vec(&message);
    let read = DynamicMessage::decode(reader, bytes.as_slice()).ok()?;
    let read = format!("a new value `NEXT = {number};` replaces it: {}", shown_value(&read)?);
    let payload = super::text::hex(&bytes);
    Some(Shown { is_weak: false, written: shown_value(&message)?, payload, read })
}

/// A value's name.
pub(super) fn value_name(name: &str) -> Option<Shown> {
    let mut message = DynamicMessage::new(holder(name, 1)?);
    message.try_set_field_by_number(1, Value::EnumNumber(1)).ok()?;
    let payload = serde_json::to_string(&message).ok()?;
    let mut json = serde_json::Deserializer::from_str(&payload);
    let read = DynamicMessage::deserialize(holder(name, 2)?, &mut json).ok()?;
    let number = read.get_field_by_number(1)?.as_enum_number()?;
    let written = format!("{} = 1", shown_value(&message)?);
    Some(Shown { is_weak: false, written, payload, read: format!("a new value `{name} = {number};` replaces it") })
}

/// A message with a field of an enum that has one value beside zero.
fn holder(name: &str, number: i32) -> Option<MessageDescriptor> {
    let value = |name: &str, number| EnumValueDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        options: None,
    };
    let mut values = vec![value(name, number)];
    if number != 0 {
        values.insert(0, value("NONE_OF_THE_OTHERS", 0));
    }
    let field = FieldDescriptorProto {
        name: Some("value".to_owned()),
        number: Some(1),
        label: Some(field_descriptor_proto::Label::Optional.into()),
        r#type: Some(field_descriptor_proto::Type::Enum.into()),
        type_name: Some(".E".to_owned()),
        ..FieldDescriptorProto::default()
    };
    let file = FileDescriptorProto {
        name: Some("unreserved.proto".to_owned()),
        message_type: vec![DescriptorProto {
            name: Some("M".to_owned()),
            field: vec![field],
            ..DescriptorProto::default()
        }],
        enum_type: vec![EnumDescriptorProto {
            name: Some("E".to_owned()),
            value: values,
            ..EnumDescriptorProto::default()
        }],
        ..FileDescriptorProto::default()
    };
    let mut pool = DescriptorPool::new();
    pool.add_file_descriptor_proto(file).ok()?;
    pool.get_message_by_name("M")
}

/// `{value: NAME}`.
fn shown_value(message: &DynamicMessage) -> Option<String> {
    let number = message.get_field_by_number(1)?.as_enum_number()?;
    let prost_reflect::Kind::Enum(enumeration) = message.descriptor().get_field(1)?.kind() else { return None };
    let name = enumeration.get_value(number)?.name().to_owned();
    Some(format!("{{value: {name}}}"))
}
