//! What an editor shows of a finding beside its message: what the rule asks for and where its page is, and of a change
//! what it breaks, with the payloads that prove it. All is Markdown.

use super::hover::fenced;
use crate::finding::{Change, Finding};
use crate::rules;

/// What there is to say of a finding and its rule.
pub(crate) fn rule_hover(finding: &Finding) -> String {
    let mut parts = vec![match rules::rule_of(finding.rule) {
        Some(rule) => match rule.url() {
            Some(url) => format!("**[{}]({url})**: {}", finding.rule, rule.page.summary),
            None => format!("**{}**: {}", finding.rule, rule.page.summary),
        },
        None => format!("**{}**", finding.rule),
    }];
    if let Some(change) = &finding.change {
        parts.push(format!("{}; fingerprint `{}`", breaks(change), finding.fingerprint()));
        parts.extend(evidence(change));
    }
    let help = finding.help.as_deref().filter(|help| !help.is_empty());
    parts.extend(help.map(|help| format!("help: {help}")));
    parts.join("\n\n")
}

fn breaks(change: &Change) -> String {
    change.breaks().unwrap_or_else(|| "breaks nothing".to_owned())
}

/// Who writes what, and what the reader makes of it.
fn evidence(change: &Change) -> Option<String> {
    let pairs = change.evidence.iter().map(|evidence| {
        format!("{}  {}\n{}  {}", evidence.writer(), evidence.sent(), evidence.reader(), evidence.read)
    });
    let pairs: Vec<String> = pairs.collect();
    (!pairs.is_empty()).then(|| fenced("text", &pairs.join("\n\n")))
}
