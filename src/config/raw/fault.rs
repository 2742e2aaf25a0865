//! What is wrong with a text that is no YAML, or no YAML worth reading, and what to do about it.

use serde_yaml::Error;

use crate::source::Span;

/// Why a text cannot be read.
#[derive(Debug)]
pub(in crate::config) struct Fault {
    pub(in crate::config) span: Span,
    pub(in crate::config) message: String,
    pub(in crate::config) help: String,
}

impl Fault {
    fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { span, message: message.into(), help: help.into() }
    }
}

/// The library's time for one token grows with the depth of the brackets around it. Their number times the length of the
/// text stays below this, which keeps the worst text to a few seconds.
const MOST_BRACKET_BYTES: usize = 1 << 31;
/// The library compares each directive with all others.
const MOST_DIRECTIVES: usize = 100;

/// Refuses texts that would keep the library busy for minutes.
pub(super) fn refuse_exhausting(text: &str) -> Result<(), Fault> {
    let brackets = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if brackets.saturating_mul(text.len()) > MOST_BRACKET_BYTES {
        let message = "there are too many lists and mappings in brackets for a file of this size";
        return Err(Fault::new(Span::new(0, 0), message, "write lists with one line an item, each starting with `- `"));
    }
    let directives = text.lines().filter(|line| line.starts_with('%')).count();
    if directives > MOST_DIRECTIVES {
        return Err(Fault::new(Span::new(0, 0), "there are too many lines that start with `%`", "remove them"));
    }
    Ok(())
}

/// Aliases make more of the text than anyone would write.
pub(super) fn too_many_values(error: &Error, text: &str) -> Fault {
    let help = "repeat fewer values by `*alias`, or list patterns that cover more files";
    Fault::new(place(error, text), "the file stands for too many values", help)
}

/// A second document begins.
pub(super) fn two_documents(text: &str) -> Fault {
    let mark = text.rfind("\n---").map_or(Span::new(0, 0), |at| Span::of(at + 1..at + 4));
    Fault::new(mark, "the file holds more than one YAML document", "keep one, without the lines `---` between them")
}

/// The text is not YAML.
pub(super) fn syntax(error: &Error, text: &str) -> Fault {
    let told = error.to_string();
    if told.starts_with("recursion limit") || told.starts_with("repetition limit") {
        return Fault::new(place(error, text), "values are nested too deeply, or repeated too often", "write them out");
    }
    let at = place(error, text);
    if told.contains("scanning an alias") || told.starts_with("unknown anchor") {
        return quote(whole_token(at, text), "`*` at the start of a value means an alias in YAML", text);
    }
    if told.contains("scanning a tag") || told.contains("parsing a tag") {
        return quote(whole_token(at, text), "`!` at the start of a value means a tag in YAML", text);
    }
    let before = text[..at.start as usize].chars().next_back();
    let (message, help) = match at.slice(text) {
        "\t" => ("a tab indents this line".to_owned(), "indent with spaces"),
        "@" | "`" | "%" => return quote(whole_token(at, text), "no value can start with this character in YAML", text),
        _ if before.is_some_and(|character| matches!(character, ']' | '}')) => {
            (bare(&told), "put quotes around a value that starts with `[` or `{`")
        }
        _ => (bare(&told), "look for a missing quote or bracket, or uneven indentation, here or above"),
    };
    Fault::new(at, message, help)
}

fn quote(token: Span, message: &str, text: &str) -> Fault {
    let written = token.slice(text);
    let quoted = if written.contains(['"', '\\']) { format!("'{written}'") } else { format!("\"{written}\"") };
    Fault::new(token, message, format!("put it in quotes: {quoted}"))
}

/// From the start of the word at a place to its end.
fn whole_token(at: Span, text: &str) -> Span {
    let is_edge = |character: char| character.is_whitespace() || matches!(character, ',' | '[' | ']' | '{' | '}');
    let at = at.start as usize;
    let start =
        text[..at].rfind(is_edge).map_or(0, |edge| edge + text[edge..].chars().next().map_or(0, char::len_utf8));
    let end = text[at..].find(is_edge).map_or(text.len(), |length| at + length);
    Span::of(start..end)
}

/// The library's message without places.
fn bare(told: &str) -> String {
    let problem = until_place(told);
    let context = told.find(", while ").map_or("", |at| until_place(&told[at + 1..]));
    format!("this is not YAML: {problem}{context}")
}

fn until_place(told: &str) -> &str {
    let end = [", while ", " at line ", " at position "].iter().filter_map(|mark| told.find(mark)).min();
    &told[..end.unwrap_or(told.len())]
}

/// The character at which the library gave up; nothing at the end of the text.
fn place(error: &Error, text: &str) -> Span {
    let told = error.to_string();
    let by_bytes = told.split(" at position ").nth(1).and_then(|rest| rest.split(',').next()?.trim().parse().ok());
    let start = by_bytes.unwrap_or_else(|| {
        // Characters are counted after the byte order mark.
        let skipped = usize::from(text.starts_with('\u{feff}'));
        let index = error.location().map_or(0, |location| location.index());
        text.char_indices().nth(index + skipped).map_or(text.len(), |(at, _)| at)
    });
    let start = (0..=start.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let length =
        text[start..].chars().next().filter(|character| !matches!(character, '\n' | '\r')).map_or(0, char::len_utf8);
    Span::of(start..start + length)
}
