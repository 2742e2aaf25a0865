//! Fills in where elements stand, from the parser's `SourceCodeInfo`. The paths are those of
//! `google/protobuf/descriptor.proto`: field numbers of the descriptor messages, alternating with indexes.

use prost_reflect::prost_types::source_code_info::Location;

use super::super::comment;
use super::super::data::{Declared, Detail, FileData, Run, Syntax, WrittenType};
use crate::source::Span;

/// How the parser's lines and columns map to byte offsets of the user's text.
pub(in crate::schema) struct TextMap<'t> {
    /// The user's text.
    pub(in crate::schema) text: &'t str,
    /// Byte offset at which each line of the parsed text starts.
    pub(in crate::schema) line_starts: &'t [u32],
    /// Offset in the user's text of an offset in the parsed text; `None` where both are the same.
    pub(in crate::schema) original: Option<&'t dyn Fn(u32) -> u32>,
}

impl TextMap<'_> {
    fn offset(&self, line: i32, column: i32) -> u32 {
        let line = self.line_starts.get(line as usize).copied().unwrap_or_default();
        let offset = line + column as u32;
        self.original.map_or(offset, |original| original(offset))
    }

    /// `value` with the `name =` before it, where that stands there.
    fn with_name(&self, name: &str, value: Span) -> Span {
        let before = self.text.get(..value.start as usize).unwrap_or_default().trim_end();
        let before = before.strip_suffix('=').map(str::trim_end).and_then(|before| before.strip_suffix(name));
        before.map_or(value, |before| Span { start: before.len() as u32, ..value })
    }

    /// A location has three numbers where it starts and ends on one line, four elsewhere; columns are bytes.
    fn span(&self, span: &[i32]) -> Span {
        match *span {
            [line, start, end] => Span::new(self.offset(line, start), self.offset(line, end)),
            [line, start, end_line, end] => Span::new(self.offset(line, start), self.offset(end_line, end)),
            _ => Span::NONE,
        }
    }
}

/// Fills in the places of all elements of `data`.
pub(super) fn place(data: &mut FileData, locations: &[Location], text: &TextMap<'_>) {
    let (messages, enums, extensions) = (data.top_messages, data.top_enums, data.top_extensions);
    let options = data.options_run;
    for location in locations {
        let found = Found { span: text.span(&location.span), comment: location.leading_comments.as_deref() };
        match *location.path.as_slice() {
            [2] => data.package_span = found.span,
            [3, at] => {
                if let Some(import) = data.imports.get_mut(at as usize) {
                    import.span = found.span;
                }
            }
            [6, at, ref rest @ ..] => service(data, at as usize, rest, &found),
            [8, ref rest @ ..] => option(data, options, rest, &found),
            [12] => {
                data.syntax_span = found.span;
                // The parser leaves `syntax = "proto2"` out of the descriptor, as it is what no statement means too.
                if data.syntax == Syntax::Unspecified {
                    data.syntax = Syntax::Proto2;
                }
            }
            [4, at, ref rest @ ..] => message(data, messages, at, rest, &found),
            [5, at, ref rest @ ..] => enumeration(data, enums, at, rest, &found),
            [7, at, ref rest @ ..] => field(data, extensions, at, rest, &found),
            _ => {}
        }
    }
    places_of_map_entries(data);
    for (_, detail, span) in &mut data.details {
        if *detail == Detail::Default {
            *span = text.with_name("default", *span);
        }
    }
    data.details.sort_unstable();
}

struct Found<'l> {
    span: Span,
    comment: Option<&'l str>,
}

impl Found<'_> {
    /// The place of a declaration; its name follows in a location of its own.
    fn declared(&self) -> Declared {
        Declared { span: self.span, name: Span::NONE, documented: self.comment.is_some_and(comment::says_something) }
    }
}

fn nth(run: Run, at: i32) -> Option<usize> {
    ((at as u32) < run.len).then(|| run.start as usize + at as usize)
}

fn message(data: &mut FileData, run: Run, at: i32, path: &[i32], found: &Found<'_>) {
    let Some(index) = nth(run, at) else { return };
    let message_data = &mut data.messages[index];
    match *path {
        [] => message_data.place = Declared { name: message_data.place.name, ..found.declared() },
        [1] => message_data.place.name = found.span,
        [2, at, ref rest @ ..] => field(data, data.messages[index].fields, at, rest, found),
        [3, at, ref rest @ ..] => message(data, data.messages[index].messages, at, rest, found),
        [4, at, ref rest @ ..] => enumeration(data, data.messages[index].enums, at, rest, found),
        [5, at, ref rest @ ..] => {
            let Some(range) = nth(message_data.extension_ranges, at) else { return };
            match *rest {
                [] => data.ranges[range].span = found.span,
                [3, ref rest @ ..] => option(data, data.ranges[range].options, rest, found),
                _ => {}
            }
        }
        [6, at, ref rest @ ..] => field(data, data.messages[index].extensions, at, rest, found),
        [7, ref rest @ ..] => option(data, data.messages[index].options, rest, found),
        [8, at, ref rest @ ..] => oneof(data, data.messages[index].oneofs, at, rest, found),
        [9] | [10] => message_data.reserved.span = earlier(message_data.reserved.span, found.span),
        [9, at] => place_range(data, data.messages[index].reserved.ranges, at, found),
        [10, at] => place_reserved_name(data, data.messages[index].reserved.names, at, found),
        _ => {}
    }
}

