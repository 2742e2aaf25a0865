//! Lowers fields, extensions and oneofs.

use std::borrow::Cow;

use prost_reflect::prost_types::{
    DescriptorProto, FieldDescriptorProto, OneofDescriptorProto, field_descriptor_proto as field,
};
use rustc_hash::FxHashSet;

use crate::schema::data::{Declared, ExtendeeData, FieldData, Label, OneofData, Run, Scalar, Text, WrittenType};
use crate::schema::lower::{Lowering, index, run_at};
use crate::source::Span;

impl Lowering {
    pub(super) fn oneofs(&mut self, proto: &DescriptorProto, parent: u32) -> Run {
        let run = run_at(&self.data.oneofs, proto.oneof_decl.len());
        let mut synthetic = vec![false; proto.oneof_decl.len()];
        // Such a oneof has but one member.
        for field in proto.field.iter().filter(|field| field.proto3_optional()) {
            let at = field.oneof_index.and_then(|at| usize::try_from(at).ok());
            if let Some(mark) = at.and_then(|at| synthetic.get_mut(at)) {
                *mark = true;
            }
        }
        let mut names = taken_names(proto, &synthetic);
        for (oneof, synthetic) in proto.oneof_decl.iter().zip(synthetic) {
            let mut name = Cow::Borrowed(oneof.name());
            while synthetic && names.contains(&*name) {
                name = Cow::Owned(format!("X{name}"));
            }
            if synthetic && !names.is_empty() {
                names.insert(name.clone());
            }
            let oneof = self.oneof(oneof, &name, parent, synthetic);
            self.data.oneofs.push(oneof);
        }
        run
    }

    fn oneof(&mut self, proto: &OneofDescriptorProto, name: &str, parent: u32, synthetic: bool) -> OneofData {
        let name = self.intern(name);
        let options = proto.options.as_ref().map(|options| self.options(&options.uninterpreted_option));
        OneofData { name, parent, synthetic, options: options.unwrap_or_default(), place: Declared::NOWHERE }
    }

    pub(super) fn fields(&mut self, protos: &[FieldDescriptorProto], parent: Option<u32>, oneofs: Run) -> Run {
        let run = run_at(&self.data.fields, protos.len());
        for proto in protos {
            let field = self.field(proto, parent, oneofs);
            self.data.fields.push(field);
        }
        run
    }

    /// Finds maps in what was a descriptor before: there the types of entries have their full names.
    pub(super) fn maps(&mut self, proto: &DescriptorProto, fields: Run, scope: Text) {
        let is_entry = |nested: &&DescriptorProto| nested.options.as_ref().is_some_and(|options| options.map_entry());
        let entries: FxHashSet<&str> = proto.nested_type.iter().filter(is_entry).map(|nested| nested.name()).collect();
        for (at, field) in fields.indexes().zip(&proto.field).filter(|_| !entries.is_empty()) {
            let is_typed = field.r#type == Some(field::Type::Message.into());
            let full_name = field.type_name().strip_prefix('.').filter(|_| is_typed);
            let nested = full_name.and_then(|name| name.strip_prefix(self.data.text(scope))?.strip_prefix('.'));
            if let Some(name) = nested.filter(|name| entries.contains(name)) {
                let type_name = self.intern(name);
                let field = &mut self.data.fields[at as usize];
                (field.written_type, field.type_name) = (WrittenType::Map, type_name);
            }
        }
    }

    fn field(&mut self, proto: &FieldDescriptorProto, parent: Option<u32>, oneofs: Run) -> FieldData {
        let oneof = proto.oneof_index.and_then(|at| u32::try_from(at).ok()).filter(|&at| at < oneofs.len);
        let extendee = proto.extendee.as_deref().map(|name| {
            // The fields of one `extend` block repeat its name.
            let last = self.data.extendees.last().map(|last| last.name);
            let name = last.filter(|&last| self.data.text(last) == name).unwrap_or_else(|| self.intern(name));
            self.data.extendees.push(ExtendeeData { name, span: Span::NONE });
            index(self.data.extendees.len() - 1)
        });
        FieldData {
            name: self.intern(proto.name()),
            number: proto.number(),
            label: match proto.label() {
                field::Label::Optional => Label::Optional,
                field::Label::Required => Label::Required,
                field::Label::Repeated => Label::Repeated,
            },
            written_type: written_type(proto),
            proto3_optional: proto.proto3_optional(),
            type_name: self.intern(proto.type_name()),
            parent,
            oneof: oneof.map(|at| oneofs.start + at),
            extendee,
            json_name: proto.json_name.as_deref().map(|name| self.intern(name)),
            default: proto.default_value.as_deref().map(|value| self.intern(value)),
            options: proto.options.as_ref().map(|o| self.options(&o.uninterpreted_option)).unwrap_or_default(),
            place: Declared::NOWHERE,
            number_span: Span::NONE,
            type_span: Span::NONE,
        }
    }
}

/// The names that no synthetic oneof may have: there are some to ask for only where another name begins with `_`, as
/// the names of such oneofs do; <https://protobuf.dev/programming-guides/field_presence/>.
fn taken_names<'p>(proto: &'p DescriptorProto, synthetic: &[bool]) -> FxHashSet<Cow<'p, str>> {
    let real = proto.oneof_decl.iter().zip(synthetic).filter(|(_, synthetic)| !**synthetic);
    let mut named = proto.field.iter().map(FieldDescriptorProto::name).chain(real.map(|(oneof, _)| oneof.name()));
    match synthetic.contains(&true) && named.clone().any(|name| name.starts_with('_')) {
        true => named.by_ref().map(Cow::Borrowed).collect(),
        false => FxHashSet::default(),
    }
}

fn written_type(proto: &FieldDescriptorProto) -> WrittenType {
    use field::Type;
    let Some(written) = proto.r#type.and_then(|number| Type::try_from(number).ok()) else {
        return WrittenType::Named;
    };
    WrittenType::Scalar(match written {
        Type::Double => Scalar::Double,
        Type::Float => Scalar::Float,
        Type::Int64 => Scalar::Int64,
        Type::Uint64 => Scalar::Uint64,
        Type::Int32 => Scalar::Int32,
        Type::Fixed64 => Scalar::Fixed64,
        Type::Fixed32 => Scalar::Fixed32,
        Type::Bool => Scalar::Bool,
        Type::String => Scalar::String,
        Type::Bytes => Scalar::Bytes,
        Type::Uint32 => Scalar::Uint32,
        Type::Sfixed32 => Scalar::Sfixed32,
        Type::Sfixed64 => Scalar::Sfixed64,
        Type::Sint32 => Scalar::Sint32,
        Type::Sint64 => Scalar::Sint64,
        Type::Group => return WrittenType::Group,
        // The parser has the kind of a named type only where it made the type itself.
        Type::Message if !proto.type_name().starts_with('.') => return WrittenType::Map,
        Type::Message | Type::Enum => return WrittenType::Named,
    })
}
