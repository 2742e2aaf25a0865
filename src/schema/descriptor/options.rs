//! Options as descriptors hold those that nobody has interpreted yet.

use prost_reflect::prost_types::{FieldOptions, UninterpretedOption, uninterpreted_option};

use crate::schema::element::{Field, File};
use crate::schema::link::{Target, TypeRef};
use crate::schema::option::{OptionEntry, OptionValue, Options};

/// The options, and whether values share a record, which the pool has to be told where the syntax does not say so.
pub(super) fn field_options(field: Field<'_>, is_proto3: bool) -> Option<FieldOptions> {
    let mut uninterpreted_option = uninterpreted(field.file(), field.options()).unwrap_or_default();
    uninterpreted_option
        .retain(|option| !matches!(&option.name[..], [one] if one.name_part == "packed" && !one.is_extension));
    let packed = (field.is_packable() && field.is_packed() != is_proto3).then(|| field.is_packed());
    let is_set = packed.is_some() || !uninterpreted_option.is_empty();
    is_set.then(|| FieldOptions { packed, uninterpreted_option, ..FieldOptions::default() })
}

/// The options that can be interpreted: features, which the pool does not know, and extensions that could not be
/// resolved are left out.
pub(super) fn uninterpreted(file: File<'_>, options: Options<'_>) -> Option<Vec<UninterpretedOption>> {
    let options: Vec<UninterpretedOption> = options.iter().filter_map(|option| option_proto(file, option)).collect();
    (!options.is_empty()).then_some(options)
}

fn option_proto(file: File<'_>, option: OptionEntry<'_>) -> Option<UninterpretedOption> {
    let mut name = Vec::new();
    for (index, (part, is_extension)) in option.part_indexes().zip(option.parts()) {
        let target = file.links().option_parts.get(index as usize).copied().and_then(TypeRef::target);
        let name_part = match (is_extension, target) {
            (false, _) => part.to_owned(),
            (true, Some(Target::Extension(at, index))) => {
                format!(".{}", file.schema.file_at(at).field_at(index).full_name())
            }
            (true, _) => return None,
        };
        name.push(uninterpreted_option::NamePart { name_part, is_extension });
    }
    if name.first().is_none_or(|first| !first.is_extension && is_unknown_to_pool(&first.name_part)) {
        return None;
    }
    let mut proto = UninterpretedOption { name, ..UninterpretedOption::default() };
    match option.value() {
        OptionValue::Identifier(word) => proto.identifier_value = Some(word.to_owned()),
        OptionValue::Positive(number) => proto.positive_int_value = Some(number),
        OptionValue::Negative(number) => proto.negative_int_value = Some(number),
        OptionValue::Float(number) => proto.double_value = Some(number),
        OptionValue::String(text) => proto.string_value = Some(text.as_bytes().to_owned()),
        OptionValue::Bytes(bytes) => proto.string_value = Some(bytes.to_owned()),
        OptionValue::Aggregate(text) => proto.aggregate_value = Some(text.to_owned()),
    }
    Some(proto)
}

/// Options that the pool's `descriptor.proto` is too old to have.
fn is_unknown_to_pool(name: &str) -> bool {
    matches!(name, "features" | "feature_support" | "edition_defaults")
}
