//! Makes edits of what should stand before each token: white space, with the comments that stand there, and quotes.
//!
//! Comments stay with what protoc attaches them to, which depends on the line ends around them alone: on whether a
//! comment stands on the line of the token before it, and on whether empty lines separate it from its neighbours.

use super::edits::line_end;
use super::layout::{Blank, Gap, Want};
use super::{Style, Unit, quotes, region};
use crate::source::Span;
use crate::syntax::{Comment, Token, TokenKind, Tree};

struct Render<'t, 's> {
    tree: &'t Tree<'t>,
    text: &'t str,
    style: &'s Style,
    unit: Unit,
    line_end: &'static str,
    edits: Vec<(Span, String)>,
    /// Where the token or the comment before ends; none at the start.
    end: Option<u32>,
}

/// The edits that make each gap what it should be, in order.
pub(super) fn edits(tree: &Tree<'_>, gaps: &[Gap], style: &Style) -> Vec<(Span, String)> {
    let text = tree.source();
    let unit = Unit::of(style);
    let line_end = line_end(text, style);
    let mut render = Render { tree, text, style, unit, line_end, edits: Vec::new(), end: None };
    let mut comments = tree.comments();
    for (at, (token, gap)) in tree.tokens().iter().zip(gaps).enumerate() {
        let count = comments.iter().take_while(|comment| comment.before == at as u32).count();
        let (own, rest) = comments.split_at(count);
        comments = rest;
        match gap.want {
            Want::Kept => {}
            _ if own.is_empty() => render.before_token(*token, *gap),
            _ => render.with_comments(own, *token, *gap),
        }
        // Those of statements that are left as they are stay.
        if gap.want != Want::Kept {
            render.quotes(*token);
        }
        render.end = Some(token.end);
    }
    let off = region::off(tree);
    if !off.is_empty() {
        render.edits.retain(|(span, _)| !region::holds(&off, *span));
    }
    render.edits
}

