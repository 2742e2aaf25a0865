//! Runs a subcommand and turns what comes of it into an exit status.

mod beside;
mod breaking;
mod check;
mod completions;
mod init;
mod patterns;
mod progress;
mod report;
mod rules;
mod scopes;
mod setup;
mod summary;
#[cfg(test)]
mod tests;
mod texts;

pub(crate) use check::in_memory;

use std::io::Write;
use std::process::ExitCode;

use crate::cli::{Cli, Command};

/// Status of a run that found nothing to fail on.
const CLEAN: u8 = 0;
/// Status of a run with findings at or above the severity asked for.
const FINDINGS: u8 = 1;
/// Status of a run that could not do its job.
const FAILED: u8 = 2;

/// Runs the command; prints its output to stdout and everything else to stderr.
pub fn run(cli: Cli) -> ExitCode {
    crate::project::load::threads();
    let status = match cli.command {
        Command::Check(args) => report::ready(&args.output).and_then(|()| check::run(&args)),
        Command::Breaking(args) => report::ready(&args.output).and_then(|()| breaking::run(&args)),
        Command::Explain(args) => rules::explain(&args),
        Command::Rules(args) => rules::list(&args),
        Command::Init(args) => init::run(&args),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => completions::man(&args),
    };
    ExitCode::from(status.unwrap_or_else(|failure| {
        complain(&failure);
        FAILED
    }))
}

/// Why a command could not do its job.
#[derive(Debug)]
struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }
}

/// Says on stderr why nothing came of it. Where even that fails there is nobody to tell.
fn complain(failure: &Failure) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "error: {}", crate::report::escape(&failure.message));
    if let Some(help) = &failure.help {
        let _ = writeln!(stderr, "  help: {}", crate::report::escape(help));
    }
}

/// Writes to stdout; a reader that has gone away ends the output, not the run.
fn print(text: &str) -> Result<(), Failure> {
    forgive_closed_pipe(std::io::stdout().lock().write_all(text.as_bytes()))
}

fn forgive_closed_pipe(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the output cannot be written: {}", crate::source::reason(&error))))
        }
        _ => Ok(()),
    }
}
