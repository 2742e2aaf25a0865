//! What descriptors say, as facts: read from what protox or protoc compiles, without any code of this crate.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::prost_types::field_descriptor_proto::Type;
use prost_reflect::{
    DescriptorPool, DynamicMessage, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, FileDescriptor, Kind, MapKey,
    MessageDescriptor, ServiceDescriptor, Syntax, Value,
};

/// A property of an element: its kind and full name, the name of the property and its value.
pub(crate) type Fact = (String, String, String, String);

/// The descriptors of files that protox compiles; `None` where it does not.
pub(crate) fn compiled(files: &BTreeMap<String, String>) -> Option<DescriptorPool> {
    struct Texts(BTreeMap<String, String>);
    impl protox::file::FileResolver for Texts {
        fn open_file(&self, name: &str) -> Result<protox::file::File, protox::Error> {
            let text = self.0.get(name).ok_or_else(|| protox::Error::file_not_found(name))?;
            protox::file::File::from_source(name, text)
        }
    }
    let mut resolver = protox::file::ChainFileResolver::new();
    resolver.add(Texts(files.clone()));
    resolver.add(protox::file::GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    for name in files.keys() {
        compiler.open_file(name).ok()?;
    }
    Some(compiler.descriptor_pool())
}

/// The facts of those files of a pool.
pub(crate) fn facts<'n>(pool: &DescriptorPool, names: impl IntoIterator<Item = &'n String>) -> BTreeSet<Fact> {
    let mut facts = Facts(BTreeSet::new());
    for name in names {
        facts.file(&pool.get_file_by_name(name).unwrap());
    }
    facts.0
}

struct Facts(BTreeSet<Fact>);

impl Facts {
    fn add(&mut self, kind: &str, symbol: &str, property: &str, value: impl Into<String>) {
        self.0.insert((kind.to_owned(), symbol.to_owned(), property.to_owned(), value.into()));
    }

    fn options(&mut self, kind: &str, symbol: &str, options: &DynamicMessage) {
        for (field, value) in options.fields().filter(|(field, _)| field.name() != "map_entry") {
            self.add(kind, symbol, &format!("option {}", field.name()), written(value, &field.kind()));
        }
        for (extension, value) in options.extensions() {
            let name = format!("option ({})", extension.full_name());
            self.add(kind, symbol, &name, written(value, &extension.kind()));
        }
    }

    fn file(&mut self, file: &FileDescriptor) {
        let name = file.name();
        let proto = file.file_descriptor_proto();
        self.add("file", name, "package", file.package_name());
        self.add("file", name, "syntax", if file.syntax() == Syntax::Proto3 { "proto3" } else { "proto2" });
        for (at, path) in (0..).zip(&proto.dependency) {
            let is_in = |list: &[i32]| list.contains(&at);
            let word = match (is_in(&proto.public_dependency), is_in(&proto.weak_dependency)) {
                (true, _) => "public ",
                (_, true) => "weak ",
                _ => "",
            };
            self.add("file", name, "import", format!("{word}{path}"));
        }
        self.options("file", name, &file.options());
        let place = Place::File(name);
        file.messages().for_each(|message| self.message(&message, place));
        file.enums().for_each(|found| self.enumeration(&found, place));
        file.extensions().for_each(|extension| self.extension(&extension, place));
        file.services().for_each(|service| self.service(&service, name));
    }

    fn place(&mut self, kind: &str, symbol: &str, place: Place<'_>) {
        match place {
            Place::File(file) => self.add(kind, symbol, "file", file),
            Place::Message(message) => self.add(kind, symbol, "in", message),
        }
    }

    fn message(&mut self, message: &MessageDescriptor, place: Place<'_>) {
        if message.is_map_entry() {
            return;
        }
        let (kind, symbol) = ("message", message.full_name());
        self.place(kind, symbol, place);
        let proto = message.descriptor_proto();
        let reserved = proto.reserved_range.iter().map(|range| (range.start(), range.end() - 1));
        self.reserved(kind, symbol, reserved.collect(), &proto.reserved_name, (1 << 29) - 1);
        for range in &proto.extension_range {
            self.add(kind, symbol, "extensions", shown(range.start(), range.end() - 1, (1 << 29) - 1));
        }
        self.options(kind, symbol, &message.options());
        for field in message.fields() {
            self.field(&field, symbol);
        }
        for oneof in message.oneofs().filter(|oneof| !oneof.is_synthetic()) {
            self.add("oneof", oneof.full_name(), "in", symbol);
            self.options("oneof", oneof.full_name(), &oneof.options());
        }
        let inner = Place::Message(symbol);
        message.child_messages().for_each(|child| self.message(&child, inner));
        message.child_enums().for_each(|child| self.enumeration(&child, inner));
        message.child_extensions().for_each(|extension| self.extension(&extension, inner));
    }

