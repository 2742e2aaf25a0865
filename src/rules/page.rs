//! Reads the front matter of a rule's page at compile time: the one clever file of the project. A page that is missing,
//! or lacks a key, is a compile error that names the rule; nothing is read at run time.

use crate::finding::Severity;

/// A rule's page: its front matter and its whole text.
#[derive(Debug)]
pub struct Page {
    /// The whole page, Markdown.
    pub text: &'static str,
    /// The folder below `rules/` that it is in: `lint`, `breaking` or `compile`.
    pub folder: &'static str,
    /// What the rule asks for, in one line.
    pub summary: &'static str,
    /// The groups the rule is in, separated by commas.
    groups: &'static str,
    /// How much a finding matters unless configured otherwise.
    pub severity: Severity,
    /// The first version that has the rule.
    pub since: &'static str,
    /// `none`, `safe` or `unsafe`.
    pub fix: &'static str,
    /// The layers that a change can break, separated by commas; empty where the rule is about no change.
    layers: &'static str,
    /// The rule that reports the same with an impact, or nothing.
    covered_by: &'static str,
    /// The schema registry whose decision the rule reports, or nothing.
    registry: &'static str,
    /// Whether what it reports depends on the syntax a file is written in.
    pub needs_syntax: bool,
}

impl Page {
    /// Reads a page; panics, at compile time, where a key is missing.
    pub(crate) const fn parse(text: &'static str, folder: &'static str) -> Page {
        let severity = match value(text, "severity: ").as_bytes() {
            b"error" => Severity::Error,
            b"warning" => Severity::Warning,
            _ => panic!("the page's `severity` is neither `error` nor `warning`"),
        };
        let layers = match optional(text, "layers: [") {
            Some(layers) => without_bracket(layers),
            None => "",
        };
        Page {
            text,
            folder,
            summary: value(text, "summary: "),
            groups: without_bracket(value(text, "groups: [")),
            severity,
            since: value(text, "since: "),
            fix: value(text, "fix: "),
            layers,
            covered_by: match optional(text, "covered_by: ") {
                Some(rule) => rule,
                None => "",
            },
            registry: match optional(text, "registry: ") {
                Some(registry) => registry,
                None => "",
            },
            needs_syntax: optional(text, "needs: syntax").is_some(),
        }
    }

    /// The names of the groups the rule is in.
    pub fn groups(&self) -> impl Iterator<Item = &'static str> {
        self.groups.split(", ").filter(|group| !group.is_empty())
    }

    /// The layers that a change can break, by the names of [`crate::finding::Layer`].
    pub fn layers(&self) -> impl Iterator<Item = &'static str> {
        self.layers.split(", ").filter(|layer| !layer.is_empty())
    }

    /// The id of the rule that reports the same, with the layers that break. Where layers select, only that
    /// one runs.
    pub fn covered_by(&self) -> Option<&'static str> {
        if self.covered_by.is_empty() { None } else { Some(self.covered_by) }
    }

    /// The schema registry whose decision the rule reports. Such a rule runs only if it is named, or a group of it.
    pub fn registry(&self) -> Option<&'static str> {
        if self.registry.is_empty() { None } else { Some(self.registry) }
    }

    /// The page without its front matter.
    pub fn body(&self) -> &'static str {
        let rest = self.text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        rest.map_or(self.text, |(_, body)| body.trim_start())
    }
}

/// A list without the bracket that ends it.
const fn without_bracket(list: &'static str) -> &'static str {
    let (list, bracket) = list.split_at(list.len() - 1);
    assert!(bracket.as_bytes()[0] == b']', "a list of the page's front matter is not on one line");
    list
}

/// What follows `key` on the line of the front matter that starts with it.
const fn value(text: &'static str, key: &str) -> &'static str {
    match optional(text, key) {
        Some(value) => value,
        None => panic!("the page's front matter lacks a key: summary, groups, severity, since and fix are needed"),
    }
}

/// The same for a key that may be missing.
const fn optional(text: &'static str, key: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    assert!(starts_with(bytes, 0, b"---\n"), "the page does not start with front matter");
    let mut at = 4;
    while !starts_with(bytes, at, b"---\n") {
        if starts_with(bytes, at, key.as_bytes()) {
            let start = at + key.len();
            return Some(text.split_at(end_of_line(bytes, start)).0.split_at(start).1);
        }
        at = end_of_line(bytes, at) + 1;
    }
    None
}

const fn end_of_line(bytes: &[u8], mut at: usize) -> usize {
    while bytes[at] != b'\n' {
        at += 1;
    }
    at
}

const fn starts_with(bytes: &[u8], at: usize, prefix: &[u8]) -> bool {
    let mut offset = 0;
    while offset < prefix.len() {
        if at + offset >= bytes.len() || bytes[at + offset] != prefix[offset] {
            return false;
        }
        offset += 1;
    }
    true
}
