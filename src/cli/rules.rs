//! `protolint rules` and `protolint explain`.

use super::args::{ConfigArgs, ExplainArgs, PageFormat, RulesArgs, RulesFormat};
use super::print::{invalid, print};
use super::terminal::Terminal;
use super::{CLEAN, FINDINGS, settings};
use crate::config::OwnRules;
use crate::error::Error;
use crate::nearest::nearest;
use crate::project::Project;
use crate::project::settings::Settings;
use crate::report::examples::{ExampleFailure, ExampleResult};
use crate::report::{self, rule_list, rule_page};
use crate::rules::{self, Rule};
use crate::run::examples::{self, Tried, TriedOutcome};

/// Prints the page of a rule, or what the configuration says of it.
pub(super) fn explain(args: &ExplainArgs) -> Result<u8, Error> {
    let wanted = args.rule.to_ascii_uppercase();
    let rule = match rules::find(&wanted) {
        Some(rule) => rule,
        None => {
            let mut settings = Settings::default();
            let choice = ConfigArgs { config: args.config.clone(), no_config: args.no_config, ..ConfigArgs::default() };
            if let Err(report) = settings::configure(&mut settings, &choice) {
                return Ok(invalid(&report, args.color));
            }
            let own = &settings.config.own;
            own.find(&wanted).ok_or_else(|| unknown(&args.rule, own))?
        }
    };
    let (terminal, page) = (Terminal::stdout(args.color), rule.page.body());
    match args.format {
        PageFormat::Human => print(&rule_page::render(page, terminal.width, terminal.paint()))?,
        PageFormat::Markdown => print(page)?,
    }
    Ok(CLEAN)
}

/// A rule that neither this program nor the configuration has.
fn unknown(name: &str, own: &OwnRules) -> Error {
    let ids = rule_list::all().into_iter().chain(own.iter().map(|declared| declared.rule)).map(|rule| rule.id);
    let failure = Error::new(format!("unknown rule `{name}`"));
    match nearest(&name.to_ascii_uppercase(), ids) {
        Some(near) => failure.help(format!("did you mean {near}?")),
        None => failure.help("protolint rules lists all rules"),
    }
}

/// Lists all rules, with whether each is on here.
pub(super) fn list(args: &RulesArgs) -> Result<u8, Error> {
    let mut settings = Settings { rule_names: settings::names(&args.config), ..Settings::default() };
    if let Err(report) = settings::configure(&mut settings, &args.config) {
        return Ok(invalid(&report, args.color));
    }
    if args.test {
        return test(args, &settings);
    }
    let mut on = settings.rules()?.on();
    // The options that select rules are for `check`.
    on.extend(settings.configured_policy()?.on());
    let rows = rule_list::rows(settings.config.own.iter().map(|declared| declared.rule), &on);
    let terminal = Terminal::stdout(args.color);
    print(&match args.format {
        RulesFormat::Human if terminal.is_terminal => rule_list::sections(&rows, terminal.width, terminal.paint()),
        RulesFormat::Human => rule_list::table(&rows, terminal.paint()),
        RulesFormat::Markdown => rule_list::markdown(&rows),
        RulesFormat::Json => rule_list::lines(&rows),
    })?;
    Ok(CLEAN)
}

/// Runs the examples of the rules that the configuration declares.
fn test(args: &RulesArgs, settings: &Settings) -> Result<u8, Error> {
    if matches!(args.format, RulesFormat::Markdown) {
        return Err(Error::new("--test has no markdown format").help("use --format human or --format json"));
    }
    let own = &settings.config.own;
    let named = |rule: &&'static Rule| args.config.uses.is_empty() || args.config.uses.iter().any(|id| id == rule.id);
    let excepted = |rule: &&'static Rule| args.config.except.iter().any(|id| id == rule.id);
    let all = own.iter().map(|declared| declared.rule);
    let rules: Vec<&'static Rule> = all.filter(|rule| named(rule) && !excepted(rule)).collect();
    // Where there is nothing to read, examples have the options that the language has.
    let project = Project::open(settings).ok();
    let tried = examples::run(own, &rules, project.as_ref());
    let results: Vec<ExampleResult<'_>> = tried.iter().map(result).collect();
    let terminal = Terminal::stdout(args.color);
    print(&match args.format {
        RulesFormat::Json => report::examples::lines(&results),
        _ if rules.is_empty() => "the configuration declares no rules\n".to_owned(),
        _ => report::examples::text(&rules, &results, terminal.paint(), terminal.width),
    })?;
    Ok(if results.iter().any(|result| result.failure.is_some()) { FINDINGS } else { CLEAN })
}

fn result(tried: &Tried) -> ExampleResult<'_> {
    let failure = match &tried.outcome {
        TriedOutcome::Passed => None,
        TriedOutcome::Reported(report) => Some(("the rule reports it", Some(report), "")),
        TriedOutcome::NotReported(text) => {
            let has_condition = tried.rule.own().is_some_and(|own| own.declaration.condition.is_some());
            let message = match has_condition {
                true => "the rule does not report it; an example may have the package that `where` is about",
                false => "the rule does not report it",
            };
            Some((message, None, text.as_str()))
        }
        TriedOutcome::Invalid(report) => Some(("it is not a valid schema", Some(report), "")),
    };
    let failure = failure.map(|(message, report, text)| ExampleFailure { message, report, text });
    let kind = if tried.is_good { "good" } else { "bad" };
    ExampleResult { rule: tried.rule, kind, number: tried.number, failure }
}
