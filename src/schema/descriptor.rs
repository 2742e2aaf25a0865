//! From the schema back to descriptors with every name resolved, for who needs values: `prost-reflect` interprets
//! options and reads and writes messages by them. Only what a file reaches goes in.

mod options;

use prost_reflect::DescriptorPool;
use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumOptions, EnumValueDescriptorProto, EnumValueOptions,
    ExtensionRangeOptions, FieldDescriptorProto, FileDescriptorProto, FileOptions, MessageOptions,
    MethodDescriptorProto, MethodOptions, OneofDescriptorProto, OneofOptions, ServiceDescriptorProto, ServiceOptions,
    descriptor_proto, enum_descriptor_proto, field_descriptor_proto,
};
use rustc_hash::FxHashSet;

use super::data::{ImportKind, Label, Scalar, Syntax};
use super::element::{Enum, EnumValue, Field, FieldType, File, Message, Method, Service};
use super::features::Presence;
use options::{field_options, uninterpreted};

impl<'s> File<'s> {
    /// The file and all it imports, the imported ones first. Circles are cut.
    pub(crate) fn closure(self) -> Vec<File<'s>> {
        let mut order = Vec::new();
        let mut seen = FxHashSet::from_iter([self.index]);
        let mut stack = vec![(self, 0)];
        while let Some((file, next)) = stack.last_mut() {
            let import = file.imports().nth(*next);
            *next += 1;
            match import {
                Some(import) => {
                    if let Some(target) = import.target().filter(|target| seen.insert(target.index)) {
                        stack.push((target, 0));
                    }
                }
                None => {
                    order.push(*file);
                    stack.pop();
                }
            }
        }
        order
    }

    /// Adds the file to a pool that holds what it imports; its options are interpreted.
    ///
    /// # Errors
    ///
    /// The first thing that cannot be linked or interpreted, in words.
    pub(crate) fn add_to(self, pool: &mut DescriptorPool) -> Result<(), String> {
        pool.add_file_descriptor_proto(to_proto(self)).map_err(|error| error.to_string())
    }
}

/// The descriptor of a file. Editions are described as the older syntax that comes closest: proto3 where a field has
/// implicit presence, if all enums begin with zero as they do there, else proto2.
fn to_proto(file: File<'_>) -> FileDescriptorProto {
    let begins_with_zero = |found: Enum<'_>| found.values().next().is_none_or(|value| value.number() == 0);
    let is_proto3 = match file.syntax() {
        Syntax::Proto3 => true,
        Syntax::Proto2 | Syntax::Unspecified => false,
        Syntax::Edition(_) => {
            file.all_fields().any(|field| field.presence() == Presence::Implicit)
                && file.all_enums().all(begins_with_zero)
        }
    };
    FileDescriptorProto {
        name: Some(file.name().to_owned()),
        package: file.package().map(str::to_owned),
        dependency: visible_to(file).iter().map(|file| file.name().to_owned()).collect(),
        message_type: file.messages().map(|message| message_proto(message, is_proto3)).collect(),
        enum_type: file.enums().map(enum_proto).collect(),
        service: file.services().map(service_proto).collect(),
        extension: file.extensions().map(|field| field_proto(field, is_proto3)).collect(),
        options: uninterpreted(file, file.options())
            .map(|uninterpreted_option| FileOptions { uninterpreted_option, ..FileOptions::default() }),
        syntax: is_proto3.then(|| "proto3".to_owned()),
        ..FileDescriptorProto::default()
    }
}

