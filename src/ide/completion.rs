//! What may be written at a place: words of the language, types, imports, options and their values, numbers, and rules
//! in ignore comments. What is typed so far is read by [`cursor`]; each kind of candidate has a file.

mod comments;
pub(in crate::ide) mod cursor;
mod literals;
pub(in crate::ide) mod numbers;
mod options;
mod statements;
mod strings;
#[cfg(test)]
pub(in crate::ide) mod tests;
pub(in crate::ide) mod types;

pub(in crate::ide) use comments::of_rule;

use std::path::Path;

use crate::config::OwnRules;
use crate::finding::Edit;
use crate::project::Project;
use crate::schema::{File, Schema};
use crate::source::{FileId, Place, Span};
use crate::syntax::{self, Tree};
use cursor::Cursor;

/// What a completion stands for, for its icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompletionKind {
    Keyword,
    /// A scalar type.
    Scalar,
    Message,
    Enum,
    EnumValue,
    /// A field of a message, in the value of an option.
    Field,
    /// An option of the language.
    Option,
    /// An extension.
    Extension,
    Package,
    /// A path to import.
    File,
    Number,
    /// A literal value.
    Value,
    Rule,
    /// A group of rules.
    Group,
}

/// What an editor inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Insert {
    Text(String),
    /// With places to fill in, as `${1:name}` and `$0`.
    Snippet(String),
}

/// Something that may be written at a place.
#[derive(Clone, Debug)]
pub(crate) struct Completion {
    pub(crate) label: String,
    pub(crate) kind: CompletionKind,
    /// One line beside the label.
    pub(crate) detail: Option<String>,
    /// Markdown.
    pub(crate) documentation: Option<String>,
    /// Where it is declared: what stands there explains it.
    pub(crate) declared: Option<Place>,
    pub(crate) insert: Insert,
    /// What goes when it is inserted.
    pub(crate) replaced: Span,
    /// Edits elsewhere in the same file, such as an import.
    pub(crate) more_edits: Vec<Edit>,
    /// Candidates of lower ranks stand first; those of one rank by their labels.
    pub(crate) rank: u8,
    /// What the typed text is compared with, where that is not the label.
    pub(crate) filter: Option<String>,
    pub(crate) is_deprecated: bool,
}

impl Completion {
    /// A candidate that inserts its label in the place of a span.
    pub(in crate::ide) fn new(label: impl Into<String>, kind: CompletionKind, replaced: Span) -> Completion {
        let label = label.into();
        Completion {
            insert: Insert::Text(label.clone()),
            label,
            kind,
            detail: None,
            documentation: None,
            declared: None,
            replaced,
            more_edits: Vec::new(),
            rank: 0,
            filter: None,
            is_deprecated: false,
        }
    }

    pub(in crate::ide) fn detail(self, detail: impl Into<String>) -> Completion {
        Completion { detail: Some(detail.into()), ..self }
    }

    pub(in crate::ide) fn documentation(self, documentation: impl Into<String>) -> Completion {
        Completion { documentation: Some(documentation.into()), ..self }
    }

    pub(in crate::ide) fn text(self, text: impl Into<String>) -> Completion {
        Completion { insert: Insert::Text(text.into()), ..self }
    }

    pub(in crate::ide) fn snippet(self, snippet: impl Into<String>) -> Completion {
        Completion { insert: Insert::Snippet(snippet.into()), ..self }
    }

    pub(in crate::ide) fn rank(self, rank: u8) -> Completion {
        Completion { rank, ..self }
    }

    pub(in crate::ide) fn filter(self, filter: impl Into<String>) -> Completion {
        Completion { filter: Some(filter.into()), ..self }
    }
}

/// The candidates at a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Completions {
    /// By rank and label.
    pub(crate) items: Vec<Completion>,
    /// Whether there are more once more is typed.
    pub(crate) is_incomplete: bool,
}

/// What may be written at an offset of a schema's text; nothing in other texts.
pub(crate) fn completion(project: &Project, text: FileId, offset: u32) -> Completions {
    let schema = project.schema();
    let Some(file) = schema.files().find(|file| file.source() == Some(text)) else { return Completions::default() };
    let tree = syntax::parse(project.sources().get(text).text());
    let cursor = Cursor::new(&tree, offset);
    let own = &project.settings().config.own;
    let mut request = Request { schema, file, text, tree: &tree, cursor, own, found: Completions::default() };
    request.complete();
    let mut found = request.found;
    found.items.retain(|item| is_meant(item, &tree, offset));
    found.items.sort_by(|one, other| (one.rank, &one.label).cmp(&(other.rank, &other.label)));
    found
}

/// A place at which candidates are asked for, and those found so far.
struct Request<'a> {
    schema: &'a Schema,
    file: File<'a>,
    text: FileId,
    tree: &'a Tree<'a>,
    cursor: Cursor<'a>,
    /// The rules that the configuration declares.
    own: &'a OwnRules,
    found: Completions,
}

impl Request<'_> {
    fn complete(&mut self) {
        if let Some(comment) = self.cursor.comment {
            comments::complete(self, comment);
        } else if let Some(string) = self.cursor.string {
            strings::complete(self, string);
        } else {
            statements::complete(self);
        }
    }

    fn add(&mut self, completion: Completion) {
        self.found.items.push(completion);
    }

    /// Adds a word of the language, followed by what it takes as a snippet.
    fn add_keyword(&mut self, word: &str, snippet: &str, rank: u8) {
        let completion = Completion::new(word, CompletionKind::Keyword, self.cursor.word).rank(rank);
        self.add(match snippet {
            "" => completion,
            _ if snippet.contains('$') => completion.snippet(snippet),
            _ => completion.text(snippet),
        });
    }

    /// The edit that imports a path.
    fn import(&self, path: &str) -> Edit {
        let syntax::Repair { span, text } = syntax::edit::add_import(self.tree, path);
        Edit { place: Place { file: self.text, span }, text }
    }

    /// The name of the directory of the file, `/` between components; empty at the root.
    fn directory(&self) -> &str {
        Path::new(self.file.name()).parent().and_then(Path::to_str).unwrap_or_default()
    }
}

/// Whether a candidate may be meant by what is typed of it. Paths match by any part of them, and a number that is typed
/// says nothing of the one that is free.
fn is_meant(item: &Completion, tree: &Tree<'_>, offset: u32) -> bool {
    let typed = Span::new(item.replaced.start, offset.min(item.replaced.end)).slice(tree.source());
    let is_any = matches!(item.kind, CompletionKind::File | CompletionKind::Number | CompletionKind::Value);
    is_any || may_be(typed, item.filter.as_ref().unwrap_or(&item.label))
}

/// Whether what is typed may be short for a word: its letters stand in it in that order, the first one first.
pub(in crate::ide) fn may_be(typed: &str, word: &str) -> bool {
    let mut letters = word.bytes();
    let mut typed = typed.bytes();
    let Some(first) = typed.next() else { return true };
    if !letters.next().is_some_and(|letter| letter.eq_ignore_ascii_case(&first)) {
        return false;
    }
    typed.all(|wanted| letters.any(|letter| letter.eq_ignore_ascii_case(&wanted)))
}
