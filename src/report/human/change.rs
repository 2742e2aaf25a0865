//! What a finding about a change says beside the source: what breaks, and the payloads that prove it.

use crate::finding::Change;
use crate::report::escape::Visible;
use crate::report::wrap::BOUND;

/// The columns before the text of a payload: those of `old writer` and two spaces.
const HEAD: usize = 12;

/// The lines about a change of that fingerprint, each with the columns that its continuation is indented by; not wrapped.
pub(super) fn lines(change: &Change, fingerprint: &str) -> Vec<(String, usize)> {
    let breaks = change.breaks().unwrap_or_else(|| "breaks nothing".to_owned());
    let breaks = Visible(&breaks);
    let mut lines = vec![(format!("{breaks}; fingerprint{BOUND}{fingerprint}"), 4)];
    for evidence in &change.evidence {
        lines.push((format!("  {}  {}", evidence.writer(), Visible(&evidence.sent())), HEAD + 2));
        lines.push((format!("  {}  {}", evidence.reader(), Visible(&evidence.read)), HEAD + 2));
    }
    lines
}
