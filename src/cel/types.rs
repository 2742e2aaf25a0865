//! Types of CEL expressions, and when one can stand for another. Follows the type checker of the reference
//! implementation; it must not know of expressions.

use prost_reflect::MessageDescriptor;

use super::object::ObjectType;

/// A type. `Var` is one still to be found, by number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    /// The type of what has been reported already; fits everywhere.
    Error,
    /// Any type, known at run time only.
    Dyn,
    /// A message of any type: `google.protobuf.Any`.
    Any,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Timestamp,
    /// The type of a type, such as that of `int`.
    Meta,
    List(Box<Type>),
    Map(Box<(Type, Type)>),
    Message(MessageDescriptor),
    /// An object of the embedder.
    Object(&'static ObjectType),
    /// A value that may be missing: `optional.of(1)`.
    Optional(Box<Type>),
    /// A scalar that may also be null: `google.protobuf.Int32Value` and its kin.
    Nullable(Box<Type>),
    Var(usize),
}

/// Types nested deeper count as unknown, which bounds the work spent on them.
const MAX_DEPTH: usize = 8;

impl Type {
    pub(crate) fn list(element: Type) -> Type {
        if element.depth() >= MAX_DEPTH { Type::Dyn } else { Type::List(Box::new(element)) }
    }

    pub(crate) fn map(key: Type, value: Type) -> Type {
        let depth = key.depth().max(value.depth());
        if depth >= MAX_DEPTH { Type::Dyn } else { Type::Map(Box::new((key, value))) }
    }

    pub(crate) fn optional(value: Type) -> Type {
        if value.depth() >= MAX_DEPTH { Type::Dyn } else { Type::Optional(Box::new(value)) }
    }

    fn depth(&self) -> usize {
        match self {
            Type::List(element) | Type::Optional(element) => element.depth() + 1,
            Type::Map(entry) => entry.0.depth().max(entry.1.depth()) + 1,
            _ => 0,
        }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Type::Dyn | Type::Any | Type::Error)
    }

    /// A nullable scalar is otherwise its scalar.
    pub(crate) fn scalar(&self) -> &Type {
        match self {
            Type::Nullable(scalar) => scalar,
            other => other,
        }
    }

    /// The name as the language writes it.
    pub(crate) fn name(&self) -> String {
        let plain = match self {
            Type::Error | Type::Dyn | Type::Var(_) => "dyn",
            Type::Any => "any",
            Type::Null => "null",
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Uint => "uint",
            Type::Double => "double",
            Type::Text => "string",
            Type::Bytes => "bytes",
            Type::Duration => "duration",
            Type::Timestamp => "timestamp",
            Type::Meta => "type",
            Type::List(element) => return format!("list({})", element.name()),
            Type::Map(entry) => return format!("map({}, {})", entry.0.name(), entry.1.name()),
            Type::Message(message) => message.full_name(),
            Type::Object(object) => object.name,
            Type::Optional(value) => return format!("optional_type({})", value.name()),
            Type::Nullable(scalar) => return format!("wrapper({})", scalar.name()),
        };
        plain.to_owned()
    }
}

/// What is known of types still to be found. Changes can be undone back to a mark.
#[derive(Default)]
pub(crate) struct Bindings {
    bound: Vec<Option<Type>>,
    trail: Vec<(usize, Option<Type>)>,
}

impl Bindings {
    pub(crate) fn fresh(&mut self) -> Type {
        self.bound.push(None);
        Type::Var(self.bound.len() - 1)
    }

    fn bind(&mut self, variable: usize, to: Type) {
        let before = self.bound[variable].replace(to);
        self.trail.push((variable, before));
    }

    fn find(&self, variable: usize) -> Option<Type> {
        self.bound.get(variable).cloned().flatten()
    }

