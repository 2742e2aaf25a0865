//! Puts a break on record in the file of accepted changes, as an edit of its text.

use std::path::PathBuf;

use super::TextChange;
use crate::error::Error;
use crate::finding::Finding;
use crate::fix::line_edits;
use crate::project::path;
use crate::project::settings::Settings;
use crate::run::suppress::accepted_file::{self, AcceptRequest, AcceptedFile};

/// What stands where the reason belongs, for a person to fill in.
const REASON: &str = "REASON";

/// The absolute path of the file of accepted changes, which may not exist.
pub(crate) fn accepted_path(settings: &Settings) -> PathBuf {
    accepted_file::path(settings)
}

/// The edits that accept a change in the file of accepted changes, by its absolute path and its text as it is, empty
/// where there is none. `against` is what was asked to be compared with, and `findings` are those of the comparison.
///
/// # Errors
///
/// Why the file has no place for it, or the finding is about no change.
pub(crate) fn accept(
    (file, text): (PathBuf, String),
    finding: &Finding,
    against: Option<&str>,
    findings: &[Finding],
) -> Result<TextChange, String> {
    let said = |Error { message, .. }: Error| message;
    let shown = path::shown_from_here(&file);
    let fault = |faults: Vec<Finding>| faults.into_iter().next().map_or(String::new(), |first| first.message);
    let file = AcceptedFile::of_text(file, shown, text).map_err(fault)?;
    let request = AcceptRequest::new(&[finding.fingerprint()], REASON, None, None).map_err(said)?;
    let (new, _) = file.accepting(&request, against, findings).map_err(said)?;
    let (path, old) = file.path_and_text();
    Ok(TextChange { path: path.to_owned(), is_new: old.is_empty(), edits: line_edits(old, &new) })
}
