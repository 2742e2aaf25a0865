//! What a server does with a field, as `google.api.field_behavior` says it. It gives no behavior a meaning.

use super::{Field, OptionValue};
use crate::source::Span;

impl<'s> Field<'s> {
    /// The behaviors of a field, such as `OUTPUT_ONLY`, each with its option. There are fields in numbers, so the options
    /// are not read as a tree.
    pub(crate) fn behaviors(self) -> impl Iterator<Item = (&'s str, Span)> {
        self.options().of_extension("google.api.field_behavior").filter_map(|option| match option.value() {
            OptionValue::Identifier(word) => Some((word, option.span())),
            _ => None,
        })
    }
}
