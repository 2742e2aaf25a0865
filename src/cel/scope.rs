//! What names mean in an expression: variables, message types, enum values, and fields of messages.

use prost_reflect::{Cardinality, DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};

use super::environment::Environment;
use super::program::Op;
use super::types::Type;
use super::value::Constant;

/// Names of types as values: `type(this) == int`.
const TYPE_NAMES: [&str; 13] = [
    "bool",
    "bytes",
    "double",
    "google.protobuf.Duration",
    "google.protobuf.Timestamp",
    "int",
    "list",
    "map",
    "null_type",
    "optional_type",
    "string",
    "type",
    "uint",
];

/// The names an expression can use.
pub(super) struct Scope<'a> {
    pub(super) environment: &'a Environment,
    pool: Option<&'a DescriptorPool>,
    variables: &'a [(&'static str, Type)],
    /// Variables of macros, innermost last.
    locals: Vec<(String, Type)>,
}

impl<'a> Scope<'a> {
    /// A scope with the variables and the message types given.
    pub(super) fn new(
        environment: &'a Environment,
        pool: Option<&'a DescriptorPool>,
        variables: &'a [(&'static str, Type)],
    ) -> Self {
        Scope { environment, pool, variables, locals: Vec::new() }
    }

    pub(super) fn enter(&mut self, name: &str, of: Type) {
        self.locals.push((name.to_owned(), of));
    }

    pub(super) fn leave(&mut self) {
        self.locals.pop();
    }

    /// Whether a name is a variable of a macro.
    pub(super) fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|(local, _)| local == name)
    }

    /// A variable, with the operation that reads it.
    pub(super) fn variable(&self, name: &str) -> Option<(Type, Op)> {
        let local = self.locals.iter().rposition(|(local, _)| local == name);
        if let Some(at) = local {
            return Some((self.locals[at].1.clone(), Op::Local(at)));
        }
        let name = name.strip_prefix('.').unwrap_or(name);
        let at = self.variables.iter().position(|(variable, _)| *variable == name)?;
        Some((self.variables[at].1.clone(), Op::Variable(at)))
    }

    /// The names of all variables.
    pub(super) fn variable_names(&self) -> Vec<&str> {
        let locals = self.locals.iter().rev().map(|(name, _)| name.as_str());
        locals.chain(self.variables.iter().map(|(name, _)| *name)).collect()
    }

    /// A name that is no variable: a type, or a value of an enum.
    pub(super) fn constant(&self, name: &str) -> Option<(Type, Op)> {
        let name = name.trim_start_matches('.');
        let is_message = || self.pool.is_some_and(|pool| pool.get_message_by_name(name).is_some());
        if TYPE_NAMES.contains(&name) || is_message() {
            return Some((Type::Meta, Op::Constant(Constant::Type(name.into()))));
        }
        let (parent, value) = name.rsplit_once('.')?;
        let parent = self.pool?.get_enum_by_name(parent)?;
        let number = parent.get_value_by_name(value)?.number();
        Some((Type::Int, Op::Constant(Constant::Int(number.into()))))
    }

    /// The type of `name{…}`. Dyn for a type that may be known elsewhere.
    pub(super) fn message(&self, name: &str) -> Option<Type> {
        match self.descriptor(name) {
            Some(message) => Some(message_type(&message)),
            None => self.environment.knows_package_of(name).then_some(Type::Dyn),
        }
    }

    /// The fields that `name{…}` can set.
    pub(super) fn descriptor(&self, name: &str) -> Option<MessageDescriptor> {
        self.pool?.get_message_by_name(name.trim_start_matches('.'))
    }
}

/// The type of a field as expressions see it.
pub(super) fn field_type(field: &FieldDescriptor) -> Type {
    if let (true, Kind::Message(entry)) = (field.is_map(), field.kind()) {
        let key = kind_type(&entry.map_entry_key_field().kind());
        return Type::map(key, kind_type(&entry.map_entry_value_field().kind()));
    }
    let item = kind_type(&field.kind());
    if field.cardinality() == Cardinality::Repeated { Type::list(item) } else { item }
}

/// The type of a single value.
pub(crate) fn kind_type(kind: &Kind) -> Type {
    match kind {
        Kind::Double | Kind::Float => Type::Double,
        Kind::Int32 | Kind::Int64 | Kind::Sint32 | Kind::Sint64 | Kind::Sfixed32 | Kind::Sfixed64 => Type::Int,
        Kind::Uint32 | Kind::Uint64 | Kind::Fixed32 | Kind::Fixed64 => Type::Uint,
        Kind::Bool => Type::Bool,
        Kind::String => Type::Text,
        Kind::Bytes => Type::Bytes,
        Kind::Enum(_) => Type::Int,
        Kind::Message(message) => message_type(message),
    }
}

/// The type of a message: well-known ones have types of their own.
pub(super) fn message_type(message: &MessageDescriptor) -> Type {
    let nullable = |scalar| Type::Nullable(Box::new(scalar));
    match message.full_name() {
        "google.protobuf.BoolValue" => nullable(Type::Bool),
        "google.protobuf.BytesValue" => nullable(Type::Bytes),
        "google.protobuf.DoubleValue" | "google.protobuf.FloatValue" => nullable(Type::Double),
        "google.protobuf.Int32Value" | "google.protobuf.Int64Value" => nullable(Type::Int),
        "google.protobuf.UInt32Value" | "google.protobuf.UInt64Value" => nullable(Type::Uint),
        "google.protobuf.StringValue" => nullable(Type::Text),
        "google.protobuf.Any" => Type::Any,
        "google.protobuf.Value" => Type::Dyn,
        "google.protobuf.Duration" => Type::Duration,
        "google.protobuf.Timestamp" => Type::Timestamp,
        "google.protobuf.ListValue" => Type::list(Type::Dyn),
        "google.protobuf.Struct" => Type::map(Type::Text, Type::Dyn),
        _ => Type::Message(message.clone()),
    }
}
