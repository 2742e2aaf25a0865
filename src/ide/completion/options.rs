//! Names of options by what they are set for, and their values. Options of the language are the fields of messages in
//! `google/protobuf/descriptor.proto`; extensions of these stand in parentheses.

use super::cursor::{Body, Frame};
use super::{Completion, CompletionKind, Request, types};
use crate::schema::{
    Element, Enum, Field, FieldType, Label, Message, NameUse, Part, Scalar, Syntax, Target, options_message,
};
use crate::syntax::Token;

/// One component of an option's name, as written.
struct Step {
    name: String,
    is_extension: bool,
}

/// What the components of a name lead to.
pub(super) struct Reached<'s> {
    /// The message whose fields may follow.
    pub(super) holder: Option<Message<'s>>,
    /// The field that the last component is.
    pub(super) field: Option<Field<'s>>,
}

/// In a statement that begins with `option`.
pub(super) fn in_statement(request: &mut Request<'_>) {
    let before = request.cursor.before();
    name_or_value(request, &before[1..], Where::Statement);
}

/// In an entry of options in brackets.
pub(super) fn in_brackets(request: &mut Request<'_>) {
    let before = request.cursor.before();
    name_or_value(request, before, Where::Brackets);
}

/// Where an option is set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Statement,
    Brackets,
}

fn name_or_value(request: &mut Request<'_>, tokens: &[Token], place: Where) {
    let (steps, rest) = steps(request, tokens);
    match rest.first() {
        Some(equals) if equals.is(b'=') && rest[1..].iter().all(|token| token.is(b'-')) => value(request, &steps),
        Some(_) => {}
        None => {
            let Some(kind) = kind(request) else { return };
            let reached = reach(request, kind, &steps);
            let ends_in_dot = tokens.last().is_some_and(|last| last.is(b'.'));
            if !steps.is_empty() && !ends_in_dot {
                return;
            }
            let Some(holder) = reached.holder else { return };
            names(request, holder, (steps.is_empty(), place));
        }
    }
}

/// The components of a name, and the tokens behind it.
fn steps<'t>(request: &Request<'_>, tokens: &'t [Token]) -> (Vec<Step>, &'t [Token]) {
    let (mut steps, mut at) = (Vec::new(), 0);
    while let Some(token) = tokens.get(at) {
        if token.is(b'(') {
            let end = tokens[at..].iter().position(|token| token.is(b')')).map_or(tokens.len(), |end| at + end);
            let name = tokens[at + 1..end].iter().map(|token| request.cursor.slice(*token)).collect();
            steps.push(Step { name, is_extension: true });
            at = (end + 1).min(tokens.len());
        } else if token.kind == crate::syntax::TokenKind::Ident {
            steps.push(Step { name: request.cursor.slice(*token).to_owned(), is_extension: false });
            at += 1;
        } else if token.is(b'.') {
            at += 1;
        } else {
            break;
        }
    }
    (steps, &tokens[at..])
}

/// The message that has the options of what encloses the offset.
fn kind(request: &Request<'_>) -> Option<&'static str> {
    let cursor = &request.cursor;
    let in_brackets = cursor.frames.iter().find(|frame| frame.body == Body::Options);
    let declaration = cursor.declaration().map(|frame| frame.body);
    if let Some(frame) = in_brackets {
        let first = cursor.header(*frame).first().map(|token| cursor.slice(*token));
        return Some(match (first, declaration) {
            (Some("extensions"), _) => "ExtensionRangeOptions",
            (_, Some(Body::Enum)) => "EnumValueOptions",
            _ => "FieldOptions",
        });
    }
    match declaration {
        None => Some("FileOptions"),
        Some(Body::Message | Body::Unknown) => Some("MessageOptions"),
        Some(Body::Enum) => Some("EnumOptions"),
        Some(Body::Service) => Some("ServiceOptions"),
        Some(Body::Rpc) => Some("MethodOptions"),
        Some(Body::Oneof) => Some("OneofOptions"),
        Some(_) => None,
    }
}

/// The scope that names in options are looked up from: the one around what the option is set for.
fn scope(request: &Request<'_>) -> String {
    let cursor = &request.cursor;
    let package = request.file.package().unwrap_or_default();
    let is_in_brackets = cursor.frames.iter().any(|frame| frame.body == Body::Options);
    let scope = cursor.scope(package, cursor.declaration().is_some_and(|frame| frame.body == Body::Rpc));
    let is_own = !is_in_brackets && cursor.declaration().is_some_and(|frame| frame.body == Body::Message);
    if !is_own || kind(request) == Some("ExtensionRangeOptions") {
        return scope;
    }
    scope.rsplit_once('.').map_or(String::new(), |(around, _)| around.to_owned())
}

/// Goes along the components of a name.
fn reach<'r>(request: &Request<'r>, kind: &str, steps: &[Step]) -> Reached<'r> {
    let mut reached = Reached { holder: options_message(kind), field: None };
    let seen = request.schema.names_seen_by(request.file, &[]);
    let scope = scope(request);
    for step in steps {
        let field = match step.is_extension {
            false => reached.holder.and_then(|holder| holder.field_named(&step.name)),
            true => match seen.now(|names| names.get(&scope, &step.name, NameUse::Extension)) {
                Some(Target::Field(file, index)) => Some(request.schema.file_at(file).field_at(index)),
                _ => None,
            },
        };
        let holder = field.and_then(|field| match field.field_type() {
            FieldType::Message(message) => Some(message),
            _ => None,
        });
        reached = Reached { holder, field };
    }
    reached
}

