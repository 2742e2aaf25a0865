//! Changes of types: what they are made of, where they are, and what fields hold of them.

use super::super::generate::{SCALARS, add_enum, add_extension, add_message, any_type};
use super::super::model::{FieldModel, Home, Label, Model, Type, Value};
use super::any_field;
use crate::schema::Scalar;
use crate::schema::tests::random::Random;

/// Another message or enum, of the same structure, or nearly.
pub(super) fn twin(model: &mut Model, random: &mut Random) -> Option<()> {
    let (at, field) = any_field(model, random)?;
    let of = model.messages[at].fields[field].of;
    model.messages[at].fields[field].of = match of {
        Type::Message(old) => {
            let mut twin = model.messages[old].clone();
            twin.name = model.new_name("Twin");
            if random.chance(30) {
                twin.fields.pop();
            }
            // Groups belong to one message.
            twin.fields.iter_mut().for_each(|field| field.is_delimited = false);
            model.messages.push(twin);
            Type::Message(model.messages.len() - 1)
        }
        Type::Enum(old) => {
            let mut twin = model.enums[old].clone();
            twin.name = model.new_name("Twin");
            if random.chance(30) {
                twin.values.pop().filter(|_| !twin.values.is_empty())?;
            }
            // Values live beside their enum.
            let prefix = model.new_name("T");
            twin.values.iter_mut().for_each(|(name, _)| *name = format!("{prefix}_{name}"));
            let is_nested = random.chance(50);
            if is_nested {
                let scope = add_message(model, random);
                twin.home = Home::Message(scope);
                twin.values.iter_mut().zip(&model.enums[old].values).for_each(|(new, old)| new.0.clone_from(&old.0));
            }
            model.enums.push(twin);
            Type::Enum(model.enums.len() - 1)
        }
        _ => return None,
    };
    model.messages[at].fields[field].default = None;
    Some(())
}

pub(super) fn map_and_entries(model: &mut Model, random: &mut Random) -> Option<()> {
    let (at, field) = any_field(model, random)?;
    match model.messages[at].fields[field].of {
        Type::Map(key, value) => {
            let entry = add_message(model, random);
            model.messages[entry].home = Home::File(model.file_of(model.messages[at].home));
            let value = match value {
                Value::Scalar(scalar) => Type::Scalar(scalar),
                Value::Message(at) => Type::Message(at),
                Value::Enum(at) => Type::Enum(at),
            };
            model.messages[entry].fields = vec![
                FieldModel::new("key".to_owned(), 1, Type::Scalar(key), Label::Optional),
                FieldModel::new("value".to_owned(), 2, value, Label::Optional),
            ];
            let field = &mut model.messages[at].fields[field];
            (field.of, field.label) = (Type::Message(entry), Label::Repeated);
        }
        _ => model.messages[at].fields[field].of = Type::Map(Scalar::Int32, Value::Scalar(random.pick(&SCALARS))),
    }
    Some(())
}

pub(super) fn message_and_bytes(model: &mut Model, random: &mut Random) -> Option<()> {
    let (at, field) = any_field(model, random)?;
    let message = random.maybe_pick(&model.living())?;
    let field = &mut model.messages[at].fields[field];
    field.of = match field.of {
        Type::Message(_) => Type::Scalar(Scalar::Bytes),
        Type::Scalar(Scalar::Bytes | Scalar::String) => Type::Message(message),
        _ => return None,
    };
    Some(())
}

pub(super) fn move_type(model: &mut Model, random: &mut Random) -> Option<()> {
    let file = random.below(model.files.len());
    if random.chance(70) {
        let at = random.maybe_pick(&model.living())?;
        model.messages[at].home = Home::File(file);
    } else {
        let at = random.maybe_pick(&model.living_enums())?;
        model.enums[at].home = Home::File(file);
    }
    Some(())
}

pub(super) fn extension(model: &mut Model, random: &mut Random) -> Option<()> {
    let count = model.extensions.len();
    if count == 0 || random.chance(20) {
        add_extension(model, random);
        return Some(());
    }
    let at = random.below(count);
    match random.below(4) {
        0 => _ = model.extensions.remove(at),
        1 => model.extensions[at].field.name = model.new_name("renamed_"),
        2 => model.extensions[at].field.label = random.pick(&[Label::Optional, Label::Repeated]),
        _ => model.extensions[at].field.of = any_type(model, random),
    }
    Some(())
}

pub(super) fn delete_type(model: &mut Model, random: &mut Random) -> Option<()> {
    if random.chance(30) {
        _ = add_enum(model, random);
        return Some(());
    }
    let at = random.maybe_pick(&model.living())?;
    model.messages[at].is_gone = true;
    let gone = |model: &Model, field: &FieldModel| match field.target() {
        Some(Type::Message(at)) => !model.is_living(at),
        Some(Type::Enum(at)) => !model.living_enums().contains(&at),
        _ => false,
    };
    let before = model.clone();
    for message in &mut model.messages {
        for field in message.fields.iter_mut().filter(|field| gone(&before, field)) {
            field.of = Type::Scalar(Scalar::Bytes);
        }
    }
    model.extensions.retain(|extension| before.is_living(extension.extendee) && !gone(&before, &extension.field));
    Some(())
}
