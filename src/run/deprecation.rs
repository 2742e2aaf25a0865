//! Deprecated elements over time: since when they are deprecated by the releases, from when on they may be deleted, and a
//! list of all of them.

mod ages;
mod deleted;
mod due;
mod list;
#[cfg(test)]
mod tests;

pub(crate) use ages::{Age, Ages};
pub(super) use deleted::{apply, deletions};
pub(crate) use due::Due;
pub(crate) use list::list;

use crate::date::Date;
use crate::error::Error;
use crate::history::History;
use crate::project::releases::ReleaseRequest;
use crate::project::settings::Settings;

/// The day up to which days are counted: today, unless another one is named.
///
/// # Errors
///
/// What is named is no day.
pub(crate) fn day(named: Option<&str>) -> Result<Date, Error> {
    let Some(text) = named else { return Ok(Date::today()) };
    let fault = || Error::new(format!("invalid date `{text}`, expected YYYY-MM-DD"));
    Date::parse(text).ok_or_else(|| fault().help("--date 2027-01-31"))
}

/// The releases with the present after the last one; what cannot be read is noted.
pub(crate) fn history(settings: &Settings, notes: &mut Vec<Error>) -> Option<History> {
    let releases = match settings.releases(&ReleaseRequest::configured(settings)) {
        Ok(releases) => releases,
        Err(error) => {
            notes.push(Error { message: format!("ages are unknown: {}", error.message), help: error.help });
            return None;
        }
    };
    notes.extend(releases.notes.iter().cloned());
    if releases.commits.is_empty() {
        let message = "ages are unknown: there are no release tags";
        notes.push(Error::new(message).help("git fetch --tags, or set `history: {tags: …}` in protolint.yaml"));
        return None;
    }
    match releases.with_present() {
        Ok(history) => Some(history),
        Err(error) => {
            notes.push(error);
            None
        }
    }
}
