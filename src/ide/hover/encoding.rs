//! What follows from a declaration: tags and lengths on the wire (<https://protobuf.dev/programming-guides/encoding/>),
//! names in JSON and rpc paths, and the features that it has, with where these come from.

use crate::schema::{
    Element, Enum, FeatureOrigin, Field, FieldType, File, JsonFormat, Message, Method, Presence, Scalar, Syntax,
};

/// What there is to know of an element, a line each.
pub(super) fn facts(element: Element<'_>) -> Vec<String> {
    match element {
        Element::Field(field) => of_field(field),
        Element::Message(message) => of_message(message),
        Element::Enum(enumeration) => of_enum(enumeration),
        Element::EnumValue(value) => {
            let bytes = varint(i64::from(value.number()) as u64);
            vec![format!("number {}, as a value `{}`", value.number(), hex(&bytes))]
        }
        Element::Method(method) => of_method(method),
        _ => Vec::new(),
    }
}

/// How records are framed.
#[derive(Clone, Copy, PartialEq)]
enum WireType {
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    Group = 3,
    Fixed32 = 5,
}

impl WireType {
    fn of_scalar(scalar: Scalar) -> WireType {
        match scalar {
            Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64 => WireType::Fixed64,
            Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32 => WireType::Fixed32,
            Scalar::String | Scalar::Bytes => WireType::Length,
            _ => WireType::Varint,
        }
    }

    /// That of each record of a field; `None` where its type is not resolved.
    fn of_field(field: Field<'_>) -> Option<WireType> {
        Some(match field.field_type() {
            _ if field.is_packed() => WireType::Length,
            FieldType::Scalar(scalar) => WireType::of_scalar(scalar),
            FieldType::Enum(_) => WireType::Varint,
            FieldType::Message(_) if field.is_delimited() => WireType::Group,
            FieldType::Message(_) => WireType::Length,
            FieldType::Unresolved => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            WireType::Varint => "varint",
            WireType::Fixed64 => "64-bit",
            WireType::Length => "length-delimited",
            WireType::Group => "group",
            WireType::Fixed32 => "32-bit",
        }
    }
}

/// The bytes of a number in base 128.
fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7F) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

fn tag(number: i32, wire_type: u64) -> Vec<u8> {
    varint(u64::from(number.unsigned_abs()) << 3 | wire_type)
}

fn of_field(field: Field<'_>) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(wire_type) = WireType::of_field(field) {
        let bytes = tag(field.number(), wire_type as u64);
        let end = match wire_type {
            WireType::Group => format!(", at the end `{}`", hex(&tag(field.number(), 4))),
            _ => String::new(),
        };
        let (number, name) = (field.number(), wire_type.name());
        facts.push(format!("tag `{}`{end}: number {number}, wire type {} ({name})", hex(&bytes), wire_type as u8));
        facts.push(cost(field, bytes.len()));
    }
    facts.extend(json_name(field));
    facts.extend(features(field));
    facts
}

/// What a record takes.
fn cost(field: Field<'_>, tag: usize) -> String {
    let tag = counted(tag);
    match field.field_type() {
        held if field.is_packed() => {
            let each = match held {
                FieldType::Scalar(scalar) => value_length(scalar),
                _ => "1 to 5 bytes, 10 if negative",
            };
            format!("all elements share one record: {tag} of tag, a length, and for each element {each}")
        }
        FieldType::Scalar(scalar) if WireType::of_scalar(scalar) == WireType::Length => {
            format!("each occurrence takes {tag} of tag, a length (1 byte up to 127), and the content")
        }
        FieldType::Scalar(scalar) => format!("each occurrence takes {tag} of tag and {}", value_length(scalar)),
        FieldType::Enum(_) => format!("each occurrence takes {tag} of tag and 1 to 5 bytes, 10 if negative"),
        FieldType::Message(_) if field.is_delimited() => {
            format!("each occurrence takes twice {tag} of tag, and the content")
        }
        FieldType::Message(entry) if entry.is_map_entry() => {
            format!("each entry takes {tag} of tag, a length, and a tag of 1 byte before its key and its value")
        }
        _ => format!("each occurrence takes {tag} of tag, a length (1 byte up to 127), and the content"),
    }
}

fn counted(bytes: usize) -> String {
    format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" })
}

/// The bytes of a scalar value, its tag aside.
fn value_length(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64 => "8 bytes",
        Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32 => "4 bytes",
        Scalar::Bool => "1 byte",
        Scalar::Int32 => "1 to 5 bytes, 10 if negative",
        Scalar::Int64 => "1 to 9 bytes, 10 if negative",
        Scalar::Uint32 | Scalar::Sint32 => "1 to 5 bytes",
        Scalar::Uint64 | Scalar::Sint64 => "1 to 10 bytes",
        Scalar::String | Scalar::Bytes => "a length and the content",
    }
}

/// The wire type of a scalar, and what a value takes.
pub(super) fn scalar_cost(scalar: Scalar) -> String {
    let wire_type = WireType::of_scalar(scalar);
    format!("wire type {} ({}): {}", wire_type as u8, wire_type.name(), value_length(scalar))
}

