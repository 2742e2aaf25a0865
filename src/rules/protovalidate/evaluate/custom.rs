//! CEL expressions over a value: those beside its rules, and those of predefined rules that the rules use.

use std::cell::RefCell;
use std::rc::Rc;

use prost_reflect::{DescriptorPool, DynamicMessage, Value as Reflected};
use rustc_hash::FxHashMap;

use super::Outcome;
use crate::cel::{Limits, Program, Type, Value};
use crate::rules::protovalidate::functions::ENVIRONMENT;
use crate::rules::protovalidate::lookup::{Extensions, View};
use crate::rules::protovalidate::report::clip;

/// What an expression has by a name.
type Variable = (&'static str, Reflected);

/// Enough for the expressions of a rule and a value.
const LIMITS: Limits = Limits { steps: 5_000, size: 200_000 };

/// The text of an expression, and how many variables it has.
type Key = (String, usize);

/// Compiled expressions of one pool; `None` where one does not compile.
#[derive(Default)]
pub(in crate::rules::protovalidate) struct Programs(RefCell<FxHashMap<Key, Option<Rc<Program>>>>);

impl Programs {
    fn get(&self, text: &str, pool: &DescriptorPool, variables: &[Variable]) -> Option<Rc<Program>> {
        let key = (text.to_owned(), variables.len());
        if let Some(known) = self.0.borrow().get(&key) {
            return known.clone();
        }
        // The last one has no value: what depends on the clock is not certain.
        let types = variables.iter().map(|(name, _)| (*name, Type::Dyn)).chain([("now", Type::Timestamp)]);
        let types: Vec<(&'static str, Type)> = types.collect();
        let program = Program::compile(text, &ENVIRONMENT, Some(pool), &types).ok().map(Rc::new);
        self.0.borrow_mut().insert(key, program.clone());
        program
    }

    /// Evaluates the expressions of `rules`.
    pub(super) fn expressions(&self, value: &Reflected, rules: View<'_>, out: &mut Outcome) {
        if rules.get("cel").is_some() || rules.get("cel_expression").is_some() {
            self.all(rules, &rules.pool(), &[("this", value.clone())], out);
        }
    }

    /// Evaluates the expressions of the predefined rules that `typed` uses, the rules for one type.
    pub(super) fn predefined(&self, value: &Reflected, typed: View<'_>, out: &mut Outcome) {
        let used = typed.extensions();
        if used.is_empty() {
            return;
        }
        let pool = typed.pool();
        let Some(extensions) = Extensions::find(&pool) else { return };
        for (extension, rule) in used {
            let Some(predefined) = extensions.predefined_rules(&extension.options()) else { continue };
            let rules = Reflected::Message(DynamicMessage::clone(typed.0));
            let variables = [("this", value.clone()), ("rule", rule), ("rules", rules)];
            self.all(View(&predefined), &pool, &variables, out);
        }
    }

    fn all(&self, rules: View<'_>, pool: &DescriptorPool, variables: &[Variable], out: &mut Outcome) {
        for entry in rules.list("cel").1 {
            if let Some(entry) = entry.as_message().map(View) {
                let text = |name: &str| entry.text(name).map(|(_, text)| text).filter(|text| !text.is_empty());
                let name = text("id").unwrap_or_else(|| "cel".to_owned());
                let expression = text("expression").unwrap_or_default();
                let program = self.get(&expression, pool, variables);
                one((program.as_deref(), &expression), name, text("message"), variables, out);
            }
        }
        for expression in rules.strings("cel_expression").1 {
            let program = self.get(&expression, pool, variables);
            one((program.as_deref(), &expression), "cel_expression".to_owned(), None, variables, out);
        }
    }
}

fn one(
    (program, text): (Option<&Program>, &str),
    name: String,
    message: Option<String>,
    variables: &[Variable],
    out: &mut Outcome,
) {
    let values: Vec<Value<'_>> = variables.iter().map(|(_, value)| Value::from_reflected(value)).collect();
    match program.map(|program| program.evaluate(&values, LIMITS)) {
        Some(Ok(Value::Bool(false))) => {
            let says = message.map(|message| format!(" (message: {:?})", clip(&message))).unwrap_or_default();
            out.breaks(name, format!("satisfy `{}`{says}", clip(text)));
        }
        Some(Ok(Value::Text(says))) if !says.is_empty() => {
            out.breaks(name, format!("satisfy the expression with the message {:?}", clip(&says)));
        }
        Some(Ok(Value::Bool(true) | Value::Text(_))) => {}
        _ => out.is_undecided = true,
    }
}
