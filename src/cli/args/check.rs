//! What `protolint check` takes.

use std::path::PathBuf;

use clap::Args;

use super::lint::LintArgs;
use super::{ConfigArgs, OutputArgs};

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("comparing").args(["new_only", "unsafe_too"]).multiple(true))]
pub struct CheckArgs {
    /// Directories and .proto files; `-` reads a file from standard input [default: the configured roots, or `.`]
    pub paths: Vec<PathBuf>,
    /// The path of the file that is read from standard input
    #[arg(long, alias = "stdin_filename", value_name = "PATH")]
    pub stdin_file_path: Option<PathBuf>,
    /// Also resolve imports in this directory; its files are not checked. May be repeated
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub includes: Vec<PathBuf>,
    /// Report missing imports as errors
    #[arg(long)]
    pub strict_imports: bool,
    /// Also parse proto2 and proto3 files with protox, and report differences, which are bugs of protolint
    #[arg(long)]
    pub self_check: bool,
    /// What to fix.
    #[command(flatten)]
    pub fix: FixArgs,
    /// Suppress the findings listed in this baseline file [default: protolint.baseline.yaml in the directory of the
    /// configuration or at the top of the repository, if it exists]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,
    /// Ignore the baseline file
    #[arg(long)]
    pub no_baseline: bool,
    /// Create the baseline file, or shrink an existing one
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with_all = ["baseline", "no_baseline"])]
    pub write_baseline: Option<Option<PathBuf>>,
    /// Let --write-baseline add findings to an existing file
    #[arg(long, requires = "write_baseline")]
    pub grow: bool,
    /// Report only findings that the base does not have
    #[arg(long, conflicts_with_all = ["stdin_file_path", "write_baseline", "fix", "diff"])]
    pub new_only: bool,
    /// The base for --new-only and --unsafe, as in `protolint breaking`; of several releases the newest [default: the target branch that CI provides,
    /// or the default branch]
    #[arg(long, value_name = "BASE", requires = "comparing")]
    pub against: Option<String>,
    /// Pattern of release tags for `--against release` and `last:N` [default: v*]
    #[arg(long, value_name = "GLOB", requires = "comparing")]
    pub tag_pattern: Option<String>,
    /// Include pre-releases in `--against release`, such as v1.2.0-rc.1
    #[arg(long, requires = "comparing")]
    pub pre_releases: bool,
    /// Report findings that ignore comments suppress too
    #[arg(long)]
    pub no_ignore_comments: bool,
    /// The flags of the Go tool of this name.
    #[command(flatten)]
    pub lint: LintArgs,
    /// Which rules, and where they are configured.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What to print, and when to fail.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What `check` fixes.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("fixing").args(["fix", "diff"]).multiple(true))]
pub struct FixArgs {
    /// Apply safe fixes
    #[arg(long, conflicts_with = "write_baseline")]
    pub fix: bool,
    /// With --fix or --diff: also apply renames, everywhere in the tree; other code that uses the old names breaks
    #[arg(long = "unsafe", requires = "fixing")]
    pub unsafe_too: bool,
    /// With --unsafe: also rename elements that the base already has
    #[arg(long, requires = "unsafe_too")]
    pub rename_published: bool,
    /// Print the fixes as a diff without applying them; exit with 1 if there are any
    #[arg(long)]
    pub diff: bool,
}
