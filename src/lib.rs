//! `protolint`: a linter and breaking-change checker for Protocol Buffers schemas.

pub mod cli;
mod compare;
pub mod config;
mod date;
mod error;
pub mod finding;
mod fix;
pub mod pattern;
mod project;
pub mod report;
pub mod rules;
mod run;
pub mod schema;
pub mod source;

pub use config::RuleNames;
pub use error::Error;
pub use fix::{FixSession, Fixes, Reserved, Skipped, TextEdit, differences, write_texts};
pub use project::base::{Base, CiBase, CompareRequest, FoundBase};
pub use project::settings::{ConfigChoice, Settings, StdinText};
pub use project::sides::Sides;
pub use project::{Parsed, Project};
pub use report::{Format, Report, render};
pub use run::new_only::{Since, lint_since};
pub use run::suppress::accepted_file::{AcceptRequest, AcceptedFile};
pub use run::suppress::baseline_file::{Applied, BaselineError, BaselineFile, BaselineUse};
pub use run::{Policy, Rules, compare};
