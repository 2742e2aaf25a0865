//! Repositories as people have them, made with the `git` program: histories, references, clones.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod histories;
mod references;
mod releases;
mod repositories;
mod scratch;

use super::*;
pub(super) use scratch::Scratch;

fn paths(listing: &Listing) -> Vec<&str> {
    listing.files.iter().map(|file| file.path.as_str()).collect()
}

fn kind<T>(result: Result<T, GitFault>) -> GitFaultKind {
    result.err().expect("there is a fault").kind
}

/// A command as helps give it, without the program.
fn line(fault: &GitFault) -> &str {
    fault.help.as_deref().unwrap().strip_prefix("git ").unwrap()
}
