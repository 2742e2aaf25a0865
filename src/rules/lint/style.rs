//! How a text is laid out: order, white space, quotes. None of it changes what a schema means.

mod imports;
mod indent;
mod layout;
mod length;
mod numbers;
mod quotes;
mod walk;

use crate::rules::{Check, Rule, rule};

pub(super) const RULES: &[&Rule] =
    &[&FIELD_NUMBER_ORDER, &FILE_LAYOUT, &IMPORT_SORTED, &INDENT, &LINE_LENGTH, &QUOTE_CONSISTENT];

rule!(lint FIELD_NUMBER_ORDER: Check::Each(&[Check::Message(numbers::fields_in_order), Check::Enum(numbers::values_in_order)]));
rule!(lint FILE_LAYOUT: Check::File(layout::file_layout));
rule!(lint IMPORT_SORTED: Check::File(imports::import_sorted));
rule!(lint INDENT: Check::File(indent::indent));
rule!(lint LINE_LENGTH: Check::File(length::line_length));
rule!(lint QUOTE_CONSISTENT: Check::File(quotes::quote_consistent));
