//! The laws that hold for whatever strangers hand to the tool, one function for each fuzz target: bytes in, a panic where a
//! law is broken. `fuzz/README.md` lists them; `tests/fuzz.rs` replays what is kept.

#![allow(dead_code, unused_imports, unreachable_pub, clippy::unwrap_used)]

mod breaking;
mod cel;
mod check;
mod config;
mod descriptor_set;
mod directives;
mod fix;
mod format;
mod input;
mod library;
mod payload;
mod places;
mod syntax;

pub use breaking::breaking;
pub use cel::cel;
pub use check::check;
pub use config::config;
pub use descriptor_set::descriptor_set;
pub use directives::directives;
pub use fix::fix;
pub use format::format;
pub use input::{AFTER, FILE};
pub use payload::payload;
pub use syntax::syntax;
