//! In ignore comments: the words that begin one, and the rules and groups that it may name.

use super::{Completion, CompletionKind, Request};
use crate::config::ALL;
use crate::rules::{Family, Rule};
use crate::source::Span;
use crate::syntax::Comment;

/// What a comment may begin with, with what each is for.
const DIRECTIVES: [(&str, &str); 3] = [
    ("protolint:ignore", "suppresses rules for the declaration below, or for the file"),
    ("protolint:hot", "marks a field as hot: FIELD_HOT_NUMBER wants it to have a low number"),
    ("buf:lint:ignore", "suppresses one rule, for buf too"),
];

pub(super) fn complete(request: &mut Request<'_>, comment: Comment) {
    let text = request.tree.source();
    let at = request.cursor.offset;
    let before = Span::new(comment.start, at).slice(text);
    let line = before.rfind('\n').map_or(before, |newline| &before[newline + 1..]);
    let said = line.trim_start_matches(|c: char| c == '/' || c == '*' || c.is_whitespace());
    let Some((word, rest)) = said.split_once(char::is_whitespace) else {
        if !said.is_empty() || line.trim_end().len() < line.len() {
            directives(request, said);
        }
        return;
    };
    match word {
        "protolint:ignore" => rules(request, rest, false),
        "buf:lint:ignore" => rules(request, rest, true),
        _ => {}
    }
}

fn directives(request: &mut Request<'_>, typed: &str) {
    let at = request.cursor.offset;
    let replaced = Span::new(at - typed.len() as u32, at);
    for (word, meaning) in DIRECTIVES.iter().filter(|(word, _)| word.starts_with(typed)) {
        let completion = Completion::new(*word, CompletionKind::Keyword, replaced).detail(*meaning);
        request.add(completion.text(format!("{word} ")));
    }
}

/// Adds rules and groups, unless the reason has begun.
fn rules(request: &mut Request<'_>, rest: &str, of_buf: bool) {
    let mut named: Vec<&str> = rest.split(',').map(str::trim_start).collect();
    let typed = named.pop().unwrap_or_default();
    if typed.contains(char::is_whitespace) || (of_buf && !named.is_empty()) {
        return;
    }
    let named: Vec<&str> = named.into_iter().map(str::trim).collect();
    let at = request.cursor.offset;
    let behind = &request.tree.source()[at as usize..];
    let word = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    let replaced = Span::new(at - typed.len() as u32, at + word as u32);
    let families = if of_buf { &[Family::Lint][..] } else { &[Family::Lint, Family::Breaking] };
    let own = request.own.iter().map(|declared| declared.rule).filter(|_| !of_buf);
    let rules: Vec<&'static Rule> = families.iter().flat_map(|family| family.rules()).chain(own).collect();
    for rule in rules.into_iter().filter(|rule| !named.contains(&rule.id)) {
        request.add(of_rule(rule, replaced));
    }
    if of_buf {
        return;
    }
    for family in families {
        for group in family.groups().into_iter().filter(|group| !named.contains(group)) {
            let kind = CompletionKind::Group;
            let detail = format!("group of {} rules", family.command());
            request.add(Completion::new(group, kind, replaced).detail(detail).rank(1));
        }
    }
    request.add(Completion::new(ALL, CompletionKind::Group, replaced).detail("all rules").rank(1));
}

/// A rule with its summary and its page.
pub(in crate::ide) fn of_rule(rule: &Rule, replaced: Span) -> Completion {
    let link = rule.url().map_or(String::new(), |url| format!("\n\n[{}]({url})", rule.id));
    let documentation = format!("{}{link}", rule.page.summary);
    Completion::new(rule.id, CompletionKind::Rule, replaced).detail(rule.page.summary).documentation(documentation)
}
