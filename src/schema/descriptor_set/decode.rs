//! Reads one file of a descriptor set into the model, and refuses what no source could say. The numbers are those of
//! `google/protobuf/descriptor.proto`; it does not depend on what the file is lowered to.

mod read;

use super::model::*;
use super::wire::{Part, Value};
pub(crate) use read::{Fault, Read, each, integers, is_identifier, quoted};
use read::{is_full_name, name, named, text, type_name};

/// Messages may nest this deep, <https://protobuf.dev/programming-guides/proto-limits/>; the parser stops there too.
const MAX_LEVELS: usize = 32;

/// Decodes a `FileDescriptorProto`.
pub(super) fn file(part: Part<'_>) -> Read<File<'_>> {
    let mut file = File {
        name: "",
        package: "",
        syntax: Syntax::Proto2,
        imports: Vec::new(),
        public_imports: Vec::new(),
        weak_imports: Vec::new(),
        option_imports: Vec::new(),
        messages: Vec::new(),
        enums: Vec::new(),
        services: Vec::new(),
        extensions: Vec::new(),
        options: Vec::new(),
        source_info: Vec::new(),
        is_import: false,
        size: part.bytes.len(),
    };
    let (mut syntax, mut edition) = ("", None);
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => file.name = text(part, "the name of the file")?,
            (2, Value::Bytes(part)) => file.package = text(part, "the package")?,
            (3, Value::Bytes(part)) => file.imports.push(text(part, "an import")?),
            (4, Value::Bytes(part)) => file.messages.push(message(part, 1)?),
            (5, Value::Bytes(part)) => file.enums.push(enumeration(part)?),
            (6, Value::Bytes(part)) => file.services.push(service(part)?),
            (7, Value::Bytes(part)) => file.extensions.push(field(part, true)?),
            (8, Value::Bytes(part)) => file.options.push(part),
            (9, Value::Bytes(part)) => file.source_info.push(part),
            (10, value) => integers(value, &mut file.public_imports)?,
            (11, value) => integers(value, &mut file.weak_imports)?,
            (12, Value::Bytes(part)) => syntax = text(part, "the syntax")?,
            (14, Value::Varint(number)) => edition = Some(number),
            (15, Value::Bytes(part)) => file.option_imports.push(text(part, "an import")?),
            // How buf marks imports in a descriptor set, <https://buf.build/docs/reference/images/>.
            (8042, Value::Bytes(part)) => {
                each(part, |number, value| {
                    file.is_import = match (number, value) {
                        (1, Value::Varint(flag)) => flag != 0,
                        _ => file.is_import,
                    };
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    if !file.package.is_empty() && !is_full_name(file.package) {
        return Err(format!("its package {} is not a valid name", quoted(file.package)));
    }
    file.syntax = syntax_of(syntax, edition)?;
    Ok(file)
}

fn syntax_of(syntax: &str, edition: Option<u64>) -> Read<Syntax> {
    match (syntax, edition) {
        ("editions", Some(1000)) => Ok(Syntax::Edition(2023)),
        ("editions", Some(1001)) => Ok(Syntax::Edition(2024)),
        ("editions", Some(1002)) => Ok(Syntax::Edition(2026)),
        ("proto3", _) | ("", Some(999)) => Ok(Syntax::Proto3),
        ("proto2" | "", None | Some(0 | 900 | 998)) => Ok(Syntax::Proto2),
        ("editions", None) => Err("it does not say its edition".to_owned()),
        ("editions" | "" | "proto2", Some(edition)) => Err(format!("its edition, number {edition}, is not supported")),
        _ => Err(format!("its syntax {} is unknown", quoted(syntax))),
    }
}

fn visibility(number: u64) -> Visibility {
    match number {
        1 => Visibility::Local,
        2 => Visibility::Export,
        _ => Visibility::Default,
    }
}

fn message(part: Part<'_>, level: usize) -> Read<Message<'_>> {
    if level > MAX_LEVELS {
        return Err(format!("its messages are nested more than {MAX_LEVELS} levels deep"));
    }
    let mut message = Message::default();
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => message.name = name(part, "a message")?,
            (2, Value::Bytes(part)) => message.fields.push(field(part, false)?),
            (3, Value::Bytes(part)) => message.messages.push(self::message(part, level + 1)?),
            (4, Value::Bytes(part)) => message.enums.push(enumeration(part)?),
            (5, Value::Bytes(part)) => message.extension_ranges.push(extension_range(part)?),
            (6, Value::Bytes(part)) => message.extensions.push(field(part, true)?),
            (7, Value::Bytes(part)) => {
                message.is_map_entry = is_map_entry(part)?.unwrap_or(message.is_map_entry);
                message.options.push(part);
            }
            (8, Value::Bytes(part)) => message.oneofs.push(oneof(part)?),
            (9, Value::Bytes(part)) => message.reserved_ranges.push(range(part)?),
            (10, Value::Bytes(part)) => message.reserved_names.push(text(part, "a reserved name")?),
            (11, Value::Varint(number)) => message.visibility = visibility(number),
            _ => {}
        }
        Ok(())
    })?;
    named(message.name, "a message")?;
    Ok(message)
}

/// What options of a message say about it being the entry of a map.
fn is_map_entry(options: Part<'_>) -> Read<Option<bool>> {
    let mut found = None;
    each(options, |number, value| {
        if let (7, Value::Varint(flag)) = (number, value) {
            found = Some(flag != 0);
        }
        Ok(())
    })?;
    Ok(found)
}

fn range(part: Part<'_>) -> Read<(i32, i32)> {
    let mut range = (0, 0);
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Varint(number)) => range.0 = number as i32,
            (2, Value::Varint(number)) => range.1 = number as i32,
            _ => {}
        }
        Ok(())
    })?;
    Ok(range)
}

