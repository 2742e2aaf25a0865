//! Whether string literals are written in the quotes that were chosen.

use crate::finding::Edit;
use crate::rules::Cx;
use crate::rules::settings::Quote;
use crate::schema::{File, Part};
use crate::syntax::{Token, TokenKind};

pub(super) fn quote_consistent(file: File<'_>, cx: &mut Cx<'_>) {
    let text = cx.text(file);
    let wanted = cx.settings.quote;
    let (from, to) = match wanted {
        Quote::Double => ('\'', '"'),
        Quote::Single => ('"', '\''),
    };
    if !text.contains(from) {
        return;
    }
    let tree = cx.tree(file);
    let is_wrong = |token: &&Token| token.kind == TokenKind::Str && token.slice(text).starts_with(from);
    for token in tree.tokens().iter().filter(is_wrong) {
        let Some(better) = requoted(token.slice(text), from, to) else { continue };
        let message = format!("string {} should be in {} quotes", shown(token.slice(text)), wanted.name());
        cx.report(file, Part::Exactly(token.span()), message)
            .help(format!("write {}", shown(&better)))
            .fix(|place| vec![Edit { place, text: better }]);
    }
}

/// The literal in other quotes; none where it holds one of those, so that one of the two has to be escaped anyway.
fn requoted(literal: &str, from: char, to: char) -> Option<String> {
    let inner = literal.strip_prefix(from)?.strip_suffix(from)?;
    let mut better = String::with_capacity(literal.len());
    better.push(to);
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next()? {
                quote if quote == from => better.push(quote),
                other => better.extend(['\\', other]),
            },
            quote if quote == to => return None,
            other => better.push(other),
        }
    }
    better.push(to);
    Some(better)
}

/// The longest literal that is shown in full, in characters.
const MAX_SHOWN: usize = 60;

/// A literal as messages quote it.
fn shown(literal: &str) -> String {
    if literal.chars().count() <= MAX_SHOWN {
        return format!("`{literal}`");
    }
    format!("`{}…`", literal.chars().take(MAX_SHOWN).collect::<String>())
}
