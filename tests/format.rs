//! The laws of the formatter, over all schemas of pages and test data, as they are and in other forms, and over a real
//! tree where `FORMAT_TREE` names one.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::print_stderr)]

mod support;

#[path = "format/comments.rs"]
mod comments;
#[path = "format/corpus.rs"]
mod corpus;
#[path = "format/examples.rs"]
mod examples;
#[path = "format/protoc.rs"]
mod protoc;

use protolint::finding::Finding;
use protolint::format::{Indent, Quote, Style, applied, on_type, whole};
use protolint::{Project, Rules, fuzzing};
use rayon::prelude::*;

/// The styles to try.
fn styles() -> Vec<Style> {
    let style = |change: &dyn Fn(&mut Style)| {
        let mut style = Style::default();
        change(&mut style);
        style
    };
    vec![
        style(&|_| ()),
        style(&|style| (style.indent, style.quote) = (Indent::Tab, Quote::Single)),
        style(&|style| (style.indent, style.line_length) = (Indent::Spaces(4), 20)),
        style(&|style| style.line_length = 10_000),
    ]
}

/// Fails with all texts that break a law; each law says what is wrong with one.
fn hold(texts: Vec<(String, String)>, law: impl Fn(&str, &Style) -> Option<String> + Sync) {
    assert!(texts.len() > 1000, "only {} texts", texts.len());
    let styles = styles();
    let broken: Vec<String> = texts
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, (name, text))| {
            // Each text in one of the styles, as there are several forms of each.
            let styles = styles.iter().enumerate().skip(index % styles.len()).take(1);
            let broken = styles.filter_map(|(at, style)| Some((at, law(text, style)?)));
            broken.map(|(at, what)| format!("{name}, style {at}: {what}\n{text}")).collect::<Vec<_>>()
        })
        .collect();
    assert!(
        broken.is_empty(),
        "{} break the law; these are some:\n{}",
        broken.len(),
        broken[..broken.len().min(5)].join("\n")
    );
}

#[test]
fn tokens_comments_damage_and_meaning_stay() {
    hold(corpus::texts(), fuzzing::format);
}

#[test]
fn texts_with_a_token_less_are_formatted_around_the_damage() {
    hold(corpus::with_a_token_less(), fuzzing::format);
}

#[test]
fn comments_stay_with_their_owners() {
    hold(corpus::texts(), |text, style| {
        // To this parser, but not to protoc, such a comment is one of the statement on the next line.
        if text.contains("; /*") {
            return None;
        }
        let after = applied(text, &whole(text, style).edits);
        comments::lost(&comments::owned(text)?, &comments::owned(&after)?)
    });
}

/// The rules of layout that have fixes.
const RULES: [&str; 4] = ["FILE_LAYOUT", "IMPORT_SORTED", "INDENT", "QUOTE_CONSISTENT"];

#[test]
fn no_finding_of_style_is_left_that_has_a_fix() {
    let style = Style::default();
    let texts = corpus::texts();
    let left = |(name, text): &(String, String)| {
        let formatted = whole(text, &style);
        if formatted.is_damaged() || text.contains("protolint:format off") {
            return None;
        }
        let after = applied(text, &formatted.edits);
        let report = Project::in_memory([("a.proto", after.clone())]).lint(&Rules::named(RULES).unwrap());
        let is_left = |finding: &&Finding| RULES.contains(&finding.rule) && finding.fix.is_some();
        let finding = report.findings.iter().find(is_left)?;
        Some(format!("{name}: {} {}\n{text}\n---\n{after}", finding.rule, finding.message))
    };
    let left: Vec<String> = texts.par_iter().filter_map(left).collect();
    assert!(left.is_empty(), "{} have some:\n{}", left.len(), left[..left.len().min(5)].join("\n"));
}

#[test]
fn every_offset_takes_a_typed_character() {
    for (_, text) in corpus::texts().into_iter().step_by(97) {
        for offset in 0..=text.len() as u32 + 2 {
            let edits = on_type(&text, offset, &Style::default()).edits;
            assert!(edits.iter().all(|(span, _)| span.end < offset), "{offset} {edits:?}\n{text}");
        }
    }
}
