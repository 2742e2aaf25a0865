//! A schema of a case: its text, the linked schema, and full descriptors to write and read with.

use prost_reflect::{DescriptorPool, MessageDescriptor};

use super::model::Model;
use super::render::{PATHS, texts};
use crate::finding::Severity;
use crate::rules::{Settings, compile_rules};
use crate::run::{Plan, Section, check};
use crate::schema::{self, Field, FieldType, Message, ParsedFile, Schema};
use crate::source::{SourceFile, Sources};

pub(super) struct World {
    pub(super) schema: Schema,
    pub(super) pool: DescriptorPool,
}

/// The texts of a model, as a failing case shows them.
pub(super) fn shown(model: &Model) -> String {
    let files = PATHS.iter().zip(texts(model));
    files.map(|(path, text)| format!("// {path}\n{text}")).collect::<Vec<_>>().join("\n")
}

/// The schema of a model; the first fault where it is none that compiles.
pub(super) fn link(model: &Model, sources: &mut Sources) -> Result<Schema, String> {
    let mut files: Vec<ParsedFile> = Vec::new();
    for (path, text) in PATHS.iter().zip(texts(model)) {
        let source = SourceFile::new((*path).to_owned(), text);
        let (mut file, faults) = schema::parse(&source);
        let id = sources.add(source);
        if !faults.is_empty() {
            return Err(format!("{faults:?}"));
        }
        file.identify((*path).to_owned(), Some(id));
        files.push(file);
    }
    Ok(Schema::link_one_root(files))
}

impl World {
    /// The schema with its descriptors; the first fault where it does not compile.
    ///
    /// # Panics
    ///
    /// Where the schema compiles and there are no descriptors of it.
    pub(super) fn new(model: &Model, sources: &mut Sources, settings: &Settings) -> Result<World, String> {
        let schema = link(model, sources)?;
        let rules = compile_rules().into_iter().map(|rule| (rule, Severity::Error)).collect();
        let faults = check(&schema, &Plan::whole(Section::plain(rules, settings), sources, &[]));
        if let Some(fault) = faults.iter().find(|fault| fault.severity == Severity::Error) {
            return Err(format!("{}: {}", fault.rule, fault.message));
        }
        // proto2 takes fields of one key, and which is read is not defined.
        let is_shared = |field: Field<'_>| {
            let keyed = field.parent().and_then(|message| message.field_keyed(&field.json_name()));
            !field.is_extension() && keyed != Some(field)
        };
        if schema.files().any(|file| file.all_fields().any(is_shared)) {
            return Err("two fields have one key in JSON".to_owned());
        }
        let mut pool = DescriptorPool::new();
        for file in schema.files().flat_map(|file| file.closure()) {
            if pool.get_file_by_name(file.name()).is_none() {
                file.add_to(&mut pool).unwrap_or_else(|error| panic!("no descriptors: {error}\n{}", shown(model)));
            }
        }
        Ok(World { schema, pool })
    }

    pub(super) fn descriptor(&self, message: Message<'_>) -> MessageDescriptor {
        self.pool.get_message_by_name(message.full_name()).expect("every message was added")
    }
}

/// The fields of a message, its extensions included.
pub(super) fn members(message: Message<'_>) -> Vec<Field<'_>> {
    let is_extensible = message.extension_ranges().next().is_some();
    let files = message.file().schema.files().filter(|_| is_extensible);
    let extensions = files.flat_map(|file| file.all_fields()).filter(|field| field.extendee() == Some(message));
    message.fields().chain(extensions).collect()
}

/// The message that a field belongs to, or extends.
pub(super) fn holder(field: Field<'_>) -> Option<Message<'_>> {
    if field.is_extension() { field.extendee() } else { field.parent() }
}

/// The message that an element of a field is, entries of maps included.
pub(super) fn inner(field: Field<'_>) -> Option<Message<'_>> {
    match field.field_type() {
        FieldType::Message(message) => Some(message),
        _ => None,
    }
}