/// What the option is whose value the frame of a brace, or of a bracket, begins.
pub(super) fn of_value<'r>(request: &Request<'r>, frame: Frame) -> Option<Reached<'r>> {
    let header = request.cursor.header(frame);
    let is_statement = header.first().is_some_and(|first| request.cursor.slice(*first) == "option");
    let (steps, _) = steps(request, if is_statement { &header[1..] } else { header });
    Some(reach(request, kind(request)?, &steps))
}

/// Adds the fields of a message as options, and its extensions.
fn names(request: &mut Request<'_>, holder: Message<'_>, (is_first, place): (bool, Where)) {
    let has_value = request.cursor.next().is(b'=');
    let is_edition = matches!(request.file.syntax(), Syntax::Edition(_));
    for field in holder.fields().filter(|field| !is_hidden(*field, is_edition)) {
        let mut completion = Completion::new(field.name(), CompletionKind::Option, request.cursor.word);
        completion.detail = Some(type_name(field));
        completion.is_deprecated = field.options().boolean("deprecated") == Some(true);
        completion.declared = Element::from(field).locate(Part::Name);
        if !has_value {
            completion = completion.snippet(format!("{}{}", field.name(), assigned(field)));
        }
        request.add(completion);
    }
    if is_first && place == Where::Brackets && holder.name() == "FieldOptions" {
        pseudo_options(request, has_value);
    }
    let scope = scope(request);
    types::extensions(request, holder.full_name(), (&scope, ""), &|written, completion| {
        let text = format!("({written})");
        Completion { label: text.clone(), ..completion.text(text).filter(types::last(written)) }
    });
}

