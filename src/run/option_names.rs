//! Names of options in the configuration that no file declares: they protect nothing, and that is easy to miss.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::finding::Finding;
use crate::nearest::nearest;
use crate::rules::compile::CONFIG_INVALID;
use crate::rules::settings::OptionName;
use crate::schema::{Field, FieldType, Message, Schema, options_message};

/// The messages that hold options.
const HOLDERS: [&str; 9] = [
    "FileOptions",
    "MessageOptions",
    "FieldOptions",
    "OneofOptions",
    "EnumOptions",
    "EnumValueOptions",
    "ServiceOptions",
    "MethodOptions",
    "ExtensionRangeOptions",
];

/// A finding for each name that stands for nothing in a schema, once for each place. Where an import is missing, it may
/// declare anything.
pub(super) fn unknown(config: &Config, schema: &Schema) -> Vec<Finding> {
    let scoped =
        config.scopes.iter().filter_map(|scope| scope.breaking.as_ref()).flat_map(|section| &section.unchanged);
    let mut places = BTreeSet::new();
    let names: Vec<&OptionName> =
        config.breaking.unchanged.iter().chain(scoped).filter(|name| places.insert(name.place)).collect();
    if names.is_empty() || schema.files().any(|file| file.missing_imports().next().is_some() || file.is_damaged()) {
        return Vec::new();
    }
    let extensions: Vec<Field<'_>> =
        schema.files().flat_map(|file| file.all_fields()).filter(|field| field.is_extension()).collect();
    let finding = |name: &&OptionName| {
        let help = fault(name, &extensions)?;
        let message = format!("no file declares the option `{}`", name.text);
        Some(Finding::error(CONFIG_INVALID.id, name.place, message).help(help))
    };
    names.iter().filter_map(finding).collect()
}

/// What to do about a name that stands for nothing.
fn fault(name: &OptionName, extensions: &[Field<'_>]) -> Option<String> {
    let holders: Vec<Message<'_>> = HOLDERS.iter().filter_map(|kind| options_message(kind)).collect();
    let mut held: Vec<Message<'_>> = holders;
    for (at, part) in name.parts.iter().enumerate() {
        let is_of = |field: &&Field<'_>| match field.extendee() {
            Some(extended) => held.iter().any(|holder| holder.full_name() == extended.full_name()),
            None => true,
        };
        let named = |field: &Field<'_>| match field.is_extension() {
            true => format!("({})", field.full_name()),
            false => field.name().to_owned(),
        };
        let fields = held.iter().flat_map(|holder| holder.fields());
        let known: Vec<Field<'_>> = fields.chain(extensions.iter().filter(is_of).copied()).collect();
        let found: Vec<&Field<'_>> = known.iter().filter(|field| named(field) == *part).collect();
        if found.is_empty() {
            let names: Vec<String> = known.iter().map(named).collect();
            let (before, rest) = (&name.parts[..at], &name.parts[at + 1..]);
            let with = |other: &str| [before, &[other.to_owned()], rest].concat().join(".");
            // An extension is in parentheses, which are easy to forget.
            let forgotten = format!("({})", name.parts[at..].join("."));
            return Some(match names.iter().find(|known| **known == forgotten) {
                Some(_) => format!("did you mean `{}`?", [before, &[forgotten]].concat().join(".")),
                None => match nearest(part, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{}`?", with(near)),
                    None => "remove it, or correct it; the names of extensions are in parentheses".to_owned(),
                },
            });
        }
        held = found
            .into_iter()
            .filter_map(|field| match field.field_type() {
                FieldType::Message(message) => Some(message),
                _ => None,
            })
            .collect();
    }
    None
}
