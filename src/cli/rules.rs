//! `protolint rules` and `protolint explain`.

use std::fmt::Write;

use serde::Serialize;

use super::args::{ExplainArgs, RulesArgs, RulesFormat};
use super::print::print;
use super::{CLEAN, settings};
use crate::error::Error;
use crate::project::settings::Settings;
use crate::rules::nearest::nearest;
use crate::rules::{self, Rule};

/// Prints the page of a rule.
pub(super) fn explain(args: &ExplainArgs) -> Result<u8, Error> {
    let wanted = args.rule.to_ascii_uppercase();
    let Some(rule) = rules::find(&wanted) else {
        let all = all();
        let failure = Error::new(format!("there is no rule `{}`", args.rule));
        return Err(match nearest(&wanted, all.iter().map(|rule| rule.id)) {
            Some(near) => failure.help(format!("did you mean {near}?")),
            None => failure.help("protolint rules lists them"),
        });
    };
    print(rule.page.body())?;
    Ok(CLEAN)
}

/// All rules, those of the language last.
fn all() -> Vec<&'static Rule> {
    let switchable = rules::lint_rules().into_iter().chain(rules::breaking_rules());
    switchable.chain(rules::compile_rules()).collect()
}

/// One rule, as `--format json` prints it.
#[derive(Serialize)]
struct Row {
    id: &'static str,
    groups: Vec<&'static str>,
    severity: &'static str,
    summary: &'static str,
    /// Whether it is on here.
    on: bool,
    /// `none`, or how safely its findings can be mended: `safe` or `unsafe`.
    fix: &'static str,
}

/// Lists all rules, with whether each is on here.
pub(super) fn list(args: &RulesArgs) -> Result<u8, Error> {
    let mut settings = Settings { rule_names: settings::names(&args.config), ..Settings::default() };
    if let Err(report) = settings::configure(&mut settings, &args.config) {
        let first = report.findings.first().map_or("", |finding| finding.message.as_str());
        let error = Error::new(format!("the configuration cannot be used: {first}"));
        return Err(error.help("protolint check tells where"));
    }
    let mut on = settings.rules()?.on();
    // The options that select rules are for `check`.
    on.extend(settings.configured_policy()?.on());
    let rows = all().into_iter().map(|rule| {
        let here = on.iter().find(|(known, _)| *known == rule.id);
        Row {
            id: rule.id,
            groups: rule.page.groups().collect(),
            severity: here.map_or(rule.page.severity, |(_, severity)| *severity).name(),
            summary: rule.page.summary,
            on: here.is_some(),
            fix: rule.page.fix,
        }
    });
    let rows: Vec<Row> = rows.collect();
    print(&match args.format {
        RulesFormat::Human => table(&rows),
        RulesFormat::Json => lines(&rows),
    })?;
    Ok(CLEAN)
}

fn table(rows: &[Row]) -> String {
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

fn lines(rows: &[Row]) -> String {
    let line = |row: &Row| serde_json::to_string(row).expect("a row is plain data") + "\n";
    rows.iter().map(line).collect()
}
