//! Makes descriptors of an slice, to write and read by. Everything is described as proto2, which has every kind of
//! field; presence is looked after elsewhere.

use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumOptions, EnumValueDescriptorProto, FieldDescriptorProto, FieldOptions,
    FileDescriptorProto, MessageOptions, OneofDescriptorProto, field_descriptor_proto,
};
use prost_reflect::{DescriptorPool, MessageDescriptor};
use rustc_hash::FxHashSet;

use super::{Focus, NULL, Node, Role, SchemaSlice, default_name};
use crate::compare::evidence::field_shape::{FieldShape, Kind, Many};
use crate::schema::{Enum, EnumValue, Oneof, Scalar};

/// How many values of an enum are taken in beside those that matter.
const MAX_VALUES: usize = 16;

impl<'s> SchemaSlice<'s> {
    /// The descriptor of the root; `None` where the schema is too odd for one.
    pub(in crate::compare::evidence) fn compile(&self) -> Option<MessageDescriptor> {
        let mut enums: Vec<Enum<'s>> = Vec::new();
        let (mut top, mut own) = (Vec::new(), DescriptorProto::default());
        for (at, node) in self.nodes.iter().enumerate() {
            let proto = self.message_proto(at, node, &mut enums);
            if node.own_name().is_some() { own.nested_type.push(proto) } else { top.push(proto) }
        }
        let holds = |name: &str| self.nodes.iter().any(|node| node.own_name() == Some(name));
        if holds("Any") && !holds("Duration") {
            own.nested_type.push(message("Duration".to_owned(), duration()));
        }
        for (at, enumeration) in enums.iter().enumerate() {
            let proto = enum_proto(*enumeration, &self.focus, self.role);
            // Values live beside their enum, so each gets a scope.
            match enumeration.full_name() == NULL {
                true => own.enum_type.push(EnumDescriptorProto { name: Some("NullValue".to_owned()), ..proto }),
                false => top
                    .push(message(format!("E{at}"), DescriptorProto { enum_type: vec![proto], ..Default::default() })),
            }
        }
        if !own.nested_type.is_empty() || !own.enum_type.is_empty() {
            let nested_type = vec![message("protobuf".to_owned(), own)];
            top.push(message("google".to_owned(), DescriptorProto { nested_type, ..Default::default() }));
        }
        let file = FileDescriptorProto { name: Some("evidence".to_owned()), message_type: top, ..Default::default() };
        let mut pool = DescriptorPool::new();
        pool.add_file_descriptor_proto(file).ok()?;
        pool.get_message_by_name(self.full_name(0).trim_start_matches('.'))
    }

    fn full_name(&self, at: usize) -> String {
        self.nodes[at].own_name().map_or_else(|| format!(".M{at}"), |name| format!(".google.protobuf.{name}"))
    }

    fn message_proto(&self, at: usize, node: &Node<'s>, enums: &mut Vec<Enum<'s>>) -> DescriptorProto {
        let mut oneofs: Vec<Oneof<'s>> = Vec::new();
        let is_map = |shape: &FieldShape<'_>| shape.many == Many::Map && self.child(shape) == Some(at);
        let is_entry = self.is_entry(at) && self.nodes.iter().any(|node| node.fields.iter().any(is_map));
        // Keys of maps are texts wherever they are read.
        let is_key = |shape: &FieldShape<'_>| is_entry && shape.number == 1;
        let field = node.fields.iter().map(|shape| {
            let loose = self.role == Role::ByteWriter && shape.unchecked && !is_key(shape);
            let mut proto = self.field_proto(shape, loose, enums);
            proto.oneof_index = shape.oneof.map(|oneof| index_in(&mut oneofs, oneof) as i32);
            proto
        });
        let field = field.collect();
        DescriptorProto {
            name: Some(node.own_name().map_or_else(|| format!("M{at}"), str::to_owned)),
            field,
            // No field is called like that, so that nothing clashes.
            oneof_decl: (0..oneofs.len())
                .map(|at| OneofDescriptorProto { name: Some(format!("oneof {at}")), options: None })
                .collect(),
            options: is_entry.then(|| MessageOptions { map_entry: Some(true), ..MessageOptions::default() }),
            ..DescriptorProto::default()
        }
    }

