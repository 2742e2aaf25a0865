//! What is wrong with a text that is no YAML, or no YAML worth reading, and what to do about it.

use serde_yaml::Error;

use crate::source::Span;

/// Why a text cannot be read.
#[derive(Debug)]
pub(in crate::config) struct Fault {
    pub(in crate::config) span: Span,
    pub(in crate::config) message: String,
    pub(in crate::config) help: String,
    /// Where what was being read began.
    pub(in crate::config) began: Option<Span>,
}

impl Fault {
    fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { span, message: message.into(), help: help.into(), began: None }
    }
}

/// The library's time for one token grows with the depth of the brackets around it. Where the scanner has lost its way,
/// any bracket may lie within all before it; their number times the length of the text stays below this, which keeps
/// the worst text to a few seconds.
const MAX_BRACKET_BYTES: usize = 1 << 29;
const HERE_OR_ABOVE: &str = "check for a missing quote or bracket, or wrong indentation, here or above";
/// A directive that gives a prefix of tags a short name. The library writes the prefix out at each use, however long,
/// and compares each directive with all others.
const TAG_DIRECTIVE: &str = "%TAG";

/// Refuses texts that would keep the library busy for minutes, or use up the memory; the scanner understood the text up
/// to the byte `understood`.
pub(super) fn refuse_exhausting(text: &str, understood: usize) -> Result<(), Fault> {
    let brackets = text.bytes().skip(understood).filter(|byte| matches!(byte, b'[' | b'{')).count();
    if brackets.saturating_mul(text.len()) > MAX_BRACKET_BYTES {
        let span = character_at(understood, text);
        let message = "invalid YAML from here on, or values are nested too deeply";
        return Err(Fault::new(span, message, HERE_OR_ABOVE));
    }
    if let Some(at) = text.find(TAG_DIRECTIVE) {
        let span = Span::of(at..at + TAG_DIRECTIVE.len());
        return Err(Fault::new(span, "`%TAG` has no effect in a configuration", "remove it"));
    }
    Ok(())
}

/// Aliases make more of the text than anyone would write.
pub(super) fn too_many_values(error: &Error, text: &str) -> Fault {
    let help = "use fewer `*alias` values, or patterns that match more files";
    Fault::new(place(error, text), "there are too many values, or they are too long", help)
}

/// A second document begins.
pub(super) fn two_documents(text: &str) -> Fault {
    let mark = text.rfind("\n---").map_or(Span::new(0, 0), |at| Span::of(at + 1..at + 4));
    Fault::new(mark, "the file holds more than one YAML document", "keep one of them, and remove the `---` lines")
}

/// The text is not YAML.
pub(super) fn syntax(error: &Error, text: &str) -> Fault {
    let told = error.to_string();
    if told.starts_with("recursion limit") || told.starts_with("repetition limit") {
        return Fault::new(
            place(error, text),
            "values are nested too deeply, or repeated too often",
            "write the values without aliases",
        );
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
        _ => (bare(&told), HERE_OR_ABOVE),
    };
    Fault { began: began(&told, text), ..Fault::new(at, message, help) }
}

/// The character at which the library began to read what it could not finish; it is only in its message.
fn began(told: &str, text: &str) -> Option<Span> {
    let (_, context) = told.split_once(", while ")?;
    let (line, column) = context.split_once(" at line ")?.1.split_once(" column ")?;
    let (line, column): (usize, usize) = (line.parse().ok()?, column.trim().parse().ok()?);
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let mut characters = text[start..].char_indices().filter(|(_, character)| *character != '\u{feff}');
    let (at, character) = characters.nth(column.checked_sub(1)?)?;
    Some(Span::of(start + at..start + at + character.len_utf8()))
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
    format!("invalid YAML: {problem}{context}")
}

fn until_place(told: &str) -> &str {
    let end = [", while ", " at line ", " at position "].iter().filter_map(|mark| told.find(mark)).min();
    &told[..end.unwrap_or(told.len())]
}

/// The character at which the library gave up; nothing at the end of the text.
fn place(error: &Error, text: &str) -> Span {
    let told = error.to_string();
    let by_bytes = told.split(" at position ").nth(1).and_then(|rest| rest.split(',').next()?.trim().parse().ok());
    let start = by_bytes.or_else(|| Some(error.location()?.index())).unwrap_or(0);
    // Bytes are counted after the byte order mark.
    let start = start + if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    character_at(start, text)
}

/// The character that the byte at an offset is part of; nothing at the end of a line.
fn character_at(offset: usize, text: &str) -> Span {
    let start = (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let character = text[start..].chars().next().filter(|character| !matches!(character, '\n' | '\r'));
    Span::of(start..start + character.map_or(0, char::len_utf8))
}
