//! What should stand before each token of a text: which statements begin lines, how deep they are nested, and how what
//! they consist of is joined. It decides over tokens; comments and white space as found are for [`super::render`].

use std::ops::Range;

use super::measure::{become_one, between};
use super::{Style, Unit};
use crate::syntax::{Node, NodeKind, TokenKind, Tree, ast};

/// What should stand before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// What stands there.
    Kept,
    Nothing,
    Space,
    /// A line end and the white space of a level.
    Line(Blank),
}

/// Whether an empty line stands before a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blank {
    /// Where one was.
    Kept,
    Never,
    Always,
}

/// What should stand before a token, and where lines begin there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) want: Want,
    /// The level of the token, where it begins a line.
    pub(super) level: u32,
    /// The level of comments that have lines of their own.
    pub(super) comments: u32,
}

impl Gap {
    pub(super) const KEPT: Gap = Gap { want: Want::Kept, level: 0, comments: 0 };

    /// A line of a level.
    pub(super) fn line(level: u32, blank: Blank) -> Gap {
        Gap { want: Want::Line(blank), level, comments: level }
    }

    /// The line of a bracket that closes what is one level deeper.
    pub(super) fn closing(level: u32) -> Gap {
        Gap { comments: level + 1, ..Gap::line(level, Blank::Never) }
    }
}

/// How much of a text is formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Everything but statements with errors.
    All,
    /// Declarations at the top of the file without any error in them.
    WholeDeclarations,
}

pub(super) struct Layout<'t, 's> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) text: &'t str,
    pub(super) style: &'s Style,
    pub(super) gaps: Vec<Gap>,
    scope: Scope,
    /// How many characters a level takes up.
    pub(super) unit_width: usize,
}

/// What should stand before each token of a text.
pub(super) fn gaps(tree: &Tree<'_>, style: &Style, scope: Scope) -> Vec<Gap> {
    let unit = Unit::of(style);
    let mut layout = Layout {
        tree,
        text: tree.source(),
        style,
        gaps: vec![Gap::KEPT; tree.tokens().len()],
        scope,
        unit_width: unit.width(&unit.text),
    };
    let last = layout.statements(tree.root(), 0);
    let end = tree.tokens().len() - 1;
    if !layout.is_beside_damage(last, end as u32) {
        layout.gaps[end] = Gap::line(0, Blank::Never);
    }
    layout.gaps
}

/// Whether a statement is left as it is.
fn is_damaged(node: Node<'_>) -> bool {
    let is_statement = |node: &Node<'_>| ast::Statement::cast(*node).is_some();
    let lacks_brace = || ast::statements(node).next().is_some() && node.opening_brace().is_none();
    node.is_damaged()
        || node.kind() != NodeKind::File && lacks_brace()
        || node.kind() == NodeKind::Error
        || node
            .children()
            .filter(|child| !is_statement(child))
            .any(|child| child.is_damaged() || child.descendants().any(Node::is_damaged))
}

