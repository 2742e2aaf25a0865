//! `protolint`: a linter and breaking-change checker for Protocol Buffers schemas.
//!
//! ```text
//! argv ──cli──▶ Command ──config──▶ Config
//! paths · stdin · git ──project──▶ texts ──schema::parse (one file a task)──▶ parsed files
//! descriptor sets ──schema::descriptor_set (one file a task)──▶ parsed files without texts
//! parsed files ──schema::link──▶ Schema            (names → elements; what could not be resolved)
//! check:     Schema          ──engine──▶ checks(element, cx)
//! breaking:  Schema × Schema ──pair──▶ checks(pair, cx) ──verdict──▶ layers, directions ──evidence──▶ payloads
//! cx.report(element, Part, message) ──▶ place → suppression → severity ──▶ findings ──output──▶ stdout · exit 0 | 1 | 2
//! findings with fixes ──fix──▶ new texts ──▶ checked again in memory ──▶ files
//! ```
//!
//! Faults in configuration, syntax and links are findings too and leave by the same door, so every format shows them.
//! `tests/layers.rs` keeps who may use whom.

pub mod cli;
pub mod command;
mod compare;
pub mod config;
mod date;
pub mod finding;
mod fix;
pub mod nearest;
pub mod pattern;
mod project;
pub mod report;
pub mod rules;
mod run;
pub mod schema;
pub mod source;
pub mod stages;
mod syntax;
