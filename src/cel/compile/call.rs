//! Calls of functions, methods and operators: which overload fits, and what it gives.

use std::ops::Range;

use super::{Compiler, FormatCall, Typed};
use crate::cel::environment::Environment;
use crate::cel::functions::{Function, instance, mismatch};
use crate::cel::pattern::Pattern;
use crate::cel::program::{CallOp, Op};
use crate::cel::syntax::{Expr, Node};
use crate::cel::types::Type;
use crate::cel::value::Constant;

/// A function that is called.
struct Called {
    /// Those of the name, which do the same where they take the same.
    functions: Vec<&'static Function>,
    first: &'static Function,
    is_member: bool,
    /// Where a fault of the whole call is.
    span: Range<usize>,
}

impl Called {
    fn find(name: &str, environment: &Environment, is_member: bool, span: Range<usize>) -> Option<Self> {
        let functions = environment.named(name);
        let first = *functions.first()?;
        Some(Called { functions, first, is_member, span })
    }
}

impl Compiler<'_> {
    pub(super) fn call(&mut self, function: &str, target: Option<&Node>, args: &[Node], node: &Node) -> Typed {
        if let ("_?._", [operand, Node { expr: Expr::Text(field), .. }]) = (function, args) {
            return self.select_optional(operand, field, node);
        }
        let mut given = match (function, target, args) {
            ("format", Some(Node { expr: Expr::Text(text), span, .. }), [Node { expr: Expr::List(elements), .. }]) => {
                let (typed, args) = self.list(elements);
                self.formats.push(FormatCall { text: text.clone(), args, span: span.clone() });
                vec![typed]
            }
            _ => args.iter().map(|arg| self.node(arg)).collect(),
        };
        let span = node.span.clone();
        let Some(target) = target else {
            return match Called::find(function, self.scope.environment, false, span) {
                Some(called) => self.apply(&called, given),
                None => self.no_function(function, false, node),
            };
        };
        if let Some(prefix) = self.qualified(target)
            && let Some(called) = Called::find(&format!("{prefix}.{function}"), self.scope.environment, false, span)
        {
            return self.apply(&called, given);
        }
        given.insert(0, self.node(target));
        match Called::find(function, self.scope.environment, true, node.at..node.span.end) {
            Some(called) => self.apply(&called, given),
            None => self.no_function(function, true, node),
        }
    }

    fn no_function(&mut self, function: &str, is_member: bool, node: &Node) -> Typed {
        let help = self.nearest(function, &self.scope.environment.function_names(is_member));
        let length = function.trim_start_matches('.').len();
        self.fault(node.at..node.at + length, format!("there is no function `{function}`"), help)
    }

    /// The type of a call: of the overload that fits, Dyn where overloads of several types fit.
    fn apply(&mut self, called: &Called, given: Vec<Typed>) -> Typed {
        let (args, ops): (Vec<Type>, Vec<Op>) = given.into_iter().unzip();
        let args: Vec<Type> = args.iter().map(|arg| self.bindings.resolve(arg)).collect();
        let mut result: Option<Type> = None;
        let overloads = called.functions.iter().flat_map(|function| function.overloads);
        for overload in overloads.filter(|overload| overload.could_take(called.is_member, &args)) {
            let parameters = (self.bindings.fresh(), self.bindings.fresh());
            let sigs = (0..args.len()).filter_map(|at| overload.arg(at));
            let wanted: Vec<Type> = sigs.map(|sig| instance(sig, &parameters)).collect();
            if self.bindings.assign(&args, &wanted) {
                let found = self.bindings.resolve(&instance(&overload.result, &parameters));
                result = Some(match result {
                    Some(before) if before != found => Type::Dyn,
                    _ => found,
                });
            }
        }
        let Some(result) = result else {
            let names: Vec<String> = args.iter().map(|arg| self.bindings.resolve(arg).name()).collect();
            self.fault(called.span.clone(), mismatch(called.first.name, called.is_member, &names), None);
            return (Type::Error, self.operation(called, ops));
        };
        let op = self.operation(called, ops);
        (result, op)
    }

    /// The operation of a call, which may be simpler than a call.
    fn operation(&mut self, called: &Called, mut ops: Vec<Op>) -> Op {
        if called.first.name == "_?_:_" {
            match <[Op; 3]>::try_from(ops) {
                Ok(parts) => return Op::Conditional(Box::new(parts)),
                Err(given) => ops = given,
            }
        }
        if let ("matches", [text, Op::Constant(Constant::Text(pattern))]) = (called.first.name, &mut ops[..])
            && let Some(regex) = self.pattern(pattern)
        {
            let text = std::mem::replace(text, Op::Constant(Constant::Null));
            return Op::Matches(Box::new((text, regex)));
        }
        let is_constant = ops.iter().all(|op| matches!(op, Op::Constant(_)));
        let Function { name, call: function, .. } = *called.first;
        let call = CallOp { name, function, is_member: called.is_member, args: ops.into() };
        let op = Op::Call(Box::new(call));
        if is_constant { self.folded(op) } else { op }
    }

    /// A pattern of `matches`; none if it is not valid, which is an error when it is evaluated.
    fn pattern(&mut self, pattern: &str) -> Option<Pattern> {
        self.patterns = self.patterns.checked_sub(1)?;
        Pattern::new(pattern).ok()
    }
}
