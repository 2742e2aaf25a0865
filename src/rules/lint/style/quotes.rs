//! Whether string literals are written in the quotes that were chosen.

use crate::finding::Edit;
use crate::format::{Quote, requoted};
use crate::rules::Cx;
use crate::schema::{File, Part};

pub(super) fn quote_consistent(file: File<'_>, cx: &mut Cx<'_>) {
    let (text, wanted) = (cx.text(file), cx.settings.quote);
    let other = match wanted {
        Quote::Double => Quote::Single,
        Quote::Single => Quote::Double,
    };
    if !text.contains(other.character()) {
        return;
    }
    for token in cx.tree(file).tokens() {
        let Some(better) = requoted(*token, text, wanted) else { continue };
        let message = format!("string {} should be in {} quotes", shown(token.slice(text)), wanted.name());
        cx.report(file, Part::Exactly(token.span()), message)
            .help(format!("write {}", shown(&better)))
            .fix(|place| vec![Edit { place, text: better }]);
    }
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
