//! What a finding says beside its message, as lines of text for formats that have room for them. Nothing is escaped yet,
//! and no format is known here.

use std::collections::HashMap;

use super::locate::Locator;
use crate::finding::{Finding, Fix};
use crate::source::Place;

/// Labels of one finding beyond these are counted.
const MAX_LABELS: usize = 8;

/// The file that stands in for one where a format asks for it and the finding has none: such a finding is about the
/// configuration.
pub(crate) const STAND_IN: &str = "protolint.yaml";

/// What a change breaks: `breaks wire both ways, source`.
pub(super) fn verdict(finding: &Finding) -> Option<String> {
    finding.change.as_deref()?.breaks()
}

/// The other places that matter, where a changed element was before first, each with what is there; at most `most` of
/// them, and how many are left out.
pub(crate) fn places(finding: &Finding, most: usize) -> (Vec<(Place, &str)>, usize) {
    let before = finding.change.as_ref().and_then(|change| change.before);
    let before = before.filter(|before| finding.place != Some(*before)).map(|place| (place, "before"));
    let labels = finding.labels.iter().map(|label| (label.place, label.text.as_str()));
    let labels = labels.map(|(place, text)| (place, if text.is_empty() { "here" } else { text }));
    let all = before.into_iter().chain(labels);
    let count = usize::from(before.is_some()) + finding.labels.len();
    (all.take(most).collect(), count.saturating_sub(most))
}

/// The same as lines: `before: 3f2c1a9:a/b.proto:3:7`.
pub(super) fn place_lines(finding: &Finding, locator: &mut Locator<'_>) -> Vec<String> {
    let (places, left_out) = places(finding, MAX_LABELS);
    let mut lines: Vec<String> =
        places.into_iter().map(|(place, text)| format!("{text}: {}", locator.title(place))).collect();
    if left_out > 0 {
        lines.push(format!("and {}", counted(left_out, "more place")));
    }
    lines
}

/// The mark of a finding that `--fix` can fix.
pub(super) fn fixable(finding: &Finding) -> Option<&'static str> {
    finding.fix.as_deref().map(|fix| fixable_mark(matches!(fix, Fix::Edits(_))))
}

/// The mark of what `--fix` can fix, safely or not.
pub(super) fn fixable_mark(is_safe: bool) -> &'static str {
    if is_safe { "[fixable]" } else { "[fixable with --unsafe]" }
}

/// The lines of the help; none where it is empty.
pub(super) fn help(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.help.iter().flat_map(|help| help.lines()).filter(|line| !line.is_empty())
}

/// The payloads that prove what a change breaks, two lines each: who writes what, and what the reader makes of it.
pub(super) fn evidence(finding: &Finding) -> Vec<String> {
    let evidence = finding.change.iter().flat_map(|change| &change.evidence);
    let lines = evidence.flat_map(|evidence| {
        let payload = Some(&evidence.payload).filter(|payload| !payload.is_empty());
        let payload = payload.map(|payload| format!(" as {payload}")).unwrap_or_default();
        let written = format!("{}: {}{payload}", evidence.writer(), evidence.written);
        [written, format!("{}: {}", evidence.reader(), evidence.read)]
    });
    lines.collect()
}

/// How to accept a change.
fn acceptance(finding: &Finding) -> Option<String> {
    finding.change.as_ref()?;
    Some(format!("accept with: protolint breaking --accept {} --reason TEXT", finding.fingerprint()))
}

/// What `--accept` takes to accept a change.
pub(super) fn fingerprint(finding: &Finding) -> Option<String> {
    finding.change.as_ref().map(|_| finding.fingerprint())
}

/// All of this: what breaks, places, help, payloads, how to accept it.
pub(super) fn lines(finding: &Finding, locator: &mut Locator<'_>) -> Vec<String> {
    let mut lines: Vec<String> = verdict(finding).into_iter().collect();
    lines.extend(place_lines(finding, locator));
    lines.extend(help(finding).enumerate().map(|(index, line)| match index {
        0 => format!("help: {line}"),
        _ => format!("      {line}"),
    }));
    lines.extend(evidence(finding));
    lines.extend(acceptance(finding));
    lines
}

/// The message, what breaks and the help, for formats that have one line for a finding.
pub(super) fn one_line(finding: &Finding) -> String {
    let mut line = finding.message.clone();
    if let Some(verdict) = verdict(finding) {
        line.push_str("; ");
        line.push_str(&verdict);
    }
    for (index, help) in help(finding).enumerate() {
        line.push_str(if index == 0 { "; help: " } else { " " });
        line.push_str(help);
    }
    line
}

/// `1 error`, `2 errors`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Gives findings names that stay from run to run and are theirs alone: the fingerprint, and from the second finding
/// with the same one on its number among them, `3f2c1a9d00112233-2`.
#[derive(Default)]
pub(super) struct Names(HashMap<String, usize>);

impl Names {
    /// The name of the next finding.
    pub(super) fn next(&mut self, finding: &Finding) -> String {
        let fingerprint = finding.fingerprint();
        match self.0.get_mut(&fingerprint) {
            Some(number) => {
                *number += 1;
                format!("{fingerprint}-{number}")
            }
            None => {
                self.0.insert(fingerprint.clone(), 1);
                fingerprint
            }
        }
    }
}
