//! From a descriptor of a file to the compact [`FileData`]: of the files that are built in. It uses no texts, so that
//! nothing has a place.

mod fields;
mod options;

use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto,
};

use super::{Lowering, MAX_NUMBER, index, run_at};
use crate::schema::data::{
    Declared, EnumData, EnumValueData, FileData, ImportData, ImportKind, MessageData, MethodData, RangeData, Reserved,
    ReservedNameData, Run, ServiceData, Syntax, Text, Visibility,
};
use crate::source::Span;

/// Lowers the descriptor.
pub(in crate::schema) fn lower(proto: &FileDescriptorProto) -> FileData {
    let data = FileData {
        name: proto.name().to_owned(),
        syntax: match proto.syntax.as_deref() {
            Some("proto3") => Syntax::Proto3,
            Some(_) => Syntax::Proto2,
            None => Syntax::Unspecified,
        },
        ..FileData::default()
    };
    let mut lowering = Lowering { data, repeated: 0, faults: Vec::new() };
    lowering.file(proto);
    lowering.data.strings.shrink_to_fit();
    lowering.data
}

impl Lowering {
    fn file(&mut self, proto: &FileDescriptorProto) {
        self.data.package = proto.package.as_deref().map(|package| self.intern(package));
        let scope = self.data.package.unwrap_or_default();
        self.imports(proto);
        self.data.top_messages = self.messages(&proto.message_type, None, scope);
        self.data.top_enums = self.enums(&proto.enum_type, None, scope);
        self.data.top_extensions = self.fields(&proto.extension, None, Run::default());
        for service in &proto.service {
            let service = self.service(service, scope);
            self.data.services.push(service);
        }
        if let Some(options) = &proto.options {
            self.data.options_run = self.options(&options.uninterpreted_option);
        }
    }

    fn imports(&mut self, proto: &FileDescriptorProto) {
        for path in &proto.dependency {
            let path = self.intern(path);
            self.data.imports.push(ImportData { path, kind: ImportKind::Plain, span: Span::NONE });
        }
        let kinds = [(&proto.public_dependency, ImportKind::Public), (&proto.weak_dependency, ImportKind::Weak)];
        for (indexes, kind) in kinds {
            for &at in indexes {
                if let Some(import) = usize::try_from(at).ok().and_then(|at| self.data.imports.get_mut(at)) {
                    import.kind = kind;
                }
            }
        }
    }

    /// Siblings stand next to each other, so their places are taken before their children are lowered.
    fn messages(&mut self, protos: &[DescriptorProto], parent: Option<u32>, scope: Text) -> Run {
        let run = run_at(&self.data.messages, protos.len());
        for proto in protos {
            let name = self.intern(proto.name());
            let full_name = self.full_name(scope, proto.name());
            let map_entry = proto.options.as_ref().is_some_and(|options| options.map_entry());
            self.data.messages.push(MessageData { map_entry, ..MessageData::new(name, full_name, parent) });
        }
        for (at, proto) in run.indexes().zip(protos) {
            self.message_body(at, proto);
        }
        run
    }

    fn message_body(&mut self, at: u32, proto: &DescriptorProto) {
        let scope = self.data.messages[at as usize].full_name;
        let oneofs = self.oneofs(proto, at);
        let fields = self.fields(&proto.field, Some(at), oneofs);
        self.maps(proto, fields, scope);
        let extensions = self.fields(&proto.extension, Some(at), Run::default());
        let enums = self.enums(&proto.enum_type, Some(at), scope);
        let messages = self.messages(&proto.nested_type, Some(at), scope);
        let is_message_set = proto.options.as_ref().is_some_and(options::is_message_set);
        let extension_ranges = run_at(&self.data.ranges, proto.extension_range.len());
        for range in &proto.extension_range {
            let options = range.options.as_ref().map(|options| self.options(&options.uninterpreted_option));
            let end = match range.end().saturating_sub(1) {
                // In message sets `max` is more: protoc's `DescriptorBuilder::BuildMessage`.
                MAX_NUMBER if is_message_set => i32::MAX - 1,
                end => end,
            };
            self.range(range.start(), end, options.unwrap_or_default());
        }
        let ranges = proto.reserved_range.iter().map(|range| (range.start(), range.end().saturating_sub(1)));
        let reserved = self.reserved(ranges, &proto.reserved_name);
        let options = proto.options.as_ref().map(|options| self.options(&options.uninterpreted_option));
        let message = &mut self.data.messages[at as usize];
        message.fields = fields;
        message.oneofs = oneofs;
        message.messages = messages;
        message.enums = enums;
        message.extensions = extensions;
        message.extension_ranges = extension_ranges;
        message.reserved = reserved;
        message.options = options.unwrap_or_default();
    }

