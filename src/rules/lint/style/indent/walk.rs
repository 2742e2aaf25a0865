//! Walks over the tokens of a text and finds the lines that start a statement, or end one's body, with how deep they are
//! nested.

use rustc_hash::FxHashMap;

use super::white::Unit;
use crate::schema::{Token, TokenKind, tokens};
use crate::source::Span;

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
    /// What would mend them all.
    pub(super) edits: Vec<(Span, String)>,
}

/// The first token of a line.
#[derive(Clone, Copy)]
struct First<'t> {
    token: Token,
    white: &'t str,
}

impl First<'_> {
    fn white_span(self) -> Span {
        Span::new(self.token.start - self.white.len() as u32, self.token.start)
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

/// A statement that is not over.
struct Statement<'t> {
    /// The level of its first line.
    level: usize,
    /// How its first line is indented, where that is wrong.
    moved: Option<&'t str>,
    /// How many braces, brackets and parentheses are open.
    depth: usize,
    /// Whether a `=` came: braces are a value then.
    has_value: bool,
    /// Whether it is a group, whose body follows its number.
    is_group: bool,
    /// The last token was `group`, one of the first two.
    may_be_group: bool,
    /// How many tokens it has so far, up to a few.
    length: u8,
}

struct Walk<'t, 'u> {
    text: &'t str,
    unit: &'u Unit,
    bodies: Vec<Body<'t>>,
    statement: Option<Statement<'t>>,
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
pub(super) fn runs<'t>(text: &'t str, unit: &Unit) -> Vec<Run<'t>> {
    let bodies = vec![Body::default()];
    let (statement, comments, runs) = (None, Vec::new(), Vec::new());
    let mut walk = Walk { text, unit, bodies, statement, comments, level: 0, lines: 0, in_run: false, runs };
    let mut end = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut at_start = true;
    for token in tokens(text).filter(|token| token.kind != TokenKind::Unknown) {
        let gap = &text[end..token.start as usize];
        let line_end = gap.rfind('\n').map(|at| at + 1).or(at_start.then_some(0));
        let first = line_end.map(|at| First { token, white: &gap[at..] });
        walk.token(token, first);
        (end, at_start) = (token.end as usize, false);
    }
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
    fn token(&mut self, token: Token, first: Option<First<'t>>) {
        if let Some(statement) = &self.statement {
            if let (Some(first), Some(old)) = (first, statement.moved) {
                let closes = matches!(token.kind, TokenKind::Punct(b'}' | b']' | b')'));
                let depth = statement.depth.saturating_sub(usize::from(closes));
                let white = self.unit.shifted(first.white, old, statement.level, depth);
                self.edit(first.white_span(), white);
            }
            if !token.is_comment() {
                self.goes_on(token);
            }
            return;
        }
        match token.kind {
            TokenKind::LineComment | TokenKind::BlockComment => {
                if let Some(first) = first {
                    self.comments.push(first);
                    self.level = self.body().inner;
                }
            }
            TokenKind::Punct(b'}') => self.ends_body(first),
            TokenKind::Punct(b';') => {}
            _ => self.starts(token, first),
        }
    }

    fn body(&mut self) -> &mut Body<'t> {
        self.bodies.last_mut().expect("the body of the whole text is never closed")
    }

    fn starts(&mut self, token: Token, first: Option<First<'t>>) {
        let mut moved = None;
        if let Some(first) = first {
            let level = self.body().inner;
            let is_wrong = self.judge(first, level);
            moved = is_wrong.then_some(first.white);
            self.level = level;
        }
        let level = self.level;
        let (depth, length, has_value, is_group, may_be_group) = (0, 0, false, false, false);
        self.statement = Some(Statement { level, moved, depth, has_value, is_group, may_be_group, length });
        self.goes_on(token);
    }

    /// Takes in a token of the statement.
    fn goes_on(&mut self, token: Token) {
        let Some(statement) = &mut self.statement else { return };
        statement.is_group |= statement.may_be_group && token.kind == TokenKind::Ident;
        statement.may_be_group = statement.length < 2 && token.slice(self.text) == "group";
        statement.length = statement.length.saturating_add(1);
        match token.kind {
            TokenKind::Punct(b'{') if statement.depth == 0 && (statement.is_group || !statement.has_value) => {
                let outer = statement.level;
                self.statement = None;
                self.bodies.push(Body { outer, inner: outer + 1, last: None });
            }
            TokenKind::Punct(b'{' | b'[' | b'(') => statement.depth += 1,
            TokenKind::Punct(b'}' | b']' | b')') => statement.depth = statement.depth.saturating_sub(1),
            TokenKind::Punct(b'=') => statement.has_value = true,
            TokenKind::Punct(b';') if statement.depth == 0 => self.statement = None,
            _ => {}
        }
    }

    fn ends_body(&mut self, first: Option<First<'t>>) {
        self.comments_moved();
        if self.bodies.len() > 1
            && let Some(body) = self.bodies.pop()
            && let Some(first) = first
        {
            self.judge(first, body.outer);
            self.level = body.outer;
        }
    }

    /// Whether a line that should have that level has another one. Comments above it that are indented like it move along.
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
                let token = Span::new(first.token.start, first.token.end);
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
            self.lines_of_comment(comment, &white);
            self.edit(comment.white_span(), white);
        }
    }

    /// Moves the further lines of a block comment, where each starts with an asterisk: white space before those is no part
    /// of what the comment says.
    fn lines_of_comment(&mut self, comment: First<'t>, white: &str) {
        let mut start = comment.token.start as usize;
        let mut edits = Vec::new();
        for line in comment.token.slice(self.text).split_inclusive('\n') {
            let trimmed = line.trim_start_matches([' ', '\t']);
            if start > comment.token.start as usize {
                if !trimmed.starts_with('*') || !line.starts_with(comment.white) {
                    return;
                }
                edits.push((Span::of(start..start + comment.white.len()), white.to_owned()));
            }
            start += line.len();
        }
        edits.into_iter().for_each(|(span, text)| self.edit(span, text));
    }

    fn edit(&mut self, span: Span, text: String) {
        if span.slice(self.text) != text {
            self.runs.last_mut().expect("edits mend lines that were found wrong").edits.push((span, text));
        }
    }
}
