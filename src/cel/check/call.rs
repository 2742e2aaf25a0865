//! Calls of functions, methods and operators: which overload fits, and what it gives.

use super::Checker;
use crate::cel::functions::{Overload, Sig};
use crate::cel::syntax::{Expr, Node};
use crate::cel::types::Type;

impl Checker<'_, '_> {
    pub(super) fn call(&mut self, function: &str, target: Option<&Node>, args: &[Node]) -> Type {
        let mut types: Vec<Type> = args.iter().map(|arg| self.type_of(arg)).collect();
        let Some(target) = target else {
            return match self.scope.overloads(function) {
                Some(overloads) => self.resolve(function, overloads, false, &types),
                None => self.fault(format!("there is no function `{function}`")),
            };
        };
        if let Some(prefix) = self.qualified(target)
            && let name = format!("{prefix}.{function}")
            && let Some(overloads) = self.scope.overloads(&name)
        {
            return self.resolve(&name, overloads, false, &types);
        }
        if let ("format", Expr::Text(text), [Node { expr: Expr::List(elements), .. }]) = (function, &target.expr, args)
        {
            let elements = elements.iter().map(|element| self.type_of(element)).collect();
            self.formats.push((text.clone(), elements));
        }
        types.insert(0, self.type_of(target));
        match self.scope.overloads(function) {
            Some(overloads) => self.resolve(function, overloads, true, &types),
            None => self.fault(format!("there is no function `{function}`")),
        }
    }

    /// The type of a call: of the overload that fits, Dyn where overloads of several types fit.
    fn resolve(&mut self, function: &str, overloads: &[Overload], is_member: bool, args: &[Type]) -> Type {
        let mut result: Option<Type> = None;
        for overload in overloads.iter().filter(|overload| overload.is_member == is_member) {
            if overload.args.len() != args.len() {
                continue;
            }
            let parameters = (self.bindings.fresh(), self.bindings.fresh());
            let wanted: Vec<Type> = overload.args.iter().map(|sig| instance(sig, &parameters)).collect();
            if self.bindings.assign(args, &wanted) {
                let found = self.bindings.resolve(&instance(&overload.result, &parameters));
                result = Some(match result {
                    Some(before) if before != found => Type::Dyn,
                    _ => found,
                });
            }
        }
        result.unwrap_or_else(|| {
            let names: Vec<String> = args.iter().map(|arg| self.bindings.resolve(arg).name()).collect();
            self.fault(mismatch(function, is_member, &names))
        })
    }
}

/// A type of a signature, with `parameters` for `A` and `B`.
fn instance(sig: &Sig, parameters: &(Type, Type)) -> Type {
    match sig {
        Sig::Any => Type::Dyn,
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
        Sig::ListOfText => Type::list(Type::Text),
        Sig::ListOfAny => Type::list(Type::Dyn),
        Sig::ListOf(element) => Type::list(instance(element, parameters)),
    }
}

/// The fault of a call that no overload fits.
fn mismatch(function: &str, is_member: bool, args: &[String]) -> String {
    let operator = function.trim_start_matches('@').replace('_', "");
    match (function, args) {
        ("_?_:_", [_, yes, no]) => {
            format!("`? :` takes a `bool` and two values of one type, not `{yes}` and `{no}`")
        }
        ("_[_]", [of, index]) => format!("`{of}` has no element at an index of type `{index}`"),
        (_, [left, right]) if function.starts_with(['_', '@']) => {
            format!("`{operator}` takes no `{left}` with `{right}`")
        }
        (_, [operand]) if function.ends_with('_') => format!("`{operator}` takes no `{operand}`"),
        (_, [target, rest @ ..]) if is_member => {
            format!("`{function}` takes no (`{}`) on `{target}`", rest.join("`, `")).replace("(``)", "arguments")
        }
        _ => format!("`{function}` takes no (`{}`)", args.join("`, `")),
    }
}
