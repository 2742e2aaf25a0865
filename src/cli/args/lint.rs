//! The flags of `protolint lint` that `check` does not have: those of the Go tool of this name.

use std::path::PathBuf;

use clap::Args;

/// Flags of the Go tool.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Whether the command was called `lint`.
    #[arg(long, hide = true)]
    pub as_lint: bool,
    /// Write findings to standard error in the format of this reporter of the Go tool: plain, json, unix, tsc, sonar,
    /// junit, sarif, ci, ci-gh, ci-az or ci-glab
    #[arg(long, value_name = "NAME", conflicts_with = "formats", help_heading = "Flags of the Go tool")]
    pub reporter: Option<String>,
    /// Also write findings to this file, in the format of this reporter
    #[arg(long = "add-reporter", value_name = "NAME:FILE", help_heading = "Flags of the Go tool")]
    pub added_reporters: Vec<String>,
    /// Use the configuration in this directory
    #[arg(long = "config_dir_path", value_name = "DIR", help_heading = "Flags of the Go tool")]
    pub config_dir_path: Option<PathBuf>,
    /// Exit with 0 if there are no .proto files
    #[arg(long, help_heading = "Flags of the Go tool")]
    pub no_error_on_unmatched_pattern: bool,
    /// Not supported.
    #[arg(long = "auto_disable", value_name = "WHERE", num_args = 0..=1, default_missing_value = "", hide = true)]
    pub auto_disable: Option<String>,
    /// Not supported.
    #[arg(long = "plugin", value_name = "FILE", num_args = 0..=1, default_missing_value = "", hide = true)]
    pub plugins: Vec<String>,
    /// Has no effect.
    #[arg(long, hide = true)]
    pub verbose: bool,
}
