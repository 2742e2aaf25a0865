//! Whether the comment on an element says something else than before. Texts are parsed again for that, each once; files
//! of descriptor sets have none.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::differences::Same;
use super::{Draft, kind_of};
use crate::report::changelog::{ChangeKind, Detail};
use crate::schema::{Element, without_directives};
use crate::source::{FileId, Sources};
use crate::syntax::{self, Tree};

/// The texts that comments stand in.
pub(super) struct Comments<'s> {
    sources: &'s Sources,
}

impl<'s> Comments<'s> {
    pub(super) fn new(sources: &'s Sources) -> Comments<'s> {
        Comments { sources }
    }

    /// The elements of which the comment says something else.
    pub(super) fn differences<'e>(self, same: impl Iterator<Item = Same<'e>>) -> Vec<Draft<'e>> {
        let mut by_file: FxHashMap<(FileId, FileId), Vec<Same<'e>>> = FxHashMap::default();
        for pair in same {
            if let (Some(before), Some(after)) = (pair.0.file().source(), pair.1.file().source()) {
                by_file.entry((before, after)).or_default().push(pair);
            }
        }
        let mut by_file: Vec<_> = by_file.into_iter().collect();
        by_file.sort_by_key(|(files, _)| *files);
        by_file.into_par_iter().flat_map_iter(|(files, pairs)| self.in_files(files, pairs)).collect()
    }

    fn in_files<'e>(&self, (before, after): (FileId, FileId), pairs: Vec<Same<'e>>) -> Vec<Draft<'e>> {
        let (old, new) = (self.sources.get(before), self.sources.get(after));
        if before == after || !old.has_text() || !new.has_text() || old.text() == new.text() {
            return Vec::new();
        }
        let (old, new) = (syntax::parse(old.text()), syntax::parse(new.text()));
        pairs.into_iter().filter_map(|(before, after)| documented((before, &old), (after, &new))).collect()
    }
}

fn documented<'e>(
    (before, old): (Element<'e>, &Tree<'_>),
    (after, new): (Element<'e>, &Tree<'_>),
) -> Option<Draft<'e>> {
    let (was, is) = (comment(before, old), comment(after, new));
    let words =
        |text: &Option<String>| text.iter().flat_map(|text| text.split_whitespace()).collect::<Vec<_>>().join(" ");
    if words(&was) == words(&is) {
        return None;
    }
    let kind = kind_of(after);
    let (symbol, property) = (after.symbol(), "comment".to_owned());
    let details = vec![Detail { kind, symbol, property, before: was.clone(), after: is.clone() }];
    let (before, after) = (Some(before), Some(after));
    Some(Draft { change: ChangeKind::Documented, kind, before, after, whole: Vec::new(), details, texts: (was, is) })
}

/// What the comments on an element say.
fn comment(element: Element<'_>, tree: &Tree<'_>) -> Option<String> {
    if matches!(element, Element::File(_) | Element::Import(_)) {
        return None;
    }
    let span = element.declaration();
    let texts = if span.is_none() { None } else { tree.comments_on(span.start) }?;
    let texts = texts.iter().map(|text| without_directives(text)).filter(|text| !text.is_empty());
    let text = texts.collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}
