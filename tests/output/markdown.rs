//! The Markdown format, read by a parser with every extension on: nothing becomes more than text.

use protolint::finding::{Finding, Severity};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::{Fixture, MARKDOWN, every, rendered, spans_in, visible};

/// What a report says, a text for each item of a list, and how deep anything is nested.
fn items(fixture: &Fixture, output: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let (mut depth, mut strong, mut is_code) = (0, false, false);
    for event in Parser::new_ext(output, Options::all()) {
        let about = || format!("{event:?} in {}", fixture.name);
        match &event {
            Event::Start(Tag::Item) => {
                depth += 1;
                assert_eq!(depth, 1, "{}", about());
                items.push(String::new());
            }
            Event::End(TagEnd::Item) => depth -= 1,
            Event::Start(Tag::Strong) => strong = true,
            Event::End(TagEnd::Strong) => strong = false,
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::Heading { level, .. }) => assert!((3..=4).contains(&(*level as u8)), "{}", about()),
            Event::Start(Tag::Emphasis) => assert_eq!(depth, 0, "{}", about()),
            Event::Start(Tag::Paragraph | Tag::List(None) | Tag::HtmlBlock) | Event::End(_) | Event::HardBreak => {}
            Event::Html(html) => {
                let ours = ["<details><summary>payloads that show it</summary>", "</details>"];
                assert!(ours.contains(&html.trim()), "{}", about());
            }
            Event::Code(text) => items.last_mut().into_iter().for_each(|item| item.push_str(text)),
            Event::Text(text) => {
                assert!(!strong || ["error", "warning"].contains(&&**text), "{}", about());
                assert!(
                    is_code || !["@", "#", "://", "www.", "$", "GH-"].iter().any(|x| text.contains(x)),
                    "{}",
                    about()
                );
                items.last_mut().into_iter().for_each(|item| item.push_str(text));
            }
            _ => panic!("{}", about()),
        }
    }
    items
}

/// A text without what a reader of Markdown takes off, and with colons as they are: whether one starts a line depends
/// on the format.
fn bare(text: &str) -> String {
    let text = text.replace(r"\u{3a}", ":");
    text.chars().filter(|c| *c != '`' && !c.is_whitespace()).collect()
}

#[test]
fn nothing_becomes_more_than_text() {
    for fixture in every() {
        let output = rendered(&fixture, MARKDOWN);
        let items = items(&fixture, &output);
        assert_eq!(items.len(), fixture.findings.len(), "{output}");
        for severity in [Severity::Error, Severity::Warning] {
            let name = severity.name();
            let of = fixture.findings.iter().filter(|finding| finding.severity == severity).count();
            assert_eq!(items.iter().filter(|item| item.starts_with(name)).count(), of, "{output}");
        }
        for (finding, item) in fixture.findings.iter().zip(&items) {
            let mut said = vec![finding.rule, &finding.message];
            said.extend(finding.help.iter().flat_map(|help| help.lines()));
            said.extend(finding.labels.iter().take(7).map(|label| label.text.as_str()));
            said.extend(finding.change.iter().flat_map(|change| &change.evidence).map(|one| one.payload.as_str()));
            for text in said {
                assert!(bare(item).contains(&bare(&visible(text))), "{text} in {item}");
            }
        }
    }
}

#[test]
fn a_report_stays_below_the_limit_and_lists_errors_first() {
    let mut fixture = spans_in("message m {}\n", &vec![(8, 9); 20_000]);
    for finding in &mut fixture.findings[..19_000] {
        finding.severity = Severity::Warning;
    }
    let place = fixture.findings[0].place.expect("it has a place");
    fixture.findings.insert(0, Finding::error("RULE", place, "x".repeat(2 << 20)));
    let output = rendered(&fixture, MARKDOWN);
    assert!(output.len() <= 512 << 10, "{}", output.len());
    let items = items(&fixture, &output);
    assert_eq!(items.iter().filter(|item| item.starts_with("error")).count(), 1_000);
    let left_out = fixture.findings.len() - items.len();
    assert!(
        items.len() > 2_000
            && output.ends_with(&format!("\n*{left_out} more findings not shown: the summary is too long.*\n"))
    );
}
