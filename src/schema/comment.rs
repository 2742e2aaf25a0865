//! Directives in comments: which element each speaks about. A comment speaks about the declaration that follows it
//! without a blank line, or else about the one that ends, or opens, on its own line; above the first statement it
//! speaks about the whole file. Only files whose text holds the marks are looked at.

use super::element::{Field, File};
use super::lexer::{self, Token, TokenKind};
use super::search;
use crate::source::Span;

/// A directive.
#[derive(Debug)]
pub(crate) struct Directive {
    /// The directive's word, such as `protolint:ignore`.
    pub(crate) span: Span,
    pub(crate) kind: DirectiveKind,
    pub(crate) scope: DirectiveScope,
    /// Whether it is buf's own, which buf may have been told to pass over.
    pub(crate) of_buf: bool,
}

/// What a directive says.
#[derive(Debug)]
pub(crate) enum DirectiveKind {
    /// `protolint:hot`.
    Hot,
    /// `protolint:ignore` or `buf:lint:ignore`.
    Ignore(Ignored),
}

/// What is to be ignored.
#[derive(Debug)]
pub(crate) struct Ignored {
    /// The rules named, each with its place.
    pub(crate) rules: Vec<(String, Span)>,
    /// What follows `until=`, which should be a day, and its place.
    pub(crate) until: Option<(String, Span)>,
}

/// What a directive speaks about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum DirectiveScope {
    File,
    /// A declaration and what it encloses.
    Declaration(Span),
    Nothing,
}

const HOT: &str = "protolint:hot";
const IGNORE: &str = "protolint:ignore";
const BUF_IGNORE: &str = "buf:lint:ignore";
const UNTIL: &str = "until=";

/// What all marks have in common: most texts have none of them, and one search tells.
const IN_ALL_MARKS: &str = "lint:";

/// Whether a comment has a line that is neither blank nor a directive. What it is given is without the marks that begin
/// and end a comment.
pub(super) fn says_something(comment: &str) -> bool {
    let is_directive = |line: &str| [HOT, IGNORE, BUF_IGNORE].iter().any(|mark| line.starts_with(mark));
    comment.lines().map(str::trim).any(|line| !line.is_empty() && !is_directive(line))
}

/// The same of a comment of the form `/* … */`, with its marks.
pub(super) fn says_something_in_block(comment: &str) -> bool {
    let inner = comment.strip_prefix("/*").unwrap_or(comment);
    let inner = inner.strip_suffix("*/").unwrap_or(inner);
    let plain = |(at, line): (usize, &str)| {
        let line = line.trim_start();
        if at == 0 { line.to_owned() } else { line.strip_prefix('*').unwrap_or(line).to_owned() }
    };
    let lines: Vec<String> = inner.lines().enumerate().map(plain).collect();
    says_something(&lines.join("\n"))
}

/// The directives of a text, in order.
pub(super) fn directives(text: &str) -> Vec<Directive> {
    if !search::contains(text, IN_ALL_MARKS)
        || ![HOT, IGNORE, BUF_IGNORE].iter().any(|mark| search::contains(text, mark))
    {
        return Vec::new();
    }
    let tokens: Vec<Token> = lexer::tokens(text).collect();
    let first = tokens.iter().position(|token| !is_comment(token)).unwrap_or(tokens.len());
    let statements = Statements::of(text, &tokens);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| is_comment(token)) {
        let comment = Span::new(token.start, token.end);
        let mut lines = in_comment(text, comment).peekable();
        if lines.peek().is_none() {
            continue;
        }
        let scope = if at < first { DirectiveScope::File } else { statements.scope(&tokens, at) };
        found.extend(lines.map(|(span, kind)| Directive { span, kind, scope, of_buf: span.slice(text) == BUF_IGNORE }));
    }
    found
}

/// The declarations that directives declare hot, sorted.
pub(super) fn hot(directives: &[Directive]) -> Vec<Span> {
    let declared = |directive: &Directive| match (&directive.kind, directive.scope) {
        (DirectiveKind::Hot, DirectiveScope::Declaration(span)) => Some(span),
        _ => None,
    };
    let mut spans: Vec<Span> = directives.iter().filter_map(declared).collect();
    spans.sort_unstable();
    spans
}

