//! The list of all rules, as a table for people or as JSON for programs.

use std::fmt::Write;

use serde::Serialize;

use crate::finding::Severity;
use crate::rules::{self, Rule};

/// One rule, as JSON has it.
#[derive(Serialize)]
pub(crate) struct Row {
    id: &'static str,
    groups: Vec<&'static str>,
    severity: &'static str,
    summary: &'static str,
    /// Whether it is on here.
    on: bool,
    /// `none`, or how safely its findings can be fixed: `safe` or `unsafe`.
    fix: &'static str,
}

/// All rules, those of the language last.
pub(crate) fn all() -> Vec<&'static Rule> {
    let switchable = rules::lint_rules().into_iter().chain(rules::breaking_rules());
    switchable.chain(rules::compile_rules()).collect()
}

/// A row for each rule, of which those that are `on` matter as much as is said there.
pub(crate) fn rows(on: &[(&'static str, Severity)]) -> Vec<Row> {
    let row = |rule: &'static Rule| {
        let here = on.iter().find(|(known, _)| *known == rule.id);
        Row {
            id: rule.id,
            groups: rule.page.groups().collect(),
            severity: here.map_or(rule.page.severity, |(_, severity)| *severity).name(),
            summary: rule.page.summary,
            on: here.is_some(),
            fix: rule.page.fix,
        }
    };
    all().into_iter().map(row).collect()
}

/// A table with a line for each rule.
pub(crate) fn table(rows: &[Row]) -> String {
    let width = |text: fn(&Row) -> usize| rows.iter().map(text).max().unwrap_or_default();
    let (ids, groups) = (width(|row| row.id.len()), width(|row| row.groups.join(" ").len()));
    let mut text = format!("on  {:ids$}  {:7}  {:groups$}  summary\n", "id", "", "groups");
    for row in rows {
        let on = if row.on { "*" } else { " " };
        let (id, severity, group, summary) = (row.id, row.severity, row.groups.join(" "), row.summary);
        let _ = writeln!(text, "{on}   {id:ids$}  {severity:7}  {group:groups$}  {summary}");
    }
    text
}

/// A JSON object for each rule, a line each.
pub(crate) fn lines(rows: &[Row]) -> String {
    let line = |row: &Row| serde_json::to_string(row).expect("a row is plain data") + "\n";
    rows.iter().map(line).collect()
}
