//! What is in the bytes of messages: which field each byte belongs to, what fields cost, and what would make them
//! smaller. Messages are read by the schema, but every byte is counted, whether a schema explains it or not. It reads no
//! files by itself and prints nothing.

pub(crate) mod advice;
mod any;
pub(crate) mod cost;
pub(crate) mod explain;
mod histogram;
pub(crate) mod input;
mod json;
mod laws;
mod plan;
pub(crate) mod read;
mod sizes;
mod tally;
#[cfg(test)]
mod tests;
pub(crate) mod types;
pub(crate) mod value;
mod wire;

pub(crate) use laws::{breach, schema};
