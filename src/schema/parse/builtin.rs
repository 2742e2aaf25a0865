//! The files that every schema may import without bringing them along: their names, and the texts of those that the
//! parser does not bring. It does not parse.

use prost_reflect::prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

/// Files that trees import without holding them and that the parser does not bring: the validation options of
/// protovalidate, and the features and options that generators declare.
const OWN: [(&str, &str); 9] = [
    ("buf/validate/validate.proto", include_str!("../builtin/validate.proto")),
    ("google/protobuf/c_sharp_features.proto", include_str!("../builtin/c_sharp_features.proto")),
    ("google/protobuf/cpp_features.proto", include_str!("../builtin/cpp_features.proto")),
    ("google/protobuf/cpp_file_options.proto", include_str!("../builtin/cpp_file_options.proto")),
    (
        "google/protobuf/cpp_options.proto",
        "syntax = \"proto2\"; import public \"google/protobuf/cpp_file_options.proto\";",
    ),
    ("google/protobuf/go_features.proto", include_str!("../builtin/go_features.proto")),
    ("google/protobuf/java_features.proto", include_str!("../builtin/java_features.proto")),
    ("google/protobuf/json_enumvalue_options.proto", include_str!("../builtin/json_enumvalue_options.proto")),
    (
        "google/protobuf/json_options.proto",
        "syntax = \"proto2\"; import public \"google/protobuf/json_enumvalue_options.proto\";",
    ),
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
    WELL_KNOWN.contains(&name) || OTHERS.contains(&name) || own(name).is_some()
}

/// The names of all files that are built in.
pub(in crate::schema) fn built_in_names() -> impl Iterator<Item = &'static str> {
    WELL_KNOWN.into_iter().chain(OTHERS).chain(OWN.into_iter().map(|(name, _)| name))
}

/// The text of a file that the parser does not bring.
pub(super) fn own(name: &str) -> Option<&'static str> {
    OWN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
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
