//! What a function is: the signatures that it can be called with, and what it does. It must not know any function.

use super::meter::Meter;
use super::program::Failure;
use super::types::Type;
use super::value::Value;

/// A type in a signature. `A` and `B` stand for any type, the same one throughout a signature.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sig {
    Any,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Timestamp,
    Meta,
    /// Any of the three types of numbers.
    Number,
    A,
    B,
    ListA,
    MapAB,
    OptionalA,
    ListOfText,
    ListOfAny,
    ListOf(&'static Sig),
}

/// One way to call a function.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overload {
    /// Whether it is called on its first argument: `text.size()`.
    pub(super) is_member: bool,
    /// Whether the last argument may be given any number of times.
    pub(super) is_variadic: bool,
    pub(super) args: &'static [Sig],
    pub(super) result: Sig,
}

impl Overload {
    /// A way to call it on its first argument: `text.size()`.
    pub(crate) const fn method(args: &'static [Sig], result: Sig) -> Overload {
        Overload { is_member: true, is_variadic: false, args, result }
    }

    /// A way to call it with all arguments in parentheses: `size(text)`.
    pub(crate) const fn function(args: &'static [Sig], result: Sig) -> Overload {
        Overload { is_member: false, is_variadic: false, args, result }
    }

    /// A way to call it with the last argument any number of times.
    pub(super) const fn variadic(args: &'static [Sig], result: Sig) -> Overload {
        Overload { is_member: false, is_variadic: true, args, result }
    }

    /// The signature of an argument by its position.
    pub(super) fn arg(&self, at: usize) -> Option<&'static Sig> {
        self.args.get(at).or_else(|| self.args.last().filter(|_| self.is_variadic))
    }

    /// Whether arguments of these types can be meant, types inside of lists and maps apart.
    pub(super) fn could_take(&self, is_member: bool, args: &[Type]) -> bool {
        let fits_number = args.len() == self.args.len() || (self.is_variadic && args.len() > self.args.len());
        let fits = |(at, arg): (usize, &Type)| self.arg(at).is_some_and(|sig| could_be(sig, arg));
        self.is_member == is_member && fits_number && args.iter().enumerate().all(fits)
    }
}

/// What a call gives: nothing where no overload takes the arguments.
pub(crate) type Called<'v> = Result<Option<Value<'v>>, Failure>;

/// What a function does; the target of a method is the first argument.
pub(crate) type Call = for<'v> fn(&mut Meter, &[Value<'v>]) -> Called<'v>;

/// A function or operator.
#[derive(Debug)]
pub(crate) struct Function {
    pub(super) name: &'static str,
    pub(super) overloads: &'static [Overload],
    pub(super) call: Call,
}

/// A row of a table of functions.
pub(crate) const fn row(name: &'static str, overloads: &'static [Overload], call: Call) -> Function {
    Function { name, overloads, call }
}

/// Whether a type may stand for that of a signature.
fn could_be(sig: &Sig, of: &Type) -> bool {
    let of = of.scalar();
    if matches!(of, Type::Dyn | Type::Any | Type::Error | Type::Var(_) | Type::Null) {
        return true;
    }
    match sig {
        Sig::Any | Sig::A | Sig::B => true,
        Sig::Bool => *of == Type::Bool,
        Sig::Int => *of == Type::Int,
        Sig::Uint => *of == Type::Uint,
        Sig::Double => *of == Type::Double,
        Sig::Text => *of == Type::Text,
        Sig::Bytes => *of == Type::Bytes,
        Sig::Duration => *of == Type::Duration,
        Sig::Timestamp => *of == Type::Timestamp,
        Sig::Meta => *of == Type::Meta,
        Sig::Number => matches!(of, Type::Int | Type::Uint | Type::Double),
        Sig::MapAB => matches!(of, Type::Map(_)),
        Sig::OptionalA => matches!(of, Type::Optional(_)),
        Sig::ListA | Sig::ListOfAny => matches!(of, Type::List(_)),
        Sig::ListOfText => matches!(of, Type::List(element) if could_be(&Sig::Text, element)),
        Sig::ListOf(wanted) => matches!(of, Type::List(element) if could_be(wanted, element)),
    }
}

/// A type of a signature, with `parameters` for `A` and `B`.
pub(super) fn instance(sig: &Sig, parameters: &(Type, Type)) -> Type {
    match sig {
        Sig::Any | Sig::Number => Type::Dyn,
        Sig::Bool => Type::Bool,
        Sig::Int => Type::Int,
        Sig::Uint => Type::Uint,
        Sig::Double => Type::Double,
        Sig::Text => Type::Text,
        Sig::Bytes => Type::Bytes,
        Sig::Duration => Type::Duration,
        Sig::Timestamp => Type::Timestamp,
        Sig::Meta => Type::Meta,
        Sig::A => parameters.0.clone(),
        Sig::B => parameters.1.clone(),
        Sig::ListA => Type::list(parameters.0.clone()),
        Sig::MapAB => Type::map(parameters.0.clone(), parameters.1.clone()),
        Sig::OptionalA => Type::optional(parameters.0.clone()),
        Sig::ListOfText => Type::list(Type::Text),
        Sig::ListOfAny => Type::list(Type::Dyn),
        Sig::ListOf(element) => Type::list(instance(element, parameters)),
    }
}

/// Says that no overload takes arguments of these types.
pub(super) fn mismatch(function: &str, is_member: bool, args: &[String]) -> String {
    let operator = function.trim_start_matches('@').replace('_', "");
    match (function, args) {
        ("_?_:_", [_, yes, no]) => {
            format!("`? :` takes a `bool` and two values of one type, not `{yes}` and `{no}`")
        }
        ("_[_]" | "_[?_]", [of, index]) => format!("`{of}` has no element at an index of type `{index}`"),
        (_, [left, right]) if function.starts_with(['_', '@']) => {
            format!("`{operator}` takes no `{left}` with `{right}`")
        }
        (_, [operand]) if function.ends_with('_') => format!("`{operator}` takes no `{operand}`"),
        (_, [target, rest @ ..]) if is_member => {
            format!("`{function}` takes no (`{}`) on `{target}`", rest.join("`, `")).replace("(``)", "arguments")
        }
        _ => format!("`{function}` takes no (`{}`)", args.join("`, `")).replace("(``)", "arguments"),
    }
}
