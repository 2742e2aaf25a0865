//! Options as texts in one form, each with its name.

use crate::schema::{Annotations, Element, File, Options};

pub(super) use crate::schema::quoted;

/// The options of an element by name, extensions in parentheses, each with its value.
pub(super) fn of_element(element: Element<'_>) -> Vec<(String, String)> {
    written(&Annotations::of_element(element))
}

/// The options of a range that is left to extensions.
pub(super) fn of_range<'s>(file: File<'s>, options: Options<'s>) -> Vec<(String, String)> {
    written(&Annotations::of_range(file, options))
}

fn written(annotations: &Annotations<'_>) -> Vec<(String, String)> {
    annotations.iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect()
}
