//! What the built-in files declare: the options of the language, and the well-known types.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::element::{File, Message};
use super::parse::{WELL_KNOWN, built_in};
use super::{FilePlace, Schema};

/// The message of `google/protobuf/descriptor.proto` that holds the options of one kind of element, such as
/// `FieldOptions`.
pub(crate) fn options_message(kind: &str) -> Option<Message<'static>> {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    static MESSAGES: OnceLock<FxHashMap<&'static str, Message<'static>>> = OnceLock::new();
    let messages = MESSAGES.get_or_init(|| {
        let schema = SCHEMA.get_or_init(|| {
            let file = built_in("google/protobuf/descriptor.proto").expect("the parser brings descriptor.proto");
            let place =
                FilePlace { root: 0, target: false, imports: Vec::new(), missing: Vec::new(), inferred_root: None };
            Schema::link(vec![file], vec![place])
        });
        schema.files().flat_map(File::all_messages).map(|message| (message.name(), message)).collect()
    });
    messages.get(kind).copied()
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
