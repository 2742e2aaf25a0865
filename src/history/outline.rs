//! What of a file counts for history: names, numbers and types of what it declares, types as they are written.

use crate::schema::{Enum, Field, FieldType, File, Message, Method, Options, ParsedFile, Schema, Service};

/// A file without the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileOutline {
    pub(crate) package: Box<str>,
    pub(crate) imports: Vec<Box<str>>,
    pub(crate) containers: Vec<ContainerOutline>,
    /// Whether a part of it could not be read.
    pub(crate) is_damaged: bool,
}

/// A message, an enum or a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContainerOutline {
    pub(crate) kind: super::ContainerKind,
    pub(crate) full_name: Box<str>,
    pub(crate) is_deprecated: bool,
    pub(crate) elements: Vec<ElementOutline>,
}

/// A field, a value or an rpc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ElementOutline {
    pub(crate) name: Box<str>,
    /// Of an rpc it is 0.
    pub(crate) number: i32,
    pub(crate) json_name: Option<Box<str>>,
    pub(crate) is_deprecated: bool,
    pub(crate) types: TypeOutline,
}

/// The type of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeOutline {
    /// Values have none.
    None,
    One(TypeName),
    Repeated(TypeName),
    /// The key is a scalar.
    Map(Box<str>, TypeName),
    /// Request and response, each with whether it is a stream.
    Rpc([(bool, TypeName); 2]),
}

/// The name of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeName {
    /// A scalar, or the full name of what the same file declares.
    Full(Box<str>),
    /// As it is written, without a dot in front, where other files declare it; `true` where the dot was there.
    Written(Box<str>, bool),
}

impl FileOutline {
    /// The outline of a file.
    pub(crate) fn new(file: &ParsedFile) -> FileOutline {
        let schema = Schema::link_one_root(vec![file.clone()]);
        schema.files().next().map_or_else(FileOutline::default, outline)
    }
}

fn outline(file: File<'_>) -> FileOutline {
    let messages = file.all_messages().filter(|message| !message.is_map_entry()).map(message);
    let containers = messages.chain(file.all_enums().map(enumeration)).chain(file.services().map(service));
    let is_file_deprecated = is_deprecated(file.options());
    let containers = containers.map(|container| ContainerOutline {
        is_deprecated: container.is_deprecated || is_file_deprecated,
        ..container
    });
    FileOutline {
        package: file.package().unwrap_or_default().into(),
        imports: file.imports().map(|import| import.path().into()).collect(),
        containers: containers.collect(),
        is_damaged: file.is_damaged(),
    }
}

fn is_deprecated(options: Options<'_>) -> bool {
    options.boolean("deprecated") == Some(true)
}

fn message(message: Message<'_>) -> ContainerOutline {
    ContainerOutline {
        kind: super::ContainerKind::Message,
        full_name: message.full_name().into(),
        is_deprecated: is_deprecated(message.options()),
        elements: message.fields().map(field).collect(),
    }
}

fn enumeration(enumeration: Enum<'_>) -> ContainerOutline {
    let value = |value: crate::schema::EnumValue<'_>| ElementOutline {
        name: value.name().into(),
        number: value.number(),
        json_name: None,
        is_deprecated: is_deprecated(value.options()),
        types: TypeOutline::None,
    };
    ContainerOutline {
        kind: super::ContainerKind::Enum,
        full_name: enumeration.full_name().into(),
        is_deprecated: is_deprecated(enumeration.options()),
        elements: enumeration.values().map(value).collect(),
    }
}

fn service(service: Service<'_>) -> ContainerOutline {
    ContainerOutline {
        kind: super::ContainerKind::Service,
        full_name: service.full_name().into(),
        is_deprecated: is_deprecated(service.options()),
        elements: service.methods().map(rpc).collect(),
    }
}

