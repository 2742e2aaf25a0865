//! CEL expressions in rules of fields, messages and predefined rules: do they read, what type have they,
//! are their ids sound. It must not know of the standard rules.

use std::collections::BTreeMap;

use prost_reflect::{DescriptorPool, MessageDescriptor};

use super::element::Element;
use super::functions::ENVIRONMENT;
use super::lookup::{View, index_i32};
use super::report::Reporter;
use crate::cel::{Fault, FaultKind, Program, Type, kind_type};

/// Checks the expressions on a field and returns whether all can be evaluated; `is_single` is false for a list or a
/// map as a whole.
pub(super) fn check_field(element: &Element, rules: View<'_>, is_single: bool, out: &mut Reporter<'_>) -> bool {
    let this = type_of(element, is_single);
    check_all(element.pool(), vec![("this", this)], rules, out)
}

/// Checks the expressions on a message.
pub(super) fn check_message(message: &MessageDescriptor, rules: View<'_>, out: &mut Reporter<'_>) {
    let this = Type::Message(message.clone());
    check_all(message.parent_pool(), vec![("this", this)], rules, out);
}

/// The type of `this` on a field.
pub(super) fn type_of(element: &Element, is_single: bool) -> Type {
    match (element.map_key(), element.map_value()) {
        (Some(key), Some(value)) if !is_single => Type::map(type_of(key, true), type_of(value, true)),
        _ if element.is_list && !is_single => Type::list(kind_type(&element.kind)),
        _ => kind_type(&element.kind),
    }
}

/// Checks `cel` and `cel_expression` of `rules`, with `variables` besides `now`, and returns whether all can be
/// evaluated.
pub(super) fn check_all(
    pool: &DescriptorPool,
    mut variables: Vec<(&'static str, Type)>,
    rules: View<'_>,
    out: &mut Reporter<'_>,
) -> bool {
    let mut is_sound = true;
    variables.push(("now", Type::Timestamp));
    let scope = Scope { pool, variables };
    let (number, entries) = rules.list("cel");
    let mut indexes_by_id: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(entry) = entry.as_message().map(View) else {
            continue;
        };
        let path = [number, index_i32(index)];
        if let Some((_, id)) = entry.text("id").filter(|(_, id)| !id.is_empty()) {
            check_id(&id, &path, out);
            indexes_by_id.entry(id).or_default().push(path[1]);
        }
        let text = entry.text("expression").map(|(_, text)| text).unwrap_or_default();
        let has_message = entry.text("message").is_some_and(|(_, message)| !message.is_empty());
        let expression = Expression { text: &text, rule: "cel", has_message };
        is_sound &= check_one(&expression, &scope, &path, out);
    }
    for (id, indexes) in indexes_by_id.into_iter().filter(|(_, indexes)| indexes.len() > 1) {
        let message = format!("{} rules of `{}` have the id `{id}`", indexes.len(), out.name);
        indexes.iter().for_each(|index| out.report(&[number, *index], message.clone()));
    }
    let (number, expressions) = rules.strings("cel_expression");
    for (index, text) in expressions.iter().enumerate() {
        let expression = Expression { text, rule: "cel_expression", has_message: false };
        is_sound &= check_one(&expression, &scope, &[number, index_i32(index)], out);
    }
    is_sound
}

fn check_id(id: &str, path: &[i32], out: &mut Reporter<'_>) {
    let is_sound = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    if !id.chars().all(is_sound) {
        let message = format!(
            "the id `{}` of a CEL rule of `{}` has characters other than letters, digits, `.`, `_` and `-`",
            id.escape_debug(),
            out.name
        );
        out.report(path, message);
    }
}

/// What an expression can name.
struct Scope<'a> {
    pool: &'a DescriptorPool,
    variables: Vec<(&'static str, Type)>,
}

/// An expression, and what stands beside it.
struct Expression<'t> {
    text: &'t str,
    /// The field of the rules that holds it.
    rule: &'static str,
    /// Whether it says itself what a failure is described as.
    has_message: bool,
}

/// Checks one expression and returns whether it can be evaluated.
fn check_one(expression: &Expression<'_>, scope: &Scope<'_>, path: &[i32], out: &mut Reporter<'_>) -> bool {
    let rule = out.rule(expression.rule);
    let name = out.name;
    let faults = match faults(expression.text, scope) {
        Ok(gives_string) => {
            if gives_string && expression.has_message {
                let message = format!(
                    "the expression in `{rule}` of `{name}` gives a string, which is shown instead of its `message`"
                );
                out.report(path, message);
            }
            return true;
        }
        Err(faults) => faults,
    };
    for fault in faults {
        out.report(path, format!("the expression in `{rule}` of `{name}` {fault}"));
    }
    false
}

/// What is wrong with an expression, to be read after the expression's name; or whether it gives a string.
fn faults(text: &str, scope: &Scope<'_>) -> Result<bool, Vec<String>> {
    if text.trim().is_empty() {
        return Err(vec!["is empty".to_owned()]);
    }
    let program = match Program::compile(text, &ENVIRONMENT, Some(scope.pool), &scope.variables) {
        Ok(program) => program,
        // It may well be valid.
        Err(faults) if faults.iter().any(|fault| fault.kind == FaultKind::Limit) => return Ok(false),
        Err(faults) => return Err(described(faults)),
    };
    match program.result_type().scalar() {
        Type::Bool | Type::Dyn | Type::Any | Type::Error | Type::Var(_) => Ok(false),
        Type::Text => Ok(true),
        other => Err(vec![format!("gives `{}`, not `bool` or `string`", other.name())]),
    }
}

/// Faults as messages, each of them once.
fn described(faults: Vec<Fault>) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for Fault { kind, message, help, .. } in faults {
        let help = help.map(|help| format!(" ({help})")).unwrap_or_default();
        let message = match kind {
            FaultKind::Syntax => format!("cannot be read: {message}"),
            FaultKind::Meaning | FaultKind::Limit => format!("is not valid: {message}{help}"),
        };
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    messages
}
