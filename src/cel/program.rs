//! A compiled expression: operations whose names, attributes and functions are resolved.
//! It must not know the text that it comes from.

use prost_reflect::DescriptorPool;

use super::environment::Environment;
use super::eval::Evaluator;
use super::fault::Fault;
use super::functions::Call;
use super::meter::Limits;
use super::object::ObjectType;
use super::pattern::Pattern;
use super::syntax::MacroKind;
use super::types::Type;
use super::value::{Constant, Value};
use super::{compile, parser};

/// A compiled expression. Threads can share it.
#[derive(Debug)]
pub(crate) struct Program {
    pub(super) op: Op,
    pub(super) result: Type,
}

/// Why an evaluation gives no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The language has no value for this; says why.
    Failed(String),
    /// The value depends on what is not available here: a variable without a value, or a function without a model.
    Unknown(String),
    /// The work has reached its limit.
    TooManySteps,
    /// The values have reached their limit.
    TooLarge,
}

impl Failure {
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Failure::Failed(message.into())
    }

    /// Whether nothing more can be evaluated.
    pub(super) fn is_limit(&self) -> bool {
        matches!(self, Failure::TooManySteps | Failure::TooLarge)
    }
}

impl Program {
    /// Compiles an expression with the variables given; types of messages are found in `pool`. The faults are in the
    /// order of the text.
    pub(crate) fn compile(
        text: &str,
        environment: &Environment,
        pool: Option<&DescriptorPool>,
        variables: &[(&'static str, Type)],
    ) -> Result<Self, Vec<Fault>> {
        let node = parser::parse(text, environment.libraries).map_err(|fault| vec![fault])?;
        let (program, faults) = compile::compile(&node, environment, pool, variables);
        if faults.is_empty() { Ok(program) } else { Err(faults) }
    }

    /// The type of what it gives.
    pub(crate) fn result_type(&self) -> &Type {
        &self.result
    }

    /// Evaluates it. The values are those of the variables, in their order; variables at the end without a value are
    /// unknown.
    pub(crate) fn evaluate<'v>(&'v self, variables: &[Value<'v>], limits: Limits) -> Result<Value<'v>, Failure> {
        Evaluator::new(variables, limits).value(&self.op)
    }
}

/// An operation.
#[derive(Debug)]
pub(super) enum Op {
    Constant(Constant),
    /// A variable, by its position.
    Variable(usize),
    /// A variable of a macro, by its position from the outermost one.
    Local(usize),
    Select(Box<Selection>),
    Has(Box<Selection>),
    /// `operand.?name`
    OptionalSelect(Box<Selection>),
    Conditional(Box<[Op; 3]>),
    And(Box<[Op]>),
    Or(Box<[Op]>),
    Call(Box<CallOp>),
    /// `matches` with a pattern that the expression spells out.
    Matches(Box<(Op, Pattern)>),
    /// Elements that are [`Op::Optional`] may be missing.
    List(Box<[Op]>),
    /// Entries whose values are [`Op::Optional`] may be missing.
    Map(Box<[(Op, Op)]>),
    Optional(Box<Op>),
    Loop(Box<Loop>),
    /// A value, and an operation that has it as its innermost local variable.
    Bind(Box<(Op, Op)>),
    /// An optional value, an operation for its value, and whether that one's result is optional itself.
    OptionalMap(Box<(Op, Op, bool)>),
    /// What has no model here.
    Unknown(Box<str>),
}

/// A name after a dot.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) operand: Op,
    pub(super) name: Box<str>,
    /// Where the attribute is if the operand is an object of the kind that it should be.
    pub(super) attribute: Option<(&'static ObjectType, usize)>,
}

/// A call of a function.
#[derive(Debug)]
pub(super) struct CallOp {
    pub(super) name: &'static str,
    pub(super) function: Call,
    pub(super) is_member: bool,
    pub(super) args: Box<[Op]>,
}

/// A macro that visits elements.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) kind: MacroKind,
    pub(super) range: Op,
    /// Whether it has a variable for the index or key beside that of the element.
    pub(super) has_two: bool,
    pub(super) predicate: Option<Op>,
    pub(super) transform: Option<Op>,
}
