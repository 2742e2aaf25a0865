//! Text in Markdown that cannot become anything but text: no link, HTML, mention, emoji, formula or list. What could
//! stands in code, which no reader looks into. It does not depend on findings.

use std::fmt;

use crate::report::escape::Visible;

/// A text as a code span.
pub(in crate::report) struct Code<'a>(pub(in crate::report) &'a str);

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Visible(self.0).to_string();
        if text.is_empty() {
            return f.write_str("(empty)");
        }
        let fence = "`".repeat(longest_run(&text) + 1);
        // The reader takes one space off at each end; without them backticks there would join the fence, and spaces of
        // the text would be lost.
        let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
        write!(f, "{fence}{pad}{text}{pad}{fence}")
    }
}

/// A text whose quotes in backticks are code spans, and whose other words are as they are if they are plain. It may
/// stand at the start of a line.
pub(in crate::report) struct Prose<'a>(pub(in crate::report) &'a str);

impl fmt::Display for Prose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut code = String::new();
        for (index, piece) in pieces(self.0).enumerate() {
            match piece {
                Piece::Code(text) => code.push_str(text),
                // Where a line starts, `1.`, `-` and `=` have a meaning.
                Piece::Plain(text) if index == 0 && !text.starts_with(char::is_alphabetic) => code.push_str(text),
                Piece::Plain(text) => {
                    write_code(f, &code)?;
                    code.clear();
                    write!(f, "{}", Visible(text))?;
                }
            }
        }
        write_code(f, &code)
    }
}

fn write_code(f: &mut fmt::Formatter<'_>, code: &str) -> fmt::Result {
    if code.is_empty() { Ok(()) } else { write!(f, "{}", Code(code)) }
}

enum Piece<'a> {
    Plain(&'a str),
    Code(&'a str),
}

/// The words and quotes of a text. Two code pieces without a plain one between them have to become one span, as their
/// fences would meet.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let pairs = text.matches('`').count() / 2;
    text.split('`').enumerate().flat_map(move |(index, part)| {
        let is_quoted = index % 2 == 1 && index < 2 * pairs;
        // A backtick without a partner stands for itself.
        let stray = (index == 2 * pairs + 1).then_some(Piece::Code("`"));
        let words = if is_quoted { vec![Piece::Code(part)] } else { words(part) };
        stray.into_iter().chain(words)
    })
}

/// The words of a text with the spaces between them; punctuation around a word is no part of it.
fn words(text: &str) -> Vec<Piece<'_>> {
    let as_piece = |word| if is_plain(word) { Piece::Plain(word) } else { Piece::Code(word) };
    let pieces = text.split_inclusive(' ').flat_map(|word| {
        let bare = word.trim_end_matches(' ').trim_end_matches([':', ',', ';']);
        let (bare, end) = word.split_at(bare.len());
        match bare.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            Some(inner) => [Piece::Plain("("), as_piece(inner), Piece::Plain(")"), Piece::Plain(end)],
            None => [as_piece(bare), Piece::Plain(end), Piece::Plain(""), Piece::Plain("")],
        }
    });
    pieces.filter(|piece| !matches!(piece, Piece::Plain(""))).collect()
}

/// Whether a word means nothing in Markdown, nor to GitHub.
fn is_plain(word: &str) -> bool {
    let is_harmless = |c: char| c.is_alphanumeric() || " ,.;()'\"-%+=?/→…".contains(c);
    word.chars().all(is_harmless) && !word.contains("www.") && !word.starts_with("GH-")
}

/// Lines as a fenced block, each after `indent`, that none of them can end.
pub(in crate::report) fn fenced(lines: &[String], indent: &str, language: &str) -> String {
    let lines: Vec<String> = lines.iter().map(|line| Visible(line).to_string()).collect();
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let body: String = lines.iter().map(|line| format!("{indent}{line}\n")).collect();
    format!("{indent}{fence}{language}\n{body}{indent}{fence}\n")
}

/// The most backticks that follow each other.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
