//! What is suppressed: findings in baseline files, findings that are older than a branch, accepted changes, and
//! comments that ignore something until a day. Without a `git` program to make repositories with, some of it is
//! skipped.

#![allow(clippy::unwrap_used)]

mod support;

#[path = "suppressed/accepted.rs"]
mod accepted;
#[path = "suppressed/baseline.rs"]
mod baseline;
#[path = "suppressed/since.rs"]
mod since;