fn extension_range(part: Part<'_>) -> Read<ExtensionRange<'_>> {
    let (start, end) = range(part)?;
    let mut options = Vec::new();
    each(part, |number, value| {
        if let (3, Value::Bytes(part)) = (number, value) {
            options.push(part);
        }
        Ok(())
    })?;
    Ok(ExtensionRange { start, end, options })
}

fn oneof(part: Part<'_>) -> Read<Oneof<'_>> {
    let mut oneof = Oneof::default();
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => oneof.name = name(part, "a oneof")?,
            (2, Value::Bytes(part)) => oneof.options.push(part),
            _ => {}
        }
        Ok(())
    })?;
    named(oneof.name, "a oneof")?;
    Ok(oneof)
}

fn field(part: Part<'_>, is_extension: bool) -> Read<Field<'_>> {
    let mut field = Field::default();
    let (mut has_number, mut bad_kind, mut oneof) = (false, None, None);
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => field.name = name(part, "a field")?,
            (2, Value::Bytes(part)) if is_extension => field.extendee = type_name(part)?,
            (3, Value::Varint(number)) => (field.number, has_number) = (number as i32, true),
            (4, Value::Varint(2)) => field.label = Label::Required,
            (4, Value::Varint(3)) => field.label = Label::Repeated,
            (4, Value::Varint(_)) => field.label = Label::Optional,
            (5, Value::Varint(number)) => match Kind::from_number(number) {
                Some(kind) => field.kind = kind,
                None => bad_kind = Some(number),
            },
            (6, Value::Bytes(part)) => field.type_name = type_name(part)?,
            (7, Value::Bytes(part)) => field.default = Some(part.bytes),
            (8, Value::Bytes(part)) => field.options.push(part),
            (9, Value::Varint(index)) => oneof = Some(index),
            (10, Value::Bytes(part)) => field.json_name = Some(part.bytes),
            (17, Value::Varint(flag)) => field.is_proto3_optional = flag != 0,
            _ => {}
        }
        Ok(())
    })?;
    let what = named(field.name, "a field")?;
    if let Some(number) = bad_kind {
        return Err(format!("the type of field `{what}`, number {number}, is unknown"));
    }
    if !has_number || field.number < 1 {
        let number = if has_number { format!("the number {}", field.number) } else { "no number".to_owned() };
        return Err(format!("field `{what}` has {number}"));
    }
    if field.type_name.is_empty() && field.kind.scalar().is_none() {
        return Err(format!("field `{what}` has no type"));
    }
    if is_extension && field.extendee.is_empty() {
        return Err(format!("extension `{what}` does not say which message it extends"));
    }
    if let Some(index) = oneof {
        field.oneof = Some(usize::try_from(index).unwrap_or(usize::MAX));
    }
    Ok(field)
}

