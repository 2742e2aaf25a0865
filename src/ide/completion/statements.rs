//! Which kind of candidate a statement takes next, by the bracket that is open and the words before the offset.

use super::cursor::{Body, Frame};
use super::{Completion, CompletionKind, Request, literals, numbers, options, strings, types};
use crate::schema::{NameUse, Scalar, Syntax};
use crate::syntax::{EDITIONS, Token, TokenKind};

/// How high words of the language stand in bodies.
const KEYWORDS: u8 = 4;

/// The types that a map may have as keys.
const KEY_TYPES: [Scalar; 12] = [
    Scalar::Int32,
    Scalar::Int64,
    Scalar::Uint32,
    Scalar::Uint64,
    Scalar::Sint32,
    Scalar::Sint64,
    Scalar::Fixed32,
    Scalar::Fixed64,
    Scalar::Sfixed32,
    Scalar::Sfixed64,
    Scalar::Bool,
    Scalar::String,
];

/// All scalar types that are no keys.
const VALUE_TYPES: [Scalar; 3] = [Scalar::Double, Scalar::Float, Scalar::Bytes];

pub(super) fn complete(request: &mut Request<'_>) {
    match request.cursor.innermost() {
        None => top(request),
        Some(Frame { body: Body::Parentheses, .. }) => parentheses(request),
        Some(Frame { body: Body::Options, .. }) => options::in_brackets(request),
        Some(Frame { body: Body::Value | Body::List | Body::ValueName, .. }) => literals::complete(request),
        Some(Frame { body, .. }) => in_body(request, body),
    }
}

/// The first word of the statement, where one is whole.
fn first<'r>(request: &Request<'r>) -> Option<&'r str> {
    request.cursor.before().first().map(|token| request.cursor.slice(*token))
}

fn is_2024(request: &Request<'_>) -> bool {
    matches!(request.file.syntax(), Syntax::Edition(edition) if edition >= 2024)
}

fn top(request: &mut Request<'_>) {
    let before = request.cursor.before();
    let last = before.last().copied();
    match (first(request), before.len()) {
        (None, _) => top_keywords(request),
        (Some("syntax" | "edition"), _) if last.is_some_and(|last| last.is(b'=')) => {
            let is_edition = first(request) == Some("edition");
            let values: &[&str] = if is_edition { &EDITIONS } else { &["proto3", "proto2"] };
            for (value, rank) in values.iter().zip(0..) {
                let text = format!("\"{value}\"");
                request.add(Completion::new(text, CompletionKind::Value, request.cursor.word).rank(rank));
            }
        }
        (Some("import"), 1) => {
            request.add_keyword("public", "public \"$0\";", KEYWORDS);
            request.add_keyword("weak", "weak \"$0\";", KEYWORDS);
            if is_2024(request) {
                request.add_keyword("option", "option \"$0\";", KEYWORDS);
            }
            strings::imports(request, request.cursor.word, true);
        }
        (Some("package"), _) => strings::packages(request),
        (Some("option"), _) => options::in_statement(request),
        (Some("extend"), _) => message_type(request),
        (Some("export" | "local"), 1) => {
            request.add_keyword("message", "message ${1:Name} {\n  $0\n}", KEYWORDS);
            request.add_keyword("enum", "enum ${1:Name} {\n  $0\n}", KEYWORDS);
        }
        _ => {}
    }
}