    /// The type with everything known filled in.
    pub(crate) fn resolve(&self, of: &Type) -> Type {
        match of {
            Type::Var(variable) => self.find(*variable).map_or_else(|| of.clone(), |bound| self.resolve(&bound)),
            Type::List(element) => Type::list(self.resolve(element)),
            Type::Optional(value) => Type::optional(self.resolve(value)),
            Type::Map(entry) => Type::map(self.resolve(&entry.0), self.resolve(&entry.1)),
            other => other.clone(),
        }
    }

    /// Whether every type can stand for its counterpart; if so, what follows from that is kept.
    pub(crate) fn assign(&mut self, from: &[Type], to: &[Type]) -> bool {
        let mark = self.trail.len();
        let fits = from.len() == to.len() && from.iter().zip(to).all(|(from, to)| self.fits(from, to));
        if !fits {
            for (variable, before) in self.trail.drain(mark..).rev() {
                self.bound[variable] = before;
            }
        }
        fits
    }

    fn fits(&mut self, from: &Type, to: &Type) -> bool {
        if let Type::Var(variable) = to {
            match self.substitutes(from, *variable) {
                (true, _) => return true,
                (false, true) => return false,
                (false, false) => {}
            }
        }
        if let Type::Var(variable) = from {
            return self.substitutes(to, *variable).0;
        }
        if from.is_unknown() || to.is_unknown() {
            return true;
        }
        match (from, to) {
            (Type::Null, other) | (other, Type::Null) => {
                let takes_null = |of: &Type| matches!(of, Type::Message(_) | Type::Object(_) | Type::Optional(_));
                takes_null(other) || matches!(other, Type::Null | Type::Nullable(_) | Type::Duration | Type::Timestamp)
            }
            (Type::List(from), Type::List(to)) | (Type::Optional(from), Type::Optional(to)) => self.fits(from, to),
            (Type::Map(from), Type::Map(to)) => self.fits(&from.0, &to.0) && self.fits(&from.1, &to.1),
            _ => from.scalar() == to.scalar(),
        }
    }

    /// Whether `variable` can be `other`, and whether it was bound already.
    fn substitutes(&mut self, other: &Type, variable: usize) -> (bool, bool) {
        if *other == Type::Var(variable) {
            return (true, true);
        }
        let Some(bound) = self.find(variable) else {
            if self.occurs(variable, other) {
                return (false, false);
            }
            self.bind(variable, other.clone());
            return (true, false);
        };
        if *other == bound {
            return (true, true);
        }
        if !self.fits(other, &bound) {
            return (false, true);
        }
        let general = if is_less_specific(other, &bound) { other.clone() } else { bound };
        if !self.occurs(variable, &general) {
            self.bind(variable, general);
        }
        (true, true)
    }

    fn occurs(&self, variable: usize, within: &Type) -> bool {
        match within {
            Type::Var(other) if *other == variable => true,
            Type::Var(other) => self.find(*other).is_some_and(|bound| self.occurs(variable, &bound)),
            Type::List(element) | Type::Optional(element) => self.occurs(variable, element),
            Type::Map(entry) => self.occurs(variable, &entry.0) || self.occurs(variable, &entry.1),
            _ => false,
        }
    }

    /// The type of what may be one or the other, as in a list of both.
    pub(crate) fn join(&mut self, one: &Type, other: &Type) -> Type {
        match self.assign(std::slice::from_ref(one), std::slice::from_ref(other)) {
            true if is_less_specific(one, other) || *other == Type::Null => one.clone(),
            true => other.clone(),
            false => Type::Dyn,
        }
    }
}

/// Whether `left` is as general as `right`, or more.
fn is_less_specific(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Dyn | Type::Any | Type::Var(_), _) => true,
        (_, Type::Dyn | Type::Any | Type::Var(_)) => false,
        (Type::List(left), Type::List(right)) | (Type::Optional(left), Type::Optional(right)) => {
            is_less_specific(left, right)
        }
        (Type::Map(left), Type::Map(right)) => {
            is_less_specific(&left.0, &right.0) && is_less_specific(&left.1, &right.1)
        }
        _ => left.scalar() == right.scalar(),
    }
}
