//! What `protolint format` takes.

use std::path::PathBuf;

use clap::Args;

use super::CommonArgs;

/// Arguments of `format`.
#[derive(Debug, Args)]
pub struct FormatArgs {
    /// Directories and .proto files; `-` formats standard input to standard output [default: the configured roots, or
    /// `.`]
    pub paths: Vec<PathBuf>,
    /// List the files that are not formatted without changing them; exit with 1 if there are any
    #[arg(long, conflicts_with = "diff")]
    pub check: bool,
    /// Print the changes as a diff without applying them; exit with 1 if there are any
    #[arg(long)]
    pub diff: bool,
    /// The path of the file that is read from standard input
    #[arg(long, aliases = ["stdin_filename", "stdin-filename"], value_name = "PATH")]
    pub stdin_file_path: Option<PathBuf>,
    /// The configuration, and how much is printed.
    #[command(flatten)]
    pub common: CommonArgs,
}
