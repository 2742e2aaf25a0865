//! The compact form of one parsed file: arenas of elements that refer to each other by index, names as ranges of one
//! string. Immutable once parsed; what depends on other files lives in `link`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::comment::Directive;
pub(crate) use super::kinds::{ImportKind, Label, Scalar, Syntax, Visibility};
use crate::source::{FileId, Span};

/// Position of a file in its schema, 0-based.
pub(crate) type FileIndex = u32;

/// A piece of text in [`FileData::strings`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// A run of elements in one arena.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Run {
    pub(crate) fn indexes(self) -> std::ops::Range<u32> {
        self.start..self.start + self.len
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ImportData {
    pub(crate) path: Text,
    pub(crate) kind: ImportKind,
    pub(crate) span: Span,
}

/// The type of a field as written; what a name stands for is known after resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrittenType {
    Scalar(Scalar),
    Group,
    /// `map<K, V>`; the name is that of the entry message the parser made.
    Map,
    Named,
}

#[derive(Clone, Debug)]
pub(crate) struct MessageData {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) parent: Option<u32>,
    pub(crate) fields: Run,
    pub(crate) oneofs: Run,
    pub(crate) messages: Run,
    pub(crate) enums: Run,
    pub(crate) extensions: Run,
    pub(crate) extension_ranges: Run,
    pub(crate) reserved: Reserved,
    pub(crate) options: Run,
    pub(crate) map_entry: bool,
    pub(crate) visibility: Visibility,
    pub(crate) place: Declared,
}

impl MessageData {
    /// A message without anything in it yet, declared nowhere.
    pub(crate) fn new(name: Text, full_name: Text, parent: Option<u32>) -> MessageData {
        MessageData {
            name,
            full_name,
            parent,
            fields: Run::default(),
            oneofs: Run::default(),
            messages: Run::default(),
            enums: Run::default(),
            extensions: Run::default(),
            extension_ranges: Run::default(),
            reserved: Reserved { ranges: Run::default(), names: Run::default(), span: Span::NONE },
            options: Run::default(),
            map_entry: false,
            visibility: Visibility::Default,
            place: Declared::NOWHERE,
        }
    }
}

/// What an element reserves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reserved {
    pub(crate) ranges: Run,
    pub(crate) names: Run,
    /// The first `reserved` statement.
    pub(crate) span: Span,
}

/// Where a declaration stands, and whether it is explained.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    /// From the first keyword to the closing brace or semicolon; comments are outside.
    pub(crate) span: Span,
    pub(crate) name: Span,
    /// Whether a leading comment says something.
    pub(crate) documented: bool,
}

impl Declared {
    pub(crate) const NOWHERE: Declared = Declared { span: Span::NONE, name: Span::NONE, documented: false };
}

