//! What a descriptor set says, as borrowed from its bytes: `descriptor.proto` without what no source could say. It does
//! not depend on how that is encoded or what it is lowered to.

use super::wire::Part;
pub(crate) use crate::schema::data::{Label, Scalar, Syntax, Visibility};

/// The options of an element as encoded; several parts merge.
pub(crate) type Options<'a> = Vec<Part<'a>>;

/// An option that the set's writer could not interpret.
#[derive(Debug, Default)]
pub(crate) struct Uninterpreted<'a> {
    /// The components of its name, each with whether it is that of an extension.
    pub(crate) name: Vec<(&'a str, bool)>,
    /// Absent where the set gives none.
    pub(crate) value: Option<UninterpretedValue<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum UninterpretedValue<'a> {
    Identifier(&'a str),
    Positive(u64),
    Negative(i64),
    Double(f64),
    String(&'a [u8]),
    /// What stands between braces.
    Aggregate(&'a str),
}

#[derive(Debug)]
pub(crate) struct File<'a> {
    pub(crate) name: &'a str,
    /// Empty without one.
    pub(crate) package: &'a str,
    pub(crate) syntax: Syntax,
    pub(crate) imports: Vec<&'a str>,
    /// Indexes into `imports`.
    pub(crate) public_imports: Vec<i64>,
    /// Indexes into `imports`.
    pub(crate) weak_imports: Vec<i64>,
    pub(crate) option_imports: Vec<&'a str>,
    pub(crate) messages: Vec<Message<'a>>,
    pub(crate) enums: Vec<Enum<'a>>,
    pub(crate) services: Vec<Service<'a>>,
    pub(crate) extensions: Vec<Field<'a>>,
    pub(crate) options: Options<'a>,
    /// The `SourceCodeInfo`; empty without one.
    pub(crate) source_info: Vec<Part<'a>>,
    pub(crate) is_import: bool,
    /// How many bytes it has in the set.
    pub(crate) size: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Message<'a> {
    pub(crate) name: &'a str,
    pub(crate) fields: Vec<Field<'a>>,
    pub(crate) extensions: Vec<Field<'a>>,
    pub(crate) messages: Vec<Message<'a>>,
    pub(crate) enums: Vec<Enum<'a>>,
    pub(crate) oneofs: Vec<Oneof<'a>>,
    pub(crate) extension_ranges: Vec<ExtensionRange<'a>>,
    /// First number, and the one after the last.
    pub(crate) reserved_ranges: Vec<(i32, i32)>,
    pub(crate) reserved_names: Vec<&'a str>,
    pub(crate) options: Options<'a>,
    pub(crate) is_map_entry: bool,
    pub(crate) visibility: Visibility,
}

#[derive(Debug, Default)]
pub(crate) struct ExtensionRange<'a> {
    pub(crate) start: i32,
    /// The number after the last.
    pub(crate) end: i32,
    pub(crate) options: Options<'a>,
}

#[derive(Debug, Default)]
pub(crate) struct Oneof<'a> {
    pub(crate) name: &'a str,
    pub(crate) options: Options<'a>,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar(Scalar),
    Group,
    Message,
    Enum,
    /// The set does not say; the type's name decides.
    #[default]
    Unsaid,
}

impl Kind {
    /// By the numbers of `FieldDescriptorProto.Type`, which start at 1.
    const ALL: [Kind; 18] = [
        Kind::Scalar(Scalar::Double),
        Kind::Scalar(Scalar::Float),
        Kind::Scalar(Scalar::Int64),
        Kind::Scalar(Scalar::Uint64),
        Kind::Scalar(Scalar::Int32),
        Kind::Scalar(Scalar::Fixed64),
        Kind::Scalar(Scalar::Fixed32),
        Kind::Scalar(Scalar::Bool),
        Kind::Scalar(Scalar::String),
        Kind::Group,
        Kind::Message,
        Kind::Scalar(Scalar::Bytes),
        Kind::Scalar(Scalar::Uint32),
        Kind::Enum,
        Kind::Scalar(Scalar::Sfixed32),
        Kind::Scalar(Scalar::Sfixed64),
        Kind::Scalar(Scalar::Sint32),
        Kind::Scalar(Scalar::Sint64),
    ];

    pub(crate) fn from_number(number: u64) -> Option<Kind> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        Kind::ALL.get(index).copied()
    }

    pub(crate) fn scalar(self) -> Option<Scalar> {
        match self {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub(crate) fn from_keyword(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.scalar().is_some_and(|scalar| scalar.name() == word))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) number: i32,
    pub(crate) label: Label,
    pub(crate) kind: Kind,
    /// Empty for scalars.
    pub(crate) type_name: &'a str,
    /// Empty for what is no extension.
    pub(crate) extendee: &'a str,
    pub(crate) default: Option<&'a [u8]>,
    /// Index of its oneof in its message.
    pub(crate) oneof: Option<usize>,
    pub(crate) json_name: Option<&'a [u8]>,
    pub(crate) options: Options<'a>,
    pub(crate) is_proto3_optional: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Enum<'a> {
    pub(crate) name: &'a str,
    pub(crate) values: Vec<EnumValue<'a>>,
    /// First and last number.
    pub(crate) reserved_ranges: Vec<(i32, i32)>,
    pub(crate) reserved_names: Vec<&'a str>,
    pub(crate) options: Options<'a>,
    pub(crate) visibility: Visibility,
}

#[derive(Debug, Default)]
pub(crate) struct EnumValue<'a> {
    pub(crate) name: &'a str,
    pub(crate) number: i32,
    pub(crate) options: Options<'a>,
}

#[derive(Debug, Default)]
pub(crate) struct Service<'a> {
    pub(crate) name: &'a str,
    pub(crate) methods: Vec<Method<'a>>,
    pub(crate) options: Options<'a>,
}

#[derive(Debug, Default)]
pub(crate) struct Method<'a> {
    pub(crate) name: &'a str,
    pub(crate) input: &'a str,
    pub(crate) output: &'a str,
    pub(crate) client_streaming: bool,
    pub(crate) server_streaming: bool,
    pub(crate) options: Options<'a>,
}
