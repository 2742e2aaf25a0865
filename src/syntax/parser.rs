//! Makes a tree of tokens, and goes on after mistakes. This file holds what all statements share: looking at tokens,
//! opening and closing nodes, saying what was expected. It uses no statement.

mod body;
mod fields;
mod file;
mod options;
mod recovery;
mod values;

pub(crate) use file::is_import_path;

use super::fault::Fault;
use super::lexer::{Comment, Lexed, Token, TokenKind, lex};
use super::tree::{NodeData, NodeKind, Tree};
use crate::source::Span;

/// How many faults of one file are reported: a file that is no schema at all has one a token.
const MAX_FAULTS: usize = 100;

/// Of a text of more bytes, so many are read first: where they have too many faults, the rest is not read at all.
const SAMPLE: usize = 1 << 20;

/// Where more braces are open at the end of what is read first, the rest is not read either: protoc takes 32 messages
/// within each other.
const MAX_OPEN: usize = 10_000;

/// Reads a text. A text of 2 GiB and more, which no runtime takes, is not read.
pub(crate) fn parse(text: &str) -> Tree<'_> {
    if i32::try_from(text.len()).is_err() {
        let mut tree = parse_part(text, 0);
        tree.faults = vec![Fault::nesting(Span::new(0, 0), "the file is larger than 2 GiB")];
        return tree;
    }
    if text.len() > 2 * SAMPLE {
        let end = (0..=SAMPLE).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
        // What the cut itself causes are a few faults.
        let mut sample = parse_part(text, end);
        let braces = |punct: u8| sample.tokens.iter().filter(|token| token.is(punct)).count();
        if braces(b'{').saturating_sub(braces(b'}')) > MAX_OPEN {
            let message = "braces are nested too deeply; the rest of the file is not read";
            sample.faults.push(Fault::nesting(Span::new(end as u32, end as u32), message));
            return with_limited_faults(sample, true);
        }
        if sample.faults.len() > MAX_FAULTS {
            return with_limited_faults(sample, true);
        }
    }
    with_limited_faults(parse_part(text, text.len()), false)
}

/// Keeps the first faults, and counts the rest; of a part of a text there may be more.
fn with_limited_faults(mut tree: Tree<'_>, is_part: bool) -> Tree<'_> {
    tree.faults.sort_by_key(|fault| fault.span);
    let left_out = tree.faults.len().saturating_sub(MAX_FAULTS);
    tree.faults.truncate(MAX_FAULTS);
    if let Some(last) = tree.faults.last_mut().filter(|_| left_out > 0) {
        let at_least = if is_part { "more than " } else { "" };
        last.message.push_str(&format!("; {at_least}{left_out} more errors follow"));
    }
    tree
}

/// Reads the first `end` bytes; all that follows is one token without a meaning.
fn parse_part(text: &str, end: usize) -> Tree<'_> {
    let Lexed { mut tokens, comments, mut faults, is_balanced } = lex(text, end);
    let mut read = Parser::read(text, &tokens, is_balanced);
    if read.faults.len() > 1 && !is_balanced {
        // Lines say nothing where they are not indented by what they are in.
        let by_braces = Parser::read(text, &tokens, true);
        if by_braces.faults.len() < read.faults.len() {
            read = by_braces;
        }
    }
    read.hash_comments(&comments);
    let Parser { nodes, faults: mut more, .. } = read;
    faults.append(&mut more);
    if end < text.len() {
        let last = tokens.len() - 1;
        tokens[last] = Token { kind: TokenKind::Unknown, end: text.len() as u32, ..tokens[last] };
        tokens.push(Token { kind: TokenKind::End, start: text.len() as u32, end: text.len() as u32 });
    }
    Tree { text, tokens, comments, nodes, faults, is_balanced }
}

/// Whether the token at `at` is the first one on its line.
pub(super) fn is_first_on_line(text: &str, tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(0, |before| tokens[before].end);
    at == 0 || Span::new(before, tokens[at].start).slice(text).contains('\n')
}

/// Which rules a file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Proto2,
    Proto3,
    Edition2023,
    /// Those of edition 2024 and later ones; an unknown edition is read the same way.
    Edition2024,
    /// Not known, as the statement is damaged: nothing that depends on it is a fault.
    Unknown,
}

impl Dialect {
    fn is_edition(self) -> bool {
        matches!(self, Dialect::Edition2023 | Dialect::Edition2024)
    }
}

/// The statement at hand has a fault, which was reported; who reads the statement looks for its end.
struct Damaged;

type Parsed = Result<(), Damaged>;