    fn range(&mut self, start: i32, end: i32, options: Run) {
        self.data.ranges.push(RangeData { start, end, options, span: Span::NONE });
    }

    fn reserved(&mut self, ranges: impl ExactSizeIterator<Item = (i32, i32)>, names: &[String]) -> Reserved {
        let ranges_run = run_at(&self.data.ranges, ranges.len());
        for (start, end) in ranges {
            self.range(start, end, Run::default());
        }
        let names_run = run_at(&self.data.reserved_names, names.len());
        for name in names {
            let name = self.intern(name);
            self.data.reserved_names.push(ReservedNameData { name, span: Span::NONE });
        }
        Reserved { ranges: ranges_run, names: names_run, span: Span::NONE }
    }

    fn enums(&mut self, protos: &[EnumDescriptorProto], parent: Option<u32>, scope: Text) -> Run {
        let run = run_at(&self.data.enums, protos.len());
        for proto in protos {
            let at = index(self.data.enums.len());
            let values = run_at(&self.data.values, proto.value.len());
            for value in &proto.value {
                let name = self.intern(value.name());
                let options = value.options.as_ref().map(|o| self.options(&o.uninterpreted_option)).unwrap_or_default();
                let (number, place) = (value.number(), Declared::NOWHERE);
                self.data.values.push(EnumValueData {
                    name,
                    number,
                    parent: at,
                    options,
                    place,
                    number_span: Span::NONE,
                });
            }
            let ranges = proto.reserved_range.iter().map(|range| (range.start(), range.end()));
            let reserved = self.reserved(ranges, &proto.reserved_name);
            let enumeration = EnumData {
                name: self.intern(proto.name()),
                full_name: self.full_name(scope, proto.name()),
                parent,
                values,
                reserved,
                options: proto.options.as_ref().map(|o| self.options(&o.uninterpreted_option)).unwrap_or_default(),
                visibility: Visibility::Default,
                place: Declared::NOWHERE,
            };
            self.data.enums.push(enumeration);
        }
        run
    }

    fn service(&mut self, proto: &ServiceDescriptorProto, scope: Text) -> ServiceData {
        let parent = index(self.data.services.len());
        let methods = run_at(&self.data.methods, proto.method.len());
        for method in &proto.method {
            let method = self.method(method, parent);
            self.data.methods.push(method);
        }
        ServiceData {
            name: self.intern(proto.name()),
            full_name: self.full_name(scope, proto.name()),
            methods,
            options: proto.options.as_ref().map(|o| self.options(&o.uninterpreted_option)).unwrap_or_default(),
            place: Declared::NOWHERE,
        }
    }

    fn method(&mut self, proto: &MethodDescriptorProto, parent: u32) -> MethodData {
        MethodData {
            name: self.intern(proto.name()),
            parent,
            input: self.intern(proto.input_type()),
            output: self.intern(proto.output_type()),
            client_streaming: proto.client_streaming(),
            server_streaming: proto.server_streaming(),
            options: proto.options.as_ref().map(|o| self.options(&o.uninterpreted_option)).unwrap_or_default(),
            place: Declared::NOWHERE,
            input_span: Span::NONE,
            output_span: Span::NONE,
        }
    }
}
