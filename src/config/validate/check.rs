//! What the `check` section means.

use super::sections::{CHECK, OPTIONS, SECTIONS, defaults};
use super::{options, patterns, severity};
use crate::config::check::CheckConfig;
use crate::config::names::{self, Names, RuleList};
use crate::config::own::OwnRules;
use crate::config::raw::{Entry, Value};
use crate::config::reader::{Fields, Reader, Word};
use crate::config::sets::Sets;
use crate::rules::Family;
use crate::source::Span;

pub(super) fn check(reader: &mut Reader, entry: &Entry, (sets, own): (Sets, &OwnRules)) -> CheckConfig {
    let mut check = defaults(sets).0;
    let fields = reader.fields(&entry.value, entry.key.span, &SECTIONS[CHECK], &SECTIONS);
    selection(reader, &fields, &mut check, own);
    if let Some(entry) = fields.get("severity") {
        check.severity = severity::severities(reader, entry, (own, Family::Lint));
    }
    if let Some(entry) = fields.get("ignore") {
        check.ignore = patterns::ignores(reader, entry, (own, Family::Lint));
    }
    if let Some(on) = fields.get("ignore_comments").and_then(|entry| reader.boolean(entry)) {
        check.ignore_comments = on;
    }
    if let Some(on) = fields.get("buf_ignore_comments").and_then(|entry| reader.boolean(entry)) {
        check.buf_ignore_comments = on;
    }
    if let Some(entry) = fields.get("options") {
        let fields = reader.fields(&entry.value, entry.key.span, &SECTIONS[OPTIONS], &SECTIONS);
        options::settings(reader, &fields, &mut check.settings);
    }
    check
}

fn selection(reader: &mut Reader, fields: &Fields<'_>, check: &mut CheckConfig, own: &OwnRules) {
    let uses = fields.get("use").map(|entry| (entry, reader.words(entry)));
    if let Some((entry, _)) = &uses
        && matches!(&entry.value.value, Value::List(items) if items.is_empty())
    {
        let help = format!("remove the key to use the default: use: [{}]", check.uses.join(", "));
        reader.fault(entry.key.span, "`use` is empty, so nothing would be checked", help);
    }
    let uses = uses.map(|(_, words)| words);
    let except = fields.get("except").map_or_else(Vec::new, |entry| reader.words(entry));
    let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
    if let Some(uses) = &uses {
        check.uses = texts(uses);
    }
    check.except = texts(&except);
    let names = Names { sets: check.sets, own: Some(own) };
    for unknown in names::select(names, Family::Lint, &check.uses, &check.except).err().unwrap_or_default() {
        let words = match unknown.list {
            RuleList::Use => uses.as_deref().unwrap_or_default(),
            RuleList::Except => &except,
        };
        let span = words.get(unknown.index).map_or(Span::new(0, 0), |word| word.span);
        reader.fault(span, unknown.message, unknown.help);
    }
}
