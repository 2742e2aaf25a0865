//! From new names to the edits that give them: where something is declared, and wherever a name leads to it or through
//! it. Comments and the contents of strings are not names.

use rustc_hash::FxHashMap;

use crate::finding::Edit;
use crate::rules::mentions::{Mention, mentions};
use crate::schema::Schema;
use crate::source::{Place, Sources, Span};
use crate::syntax::words;

/// A new name for something.
pub(crate) struct Rename {
    /// The full name, or a package as `package` statements have it.
    pub(crate) symbol: String,
    /// The last component of what the full name shall be; of a package all components.
    pub(crate) to: String,
}

/// For each of `renames` the edits that it needs in all files that were read, built-in ones aside. Where two give one
/// thing different names, the later gets none.
pub(crate) fn edits(schema: &Schema, sources: &Sources, renames: &[Rename]) -> Vec<Vec<Edit>> {
    let mut wanted = Wanted::default();
    renames.iter().enumerate().for_each(|(index, rename)| wanted.add(index, rename));
    let mut edits: Vec<Vec<Edit>> = renames.iter().map(|_| Vec::new()).collect();
    for file in schema.files() {
        let Some(source) = file.source() else { continue };
        let text = sources.get(source).text();
        if !wanted.may_be_in(text) {
            continue;
        }
        mentions(file, text, &mut |mention| {
            for (index, span, name) in wanted.in_mention(&mention, text) {
                edits[index].push(Edit { place: Place { file: source, span }, text: name.to_owned() });
            }
        });
    }
    for edits in &mut edits {
        // All extensions of one block name what they extend at one place.
        edits.sort();
        edits.dedup();
    }
    // Several findings may ask for one and the same name.
    renames.iter().map(|rename| wanted.of(rename).map(|index| edits[index].clone()).unwrap_or_default()).collect()
}

/// New names by the full name of what has the old one.
#[derive(Default)]
struct Wanted<'r> {
    names: FxHashMap<String, (usize, &'r str)>,
}

/// For more names than these, files are walked without a search for each.
const MAX_SEARCHED: usize = 8;

impl<'r> Wanted<'r> {
    /// Whether a text can name anything that gets a new name. A group is named as a field, in lower case, but keeps its
    /// name.
    fn may_be_in(&self, text: &str) -> bool {
        let last = |symbol: &String| text.contains(symbol.rsplit('.').next().unwrap_or(symbol));
        self.names.len() > MAX_SEARCHED || self.names.keys().any(last)
    }

    fn add(&mut self, index: usize, rename: &'r Rename) {
        for (symbol, name) in steps(rename) {
            self.names.entry(symbol).or_insert((index, name));
        }
    }

    /// The first rename that says the same, if none says otherwise before.
    fn of(&self, rename: &'r Rename) -> Option<usize> {
        let mut found = None;
        for (symbol, name) in steps(rename) {
            let &(index, first) = self.names.get(&symbol)?;
            if first != name {
                return None;
            }
            found = Some(found.map_or(index, |other: usize| other.min(index)));
        }
        found
    }

    /// The components of a mention that get another name: for which rename, where, and which.
    fn in_mention(&self, mention: &Mention<'_>, text: &str) -> Vec<(usize, Span, &'r str)> {
        let full_name = mention.of.full_name();
        let name = full_name.as_str();
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let found: Vec<Option<&(usize, &'r str)>> = ends.map(|end| self.names.get(&name[..end])).collect();
        if found.iter().all(Option::is_none) {
            return Vec::new();
        }
        let words = words(text, mention.span);
        // What is written may leave the first components of the full name out.
        let pairs = found.into_iter().rev().zip(words.into_iter().rev());
        pairs.filter_map(|(found, span)| found.map(|&(index, name)| (index, span, name))).collect()
    }
}

/// The single components that a rename changes, each with the full name up to it: many for packages.
pub(super) fn steps(rename: &Rename) -> Vec<(String, &str)> {
    if !rename.to.contains('.') {
        return vec![(rename.symbol.clone(), &rename.to)];
    }
    let ends = rename.symbol.match_indices('.').map(|(at, _)| at).chain([rename.symbol.len()]);
    let steps = ends.map(|end| rename.symbol[..end].to_owned()).zip(rename.to.split('.'));
    steps.filter(|(symbol, name)| symbol.rsplit('.').next() != Some(name)).collect()
}