fn rpc(rpc: Method<'_>) -> ElementOutline {
    let name = |message: Option<Message<'_>>, name: &str| match message {
        Some(message) => TypeName::Full(message.full_name().into()),
        None => written(name),
    };
    let request = (rpc.is_client_streaming(), name(rpc.input(), rpc.written_input()));
    let response = (rpc.is_server_streaming(), name(rpc.output(), rpc.written_output()));
    ElementOutline {
        name: rpc.name().into(),
        number: 0,
        json_name: None,
        is_deprecated: is_deprecated(rpc.options()),
        types: TypeOutline::Rpc([request, response]),
    }
}

/// The type of a field of a linked schema, as a [`Life`](super::Life) has it.
pub(crate) fn field_type_text(field: Field<'_>) -> String {
    field_type(field).text(TypeName::as_written)
}

/// The same for what an rpc takes and gives.
pub(crate) fn rpc_type_text(method: Method<'_>) -> String {
    rpc(method).types.text(TypeName::as_written)
}

fn field(field: Field<'_>) -> ElementOutline {
    let custom =
        field.written_json_name().filter(|name| !crate::schema::derived_json_name(field.name()).eq(name.chars()));
    ElementOutline {
        name: field.name().into(),
        number: field.number(),
        json_name: custom.map(Into::into),
        is_deprecated: is_deprecated(field.options()),
        types: field_type(field),
    }
}

fn field_type(field: Field<'_>) -> TypeOutline {
    match field.field_type() {
        FieldType::Message(entry) if field.is_map() => {
            let (key, value) = (entry.field_numbered(1).map(type_name), entry.field_numbered(2).map(type_name));
            match (key, value) {
                (Some(TypeName::Full(key)), Some(value)) => TypeOutline::Map(key, value),
                _ => TypeOutline::Repeated(type_name(field)),
            }
        }
        _ if field.label() == crate::schema::Label::Repeated => TypeOutline::Repeated(type_name(field)),
        _ => TypeOutline::One(type_name(field)),
    }
}

fn type_name(field: Field<'_>) -> TypeName {
    match field.field_type() {
        FieldType::Scalar(scalar) => TypeName::Full(scalar.name().into()),
        FieldType::Message(message) => TypeName::Full(message.full_name().into()),
        FieldType::Enum(enumeration) => TypeName::Full(enumeration.full_name().into()),
        FieldType::Unresolved => written(field.written_type_name()),
    }
}

fn written(name: &str) -> TypeName {
    match name.strip_prefix('.') {
        Some(full) => TypeName::Written(full.into(), true),
        None => TypeName::Written(name.into(), false),
    }
}

impl TypeName {
    fn as_written(&self) -> &str {
        match self {
            TypeName::Full(name) | TypeName::Written(name, _) => name,
        }
    }
}

impl TypeOutline {
    /// The names in it.
    pub(crate) fn names(&self) -> impl Iterator<Item = &TypeName> {
        let (one, two) = match self {
            TypeOutline::None => (None, None),
            TypeOutline::One(name) | TypeOutline::Repeated(name) | TypeOutline::Map(_, name) => (Some(name), None),
            TypeOutline::Rpc([(_, request), (_, response)]) => (Some(request), Some(response)),
        };
        one.into_iter().chain(two)
    }

    /// As it is shown, with names as `resolve` has them: `string`, `repeated acme.v1.Item`, `map<string, int32>`,
    /// `(acme.v1.Request) returns (stream acme.v1.Response)`; empty where there is none.
    pub(crate) fn text<'n>(&'n self, mut resolve: impl FnMut(&'n TypeName) -> &'n str) -> String {
        match self {
            TypeOutline::None => String::new(),
            TypeOutline::One(name) => resolve(name).to_owned(),
            TypeOutline::Repeated(name) => format!("repeated {}", resolve(name)),
            TypeOutline::Map(key, value) => format!("map<{key}, {}>", resolve(value)),
            TypeOutline::Rpc([request, response]) => {
                let stream = |is_stream| if is_stream { "stream " } else { "" };
                let [(one, request), (two, response)] = [request, response];
                let (one, two) = (stream(*one), stream(*two));
                format!("({one}{}) returns ({two}{})", resolve(request), resolve(response))
            }
        }
    }
}
