//! What `protolint deprecated` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::CommonArgs;

/// Arguments of `deprecated`.
#[derive(Debug, Args)]
pub struct DeprecatedArgs {
    /// Directories and .proto files whose deprecated elements are listed; references are found in all files below the
    /// current directory [default: the configured roots, or `.`]
    pub paths: Vec<PathBuf>,
    /// List only what may be deleted: it is deprecated for as long as the policy in protolint.yaml requires, and only
    /// deprecated elements refer to it
    #[arg(long)]
    pub may_go: bool,
    /// Count the days up to this date instead of today, to see what may be deleted then
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// Format of the list
    #[arg(long, value_enum, default_value = "human")]
    pub format: DeprecatedFormat,
    /// The configuration, and how much is printed.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Formats of the list of deprecated elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeprecatedFormat {
    /// A paragraph for each element
    Human,
    /// A JSON object on a line for each element: kind, symbol, path, line, column, since (release, date, releases, days;
    /// or null), reason, replacements, referrers (kind, symbol, deprecated, path, line, column), may_go, may_go_from,
    /// releases_left
    Json,
}
