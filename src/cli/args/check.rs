//! What `protolint check` takes.

use std::path::PathBuf;

use clap::Args;

use super::lint::LintArgs;
use super::{ConfigArgs, OutputArgs};

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("comparing").args(["new_only", "unsafe_too"]).multiple(true))]
pub struct CheckArgs {
    /// Directories and .proto files; `-` reads a text from standard input [default: the configured roots, or `.`]
    pub paths: Vec<PathBuf>,
    /// The path of the text that standard input brings
    #[arg(long, alias = "stdin_filename", value_name = "PATH")]
    pub stdin_file_path: Option<PathBuf>,
    /// Look imports up in this directory too; nothing in it is reported. May be repeated
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub includes: Vec<PathBuf>,
    /// Treat an import that is not found as an error
    #[arg(long)]
    pub strict_imports: bool,
    /// Also parse each proto2 and proto3 file with protox, and report differences, which are bugs of protolint
    #[arg(long)]
    pub self_check: bool,
    /// What to fix.
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
    /// Let `--against release` take pre-releases, such as v1.2.0-rc.1
    #[arg(long, requires = "comparing")]
    pub pre_releases: bool,
    /// Report findings that ignore comments suppress too
    #[arg(long)]
    pub no_ignore_comments: bool,
    /// What the Go tool of this name takes.
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
