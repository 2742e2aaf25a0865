//! What stands around an offset while a statement is half typed: the open brackets with what opened them, the words of
//! the statement so far, and the word at the offset. It reads tokens only, as the nodes of a damaged statement say
//! little, and nothing behind the offset but the end of the word.

use crate::source::Span;
use crate::syntax::{Comment, Token, TokenKind, Tree};

/// What a bracket opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Message,
    Enum,
    Service,
    Rpc,
    Oneof,
    Extend,
    /// A message in the text format, as the value of an option.
    Value,
    /// A list in the text format.
    List,
    /// The name of an extension in the text format.
    ValueName,
    /// Options in brackets.
    Options,
    /// Parentheses: the types of an rpc, or the name of an extension.
    Parentheses,
    /// The name of the declaration is not known.
    Unknown,
}

/// A bracket that is open at the offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) body: Body,
    /// The tokens of the statement before the bracket: the first, and the bracket itself.
    pub(crate) start: usize,
    pub(crate) open: usize,
}

/// What stands around an offset.
pub(crate) struct Cursor<'t> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) offset: u32,
    /// The open brackets, outermost first.
    pub(crate) frames: Vec<Frame>,
    /// The first token of the statement, or of the entry in brackets.
    start: usize,
    /// The token after the last one that stands whole before the word.
    end: usize,
    /// The word at the offset; empty where there is none.
    pub(crate) word: Span,
    /// The comment that the offset is in.
    pub(crate) comment: Option<Comment>,
    /// The string that the offset is in.
    pub(crate) string: Option<Token>,
}

