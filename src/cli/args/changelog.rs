//! What `protolint changelog`, `diff` and `git-diff-driver` take.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::CommonArgs;

/// Arguments of `changelog`.
#[derive(Debug, Args)]
pub struct ChangelogArgs {
    /// The states to compare: FROM, or FROM..TO. Each is a branch, tag or commit, `release` (the newest version tag,
    /// for FROM), a directory, or a descriptor set [default: release; TO is the work tree]
    #[arg(value_name = "FROM[..TO]")]
    pub range: Option<String>,
    /// Directories and .proto files [default: the configured roots, or `.`]
    pub paths: Vec<PathBuf>,
    /// Pattern of release tags for `release` [default: v*]
    #[arg(long, value_name = "GLOB")]
    pub tag_pattern: Option<String>,
    /// Include pre-releases in `release`, such as v1.2.0-rc.1
    #[arg(long)]
    pub pre_releases: bool,
    /// Print which part of the version has to grow (major, minor or patch) and why, instead of the changes; with
    /// --quiet, only the word
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub bump: bool,
    /// Exit with 1 if this version is too small for the changes since the version of FROM
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["format", "output", "bump"])]
    pub check_bump: Option<String>,
    /// How to print the changes.
    #[command(flatten)]
    pub print: PrintArgs,
    /// Write the changelog to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "human")]
    pub format: ChangelogFormatArg,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier state: a branch, tag or commit, a directory, a .proto file, or a descriptor set
    #[arg(value_name = "A")]
    pub from: String,
    /// The later state [default: the work tree]
    #[arg(value_name = "B")]
    pub to: Option<String>,
    /// Directories and .proto files to compare in both [default: the configured roots, or all]
    pub paths: Vec<PathBuf>,
    /// How to print the changes.
    #[command(flatten)]
    pub print: PrintArgs,
}

/// Arguments of `git-diff-driver`.
#[derive(Debug, Args)]
pub struct GitDiffDriverArgs {
    /// What git passes: PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE, and after a rename the new path and
    /// what to say of it
    #[arg(value_name = "ARGUMENT", num_args = 1..=9, required = true, allow_hyphen_values = true)]
    pub arguments: Vec<OsString>,
}

/// What `changelog` and `diff` have in common.
#[derive(Debug, Args)]
pub struct PrintArgs {
    /// Also resolve imports in this directory; changes of its files are not printed. May be repeated
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub includes: Vec<PathBuf>,
    /// The configuration, and how much is printed.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// How a changelog is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChangelogFormatArg {
    /// Text
    Human,
    /// Markdown, for release notes
    Markdown,
    /// One HTML page
    Html,
    /// A JSON object on a line for each change
    Json,
}
