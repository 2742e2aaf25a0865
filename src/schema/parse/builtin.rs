//! The files that every schema may import without bringing them along: their names, and the texts of those that the
//! parser does not bring. It does not parse.

use prost_reflect::prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

/// The name of a file and its text, which lies below `schema/builtin/` under that name.
macro_rules! texts {
    ($($name:literal,)*) => {
        [$(($name, include_str!(concat!("../builtin/", $name)))),*]
    };
}

/// The features and options that generators of protobuf declare.
const OF_GENERATORS: [(&str, &str); 8] = texts![
    "google/protobuf/c_sharp_features.proto",
    "google/protobuf/cpp_features.proto",
    "google/protobuf/cpp_file_options.proto",
    "google/protobuf/cpp_options.proto",
    "google/protobuf/go_features.proto",
    "google/protobuf/java_features.proto",
    "google/protobuf/json_enumvalue_options.proto",
    "google/protobuf/json_options.proto",
];

/// What many trees import without holding it: annotations and types of Google's APIs, the validation options of
/// protovalidate, and those of protoc-gen-validate. The texts have names, numbers and types only: no comments, and no
/// options but those that change what is written.
const COMMON: [(&str, &str); 34] = texts![
    "buf/validate/validate.proto",
    "google/api/annotations.proto",
    "google/api/client.proto",
    "google/api/field_behavior.proto",
    "google/api/field_info.proto",
    "google/api/http.proto",
    "google/api/httpbody.proto",
    "google/api/launch_stage.proto",
    "google/api/resource.proto",
    "google/api/routing.proto",
    "google/api/visibility.proto",
    "google/longrunning/operations.proto",
    "google/rpc/code.proto",
    "google/rpc/error_details.proto",
    "google/rpc/http.proto",
    "google/rpc/status.proto",
    "google/type/calendar_period.proto",
    "google/type/color.proto",
    "google/type/date.proto",
    "google/type/datetime.proto",
    "google/type/dayofweek.proto",
    "google/type/decimal.proto",
    "google/type/expr.proto",
    "google/type/fraction.proto",
    "google/type/interval.proto",
    "google/type/latlng.proto",
    "google/type/localized_text.proto",
    "google/type/money.proto",
    "google/type/month.proto",
    "google/type/phone_number.proto",
    "google/type/postal_address.proto",
    "google/type/quaternion.proto",
    "google/type/timeofday.proto",
    "validate/validate.proto",
];

/// The files whose types people use without importing them.
pub(in crate::schema) const WELL_KNOWN: [&str; 9] = [
    "google/protobuf/any.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/empty.proto",
    "google/protobuf/field_mask.proto",
    "google/protobuf/source_context.proto",
    "google/protobuf/struct.proto",
    "google/protobuf/timestamp.proto",
    "google/protobuf/type.proto",
    "google/protobuf/wrappers.proto",
];

/// The file that holds the options of the language.
const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// What that file has gained since the parser's version of it.
const LATER: &str = include_str!("../builtin/descriptor_later.proto");

/// Those that the parser brings and that are not well-known.
const OTHERS: [&str; 3] = ["google/protobuf/api.proto", DESCRIPTOR, "google/protobuf/compiler/plugin.proto"];

/// Whether [`built_in`](super::built_in) has a file of that name.
pub(crate) fn is_built_in(name: &str) -> bool {
    is_of_protobuf(name) || is_common(name)
}

/// Whether it has one that protobuf itself brings, so that every compiler knows it.
pub(crate) fn is_of_protobuf(name: &str) -> bool {
    WELL_KNOWN.contains(&name) || OTHERS.contains(&name) || text_in(&OF_GENERATORS, name).is_some()
}

/// Whether it has one that compilers have to be given.
pub(crate) fn is_common(name: &str) -> bool {
    text_in(&COMMON, name).is_some()
}

/// The names of all files that are built in.
pub(in crate::schema) fn built_in_names() -> impl Iterator<Item = &'static str> {
    let texts = OF_GENERATORS.into_iter().chain(COMMON).map(|(name, _)| name);
    WELL_KNOWN.into_iter().chain(OTHERS).chain(texts)
}

/// The text of a file that the parser does not bring.
pub(super) fn own(name: &str) -> Option<&'static str> {
    text_in(&OF_GENERATORS, name).or_else(|| text_in(&COMMON, name))
}

fn text_in(texts: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    texts.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The text of what a file of the parser's lacks.
pub(super) fn later(name: &str) -> Option<&'static str> {
    (name == DESCRIPTOR).then_some(LATER)
}

/// Adds what `later` declares to what `file` declares: elements of one name are joined.
pub(super) fn join(file: &mut FileDescriptorProto, later: FileDescriptorProto) {
    join_messages(&mut file.message_type, later.message_type);
    join_enums(&mut file.enum_type, later.enum_type);
}

fn join_messages(messages: &mut Vec<DescriptorProto>, later: Vec<DescriptorProto>) {
    for more in later {
        let Some(known) = messages.iter_mut().find(|known| known.name == more.name) else {
            messages.push(more);
            continue;
        };
        known.field.extend(more.field);
        join_messages(&mut known.nested_type, more.nested_type);
        join_enums(&mut known.enum_type, more.enum_type);
        if !more.extension_range.is_empty() {
            known.extension_range = more.extension_range;
        }
    }
}

fn join_enums(enums: &mut Vec<EnumDescriptorProto>, later: Vec<EnumDescriptorProto>) {
    for more in later {
        match enums.iter_mut().find(|known| known.name == more.name) {
            Some(known) => known.value.extend(more.value),
            None => enums.push(more),
        }
    }
}
