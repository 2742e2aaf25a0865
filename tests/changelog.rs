//! `protolint changelog`, `diff` and `git-diff-driver`: laws over all pairs of schemas, what ranges of states mean, the
//! formats, and the page in a browser.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

#[path = "changelog/browser.rs"]
mod browser;
#[path = "changelog/facts.rs"]
mod facts;
#[path = "changelog/formats.rs"]
mod formats;
#[path = "changelog/kinds.rs"]
mod kinds;
#[path = "changelog/laws.rs"]
mod laws;
#[path = "changelog/patch.rs"]
mod patch;
#[path = "changelog/repositories.rs"]
mod repositories;
