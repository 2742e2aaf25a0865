//! Changes of the annotations that Google's APIs describe themselves by: `google.api` and `google.longrunning`. Clients
//! are generated from them and rely on what they promise, so they break `source`. Bindings to HTTP are another subject.

pub(super) mod fields;
pub(super) mod references;
pub(super) mod resources;
pub(super) mod rpcs;
pub(super) mod services;

use crate::schema::{OptionEntry, OptionValue, Options};
use crate::source::Span;

/// The strings that an extension is set to, each with the option that does.
fn strings<'s>(options: Options<'s>, extension: &str) -> Vec<(&'s str, OptionEntry<'s>)> {
    let set = options.of_extension(extension).filter(|option| option.parts().len() == 1);
    set.filter_map(|option| match option.value() {
        OptionValue::String(text) => Some((text, option)),
        _ => None,
    })
    .collect()
}

/// The parts of a list that is written as one string, each without the spaces around it.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// The place of an option, where there is one.
fn place(option: Option<OptionEntry<'_>>) -> Option<Span> {
    option.map(OptionEntry::span)
}