fn enumeration(part: Part<'_>) -> Read<Enum<'_>> {
    let mut enumeration = Enum::default();
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => enumeration.name = name(part, "an enum")?,
            (2, Value::Bytes(part)) => enumeration.values.push(enum_value(part)?),
            (3, Value::Bytes(part)) => enumeration.options.push(part),
            (4, Value::Bytes(part)) => enumeration.reserved_ranges.push(range(part)?),
            (5, Value::Bytes(part)) => enumeration.reserved_names.push(text(part, "a reserved name")?),
            (6, Value::Varint(number)) => enumeration.visibility = visibility(number),
            _ => {}
        }
        Ok(())
    })?;
    named(enumeration.name, "an enum")?;
    Ok(enumeration)
}

fn enum_value(part: Part<'_>) -> Read<EnumValue<'_>> {
    let mut found = EnumValue::default();
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => found.name = name(part, "a value of an enum")?,
            (2, Value::Varint(number)) => found.number = number as i32,
            (3, Value::Bytes(part)) => found.options.push(part),
            _ => {}
        }
        Ok(())
    })?;
    named(found.name, "a value of an enum")?;
    Ok(found)
}

fn service(part: Part<'_>) -> Read<Service<'_>> {
    let mut service = Service::default();
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => service.name = name(part, "a service")?,
            (2, Value::Bytes(part)) => service.methods.push(method(part)?),
            (3, Value::Bytes(part)) => service.options.push(part),
            _ => {}
        }
        Ok(())
    })?;
    named(service.name, "a service")?;
    Ok(service)
}

fn method(part: Part<'_>) -> Read<Method<'_>> {
    let mut method = Method::default();
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => method.name = name(part, "an rpc")?,
            (2, Value::Bytes(part)) => method.input = type_name(part)?,
            (3, Value::Bytes(part)) => method.output = type_name(part)?,
            (4, Value::Bytes(part)) => method.options.push(part),
            (5, Value::Varint(flag)) => method.client_streaming = flag != 0,
            (6, Value::Varint(flag)) => method.server_streaming = flag != 0,
            _ => {}
        }
        Ok(())
    })?;
    let what = named(method.name, "an rpc")?;
    if method.input.is_empty() || method.output.is_empty() {
        return Err(format!("rpc `{what}` lacks its request or its response"));
    }
    Ok(method)
}

/// Decodes an `UninterpretedOption`.
pub(crate) fn uninterpreted(part: Part<'_>) -> Read<Uninterpreted<'_>> {
    use UninterpretedValue as Is;
    let mut found = Uninterpreted::default();
    each(part, |number, value| {
        found.value = Some(match (number, value) {
            (2, Value::Bytes(part)) => {
                found.name.push(name_part(part)?);
                return Ok(());
            }
            (3, Value::Bytes(part)) => Is::Identifier(text(part, "the value of an option")?),
            (4, Value::Varint(number)) => Is::Positive(number),
            (5, Value::Varint(number)) => Is::Negative(number as i64),
            (6, Value::Fixed64(bits)) => Is::Double(f64::from_bits(bits)),
            (7, Value::Bytes(part)) => Is::String(part.bytes),
            (8, Value::Bytes(part)) => Is::Aggregate(text(part, "the value of an option")?),
            _ => return Ok(()),
        });
        Ok(())
    })?;
    Ok(found)
}

fn name_part(part: Part<'_>) -> Read<(&str, bool)> {
    let (mut name, mut is_extension) = ("", false);
    each(part, |number, value| {
        match (number, value) {
            (1, Value::Bytes(part)) => name = text(part, "the name of an option")?,
            (2, Value::Varint(flag)) => is_extension = flag != 0,
            _ => {}
        }
        Ok(())
    })?;
    if is_full_name(name.strip_prefix('.').filter(|_| is_extension).unwrap_or(name)) {
        Ok((name, is_extension))
    } else {
        Err(format!("{} is not a valid name of an option", quoted(name)))
    }
}