fn top_keywords(request: &mut Request<'_>) {
    use crate::syntax::NodeKind;
    let root = request.tree.root();
    let own = |node: crate::syntax::Node<'_>| node.span().end >= request.cursor.word.start;
    let has = |kind: NodeKind| root.children().any(|child| child.kind() == kind && !own(child));
    let (has_syntax, has_package) = (has(NodeKind::Syntax), has(NodeKind::Package));
    if !has_syntax {
        request.add_keyword("syntax", "syntax = \"${1|proto3,proto2|}\";", 0);
        request.add_keyword("edition", &format!("edition = \"${{1|{}|}}\";", EDITIONS.join(",")), 0);
    }
    if !has_package {
        let package = strings::package_of_directory(request);
        request.add_keyword("package", &format!("package ${{1:{package}}};"), 1);
    }
    request.add_keyword("import", "import \"$0\";", KEYWORDS);
    request.add_keyword("option", "option $0;", KEYWORDS);
    request.add_keyword("message", "message ${1:Name} {\n  $0\n}", 2);
    request.add_keyword("enum", "enum ${1:Name} {\n  $0\n}", 2);
    request.add_keyword("service", "service ${1:Name} {\n  $0\n}", 2);
    request.add_keyword("extend", "extend ${1:Message} {\n  $0\n}", KEYWORDS);
    if is_2024(request) {
        request.add_keyword("export", "export ", KEYWORDS);
        request.add_keyword("local", "local ", KEYWORDS);
    }
}

fn in_body(request: &mut Request<'_>, body: Body) {
    match (first(request), body) {
        (None, _) => body_keywords(request, body),
        (Some("option"), _) if takes_option(request) => options::in_statement(request),
        (Some("reserved" | "extensions"), _) => ranges(request),
        (Some(_), Body::Service) => in_rpc(request),
        (Some(_), Body::Enum) => numbers::after_equals(request, body),
        (Some("extend"), Body::Message) => message_type(request),
        (Some("export" | "local"), Body::Message) if request.cursor.before().len() == 1 => {
            request.add_keyword("message", "message ${1:Name} {\n  $0\n}", KEYWORDS);
            request.add_keyword("enum", "enum ${1:Name} {\n  $0\n}", KEYWORDS);
        }
        (Some(_), Body::Message | Body::Oneof | Body::Extend | Body::Unknown) => in_field(request, body),
        _ => {}
    }
}

/// Whether the word `option` begins a statement here: it may be the type of a field, too.
fn takes_option(request: &Request<'_>) -> bool {
    let before = request.cursor.before();
    !before.get(1).is_some_and(|token| token.is(b'.') && token.start == before[0].end)
}

fn body_keywords(request: &mut Request<'_>, body: Body) {
    if body != Body::Extend {
        request.add_keyword("option", "option $0;", KEYWORDS);
    }
    match body {
        Body::Service => {
            let rpc = "rpc ${1:Name}(${2:${1}Request}) returns (${3:${1}Response});";
            request.add_keyword("rpc", rpc, 0);
        }
        Body::Enum => request.add_keyword("reserved", "reserved $0;", KEYWORDS),
        Body::Message | Body::Unknown => {
            for (word, snippet) in [
                ("message", "message ${1:Name} {\n  $0\n}"),
                ("enum", "enum ${1:Name} {\n  $0\n}"),
                ("oneof", "oneof ${1:name} {\n  $0\n}"),
                ("extend", "extend ${1:Message} {\n  $0\n}"),
                ("reserved", "reserved $0;"),
            ] {
                request.add_keyword(word, snippet, KEYWORDS);
            }
            if request.file.syntax() != Syntax::Proto3 {
                request.add_keyword("extensions", "extensions $0;", KEYWORDS);
            }
            if is_2024(request) {
                request.add_keyword("export", "export ", KEYWORDS);
                request.add_keyword("local", "local ", KEYWORDS);
            }
            labels(request);
            request.add_keyword("map", "map<${1:string}, ${2:string}>", KEYWORDS);
            field_type(request);
        }
        Body::Oneof => {
            if request.file.syntax() == Syntax::Proto2 {
                request.add_keyword("group", "group ${1:Name} = ${2:1} {\n  $0\n}", KEYWORDS);
            }
            field_type(request);
        }
        Body::Extend => {
            labels(request);
            field_type(request);
        }
        _ => {}
    }
}

