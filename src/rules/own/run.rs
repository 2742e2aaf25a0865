//! Evaluates rules of one's own: over elements of one schema, and over changes that other rules found. What cannot be
//! evaluated is a finding too.

use super::elements::{CHANGE, ChangeSeen, Elements};
use super::page::one_line;
use super::{At, Declaration, OwnRule};
use crate::cel::{Failure, Limits, Program, Value};
use crate::finding::{Finding, length};
use crate::rules::{Cx, Rule};
use crate::schema::Element;

/// Expressions in messages are cut here, in characters.
const MAX_SHOWN: usize = 100;

/// What came of a rule for an element.
enum Outcome {
    /// It has what is required, or is not concerned.
    Holds,
    /// It lacks that; the message of the rule, if there is one, and what is wrong with that.
    Lacks(Option<String>, Option<String>),
    /// That cannot be evaluated: what, and why.
    Failed(&'static str, String),
}

impl OwnRule {
    /// Reports an element that does not have what the rule requires.
    pub(crate) fn check<'v>(
        &'v self,
        element: Element<'v>,
        this: &Value<'v>,
        elements: &'v Elements<'v>,
        cx: &mut Cx<'_>,
    ) {
        let variables = [this.clone(), this.clone()];
        let count = if self.declaration.on.variable().is_some() { 2 } else { 1 };
        let Declaration { on, help, at, .. } = &self.declaration;
        let subject = || format!("{} `{}`", on.noun(), one_line(&element.symbol()));
        let (message, note) = match self.outcome(&variables[..count], elements) {
            Outcome::Holds => return,
            Outcome::Failed(key, why) => {
                (format!("`{key}` cannot be evaluated for {}: {why}", subject()), Some(HELP_OF_FAILURE.to_owned()))
            }
            Outcome::Lacks(message, note) => (message.unwrap_or_else(|| self.default_message(&subject())), note),
        };
        let report = cx.report(element, at.part(element), message);
        if let Some(help) = note.or_else(|| help.clone()) {
            report.help(help);
        }
    }

    /// The finding of a change that does not have what the rule requires; `of` is what another rule says of it.
    pub(crate) fn check_change<'v>(
        &'v self,
        rule: &'static Rule,
        seen: ChangeSeen<'v>,
        elements: &'v Elements<'v>,
    ) -> Option<Finding> {
        let Declaration { help, at, .. } = &self.declaration;
        let this = elements.change(seen);
        let mut variables = vec![this.clone(), this.clone()];
        if let Value::Object(change) = &this {
            let parts = 0..CHANGE.attributes.len();
            variables.extend(parts.map(|part| change.get(part).unwrap_or(Value::Null)));
        }
        let of = seen.finding;
        let (message, note) = match self.outcome(&variables, elements) {
            Outcome::Holds => return None,
            Outcome::Failed(key, why) => {
                let message = format!("`{key}` cannot be evaluated: {why}; the change is: {}", of.message);
                (message, Some(HELP_OF_FAILURE.to_owned()))
            }
            Outcome::Lacks(message, note) => (message.unwrap_or_else(|| of.message.clone()), note),
        };
        let place = match (at, seen.after) {
            (At::Name, _) | (_, None) => of.place,
            (at, Some(after)) => after.locate(at.part(after)).or(of.place),
        };
        let help = note.or_else(|| help.clone()).map(length::text);
        let message = length::text(message);
        Some(Finding { rule: rule.id, place, message, help, fix: None, ..of.clone() })
    }

    fn outcome<'v>(&'v self, variables: &[Value<'v>], elements: &'v Elements<'v>) -> Outcome {
        elements.take_read_unknown();
        let evaluate = |program: &'v Program| {
            let value = program.evaluate(variables, Limits::DEFAULT);
            // What a damaged statement or a name that stands for nothing leads to says nothing; those are reported.
            if elements.take_read_unknown() { None } else { Some(value) }
        };
        for (key, program, wanted) in
            [("where", self.condition.as_ref(), true), ("require", Some(&self.require), false)]
        {
            let Some(program) = program else { continue };
            match evaluate(program) {
                None => return Outcome::Holds,
                Some(Ok(Value::Bool(found))) if found == wanted => {}
                Some(Ok(Value::Bool(_))) => return Outcome::Holds,
                Some(Ok(_)) => return Outcome::Failed(key, "it gives no `bool`".to_owned()),
                Some(Err(failure)) => return Outcome::Failed(key, failed(failure)),
            }
        }
        match self.message.as_ref().and_then(evaluate) {
            None => Outcome::Lacks(None, None),
            Some(Ok(Value::Text(text))) => {
                let text = one_line(&text);
                Outcome::Lacks(Some(text).filter(|text| !text.is_empty()), None)
            }
            Some(Ok(_)) => Outcome::Lacks(None, Some("correct `message`: it gives no `string`".to_owned())),
            Some(Err(failure)) => Outcome::Lacks(None, Some(format!("correct `message`: {}", failed(failure)))),
        }
    }

    fn default_message(&self, subject: &str) -> String {
        let Declaration { require, condition, .. } = &self.declaration;
        match (require.trim(), condition) {
            ("false", Some(condition)) => format!("{subject} satisfies `{}`", shown(condition)),
            ("false", None) => format!("{subject} is not allowed"),
            _ => format!("{subject} does not satisfy `{}`", shown(require)),
        }
    }
}

const HELP_OF_FAILURE: &str = "correct the expression in the configuration; OWN_RULES.md says what attributes give";

fn failed(failure: Failure) -> String {
    match failure {
        Failure::Failed(why) | Failure::Unknown(why) => one_line(&why),
        Failure::TooManySteps => "it takes too many steps".to_owned(),
        Failure::TooLarge => "it makes values that are too large".to_owned(),
    }
}

fn shown(expression: &str) -> String {
    let text = one_line(expression);
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
