//! The command line: arguments become settings, settings a run of the library, and what comes of it is printed and
//! becomes an exit status. Nothing else prints, or ends the program.

mod args;
mod breaking;
mod changelog;
mod check;
mod ci;
mod completions;
mod deprecated;
mod destination;
mod environment;
mod fix;
mod format;
mod git_diff_driver;
mod go_tool;
mod history;
mod init;
mod lsp;
mod payload;
mod print;
mod progress;
mod rules;
mod settings;
mod terminal;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

pub use args::{Cli, Command};
use terminal::Terminal;

use crate::error::Error;
use crate::finding::Severity;
use crate::report::wrap;

/// Status of a run that found nothing to fail on.
const CLEAN: u8 = 0;
/// Status of a run with findings at or above the severity asked for.
const FINDINGS: u8 = 1;
/// Status of a run that could not do its job.
const FAILED: u8 = 2;

/// Reads the command line; ends the program where that asks for help or has mistakes.
pub fn parse() -> Cli {
    args::parse(go_tool::translated(std::env::args_os()), &environment::help())
}

/// Runs the command; prints its output to stdout and everything else to stderr.
pub fn run(cli: Cli) -> ExitCode {
    crate::project::load::threads();
    let status = match cli.command {
        Command::Check(args) => go_tool::adapted(args, std::io::stderr().is_terminal())
            .and_then(|args| print::ready(&args.output).map(|()| args))
            .and_then(|args| check::run(&args)),
        Command::Breaking(args) => print::ready(&args.output).and_then(|()| breaking::run(&args)),
        Command::History(args) => history::run(&args),
        Command::Changelog(args) => changelog::run(&args),
        Command::Diff(args) => changelog::diff(&args),
        Command::GitDiffDriver(args) => git_diff_driver::run(&args),
        Command::Format(args) => format::run(&args),
        Command::Payload(args) => payload::run(&args),
        Command::Deprecated(args) => deprecated::run(&args),
        Command::Explain(args) => rules::explain(&args),
        Command::Rules(args) => rules::list(&args),
        Command::Init(args) => init::run(&args),
        Command::Lsp(_) => Ok(lsp::run()),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => completions::man(&args),
    };
    ExitCode::from(status.unwrap_or_else(|error| {
        complain(&error);
        FAILED
    }))
}

/// Says on stderr why nothing came of it. Where even that fails nothing can be reported.
fn complain(error: &Error) {
    let terminal = Terminal::stderr(args::ColorArg::Auto);
    let (paint, escape) = (terminal.paint(), crate::report::escape);
    let mut text = format!("{} {}\n", paint.loud(Severity::Error, "error:"), escape(&error.message));
    if let Some(help) = &error.help {
        // A list has a line for each item, which is indented.
        let lines: Vec<String> = help.split("\n    ").map(|line| escape(line).to_string()).collect();
        text.push_str(&format!("  {} {}\n", paint.quiet("help:"), lines.join("\n    ")));
    }
    let text = if terminal.is_terminal { wrap::fit(&text, terminal.width) } else { text };
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