/// The files whose names it may use: those it imports, and what these bring by `import public`, all as its own imports,
/// since a pool of `prost-reflect` follows public imports for one step only.
fn visible_to(file: File<'_>) -> Vec<File<'_>> {
    let mut seen = FxHashSet::from_iter([file.index]);
    let mut visible: Vec<File<'_>> =
        file.imports().filter_map(|import| import.target()).filter(|target| seen.insert(target.index)).collect();
    let mut at = 0;
    while let Some(reached) = visible.get(at).copied() {
        let public = reached.imports().filter(|import| import.kind() == ImportKind::Public);
        visible.extend(public.filter_map(|import| import.target()).filter(|target| seen.insert(target.index)));
        at += 1;
    }
    visible
}

fn message_proto(message: Message<'_>, is_proto3: bool) -> DescriptorProto {
    let mut oneofs: Vec<OneofDescriptorProto> = message
        .oneofs()
        .map(|oneof| OneofDescriptorProto {
            name: Some(oneof.name().to_owned()),
            options: uninterpreted(message.file(), oneof.options())
                .map(|uninterpreted_option| OneofOptions { uninterpreted_option }),
        })
        .collect();
    let first_oneof = message.oneofs().next().map_or(0, |oneof| oneof.index);
    let mut keys = FxHashSet::default();
    let fields = message.fields().map(|field| {
        let mut proto = field_proto(field, is_proto3);
        // Where JSON is a best effort, fields may share a key; the pool takes none twice.
        if !keys.insert(field.json_name()) {
            proto.json_name = Some(format!("{}#{}", field.json_name(), field.number()));
        }
        proto.oneof_index = field.oneof().map(|oneof| (oneof.index - first_oneof) as i32);
        // An edition's explicit presence is proto3's `optional`, which needs a oneof of its own.
        if proto.proto3_optional() && proto.oneof_index.is_none() {
            proto.oneof_index = Some(oneofs.len() as i32);
            oneofs.push(OneofDescriptorProto { name: Some(format!("_{}", field.name())), options: None });
        }
        proto
    });
    let field = fields.collect();
    let options = uninterpreted(message.file(), message.options());
    DescriptorProto {
        name: Some(message.name().to_owned()),
        field,
        extension: message.extensions().map(|field| field_proto(field, is_proto3)).collect(),
        nested_type: message.messages().map(|message| message_proto(message, is_proto3)).collect(),
        enum_type: message.enums().map(enum_proto).collect(),
        extension_range: message
            .extension_ranges()
            .map(|range| descriptor_proto::ExtensionRange {
                start: Some(range.start),
                end: Some(range.end.saturating_add(1)),
                options: uninterpreted(message.file(), range.options())
                    .map(|uninterpreted_option| ExtensionRangeOptions { uninterpreted_option }),
            })
            .collect(),
        oneof_decl: oneofs,
        options: (options.is_some() || message.is_map_entry()).then(|| MessageOptions {
            uninterpreted_option: options.unwrap_or_default(),
            map_entry: message.is_map_entry().then_some(true),
            ..MessageOptions::default()
        }),
        reserved_range: message
            .reserved()
            .ranges()
            .map(|range| descriptor_proto::ReservedRange {
                start: Some(range.start),
                end: Some(range.end.saturating_add(1)),
            })
            .collect(),
        reserved_name: message.reserved().names().map(|(name, _)| name.to_owned()).collect(),
    }
}

fn field_proto(field: Field<'_>, is_proto3: bool) -> FieldDescriptorProto {
    use field_descriptor_proto::Label as ProtoLabel;
    let presence = field.presence();
    let label = match (field.label(), presence) {
        (Label::Repeated, _) => ProtoLabel::Repeated,
        (_, Presence::Required) => ProtoLabel::Required,
        _ => ProtoLabel::Optional,
    };
    let is_message = matches!(field.field_type(), FieldType::Message(_));
    let has_presence = matches!(presence, Presence::Explicit | Presence::Required);
    let is_optional = is_proto3 && has_presence && !is_message && !field.is_extension();
    let in_true_oneof = field.oneof().is_some_and(|oneof| !oneof.is_synthetic());
    let (kind, type_name) = proto_type(field);
    FieldDescriptorProto {
        name: Some(field.name().to_owned()),
        number: Some(field.number()),
        label: Some(label.into()),
        r#type: Some(kind.into()),
        type_name,
        extendee: field.extendee().map(|message| format!(".{}", message.full_name())),
        default_value: field.written_default().map(str::to_owned),
        json_name: Some(field.json_name()),
        options: field_options(field, is_proto3),
        proto3_optional: (field.is_proto3_optional() || (is_optional && !in_true_oneof)).then_some(true),
        oneof_index: None,
    }
}

/// What cannot be resolved is described as bytes, which is what it looks like on the wire.
fn proto_type(field: Field<'_>) -> (field_descriptor_proto::Type, Option<String>) {
    use field_descriptor_proto::Type;
    let scalar = match field.field_type() {
        FieldType::Message(message) => {
            let kind = if field.is_delimited() { Type::Group } else { Type::Message };
            return (kind, Some(format!(".{}", message.full_name())));
        }
        FieldType::Enum(enumeration) => return (Type::Enum, Some(format!(".{}", enumeration.full_name()))),
        FieldType::Unresolved => return (Type::Bytes, None),
        FieldType::Scalar(scalar) => scalar,
    };
    (scalar.proto_type(), None)
}

impl Scalar {
    /// The word that descriptors have for it.
    pub(crate) fn proto_type(self) -> field_descriptor_proto::Type {
        use field_descriptor_proto::Type;
        match self {
            Scalar::Double => Type::Double,
            Scalar::Float => Type::Float,
            Scalar::Int32 => Type::Int32,
            Scalar::Int64 => Type::Int64,
            Scalar::Uint32 => Type::Uint32,
            Scalar::Uint64 => Type::Uint64,
            Scalar::Sint32 => Type::Sint32,
            Scalar::Sint64 => Type::Sint64,
            Scalar::Fixed32 => Type::Fixed32,
            Scalar::Fixed64 => Type::Fixed64,
            Scalar::Sfixed32 => Type::Sfixed32,
            Scalar::Sfixed64 => Type::Sfixed64,
            Scalar::Bool => Type::Bool,
            Scalar::String => Type::String,
            Scalar::Bytes => Type::Bytes,
        }
    }
}

fn enum_proto(enumeration: Enum<'_>) -> EnumDescriptorProto {
    let file = enumeration.file();
    let value = |value: EnumValue<'_>| EnumValueDescriptorProto {
        name: Some(value.name().to_owned()),
        number: Some(value.number()),
        options: uninterpreted(file, value.options())
            .map(|uninterpreted_option| EnumValueOptions { uninterpreted_option, ..EnumValueOptions::default() }),
    };
    let mut values: Vec<_> = enumeration.values().map(value).collect();
    if values.is_empty() && file.is_damaged() {
        // One that was lost: without any, nothing of the file could be interpreted.
        let name = Some(format!("{}_LOST", enumeration.name()));
        values.push(EnumValueDescriptorProto { name, number: Some(0), options: None });
    }
    EnumDescriptorProto {
        name: Some(enumeration.name().to_owned()),
        value: values,
        options: uninterpreted(file, enumeration.options())
            .map(|uninterpreted_option| EnumOptions { uninterpreted_option, ..EnumOptions::default() }),
        reserved_range: enumeration
            .reserved()
            .ranges()
            .map(|range| enum_descriptor_proto::EnumReservedRange { start: Some(range.start), end: Some(range.end) })
            .collect(),
        reserved_name: enumeration.reserved().names().map(|(name, _)| name.to_owned()).collect(),
    }
}

fn service_proto(service: Service<'_>) -> ServiceDescriptorProto {
    ServiceDescriptorProto {
        name: Some(service.name().to_owned()),
        method: service.methods().filter_map(method_proto).collect(),
        options: uninterpreted(service.file(), service.options())
            .map(|uninterpreted_option| ServiceOptions { uninterpreted_option, ..ServiceOptions::default() }),
    }
}

/// Rpcs whose messages cannot be resolved are left out.
fn method_proto(method: Method<'_>) -> Option<MethodDescriptorProto> {
    Some(MethodDescriptorProto {
        name: Some(method.name().to_owned()),
        input_type: Some(format!(".{}", method.input()?.full_name())),
        output_type: Some(format!(".{}", method.output()?.full_name())),
        options: uninterpreted(method.file(), method.options())
            .map(|uninterpreted_option| MethodOptions { uninterpreted_option, ..MethodOptions::default() }),
        client_streaming: method.is_client_streaming().then_some(true),
        server_streaming: method.is_server_streaming().then_some(true),
    })
}