impl<'t> Layout<'t, '_> {
    /// The statements of a body of a level, or of the whole text; the last one.
    fn statements(&mut self, of: Node<'t>, level: u32) -> Option<Node<'t>> {
        let mut before: Option<Node<'t>> = None;
        for node in ast::statements(of).map(ast::Statement::node) {
            if node.first() == node.end() {
                continue;
            }
            let is_kept = self.is_kept(node);
            // A damaged line moves along, as lines beside it are read by how they are indented.
            let moves = !is_kept || self.scope == Scope::All && self.is_broken_before(node.first());
            if moves {
                self.gaps[node.first() as usize] = self.before_statement(before, node, level);
            }
            if !is_kept {
                self.statement(node, level);
            }
            before = Some(node);
        }
        before
    }

    /// Whether a statement is left as it is.
    fn is_kept(&self, node: Node<'t>) -> bool {
        let has_faults = || {
            let (span, faults) = (node.span(), self.tree.faults());
            let first = faults.partition_point(|fault| fault.span.start < span.start);
            faults.get(first).is_some_and(|fault| fault.span.start <= span.end)
        };
        match self.scope {
            Scope::All => is_damaged(node),
            Scope::WholeDeclarations => is_damaged(node) || has_faults() || node.descendants().any(is_damaged),
        }
    }

    /// Whether a token stands right behind what is left as it is, on one line with it.
    fn is_beside_damage(&self, before: Option<Node<'t>>, token: u32) -> bool {
        let is_covered = before.is_none_or(|before| before.end() == token);
        let is_kept = before.is_some_and(|before| self.is_kept(before)) || !is_covered;
        is_kept && !self.is_broken_before(token)
    }

    fn before_statement(&self, before: Option<Node<'t>>, node: Node<'t>, level: u32) -> Gap {
        let first = node.first();
        if self.is_beside_damage(before, first) {
            return Gap::KEPT;
        }
        let is_apart = |kind| level == 0 && node.kind() == kind && before.is_some_and(|before| before.kind() != kind);
        match before {
            _ if node.kind() == NodeKind::Empty && first > 0 && !self.is_broken_before(first) => {
                Gap { want: Want::Nothing, ..Gap::line(level, Blank::Never) }
            }
            None if level > 0 => Gap::line(level, Blank::Never),
            _ if is_apart(NodeKind::Import) || is_apart(NodeKind::OptionStatement) => Gap::line(level, Blank::Always),
            _ => Gap::line(level, Blank::Kept),
        }
    }

    /// All of a statement but what stands before it.
    fn statement(&mut self, node: Node<'t>, level: u32) {
        let open = node.opening_brace();
        let header_end = open.map_or(node.end(), |open| open + 1);
        self.joined(node, header_end, level);
        match node.kind() {
            NodeKind::Rpc => self.rpc(node, header_end, level),
            NodeKind::Reserved | NodeKind::Extensions => self.ranges(node, level),
            NodeKind::Field | NodeKind::EnumValue | NodeKind::Group => {
                let list = node.child(NodeKind::OptionList);
                let (end, after) = list.map_or((header_end, 0), |list| (list.first(), 2));
                let column = self.head(node.first()..end, (level, level + 2), after);
                if let Some(list) = list {
                    let column = column + 1;
                    let after = self.width_behind(list.end(), header_end);
                    self.option_list(list, level, column, after);
                }
            }
            NodeKind::OptionStatement => self.option(node, level),
            _ => {}
        }
        if let Some(open) = open {
            self.body(node, open, level);
        }
    }

    /// The body of a declaration with that opening brace.
    fn body(&mut self, node: Node<'t>, open: u32, level: u32) {
        let last = self.statements(node, level + 1);
        let close = node.end() - 1;
        let covered = last.map_or(open + 1, Node::end);
        let is_own = close >= covered && close > open && self.tree.tokens()[close as usize].is(b'}');
        if !is_own || close > covered || self.is_beside_damage(last, close) {
            return;
        }
        let is_empty = last.is_none() && self.tree.comments_before(close).is_empty();
        self.gaps[close as usize] = match is_empty {
            true => Gap { want: Want::Nothing, ..Gap::line(level, Blank::Never) },
            false => Gap::closing(level),
        };
    }

    /// An rpc that is too long for a line is broken before `returns`.
    fn rpc(&mut self, node: Node<'t>, header_end: u32, level: u32) {
        let request = node.child(NodeKind::RpcType);
        let has_empty_body = header_end < node.end() && self.tree.tokens()[header_end as usize].is(b'}');
        let width = self.indent(level) + self.width(node.first(), header_end) + usize::from(has_empty_body);
        if let Some(request) = request.filter(|_| width > self.style.line_length) {
            self.head(node.first()..request.end(), (level, level + 2), 0);
            self.gaps[request.end() as usize] = Gap::line(level + 2, Blank::Never);
            self.head(request.end()..header_end, (level + 2, level + 4), 0);
        }
    }

    /// Tokens at the start of a line of a level; the column that they end at. Where they and what stands `after` them are
    /// too long for a line, the lines that they were broken into stay, and begin at another level.
    fn head(&mut self, tokens: Range<u32>, (level, further): (u32, u32), after: usize) -> usize {
        let column = self.indent(level) + self.width(tokens.start, tokens.end);
        if column + after <= self.style.line_length {
            return column;
        }
        let (mut start, mut indent) = (tokens.start, self.indent(level));
        for at in tokens.start + 1..tokens.end {
            let opens = self.tree.tokens()[at as usize - 1].is(b'(');
            let may_break = opens || self.gaps[at as usize].want == Want::Space;
            if may_break && self.is_broken_before(at) {
                self.gaps[at as usize] = Gap::line(further, Blank::Never);
                (start, indent) = (at, self.indent(further));
            }
        }
        indent + self.width(start, tokens.end)
    }

    /// Ranges and names: rows stay as they are, and those that are too long are broken after commas.
    fn ranges(&mut self, node: Node<'t>, level: u32) {
        let is_item = |child: &Node<'_>| matches!(child.kind(), NodeKind::Range | NodeKind::Strings | NodeKind::Name);
        let items: Vec<Node<'t>> = node.children().filter(is_item).collect();
        let mut column = self.indent(level) + self.width(node.first(), node.first() + 1);
        for (at, item) in items.iter().enumerate() {
            // With what stands after it.
            let width = self.width(item.first(), item.end()) + 1;
            let is_too_long = column + 1 + width > self.style.line_length;
            if at > 0 && (self.is_broken_before(item.first()) || is_too_long) {
                self.gaps[item.first() as usize] = Gap::line(level + 2, Blank::Never);
                column = self.indent(level + 2) + width;
            } else {
                column += 1 + width;
            }
        }
        if let Some(list) = node.child(NodeKind::OptionList) {
            let after = self.width_behind(list.end(), node.end());
            self.option_list(list, level, column, after);
        }
    }

    /// The tokens of a statement up to that of an index, all on one line.
    fn joined(&mut self, node: Node<'t>, end: u32, level: u32) {
        let (first, tokens) = (node.first(), self.tree.tokens());
        for at in first + 1..end {
            let (before, token) = (tokens[at as usize - 1], tokens[at as usize]);
            self.gaps[at as usize] = Gap { want: between(before, token), ..Gap::line(level + 2, Blank::Never) };
        }
        let header = node.children().filter(|child| ast::Statement::cast(*child).is_none());
        let mut has_request = false;
        for part in header.flat_map(|child| [child].into_iter().chain(child.descendants())) {
            match part.kind() {
                NodeKind::TypeName | NodeKind::Path | NodeKind::OptionName | NodeKind::ValueName => {
                    self.without_space(part.first() + 1..part.end());
                }
                // What should have been in quotes may stand in any form.
                NodeKind::Strings if part.tokens().iter().any(|token| token.kind != TokenKind::Str) => {
                    self.gaps[part.first() as usize + 1..part.end() as usize].fill(Gap::KEPT);
                }
                NodeKind::MapType => self.without_space(part.first() + 1..part.first() + 2),
                NodeKind::RpcType if !std::mem::replace(&mut has_request, true) => {
                    self.without_space(part.first()..part.first() + 1);
                }
                _ => {}
            }
        }
    }

    /// Nothing stands before the tokens, but where two would become one.
    fn without_space(&mut self, tokens: Range<u32>) {
        for at in tokens {
            let (before, token) = (self.tree.tokens()[at as usize - 1], self.tree.tokens()[at as usize]);
            if !become_one(before, token) {
                self.gaps[at as usize].want = Want::Nothing;
            }
        }
    }

    /// Changes the level at which lines begin that comments make necessary.
    pub(super) fn relevel(&mut self, node: Node<'t>, level: u32) {
        for gap in &mut self.gaps[node.first() as usize + 1..node.end() as usize] {
            (gap.level, gap.comments) = (level + 2, level + 2);
        }
    }
}
