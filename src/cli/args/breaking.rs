//! What `protolint breaking` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ConfigArgs, OutputArgs};

/// Arguments of `breaking`.
#[derive(Debug, Args)]
pub struct BreakingArgs {
    /// Directories and .proto files, or a descriptor set [default: the configured roots, or `.`]
    pub paths: Vec<PathBuf>,
    /// What to compare with: a branch, tag or commit, as it was where this branch left it; tip:REF, REF as it is now;
    /// release, the newest version tag; a directory; or a descriptor set. A branch or tag wins over a directory of its
    /// name, which ./NAME names [default: what CI says, or the default branch; on that branch HEAD, or HEAD~1 where
    /// nothing was changed since]
    #[arg(long, value_name = "BASELINE")]
    pub against: Option<String>,
    /// What the tags look like that `--against release` looks at [default: v*]
    #[arg(long, value_name = "GLOB")]
    pub tag_pattern: Option<String>,
    /// Let `--against release` take pre-releases, such as v1.2.0-rc.1
    #[arg(long)]
    pub pre_releases: bool,
    /// Tell changes that break one of these layers, and no others [default: wire,json,grpc]
    #[arg(long, value_enum, value_name = "LAYER", value_delimiter = ',')]
    pub layers: Vec<LayerArg>,
    /// Fail where a part of the schemas could not be compared
    #[arg(long)]
    pub strict: bool,
    /// Compare what is staged instead of the files on disk
    #[arg(long, conflicts_with = "fix")]
    pub index: bool,
    /// What to fix.
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
    /// Reserve the numbers and names of what was deleted
    #[arg(long)]
    pub fix: bool,
    /// Print the fixes as a diff without applying them; exit with 1 if there are any
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