fn json_name(field: Field<'_>) -> Option<String> {
    if field.is_extension() {
        return Some(format!("JSON name `[{}]`", field.full_name()));
    }
    (!field.is_in_map_entry()).then(|| {
        let set = if field.written_json_name().is_some() { ", set by `json_name`" } else { "" };
        format!("JSON name `{}`{set}", field.json_name())
    })
}

fn features(field: Field<'_>) -> Vec<String> {
    let from = |name: &str| origin(field.feature_origin(name), field.file());
    let mut facts = Vec::new();
    if field.is_presence_known() {
        let presence = match field.presence() {
            Presence::Explicit => Some("explicit presence: not set differs from the default"),
            Presence::Implicit => Some("implicit presence: the default is not sent"),
            Presence::Required => Some("required"),
            Presence::Repeated => None,
        };
        let is_language = field.oneof().is_none_or(|oneof| oneof.is_synthetic()) && !field.is_extension();
        let why = if is_language { from("field_presence") } else { " (as in each oneof or extension)".to_owned() };
        facts.extend(presence.map(|presence| format!("{presence}{why}")));
    }
    if field.is_packable() {
        let encoding = if field.is_packed() { "packed" } else { "expanded: a record for each element" };
        let is_option = field.options().boolean("packed").is_some();
        let why = if is_option { " (set on the field)".to_owned() } else { from("repeated_field_encoding") };
        facts.push(format!("{encoding}{why}"));
    }
    match field.field_type() {
        FieldType::Scalar(Scalar::String) => {
            let checks = if field.validates_utf8() { "UTF-8 is validated" } else { "UTF-8 is not validated" };
            facts.push(format!("{checks}{}", from("utf8_validation")));
        }
        FieldType::Message(message) if !message.is_map_entry() => {
            let encoding = if field.is_delimited() { "delimited by tags" } else { "length-prefixed" };
            let why = if field.is_group() { " (a group)".to_owned() } else { from("message_encoding") };
            facts.push(format!("{encoding}{why}"));
        }
        FieldType::Enum(enumeration) => facts.push(closedness(enumeration)),
        _ => {}
    }
    facts
}

fn closedness(enumeration: Enum<'_>) -> String {
    let words = match enumeration.is_closed() {
        true => "closed enum: other numbers are kept as unknown fields",
        false => "open enum: other numbers are kept as values",
    };
    format!("{words}{}", origin(enumeration.feature_origin("enum_type"), enumeration.file()))
}

/// Where a feature comes from, in parentheses.
fn origin(origin: FeatureOrigin<'_>, file: File<'_>) -> String {
    match origin {
        FeatureOrigin::Own => " (set here)".to_owned(),
        FeatureOrigin::Oneof(oneof) => format!(" (set on oneof `{}`)", oneof.name()),
        FeatureOrigin::Message(message) => format!(" (set on message `{}`)", message.full_name()),
        FeatureOrigin::File => " (set for the file)".to_owned(),
        FeatureOrigin::Language => match file.syntax() {
            Syntax::Unspecified | Syntax::Proto2 => " (proto2)".to_owned(),
            Syntax::Proto3 => " (proto3)".to_owned(),
            Syntax::Edition(edition) => format!(" (default of edition {edition})"),
        },
    }
}

/// Nothing where the syntax supports JSON and nothing else is set.
fn json_format(format: JsonFormat, from: FeatureOrigin<'_>, file: File<'_>) -> Option<String> {
    if format == JsonFormat::Allow && from == FeatureOrigin::Language {
        return None;
    }
    let words = match format {
        JsonFormat::Allow => "JSON is supported",
        JsonFormat::LegacyBestEffort => "JSON is best effort",
    };
    Some(format!("{words}{}", origin(from, file)))
}

/// Whether other files can use a type, where the edition distinguishes that.
fn visibility(is_local: bool, file: File<'_>) -> Option<String> {
    let words = if is_local { "local: only this file can use it" } else { "exported" };
    matches!(file.syntax(), Syntax::Edition(2024..)).then(|| words.to_owned())
}

fn of_message(message: Message<'_>) -> Vec<String> {
    let file = message.file();
    let format = json_format(message.json_format(), message.feature_origin("json_format"), file);
    format.into_iter().chain(visibility(message.is_local(), file)).collect()
}

fn of_enum(enumeration: Enum<'_>) -> Vec<String> {
    let file = enumeration.file();
    let format = json_format(enumeration.json_format(), enumeration.feature_origin("json_format"), file);
    let visibility = visibility(enumeration.is_local(), file);
    [closedness(enumeration)].into_iter().chain(format).chain(visibility).collect()
}

fn of_method(method: Method<'_>) -> Vec<String> {
    let kind = match (method.is_client_streaming(), method.is_server_streaming()) {
        (false, false) => "unary",
        (true, false) => "client streaming",
        (false, true) => "server streaming",
        (true, true) => "streaming in both directions",
    };
    vec![format!("{kind}, gRPC path `/{}/{}`", method.parent().full_name(), method.name())]
}