#[derive(Clone, Debug)]
pub(crate) struct FieldData {
    pub(crate) name: Text,
    pub(crate) number: i32,
    pub(crate) label: Label,
    pub(crate) written_type: WrittenType,
    pub(crate) proto3_optional: bool,
    pub(crate) type_name: Text,
    /// The enclosing message; for an extension the one it is declared in, if any.
    pub(crate) parent: Option<u32>,
    /// Index into the oneofs of the file.
    pub(crate) oneof: Option<u32>,
    /// Index into [`FileData::extendees`].
    pub(crate) extendee: Option<u32>,
    pub(crate) json_name: Option<Text>,
    pub(crate) default: Option<Text>,
    pub(crate) options: Run,
    pub(crate) place: Declared,
    pub(crate) number_span: Span,
    pub(crate) type_span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct ExtendeeData {
    pub(crate) name: Text,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct OneofData {
    pub(crate) name: Text,
    pub(crate) parent: u32,
    pub(crate) synthetic: bool,
    pub(crate) options: Run,
    pub(crate) place: Declared,
}

#[derive(Clone, Debug)]
pub(crate) struct EnumData {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) parent: Option<u32>,
    pub(crate) values: Run,
    pub(crate) reserved: Reserved,
    pub(crate) options: Run,
    pub(crate) visibility: Visibility,
    pub(crate) place: Declared,
}

#[derive(Clone, Debug)]
pub(crate) struct EnumValueData {
    pub(crate) name: Text,
    pub(crate) number: i32,
    pub(crate) parent: u32,
    pub(crate) options: Run,
    pub(crate) place: Declared,
    pub(crate) number_span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct ServiceData {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) methods: Run,
    pub(crate) options: Run,
    pub(crate) place: Declared,
}

#[derive(Clone, Debug)]
pub(crate) struct MethodData {
    pub(crate) name: Text,
    pub(crate) parent: u32,
    pub(crate) input: Text,
    pub(crate) output: Text,
    pub(crate) client_streaming: bool,
    pub(crate) server_streaming: bool,
    pub(crate) options: Run,
    pub(crate) place: Declared,
    pub(crate) input_span: Span,
    pub(crate) output_span: Span,
}

/// A range of numbers, both ends included, in messages as well as in enums.
#[derive(Clone, Debug)]
pub(crate) struct RangeData {
    pub(crate) start: i32,
    pub(crate) end: i32,
    pub(crate) options: Run,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct ReservedNameData {
    pub(crate) name: Text,
    pub(crate) span: Span,
}

/// An option as written.
#[derive(Clone, Debug)]
pub(crate) struct OptionData {
    pub(crate) parts: Run,
    pub(crate) value: ValueData,
    pub(crate) span: Span,
    pub(crate) value_span: Span,
}

/// One component of an option's name: `a` and `(b.c)` of `a.(b.c)`.
#[derive(Clone, Debug)]
pub(crate) struct OptionPartData {
    pub(crate) name: Text,
    pub(crate) extension: bool,
    /// The name, parentheses left out.
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ValueData {
    Identifier(Text),
    Positive(u64),
    Negative(i64),
    Float(f64),
    String(Text),
    /// A string that is not UTF-8: its index in [`FileData::byte_strings`].
    Bytes(u32),
    /// A message in braces: a run of [`FileData::value_fields`].
    Message(Run),
    /// A list in brackets, which stands in messages only: a run of [`FileData::value_elements`].
    List(Run),
}

/// `name: value` in the value of an option.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueFieldData {
    /// As written; without brackets.
    pub(crate) name: Text,
    /// Whether the name stands in brackets: that of an extension, or of a packed message.
    pub(crate) is_bracketed: bool,
    pub(crate) has_colon: bool,
    pub(crate) name_span: Span,
    pub(crate) value: ElementData,
}

/// A value within the value of an option.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ElementData {
    pub(crate) value: ValueData,
    pub(crate) span: Span,
}

/// What of a file could not be read. What refers to that is not reported as missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Damage {
    /// It is not known which syntax it is written in.
    pub(crate) syntax: bool,
    /// Its package may be another one.
    pub(crate) package: bool,
    /// It may import more.
    pub(crate) imports: bool,
    /// It may set more options for all that is in it.
    pub(crate) options: bool,
    /// The words in damaged declarations, sorted: the names that it may declare.
    pub(crate) names: Vec<Box<str>>,
    /// It may declare any name.
    pub(crate) any_name: bool,
}

/// A place of a field that few fields have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Detail {
    Default,
    /// What stands after `default =`.
    DefaultValue,
    JsonName,
}

#[derive(Clone, Debug)]
pub(crate) struct FileData {
    /// Path relative to the root, as imports name it.
    pub(crate) name: String,
    pub(crate) source: Option<FileId>,
    pub(crate) strings: String,
    pub(crate) syntax: Syntax,
    pub(crate) syntax_span: Span,
    pub(crate) package: Option<Text>,
    pub(crate) package_span: Span,
    /// The name of the package, dots included.
    pub(crate) package_name_span: Span,
    pub(crate) imports: Vec<ImportData>,
    pub(crate) top_messages: Run,
    pub(crate) top_enums: Run,
    pub(crate) top_extensions: Run,
    pub(crate) options_run: Run,
    pub(crate) messages: Vec<MessageData>,
    pub(crate) fields: Vec<FieldData>,
    pub(crate) extendees: Vec<ExtendeeData>,
    pub(crate) oneofs: Vec<OneofData>,
    pub(crate) enums: Vec<EnumData>,
    pub(crate) values: Vec<EnumValueData>,
    pub(crate) services: Vec<ServiceData>,
    pub(crate) methods: Vec<MethodData>,
    pub(crate) ranges: Vec<RangeData>,
    pub(crate) reserved_names: Vec<ReservedNameData>,
    pub(crate) options: Vec<OptionData>,
    pub(crate) option_parts: Vec<OptionPartData>,
    pub(crate) value_fields: Vec<ValueFieldData>,
    pub(crate) value_elements: Vec<ElementData>,
    /// Sorted by field.
    pub(crate) details: Vec<(u32, Detail, Span)>,
    pub(crate) directives: Vec<Directive>,
    /// The declarations that comments declare hot, sorted.
    pub(crate) hot: Vec<Span>,
    /// Whether anything is wrong with the text, also where all of it could be read.
    pub(crate) has_faults: bool,
    /// What could not be read; nothing where the file is whole.
    pub(crate) damage: Option<Box<Damage>>,
    /// Whether full names were cut short because they are longer than protobuf takes.
    pub(crate) has_long_names: bool,
    pub(crate) byte_strings: Vec<Vec<u8>>,
    /// The defaults of string fields that are not UTF-8: by the field, the index in [`FileData::byte_strings`].
    pub(crate) byte_defaults: FxHashMap<u32, u32>,
    /// The features that the file sets for all that is in it, by name; filled in when one is first asked for.
    pub(crate) features: OnceLock<FxHashMap<&'static str, Box<str>>>,
}