    /// The descriptor of a field; that of a loose one takes any bytes.
    fn field_proto(&self, shape: &FieldShape<'s>, loose: bool, enums: &mut Vec<Enum<'s>>) -> FieldDescriptorProto {
        use field_descriptor_proto::{Label, Type};
        let (kind, type_name) = match shape.kind {
            Kind::Scalar(Scalar::String) if loose => (Type::Bytes, None),
            Kind::Scalar(scalar) => (scalar.proto_type(), None),
            Kind::Enum(enumeration) if enumeration.full_name() == NULL => {
                index_in(enums, enumeration);
                (Type::Enum, Some(format!(".{NULL}")))
            }
            Kind::Enum(enumeration) => (Type::Enum, Some(format!(".E{}.E", index_in(enums, enumeration)))),
            Kind::Message(_) => {
                let kind = if shape.delimited { Type::Group } else { Type::Message };
                (kind, self.child(shape).map(|at| self.full_name(at)))
            }
        };
        let label = if shape.many == Many::One { Label::Optional } else { Label::Repeated };
        let default = default_name(shape).or(shape.default);
        FieldDescriptorProto {
            name: Some(shape.name.clone()),
            number: Some(shape.number),
            label: Some(label.into()),
            r#type: Some(kind.into()),
            type_name,
            default_value: default.filter(|_| shape.many == Many::One && !loose).map(str::to_owned),
            json_name: Some(shape.json.clone()),
            options: shape.packed.then(packed_options),
            ..FieldDescriptorProto::default()
        }
    }
}

fn packed_options() -> FieldOptions {
    FieldOptions { packed: Some(true), ..Default::default() }
}

fn message(name: String, proto: DescriptorProto) -> DescriptorProto {
    DescriptorProto { name: Some(name), ..proto }
}

/// What an `Any` holds where it is written.
fn duration() -> DescriptorProto {
    use field_descriptor_proto::{Label, Type};
    let field = |name: &str, number, kind: Type| FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        label: Some(Label::Optional.into()),
        r#type: Some(kind.into()),
        json_name: Some(name.to_owned()),
        ..FieldDescriptorProto::default()
    };
    let field = vec![field("seconds", 1, Type::Int64), field("nanos", 2, Type::Int32)];
    DescriptorProto { field, ..DescriptorProto::default() }
}

/// The position of an element of a list that grows by it if need be.
fn index_in<T: PartialEq>(list: &mut Vec<T>, element: T) -> usize {
    list.iter().position(|other| *other == element).unwrap_or_else(|| {
        list.push(element);
        list.len() - 1
    })
}

/// The first values, and those that matter.
fn enum_proto(enumeration: Enum<'_>, focus: &Focus<'_>, role: Role) -> EnumDescriptorProto {
    let (mut seen, mut numbers) = (FxHashSet::default(), FxHashSet::default());
    let numbered = focus.numbers.iter().flat_map(|&number| enumeration.values_numbered(number));
    let named = focus.names.iter().filter_map(|name| enumeration.value_named(name));
    let mut chosen: Vec<EnumValue<'_>> = enumeration.values().take(MAX_VALUES).chain(numbered).chain(named).collect();
    chosen.sort_unstable_by_key(|value| value.index);
    let mut value: Vec<EnumValueDescriptorProto> = chosen
        .into_iter()
        .filter(|value| role == Role::Reader || numbers.insert(value.number()))
        .filter(|value| seen.insert(value.name()))
        .map(|value| EnumValueDescriptorProto {
            name: Some(value.name().to_owned()),
            number: Some(value.number()),
            options: None,
        })
        .collect();
    if value.is_empty() {
        value.push(EnumValueDescriptorProto { name: Some("0".to_owned()), number: Some(0), options: None });
    }
    EnumDescriptorProto {
        name: Some("E".to_owned()),
        value,
        options: Some(EnumOptions { allow_alias: Some(true), ..EnumOptions::default() }),
        ..EnumDescriptorProto::default()
    }
}
