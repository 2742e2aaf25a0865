//! CEL expressions over a value: those beside its rules, and those of predefined rules that the rules use.

use prost_reflect::{DynamicMessage, Value as Reflected};

use super::Outcome;
use crate::cel::{Value, evaluate, parse};
use crate::rules::protovalidate::functions::ENVIRONMENT;
use crate::rules::protovalidate::lookup::{Extensions, View};
use crate::rules::protovalidate::report::clip;

/// Evaluates the expressions of `rules`.
pub(super) fn expressions(value: &Reflected, rules: View<'_>, out: &mut Outcome) {
    if has_expressions(rules) {
        all(rules, &[("this", Value::from_reflected(value))], out);
    }
}

/// Evaluates the expressions of the predefined rules that `typed` uses, the rules for one type.
pub(super) fn predefined(value: &Reflected, typed: View<'_>, out: &mut Outcome) {
    let used = typed.extensions();
    if used.is_empty() {
        return;
    }
    let Some(extensions) = Extensions::find(&typed.pool()) else { return };
    for (extension, rule) in used {
        let Some(predefined) = extensions.predefined_rules(&extension.options()) else { continue };
        let rules = Value::Message(DynamicMessage::clone(typed.0));
        let this = Value::from_reflected(value);
        all(View(&predefined), &[("this", this), ("rule", Value::from_reflected(&rule)), ("rules", rules)], out);
    }
}

fn has_expressions(rules: View<'_>) -> bool {
    rules.get("cel").is_some() || rules.get("cel_expression").is_some()
}

fn all(rules: View<'_>, variables: &[(&str, Value)], out: &mut Outcome) {
    for entry in rules.list("cel").1 {
        if let Some(entry) = entry.as_message().map(View) {
            let text = |name: &str| entry.text(name).map(|(_, text)| text).filter(|text| !text.is_empty());
            let name = text("id").unwrap_or_else(|| "cel".to_owned());
            one(&text("expression").unwrap_or_default(), name, text("message"), variables, out);
        }
    }
    for expression in rules.strings("cel_expression").1 {
        one(&expression, "cel_expression".to_owned(), None, variables, out);
    }
}

fn one(text: &str, name: String, message: Option<String>, variables: &[(&str, Value)], out: &mut Outcome) {
    match parse(text).ok().and_then(|node| evaluate(&node, &ENVIRONMENT, variables)) {
        Some(Value::Bool(false)) => {
            let says = message.map(|message| format!(" (message: {:?})", clip(&message))).unwrap_or_default();
            out.breaks(name, format!("satisfy `{}`{says}", clip(text)));
        }
        Some(Value::Text(says)) if !says.is_empty() => {
            out.breaks(name, format!("satisfy the expression with the message {:?}", clip(&says)));
        }
        Some(Value::Bool(true) | Value::Text(_)) => {}
        _ => out.is_undecided = true,
    }
}
