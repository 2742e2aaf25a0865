//! What the built-in files declare: the options of the language, and the well-known types.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::data::{FileData, MessageData, Scalar, WrittenType};
use super::parse::{WELL_KNOWN, built_in};

/// An option that `google/protobuf/descriptor.proto` declares.
#[derive(Debug)]
pub(crate) struct StandardOption {
    pub(crate) name: String,
    pub(crate) kind: StandardType,
}

/// What values such an option takes.
#[derive(Debug)]
pub(crate) enum StandardType {
    Boolean,
    Integer,
    Text,
    Enumeration(Vec<String>),
    Message,
}

impl StandardOption {
    /// The values it takes, in words.
    pub(crate) fn takes(&self) -> String {
        match &self.kind {
            StandardType::Boolean => "`true` or `false`".to_owned(),
            StandardType::Integer => "an integer".to_owned(),
            StandardType::Text => "a string".to_owned(),
            StandardType::Enumeration(values) => {
                let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
                format!("one of {}", values.join(", "))
            }
            StandardType::Message => "fields in braces".to_owned(),
        }
    }
}

/// The options of one kind of element, named after its options message, such as `FieldOptions`.
pub(crate) fn standard_options(kind: &str) -> &'static [StandardOption] {
    static OPTIONS: OnceLock<FxHashMap<String, Vec<StandardOption>>> = OnceLock::new();
    let options = OPTIONS.get_or_init(|| {
        let file = built_in("google/protobuf/descriptor.proto").expect("the parser brings descriptor.proto").data;
        let options = |message: &MessageData| (file.text(message.name).to_owned(), options_of(message, &file));
        file.messages.iter().map(options).filter(|(name, _)| name.ends_with("Options")).collect()
    });
    options.get(kind).map_or(&[], Vec::as_slice)
}

/// Options of later versions of `descriptor.proto` than the one the parser brings.
const LATER: [(&str, &str); 2] = [("FieldOptions", "feature_support"), ("EnumValueOptions", "feature_support")];

fn options_of(message: &MessageData, file: &FileData) -> Vec<StandardOption> {
    let own = file.fields[message.fields.range()].iter().map(|field| {
        let kind = match field.written_type {
            WrittenType::Scalar(Scalar::Bool) => StandardType::Boolean,
            WrittenType::Scalar(Scalar::String | Scalar::Bytes) => StandardType::Text,
            WrittenType::Scalar(_) => StandardType::Integer,
            _ => named_type(file.text(field.type_name).trim_start_matches('.'), file),
        };
        StandardOption { name: file.text(field.name).to_owned(), kind }
    });
    let later = LATER.iter().filter(|(kind, _)| *kind == file.text(message.name));
    let later = later.map(|(_, name)| StandardOption { name: (*name).to_owned(), kind: StandardType::Message });
    own.chain(later).filter(|option| option.name != "uninterpreted_option").collect()
}

fn named_type(full_name: &str, file: &FileData) -> StandardType {
    let found = file.enums.iter().find(|enumeration| file.text(enumeration.full_name) == full_name);
    found.map_or(StandardType::Message, |enumeration| {
        let values = &file.values[enumeration.values.range()];
        StandardType::Enumeration(values.iter().map(|value| file.text(value.name).to_owned()).collect())
    })
}

/// The types of the well-known files, by full name, each with the path to import.
pub(crate) fn built_in_types() -> impl Iterator<Item = (&'static String, &'static str)> {
    static TYPES: OnceLock<Vec<(String, &'static str)>> = OnceLock::new();
    let types = TYPES.get_or_init(|| {
        let files = WELL_KNOWN.iter().filter_map(|path| Some((*path, built_in(path)?.data)));
        files
            .flat_map(|(path, file)| {
                let top = file.top_messages.range().map(|at| file.text(file.messages[at].full_name).to_owned());
                top.map(|name| (name, path)).collect::<Vec<_>>()
            })
            .collect()
    });
    types.iter().map(|(name, path)| (name, *path))
}
