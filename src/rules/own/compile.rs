//! Compiles the expressions of a rule of one's own: which variables they have, of which types, and what they must give.

use std::ops::Range;

use super::elements::{
    CHANGE, ENUM, ENUM_VALUE, EXTENSION, FIELD, FILE, IMPORT, LANGUAGE, MESSAGE, ONEOF, RPC, SERVICE,
};
use super::{Declaration, Kind, OwnRule};
use crate::cel::{Fault, ObjectType, Program, Type};

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExpressionFault {
    /// The key that it is the value of.
    pub(crate) key: &'static str,
    /// Bytes of the expression.
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// Of one expression, no more faults than these are reported.
const MAX_FAULTS: usize = 20;

/// What the elements of a kind are in CEL.
fn object_type(kind: Kind) -> &'static ObjectType {
    match kind {
        Kind::File => &FILE,
        Kind::Import => &IMPORT,
        Kind::Message => &MESSAGE,
        Kind::Field => &FIELD,
        Kind::Oneof => &ONEOF,
        Kind::Enum => &ENUM,
        Kind::EnumValue => &ENUM_VALUE,
        Kind::Service => &SERVICE,
        Kind::Rpc => &RPC,
        Kind::Extension => &EXTENSION,
        Kind::Change => &CHANGE,
    }
}

/// The names of the variables for elements of a kind, and their types.
fn variables(kind: Kind) -> Vec<(&'static str, Type)> {
    let object = object_type(kind);
    let this = ["this"].into_iter().chain(kind.variable()).map(|name| (name, Type::Object(object)));
    // The attributes of a change are variables too.
    let parts = object.attributes.iter().filter(|_| kind == Kind::Change);
    this.chain(parts.map(|attribute| (attribute.name, (attribute.of)()))).collect()
}

/// The rule, or all that is wrong with its expressions.
pub(super) fn compile(declaration: Declaration) -> Result<OwnRule, Vec<ExpressionFault>> {
    let variables = variables(declaration.on);
    let mut faults = Vec::new();
    let mut compile = |key, text: &str, wanted| {
        let compiled = expression((key, text), &variables, wanted);
        compiled.map_err(|found| faults.extend(found)).ok()
    };
    let condition = declaration.condition.as_deref().map(|text| compile("where", text, Type::Bool));
    let require = compile("require", &declaration.require, Type::Bool);
    let message = declaration.message.as_deref().map(|text| compile("message", text, Type::Text));
    match require.filter(|_| faults.is_empty()) {
        Some(require) => {
            Ok(OwnRule { declaration, condition: condition.flatten(), require, message: message.flatten() })
        }
        None => Err(faults),
    }
}

fn expression(
    (key, text): (&'static str, &str),
    variables: &[(&'static str, Type)],
    wanted: Type,
) -> Result<Program, Vec<ExpressionFault>> {
    let program = Program::compile(text, &LANGUAGE, None, variables);
    let program = program
        .map_err(|faults| faults.into_iter().take(MAX_FAULTS).map(|fault| of_engine(key, fault)).collect::<Vec<_>>())?;
    let found = program.result_type();
    if *found.scalar() == wanted || found.is_unknown() {
        return Ok(program);
    }
    let message = format!("`{key}` gives `{}`, not `{}`", found.name(), wanted.name());
    let help = match wanted {
        Type::Bool => "write a condition, such as `this.name != \"\"`",
        _ => "write a string in quotes, or join strings by `+`",
    };
    Err(vec![ExpressionFault { key, span: 0..text.len(), message, help: help.to_owned() }])
}

fn of_engine(key: &'static str, fault: Fault) -> ExpressionFault {
    let Fault { span, message, help, .. } = fault;
    let help = help.unwrap_or_else(|| "OWN_RULES.md describes expressions".to_owned());
    ExpressionFault { key, span, message, help }
}
