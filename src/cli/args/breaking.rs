//! What `protolint breaking` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ConfigArgs, OutputArgs};

/// Arguments of `breaking`.
#[derive(Debug, Args)]
pub struct BreakingArgs {
    /// Directories and .proto files, or a descriptor set [default: the configured roots, or `.`]
    pub paths: Vec<PathBuf>,
    /// The base to compare with: a branch, tag or commit (at its merge base with HEAD), tip:REF (the newest commit of
    /// REF), `release` (the newest version tag), `last:3` (the last three releases), 'tags:v1.*' (all releases that match),
    /// a directory, or a descriptor set. A branch or tag has priority over a directory of the same name; ./NAME is always
    /// the directory [default: the target branch that CI provides, or the
    /// default branch; on that branch HEAD, or HEAD~1 if nothing has changed since HEAD]
    #[arg(long, value_name = "BASE")]
    pub against: Option<String>,
    /// Pattern of release tags for `--against release` and `last:N` [default: v*]
    #[arg(long, value_name = "GLOB")]
    pub tag_pattern: Option<String>,
    /// Include pre-releases, such as v1.2.0-rc.1, in `--against release`, `last:N` and `tags:PATTERN`
    #[arg(long)]
    pub pre_releases: bool,
    /// Report only changes that break these layers [default: all but source]
    #[arg(long, value_enum, value_name = "LAYER", value_delimiter = ',')]
    pub layers: Vec<LayerArg>,
    /// Report only changes that break in this direction, as schema registries have it: `backward` if new code reads old data
    /// or answers old calls, `forward` if old code reads new data or answers new calls. Changes that break generated code
    /// count in every direction [default: full]
    #[arg(long, value_enum, value_name = "DIRECTION")]
    pub direction: Option<DirectionArg>,
    /// Fail if a part of the schemas could not be compared
    #[arg(long)]
    pub strict: bool,
    /// With a release as the base: also fail for changes that the target branch already has
    #[arg(long)]
    pub fail_on_inherited: bool,
    /// Compare the staged files instead of the files on disk
    #[arg(long, conflicts_with = "fix")]
    pub index: bool,
    /// What to fix.
    #[command(flatten)]
    pub fix: ReserveArgs,
    /// Accept the change with this fingerprint: add it to protolint.accepted.yaml. May be repeated
    #[arg(long, value_name = "FINGERPRINT", value_delimiter = ',', requires = "reason")]
    pub accept: Vec<String>,
    /// Why the change is accepted
    #[arg(long, value_name = "TEXT", requires = "accept")]
    pub reason: Option<String>,
    /// The last day on which the change is accepted, such as 2027-01-31
    #[arg(long, value_name = "DATE", requires = "accept")]
    pub until: Option<String>,
    /// Name of the person who accepts the change
    #[arg(long, value_name = "NAME", requires = "accept")]
    pub by: Option<String>,
    /// Also resolve imports in this directory; its files are not checked. May be repeated
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub includes: Vec<PathBuf>,
    /// Report findings that ignore comments suppress too
    #[arg(long)]
    pub no_ignore_comments: bool,
    /// Which rules, and where they are configured.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What to print, and when to fail.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What `breaking` fixes.
#[derive(Debug, Args)]
pub struct ReserveArgs {
    /// Reserve the numbers and names of deleted fields and enum values
    #[arg(long)]
    pub fix: bool,
    /// Print the fixes as a diff without applying them; exit with 1 if there are any
    #[arg(long)]
    pub diff: bool,
}

/// A layer that a change can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayerArg {
    /// The binary format
    Wire,
    /// The JSON format
    Json,
    /// Paths, types and streaming of rpcs
    Grpc,
    /// Requests to HTTP bindings (`google.api.http`)
    Rest,
    /// Values that the rules of `buf.validate` accept
    Validation,
    /// Generated code
    Source,
}

/// A direction in which a change can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DirectionArg {
    /// New code reads old data
    Backward,
    /// Old code reads new data
    Forward,
    /// Either
    Full,
}
