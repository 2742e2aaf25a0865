//! What SARIF says of a rule, from its page. It uses the shape of pages, not which rules there are.

use super::shape::{DefaultConfiguration, Message, PageShape, RuleShape, Tags};
use crate::report::RuleText;

/// GitHub takes descriptions of up to 1,024 characters.
const MAX_LENGTH: usize = 1024;

/// The descriptor of a rule; of one without a page there is nothing but the id.
pub(super) fn descriptor(id: &str, text: Option<RuleText>) -> RuleShape<'_> {
    RuleShape { id, page: text.map(page) }
}

fn page(rule: RuleText) -> PageShape {
    let page = without_relative_links(rule.page);
    let prose = prose(&page);
    PageShape {
        short_description: Message::text(rule.summary),
        full_description: Message::text(&shortened(prose.split("\n\n").next().unwrap_or_default())),
        help: Message { text: prose.to_owned(), markdown: Some(page.clone()) },
        default_configuration: DefaultConfiguration { level: rule.severity.name() },
        properties: Tags { tags: rule.groups },
    }
}

/// The paragraphs between the heading and the first section.
fn prose(page: &str) -> &str {
    let below = page.strip_prefix("# ").and_then(|page| page.split_once('\n')).map_or(page, |(_, below)| below);
    below.split("\n## ").next().unwrap_or_default().trim()
}

/// As many whole sentences as fit, or what fits of the first one.
fn shortened(text: &str) -> String {
    let fits = |text: &str| text.chars().count() <= MAX_LENGTH;
    if fits(text) {
        return text.to_owned();
    }
    let end = text.match_indices(". ").map(|(at, _)| at + 1).take_while(|&at| fits(&text[..at])).last();
    end.map_or_else(|| text.chars().take(MAX_LENGTH).collect(), |end| text[..end].to_owned())
}

/// The page with links to other pages reduced to their text: where the report is read, those are not beside it.
fn without_relative_links(page: &str) -> String {
    let mut kept = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find("](") {
        let (before, link) = rest.split_at(at);
        let target = &link[2..];
        let (Some(open), Some(close)) = (before.rfind('['), target.find(')')) else {
            kept.push_str(&rest[..at + 2]);
            rest = target;
            continue;
        };
        match target[..close].starts_with("http") {
            true => kept.push_str(&rest[..at + 2 + close + 1]),
            false => kept.extend([&before[..open], &before[open + 1..]]),
        }
        rest = &target[close + 1..];
    }
    kept + rest
}
