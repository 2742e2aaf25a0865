//! Where the elements of a file stand that has no text: spans are indexes into a table of positions, in the order of
//! the text that was compiled, so that what lies in a declaration there lies in it here. It uses no elements, only
//! paths.

use crate::schema::comment::{self, Directive, DirectiveScope};
use crate::schema::data::Declared;
use crate::schema::descriptor_set::locations::{Location, Locations};
use crate::source::{Position, Span};

/// The start of a file.
const START: Position = Position { line: 1, column: 1 };

pub(super) struct Places<'f> {
    locations: Locations<'f>,
    /// First those of the locations, sorted, each once; then one for each name that has no location.
    positions: Vec<Position>,
    /// How many are those of the locations.
    sorted: usize,
    /// The path of the element at hand, as in `SourceCodeInfo`.
    path: Vec<i32>,
}

impl<'f> Places<'f> {
    pub(super) fn new(locations: Locations<'f>) -> Places<'f> {
        let mut positions = vec![START];
        positions.extend(locations.iter().flat_map(|location| [location.start, location.end]));
        positions.sort_unstable();
        positions.dedup();
        let sorted = positions.len();
        Places { locations, positions, sorted, path: Vec::new() }
    }

    /// Goes to the element at an index of a field of the element at hand.
    pub(super) fn enter(&mut self, field: i32, index: usize) {
        self.path.extend([field, i32::try_from(index).unwrap_or(-1)]);
    }

    /// Goes back to where [`enter`](Self::enter) came from.
    pub(super) fn leave(&mut self) {
        self.path.truncate(self.path.len().saturating_sub(2));
    }

    /// Whether the set says where anything stands in this file.
    pub(super) fn are_known(&self) -> bool {
        !self.locations.is_empty()
    }

    /// Where a part of the element at hand stands.
    pub(super) fn at(&mut self, part: &[i32]) -> Span {
        self.find(part).map_or(Span::NONE, |at| self.span(self.locations.get(at)))
    }

    /// Where an entry of a list in the element at hand stands.
    pub(super) fn entry(&mut self, field: i32, index: usize) -> Span {
        self.at(&[field, i32::try_from(index).unwrap_or(-1)])
    }

    fn find(&mut self, part: &[i32]) -> Option<usize> {
        let own = self.path.len();
        self.path.extend_from_slice(part);
        let found = self.locations.find(&self.path);
        self.path.truncate(own);
        found
    }

    fn span(&self, location: &Location<'f>) -> Span {
        let sorted = &self.positions[..self.sorted];
        let at = |position: &Position| sorted.partition_point(|known| known < position);
        Span::of(at(&location.start)..at(&location.end))
    }

    /// Where the element at hand is declared; its name is field 1. Elements are distinguished by where they stand, so
    /// each has a span of its own even if its place is not known, in the order of the file.
    pub(super) fn declared(&mut self) -> Declared {
        let here = self.find(&[]).map(|at| self.locations.get(at));
        let documented = here.is_none_or(|location| comment::says_something(location.leading));
        let (span, mut name) = (self.at(&[]), self.at(&[1]));
        if name.is_none() {
            name = self.unplaced();
        }
        Declared { span: span.or(name), name, documented }
    }

    fn unplaced(&mut self) -> Span {
        self.positions.push(START);
        Span::of(self.positions.len() - 1..self.positions.len() - 1)
    }

    /// The directives in comments, in the order of the text. Those above the first statement apply to the file.
    pub(super) fn directives(&self) -> Vec<Directive> {
        let statements = || self.locations.iter().filter(|location| !location.is_file);
        let first = statements().map(|location| location.start).min();
        let mut found = Vec::new();
        for location in statements() {
            let span = self.span(location);
            let place = Span::new(span.start, span.start);
            let own = DirectiveScope::Declaration(span);
            let above = if first == Some(location.start) { DirectiveScope::File } else { own };
            let comments = location.detached.iter().copied().chain([location.leading]);
            let comments = comments.map(|comment| (comment, above)).chain([(location.trailing, own)]);
            for (comment, scope) in comments {
                found.extend(comment::directives_without_place(comment, place, scope));
            }
        }
        found.sort_by_key(|directive| directive.span);
        found
    }

    pub(super) fn into_positions(self) -> Vec<Position> {
        self.positions
    }
}
