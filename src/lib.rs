//! `protolint`: a linter and breaking-change checker for Protocol Buffers schemas, as a library.
//!
//! ```text
//! argv ──cli──▶ Settings (arguments, environment and configuration, made once) ──▶ the library:
//!
//! Project::open(settings)    paths · git · descriptor sets · standard input · edited texts ──project──▶ texts
//! texts ──syntax──▶ trees ──schema::lower (one file a task)──▶ parsed files; descriptor sets are lowered without a text
//! parsed files ──schema::link──▶ Schema
//! lint:      Schema          ──run──▶ checks(element, cx)
//! compare:   Schema × Schema ──pair──▶ checks(pair, cx) ──impact──▶ layers, directions ──evidence──▶ payloads
//! cx.report(element, Part, message) ──▶ place → suppress → severity → order ──▶ Report ──report──▶ a format
//! FixSession: findings with fixes ──▶ new texts ──▶ parsed, linked and linted again in memory ──▶ TextEdit
//! ```
//!
//! Faults in configuration, syntax and links are findings too and leave by the same door, so every format shows them.
//! Nothing but [`cli`] reads arguments, prints, or ends the program. `tests/layers.rs` checks which module uses which.
//!
//! # Lint
//!
//! ```
//! use protolint::{Format, Project, Rules, render};
//!
//! let user = "syntax = \"proto3\";\npackage acme.v1;\nmessage User {\n  string userName = 1;\n}\n";
//! let project = Project::in_memory([("acme/v1/user.proto", user)]);
//! let report = project.lint(&Rules::default());
//! assert_eq!(report.findings[0].rule, "FIELD_LOWER_SNAKE_CASE");
//! render(Format::Concise, &report, &mut std::io::stdout())?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! [`Project::open`] reads a tree as the command line does; [`Settings`] say which, and by which configuration.
//!
//! # Compare
//!
//! [`compare`] takes any two projects. [`Sides::open`] reads both sides of a repository at once, and only what differs.
//!
//! # Fix
//!
//! [`FixSession`] tries fixes in memory and hands out [`TextEdit`]s with what is left to find, and what was skipped and
//! why; [`write_texts`] writes them.
//!
//! # Format
//!
//! [`format::whole`] says which bytes of a text change; [`FormattedFiles`] formats the files that [`Settings`] name.
//!
//! # Edit
//!
//! An editor keeps one [`Project`] and lays its open buffers over it with [`Project::with_texts`]: what did not change
//! is neither read nor parsed again.

mod cel;
mod changelog;
pub mod cli;
mod compare;
pub mod config;
mod date;
mod error;
pub mod finding;
mod fix;
pub mod format;
#[doc(hidden)]
pub mod fuzzing;
mod history;
mod ide;
mod lsp;
pub mod nearest;
pub mod pattern;
mod payload;
mod project;
pub mod report;
pub mod rules;
mod run;
pub mod schema;
pub mod source;
mod syntax;

pub use changelog::{Bump, BumpReason, NextVersion};
pub use config::RuleNames;
pub use error::Error;
pub use fix::{DamagedFile, FixSession, Fixes, FormattedFiles, Reserved, Skipped, TextEdit, differences, write_texts};
pub use project::base::{Base, CiBase, CompareRequest, FoundBase};
pub use project::settings::{ConfigChoice, Settings, StdinText};
pub use project::sides::Sides;
pub use project::{Parsed, Project};
pub use report::changelog::{ChangeKind, Changelog, ChangelogFormat, ChangelogStyle, Detail, ElementKind, Entry};
pub use report::{Format, Report, SelfCheck, render};
pub use run::new_only::{Since, lint_since};
pub use run::suppress::accepted_file::{AcceptRequest, AcceptedFile};
pub use run::suppress::baseline_file::{Applied, BaselineError, BaselineFile, BaselineUse};
pub use run::{Paired, Policy, Rules, compare};
