//! What is in payloads, for people and for programs.

pub(crate) mod cost;
pub(crate) mod explain;
