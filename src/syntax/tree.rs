//! The tree of a text: nodes over tokens, all in flat vectors. Every byte belongs to a token, to a comment, or to the
//! white space before one of these.

use super::fault::Fault;
use super::lexer::{Comment, Token, TokenKind};
use crate::source::Span;

/// What a node is. Its parts are distinguished by their kinds, or by the tokens at its ends; see [`super::ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// The whole text.
    File,
    /// `syntax = "…";` or `edition = "…";`.
    Syntax,
    Package,
    Import,
    /// `option name = value;`.
    OptionStatement,
    Message,
    Enum,
    Service,
    Extend,
    Field,
    Group,
    Oneof,
    EnumValue,
    Rpc,
    Extensions,
    Reserved,
    /// A semicolon alone.
    Empty,
    /// What is no statement.
    Error,
    /// One word that a declaration is called.
    Name,
    /// A type as written, dots included.
    TypeName,
    /// `map<K, V>`.
    MapType,
    /// An integer with its sign.
    Number,
    /// String literals side by side.
    Strings,
    /// Words joined by dots.
    Path,
    /// A number, or numbers joined by `to`.
    Range,
    /// `(stream Type)`.
    RpcType,
    /// Options in brackets.
    OptionList,
    /// `name = value` in an option list.
    OptionEntry,
    OptionName,
    /// One component of an option's name.
    OptionPart,
    /// A number, word or string as the value of an option.
    Scalar,
    /// `{ … }` or `< … >` as the value of an option.
    MessageValue,
    /// `[ … ]` as the value of an option.
    ListValue,
    /// `name: value` in a message value.
    ValueField,
    /// The name of such a field; in brackets that of an extension or of a packed message.
    ValueName,
}

impl NodeKind {
    /// How many kinds there are.
    pub(crate) const COUNT: usize = NodeKind::ValueName as usize + 1;
}

#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub(super) kind: NodeKind,
    pub(super) is_damaged: bool,
    /// The first token.
    pub(super) first: u32,
    /// The token after the last one.
    pub(super) end: u32,
    /// The node after the last one below this one.
    pub(super) next: u32,
}

/// A text, read.
pub(crate) struct Tree<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Comment>,
    /// In the order of the text, each before those below it.
    pub(super) nodes: Vec<NodeData>,
    pub(super) faults: Vec<Fault>,
    pub(super) is_balanced: bool,
}

impl<'t> Tree<'t> {
    /// The whole text that its parts make, put together again: the input, whatever that was.
    pub(crate) fn text(&self) -> String {
        let mut pieces: Vec<Span> = self.tokens.iter().map(|token| token.span()).collect();
        pieces.extend(self.comments.iter().map(|comment| comment.span()));
        pieces.sort_unstable();
        let (mut text, mut end) = (String::new(), 0);
        for piece in pieces {
            let between = Span::new(end, piece.start).slice(self.text);
            let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\u{feff}');
            if end <= piece.start && between.chars().all(is_space) {
                text.push_str(between);
            }
            text.push_str(piece.slice(self.text));
            end = piece.end;
        }
        text
    }

    /// The text it was made of.
    pub(crate) fn source(&self) -> &'t str {
        self.text
    }

    /// All tokens; the last one is the end.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// All comments, in order.
    pub(crate) fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// What is wrong with the text, in the order of places.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Whether each bracket has its partner; where one has none, what is nested in what is found by lines alone.
    pub(crate) fn is_balanced(&self) -> bool {
        self.is_balanced
    }

    /// The node of the whole text.
    pub(crate) fn root(&self) -> Node<'_> {
        Node { tree: self, index: 0 }
    }

    /// All nodes, each before those below it.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.nodes.len() as u32).map(|index| Node { tree: self, index })
    }

    /// The comments before the token of that index and after the one before it.
    pub(crate) fn comments_before(&self, token: u32) -> &[Comment] {
        let start = self.comments.partition_point(|comment| comment.before < token);
        let own = &self.comments[start..];
        let count = own.iter().take_while(|comment| comment.before == token).count();
        &own[..count]
    }

    /// The node of that index.
    pub(super) fn node(&self, index: u32) -> Node<'_> {
        Node { tree: self, index }
    }
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl<'t> Node<'t> {
    fn data(self) -> NodeData {
        self.tree.nodes[self.index as usize]
    }

    pub(crate) fn tree(self) -> &'t Tree<'t> {
        self.tree
    }

    pub(crate) fn kind(self) -> NodeKind {
        self.data().kind
    }

    /// Whether a fault lies in what it says of itself; nodes below it may be whole nevertheless.
    pub(crate) fn is_damaged(self) -> bool {
        self.data().is_damaged
    }

    /// The index of its first token.
    pub(crate) fn first(self) -> u32 {
        self.data().first
    }

    /// The index of the token after its last one.
    pub(crate) fn end(self) -> u32 {
        self.data().end
    }

    /// Its tokens, those of the nodes below it included.
    pub(crate) fn tokens(self) -> &'t [Token] {
        let data = self.data();
        &self.tree.tokens[data.first as usize..data.end as usize]
    }

    /// From its first token to its last one; comments outside.
    pub(crate) fn span(self) -> Span {
        match self.tokens() {
            [] => {
                let at = self.tree.tokens[self.data().first as usize].start;
                Span::new(at, at)
            }
            tokens => Span::new(tokens[0].start, tokens[tokens.len() - 1].end),
        }
    }

    /// What is written there.
    pub(crate) fn text(self) -> &'t str {
        self.span().slice(self.tree.text)
    }

    /// The nodes directly below it, in order.
    pub(crate) fn children(self) -> Children<'t> {
        Children { tree: self.tree, next: self.index + 1, end: self.data().next }
    }

    /// The first of these of a kind.
    pub(crate) fn child(self, kind: NodeKind) -> Option<Node<'t>> {
        self.children().find(|child| child.kind() == kind)
    }

    /// All nodes below it, each before those below that.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Node<'t>> {
        (self.index + 1..self.data().next).map(move |index| Node { tree: self.tree, index })
    }

    /// Whether its first token is that word.
    pub(crate) fn begins_with(self, word: &str) -> bool {
        self.tokens().first().is_some_and(|token| token.kind == TokenKind::Ident && token.slice(self.tree.text) == word)
    }
}

/// The nodes directly below one.
#[derive(Clone)]
pub(crate) struct Children<'t> {
    tree: &'t Tree<'t>,
    next: u32,
    end: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node { tree: self.tree, index: self.next };
        self.next = node.data().next;
        Some(node)
    }
}
