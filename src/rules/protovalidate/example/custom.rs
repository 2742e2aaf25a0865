//! Examples against CEL expressions: those on the field, and those of predefined rules that the field uses.

use prost_reflect::{DynamicMessage, Value as Reflected};

use super::Broken;
use crate::cel::{Value, evaluate, parse};
use crate::rules::protovalidate::functions::ENVIRONMENT;
use crate::rules::protovalidate::lookup::{Extensions, View};
use crate::rules::protovalidate::report::clip;

pub(super) fn check(example: &Reflected, rules: View<'_>, typed: View<'_>, broken: &mut Broken) {
    let this = Value::from_reflected(example);
    let variables = [("this", this.clone())];
    expressions(rules, &variables, broken);
    let Some(extensions) = Extensions::find(&typed.pool()) else {
        return;
    };
    for (extension, value) in typed.extensions() {
        let Some(predefined) = extensions.predefined_rules(&extension.options()) else {
            continue;
        };
        let rules = Value::Message(DynamicMessage::clone(typed.0));
        let variables = [("this", this.clone()), ("rule", Value::from_reflected(&value)), ("rules", rules)];
        expressions(View(&predefined), &variables, broken);
    }
}

fn expressions(rules: View<'_>, variables: &[(&str, Value)], broken: &mut Broken) {
    for entry in rules.list("cel").1 {
        if let Some(entry) = entry.as_message().map(View) {
            let text = |name: &str| entry.text(name).map(|(_, text)| text).filter(|text| !text.is_empty());
            let name = text("id").unwrap_or_else(|| "cel".to_owned());
            one(&text("expression").unwrap_or_default(), name, text("message"), variables, broken);
        }
    }
    for expression in rules.strings("cel_expression").1 {
        one(&expression, "cel_expression".to_owned(), None, variables, broken);
    }
}

fn one(text: &str, name: String, message: Option<String>, variables: &[(&str, Value)], broken: &mut Broken) {
    let Ok(node) = parse(text) else {
        return;
    };
    match evaluate(&node, &ENVIRONMENT, variables) {
        Some(Value::Bool(false)) => {
            let says = message.map(|message| format!(" (message: {:?})", clip(&message))).unwrap_or_default();
            broken.push((name, format!("satisfy `{}`{says}", clip(text))));
        }
        Some(Value::Text(says)) if !says.is_empty() => {
            broken.push((name, format!("satisfy the expression with the message {:?}", clip(&says))));
        }
        _ => {}
    }
}