fn is_comment(token: &Token) -> bool {
    matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment)
}

/// The directives of one comment: lines that start with a directive's word.
fn in_comment(text: &str, comment: Span) -> impl Iterator<Item = (Span, DirectiveKind)> {
    let mut start = comment.start;
    comment.slice(text).split_inclusive('\n').filter_map(move |line| {
        let line_start = start;
        start += line.len() as u32;
        let trimmed = line.trim_start_matches(|c: char| c == '/' || c == '*' || c.is_whitespace());
        let at = line_start + (line.len() - trimmed.len()) as u32;
        directive(trimmed, at)
    })
}

fn directive(line: &str, at: u32) -> Option<(Span, DirectiveKind)> {
    let word = line.split(|c: char| c.is_whitespace()).next()?;
    let span = Span::new(at, at + word.len() as u32);
    let rest = &line[word.len()..];
    match word {
        HOT => Some((span, DirectiveKind::Hot)),
        IGNORE => {
            let ignored = Ignored { rules: rules(rest, span.end, true), until: until(rest, span.end) };
            Some((span, DirectiveKind::Ignore(ignored)))
        }
        BUF_IGNORE => Some((span, DirectiveKind::Ignore(Ignored { rules: rules(rest, span.end, false), until: None }))),
        _ => None,
    }
}

/// The value of the first word that says until when, wherever on the line it stands.
fn until(text: &str, start: u32) -> Option<(String, Span)> {
    let mut words = text.match_indices(UNTIL);
    let begins = |at: usize| text[..at].ends_with(|c: char| c.is_whitespace() || c == ',');
    let (at, _) = words.find(|(at, _)| begins(*at))?;
    let value = text[at + UNTIL.len()..].split(char::is_whitespace).next().unwrap_or_default();
    let value = value.trim_end_matches("*/").trim_end_matches([',', '.', ';']);
    let at = start + (at + UNTIL.len()) as u32;
    Some((value.to_owned(), Span::new(at, at + value.len() as u32)))
}

/// `RULE[, RULE…] reason`: a rule after a comma is one more; buf's own directive takes one rule.
fn rules(text: &str, start: u32, many: bool) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        let at = start + (text.len() - trimmed.len()) as u32;
        let end = trimmed.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(trimmed.len());
        let word = trimmed[..end].trim_end_matches("*/");
        if !word.is_empty() && !word.starts_with(UNTIL) {
            found.push((word.to_owned(), Span::new(at, at + word.len() as u32)));
        }
        let after = trimmed[end..].trim_start();
        match after.strip_prefix(',') {
            Some(next) if many => rest = next,
            _ => return found,
        }
    }
}

/// Where each statement starts and ends, by its tokens, and which statement each comment stands beside.
struct Statements {
    /// For the index of each token that starts a statement, the index of its last token.
    ends: Vec<Option<usize>>,
    /// For each token, the first token of the innermost statement it is in.
    within: Vec<Option<usize>>,
    /// For each comment, the token before it on its own line, other comments left out.
    on_line: Vec<Option<usize>>,
    /// For each comment, the token that follows it without a blank line, other comments left out.
    follows: Vec<Option<usize>>,
}