impl<'t> Render<'t, '_> {
    fn start(&self) -> u32 {
        self.end.unwrap_or_else(|| self.tree.start())
    }

    /// How many line ends stand before an offset and after what was passed last.
    fn line_ends(&self, to: u32) -> usize {
        Span::new(self.start(), to).slice(self.text).bytes().filter(|&byte| byte == b'\n').count()
    }

    /// Replaces what stands before an offset.
    fn replace(&mut self, to: u32, new: &str) {
        self.edit(Span::new(self.start(), to), new);
    }

    /// Replaces a part of the text by one whose lines end in a line feed.
    fn edit(&mut self, span: Span, new: &str) {
        let old = span.slice(self.text);
        if old == new && (self.style.line_end.is_none() || self.line_end == "\n") {
            return;
        }
        if self.style.line_end.is_none() && old.contains('\r') && old.replace("\r\n", "\n") == new {
            return;
        }
        let new = if self.line_end == "\n" { new.to_owned() } else { new.replace('\n', self.line_end) };
        if old != new {
            self.edits.push((span, new));
        }
    }

    /// A line of a level below what was passed last, with an empty one between where that is wanted.
    fn line(&self, level: u32, is_apart: bool) -> String {
        let white = self.unit.white(level as usize);
        match self.end {
            None => white,
            Some(_) if is_apart => format!("\n\n{white}"),
            Some(_) => format!("\n{white}"),
        }
    }

    fn before_token(&mut self, token: Token, gap: Gap) {
        let new = match gap.want {
            Want::Line(_) if token.kind == TokenKind::End => self.end.map_or("", |_| "\n").to_owned(),
            Want::Line(blank) => {
                let is_apart = match blank {
                    Blank::Kept => self.line_ends(token.start) > 1,
                    Blank::Never => false,
                    Blank::Always => true,
                };
                self.line(gap.level, is_apart)
            }
            Want::Space => " ".to_owned(),
            Want::Nothing | Want::Kept => String::new(),
        };
        self.replace(token.start, &new);
    }

    fn quotes(&mut self, token: Token) {
        if let Some(better) = quotes::requoted(token, self.text, self.style.quote) {
            self.edits.push((token.span(), better));
        }
    }

    /// Comments before a token, and the token.
    fn with_comments(&mut self, comments: &[Comment], token: Token, gap: Gap) {
        let opens = self.opens(comments[0].before);
        let mut has_own_line = false;
        for (at, comment) in comments.iter().enumerate() {
            let is_first_line = !has_own_line;
            let line_ends = self.line_ends(comment.start);
            has_own_line = line_ends > 0 || self.end.is_none();
            let rest = &comments[at..];
            let new = match gap.want {
                _ if !has_own_line => " ".to_owned(),
                Want::Line(blank) => {
                    let is_apart = match line_ends > 1 {
                        true => !(opens && at == 0) || !is_closing(token) && !self.leads(rest, token),
                        false => blank == Blank::Always && is_first_line && self.leads(rest, token),
                    };
                    self.line(gap.comments, is_apart)
                }
                _ => self.line(gap.level, false),
            };
            self.replace(comment.start, &new);
            let level = if matches!(gap.want, Want::Line(_)) { gap.comments } else { gap.level };
            self.comment(*comment, has_own_line, level);
            self.end = Some(comment.end);
        }
        let new = self.after_comments(comments[comments.len() - 1], has_own_line, opens, token, gap);
        self.replace(token.start, &new);
    }

    /// What stands between the last comment before a token and the token.
    fn after_comments(&self, last: Comment, has_own_line: bool, opens: bool, token: Token, gap: Gap) -> String {
        let line_ends = self.line_ends(token.start);
        match gap.want {
            Want::Line(_) if token.kind == TokenKind::End => "\n".to_owned(),
            // A comment of one line that stands by itself before a token on that line.
            Want::Line(_) if line_ends == 0 && has_own_line && !self.has_lines(last) => " ".to_owned(),
            Want::Line(blank) => {
                let is_kept = line_ends > 1 && !is_closing(token) && (has_own_line || !opens);
                self.line(gap.level, is_kept || blank == Blank::Always && !has_own_line)
            }
            _ if !last.is_block || has_own_line => self.line(gap.level, false),
            Want::Space => " ".to_owned(),
            Want::Nothing | Want::Kept => String::new(),
        }
    }

    fn has_lines(&self, comment: Comment) -> bool {
        comment.span().slice(self.text).contains('\n')
    }

    /// Whether the token before that of an index opens a body or a list.
    fn opens(&self, token: u32) -> bool {
        let before = token.checked_sub(1).map(|before| self.tree.tokens()[before as usize]);
        before.is_some_and(|before| matches!(before.kind, TokenKind::Punct(b'{' | b'[' | b'<')))
    }

    /// Whether comments are one run of lines that ends right above a token.
    fn leads(&self, comments: &[Comment], token: Token) -> bool {
        let spans = comments.iter().map(|comment| comment.span()).chain([token.span()]);
        let spans: Vec<Span> = spans.collect();
        let is_line = |comment: &Comment| !comment.is_block;
        let is_close = |pair: &[Span]| {
            Span::new(pair[0].end, pair[1].start).slice(self.text).bytes().filter(|&byte| byte == b'\n').count() == 1
        };
        (comments.len() == 1 || comments.iter().all(is_line)) && spans.windows(2).all(is_close)
    }

    /// White space within a comment and after its lines.
    fn comment(&mut self, comment: Comment, has_own_line: bool, level: u32) {
        let written = comment.span().slice(self.text);
        if !comment.is_block {
            let trimmed = written.trim_end_matches([' ', '\t', '\x0b', '\x0c', '\r']);
            let end = comment.start + trimmed.len() as u32;
            self.edit(Span::new(end, comment.end), "");
            return;
        }
        if !self.has_lines(comment) {
            return;
        }
        let new = match has_own_line {
            true => self.moved(comment, level),
            false => written.replace("\r\n", "\n"),
        };
        let lines: Vec<&str> = new.split('\n').map(|line| line.trim_end_matches([' ', '\t', '\r'])).collect();
        self.edit(comment.span(), &lines.join("\n"));
    }

    /// A block comment at the start of a line of a level. Where each further line starts with an asterisk, these stand
    /// below the first; other lines keep their distance from the first one.
    fn moved(&self, comment: Comment, level: u32) -> String {
        let written = comment.span().slice(self.text).replace("\r\n", "\n");
        let white = self.unit.white(level as usize);
        let (first, rest) = written.split_once('\n').unwrap_or((&written, ""));
        let is_starred = |line: &str| line.trim_start_matches([' ', '\t']).starts_with('*');
        if rest.split('\n').all(is_starred) {
            let lines = rest.split('\n').map(|line| format!("\n{white} {}", line.trim_start_matches([' ', '\t'])));
            return first.to_owned() + &lines.collect::<String>();
        }
        let above = &self.text[..comment.start as usize];
        let line = above.rfind('\n').map_or(self.tree.start() as usize, |at| at + 1);
        let old = &above[line.min(above.len())..];
        let is_moved = |line: &str| line.trim().is_empty() || line.starts_with(old);
        if old == white || !old.trim().is_empty() || !rest.split('\n').all(is_moved) {
            return written.clone();
        }
        let lines = rest.split('\n').map(|line| match line.strip_prefix(old) {
            Some(line) => format!("\n{white}{line}"),
            None => "\n".to_owned(),
        });
        first.to_owned() + &lines.collect::<String>()
    }
}

/// Whether a token ends a body or a list, to which no comment before it belongs.
fn is_closing(token: Token) -> bool {
    matches!(token.kind, TokenKind::Punct(b'}' | b']' | b'>') | TokenKind::End)
}
