//! Finds the type of an expression and what is wrong with it (unknown names, fields and functions, operands of the wrong
//! type), and makes its operations. Follows the type checker of the reference implementation.

use std::ops::Range;

use prost_reflect::DescriptorPool;

use super::environment::Environment;
use super::eval::Evaluator;
use super::fault::{Fault, FaultKind};
use super::format;
use super::meter::{Limits, Meter};
use super::program::{Op, Program};
use super::scope::Scope;
use super::syntax::{Expr, Node};
use super::types::{Bindings, Type};
use super::value::Constant;

mod call;
mod comprehension;
mod message;
mod select;

/// Compiles an expression: the program, which is usable only if there are no faults, and the faults in the order of the
/// text.
pub(super) fn compile(
    node: &Node,
    environment: &Environment,
    pool: Option<&DescriptorPool>,
    variables: &[(&'static str, Type)],
) -> (Program, Vec<Fault>) {
    let mut compiler = Compiler {
        scope: Scope::new(environment, pool, variables),
        bindings: Bindings::default(),
        faults: Vec::new(),
        formats: Vec::new(),
        fold: Some(Meter::new(FOLDING)),
        patterns: MAX_PATTERNS,
    };
    let (found, op) = compiler.node(node);
    let result = compiler.bindings.resolve(&found);
    let Compiler { bindings, mut faults, formats, .. } = compiler;
    if faults.is_empty() {
        for call in formats {
            let args: Vec<Type> = call.args.iter().map(|arg| bindings.resolve(arg)).collect();
            let fault = format::fault(&call.text, &args);
            faults.extend(fault.map(|message| Fault::new(FaultKind::Meaning, call.span, message)));
        }
    }
    (Program { op, result }, faults)
}

/// More faults of one expression add nothing.
const MAX_FAULTS: usize = 16;

/// How much of an expression is evaluated when it is compiled.
const FOLDING: Limits = Limits { steps: 100_000, size: 200_000 };

/// Larger constants are not kept, in bytes.
const MAX_CONSTANT: usize = 10_000;

/// More patterns of `matches` are compiled when they are evaluated, within the limits of that.
const MAX_PATTERNS: usize = 50;

/// A type, and the operation that gives a value of it.
type Typed = (Type, Op);

struct Compiler<'a> {
    scope: Scope<'a>,
    bindings: Bindings,
    faults: Vec<Fault>,
    /// Calls of `format` on a literal with a literal list.
    formats: Vec<FormatCall>,
    /// What may still be evaluated here.
    fold: Option<Meter>,
    /// How many more patterns are compiled here.
    patterns: usize,
}

/// A call of `format` whose text is known.
struct FormatCall {
    text: String,
    args: Vec<Type>,
    span: Range<usize>,
}

impl Compiler<'_> {
    /// Reports a fault; what it gives stands for the node that has it.
    fn fault(&mut self, span: Range<usize>, message: String, help: Option<String>) -> Typed {
        let is_new = !self.faults.iter().any(|fault| fault.span == span && fault.message == message);
        if self.faults.len() < MAX_FAULTS && is_new {
            self.faults.push(Fault { kind: FaultKind::Meaning, span, message, help });
        }
        (Type::Error, Op::Unknown("the expression is not valid".into()))
    }

    /// The name among `names` that was probably meant, as a help.
    fn nearest(&self, wanted: &str, names: &[&str]) -> Option<String> {
        if self.faults.len() >= MAX_FAULTS {
            return None;
        }
        let near = (self.scope.environment.nearest)(wanted, names)?;
        Some(format!("did you mean `{near}`?"))
    }

    fn node(&mut self, node: &Node) -> Typed {
        let constant = |of, constant| (of, Op::Constant(constant));
        match &node.expr {
            Expr::Null => constant(Type::Null, Constant::Null),
            Expr::Bool(value) => constant(Type::Bool, Constant::Bool(*value)),
            Expr::Int(value) => constant(Type::Int, Constant::Int(*value)),
            Expr::Uint(value) => constant(Type::Uint, Constant::Uint(*value)),
            Expr::Double(value) => constant(Type::Double, Constant::Double(*value)),
            Expr::Text(value) => constant(Type::Text, Constant::Text(value.as_str().into())),
            Expr::Bytes(value) => constant(Type::Bytes, Constant::Bytes(value.as_slice().into())),
            Expr::Ident(name) => self.ident(name, node),
            Expr::Select(operand, field) => self.select(operand, field, node),
            Expr::Has(operand, field) => self.presence(operand, field, node),
            Expr::Call { function, target, args } => self.call(function, target.as_deref(), args, node),
            Expr::And(terms) => {
                let ops = self.logical("&&", terms);
                (Type::Bool, Op::And(ops))
            }
            Expr::Or(terms) => {
                let ops = self.logical("||", terms);
                (Type::Bool, Op::Or(ops))
            }
            Expr::List(elements) => self.list(elements).0,
            Expr::Map(entries) => self.map(entries),
            Expr::Struct(name, fields) => self.message(name, fields, node),
            Expr::Optional(value) => {
                let (of, op) = self.optional_part(value);
                (of, Op::Optional(Box::new(op)))
            }
            Expr::Macro(parts) => self.comprehension(parts, node),
        }
    }

    fn ident(&mut self, name: &str, node: &Node) -> Typed {
        if let Some(found) = self.scope.variable(name).or_else(|| self.scope.constant(name)) {
            return found;
        }
        if self.scope.environment.knows_package_of(name) {
            return (Type::Dyn, Op::Unknown(format!("`{name}` is not declared").into()));
        }
        let help = self.nearest(name, &self.scope.variable_names());
        self.fault(node.span.clone(), format!("`{name}` is not declared"), help)
    }

    /// A list, and the types of its elements.
    fn list(&mut self, elements: &[Node]) -> (Typed, Vec<Type>) {
        let mut element: Option<Type> = None;
        let (types, ops): (Vec<Type>, Vec<Op>) = elements.iter().map(|node| self.joined(&mut element, node)).unzip();
        let element = element.unwrap_or_else(|| self.bindings.fresh());
        let constants: Option<Box<[Constant]>> = ops.iter().map(as_constant).collect();
        let op = constants.map_or_else(|| Op::List(ops.into()), |constants| Op::Constant(Constant::List(constants)));
        ((Type::list(element), op), types)
    }

    fn map(&mut self, entries: &[(Node, Node)]) -> Typed {
        let (mut key_type, mut value_type) = (None, None);
        let keys: Vec<Op> = entries.iter().map(|(key, _)| self.joined(&mut key_type, key).1).collect();
        let values: Vec<Op> = entries.iter().map(|(_, value)| self.joined(&mut value_type, value).1).collect();
        let key = key_type.unwrap_or_else(|| self.bindings.fresh());
        let value = value_type.unwrap_or_else(|| self.bindings.fresh());
        let op = Op::Map(keys.into_iter().zip(values).collect());
        let is_constant = |(key, value): &(Op, Op)| as_constant(key).is_some() && as_constant(value).is_some();
        let is_folded = matches!(&op, Op::Map(entries) if entries.iter().all(is_constant));
        (Type::map(key, value), if is_folded { self.folded(op) } else { op })
    }

    /// Compiles one of several nodes whose types are joined.
    fn joined(&mut self, joined: &mut Option<Type>, node: &Node) -> Typed {
        let (next, op) = self.node(node);
        *joined = Some(match joined.take() {
            None => next.clone(),
            Some(before) => self.bindings.join(&before, &next),
        });
        (next, op)
    }

    fn logical(&mut self, operator: &str, terms: &[Node]) -> Box<[Op]> {
        let term = |term: &Node| {
            let (found, op) = self.node(term);
            self.expect_bool(&found, || format!("`{operator}`"), &term.span);
            op
        };
        terms.iter().map(term).collect()
    }

    fn expect_bool(&mut self, found: &Type, what: impl Fn() -> String, span: &Range<usize>) {
        if !self.bindings.assign(std::slice::from_ref(found), &[Type::Bool]) {
            let found = self.bindings.resolve(found).name();
            self.fault(span.clone(), format!("{} takes `bool`, not `{found}`", what()), None);
        }
    }

    /// The value that is inside of an optional part of a list, map or message.
    fn optional_part(&mut self, value: &Node) -> Typed {
        let (of, op) = self.node(value);
        let inner = match self.bindings.resolve(&of) {
            Type::Optional(inner) => *inner,
            other if other.is_unknown() || matches!(other, Type::Var(_)) => Type::Dyn,
            other => {
                let message = format!("`?` takes an optional value, not `{}`", other.name());
                self.fault(value.span.clone(), message, None).0
            }
        };
        (inner, op)
    }

    /// The constant that an operation on constants gives, or the operation where it fails or gives too much.
    fn folded(&mut self, op: Op) -> Op {
        let Some(meter) = self.fold.take() else { return op };
        let mut evaluator = Evaluator::with_meter(&[], meter);
        let value = evaluator.value(&op);
        let meter = evaluator.into_meter();
        let constant = value.ok().and_then(|value| Constant::from_value(&value));
        if !meter.is_spent() {
            self.fold = Some(meter);
        }
        match constant {
            Some(constant) if constant.size() <= MAX_CONSTANT => Op::Constant(constant),
            _ => op,
        }
    }
}

fn as_constant(op: &Op) -> Option<Constant> {
    match op {
        Op::Constant(constant) => Some(constant.clone()),
        _ => None,
    }
}
