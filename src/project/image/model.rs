//! What a descriptor set says, as borrowed from its bytes: `descriptor.proto` without what texts cannot say. It knows
//! neither how that is encoded nor how it is printed.

use super::wire::Part;

/// The options of an element as encoded; several parts merge.
pub(super) type Options<'a> = Vec<Part<'a>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Proto2,
    Proto3,
    /// Its name.
    Edition(&'static str),
}

#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    /// Empty without one.
    pub(super) package: &'a str,
    pub(super) syntax: Syntax,
    pub(super) imports: Vec<&'a str>,
    /// Indexes into `imports`.
    pub(super) public_imports: Vec<i64>,
    /// Indexes into `imports`.
    pub(super) weak_imports: Vec<i64>,
    pub(super) option_imports: Vec<&'a str>,
    pub(super) messages: Vec<Message<'a>>,
    pub(super) enums: Vec<Enum<'a>>,
    pub(super) services: Vec<Service<'a>>,
    pub(super) extensions: Vec<Field<'a>>,
    pub(super) options: Options<'a>,
    pub(super) is_import: bool,
    /// How many bytes it has in the set.
    pub(super) size: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Visibility {
    #[default]
    Unset,
    Local,
    Export,
}

#[derive(Debug, Default)]
pub(super) struct Message<'a> {
    pub(super) name: &'a str,
    pub(super) fields: Vec<Field<'a>>,
    pub(super) extensions: Vec<Field<'a>>,
    pub(super) messages: Vec<Message<'a>>,
    pub(super) enums: Vec<Enum<'a>>,
    pub(super) oneofs: Vec<Oneof<'a>>,
    pub(super) extension_ranges: Vec<ExtensionRange<'a>>,
    /// First number, and the one behind the last.
    pub(super) reserved_ranges: Vec<(i32, i32)>,
    pub(super) reserved_names: Vec<&'a str>,
    pub(super) options: Options<'a>,
    pub(super) is_map_entry: bool,
    pub(super) visibility: Visibility,
}

#[derive(Debug, Default)]
pub(super) struct ExtensionRange<'a> {
    pub(super) start: i32,
    /// The number behind the last.
    pub(super) end: i32,
    pub(super) options: Options<'a>,
}

#[derive(Debug, Default)]
pub(super) struct Oneof<'a> {
    pub(super) name: &'a str,
    pub(super) options: Options<'a>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Label {
    #[default]
    Optional,
    Required,
    Repeated,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Group,
    Message,
    Bytes,
    Uint32,
    Enum,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
    /// The set does not say; the type's name will tell.
    #[default]
    Unsaid,
}

impl Kind {
    /// By the numbers of `FieldDescriptorProto.Type`, which start at 1.
    const ALL: [(Kind, &'static str); 18] = [
        (Kind::Double, "double"),
        (Kind::Float, "float"),
        (Kind::Int64, "int64"),
        (Kind::Uint64, "uint64"),
        (Kind::Int32, "int32"),
        (Kind::Fixed64, "fixed64"),
        (Kind::Fixed32, "fixed32"),
        (Kind::Bool, "bool"),
        (Kind::String, "string"),
        (Kind::Group, ""),
        (Kind::Message, ""),
        (Kind::Bytes, "bytes"),
        (Kind::Uint32, "uint32"),
        (Kind::Enum, ""),
        (Kind::Sfixed32, "sfixed32"),
        (Kind::Sfixed64, "sfixed64"),
        (Kind::Sint32, "sint32"),
        (Kind::Sint64, "sint64"),
    ];

    pub(super) fn of_number(number: u64) -> Option<Kind> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        Kind::ALL.get(index).map(|(kind, _)| *kind)
    }

    /// The scalar type's keyword.
    pub(super) fn keyword(self) -> Option<&'static str> {
        let found = Kind::ALL.iter().find(|(kind, word)| *kind == self && !word.is_empty());
        found.map(|(_, word)| *word)
    }

    pub(super) fn of_keyword(word: &str) -> Option<Kind> {
        Kind::ALL.iter().find(|(_, keyword)| *keyword == word && !word.is_empty()).map(|(kind, _)| *kind)
    }
}

#[derive(Debug, Default)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) number: i32,
    pub(super) label: Label,
    pub(super) kind: Kind,
    /// Empty for scalars.
    pub(super) type_name: &'a str,
    /// Empty for what is no extension.
    pub(super) extendee: &'a str,
    pub(super) default: Option<&'a [u8]>,
    /// Index of its oneof in its message.
    pub(super) oneof: Option<usize>,
    pub(super) json_name: Option<&'a [u8]>,
    pub(super) options: Options<'a>,
    pub(super) is_proto3_optional: bool,
}

#[derive(Debug, Default)]
pub(super) struct Enum<'a> {
    pub(super) name: &'a str,
    pub(super) values: Vec<EnumValue<'a>>,
    /// First and last number.
    pub(super) reserved_ranges: Vec<(i32, i32)>,
    pub(super) reserved_names: Vec<&'a str>,
    pub(super) options: Options<'a>,
    pub(super) visibility: Visibility,
}

#[derive(Debug, Default)]
pub(super) struct EnumValue<'a> {
    pub(super) name: &'a str,
    pub(super) number: i32,
    pub(super) options: Options<'a>,
}

#[derive(Debug, Default)]
pub(super) struct Service<'a> {
    pub(super) name: &'a str,
    pub(super) methods: Vec<Method<'a>>,
    pub(super) options: Options<'a>,
}

#[derive(Debug, Default)]
pub(super) struct Method<'a> {
    pub(super) name: &'a str,
    pub(super) input: &'a str,
    pub(super) output: &'a str,
    pub(super) client_streaming: bool,
    pub(super) server_streaming: bool,
    pub(super) options: Options<'a>,
}
