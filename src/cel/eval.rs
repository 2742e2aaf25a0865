//! Evaluates CEL expressions as far as that is certain: what is unknown, such as `now`, an error or a function
//! without a model here gives no value. Work and sizes are bounded.

use super::environment::Environment;
use super::syntax::{Expr, Macro, MacroKind, Node};
use super::value::{Value, lookup};

/// How many nodes are evaluated at most.
const MAX_STEPS: usize = 5_000;

/// The most bytes and elements that one value may have, in total.
const MAX_SIZE: usize = 5_000;

/// Evaluates an expression with the variables given.
pub(crate) fn evaluate(node: &Node, environment: &Environment, variables: &[(&str, Value)]) -> Option<Value> {
    let mut evaluator = Evaluator { environment, variables, locals: Vec::new(), steps: 0 };
    evaluator.value(node)
}

struct Evaluator<'v> {
    environment: &'v Environment,
    variables: &'v [(&'v str, Value)],
    locals: Vec<(String, Value)>,
    steps: usize,
}

impl Evaluator<'_> {
    fn value(&mut self, node: &Node) -> Option<Value> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return None;
        }
        let value = match &node.expr {
            Expr::Null => Value::Null,
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Int(value) => Value::Int(*value),
            Expr::Uint(value) => Value::Uint(*value),
            Expr::Double(value) => Value::Double(*value),
            Expr::Text(value) => Value::Text(value.clone()),
            Expr::Bytes(value) => Value::Bytes(value.clone()),
            Expr::Ident(name) => self.variable(name)?,
            Expr::Select(operand, field) => match self.value(operand)? {
                Value::Message(message) => Value::field(&message, field)?,
                Value::Map(entries) => lookup(&entries, &Value::Text(field.clone()))?.clone(),
                _ => return None,
            },
            Expr::Has(operand, field) => match self.value(operand)? {
                Value::Message(message) => Value::Bool(message.has_field_by_name(field)),
                Value::Map(entries) => Value::Bool(lookup(&entries, &Value::Text(field.clone())).is_some()),
                _ => return None,
            },
            Expr::Call { function, target, args } => self.call(function, target.as_deref(), args)?,
            Expr::And(terms) => self.decide(terms, false)?,
            Expr::Or(terms) => self.decide(terms, true)?,
            Expr::List(nodes) => Value::List(self.all(nodes)?),
            Expr::Map(entries) => {
                let pair = |(key, value): &(Node, Node)| Some((self.value(key)?, self.value(value)?));
                Value::Map(entries.iter().map(pair).collect::<Option<_>>()?)
            }
            Expr::Struct(..) => return None,
            Expr::Macro(parts) => self.comprehension(parts)?,
        };
        (size(&value) <= MAX_SIZE).then_some(value)
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let local = self.locals.iter().rev().find(|(local, _)| local == name).map(|(_, value)| value);
        let name = name.trim_start_matches('.');
        let global = || self.variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| value);
        local.or_else(global).cloned()
    }

    fn all(&mut self, nodes: &[Node]) -> Option<Vec<Value>> {
        nodes.iter().map(|node| self.value(node)).collect()
    }

    /// `&&` and `||`: one term that `decides` settles it, whatever becomes of the others.
    fn decide(&mut self, terms: &[Node], decides: bool) -> Option<Value> {
        let mut known = true;
        for term in terms {
            match self.value(term) {
                Some(Value::Bool(value)) if value == decides => return Some(Value::Bool(decides)),
                Some(Value::Bool(_)) => {}
                _ => known = false,
            }
        }
        known.then_some(Value::Bool(!decides))
    }

    fn call(&mut self, function: &str, target: Option<&Node>, args: &[Node]) -> Option<Value> {
        if let ("_?_:_", [condition, yes, no]) = (function, args) {
            return match self.value(condition)? {
                Value::Bool(true) => self.value(yes),
                Value::Bool(false) => self.value(no),
                _ => None,
            };
        }
        let mut values = Vec::with_capacity(args.len() + 1);
        if let Some(target) = target {
            values.push(self.value(target)?);
        }
        values.extend(self.all(args)?);
        self.environment.call(function, &values)
    }

    fn comprehension(&mut self, parts: &Macro) -> Option<Value> {
        let elements: Vec<Value> = match self.value(&parts.range)? {
            Value::List(elements) => elements,
            Value::Map(entries) => entries.into_iter().map(|(key, _)| key).collect(),
            _ => return None,
        };
        let mut known = true;
        let mut matches = 0;
        let mut results = Vec::new();
        for element in elements {
            let (holds, transformed) = self.turn(parts, &element);
            match (parts.kind, holds) {
                (MacroKind::All, Some(false)) => return Some(Value::Bool(false)),
                (MacroKind::Exists, Some(true)) => return Some(Value::Bool(true)),
                (_, None) => known = false,
                (MacroKind::Map, Some(true)) => results.push(transformed?),
                (MacroKind::Filter, Some(true)) => results.push(element),
                (MacroKind::ExistsOne, Some(true)) => matches += 1,
                _ => {}
            }
        }
        if !known {
            return None;
        }
        Some(match parts.kind {
            MacroKind::All => Value::Bool(true),
            MacroKind::Exists => Value::Bool(false),
            MacroKind::ExistsOne => Value::Bool(matches == 1),
            MacroKind::Map | MacroKind::Filter => Value::List(results),
        })
    }

    /// What the condition and the transformation give for one element.
    fn turn(&mut self, parts: &Macro, element: &Value) -> (Option<bool>, Option<Value>) {
        self.locals.push((parts.variable.clone(), element.clone()));
        let holds = match &parts.predicate {
            None => Some(true),
            Some(predicate) => match self.value(predicate) {
                Some(Value::Bool(holds)) => Some(holds),
                _ => None,
            },
        };
        let wanted = parts.transform.as_ref().filter(|_| holds == Some(true));
        let transformed = wanted.and_then(|transform| self.value(transform));
        self.locals.pop();
        (holds, transformed)
    }
}

/// The bytes and elements of a value, in total.
fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(values) => values.iter().map(|value| size(value) + 1).sum(),
        Value::Map(entries) => entries.iter().map(|(key, value)| size(key) + size(value) + 1).sum(),
        _ => 1,
    }
}