impl<'t> Cursor<'t> {
    /// Looks around an offset; one that lies in no character is moved back onto one.
    pub(crate) fn new(tree: &'t Tree<'t>, offset: u32) -> Cursor<'t> {
        let text = tree.source();
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let offset = at as u32;
        let tokens = tree.tokens();
        let next = tokens.partition_point(|token| token.end < offset);
        let is_word = |token: &Token| {
            matches!(token.kind, TokenKind::Ident | TokenKind::Int | TokenKind::BadNumber) && token.start < offset
        };
        let here = tokens[next.min(tokens.len() - 1)];
        let is_in_string = matches!(here.kind, TokenKind::Str | TokenKind::BadStr)
            && here.start < offset
            && (offset < here.end || is_open_string(here.slice(text)));
        let word = if is_word(&here) { here.span() } else { Span::new(offset, offset) };
        let is_in = |comment: &&Comment| {
            let is_open = comment.is_block && offset == comment.end && comment.span().slice(text).ends_with("*/");
            comment.start < offset && offset <= comment.end && !is_open
        };
        let comment = tree.comments().iter().find(is_in).copied();
        let end = tokens.partition_point(|token| token.end <= offset && token.end > token.start);
        let end = if word.start < word.end { end.min(next) } else { end };
        let string = Some(here).filter(|_| is_in_string);
        let mut cursor = Cursor { tree, offset, frames: Vec::new(), start: 0, end, word, comment, string };
        if string.is_some() {
            cursor.end = cursor.end.min(next);
        }
        cursor.scan();
        cursor
    }

    /// The words of the statement, or entry in brackets, that stand before the word.
    pub(crate) fn before(&self) -> &'t [Token] {
        &self.tree.tokens()[self.start.min(self.end)..self.end]
    }

    /// The same without the dotted name that the word ends, and that name up to its last dot.
    pub(crate) fn before_name(&self) -> (&'t [Token], String) {
        let before = self.before();
        let mut start = before.len();
        let mut takes_dot = true;
        let mut edge = self.word.start;
        while let Some(token) = start.checked_sub(1).map(|at| before[at]) {
            let fits = if takes_dot { token.is(b'.') } else { token.kind == TokenKind::Ident };
            if !fits || token.end != edge {
                break;
            }
            (start, edge, takes_dot) = (start - 1, token.start, !takes_dot);
        }
        let name: String = before[start..].iter().map(|token| token.slice(self.tree.source())).collect();
        (&before[..start], name)
    }

    /// What is typed of the word.
    pub(crate) fn typed(&self) -> &'t str {
        Span::new(self.word.start, self.offset).slice(self.tree.source())
    }

    /// A token as written.
    pub(crate) fn slice(&self, token: Token) -> &'t str {
        token.slice(self.tree.source())
    }

    /// The token of that index as written.
    pub(crate) fn text_at(&self, token: usize) -> &'t str {
        self.slice(self.tree.tokens()[token])
    }

    /// The token behind the word.
    pub(crate) fn next(&self) -> Token {
        let tokens = self.tree.tokens();
        let at = tokens.partition_point(|token| token.start < self.word.end.max(self.offset));
        tokens[at.min(tokens.len() - 1)]
    }

    /// The tokens before a bracket, of the same statement.
    pub(crate) fn header(&self, frame: Frame) -> &'t [Token] {
        &self.tree.tokens()[frame.start..frame.open]
    }

    /// What the innermost bracket opened; nothing at the top of the file.
    pub(crate) fn innermost(&self) -> Option<Frame> {
        self.frames.last().copied()
    }

    /// The innermost body of a declaration; nothing at the top of the file.
    pub(crate) fn declaration(&self) -> Option<Frame> {
        let is_declaration = |frame: &&Frame| {
            !matches!(
                frame.body,
                Body::Value | Body::List | Body::ValueName | Body::Options | Body::Parentheses | Body::Unknown
            )
        };
        self.frames.iter().rev().find(is_declaration).copied()
    }

    /// The full name of what encloses the offset, in a package: messages, and a service where `with_service` says so.
    pub(crate) fn scope(&self, package: &str, with_service: bool) -> String {
        let mut scope = package.to_owned();
        for frame in &self.frames {
            let is_named = frame.body == Body::Message || (with_service && frame.body == Body::Service);
            if let Some(name) = Some(frame).filter(|_| is_named).and_then(|frame| self.name_of(*frame)) {
                if !scope.is_empty() {
                    scope.push('.');
                }
                scope.push_str(name);
            }
        }
        scope
    }

    /// The word after the keyword of a declaration.
    pub(crate) fn name_of(&self, frame: Frame) -> Option<&'t str> {
        let header = self.header(frame);
        let is_keyword =
            |token: &&Token| matches!(self.slice(**token), "message" | "enum" | "service" | "rpc" | "oneof" | "group");
        let at = header.iter().position(|token| is_keyword(&token))?;
        header.get(at + 1).filter(|token| token.kind == TokenKind::Ident).map(|token| self.slice(*token))
    }

    /// Whether a token, or the word at the offset, is the first on its line.
    fn is_first_on_line(&self, token: usize, start: u32) -> bool {
        let before = token.checked_sub(1).map_or(0, |before| self.tree.tokens()[before].end);
        token == 0 || Span::new(before, start).slice(self.tree.source()).contains('\n')
    }

    /// Reads the tokens before the word.
    fn scan(&mut self) {
        let tokens = self.tree.tokens();
        for (at, &token) in tokens[..self.end].iter().enumerate() {
            match token.kind {
                TokenKind::Ident => self.word_at(at, token),
                TokenKind::Punct(b'{') => self.open(at, self.brace(at)),
                TokenKind::Punct(b'<') if self.is_in_value() && self.begins_value(at) => self.open(at, Body::Value),
                TokenKind::Punct(b'[') => self.open(at, self.bracket(at)),
                TokenKind::Punct(b'(') => self.open(at, Body::Parentheses),
                TokenKind::Punct(b')') => self.close(at, |body| body == Body::Parentheses),
                TokenKind::Punct(b']') => {
                    self.close(at, |body| matches!(body, Body::Options | Body::List | Body::ValueName));
                }
                TokenKind::Punct(b'>') if self.is_in_value() => self.close(at, |body| body == Body::Value),
                TokenKind::Punct(b'}') => self.close_brace(at),
                TokenKind::Punct(b';') => self.end_statement(at),
                TokenKind::Punct(b',') if self.separates() => self.start = at + 1,
                _ => {}
            }
        }
        let is_typed = self.word.start < self.word.end;
        let is_number = is_typed && !self.typed().starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !is_number && self.string.is_none() && self.starts_statement(self.end, self.word.start, self.typed()) {
            self.start = self.end;
        }
        if self.is_in_value() {
            self.start = self.entry_start();
        }
    }

    fn is_in_value(&self) -> bool {
        self.innermost().is_some_and(|frame| frame.body == Body::Value)
    }

    /// Whether a comma ends an entry here.
    fn separates(&self) -> bool {
        self.innermost().is_some_and(|frame| matches!(frame.body, Body::Options | Body::Value | Body::List))
    }

    fn open(&mut self, open: usize, body: Body) {
        let entry = if self.is_in_value() { self.entry_of(open) } else { None };
        self.frames.push(Frame { body, start: entry.unwrap_or(self.start), open });
        self.start = open + 1;
    }

    /// Closes the innermost bracket of a kind, unless a brace was opened in it.
    fn close(&mut self, at: usize, is_kind: impl Fn(Body) -> bool) {
        let is_brace = |frame: &Frame| self.tree.tokens()[frame.open].is(b'{');
        let Some(found) = self.frames.iter().rposition(|frame| is_kind(frame.body) || is_brace(frame)) else { return };
        if !is_kind(self.frames[found].body) {
            return;
        }
        let frame = self.frames[found];
        self.frames.truncate(found);
        // A list or message within a message ends its entry; all else goes on with the statement.
        let ends_entry = self.is_in_value() && frame.body != Body::ValueName;
        self.start = if ends_entry { at + 1 } else { frame.start };
    }

    fn close_brace(&mut self, at: usize) {
        let is_brace = |frame: &Frame| self.tree.tokens()[frame.open].is(b'{');
        let Some(found) = self.frames.iter().rposition(is_brace) else {
            self.start = at + 1;
            return;
        };
        let frame = self.frames[found];
        self.frames.truncate(found);
        let goes_on = frame.body == Body::Value && !self.is_in_value();
        self.start = if goes_on { frame.start } else { at + 1 };
    }

    fn end_statement(&mut self, at: usize) {
        if !self.is_in_value() {
            let is_brace = |frame: &Frame| self.tree.tokens()[frame.open].is(b'{');
            let open = self.frames.iter().rposition(is_brace).map_or(0, |found| found + 1);
            self.frames.truncate(open);
        }
        self.start = at + 1;
    }

    /// A word may begin a statement though the one before it has no end.
    fn word_at(&mut self, at: usize, token: Token) {
        if !self.tree.is_balanced() && !self.frames.is_empty() && self.is_top_keyword(at, token) {
            self.frames.clear();
            self.start = at;
        }
        if self.starts_statement(at, token.start, self.slice(token)) {
            self.start = at;
        }
    }

    /// Whether a word at the first column can only stand at the top of the file.
    fn is_top_keyword(&self, at: usize, token: Token) -> bool {
        let keywords = ["syntax", "edition", "package", "import", "message", "enum", "service"];
        let is_at_column = |start: u32| start == 0 || self.tree.source().as_bytes()[start as usize - 1] == b'\n';
        is_at_column(token.start) && self.is_first_on_line(at, token.start) && keywords.contains(&self.slice(token))
    }

    /// Whether a word on a line of its own cannot go on with the statement before it.
    fn starts_statement(&self, at: usize, start: u32, word: &str) -> bool {
        let is_open_body = self.innermost().is_none_or(|frame| {
            !matches!(frame.body, Body::Value | Body::List | Body::ValueName | Body::Options | Body::Parentheses)
        });
        if at <= self.start || !is_open_body || !self.is_first_on_line(at, start) {
            return false;
        }
        let tokens = self.tree.tokens();
        let last = tokens[at - 1];
        let goes_on = match last.kind {
            TokenKind::Ident => {
                let first = self.text_at(self.start);
                let is_rpc = first == "rpc" && self.slice(last) == "returns";
                is_rpc
                    || matches!(
                        self.slice(last),
                        "optional" | "required" | "repeated" | "option" | "to" | "extend" | "message" | "enum"
                    )
            }
            TokenKind::Punct(b')') => {
                let statement = &tokens[self.start..at];
                let is_rpc = self.text_at(self.start) == "rpc";
                is_rpc && !statement.iter().any(|token| self.slice(*token) == "returns") && "returns".starts_with(word)
            }
            TokenKind::Punct(punct) => !matches!(punct, b']' | b'>' | b'}'),
            _ => false,
        };
        !goes_on
    }

    /// What a brace opens, by the words before it.
    fn brace(&self, at: usize) -> Body {
        let tokens = self.tree.tokens();
        let header = &tokens[self.start..at];
        let words: Vec<&str> = header.iter().take(3).map(|token| self.slice(*token)).collect();
        match self.innermost().map(|frame| frame.body) {
            Some(Body::Value | Body::List | Body::Options) => return Body::Value,
            Some(Body::Enum | Body::Rpc) if words.first() != Some(&"option") => return Body::Unknown,
            _ => {}
        }
        match words[..] {
            ["option", ..] => Body::Value,
            ["message", ..] | ["export" | "local", "message", ..] => Body::Message,
            ["enum", ..] | ["export" | "local", "enum", ..] => Body::Enum,
            ["service", ..] => Body::Service,
            ["extend", ..] => Body::Extend,
            ["oneof", ..] => Body::Oneof,
            ["rpc", ..] => Body::Rpc,
            ["group", ..] | [_, "group", ..] => Body::Message,
            _ => Body::Unknown,
        }
    }

    fn bracket(&self, at: usize) -> Body {
        match self.innermost().map(|frame| frame.body) {
            Some(Body::Value) if self.begins_value(at) => Body::List,
            Some(Body::Value) => Body::ValueName,
            Some(Body::List) => Body::List,
            Some(Body::Options) => Body::List,
            _ => Body::Options,
        }
    }

    /// Whether a bracket within a message of the text format begins a value, not a name.
    fn begins_value(&self, at: usize) -> bool {
        let tokens = self.tree.tokens();
        let last = tokens[at - 1];
        let is_name = || last.kind == TokenKind::Ident && self.entry_of(at).is_some_and(|entry| entry + 1 == at);
        at > self.start && (last.is(b':') || is_name())
    }

    /// The first token of the entry that the token at `at` belongs to, within a message of the text format.
    fn entry_of(&self, at: usize) -> Option<usize> {
        let (tokens, mut entry, mut has_value) = (self.tree.tokens(), None, false);
        let mut depth = 0u32;
        for index in self.start..at {
            let token = tokens[index];
            match token.kind {
                TokenKind::Punct(b'[') => {
                    depth += 1;
                    entry = entry.filter(|_| !has_value).or(Some(index));
                    has_value = false;
                }
                TokenKind::Punct(b']') => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                TokenKind::Ident if entry.is_none() || has_value => (entry, has_value) = (Some(index), false),
                TokenKind::Punct(b':' | b'-') => {}
                _ if entry.is_some() => {
                    has_value = tokens[index - 1].is(b':') || tokens[index - 1].is(b'-') || has_value;
                }
                _ => {}
            }
        }
        entry
    }

    /// Where the entry of a message of the text format begins that the word belongs to: entries may follow each other
    /// without a mark between them.
    fn entry_start(&self) -> usize {
        let tokens = self.tree.tokens();
        let Some(entry) = self.entry_of(self.end).filter(|entry| *entry < self.end) else { return self.end };
        let mut after = &tokens[entry..self.end];
        after = match after.iter().position(|token| token.is(b':')) {
            Some(colon) => &after[colon + 1..],
            None => return if after.len() == 1 && !after[0].is(b'[') { self.end } else { entry },
        };
        let is_whole = after.last().is_some_and(|token| !token.is(b'-'));
        if is_whole { self.end } else { entry }
    }
}

/// Whether a string has no end.
fn is_open_string(literal: &str) -> bool {
    let mut characters = literal.chars();
    let Some(quote) = characters.next() else { return false };
    let mut is_escaped = false;
    for character in characters {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            other if other == quote => return false,
            _ => {}
        }
    }
    true
}