fn earlier(one: Span, other: Span) -> Span {
    if one.start <= other.start { one } else { other }
}

fn place_range(data: &mut FileData, run: Run, at: i32, found: &Found<'_>) {
    if let Some(range) = nth(run, at) {
        data.ranges[range].span = found.span;
    }
}

fn place_reserved_name(data: &mut FileData, run: Run, at: i32, found: &Found<'_>) {
    if let Some(name) = nth(run, at) {
        data.reserved_names[name].span = found.span;
    }
}

fn field(data: &mut FileData, run: Run, at: i32, path: &[i32], found: &Found<'_>) {
    let Some(index) = nth(run, at) else { return };
    let field = &mut data.fields[index];
    match *path {
        [] => field.place = Declared { name: field.place.name, ..found.declared() },
        [1] => field.place.name = found.span,
        [2] => {
            if let Some(extendee) = field.extendee {
                data.extendees[extendee as usize].span = found.span;
            }
        }
        [3] => field.number_span = found.span,
        // A group has both the keyword `group` (5) and its name (6): the name is what resolves.
        [5] if field.type_span.is_none() => field.type_span = found.span,
        [6] => field.type_span = found.span,
        [7] => data.details.push((index as u32, Detail::Default, found.span)),
        [10] => data.details.push((index as u32, Detail::JsonName, found.span)),
        [8, ref rest @ ..] => {
            let options = field.options;
            option(data, options, rest, found);
        }
        _ => {}
    }
}

fn oneof(data: &mut FileData, run: Run, at: i32, path: &[i32], found: &Found<'_>) {
    let Some(index) = nth(run, at) else { return };
    let oneof = &mut data.oneofs[index];
    match *path {
        [] => oneof.place = Declared { name: oneof.place.name, ..found.declared() },
        [1] => oneof.place.name = found.span,
        [2, ref rest @ ..] => {
            let options = oneof.options;
            option(data, options, rest, found);
        }
        _ => {}
    }
}

fn enumeration(data: &mut FileData, run: Run, at: i32, path: &[i32], found: &Found<'_>) {
    let Some(index) = nth(run, at) else { return };
    let enumeration = &mut data.enums[index];
    match *path {
        [] => enumeration.place = Declared { name: enumeration.place.name, ..found.declared() },
        [1] => enumeration.place.name = found.span,
        [2, at, ref rest @ ..] => value(data, data.enums[index].values, at, rest, found),
        [3, ref rest @ ..] => option(data, data.enums[index].options, rest, found),
        [4] | [5] => enumeration.reserved.span = earlier(enumeration.reserved.span, found.span),
        [4, at] => place_range(data, data.enums[index].reserved.ranges, at, found),
        [5, at] => place_reserved_name(data, data.enums[index].reserved.names, at, found),
        _ => {}
    }
}

fn value(data: &mut FileData, run: Run, at: i32, path: &[i32], found: &Found<'_>) {
    let Some(index) = nth(run, at) else { return };
    let value = &mut data.values[index];
    match *path {
        [] => value.place = Declared { name: value.place.name, ..found.declared() },
        [1] => value.place.name = found.span,
        [2] => value.number_span = found.span,
        [3, ref rest @ ..] => {
            let options = value.options;
            option(data, options, rest, found);
        }
        _ => {}
    }
}

fn service(data: &mut FileData, index: usize, path: &[i32], found: &Found<'_>) {
    let Some(service) = data.services.get_mut(index) else { return };
    match *path {
        [] => service.place = Declared { name: service.place.name, ..found.declared() },
        [1] => service.place.name = found.span,
        [2, at, ref rest @ ..] => method(data, data.services[index].methods, at, rest, found),
        [3, ref rest @ ..] => {
            let options = service.options;
            option(data, options, rest, found);
        }
        _ => {}
    }
}

fn method(data: &mut FileData, run: Run, at: i32, path: &[i32], found: &Found<'_>) {
    let Some(index) = nth(run, at) else { return };
    let method = &mut data.methods[index];
    match *path {
        [] => method.place = Declared { name: method.place.name, ..found.declared() },
        [1] => method.place.name = found.span,
        [2] => method.input_span = found.span,
        [3] => method.output_span = found.span,
        [4, ref rest @ ..] => {
            let options = method.options;
            option(data, options, rest, found);
        }
        _ => {}
    }
}

/// The parser leaves all options uninterpreted, which is field 999 of every options message.
fn option(data: &mut FileData, run: Run, path: &[i32], found: &Found<'_>) {
    if let [999, at] = *path
        && let Some(index) = nth(run, at)
    {
        data.options[index].span = found.span;
    }
}

/// A map entry, its key and its value stand where `map<K, V>` is written. The parser makes entries in the order of
/// their fields, so one pass over both is enough.
fn places_of_map_entries(data: &mut FileData) {
    for index in 0..data.messages.len() {
        let mut fields = data.messages[index].fields.range();
        for entry in data.messages[index].messages.range() {
            if !data.messages[entry].map_entry {
                continue;
            }
            if let Some(field) = fields.find(|&field| data.fields[field].written_type == WrittenType::Map) {
                place_entry(data, entry, data.fields[field].type_span);
            }
        }
    }
}

fn place_entry(data: &mut FileData, entry: usize, span: Span) {
    let place = Declared { span, name: span, documented: true };
    data.messages[entry].place = place;
    for field in data.messages[entry].fields.range() {
        let field = &mut data.fields[field];
        field.place = place;
        field.type_span = span;
        field.number_span = span;
    }
}
