//! What the command line takes: types only, no behaviour.

mod breaking;
mod changelog;
mod check;
mod deprecated;
mod format;
mod history;
mod lint;
mod output;
mod payload;

use std::ffi::OsString;
use std::path::PathBuf;

pub(super) use breaking::{BreakingArgs, DirectionArg, LayerArg};
pub(super) use changelog::{ChangelogArgs, ChangelogFormatArg, DiffArgs, GitDiffDriverArgs, PrintArgs};
pub(super) use check::CheckArgs;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
pub(super) use deprecated::{DeprecatedArgs, DeprecatedFormat};
pub(super) use format::FormatArgs;
pub(super) use history::{HistoryArgs, HistoryFormat};
pub(super) use output::{ColorArg, FailOn, OutputArgs};
pub(super) use payload::{
    InputFormatArg, PayloadArgs, PayloadCommand, PayloadCostArgs, PayloadCostFormat, PayloadExplainArgs,
    PayloadExplainFormat, PayloadInputArgs,
};

/// A linter for Protocol Buffers schemas.
#[derive(Debug, Parser)]
#[command(name = "protolint", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Reads a command line; ends the program where that asks for help or has mistakes. What is said of exit status and
/// environment is for the help of the program and of subcommands that report findings.
pub(super) fn parse(arguments: Vec<OsString>, about_runs: &str) -> Cli {
    let with_help = |command: clap::Command| command.after_long_help(about_runs.to_owned());
    let mut command = with_help(description())
        .mut_subcommands(|subcommand| if reports(&subcommand) { with_help(subcommand) } else { subcommand });
    let matches = command.try_get_matches_from_mut(help_of_help(arguments)).unwrap_or_else(|error| error.exit());
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut command).exit())
}

/// The subcommand `help` takes names only: `help --help` is `help help`, and `help check --help` is `help check`.
fn help_of_help(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|first| first == "help") && arguments.len() > 2 {
        arguments.retain(|argument| argument != "--help" && argument != "-h");
        if arguments.len() == 2 {
            arguments.push(OsString::from("help"));
        }
    }
    arguments
}

/// Whether a subcommand reports findings.
pub(super) fn reports(subcommand: &clap::Command) -> bool {
    subcommand.get_arguments().any(|argument| argument.get_id() == "fail_on")
}

/// What the names of rules stand for in help.
const RULE: &str = "RULE";
/// What formats of reports stand for in help.
const FORMAT: &str = "FORMAT[=FILE]";

/// All of the command line, for what is written from it.
pub(crate) fn description() -> clap::Command {
    Cli::command()
}

