//! Finds declarations of a whole project by parts of their names. It walks the schema, which has all names at hand, and
//! reads no text.

use rayon::prelude::*;

use super::references::name_of;
use super::symbols::SymbolKind;
use crate::project::Project;
use crate::schema::{Element, File, Part};
use crate::source::{FILES_OF_A_TASK, Place};

/// A declaration of a project.
#[derive(Clone, Debug)]
pub(crate) struct WorkspaceSymbol {
    pub(crate) name: String,
    pub(crate) kind: SymbolKind,
    /// The full name of what it is declared in; empty without a package.
    pub(crate) container: String,
    /// Its name in the text.
    pub(crate) place: Place,
    pub(crate) is_deprecated: bool,
}

/// The declarations whose names hold the letters of `query` in that order, the best first and at most `limit`: names that
/// are the query, then those that begin with it, those of which a word does, and those whose words begin with its
/// letters. What stands before the last dot of a query is looked for in what encloses the name.
pub(crate) fn workspace_symbols(project: &Project, query: &str, limit: usize) -> Vec<WorkspaceSymbol> {
    let query = Query::new(query);
    let files: Vec<File<'_>> = project.schema().files().filter(|file| has_text(project, *file)).collect();
    let best_of = |file| best(found(file, &query), limit);
    let found: Vec<Vec<Found<'_>>> = files.into_par_iter().with_max_len(FILES_OF_A_TASK).map(best_of).collect();
    let mut all = best(found.into_iter().flatten(), limit);
    all.sort_by_cached_key(|found| (found.rank, path(project, found.element)));
    all.into_iter().filter_map(symbol).collect()
}

fn has_text(project: &Project, file: File<'_>) -> bool {
    file.source().is_some_and(|source| project.sources().get(source).has_text())
}

fn path<'p>(project: &'p Project, element: Element<'_>) -> &'p str {
    element.file().source().map_or("", |source| project.sources().get(source).path())
}

/// How well a name fits; lower is better.
type Rank = (u8, bool, usize);

struct Found<'s> {
    rank: Rank,
    element: Element<'s>,
}

fn best<'s>(found: impl Iterator<Item = Found<'s>>, limit: usize) -> Vec<Found<'s>> {
    let mut found: Vec<Found<'s>> = found.collect();
    if found.len() > limit {
        found.select_nth_unstable_by_key(limit, |found| found.rank);
        found.truncate(limit);
    }
    found
}

fn found<'s>(file: File<'s>, query: &Query) -> impl Iterator<Item = Found<'s>> {
    file.elements().filter_map(move |element| {
        let is_written = match element {
            Element::Message(message) => !message.is_map_entry(),
            Element::Field(field) => !field.is_in_map_entry() && !field.is_group(),
            Element::Oneof(oneof) => !oneof.is_synthetic(),
            _ => true,
        };
        let name = name_of(element).filter(|_| is_written)?;
        let fit = query.fit(name)?;
        let is_within = query.scope.is_empty() || holds(container(element).as_bytes(), &query.scope);
        // Types come before what is in them, and what is checked before what it imports.
        let fit = 2 * fit + u8::from(matches!(element, Element::Field(_) | Element::EnumValue(_) | Element::Oneof(_)));
        is_within.then_some(Found { rank: (fit, !file.is_target(), name.len()), element })
    })
}

fn container(element: Element<'_>) -> String {
    let full_name = element.full_name();
    full_name.rsplit_once('.').map_or_else(String::new, |(container, _)| container.to_owned())
}

/// What is looked for, in lower case.
struct Query {
    name: Vec<u8>,
    scope: Vec<u8>,
}

impl Query {
    fn new(query: &str) -> Query {
        let query: String = query.chars().filter(|letter| !letter.is_whitespace()).collect();
        let query = query.to_ascii_lowercase();
        let (scope, name) = query.rsplit_once('.').unwrap_or(("", &query));
        Query { name: name.as_bytes().to_vec(), scope: scope.as_bytes().to_vec() }
    }

    /// How well a name fits, if it does: from 0 for the same name to 5 for the same letters somewhere.
    fn fit(&self, name: &str) -> Option<u8> {
        let (name, wanted) = (name.as_bytes(), self.name.as_slice());
        if !holds(name, wanted) {
            return None;
        }
        let begins = |at: usize| name[at..].get(..wanted.len()).is_some_and(|part| part.eq_ignore_ascii_case(wanted));
        Some(match () {
            () if begins(0) && name.len() == wanted.len() => 0,
            () if begins(0) => 1,
            () if (1..name.len()).any(|at| is_word_start(name, at) && begins(at)) => 2,
            () if begins_words(name, wanted) => 3,
            () if (1..name.len()).any(begins) => 4,
            () => 5,
        })
    }
}

/// Whether `name` holds the letters of `wanted`, which are in lower case, in that order.
fn holds(name: &[u8], wanted: &[u8]) -> bool {
    let mut rest = wanted;
    for byte in name {
        match rest {
            [first, after @ ..] if byte.eq_ignore_ascii_case(first) => rest = after,
            [] => return true,
            _ => {}
        }
    }
    rest.is_empty()
}

fn is_word_start(name: &[u8], at: usize) -> bool {
    let before = name[at - 1];
    before == b'_' && name[at] != b'_' || name[at].is_ascii_uppercase() && !before.is_ascii_uppercase()
}

/// Whether each letter of `wanted` begins a word of `name`, or follows one in it that does.
fn begins_words(name: &[u8], wanted: &[u8]) -> bool {
    let mut rest = wanted;
    let mut is_inside = false;
    for (at, byte) in name.iter().enumerate() {
        is_inside |= at == 0 || is_word_start(name, at);
        match rest {
            [] => return true,
            [first, after @ ..] if is_inside && byte.eq_ignore_ascii_case(first) => rest = after,
            _ => is_inside = false,
        }
    }
    rest.is_empty()
}

fn symbol(found: Found<'_>) -> Option<WorkspaceSymbol> {
    let element = found.element;
    let kind = match element {
        Element::Message(_) => SymbolKind::Message,
        Element::Field(field) if field.is_extension() => SymbolKind::Extension,
        Element::Field(_) => SymbolKind::Field,
        Element::Oneof(_) => SymbolKind::Oneof,
        Element::Enum(_) => SymbolKind::Enum,
        Element::EnumValue(_) => SymbolKind::EnumValue,
        Element::Service(_) => SymbolKind::Service,
        Element::Method(_) => SymbolKind::Rpc,
        Element::File(_) | Element::Import(_) => return None,
    };
    Some(WorkspaceSymbol {
        name: name_of(element)?.to_owned(),
        kind,
        container: container(element),
        place: element.locate(Part::Name)?,
        is_deprecated: element.options().boolean("deprecated") == Some(true),
    })
}
