//! What `protolint deprecated` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ColorArg;

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