/// The same with the rules that each subcommand takes, and with formats, whose names parsing does not check.
pub(crate) fn description_with_names(
    rules_of: impl Fn(&str) -> Vec<&'static str>,
    formats: &[&'static str],
) -> clap::Command {
    description().mut_subcommands(|subcommand| {
        let rules = rules_of(subcommand.get_name());
        subcommand.mut_args(|argument| {
            match argument.get_value_names().and_then(|names| names.first()).map(|name| name.as_str()) {
                Some(RULE) => argument.value_parser(rules.clone()),
                Some(FORMAT) => argument.value_parser(formats.to_vec()),
                _ => argument,
            }
        })
    })
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Checks schemas against rules
    #[command(visible_alias = "lint")]
    Check(CheckArgs),
    /// Detects breaking changes against a base
    Breaking(BreakingArgs),
    /// Shows what the releases of a repository had, and which numbers were reused
    History(HistoryArgs),
    /// Prints all changes since a release, and which version comes next
    Changelog(ChangelogArgs),
    /// Prints all changes between two states of schemas
    Diff(DiffArgs),
    /// Prints changes of schemas for `git diff` and `git log -p --ext-diff`
    ///
    /// Git calls it for files with `diff=protolint` in .gitattributes: echo '*.proto diff=protolint' >> .gitattributes
    /// && git config diff.protolint.command 'protolint git-diff-driver'
    GitDiffDriver(GitDiffDriverArgs),
    /// Formats schemas in the style of the protobuf style guide
    Format(FormatArgs),
    /// Lists deprecated elements, their ages, and when they may be deleted
    Deprecated(DeprecatedArgs),
    /// Shows what is in the bytes of messages
    Payload(PayloadArgs),
    /// Prints the page of a rule
    Explain(ExplainArgs),
    /// Lists all rules, and which of them are on
    Rules(RulesArgs),
    /// Writes a protolint.yaml with the keys that most projects set
    Init(InitArgs),
    /// Serves an editor, by the Language Server Protocol on standard input and output
    ///
    /// Editors start it: see editors/README.md. It reports what `check` and `breaking` report, as you type.
    Lsp(LspArgs),
    /// Prints a shell completion script
    ///
    /// For example, for bash: protolint completions bash > ~/.local/share/bash-completion/completions/protolint
    Completions(CompletionsArgs),
    /// Writes manual pages, for packages of this program
    #[command(hide = true)]
    Man(ManArgs),
}

/// The configuration to use.
#[derive(Debug, Default, Args)]
pub struct ConfigArgs {
    /// Use this configuration file instead of the nearest protolint.yaml in a parent directory
    #[arg(long, alias = "config_path", value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Whether that may be a configuration of the Go tool.
    #[arg(skip)]
    pub(crate) may_be_of_go_tool: bool,
    /// Ignore configuration files
    #[arg(long)]
    pub no_config: bool,
    /// Use these rules and groups instead of the configured ones; separate them by commas, or repeat the flag
    #[arg(long = "use", value_name = RULE, value_delimiter = ',')]
    pub uses: Vec<String>,
    /// Do not use these rules and groups; separate them by commas, or repeat the flag
    #[arg(long, value_name = RULE, value_delimiter = ',')]
    pub except: Vec<String>,
}

/// Arguments of the subcommands that have no rules.
#[derive(Debug, Args)]
pub struct CommonArgs {
    /// Use this configuration file instead of the nearest protolint.yaml in a parent directory
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Ignore configuration files
    #[arg(long)]
    pub no_config: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value = "auto")]
    pub color: ColorArg,
    /// Do not print the summary and notes
    #[arg(long, short)]
    pub quiet: bool,
}

impl CommonArgs {
    /// Where the configuration is.
    pub(super) fn configuration(&self) -> ConfigArgs {
        ConfigArgs { config: self.config.clone(), no_config: self.no_config, ..ConfigArgs::default() }
    }
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule's id, such as FIELD_LOWER_SNAKE_CASE
    #[arg(value_name = RULE)]
    pub rule: String,
    /// Format of the page
    #[arg(long, value_enum, default_value = "human")]
    pub format: PageFormat,
    /// Look for rules that this configuration file declares, instead of the nearest protolint.yaml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Ignore configuration files
    #[arg(long)]
    pub no_config: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value = "auto")]
    pub color: ColorArg,
}

/// Formats of the page of a rule.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PageFormat {
    /// Text
    Human,
    /// The Markdown that the page is written in
    Markdown,
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Run the examples of the rules that the configuration declares, and exit with 1 if a rule reports a good one, or
    /// does not report a bad one
    #[arg(long)]
    pub test: bool,
    /// Format of the list
    #[arg(long, value_enum, default_value = "human")]
    pub format: RulesFormat,
    /// When to use colours
    #[arg(long, value_enum, default_value = "auto")]
    pub color: ColorArg,
    /// Which rules are on, and where they are configured.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Formats of the list of rules.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RulesFormat {
    /// A table; without a terminal, a line for each rule
    Human,
    /// A table in Markdown
    Markdown,
    /// A JSON object on a line for each rule: id, groups, severity, summary, on, fix
    Json,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The file to write; `-` writes to standard output
    #[arg(default_value = "protolint.yaml")]
    pub file: PathBuf,
    /// Write every key, its default and its meaning
    #[arg(long)]
    pub full: bool,
    /// Convert this configuration: a buf.yaml, a buf.work.yaml, or a .protolint.yaml or package.json of the Go tool of
    /// the same name
    #[arg(long, value_name = "FILE", conflicts_with = "full")]
    pub from: Option<PathBuf>,
    /// Print the JSON Schema of protolint.yaml, which editors use to check and complete it
    #[arg(long, conflicts_with_all = ["file", "full", "from"])]
    pub schema: bool,
}

/// Arguments of `lsp`.
#[derive(Debug, Args)]
pub struct LspArgs {
    /// Serve on standard input and output, which is the only way there is: some clients pass this
    #[arg(long, hide = true)]
    pub stdio: bool,
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
    /// The directory for protolint.1 and a page for each subcommand; created if it does not exist
    pub directory: PathBuf,
}