fn labels(request: &mut Request<'_>) {
    let syntax = request.file.syntax();
    request.add_keyword("repeated", "repeated ", KEYWORDS);
    if !matches!(syntax, Syntax::Edition(_)) {
        request.add_keyword("optional", "optional ", KEYWORDS);
    }
    if matches!(syntax, Syntax::Proto2 | Syntax::Unspecified) {
        request.add_keyword("required", "required ", KEYWORDS);
    }
}

/// The type of a field, by name or scalar.
fn field_type(request: &mut Request<'_>) {
    let (_, qualifier) = request.cursor.before_name();
    if qualifier.is_empty() {
        scalars(request, &KEY_TYPES);
        scalars(request, &VALUE_TYPES);
    }
    let scope = request.cursor.scope(request.file.package().unwrap_or_default(), false);
    types::complete(request, &scope, NameUse::FieldType, &qualifier);
}

fn scalars(request: &mut Request<'_>, scalars: &[Scalar]) {
    for scalar in scalars {
        request.add(Completion::new(scalar.name(), CompletionKind::Scalar, request.cursor.word).rank(1));
    }
}

/// A message, as what is extended.
fn message_type(request: &mut Request<'_>) {
    let (before, qualifier) = request.cursor.before_name();
    if before.len() == 1 {
        let scope = request.cursor.scope(request.file.package().unwrap_or_default(), false);
        types::complete(request, &scope, NameUse::Message, &qualifier);
    }
}

/// Behind the first word of a field.
fn in_field(request: &mut Request<'_>, body: Body) {
    let (before, qualifier) = request.cursor.before_name();
    let texts: Vec<&str> = before.iter().map(|token| request.cursor.slice(*token)).collect();
    match texts[..] {
        // A name before a dot.
        [] => field_type(request),
        ["optional" | "required" | "repeated"] => {
            if request.file.syntax() == Syntax::Proto2 && qualifier.is_empty() {
                request.add_keyword("group", "group ${1:Name} = ${2:1} {\n  $0\n}", KEYWORDS);
            }
            field_type(request);
        }
        ["map", "<"] => scalars(request, &KEY_TYPES),
        ["map", "<", .., ","] => field_type(request),
        _ => numbers::after_equals(request, body),
    }
}

/// Behind `reserved` or `extensions`.
fn ranges(request: &mut Request<'_>) {
    let before = request.cursor.before();
    let is_number = |token: &Token| token.kind == TokenKind::Int;
    let is_range_open = |tokens: &[Token]| {
        tokens.iter().rev().take_while(|token| !token.is(b',')).any(|token| request.cursor.slice(*token) == "to")
    };
    match before {
        [.., last] if request.cursor.slice(*last) == "to" => request.add_keyword("max", "", 0),
        [.., last] if is_number(last) && !is_range_open(before) => request.add_keyword("to", "", 0),
        _ => {}
    }
}

/// Behind the name of an rpc.
fn in_rpc(request: &mut Request<'_>) {
    let before = request.cursor.before();
    let has_returns = before.iter().any(|token| request.cursor.slice(*token) == "returns");
    if first(request) == Some("rpc") && before.last().is_some_and(|last| last.is(b')')) && !has_returns {
        request.add_keyword("returns", "returns ($0);", 0);
    }
}

/// Within parentheses: the request or response of an rpc, or the extension in the name of an option.
fn parentheses(request: &mut Request<'_>) {
    let Some(frame) = request.cursor.innermost() else { return };
    let header = request.cursor.header(frame);
    if header.first().is_none_or(|token| request.cursor.slice(*token) != "rpc") {
        options::in_parentheses(request, frame);
        return;
    }
    let (before, qualifier) = request.cursor.before_name();
    let is_stream = before.len() == 1 && request.cursor.slice(before[0]) == "stream";
    if !before.is_empty() && !is_stream {
        return;
    }
    if before.is_empty() && qualifier.is_empty() {
        request.add_keyword("stream", "stream ", KEYWORDS);
    }
    let scope = request.cursor.scope(request.file.package().unwrap_or_default(), true);
    types::complete(request, &scope, NameUse::Message, &qualifier);
}