impl Default for FileData {
    /// A file with nothing in it.
    fn default() -> FileData {
        FileData {
            name: String::new(),
            source: None,
            strings: String::new(),
            syntax: Syntax::Unspecified,
            syntax_span: Span::NONE,
            package: None,
            package_span: Span::NONE,
            package_name_span: Span::NONE,
            imports: Vec::new(),
            top_messages: Run::default(),
            top_enums: Run::default(),
            top_extensions: Run::default(),
            options_run: Run::default(),
            messages: Vec::new(),
            fields: Vec::new(),
            extendees: Vec::new(),
            oneofs: Vec::new(),
            enums: Vec::new(),
            values: Vec::new(),
            services: Vec::new(),
            methods: Vec::new(),
            ranges: Vec::new(),
            reserved_names: Vec::new(),
            options: Vec::new(),
            option_parts: Vec::new(),
            value_fields: Vec::new(),
            value_elements: Vec::new(),
            details: Vec::new(),
            directives: Vec::new(),
            hot: Vec::new(),
            has_faults: false,
            damage: None,
            has_long_names: false,
            byte_strings: Vec::new(),
            byte_defaults: FxHashMap::default(),
            features: OnceLock::new(),
        }
    }
}

impl FileData {
    /// The same for a file without its text.
    pub(crate) fn without_places(mut self) -> FileData {
        let nowhere = |place: &mut Declared| *place = Declared::NOWHERE;
        self.messages.iter_mut().for_each(|message| nowhere(&mut message.place));
        self.fields.iter_mut().for_each(|field| nowhere(&mut field.place));
        self.oneofs.iter_mut().for_each(|oneof| nowhere(&mut oneof.place));
        self.enums.iter_mut().for_each(|enumeration| nowhere(&mut enumeration.place));
        self.values.iter_mut().for_each(|value| nowhere(&mut value.place));
        self.services.iter_mut().for_each(|service| nowhere(&mut service.place));
        self.methods.iter_mut().for_each(|method| nowhere(&mut method.place));
        self
    }

    pub(crate) fn text(&self, text: Text) -> &str {
        &self.strings[text.start as usize..(text.start + text.len) as usize]
    }

    /// The package; empty where the file has no `package` statement.
    pub(crate) fn package_name(&self) -> &str {
        self.package.map_or("", |package| self.text(package))
    }

    /// The full name of the message at `parent`; without one, the package.
    pub(crate) fn scope(&self, parent: Option<u32>) -> &str {
        parent.map_or_else(|| self.package_name(), |at| self.text(self.messages[at as usize].full_name))
    }

    /// The extensions, each with its position among the fields.
    pub(crate) fn extensions(&self) -> impl Iterator<Item = (u32, &FieldData)> {
        (0..).zip(&self.fields).filter(|(_, field)| field.extendee.is_some())
    }
}

/// The characters of the JSON name derived from a field's name: underscores go, and what follows one becomes a capital.
pub(crate) fn derived_json_name(name: &str) -> impl Iterator<Item = char> {
    let mut after_underscore = false;
    name.chars().filter_map(move |c| {
        if c == '_' {
            after_underscore = true;
            return None;
        }
        let c = if after_underscore { c.to_ascii_uppercase() } else { c };
        after_underscore = false;
        Some(c)
    })
}