/// What follows the name of an option, as a snippet.
fn assigned(field: Field<'_>) -> &'static str {
    match field.field_type() {
        FieldType::Scalar(Scalar::Bool) => " = ${1|true,false|}",
        FieldType::Scalar(Scalar::String | Scalar::Bytes) => " = \"$1\"",
        // A component may follow as well.
        FieldType::Message(_) => "",
        _ => " = $1",
    }
}

/// Whether an option of that name cannot be written here.
fn is_hidden(field: Field<'_>, is_edition: bool) -> bool {
    field.name() == "uninterpreted_option" || (field.name() == "features" && !is_edition)
}

/// `json_name` and `default` are no fields of the message of options.
fn pseudo_options(request: &mut Request<'_>, has_value: bool) {
    let json_name = json_name(request).unwrap_or_default();
    let completion = Completion::new("json_name", CompletionKind::Option, request.cursor.word).detail("string");
    let snippet = format!("json_name = \"${{1:{json_name}}}\"");
    request.add(if has_value { completion } else { completion.snippet(snippet) });
    if request.file.syntax() != Syntax::Proto3 {
        let completion = Completion::new("default", CompletionKind::Option, request.cursor.word);
        request.add(if has_value { completion } else { completion.snippet("default = $1") });
    }
}

/// The JSON name that the field at hand has by itself.
pub(super) fn json_name(request: &Request<'_>) -> Option<String> {
    let frame = request.cursor.frames.iter().find(|frame| frame.body == Body::Options)?;
    let header = request.cursor.header(*frame);
    let equals = header.iter().position(|token| token.is(b'='))?;
    let name = request.cursor.slice(header[equals.checked_sub(1)?]);
    Some(crate::schema::derived_json_name(name).collect())
}

/// The type of a field in words.
pub(super) fn type_name(field: Field<'_>) -> String {
    let name = match field.field_type() {
        FieldType::Scalar(scalar) => scalar.name().to_owned(),
        FieldType::Message(message) => message.full_name().to_owned(),
        FieldType::Enum(enumeration) => enumeration.full_name().to_owned(),
        FieldType::Unresolved => field.written_type_name().to_owned(),
    };
    if field.label() == Label::Repeated { format!("repeated {name}") } else { name }
}

/// Adds the values that an option may have.
fn value(request: &mut Request<'_>, steps: &[Step]) {
    let Some(kind) = kind(request) else { return };
    if let [Step { name, is_extension: false }] = steps
        && kind == "FieldOptions"
    {
        match name.as_str() {
            "json_name" => {
                if let Some(name) = json_name(request) {
                    let text = format!("\"{name}\"");
                    request.add(Completion::new(text, CompletionKind::Value, request.cursor.word));
                }
                return;
            }
            "default" => return default_value(request),
            _ => {}
        }
    }
    if let Some(field) = reach(request, kind, steps).field {
        values_of(request, field, true);
    }
}

/// Adds the values that a field may have.
pub(super) fn values_of(request: &mut Request<'_>, field: Field<'_>, is_option: bool) {
    match field.field_type() {
        FieldType::Scalar(Scalar::Bool) => booleans(request),
        FieldType::Scalar(Scalar::Double | Scalar::Float) => floats(request),
        FieldType::Enum(enumeration) => enum_values(request, enumeration),
        FieldType::Message(message) if is_option => {
            let completion = Completion::new("{ }", CompletionKind::Value, request.cursor.word);
            request.add(completion.detail(message.full_name()).snippet("{\n  $0\n}"));
        }
        _ => {}
    }
}

fn booleans(request: &mut Request<'_>) {
    for (word, rank) in [("true", 0), ("false", 1)] {
        request.add(Completion::new(word, CompletionKind::Value, request.cursor.word).rank(rank));
    }
}

fn floats(request: &mut Request<'_>) {
    for word in ["inf", "nan"] {
        request.add(Completion::new(word, CompletionKind::Value, request.cursor.word));
    }
}

fn enum_values(request: &mut Request<'_>, enumeration: Enum<'_>) {
    for (value, rank) in enumeration.values().zip((0..=u8::MAX).chain(std::iter::repeat(u8::MAX))) {
        let mut completion = Completion::new(value.name(), CompletionKind::EnumValue, request.cursor.word).rank(rank);
        completion.detail = Some(format!("{} = {}", enumeration.full_name(), value.number()));
        completion.is_deprecated = value.options().boolean("deprecated") == Some(true);
        completion.declared = Element::from(value).locate(Part::Name);
        request.add(completion);
    }
}

/// The defaults of the field at hand, by its type as written.
fn default_value(request: &mut Request<'_>) {
    let frame = request.cursor.frames.iter().find(|frame| frame.body == Body::Options);
    let Some(header) = frame.map(|frame| request.cursor.header(*frame)) else { return };
    let Some(equals) = header.iter().position(|token| token.is(b'=')).filter(|at| *at > 1) else { return };
    let words = header[..equals - 1].iter().map(|token| request.cursor.slice(*token));
    let name: String = words.skip_while(|word| matches!(*word, "optional" | "required")).collect();
    match name.as_str() {
        "bool" => return booleans(request),
        "double" | "float" => return floats(request),
        _ => {}
    }
    let scope = request.cursor.scope(request.file.package().unwrap_or_default(), false);
    let seen = request.schema.names_seen_by(request.file, &[]);
    if let Some(Target::Enum(file, index)) = seen.now(|names| names.get(&scope, &name, NameUse::FieldType)) {
        let found = request.schema.file_at(file).all_enums().find(|enumeration| enumeration.index == index);
        if let Some(enumeration) = found {
            enum_values(request, enumeration);
        }
    }
}

/// Within the parentheses of an option's name.
pub(super) fn in_parentheses(request: &mut Request<'_>, frame: Frame) {
    let header = request.cursor.header(frame);
    let is_statement = header.first().is_some_and(|first| request.cursor.slice(*first) == "option");
    let (steps, rest) = steps(request, if is_statement { &header[1..] } else { header });
    let Some(kind) = kind(request).filter(|_| rest.is_empty()) else { return };
    let Some(holder) = reach(request, kind, &steps).holder else { return };
    let (_, qualifier) = request.cursor.before_name();
    let scope = scope(request);
    let end = if request.cursor.next().is(b')') { "" } else { ")" };
    let replaced =
        crate::source::Span::new(request.cursor.word.start - qualifier.len() as u32, request.cursor.word.end);
    types::extensions(request, holder.full_name(), (&scope, &qualifier), &|written, completion| {
        let filter = if qualifier.is_empty() { types::last(written) } else { written };
        let text = format!("{written}{end}");
        Completion { replaced, ..completion.text(text).filter(filter) }
    });
}
