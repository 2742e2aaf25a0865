//! The next number that a field, an extension or an enum value may have. It reads the tree, which keeps what is whole
//! around a half-typed statement.

use super::cursor::Body;
use super::{Completion, CompletionKind, Request};
use crate::schema::{Field, NameUse, Schema, Target};
use crate::syntax::ast::{self, Statement};
use crate::syntax::{Node, NodeKind};

/// The highest number of a field, <https://protobuf.dev/programming-guides/proto3/#assigning>.
const MAX_FIELD_NUMBER: i64 = 536_870_911;

/// The numbers that protobuf keeps for itself.
const KEPT: (i64, i64) = (19_000, 19_999);

/// Adds the next free number behind the `=` of a field or an enum value.
pub(super) fn after_equals(request: &mut Request<'_>, body: Body) {
    if !request.cursor.before().last().is_some_and(|last| last.is(b'=')) {
        return;
    }
    let at = request.cursor.offset;
    let number = match body {
        Body::Extend => next_extension(request),
        Body::Enum => innermost(request, &[NodeKind::Enum]).and_then(|node| next_value(node, at)),
        _ => match innermost(request, &[NodeKind::Message, NodeKind::Group]) {
            Some(node) => next_field(node, at),
            None => Some(1),
        },
    };
    if let Some(number) = number {
        let completion = Completion::new(number.to_string(), CompletionKind::Number, request.cursor.word);
        request.add(completion.detail("next free number"));
    }
}

/// The innermost node of some kinds around the offset.
fn innermost<'r>(request: &Request<'r>, kinds: &[NodeKind]) -> Option<Node<'r>> {
    let at = request.cursor.offset;
    let is_around = |node: &Node<'_>| {
        let span = node.span();
        kinds.contains(&node.kind()) && span.start < at && at <= span.end
    };
    request.tree.nodes().filter(is_around).last()
}

/// The number after the highest one of a message, or the lowest free one where that is too high; the field at an offset
/// does not count.
pub(in crate::ide) fn next_field(message: Node<'_>, at: u32) -> Option<i64> {
    let (mut used, mut taken) = (Vec::new(), vec![KEPT]);
    members(message, at, &mut used, &mut taken);
    let first = used.iter().max().map_or(1, |highest| highest + 1);
    taken.extend(used.iter().map(|number| (*number, *number)));
    free(first, &taken, MAX_FIELD_NUMBER).or_else(|| free(1, &taken, MAX_FIELD_NUMBER))
}

/// Collects the numbers of fields, and the ranges that no field may use.
fn members(holder: Node<'_>, at: u32, used: &mut Vec<i64>, taken: &mut Vec<(i64, i64)>) {
    for statement in ast::statements(holder) {
        let is_here = |node: Node<'_>| node.span().start <= at && at <= node.span().end;
        match statement {
            Statement::Field(field) if !is_here(field.0) => used.extend(value(field.number())),
            Statement::Group(group) => used.extend(value(group.as_field().number())),
            Statement::Oneof(oneof) => members(oneof.0, at, used, taken),
            Statement::Reserved(ranges) | Statement::Extensions(ranges) => taken.extend(of_ranges(ranges)),
            _ => {}
        }
    }
}

fn value(number: Option<ast::Number<'_>>) -> Option<i64> {
    number.and_then(ast::Number::value).map(i64::from)
}

fn of_ranges(ranges: ast::Ranges<'_>) -> impl Iterator<Item = (i64, i64)> {
    ranges.ranges().filter_map(|range| {
        let start = value(range.start())?;
        let end = if range.is_to_max() { Some(i64::MAX) } else { value(range.end()) };
        Some((start, end.unwrap_or(start)))
    })
}

/// The lowest number from `start` on that lies in none of the ranges.
fn free(start: i64, taken: &[(i64, i64)], most: i64) -> Option<i64> {
    let mut number = start;
    while let Some((_, end)) = taken.iter().find(|(first, end)| *first <= number && number <= *end) {
        number = end.checked_add(1)?;
    }
    (number <= most).then_some(number)
}

/// The number after the highest one of an enum; zero for its first value.
pub(in crate::ide) fn next_value(enumeration: Node<'_>, at: u32) -> Option<i64> {
    let (mut used, mut taken) = (Vec::new(), Vec::new());
    for statement in ast::statements(enumeration) {
        match statement {
            Statement::EnumValue(own) if own.0.span().start > at || own.0.span().end < at => {
                used.extend(value(own.number()));
            }
            Statement::Reserved(ranges) => taken.extend(of_ranges(ranges)),
            _ => {}
        }
    }
    let first = used.iter().max().map_or(0, |highest| highest + 1);
    free(first, &taken, i64::from(i32::MAX))
}

/// The lowest number that the extended message leaves to extensions and that no extension in the project has.
fn next_extension(request: &Request<'_>) -> Option<i64> {
    let frame = request.cursor.declaration().filter(|frame| frame.body == Body::Extend)?;
    let name: String = request.cursor.header(frame)[1..].iter().map(|token| request.cursor.slice(*token)).collect();
    let scope = request.cursor.scope(request.file.package().unwrap_or_default(), false);
    let seen = request.schema.names_seen_by(request.file, &[]);
    let Target::Message(file, index) = seen.now(|names| names.get(&scope, &name, NameUse::Message))? else {
        return None;
    };
    next_extension_of(request.schema, file, index, request)
}

fn next_extension_of(schema: &Schema, file: u32, index: u32, request: &Request<'_>) -> Option<i64> {
    let extended = schema.file_at(file).all_messages().find(|message| message.index == index)?;
    let fields = schema.files().flat_map(|file| file.all_fields());
    let extends = |field: &Field<'_>| field.is_extension() && field.extendee() == Some(extended);
    let is_here = |field: &Field<'_>| {
        let span = field.place().span;
        field.file() == request.file && span.start <= request.cursor.offset && request.cursor.offset <= span.end
    };
    let used = fields.filter(|field| extends(field) && !is_here(field)).map(|field| i64::from(field.number()));
    let taken: Vec<(i64, i64)> = used.map(|number| (number, number)).chain([KEPT]).collect();
    let ranges = extended.extension_ranges();
    ranges.into_iter().find_map(|range| free(i64::from(range.start), &taken, i64::from(range.end)))
}
