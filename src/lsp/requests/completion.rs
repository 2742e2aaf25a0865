//! What may be written at a place.

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTag, CompletionList, CompletionParams, Documentation,
    InsertTextFormat, TextEdit,
};

use super::context::Context;
use super::markdown;
use crate::ide::completion::{self, Completion, CompletionKind, Insert};
use crate::lsp::client::ClientInfo;
use crate::lsp::position::Lines;

pub(super) fn completion(at: &Context, params: &CompletionParams) -> Option<CompletionList> {
    let cursor = at.cursor(params.text_document_position_params.position);
    let found = completion::completion(at.project(), at.file, cursor.offset);
    let documented = |completion: Completion| {
        let documentation = completion.documentation.clone().or_else(|| of_declaration(at, &completion));
        Completion { documentation, ..completion }
    };
    let items = found.items.into_iter().map(documented);
    let items = items.map(|completion| item(at.lines(), &at.client, completion)).collect();
    Some(CompletionList { is_incomplete: found.is_incomplete, items, ..CompletionList::default() })
}

/// What there is to say of the declaration of a candidate.
fn of_declaration(at: &Context, completion: &Completion) -> Option<String> {
    let declared = completion.declared?;
    let cursor = crate::ide::Cursor { file: declared.file, offset: declared.span.start };
    Some(crate::ide::hover(at.project(), cursor)?.markdown)
}

/// A candidate for the text of these lines.
pub(super) fn item(lines: Lines<'_>, client: &ClientInfo, completion: Completion) -> CompletionItem {
    let (text, format) = match completion.insert {
        Insert::Text(text) => (text, InsertTextFormat::PlainText),
        Insert::Snippet(snippet) if client.takes_snippets() => (snippet, InsertTextFormat::Snippet),
        Insert::Snippet(snippet) => (without_places(&snippet), InsertTextFormat::PlainText),
    };
    let more = completion.more_edits.into_iter();
    let more: Vec<TextEdit> =
        more.map(|edit| TextEdit { range: lines.range(edit.place.span), new_text: edit.text }).collect();
    CompletionItem {
        // Clients sort by text.
        sort_text: Some(format!("{:03}{}", completion.rank, completion.label)),
        label: completion.label,
        kind: Some(kind(completion.kind)),
        tags: completion.is_deprecated.then(|| vec![CompletionItemTag::Deprecated]),
        detail: completion.detail,
        documentation: completion.documentation.map(|text| documentation(text, client)),
        filter_text: completion.filter,
        insert_text_format: Some(format),
        text_edit: Some(TextEdit { range: lines.range(completion.replaced), new_text: text }.into()),
        additional_text_edits: (!more.is_empty()).then_some(more),
        ..CompletionItem::default()
    }
}

/// Clients that do not name formats take a text.
fn documentation(text: String, client: &ClientInfo) -> Documentation {
    match client.documents_in_markdown() {
        true => Documentation::MarkupContent(markdown::content(text, true)),
        false => Documentation::String(markdown::plain(&text)),
    }
}

fn kind(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Keyword | CompletionKind::Scalar => CompletionItemKind::Keyword,
        CompletionKind::Message => CompletionItemKind::Struct,
        CompletionKind::Enum => CompletionItemKind::Enum,
        CompletionKind::EnumValue => CompletionItemKind::EnumMember,
        CompletionKind::Field | CompletionKind::Extension => CompletionItemKind::Field,
        CompletionKind::Option => CompletionItemKind::Property,
        CompletionKind::Package => CompletionItemKind::Module,
        CompletionKind::File => CompletionItemKind::File,
        CompletionKind::Number | CompletionKind::Value => CompletionItemKind::Value,
        CompletionKind::Rule | CompletionKind::Group => CompletionItemKind::Constant,
    }
}

/// A snippet as plain text: of `${1:name}` the name is left.
pub(super) fn without_places(snippet: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(snippet.len()), snippet);
    let mut open = 0;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\\' => {
                if let Some(escaped) = rest.chars().next() {
                    text.push(escaped);
                    rest = &rest[escaped.len_utf8()..];
                }
            }
            '$' => {
                let is_braced = rest.starts_with('{');
                rest = rest.strip_prefix('{').unwrap_or(rest).trim_start_matches(|c: char| c.is_ascii_digit());
                if is_braced {
                    open += 1;
                    rest = rest.strip_prefix(':').unwrap_or(rest);
                }
            }
            '}' if open > 0 => open -= 1,
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::without_places;

    #[test]
    fn of_places_in_snippets_their_names_are_left() {
        assert_eq!(without_places("message ${1:Name} {\n  $0\n}"), "message Name {\n  \n}");
        assert_eq!(without_places("a ${1} \\$5 \\} $2"), "a  $5 } ");
    }
}
