//! Within values of options in the text format: fields of the message at hand, at any depth, names in brackets, and
//! values.

use super::cursor::{Body, Frame};
use super::{Completion, CompletionKind, Request, options, types};
use crate::schema::{Element, Field, FieldType, Message, Part};
use crate::source::Span;
use crate::syntax::{Token, TokenKind};

/// The message that holds any other one.
const ANY: &str = "google.protobuf.Any";

pub(super) fn complete(request: &mut Request<'_>) {
    let frames = request.cursor.frames.clone();
    let is_value = |frame: &Frame| matches!(frame.body, Body::Value | Body::List | Body::ValueName);
    let Some(first) = frames.iter().position(is_value) else { return };
    let Some(reached) = options::of_value(request, frames[first]) else { return };
    let (mut holder, mut field) = (reached.holder, reached.field);
    for frame in &frames[first + 1..] {
        let header = request.cursor.header(*frame);
        if frame.body == Body::ValueName {
            break;
        }
        // An element of a list is of the field that has the list.
        if !header.is_empty() {
            (holder, field) = entry(request, holder, header);
        }
    }
    match request.cursor.innermost().map(|frame| frame.body) {
        Some(Body::ValueName) => in_brackets(request, holder),
        Some(Body::List) => {
            if let Some(field) = field {
                options::values_of(request, field, false);
            }
        }
        _ => in_message(request, holder),
    }
}

/// The message that the value of an entry is, and its field, by the tokens of its name.
fn entry<'r>(
    request: &Request<'r>,
    holder: Option<Message<'r>>,
    header: &[Token],
) -> (Option<Message<'r>>, Option<Field<'r>>) {
    let Some(holder) = holder else { return (None, None) };
    let field = match header {
        [open, rest @ ..] if open.is(b'[') => {
            let name: String =
                rest.iter().take_while(|token| !token.is(b']')).map(|token| request.cursor.slice(*token)).collect();
            if let Some((_, message)) = name.rsplit_once('/') {
                return (request.file.message_packed(message), None);
            }
            request.file.field_in_braces(holder, &name)
        }
        [name, ..] if name.kind == TokenKind::Ident => {
            let name = request.cursor.slice(*name);
            let is_group =
                |field: &Field<'_>| matches!(field.field_type(), FieldType::Message(own) if own.name() == name);
            let mut groups = holder.fields().filter(|field| field.is_group());
            holder.field_named(name).or_else(|| groups.find(is_group))
        }
        _ => None,
    };
    let message = field.and_then(|field| match field.field_type() {
        FieldType::Message(message) => Some(message),
        _ => None,
    });
    (message, field)
}

/// The name of a field, or its value behind a colon.
fn in_message(request: &mut Request<'_>, holder: Option<Message<'_>>) {
    let Some(holder) = holder else { return };
    let before = request.cursor.before();
    if before.last().is_some_and(|last| last.is(b':') || last.is(b'-')) {
        if let (_, Some(field)) = entry(request, Some(holder), before) {
            options::values_of(request, field, true);
        }
        return;
    }
    if !before.is_empty() {
        return;
    }
    let next = request.cursor.next();
    let has_value = next.is(b':') || next.is(b'{');
    for field in holder.fields() {
        // A group has the name of its message.
        let name = match field.field_type() {
            FieldType::Message(message) if field.is_group() => message.name(),
            _ => field.name(),
        };
        let mut completion = Completion::new(name, CompletionKind::Field, request.cursor.word);
        completion.detail = Some(options::type_name(field));
        completion.is_deprecated = field.options().boolean("deprecated") == Some(true);
        completion.declared = Element::from(field).locate(Part::Name);
        if !has_value {
            let is_message = matches!(field.field_type(), FieldType::Message(_));
            let snippet = if is_message { " {\n  $0\n}" } else { ": $0" };
            completion = completion.snippet(format!("{name}{snippet}"));
        }
        request.add(completion);
    }
    types::extensions(request, holder.full_name(), (holder.full_name(), ""), &|_, completion| {
        let name = full_name(&completion);
        let label = format!("[{name}]");
        Completion { label: label.clone(), ..completion.text(label).filter(types::last(&name)) }
    });
}

/// Names of extensions are looked up from the message that holds them, which need not see them otherwise: the full name
/// always leads there.
fn full_name(completion: &Completion) -> String {
    let detail = completion.detail.as_deref().unwrap_or_default();
    detail.split(' ').next().unwrap_or_default().to_owned()
}

/// The name of an extension in brackets.
fn in_brackets(request: &mut Request<'_>, holder: Option<Message<'_>>) {
    let Some(holder) = holder else { return };
    let (_, qualifier) = request.cursor.before_name();
    let replaced = Span::new(request.cursor.word.start - qualifier.len() as u32, request.cursor.word.end);
    let end = if request.cursor.next().is(b']') { "" } else { "]" };
    if holder.full_name() == ANY {
        let open = request.cursor.innermost().map(|frame| request.tree.tokens()[frame.open]);
        let start = open.map_or(replaced.start, |open| open.end);
        return types::packed(request, Span::new(start, replaced.end), end);
    }
    types::extensions(request, holder.full_name(), (holder.full_name(), ""), &|_, completion| {
        let name = full_name(&completion);
        let (text, filter) = (format!("{name}{end}"), if qualifier.is_empty() { types::last(&name) } else { &name });
        Completion { label: name.clone(), replaced, ..completion.text(text).filter(filter) }
    });
}
