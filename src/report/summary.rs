//! Counts in words, for the last lines of a run: how much was found, and how much of it can be fixed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use super::paint::Paint;
use super::wrap::BOUND;
use super::{Report, SelfCheck};
use crate::finding::{Finding, Fix, Severity};

/// A number with commas between thousands.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 error`, `2 errors`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `2 errors, 1 warning`, and what could be fixed.
pub(crate) fn verdict(findings: &[Finding], paint: Paint) -> String {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    let errors = loud(errors, &counted(errors, "error"), Severity::Error, paint);
    let warnings = loud(warnings, &counted(warnings, "warning"), Severity::Warning, paint);
    format!("{errors}, {warnings}{}", fixable(findings))
}

/// `2 breaking, 3 already on main, 1 error, 1 warning`: errors that are about changes first, and nothing of those there are
/// none of after them; and what could be fixed. What another branch has already is counted once, whatever it matters.
pub(crate) fn breaking_verdict(findings: &[Finding], paint: Paint) -> String {
    let branch = |finding: &'_ Finding| finding.change.as_ref().and_then(|change| change.inherited_from.clone());
    let (inherited, new): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| branch(finding).is_some());
    let (errors, warnings): (Vec<&Finding>, Vec<&Finding>) =
        new.into_iter().partition(|finding| finding.severity == Severity::Error);
    let (breaking, errors): (Vec<_>, Vec<_>) = errors.into_iter().partition(|finding| finding.change.is_some());
    let (breaking, warnings) = (breaking.len(), warnings.len());
    let mut verdict = loud(breaking, &format!("{} breaking", grouped(breaking)), Severity::Error, paint);
    if let Some(first) = inherited.first() {
        let what = format!("{} already on {}", grouped(inherited.len()), branch(first).unwrap_or_default());
        verdict.push_str(&format!(", {}", loud(inherited.len(), &what, first.severity, paint)));
    }
    let others = [(errors.len(), "error", Severity::Error), (warnings, "warning", Severity::Warning)];
    for (count, noun, severity) in others.into_iter().filter(|(count, ..)| *count > 0) {
        verdict.push_str(&format!(", {}", loud(count, &counted(count, noun), severity, paint)));
    }
    verdict + &fixable(findings)
}

/// A count in the colour of its severity, unless there are none.
fn loud(count: usize, text: &str, severity: Severity, paint: Paint) -> String {
    if count == 0 { text.to_owned() } else { paint.loud(severity, text) }
}

/// How many files were compared with what protox parses; empty without `--self-check`.
pub(crate) fn self_check(report: &Report) -> String {
    let Some(SelfCheck { by_both, by_ours }) = report.self_check else { return String::new() };
    let (both, ours) = (counted(by_both, "file"), grouped(by_ours));
    format!("self-check: {both} compared with protox, {ours} that protox does not parse\n")
}

/// What could be fixed: ` (2 fixable with --fix, 3 more with --fix --unsafe)`; empty where nothing can be.
fn fixable(findings: &[Finding]) -> String {
    let (mut safe, mut names) = (0, 0);
    for fix in findings.iter().filter_map(|finding| finding.fix.as_deref()) {
        match fix {
            Fix::Edits(_) => safe += 1,
            _ => names += 1,
        }
    }
    let text = match (safe, names) {
        (0, 0) => return String::new(),
        (safe, 0) => format!("({} fixable with --fix)", grouped(safe)),
        (0, names) => format!("({} fixable with --fix --unsafe)", grouped(names)),
        (safe, names) => {
            format!("({} fixable with --fix, {} more with --fix --unsafe)", grouped(safe), grouped(names))
        }
    };
    // A line may end before it, or at its comma.
    format!(" {}", text.replace(' ', &BOUND.to_string()).replace(&format!(",{BOUND}"), ", "))
}

/// A line a rule: how many findings it has, the most first.
pub(crate) fn statistics(findings: &[Finding]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(rule, count)| (std::cmp::Reverse(count), rule));
    let mut text = String::new();
    for (rule, count) in counts {
        let _ = writeln!(text, "{:>9}  {rule}", grouped(count));
    }
    text
}

/// A duration as people say it.
pub(crate) fn took(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds {
        _ if seconds < 0.1 => format!("{} ms", duration.as_millis()),
        _ => format!("{seconds:.1} s"),
    }
}
