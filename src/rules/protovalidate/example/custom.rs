//! Examples against CEL expressions: those on the field, and those of predefined rules that the field uses.

use prost_reflect::{DescriptorPool, DynamicMessage, Value as Reflected};

use super::Broken;
use crate::cel::{Limits, Program, Type, Value};
use crate::rules::protovalidate::functions::ENVIRONMENT;
use crate::rules::protovalidate::lookup::{Extensions, View};
use crate::rules::protovalidate::report::clip;

pub(super) fn check(example: &Reflected, rules: View<'_>, typed: View<'_>, broken: &mut Broken) {
    let pool = typed.pool();
    let variables = [("this", example.clone())];
    expressions(rules, &pool, &variables, broken);
    let Some(extensions) = Extensions::find(&pool) else {
        return;
    };
    for (extension, value) in typed.extensions() {
        let Some(predefined) = extensions.predefined_rules(&extension.options()) else {
            continue;
        };
        let rules = Reflected::Message(DynamicMessage::clone(typed.0));
        let variables = [("this", example.clone()), ("rule", value), ("rules", rules)];
        expressions(View(&predefined), &pool, &variables, broken);
    }
}

/// What an expression has by a name.
type Variable = (&'static str, Reflected);

/// Enough for the expressions of a rule and an example.
const LIMITS: Limits = Limits { steps: 5_000, size: 200_000 };

fn expressions(rules: View<'_>, pool: &DescriptorPool, variables: &[Variable], broken: &mut Broken) {
    for entry in rules.list("cel").1 {
        if let Some(entry) = entry.as_message().map(View) {
            let text = |name: &str| entry.text(name).map(|(_, text)| text).filter(|text| !text.is_empty());
            let name = text("id").unwrap_or_else(|| "cel".to_owned());
            let expression = text("expression").unwrap_or_default();
            if let Some(wanted) = violated(&expression, text("message"), pool, variables) {
                broken.push((name, wanted));
            }
        }
    }
    for expression in rules.strings("cel_expression").1 {
        if let Some(wanted) = violated(&expression, None, pool, variables) {
            broken.push(("cel_expression".to_owned(), wanted));
        }
    }
}

/// What an expression wants if the variables certainly violate it.
fn violated(text: &str, message: Option<String>, pool: &DescriptorPool, variables: &[Variable]) -> Option<String> {
    // The last one has no value: what depends on the clock is not certain.
    let types = variables.iter().map(|(name, _)| (*name, Type::Dyn)).chain([("now", Type::Timestamp)]);
    let program = Program::compile(text, &ENVIRONMENT, Some(pool), &types.collect::<Vec<_>>()).ok()?;
    let values: Vec<Value<'_>> = variables.iter().map(|(_, value)| Value::from_reflected(value)).collect();
    match program.evaluate(&values, LIMITS) {
        Ok(Value::Bool(false)) => {
            let says = message.map(|message| format!(" (message: {:?})", clip(&message))).unwrap_or_default();
            Some(format!("satisfy `{}`{says}", clip(text)))
        }
        Ok(Value::Text(says)) if !says.is_empty() => {
            Some(format!("satisfy the expression with the message {:?}", clip(&says)))
        }
        _ => None,
    }
}
