//! `action.yml`, step for step as a runner takes it, in repositories checked out as a workflow does. Without `git` and
//! `bash` these tests do nothing.

#![allow(clippy::unwrap_used, clippy::print_stderr, unreachable_pub)]

mod support;

#[path = "action/events.rs"]
mod events;
#[path = "action/find.rs"]
mod find;
#[path = "action/inputs.rs"]
mod inputs;
#[path = "action/runner.rs"]
mod runner;
