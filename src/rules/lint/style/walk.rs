//! Walks over the statements of a text and finds the lines that start a statement, or end one's body, with how deep
//! they are nested.

use rustc_hash::FxHashMap;

use crate::format::{Unit, shifted_lines};
use crate::source::Span;
use crate::syntax::{Comment, Node, NodeKind, TokenKind, Tree, ast};

/// Lines that follow each other and are all wrong, those between them that are not looked at left out.
pub(super) struct Run<'t> {
    /// The first token of the first line.
    pub(super) token: Span,
    /// The white space before it.
    pub(super) white: &'t str,
    /// The level it should have.
    pub(super) level: usize,
    /// What all of them are indented by a level, where that is the same.
    pub(super) unit: Option<&'t str>,
    /// Whether they are most of the lines of the text, in several runs.
    pub(super) is_throughout: bool,
    /// How many more lines are wrong.
    pub(super) more: usize,
    /// What would fix them all.
    pub(super) edits: Vec<(Span, String)>,
}

/// The first token of a line, or the comment that begins it.
#[derive(Clone, Copy)]
struct First<'t> {
    span: Span,
    white: &'t str,
}

impl First<'_> {
    fn white_span(self) -> Span {
        Span::new(self.span.start - self.white.len() as u32, self.span.start)
    }
}

/// A line that was looked at.
#[derive(Clone, Copy)]
struct Impact<'t> {
    white: &'t str,
    level: usize,
    is_wrong: bool,
}

/// The body of a message, an enum, a service, an rpc and so on; or the whole text.
#[derive(Default)]
struct Body<'t> {
    /// The level of the line that ends it.
    outer: usize,
    /// The level of the lines in it.
    inner: usize,
    /// The last of them so far.
    last: Option<Impact<'t>>,
}

/// What a statement says of itself: all of it, or what stands before its body.
struct Header<'t> {
    /// The level of its first line.
    level: usize,
    /// How its first line is indented, where that is wrong.
    moved: Option<&'t str>,
    /// How many braces, brackets and parentheses are open.
    depth: usize,
}

struct Walk<'t, 'u> {
    tree: &'t Tree<'t>,
    text: &'t str,
    unit: &'u Unit,
    /// The comments that were not passed yet.
    ahead: &'t [Comment],
    /// Where the token or the comment ends that was passed last.
    end: u32,
    bodies: Vec<Body<'t>>,
    /// Comments at the start of lines between statements that were not decided on.
    comments: Vec<First<'t>>,
    /// The level of the line.
    level: usize,
    /// How many lines were looked at that should be indented.
    lines: usize,
    /// Whether the last line looked at was wrong.
    in_run: bool,
    runs: Vec<Run<'t>>,
}

/// The runs of wrong lines of a text, in order. Those of a text that is indented by another unit throughout are one.
pub(super) fn runs<'t>(tree: &'t Tree<'t>, unit: &Unit) -> Vec<Run<'t>> {
    let mut walk = Walk {
        tree,
        text: tree.source(),
        unit,
        ahead: tree.comments(),
        end: tree.start(),
        bodies: vec![Body::default()],
        comments: Vec::new(),
        level: 0,
        lines: 0,
        in_run: false,
        runs: Vec::new(),
    };
    walk.statements(tree.root());
    walk.comments_between(tree.root().end());
    walk.comments_moved();
    joined(walk.runs, walk.lines)
}

/// Joins the runs that have one unit in common, where those are most of all lines.
fn joined(runs: Vec<Run<'_>>, lines: usize) -> Vec<Run<'_>> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for run in &runs {
        run.unit.into_iter().for_each(|unit| *counts.entry(unit).or_default() += run.more + 1);
    }
    let Some(unit) = counts.into_iter().find(|(_, count)| count * 2 > lines).map(|(unit, _)| unit) else { return runs };
    let (alike, mut joined): (Vec<Run<'_>>, Vec<Run<'_>>) = runs.into_iter().partition(|run| run.unit == Some(unit));
    let whole = alike.into_iter().reduce(|mut whole, run| {
        whole.is_throughout = true;
        whole.more += run.more + 1;
        whole.edits.extend(run.edits);
        whole
    });
    joined.extend(whole);
    joined
}

/// What a level is indented by where a line of that level has this white space.
fn unit_of(white: &str, level: usize) -> Option<&str> {
    let unit = white.get(..white.len().checked_div(level)?)?;
    (!unit.is_empty() && unit.repeat(level) == white).then_some(unit)
}