    fn reserved(&mut self, kind: &str, symbol: &str, mut ranges: Vec<(i32, i32)>, names: &[String], max: i32) {
        ranges.sort_unstable();
        let mut merged: Vec<(i32, i32)> = Vec::new();
        for (start, end) in ranges {
            match merged.last_mut().filter(|last| i64::from(start) <= i64::from(last.1) + 1) {
                Some(last) => last.1 = last.1.max(end),
                None => merged.push((start, end)),
            }
        }
        for (start, end) in merged {
            self.add(kind, symbol, "reserved", shown(start, end, max));
        }
        for name in names {
            self.add(kind, symbol, "reserved_name", name);
        }
    }

    fn field(&mut self, field: &FieldDescriptor, message: &str) {
        let (kind, symbol, proto) = ("field", field.full_name(), field.field_descriptor_proto());
        self.add(kind, symbol, "in", message);
        self.add(kind, symbol, "number", field.number().to_string());
        let ty = match (field.is_map(), field.kind()) {
            (true, Kind::Message(entry)) => {
                format!(
                    "map<{}, {}>",
                    name_of(&entry.map_entry_key_field().kind()),
                    name_of(&entry.map_entry_value_field().kind())
                )
            }
            (_, kind) => name_of(&kind),
        };
        self.add(kind, symbol, "type", ty);
        let is_proto3 = field.parent_file().syntax() == Syntax::Proto3;
        let presence = match proto.label() {
            _ if field.is_map() => "map",
            prost_reflect::prost_types::field_descriptor_proto::Label::Repeated => "repeated",
            prost_reflect::prost_types::field_descriptor_proto::Label::Required => "required",
            _ if !is_proto3 || field.supports_presence() => "explicit",
            _ => "implicit",
        };
        self.add(kind, symbol, "presence", presence);
        self.rest_of_field(kind, symbol, proto, field.default_value());
        if let Some(oneof) = field.containing_oneof().filter(|oneof| !oneof.is_synthetic()) {
            self.add(kind, symbol, "oneof", oneof.name());
        }
        self.options(kind, symbol, &field.options());
    }

