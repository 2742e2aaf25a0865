//! The command line: types only, no behaviour.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

/// A linter for Protocol Buffers schemas.
#[derive(Debug, Parser)]
#[command(name = "protolint", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
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
    Check(CheckArgs),
    /// Compares schemas with a baseline, and tells which changes break whom
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
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
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

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("comparing").args(["new_only", "unsafe_too"]).multiple(true))]
pub struct CheckArgs {
    /// Directories and .proto files; `-` reads a text from standard input [default: the configured roots, or `.`]
    pub paths: Vec<PathBuf>,
    /// The path of the text that standard input brings
    #[arg(long, value_name = "PATH")]
    pub stdin_file_path: Option<PathBuf>,
    /// Look imports up in this directory too; nothing in it is reported. May be repeated
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub includes: Vec<PathBuf>,
    /// Treat an import that is not found as an error
    #[arg(long)]
    pub strict_imports: bool,
    /// What to mend.
    #[command(flatten)]
    pub fix: FixArgs,
    /// Tell no finding that this file says is known [default: protolint.baseline.yaml beside the configuration, or at the
    /// top of the repository, if it is there]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,
    /// Tell known findings too
    #[arg(long)]
    pub no_baseline: bool,
    /// Write down which findings are known: all of them into a new file; in one that exists, numbers only fall
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with_all = ["baseline", "no_baseline"])]
    pub write_baseline: Option<Option<PathBuf>>,
    /// Let --write-baseline add findings to a file that exists
    #[arg(long, requires = "write_baseline")]
    pub grow: bool,
    /// Tell only what was not there before, in the schemas that --against names
    #[arg(long, conflicts_with_all = ["stdin_file_path", "write_baseline", "fix", "diff"])]
    pub new_only: bool,
    /// What --new-only and --unsafe compare with, as `protolint breaking` does [default: what CI says, or the branch that
    /// this one will be merged into]
    #[arg(long, value_name = "BASELINE", requires = "comparing")]
    pub against: Option<String>,
    /// What the tags look like that `--against release` looks at [default: v*]
    #[arg(long, value_name = "GLOB", requires = "comparing")]
    pub tag_pattern: Option<String>,
    /// Which rules, and where they are configured.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What to print, and when to fail.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What `check` mends.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("mending").args(["fix", "diff"]).multiple(true))]
pub struct FixArgs {
    /// Mend what can be mended without a change that anybody could see outside
    #[arg(long, conflicts_with = "write_baseline")]
    pub fix: bool,
    /// With --fix or --diff: give new names too, wherever the old ones are used; that breaks who knows them from elsewhere
    #[arg(long = "unsafe", requires = "mending")]
    pub unsafe_too: bool,
    /// With --unsafe: give new names even where `protolint breaking` would tell that the baseline has the old ones
    #[arg(long, requires = "unsafe_too")]
    pub rename_published: bool,
    /// Show as a diff what --fix would change, and change nothing; exit with 1 if that is anything
    #[arg(long)]
    pub diff: bool,
}

/// Arguments of `breaking`.
#[derive(Debug, Args)]
pub struct BreakingArgs {
    /// Directories and .proto files, or a descriptor set [default: the configured roots, or `.`]
    pub paths: Vec<PathBuf>,
    /// What to compare with: a branch, tag or commit, as it was where this branch left it; tip:REF, REF as it is now;
    /// release, the newest version tag; a directory; or a descriptor set [default: what CI says, or the branch that this
    /// one will be merged into]
    #[arg(long, value_name = "BASELINE")]
    pub against: Option<String>,
    /// What the tags look like that `--against release` looks at [default: v*]
    #[arg(long, value_name = "GLOB")]
    pub tag_pattern: Option<String>,
    /// Tell changes that break one of these layers, and no others [default: wire,json,grpc]
    #[arg(long, value_enum, value_name = "LAYER", value_delimiter = ',')]
    pub layers: Vec<LayerArg>,
    /// Compare what is staged instead of the files on disk
    #[arg(long, conflicts_with = "fix")]
    pub index: bool,
    /// What to mend.
    #[command(flatten)]
    pub fix: ReserveArgs,
    /// Accept the change of this fingerprint: writes a line to protolint.accepted.yaml. May be repeated
    #[arg(long, value_name = "FINGERPRINT", value_delimiter = ',', requires = "reason")]
    pub accept: Vec<String>,
    /// Why the change is accepted
    #[arg(long, value_name = "TEXT", requires = "accept")]
    pub reason: Option<String>,
    /// The last day on which it is, such as 2027-01-31
    #[arg(long, value_name = "DATE", requires = "accept")]
    pub until: Option<String>,
    /// Who accepts it
    #[arg(long, value_name = "NAME", requires = "accept")]
    pub by: Option<String>,
    /// Look imports up in this directory too; nothing in it is reported. May be repeated
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub includes: Vec<PathBuf>,
    /// Which rules, and where they are configured.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What to print, and when to fail.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What `breaking` mends.
#[derive(Debug, Args)]
pub struct ReserveArgs {
    /// Reserve the numbers and names of what was deleted
    #[arg(long)]
    pub fix: bool,
    /// Show as a diff what --fix would change, and change nothing; exit with 1 if that is anything
    #[arg(long)]
    pub diff: bool,
}

/// What a change can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayerArg {
    /// Binary messages
    Wire,
    /// The JSON form
    Json,
    /// Paths and shapes of rpcs on the network
    Grpc,
    /// Generated code
    Source,
}

/// How findings are told.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// How to print findings, and the file to print them to if it is not standard output. May be repeated [default: human
    /// on a terminal, concise elsewhere]
    ///
    /// human: snippets of the source, for people. concise: a line for each finding, path:line:column: severity RULE
    /// message. json: an object for each finding, a line each. github: annotations of GitHub workflows. sarif: SARIF
    /// 2.1.0, for code scanning and editors. junit: results of tests. gitlab: code quality of GitLab. checkstyle: what
    /// Checkstyle writes. markdown: a summary, for $GITHUB_STEP_SUMMARY.
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<String>,
    /// Write findings to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Exit with status 1 from this severity on
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
    /// When to colour
    #[arg(long, value_enum, default_value = "auto")]
    pub color: ColorArg,
    /// Print no summary
    #[arg(long, short)]
    pub quiet: bool,
    /// Print how many findings each rule has
    #[arg(long)]
    pub statistics: bool,
    /// How many findings the human format draws
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub max_findings: usize,
}

/// What makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// Nothing
    Never,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
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