/// A body that is open.
#[derive(Clone, Copy)]
struct Block {
    /// The column at which the line of its declaration begins, where the declaration is the first thing on it.
    column: Option<u32>,
    /// The token after its brace.
    inside: usize,
    /// Whether what is in it begins on the line of the brace, or further to the right than the declaration.
    is_indented: bool,
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// The token at hand.
    at: usize,
    nodes: Vec<NodeData>,
    faults: Vec<Fault>,
    /// Whether each bracket of the file has its partner: only where one has none, lines say what belongs together.
    is_balanced: bool,
    dialect: Dialect,
    blocks: Vec<Block>,
    /// How many messages are open.
    depth: u32,
    /// Whether an `import option` was read.
    imports_options: bool,
    /// Whether a package was read.
    has_package: bool,
    /// Whether it was reported that the file ends in a body.
    has_open_end: bool,
}

impl<'t> Parser<'t> {
    fn read(text: &'t str, tokens: &'t [Token], is_balanced: bool) -> Parser<'t> {
        let mut parser = Parser {
            text,
            nodes: Vec::with_capacity(tokens.len()),
            tokens,
            at: 0,
            faults: Vec::new(),
            is_balanced,
            dialect: Dialect::Proto2,
            blocks: Vec::new(),
            depth: 0,
            imports_options: false,
            has_package: false,
            has_open_end: false,
        };
        parser.file();
        parser
    }

    /// The token that stands `ahead` of the one at hand.
    fn peek(&self, ahead: usize) -> Token {
        self.tokens[(self.at + ahead).min(self.tokens.len() - 1)]
    }

    fn token(&self) -> Token {
        self.tokens[self.at]
    }

    /// The identifier that stands `ahead`; empty where something else stands.
    fn word_at(&self, ahead: usize) -> &'t str {
        let token = self.peek(ahead);
        if token.kind == TokenKind::Ident { token.slice(self.text) } else { "" }
    }

    fn word(&self) -> &'t str {
        self.word_at(0)
    }

    fn is(&self, punct: u8) -> bool {
        self.token().is(punct)
    }

    fn is_kind(&self, kind: TokenKind) -> bool {
        self.token().kind == kind
    }

    fn is_end(&self) -> bool {
        self.is_kind(TokenKind::End)
    }

    /// Goes on to the next token; stays at the end.
    fn bump(&mut self) {
        self.at += usize::from(!self.is_end());
    }

    /// Goes on if that punctuation is at hand.
    fn take(&mut self, punct: u8) -> bool {
        let is_there = self.is(punct);
        self.at += usize::from(is_there);
        is_there
    }

    /// Goes on if that word is at hand.
    fn take_word(&mut self, word: &str) -> bool {
        let is_there = self.word() == word;
        self.at += usize::from(is_there);
        is_there
    }

    /// Skips the same sign again: it is written twice.
    fn once_more(&mut self, punct: u8) {
        if self.is(punct) {
            let (start, span) = (self.end_before(), self.token().span());
            let fault = Fault::syntax(span, format!("`{}` is written twice", char::from(punct)));
            self.fault(fault.help("remove one of them").replace(Span::new(start, span.end), ""));
            self.bump();
        }
    }

    /// Skips the keyword at hand, also where it is written twice.
    fn keyword(&mut self) {
        let word = self.word();
        self.bump();
        let next = self.peek(1);
        let goes_on = match word {
            "syntax" | "edition" => next.is(b'='),
            "reserved" | "extensions" => matches!(next.kind, TokenKind::Int | TokenKind::Str),
            "optional" | "required" | "repeated" => {
                next.kind == TokenKind::Ident && (self.peek(2).kind == TokenKind::Ident || self.peek(2).is(b'.'))
            }
            "returns" => next.is(b'('),
            _ => matches!(next.kind, TokenKind::Ident | TokenKind::Str) || word == "option" && next.is(b'('),
        };
        if self.word() == word && goes_on {
            let (start, span) = (self.end_before(), self.token().span());
            let fault = Fault::syntax(span, format!("`{word}` is written twice"));
            self.fault(fault.help("remove one of them").replace(Span::new(start, span.end), ""));
            self.bump();
        }
    }

    fn open(&mut self, kind: NodeKind) -> usize {
        let first = self.at as u32;
        self.nodes.push(NodeData { kind, is_damaged: false, first, end: first, next: 0 });
        self.nodes.len() - 1
    }

    fn close(&mut self, node: usize) {
        let next = self.nodes.len() as u32;
        let data = &mut self.nodes[node];
        (data.end, data.next) = (self.at as u32, next);
    }

    fn damage(&mut self, node: usize) {
        self.nodes[node].is_damaged = true;
    }

    /// A node of `count` tokens and nothing below it.
    fn leaf(&mut self, kind: NodeKind, count: usize) {
        let node = self.open(kind);
        self.at += count;
        self.close(node);
    }

    /// Where the token before the one at hand ends.
    fn end_before(&self) -> u32 {
        self.at.checked_sub(1).map_or(0, |before| self.tokens[before].end)
    }

    /// Whether the token at hand stands on another line than the one before it.
    fn is_on_new_line(&self) -> bool {
        is_first_on_line(self.text, self.tokens, self.at)
    }

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Says that something else was expected than what is at hand. Where that stands on another line, the place is the
    /// end of the line before: there it is missing.
    fn expected(&self, what: &str) -> Fault {
        let token = self.token();
        let message = match token.kind {
            TokenKind::End => format!("expected {what}, found the end of the file"),
            _ => format!("expected {what}, found `{}`", shown(token.slice(self.text))),
        };
        let end = self.end_before();
        let span =
            if self.is_on_new_line() && self.at > 0 || self.is_end() { Span::new(end, end) } else { token.span() };
        Fault::syntax(span, message)
    }

    /// Reports what was expected.
    fn refuse(&mut self, what: &str) -> Parsed {
        // A literal with a fault was reported already.
        if !matches!(self.token().kind, TokenKind::BadNumber | TokenKind::BadStr | TokenKind::Unknown) {
            let fault = self.expected(what);
            self.fault(fault);
        }
        Err(Damaged)
    }

    fn expect(&mut self, punct: u8) -> Parsed {
        if self.take(punct) { Ok(()) } else { self.refuse(&format!("`{}`", char::from(punct))) }
    }

    /// The name of a declaration.
    fn name(&mut self, what: &str) -> Parsed {
        if self.is_kind(TokenKind::Ident) {
            self.leaf(NodeKind::Name, 1);
            return Ok(());
        }
        self.refuse(&format!("the name of {what}"))
    }

    /// String literals side by side.
    fn strings(&mut self, what: &str) -> Parsed {
        let count = (0..).take_while(|&ahead| self.peek(ahead).kind == TokenKind::Str).count();
        if count == 0 {
            return self.refuse(what);
        }
        self.leaf(NodeKind::Strings, count);
        // One with a fault was reported where it stands.
        if self.is_kind(TokenKind::BadStr) { Err(Damaged) } else { Ok(()) }
    }

    /// The `;` of a statement. Where it is missing and the next statement begins, the one at hand is whole without it.
    fn semicolon(&mut self, what: &str) -> Parsed {
        if self.take(b';') {
            return Ok(());
        }
        let is_behind_braces = self.at > 0 && self.tokens[self.at - 1].is(b'}');
        if is_behind_braces && self.is(b'}') && !self.is_balanced && self.peek(1).is(b';') {
            self.stray_brace();
            self.bump();
            return Ok(());
        }
        let end = self.end_before();
        if self.is(b',') && (self.begins_statement(1) || self.peek(1).is(b'}') || self.peek(1).kind == TokenKind::End) {
            let comma = self.token().span();
            self.bump();
            let fault = Fault::syntax(comma, format!("expected `;` after {what}, found `,`"));
            self.fault(fault.help("write `;`").replace(comma, ";"));
            return Ok(());
        }
        if self.is_end() || self.is(b'}') || self.is_on_new_line() || self.begins_statement(0) {
            let fault = Fault::syntax(Span::new(end, end), format!("expected `;` after {what}"));
            self.fault(fault.help("write `;`").insert(end, ";"));
            return Ok(());
        }
        self.refuse(&format!("`;` after {what}"))
    }
}

impl Parser<'_> {
    /// Comments that begin with `#` are some of the text format alone.
    fn hash_comments(&mut self, comments: &[Comment]) {
        for comment in comments.iter().filter(|comment| self.text.as_bytes()[comment.start as usize] == b'#') {
            let holds = |node: &NodeData| node.first < comment.before && comment.before < node.end;
            let mut values = self.nodes.iter().filter(|node| node.kind == NodeKind::MessageValue);
            if !values.any(holds) {
                let span = Span::new(comment.start, comment.start + 1);
                let fault = Fault::syntax(span, "`#` does not start a comment outside of option values");
                self.faults.push(fault.help("write `//`").replace(span, "//"));
            }
            if self.faults.len() > MAX_FAULTS {
                return;
            }
        }
    }
}

/// A token as messages show it: not longer than a line.
fn shown(token: &str) -> String {
    const MAX_SHOWN: usize = 40;
    let first_line = token.lines().next().unwrap_or_default();
    match first_line.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &first_line[..end]),
        None => first_line.to_owned(),
    }
}