    fn rest_of_field(
        &mut self,
        kind: &str,
        symbol: &str,
        proto: &prost_reflect::prost_types::FieldDescriptorProto,
        default: Value,
    ) {
        if proto.r#type() == Type::Group {
            self.add(kind, symbol, "encoding", "delimited");
        }
        if !proto.json_name().is_empty() && proto.json_name() != json_name(proto.name()) {
            self.add(kind, symbol, "json_name", proto.json_name());
        }
        if let Some(written) = &proto.default_value {
            let value = match default {
                Value::String(text) => format!("\"{}\"", text.as_bytes().escape_ascii()),
                Value::Bytes(bytes) => format!("\"{}\"", bytes.escape_ascii()),
                Value::EnumNumber(_) => written.clone(),
                other => self::written(&other, &Kind::Int32),
            };
            self.add(kind, symbol, "default", value);
        }
    }

    fn extension(&mut self, extension: &ExtensionDescriptor, place: Place<'_>) {
        let (kind, symbol, proto) = ("extension", extension.full_name(), extension.field_descriptor_proto());
        self.place(kind, symbol, place);
        self.add(kind, symbol, "extendee", extension.containing_message().full_name());
        self.add(kind, symbol, "number", extension.number().to_string());
        self.add(kind, symbol, "type", name_of(&extension.kind()));
        let presence = match proto.label() {
            prost_reflect::prost_types::field_descriptor_proto::Label::Repeated => "repeated",
            _ => "explicit",
        };
        self.add(kind, symbol, "presence", presence);
        self.rest_of_field(kind, symbol, proto, extension.default_value());
        self.options(kind, symbol, &extension.options());
    }

    fn enumeration(&mut self, found: &EnumDescriptor, place: Place<'_>) {
        let (kind, symbol, proto) = ("enum", found.full_name(), found.enum_descriptor_proto());
        self.place(kind, symbol, place);
        self.add(kind, symbol, "closed", (found.parent_file().syntax() != Syntax::Proto3).to_string());
        self.add(kind, symbol, "first_value", proto.value[0].number().to_string());
        let reserved = proto.reserved_range.iter().map(|range| (range.start(), range.end()));
        self.reserved(kind, symbol, reserved.collect(), &proto.reserved_name, i32::MAX);
        self.options(kind, symbol, &found.options());
        for (at, value) in proto.value.iter().enumerate() {
            let (kind, name) = ("enum_value", format!("{symbol}.{}", value.name()));
            self.add(kind, &name, "in", symbol);
            self.add(kind, &name, "number", value.number().to_string());
            let described = found.values().find(|known| known.name() == proto.value[at].name()).unwrap();
            self.options(kind, &name, &described.options());
        }
    }

    fn service(&mut self, service: &ServiceDescriptor, file: &str) {
        self.add("service", service.full_name(), "file", file);
        self.options("service", service.full_name(), &service.options());
        for method in service.methods() {
            let (kind, symbol) = ("rpc", method.full_name());
            self.add(kind, symbol, "in", service.full_name());
            self.add(kind, symbol, "request", method.input().full_name());
            self.add(kind, symbol, "response", method.output().full_name());
            if method.is_client_streaming() {
                self.add(kind, symbol, "request_stream", "true");
            }
            if method.is_server_streaming() {
                self.add(kind, symbol, "response_stream", "true");
            }
            self.options(kind, symbol, &method.options());
        }
    }
}

/// Where something is declared.
#[derive(Clone, Copy)]
enum Place<'a> {
    File(&'a str),
    Message(&'a str),
}

fn shown(start: i32, end: i32, max: i32) -> String {
    match (start, end) {
        _ if start == end => start.to_string(),
        _ if end >= max => format!("{start} to max"),
        _ => format!("{start} to {end}"),
    }
}

fn name_of(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(found) => found.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}

fn json_name(name: &str) -> String {
    let mut json = String::new();
    let mut is_next_upper = false;
    for c in name.chars() {
        match c {
            '_' => is_next_upper = true,
            c if std::mem::take(&mut is_next_upper) => json.push(c.to_ascii_uppercase()),
            c => json.push(c),
        }
    }
    json
}

/// A value of an option, fields of messages sorted by name.
fn written(value: &Value, kind: &Kind) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::I32(value) => value.to_string(),
        Value::I64(value) => value.to_string(),
        Value::U32(value) => value.to_string(),
        Value::U64(value) => value.to_string(),
        Value::F32(value) => value.to_string(),
        Value::F64(value) => value.to_string(),
        Value::String(text) => quoted(text),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => quoted(text),
            Err(_) => format!("\"{}\"", bytes.escape_ascii()),
        },
        Value::EnumNumber(number) => {
            let Kind::Enum(found) = kind else { panic!("{kind:?} has the number of an enum") };
            found.get_value(*number).map_or_else(|| number.to_string(), |value| value.name().to_owned())
        }
        Value::Message(message) => {
            let fields =
                message.fields().map(|(field, value)| (field.name().to_owned(), written(value, &field.kind())));
            let extensions = message.extensions();
            let extensions =
                extensions.map(|(found, value)| (format!("[{}]", found.full_name()), written(value, &found.kind())));
            let fields: BTreeMap<String, String> = fields.chain(extensions).collect();
            let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(|value| written(value, kind)).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Map(entries) => {
            let Kind::Message(entry) = kind else { panic!("a map is of messages") };
            let kind = entry.map_entry_value_field().kind();
            let entries: BTreeMap<String, String> = entries
                .iter()
                .map(|(key, value)| {
                    (map_key(key), format!("{{key: {}, value: {}}}", map_key(key), written(value, &kind)))
                })
                .collect();
            format!("[{}]", entries.into_values().collect::<Vec<_>>().join(", "))
        }
    }
}

fn map_key(key: &MapKey) -> String {
    written(&key.clone().into(), &Kind::Int32)
}

fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        c if c.is_control() => c.to_string().bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
