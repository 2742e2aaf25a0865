//! What the command line takes: types only, no behaviour.

mod breaking;
mod check;
mod lint;
mod output;

use std::ffi::OsString;
use std::path::PathBuf;

pub(super) use breaking::{BreakingArgs, LayerArg};
pub(super) use check::CheckArgs;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
pub(super) use output::{ColorArg, FailOn, OutputArgs};

/// A linter for Protocol Buffers schemas.
#[derive(Debug, Parser)]
#[command(name = "protolint", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Reads a command line; ends the program where that asks for help or has mistakes.
pub(super) fn parse(arguments: Vec<OsString>) -> Cli {
    Cli::parse_from(arguments)
}

/// What the names of rules stand for in help.
const RULE: &str = "RULE";

/// All of the command line, for what is written from it.
pub(crate) fn description() -> clap::Command {
    Cli::command()
}

/// The same with the rules that each subcommand takes, of whose names parsing knows nothing.
pub(crate) fn description_with_rules(rules_of: impl Fn(&str) -> Vec<&'static str>) -> clap::Command {
    description().mut_subcommands(|subcommand| {
        let rules = rules_of(subcommand.get_name());
        subcommand.mut_args(|argument| {
            let takes_rules = argument.get_value_names().is_some_and(|names| names.iter().any(|name| name == RULE));
            if takes_rules { argument.value_parser(rules.clone()) } else { argument }
        })
    })
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Checks schemas against rules
    ///
    /// Exit status: 0 if nothing at or above --fail-on was found, 1 if something was, 2 if the job could not be done.
    #[command(visible_alias = "lint")]
    Check(CheckArgs),
    /// Detects breaking changes against a base
    ///
    /// Exit status: 0 if nothing at or above --fail-on was found, 1 if something was, 2 if the job could not be done.
    Breaking(BreakingArgs),
    /// Prints the page of a rule
    Explain(ExplainArgs),
    /// Lists all rules, and which are on here
    Rules(RulesArgs),
    /// Writes a protolint.yaml with every key, its default and its meaning
    Init(InitArgs),
    /// Prints what a shell needs to complete this program's command lines
    ///
    /// For bash, for example: protolint completions bash > ~/.local/share/bash-completion/completions/protolint
    Completions(CompletionsArgs),
    /// Writes the manual pages, for packages of this program
    #[command(hide = true)]
    Man(ManArgs),
}

/// Which configuration holds.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Use this configuration instead of the protolint.yaml above the input
    #[arg(long, alias = "config_path", value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Whether that may be a configuration of the Go tool.
    #[arg(skip)]
    pub(crate) may_be_of_go_tool: bool,
    /// Use no configuration
    #[arg(long)]
    pub no_config: bool,
    /// Rules and groups to use, instead of the configured ones; separated by commas or repeated
    #[arg(long = "use", value_name = RULE, value_delimiter = ',')]
    pub uses: Vec<String>,
    /// Rules and groups to leave out; separated by commas or repeated
    #[arg(long, value_name = RULE, value_delimiter = ',')]
    pub except: Vec<String>,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule's id, such as FIELD_LOWER_SNAKE_CASE
    #[arg(value_name = RULE)]
    pub rule: String,
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// How to print the list
    #[arg(long, value_enum, default_value = "human")]
    pub format: RulesFormat,
    /// Which rules are on, and where they are configured.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Formats of the list of rules.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RulesFormat {
    /// A table, for people
    Human,
    /// One JSON object a line: id, groups, severity, summary, on, fix
    Json,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The file to write; `-` prints it
    #[arg(default_value = "protolint.yaml")]
    pub file: PathBuf,
    /// Write what this configuration says: a buf.yaml, a buf.work.yaml, or a .protolint.yaml or package.json of the Go tool
    /// of the same name
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: ShellArg,
}

/// Shells whose command lines can be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShellArg {
    /// Bash
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// PowerShell
    #[value(name = "powershell", alias = "pwsh")]
    PowerShell,
    /// Elvish
    Elvish,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The directory to write protolint.1 and a page for each subcommand to; it is made if it is missing
    pub directory: PathBuf,
}
