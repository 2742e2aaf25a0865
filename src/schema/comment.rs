//! Directives in comments: which element each applies to. A comment applies to the declaration that follows it
//! without a blank line, or else about the one that ends, or opens, on its own line; above the first statement it
//! applies to the whole file. Only files whose text holds the marks are looked at.

mod idle;

use memchr::memmem;

pub(crate) use idle::{Idle, IdleKind};

use super::element::{Field, File};
use crate::source::Span;
use crate::syntax::{Comment, Node, Tree, ast};

/// A directive.
#[derive(Clone, Debug)]
pub(crate) struct Directive {
    /// The directive's word, such as `protolint:ignore`.
    pub(crate) span: Span,
    pub(crate) kind: DirectiveKind,
    pub(crate) scope: DirectiveScope,
    /// Whether it is buf's own, which buf may have been configured to skip.
    pub(crate) of_buf: bool,
}

/// What a directive says.
#[derive(Clone, Debug)]
pub(crate) enum DirectiveKind {
    /// `protolint:hot`.
    Hot,
    /// `protolint:ignore` or `buf:lint:ignore`.
    Ignore(Ignored),
    /// What looks like a directive and has no effect.
    Idle(Idle),
}

/// What is to be ignored.
#[derive(Clone, Debug)]
pub(crate) struct Ignored {
    /// The rules named, each with its place.
    pub(crate) rules: Vec<(String, Span)>,
    /// What follows `until=`, which should be a day, and its place.
    pub(crate) until: Option<(String, Span)>,
}

/// What a directive applies to.
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

/// What all marks have in common: most texts have none of them, and one search is enough.
const IN_ALL_MARKS: &str = "lint";

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

/// What a comment says beside directives; without the marks that begin and end it.
pub(crate) fn without_directives(comment: &str) -> String {
    let is_said = |line: &&str| !["protolint:", "buf:lint:"].iter().any(|mark| line.trim_start().starts_with(mark));
    comment.lines().filter(is_said).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

/// The directives of a text, in order.
pub(super) fn directives(tree: &Tree<'_>) -> Vec<Directive> {
    let text = tree.source();
    if memmem::find(text.as_bytes(), IN_ALL_MARKS.as_bytes()).is_none() {
        return Vec::new();
    }
    let statements = Statements::new(tree);
    let mut found = Vec::new();
    for comment in tree.comments() {
        let mut lines = in_comment(text, comment.span()).peekable();
        if lines.peek().is_none() {
            continue;
        }
        let scope = if comment.before == 0 { DirectiveScope::File } else { statements.scope(comment) };
        found.extend(lines.map(|(span, kind)| Directive { span, kind, scope, of_buf: is_of_buf(span.slice(text)) }));
    }
    found
}

/// The directives of a comment that has no place of its own: all stand at `place`, which is where what they apply to
/// begins. What it is given is without the marks that begin and end a comment.
pub(super) fn directives_without_place(comment: &str, place: Span, scope: DirectiveScope) -> Vec<Directive> {
    if !comment.contains(IN_ALL_MARKS) {
        return Vec::new();
    }
    let whole = Span::of(0..comment.len());
    let at_place = |(span, kind): (Span, DirectiveKind)| {
        let of_buf = is_of_buf(span.slice(comment));
        let kind = match kind {
            DirectiveKind::Hot => DirectiveKind::Hot,
            DirectiveKind::Idle(idle) => DirectiveKind::Idle(idle),
            DirectiveKind::Ignore(Ignored { rules, until }) => DirectiveKind::Ignore(Ignored {
                rules: rules.into_iter().map(|(rule, _)| (rule, place)).collect(),
                until: until.map(|(day, _)| (day, place)),
            }),
        };
        Directive { span: place, kind, scope, of_buf }
    };
    in_comment(comment, whole).map(at_place).collect()
}

fn is_of_buf(word: &str) -> bool {
    word.starts_with("buf")
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
    let word = word.strip_suffix("*/").unwrap_or(word);
    let span = Span::new(at, at + word.len() as u32);
    let rest = &line[word.len()..];
    let ignored = match word {
        HOT => return Some((span, DirectiveKind::Hot)),
        IGNORE => Ignored { rules: rules(rest, span.end, true), until: until(rest, span.end) },
        BUF_IGNORE => Ignored { rules: rules(rest, span.end, false), until: None },
        _ => return idle::directive(line, at).map(|(span, idle)| (span, DirectiveKind::Idle(idle))),
    };
    if ignored.rules.is_empty() {
        return Some((span, DirectiveKind::Idle(Idle::without_rules(word))));
    }
    Some((span, DirectiveKind::Ignore(ignored)))
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

/// The statements of a text, and which of them a comment stands beside.
struct Statements<'t> {
    tree: &'t Tree<'t>,
    /// In the order of their first tokens; each before those in it.
    nodes: Vec<Node<'t>>,
}

impl<'t> Statements<'t> {
    fn new(tree: &'t Tree<'t>) -> Statements<'t> {
        let nodes = tree.nodes().filter(|node| ast::Statement::cast(*node).is_some()).collect();
        Statements { tree, nodes }
    }

    fn scope(&self, comment: &Comment) -> DirectiveScope {
        let statement = match self.token_on_line(comment) {
            Some(token) => self.around(token),
            None => self.follows(comment).and_then(|token| self.beginning_with(token)),
        };
        let whole = statement.filter(|node| !node.is_damaged());
        whole.map_or(DirectiveScope::Nothing, |node| DirectiveScope::Declaration(node.span()))
    }

    /// How many lines end between two places.
    fn lines_between(&self, start: u32, end: u32) -> usize {
        memchr::memchr_iter(b'\n', Span::new(start, end).slice(self.tree.source()).as_bytes()).count()
    }

    /// The token before a comment, if nothing but comments stands between them and no line ends there.
    fn token_on_line(&self, comment: &Comment) -> Option<u32> {
        let token = comment.before.checked_sub(1)?;
        let end = self.tree.tokens()[token as usize].end;
        (self.lines_between(end, comment.start) == 0).then_some(token)
    }

    /// The token after a comment, if nothing but comments stands between them and no line between is blank.
    fn follows(&self, comment: &Comment) -> Option<u32> {
        let comments = self.tree.comments_before(comment.before);
        let behind = comments.iter().filter(|other| other.start > comment.start);
        let next = self.tree.tokens()[comment.before as usize].start;
        let mut end = comment.end;
        for (start, next_end) in behind.map(|other| (other.start, other.end)).chain([(next, next)]) {
            if self.lines_between(end, start) > 1 {
                return None;
            }
            end = next_end;
        }
        Some(comment.before)
    }

    /// The innermost statement that a token is in.
    fn around(&self, token: u32) -> Option<Node<'t>> {
        let up_to = self.nodes.partition_point(|node| node.first() <= token);
        self.nodes[..up_to].iter().rev().find(|node| token < node.end()).copied()
    }

    fn beginning_with(&self, token: u32) -> Option<Node<'t>> {
        let at = self.nodes.partition_point(|node| node.first() < token);
        self.nodes.get(at).filter(|node| node.first() == token).copied()
    }
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
