//! What came of the examples of rules of one's own: a line for each rule with what failed below, or a JSON object for
//! each example. It does not know how they are run.

use std::fmt::Write;

use serde::Serialize;

use super::explain::counted;
use super::paint::Paint;
use super::{Format, Rendering, Report, escape};
use crate::finding::Severity;
use crate::rules::Rule;

/// An example of a rule.
pub(crate) struct ExampleResult<'a> {
    pub(crate) rule: &'static Rule,
    /// `good` or `bad`.
    pub(crate) kind: &'static str,
    /// Which of them, from 1.
    pub(crate) number: usize,
    pub(crate) failure: Option<ExampleFailure<'a>>,
}

/// What is wrong with an example.
pub(crate) struct ExampleFailure<'a> {
    pub(crate) message: &'static str,
    /// What was found.
    pub(crate) report: Option<&'a Report>,
    /// The text, where nothing was found.
    pub(crate) text: &'a str,
}

/// An example, as JSON has it.
#[derive(Serialize)]
struct Row<'a> {
    rule: &'static str,
    /// `good` or `bad`.
    example: &'static str,
    number: usize,
    passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'static str>,
    findings: Vec<&'a str>,
}

/// A JSON object for each example, a line each.
pub(crate) fn lines(examples: &[ExampleResult<'_>]) -> String {
    let line = |example: &ExampleResult<'_>| {
        let found = example.failure.as_ref().and_then(|failure| failure.report);
        let findings = found.iter().flat_map(|report| &report.findings).map(|finding| finding.message.as_str());
        let row = Row {
            rule: example.rule.id,
            example: example.kind,
            number: example.number,
            passed: example.failure.is_none(),
            failure: example.failure.as_ref().map(|failure| failure.message),
            findings: findings.collect(),
        };
        serde_json::to_string(&row).expect("a row is plain data") + "\n"
    };
    examples.iter().map(line).collect()
}

/// A line for each rule, what failed below it, and a summary; `rules` are all there are, with examples or without.
pub(crate) fn text(rules: &[&'static Rule], examples: &[ExampleResult<'_>], paint: Paint, width: usize) -> String {
    let mut text = String::new();
    let longest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let of = |rule: &Rule, kind: &str| {
        examples.iter().filter(|example| example.rule == rule && example.kind == kind).count()
    };
    for rule in rules {
        let (good, bad) = (of(rule, "good"), of(rule, "bad"));
        let failed: Vec<&ExampleResult<'_>> =
            examples.iter().filter(|example| example.rule == *rule && example.failure.is_some()).collect();
        let state = match (good + bad, failed.len()) {
            (0, _) => "-     ".to_owned(),
            (_, 0) => "ok    ".to_owned(),
            _ => paint.loud(Severity::Error, "failed"),
        };
        let count = if good + bad == 0 { "no examples".to_owned() } else { format!("{good} good, {bad} bad") };
        let _ = writeln!(text, "{state}  {:longest$}  {count}", rule.id);
        for example in failed {
            failure(&mut text, example, paint, width);
        }
    }
    let failures = examples.iter().filter(|example| example.failure.is_some()).count();
    let _ = write!(text, "\n{}, {}", counted(rules.len(), "rule"), counted(examples.len(), "example"));
    let _ = writeln!(text, "{}", if failures > 0 { format!(", {failures} failed") } else { String::new() });
    text
}

fn failure(text: &mut String, example: &ExampleResult<'_>, paint: Paint, width: usize) {
    let Some(failure) = &example.failure else { return };
    let _ = writeln!(text, "  {} {}: {}", example.kind, example.number, failure.message);
    let shown = match failure.report {
        Some(report) => {
            let mut shown = Vec::new();
            let rendering = Rendering { color: paint.is_colored(), width, ..report.rendering() };
            rendering.write(Format::Human, &mut shown).expect("memory can be written");
            String::from_utf8_lossy(&shown).into_owned()
        }
        None => failure.text.trim_end().lines().map(|line| escape(line).to_string() + "\n").collect(),
    };
    for line in shown.lines() {
        let indent = if line.is_empty() { "" } else { "    " };
        let _ = writeln!(text, "{indent}{line}");
    }
}
