//! `protolint rules` and `protolint explain`.

use super::args::{ExplainArgs, PageFormat, RulesArgs, RulesFormat};
use super::print::{invalid, print};
use super::terminal::Terminal;
use super::{CLEAN, settings};
use crate::error::Error;
use crate::nearest::nearest;
use crate::project::settings::Settings;
use crate::report::{rule_list, rule_page};
use crate::rules;

/// Prints the page of a rule.
pub(super) fn explain(args: &ExplainArgs) -> Result<u8, Error> {
    let wanted = args.rule.to_ascii_uppercase();
    let Some(rule) = rules::find(&wanted) else {
        let all = rule_list::all();
        let failure = Error::new(format!("unknown rule `{}`", args.rule));
        return Err(match nearest(&wanted, all.iter().map(|rule| rule.id)) {
            Some(near) => failure.help(format!("did you mean {near}?")),
            None => failure.help("protolint rules lists all rules"),
        });
    };
    let (terminal, page) = (Terminal::stdout(args.color), rule.page.body());
    match args.format {
        PageFormat::Human => print(&rule_page::render(page, terminal.width, terminal.paint()))?,
        PageFormat::Markdown => print(page)?,
    }
    Ok(CLEAN)
}

/// Lists all rules, with whether each is on here.
pub(super) fn list(args: &RulesArgs) -> Result<u8, Error> {
    let mut settings = Settings { rule_names: settings::names(&args.config), ..Settings::default() };
    if let Err(report) = settings::configure(&mut settings, &args.config) {
        return Ok(invalid(&report, args.color));
    }
    let mut on = settings.rules()?.on();
    // The options that select rules are for `check`.
    on.extend(settings.configured_policy()?.on());
    let rows = rule_list::rows(&on);
    let terminal = Terminal::stdout(args.color);
    print(&match args.format {
        RulesFormat::Human if terminal.is_terminal => rule_list::sections(&rows, terminal.width, terminal.paint()),
        RulesFormat::Human => rule_list::table(&rows, terminal.paint()),
        RulesFormat::Markdown => rule_list::markdown(&rows),
        RulesFormat::Json => rule_list::lines(&rows),
    })?;
    Ok(CLEAN)
}