impl Statements {
    /// A statement ends at its `;`, or at the `}` that closes its body; braces behind a `=` or within brackets are part
    /// of a value.
    fn of(text: &str, tokens: &[Token]) -> Statements {
        let (on_line, follows) = neighbours(text, tokens);
        let (ends, within) = (vec![None; tokens.len()], vec![None; tokens.len()]);
        let mut statements = Statements { ends, within, on_line, follows };
        let mut open: Vec<usize> = Vec::new();
        let mut current: Option<usize> = None;
        let mut length = 0;
        let (mut has_value, mut depth) = (false, 0usize);
        for (at, token) in tokens.iter().enumerate() {
            if is_comment(token) {
                continue;
            }
            let opens_body = current.is_some() && !has_value && depth == 0;
            match token.kind {
                TokenKind::Punct(b'{') if opens_body => {
                    statements.within[at] = current;
                    open.extend(current.take());
                    continue;
                }
                TokenKind::Punct(b'}') if current.is_none() => {
                    if let Some(start) = open.pop() {
                        statements.ends[start] = Some(at);
                        statements.within[at] = Some(start);
                    }
                    has_value = false;
                    continue;
                }
                TokenKind::Punct(b'{' | b'[' | b'(') => depth += 1,
                TokenKind::Punct(b'}' | b']' | b')') => depth = depth.saturating_sub(1),
                TokenKind::Punct(b'=') => has_value = true,
                _ => {}
            }
            let start = *current.get_or_insert(at);
            length = if start == at { 1 } else { length + 1 };
            statements.within[at] = Some(start);
            if token.kind == TokenKind::Punct(b';') && depth == 0 {
                statements.ends[start] = Some(at);
                (current, has_value) = (None, false);
            }
            // A group's body follows its number: `repeated group Name = 1 { … }`.
            if length <= GROUP_HEADER && is_group(tokens, start, at) {
                has_value = false;
            }
        }
        statements
    }

    fn scope(&self, tokens: &[Token], comment: usize) -> DirectiveScope {
        if let Some(at) = self.on_line[comment] {
            return self.span(tokens, self.within[at]);
        }
        self.span(tokens, self.follows[comment].filter(|&next| self.ends[next].is_some()))
    }

    fn span(&self, tokens: &[Token], start: Option<usize>) -> DirectiveScope {
        match start.and_then(|start| Some((start, self.ends[start]?))) {
            Some((start, end)) => DirectiveScope::Declaration(Span::new(tokens[start].start, tokens[end].end)),
            None => DirectiveScope::Nothing,
        }
    }
}

/// For each comment, the tokens that it stands beside: see the fields of [`Statements`].
fn neighbours(text: &str, tokens: &[Token]) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let lines_between = |one: &Token, other: &Token| {
        text[one.end as usize..other.start as usize].bytes().filter(|&byte| byte == b'\n').count()
    };
    let (mut on_line, mut follows) = (vec![None; tokens.len()], vec![None; tokens.len()]);
    for (at, pair) in tokens.windows(2).enumerate() {
        if lines_between(&pair[0], &pair[1]) == 0 {
            let goes_on = is_comment(&pair[0]) && !pair[0].slice(text).contains('\n');
            on_line[at + 1] = if goes_on { on_line[at] } else { Some(at).filter(|_| !is_comment(&pair[0])) };
        }
    }
    for (at, pair) in tokens.windows(2).enumerate().rev() {
        if lines_between(&pair[0], &pair[1]) <= 1 {
            follows[at] = if is_comment(&pair[1]) { follows[at + 1] } else { Some(at + 1) };
        }
    }
    (on_line, follows)
}

/// The most tokens of a group's header.
const GROUP_HEADER: usize = 5;

/// Whether `at` is the number of a group's header that starts at `start`, of at most [`GROUP_HEADER`] tokens.
fn is_group(tokens: &[Token], start: usize, at: usize) -> bool {
    let header: Vec<&Token> = tokens[start..=at].iter().filter(|token| !is_comment(token)).collect();
    header.len() >= 4
        && header[header.len() - 1].kind == TokenKind::Number
        && header[header.len() - 2].kind == TokenKind::Punct(b'=')
        && header[..header.len() - 2].iter().all(|token| token.kind == TokenKind::Ident)
}

impl<'s> File<'s> {
    /// The directives in its comments, in order.
    pub(crate) fn directives(self) -> &'s [Directive] {
        &self.data().directives
    }
}

impl Field<'_> {
    /// Whether a comment of its own declares it hot.
    pub(crate) fn is_marked_hot(self) -> bool {
        self.file().data().hot.binary_search(&self.place().span).is_ok()
    }
}
