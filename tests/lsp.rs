//! The language server, driven as clients drive it: what it reports is what the command line reports of the same bytes,
//! whatever was edited and in whatever order; and nothing that a client sends brings it down.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "lsp/actions.rs"]
mod actions;
#[path = "lsp/features.rs"]
mod features;
#[path = "lsp/hostile.rs"]
mod hostile;
#[path = "lsp/law.rs"]
mod law;
mod support;
