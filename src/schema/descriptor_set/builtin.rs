//! The files that are built in, as if a set held them: their types and extensions explain the options of sets that were
//! made without what they import.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Enum, EnumValue, Field, File, Kind, Message};
use crate::schema::parse::{built_in, built_in_names};
use crate::schema::{self, FieldType, Schema};

/// Those that the files of a set import, or these in turn, and the set does not hold.
pub(super) fn lacking(files: &[&File<'_>]) -> Vec<&'static File<'static>> {
    let held: FxHashSet<&str> = files.iter().map(|file| file.name).collect();
    let imports = files.iter().flat_map(|file| file.imports.iter().chain(&file.option_imports)).copied();
    let mut stack: Vec<&str> = imports.filter(|path| schema::is_built_in(path)).collect();
    let (mut seen, mut found) = (held, Vec::new());
    while let Some(path) = stack.pop() {
        if !seen.contains(path)
            && let Some(file) = known().get(path)
        {
            seen.insert(file.name);
            stack.extend(&file.imports);
            found.push(file);
        }
    }
    found
}

fn known() -> &'static FxHashMap<&'static str, File<'static>> {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    static KNOWN: OnceLock<FxHashMap<&'static str, File<'static>>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let schema = SCHEMA.get_or_init(|| {
            let mut files: Vec<_> = built_in_names().filter_map(built_in).collect();
            files.sort_by(|one, other| one.name().cmp(other.name()));
            Schema::link_one_root(files)
        });
        schema.files().map(|own| (own.name(), file(own))).collect()
    })
}

fn file(file: schema::File<'static>) -> File<'static> {
    File {
        name: file.name(),
        package: file.package().unwrap_or_default(),
        syntax: file.syntax(),
        imports: file.imports().map(|import| import.path()).collect(),
        public_imports: Vec::new(),
        weak_imports: Vec::new(),
        option_imports: Vec::new(),
        messages: file.messages().map(message).collect(),
        enums: file.enums().map(enumeration).collect(),
        services: Vec::new(),
        extensions: file.extensions().map(field).collect(),
        options: Vec::new(),
        source_info: Vec::new(),
        is_import: true,
        size: 0,
    }
}

fn message(message: schema::Message<'static>) -> Message<'static> {
    Message {
        name: message.name(),
        fields: message.fields().map(field).collect(),
        extensions: message.extensions().map(field).collect(),
        messages: message.messages().map(self::message).collect(),
        enums: message.enums().map(enumeration).collect(),
        is_map_entry: message.is_map_entry(),
        ..Message::default()
    }
}

fn enumeration(of: schema::Enum<'static>) -> Enum<'static> {
    let value = |value: schema::EnumValue<'static>| EnumValue {
        name: value.name(),
        number: value.number(),
        ..EnumValue::default()
    };
    Enum { name: of.name(), values: of.values().map(value).collect(), ..Enum::default() }
}

fn field(field: schema::Field<'static>) -> Field<'static> {
    let (kind, type_name) = match field.field_type() {
        FieldType::Scalar(scalar) => (Kind::Scalar(scalar), ""),
        FieldType::Message(of) if field.is_group() => (Kind::Group, of.full_name()),
        FieldType::Message(of) => (Kind::Message, of.full_name()),
        FieldType::Enum(of) => (Kind::Enum, of.full_name()),
        FieldType::Unresolved => (Kind::Unsaid, ""),
    };
    Field {
        name: field.name(),
        number: field.number(),
        label: field.label(),
        kind,
        type_name,
        extendee: field.extendee().map_or("", |message| message.full_name()),
        ..Field::default()
    }
}
