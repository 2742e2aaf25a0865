//! The attributes of each kind of element, beside those that all kinds have.

use super::fields;
use super::reader::{Each, Known, TypeOrName};
use super::table::{Table, kind};
use crate::schema::{Element, File, ImportKind, Message, NumberRange, Oneof, Syntax};

pub(crate) use super::fields::{EXTENSION, FIELD};

/// The tables of all kinds, in the order of the page.
pub(super) static TABLES: [&Table; 10] = [
    &FILES,
    &IMPORTS,
    &MESSAGES,
    &fields::FIELDS,
    &fields::EXTENSIONS,
    &ONEOFS,
    &ENUMS,
    &ENUM_VALUES,
    &SERVICES,
    &RPCS,
];

/// The table of the kind of an element.
pub(super) fn table(element: Element<'_>) -> &'static Table {
    match element {
        Element::File(_) => &FILES,
        Element::Import(_) => &IMPORTS,
        Element::Message(_) => &MESSAGES,
        Element::Field(field) if field.is_extension() => &fields::EXTENSIONS,
        Element::Field(_) => &fields::FIELDS,
        Element::Oneof(_) => &ONEOFS,
        Element::Enum(_) => &ENUMS,
        Element::EnumValue(_) => &ENUM_VALUES,
        Element::Service(_) => &SERVICES,
        Element::Method(_) => &RPCS,
    }
}

kind! {
    /// A file.
    FILES of FILE = "file": File |file, reader| {
        syntax: text, "`proto2`, `proto3` or `editions`; `proto2` where nothing is stated" => syntax(file);
        edition: text, "the edition: `2023`; empty where there is none" => edition(file);
        states_syntax: bool, "whether it has a `syntax` or `edition` statement"
            => Known(file.is_syntax_known().then(|| file.syntax() != Syntax::Unspecified));
        states_package: bool, "whether it has a `package` statement"
            => Known(file.is_package_known().then(|| file.package().is_some()));
        directory: text, "the path without its last part: `acme/v1`; `.` at the root" => file.directory();
        imports: list(IMPORT), "its import statements" => Each(file.imports());
        messages: list(MESSAGE), "its messages at the top level" => Each(file.messages());
        enums: list(ENUM), "its enums at the top level" => Each(file.enums());
        services: list(SERVICE), "its services" => Each(file.services());
        extensions: list(EXTENSION), "the extensions declared at the top level" => Each(file.extensions());
        all_messages: list(MESSAGE), "its messages at every depth" => Each(file.all_messages().filter(is_written));
        all_enums: list(ENUM), "its enums at every depth" => Each(file.all_enums());
    }
}

kind! {
    /// An import statement.
    IMPORTS of IMPORT = "import": Import |import, reader| {
        public: bool, "whether it is an `import public`" => import.kind() == ImportKind::Public;
        weak: bool, "whether it is an `import weak`" => import.kind() == ImportKind::Weak;
        option: bool, "whether it is an `import option`" => import.kind() == ImportKind::Option;
        used: bool, "whether its file uses a name from it; true where imports are missing" => import.is_used();
        imported: FILE, "the file that it imports; `null` where that was not found" => import.target();
    }
}

kind! {
    /// A message.
    MESSAGES of MESSAGE = "message": Message |message, reader| {
        fields: list(FIELD), "its fields" => Each(message.fields());
        oneofs: list(ONEOF), "its oneofs" => Each(message.oneofs().filter(|oneof: &Oneof<'_>| !oneof.is_synthetic()));
        messages: list(MESSAGE), "the messages declared in it" => Each(message.messages().filter(is_written));
        enums: list(ENUM), "the enums declared in it" => Each(message.enums());
        extensions: list(EXTENSION), "the extensions declared in it" => Each(message.extensions());
        message: MESSAGE, "the message it is declared in; `null` at the top level" => message.parent();
        depth: int, "in how many messages it is declared: 0 at the top level" => depth(message.parent());
        reserved_names: list(text), "the names that it reserves" => Each(message.reserved().names().map(|(name, _)| name));
        reserved_ranges: list(list(int)), "the numbers that it reserves, as ranges `[first, last]`"
            => Each(ranges(message.reserved().ranges()));
        extension_ranges: list(list(int)), "the numbers that it leaves to extensions, as ranges `[first, last]`"
            => Each(ranges(message.extension_ranges()));
        local: bool, "whether only its own file can use it (edition 2024)" => message.is_local();
    }
}

kind! {
    /// A oneof.
    ONEOFS of ONEOF = "oneof": Oneof |oneof, reader| {
        fields: list(FIELD), "its fields" => Each(oneof.fields());
        message: MESSAGE, "the message it is in" => oneof.parent();
    }
}

kind! {
    /// An enum.
    ENUMS of ENUM = "enum": Enum |enumeration, reader| {
        values: list(ENUM_VALUE), "its values" => Each(enumeration.values());
        message: MESSAGE, "the message it is declared in; `null` at the top level" => enumeration.parent();
        closed: bool, "whether it takes listed values only, as enums of proto2 do" => enumeration.is_closed();
        depth: int, "in how many messages it is declared: 0 at the top level" => depth(enumeration.parent());
        reserved_names: list(text), "the names that it reserves"
            => Each(enumeration.reserved().names().map(|(name, _)| name));
        reserved_ranges: list(list(int)), "the numbers that it reserves, as ranges `[first, last]`"
            => Each(ranges(enumeration.reserved().ranges()));
        local: bool, "whether only its own file can use it (edition 2024)" => enumeration.is_local();
    }
}

kind! {
    /// A value of an enum.
    ENUM_VALUES of ENUM_VALUE = "enum_value": EnumValue |value, reader| {
        number: int, "its number" => value.number();
        enum: ENUM, "the enum it is in" => value.parent();
    }
}

kind! {
    /// A service.
    SERVICES of SERVICE = "service": Service |service, reader| {
        rpcs: list(RPC), "its rpcs" => Each(service.methods());
    }
}

kind! {
    /// An rpc.
    RPCS of RPC = "rpc": Method |method, reader| {
        service: SERVICE, "the service it is in" => method.parent();
        request: MESSAGE, "its request type" => TypeOrName::new(method.input(), method.written_input());
        response: MESSAGE, "its response type" => TypeOrName::new(method.output(), method.written_output());
        client_streaming: bool, "whether its request is a stream" => method.is_client_streaming();
        server_streaming: bool, "whether its response is a stream" => method.is_server_streaming();
    }
}

/// Map entries stand for no statement of their own.
fn is_written(message: &Message<'_>) -> bool {
    !message.is_map_entry()
}

fn syntax(file: File<'_>) -> Known<&'static str> {
    let name = match file.syntax() {
        Syntax::Unspecified | Syntax::Proto2 => "proto2",
        Syntax::Proto3 => "proto3",
        Syntax::Edition(_) => "editions",
    };
    Known(file.is_syntax_known().then_some(name))
}

fn edition(file: File<'_>) -> Known<String> {
    let edition = match file.syntax() {
        Syntax::Edition(edition) => edition.to_string(),
        _ => String::new(),
    };
    Known(file.is_syntax_known().then_some(edition))
}

fn depth(parent: Option<Message<'_>>) -> i32 {
    let depth = std::iter::successors(parent, |message| message.parent()).count();
    i32::try_from(depth).unwrap_or(i32::MAX)
}

/// Each with its first and its last number.
fn ranges<'s>(ranges: impl Iterator<Item = NumberRange<'s>>) -> impl Iterator<Item = [i32; 2]> {
    ranges.map(|range| [range.start, range.end])
}
