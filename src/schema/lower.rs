//! From the parser's descriptor of a file to the compact [`FileData`]. It knows the descriptor format, not the text:
//! places are filled in by `places`.

mod fields;
mod options;
mod places;
#[cfg(test)]
pub(crate) mod compare_tmp;
pub(super) mod tree;

use std::sync::OnceLock;

use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto,
};

use rustc_hash::FxHashMap;

use super::data::{
    Declared, EnumData, EnumValueData, FileData, ImportData, ImportKind, MessageData, MethodData, RangeData, Reserved,
    ReservedNameData, Run, ServiceData, Syntax, Text, Visibility,
};
use crate::source::Span;

pub(super) use places::TextMap;

/// Lowers the descriptor; `text` tells how its places map to the user's text, if there is one.
pub(super) fn lower(proto: FileDescriptorProto, text: Option<&TextMap<'_>>) -> FileData {
    let mut lowering = Lowering { data: empty(&proto), repeated: 0 };
    lowering.file(&proto);
    let mut data = lowering.data;
    if let (Some(text), Some(info)) = (text, proto.source_code_info) {
        places::place(&mut data, &info.location, text);
    }
    data.strings.shrink_to_fit();
    data
}

fn empty(proto: &FileDescriptorProto) -> FileData {
    FileData {
        name: proto.name().to_owned(),
        source: None,
        strings: String::new(),
        syntax: match proto.syntax.as_deref() {
            Some("proto3") => Syntax::Proto3,
            Some(_) => Syntax::Proto2,
            None => Syntax::Unspecified,
        },
        syntax_span: Span::NONE,
        package: None,
        package_span: Span::NONE,
        imports: Vec::new(),
        top_messages: Run::default(),
        top_enums: Run::default(),
        top_extensions: Run::default(),
        options_run: Run::default(),
        messages: Vec::new(),
        fields: Vec::new(),
        extendees: Vec::new(),
        oneofs: Vec::new(),
        enums: Vec::new(),
        values: Vec::new(),
        services: Vec::new(),
        methods: Vec::new(),
        ranges: Vec::new(),
        reserved_names: Vec::new(),
        options: Vec::new(),
        option_parts: Vec::new(),
        value_fields: Vec::new(),
        value_elements: Vec::new(),
        damage: None,
        details: Vec::new(),
        directives: Vec::new(),
        hot: Vec::new(),
        has_long_names: false,
        byte_strings: Vec::new(),
        byte_defaults: FxHashMap::default(),
        features: OnceLock::new(),
    }
}

/// The most bytes of a full name: protoc's `descriptor.cc` keeps the length in 16 bits.
pub(super) const LONGEST_NAME: usize = u16::MAX as usize;

/// The most bytes that the full names of a file may repeat of what encloses them.
const MOST_REPEATED: usize = 1 << 27;

/// The largest number of a field.
const LARGEST_NUMBER: i32 = (1 << 29) - 1;

struct Lowering {
    data: FileData,
    /// How many bytes full names repeated so far.
    repeated: usize,
}

/// A run at the end of an arena that `count` elements are about to be pushed to.
fn run_at<T>(arena: &[T], count: usize) -> Run {
    Run { start: index(arena.len()), len: index(count) }
}

fn index(count: usize) -> u32 {
    u32::try_from(count).expect("a file of at most 2 GiB has fewer than 2^32 elements")
}

impl Lowering {
    fn intern(&mut self, text: &str) -> Text {
        let start = index(self.data.strings.len());
        self.data.strings.push_str(text);
        Text { start, len: index(text.len()) }
    }

    /// The full name of an element called `name` in `scope`, which may be empty.
    fn full_name(&mut self, scope: Text, name: &str) -> Text {
        if scope.len as usize + name.len() >= LONGEST_NAME || self.repeated > MOST_REPEATED {
            self.data.has_long_names = true;
            return self.intern(name);
        }
        self.repeated += scope.len as usize;
        let start = index(self.data.strings.len());
        if scope.len > 0 {
            let scope = scope.start as usize..(scope.start + scope.len) as usize;
            self.data.strings.extend_from_within(scope);
            self.data.strings.push('.');
        }
        self.data.strings.push_str(name);
        Text { start, len: index(self.data.strings.len()) - start }
    }

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
            self.data.messages.push(MessageData {
                name,
                full_name,
                parent,
                fields: Run::default(),
                oneofs: Run::default(),
                messages: Run::default(),
                enums: Run::default(),
                extensions: Run::default(),
                extension_ranges: Run::default(),
                reserved: Reserved { ranges: Run::default(), names: Run::default(), span: Span::NONE },
                options: Run::default(),
                map_entry,
                visibility: Visibility::Default,
                place: Declared::NOWHERE,
            });
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
                LARGEST_NUMBER if is_message_set => i32::MAX - 1,
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
