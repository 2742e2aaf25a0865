//! How findings are printed, for every subcommand that reports any.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::report::GoReporter;

/// How findings are printed.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Output format, and the file to write instead of standard output. May be repeated [default: human on a terminal,
    /// otherwise concise]
    ///
    /// human: source snippets. concise: a line for each finding, path:line:column: severity RULE message. json: a JSON
    /// object on a line for each finding. github: annotations of GitHub workflows. sarif: SARIF 2.1.0, for code
    /// scanning and editors. junit: JUnit XML. gitlab: code quality report of GitLab. checkstyle: Checkstyle XML.
    /// markdown: a summary, for $GITHUB_STEP_SUMMARY.
    #[arg(long = "format", value_name = super::FORMAT)]
    pub formats: Vec<String>,
    /// Write the findings to this file instead of standard output
    #[arg(long, alias = "output_file", value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Lowest severity that makes the exit status 1
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
    /// When to use colours
    #[arg(long, value_enum, default_value = "auto")]
    pub color: ColorArg,
    /// Do not print the summary
    #[arg(long, short)]
    pub quiet: bool,
    /// Print the number of findings of each rule; with --quiet, print nothing else unless --format or --output is given
    #[arg(long)]
    pub statistics: bool,
    /// Reports in the shapes of the Go tool, and the files for them if they do not go to standard error.
    #[arg(skip)]
    pub(crate) go_reports: Vec<(GoReporter, Option<PathBuf>)>,
    /// Whether there are no other reports.
    #[arg(skip)]
    pub(crate) go_reports_only: bool,
    /// Maximum number of findings in the human format
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

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set, CLICOLOR is 0 or TERM is dumb; elsewhere if CLICOLOR_FORCE is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
