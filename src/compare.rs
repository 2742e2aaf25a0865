//! Compares two schemas: which element of one is which of the other, which types read what others wrote, what a change
//! breaks, and the payloads that prove it. It uses no rules.

pub(crate) mod compatibility;
pub(crate) mod evidence;
pub(crate) mod http;
pub(crate) mod impact;
pub(crate) mod names;
pub(crate) mod pairing;
pub(crate) mod registry;
