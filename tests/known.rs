//! What is suppressed: findings in baseline files, findings that are older than a branch, accepted changes, and
//! comments that ignore something until a day. Without a `git` program to make repositories with, some of it is
//! skipped.

#![allow(clippy::unwrap_used)]

mod support;

#[path = "known/accepted.rs"]
mod accepted;
#[path = "known/baseline.rs"]
mod baseline;
#[path = "known/since.rs"]
mod since;
