//! What `check.severity` means.

use std::collections::BTreeMap;

use crate::config::names::{reportable, shortened};
use crate::config::own::OwnRules;
use crate::config::raw::{Entry, Value};
use crate::config::reader::{Reader, Word};
use crate::finding::Severity;
use crate::nearest::nearest;
use crate::rules::Family;

/// Where several names cover a rule, its own id counts before a group, a group before all, and later before earlier.
pub(super) fn severities(
    reader: &mut Reader,
    entry: &Entry,
    (own, family): (&OwnRules, Family),
) -> BTreeMap<&'static str, Severity> {
    let mut given = Vec::new();
    let example = if family == Family::Lint { "COMMENT_FIELD" } else { "FIELD_SAME_NAME" };
    let help = || format!("write a rule or group and its severity: {example}: warning");
    for (word, entry) in reader.entries(&entry.value, entry.key.span, "severity", help) {
        let severity = severity(reader, &word, entry);
        match reportable(own, family, &word.text) {
            Ok(named) => given.extend(severity.map(|severity| (named, severity))),
            Err((message, help)) => {
                reader.fault(word.span, message, help);
            }
        }
    }
    given.sort_by_key(|(named, _)| named.precision);
    let each =
        given.into_iter().flat_map(|(named, severity)| named.rules.into_iter().map(move |rule| (rule.id, severity)));
    each.collect()
}

fn severity(reader: &mut Reader, rule: &Word, entry: &Entry) -> Option<Severity> {
    const SEVERITIES: [Severity; 2] = [Severity::Warning, Severity::Error];
    let Value::Text(text) = &entry.value.value else {
        reader.wrong(entry, "`warning` or `error`", "to switch a rule off, list it under `except`");
        return None;
    };
    let severity = SEVERITIES.into_iter().find(|severity| severity.name() == text);
    if matches!(text.as_str(), "off" | "none" | "ignore" | "disabled") {
        let help = format!("except: [{rule}]");
        let message = format!("`{}` is not a severity: list rules that are off under `except`", shortened(text));
        reader.fault(entry.value.span, message, help);
        return None;
    }
    if severity.is_none() {
        let help = match nearest(text, SEVERITIES.iter().map(|severity| severity.name())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write `warning` or `error`; to switch a rule off, list it under `except`".to_owned(),
        };
        reader.fault(entry.value.span, format!("unknown severity `{}`", shortened(text)), help);
    }
    severity
}
