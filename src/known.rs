//! What a run finds and does not tell, because somebody wrote it down: findings that were there before anybody looked, and
//! changes that were accepted. It knows such entries and how they are written, not where their files lie nor how those
//! are read.

mod accepted;
mod baseline;
mod older;
mod yaml;

pub(crate) use accepted::{Acceptance, Accepted, may_be_accepted};
pub(crate) use baseline::{Baseline, Entry, may_be_known};
pub(crate) use older::Older;