impl<'t> Walk<'t, '_> {
    /// The statements of a body, or of the whole text.
    fn statements(&mut self, of: Node<'t>) {
        for node in ast::statements(of).map(ast::Statement::node) {
            self.comments_between(node.first());
            let brace = node.opening_brace();
            let is_whole = !node.is_damaged() && !matches!(node.kind(), NodeKind::Error | NodeKind::Empty);
            match brace
                .map(|brace| brace + 1)
                .or_else(|| ast::statements(node).next().map(|first| first.node().first()))
            {
                Some(inside) if is_whole && brace.is_some() => {
                    let level = self.header(node, inside);
                    self.body_of(node, level);
                }
                // It is not known where a damaged line should stand; what is in its body can be known.
                Some(inside) => {
                    let level = self.body().inner;
                    self.leave(inside);
                    self.body_of(node, level);
                }
                None if is_whole => _ = self.header(node, node.end()),
                None => self.leave(node.end()),
            }
        }
    }

    /// Skips tokens that are not looked at, up to that of an index.
    fn leave(&mut self, token: u32) {
        let passed = self.ahead.partition_point(|comment| comment.before < token);
        self.ahead = &self.ahead[passed..];
        self.end = self.end.max(self.tree.tokens()[token as usize - 1].end);
    }

    /// The body of a declaration whose first line has that level; its opening brace was passed.
    fn body_of(&mut self, node: Node<'t>, level: usize) {
        self.bodies.push(Body { outer: level, inner: level + 1, last: None });
        self.statements(node);
        let last = node.end() - 1;
        let brace = self.tree.tokens()[last as usize];
        // One that is missing was reported: the last token is that of a statement in the body then.
        let first = if brace.is(b'}') && brace.start >= self.end {
            self.comments_between(last);
            self.pass(brace.span())
        } else {
            None
        };
        self.comments_moved();
        let body = self.bodies.pop().expect("it was opened above");
        if let Some(first) = first {
            self.judge(first, body.outer);
            self.level = body.outer;
        }
        self.leave(node.end());
    }

    /// Skips a token or a comment; what it is the first of, if it begins a line.
    fn pass(&mut self, span: Span) -> Option<First<'t>> {
        let gap = Span::new(self.end, span.start).slice(self.text);
        let is_start = self.end == self.tree.start();
        self.end = span.end;
        let line_end = gap.rfind('\n').map(|at| at + 1).or(is_start.then_some(0));
        let white = &gap[line_end?..];
        // What is damaged may stand between.
        white.trim().is_empty().then_some(First { span, white })
    }

    /// The next comment, if it stands before the token of that index.
    fn next_comment(&mut self, token: u32) -> Option<Span> {
        let (comment, rest) = self.ahead.split_first().filter(|(comment, _)| comment.before <= token)?;
        self.ahead = rest;
        Some(comment.span())
    }

    /// Comments between statements, up to a token.
    fn comments_between(&mut self, token: u32) {
        while let Some(comment) = self.next_comment(token) {
            if let Some(first) = self.pass(comment) {
                self.comments.push(first);
                self.level = self.body().inner;
            }
        }
    }

    fn body(&mut self) -> &mut Body<'t> {
        self.bodies.last_mut().expect("the body of the whole text is never closed")
    }

    /// The tokens of a statement up to that of an index; the level of its first line.
    fn header(&mut self, node: Node<'t>, end: u32) -> usize {
        let tokens = self.tree.tokens();
        let mut moved = None;
        if let Some(first) = self.pass(tokens[node.first() as usize].span()) {
            let level = self.body().inner;
            let is_wrong = self.judge(first, level);
            moved = is_wrong.then_some(first.white);
            self.level = level;
        }
        let mut header = Header { level: self.level, moved, depth: 0 };
        for at in node.first()..end {
            let token = tokens[at as usize];
            if at > node.first() {
                while let Some(comment) = self.next_comment(at) {
                    self.goes_on(comment, header.depth, &header);
                }
                let closes = matches!(token.kind, TokenKind::Punct(b'}' | b']' | b')'));
                self.goes_on(token.span(), header.depth.saturating_sub(usize::from(closes)), &header);
            }
            match token.kind {
                TokenKind::Punct(b'{' | b'[' | b'(') => header.depth += 1,
                TokenKind::Punct(b'}' | b']' | b')') => header.depth = header.depth.saturating_sub(1),
                _ => {}
            }
        }
        header.level
    }

    /// A further token or comment of a statement: a line that begins with it moves along.
    fn goes_on(&mut self, span: Span, depth: usize, header: &Header<'t>) {
        if let (Some(first), Some(old)) = (self.pass(span), header.moved) {
            let white = self.unit.shifted(first.white, old, header.level, depth);
            self.edit(first.white_span(), white);
        }
    }

    /// Whether a line that should have that level has another one. Comments above it that are indented like it move
    /// along.
    fn judge(&mut self, first: First<'t>, level: usize) -> bool {
        let is_wrong = !self.unit.is_white(first.white, level);
        self.lines += usize::from(level > 0);
        let unit = unit_of(first.white, level);
        match self.runs.last_mut() {
            _ if !is_wrong => self.comments_moved(),
            Some(run) if self.in_run => {
                run.more += 1;
                run.unit = run.unit.filter(|common| unit == Some(*common));
            }
            _ => {
                let token = first.span;
                let (white, is_throughout, more, edits) = (first.white, false, 0, Vec::new());
                self.runs.push(Run { token, white, level, unit, is_throughout, more, edits });
            }
        }
        self.in_run = is_wrong;
        let impact = Impact { white: first.white, level, is_wrong };
        if is_wrong {
            self.edit(first.white_span(), self.unit.white(level));
            self.comments_like(impact);
        }
        self.body().last = Some(impact);
        is_wrong
    }

    /// Moves the comments between here and the last line of the body along with that one.
    fn comments_moved(&mut self) {
        match self.body().last {
            Some(last) if last.is_wrong => self.comments_like(last),
            _ => self.comments.clear(),
        }
    }

    /// Moves the comments that are indented like a wrong line.
    fn comments_like(&mut self, impact: Impact<'t>) {
        for comment in std::mem::take(&mut self.comments).into_iter().filter(|comment| comment.white == impact.white) {
            let white = self.unit.white(impact.level);
            for (span, text) in shifted_lines(self.text, comment.span, comment.white, &white) {
                self.edit(span, text);
            }
            self.edit(comment.white_span(), white);
        }
    }

    fn edit(&mut self, span: Span, text: String) {
        if span.slice(self.text) != text {
            self.runs.last_mut().expect("edits fix lines that were found wrong").edits.push((span, text));
        }
    }
}
