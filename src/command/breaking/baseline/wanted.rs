//! What is asked to be compared, whichever command asks.

use std::path::PathBuf;

use crate::cli::{BreakingArgs, CheckArgs};

/// What is asked to be compared.
pub(in crate::command) struct Wanted {
    /// The beginning of a command line that asks for it, for help.
    pub(in crate::command) command: &'static str,
    pub(in crate::command) paths: Vec<PathBuf>,
    pub(in crate::command) against: Option<String>,
    pub(in crate::command) tag_pattern: Option<String>,
    /// Whether what is staged is compared, instead of what is on disk.
    pub(in crate::command) index: bool,
    pub(in crate::command) includes: Vec<PathBuf>,
}

impl From<&BreakingArgs> for Wanted {
    fn from(args: &BreakingArgs) -> Wanted {
        Wanted {
            command: "protolint breaking",
            paths: args.paths.clone(),
            against: args.against.clone(),
            tag_pattern: args.tag_pattern.clone(),
            index: args.index,
            includes: args.includes.clone(),
        }
    }
}

impl From<&CheckArgs> for Wanted {
    fn from(args: &CheckArgs) -> Wanted {
        Wanted {
            command: "protolint check --new-only",
            paths: args.paths.clone(),
            against: args.against.clone(),
            tag_pattern: args.tag_pattern.clone(),
            index: false,
            includes: args.includes.clone(),
        }
    }
}
