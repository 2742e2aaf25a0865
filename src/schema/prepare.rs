//! Edits what the parser cannot read into something it can, and maps every offset back to the user's text. It knows
//! protobuf's tokens and the shape of its statements, but no descriptors, and it does not call the parser.

mod edit;
mod limit;
mod literal;
mod statement;
#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Cow;

use super::data::Visibility;
use super::lexer;
use edit::Map;

/// The editions this version reads, <https://protobuf.dev/editions/overview/>.
pub(crate) const EDITIONS: [&str; 3] = ["2023", "2024", "2026"];

/// Braces and brackets within one option value may nest this deep; who interprets options recurses that far.
pub(crate) const MAX_OPTION_DEPTH: u32 = 100;

/// Stands for the option name `default` in edition files: the parser refuses the true one outside proto2.
pub(crate) const STAND_IN_DEFAULT: &str = "defau1t";

/// Stands for the type name `map` without angle brackets, a message of that name, which the parser cannot read.
pub(crate) const STAND_IN_MAP: &str = "m4p";

/// A text the parser can read, and what was taken out of it. All lists are in the order of the text, and their offsets
/// are bytes of the prepared text unless they say otherwise.
#[derive(Debug)]
pub(crate) struct Prepared<'t> {
    /// What to parse.
    pub(crate) text: Cow<'t, str>,
    /// The edition the file is written in; the prepared text says proto3.
    pub(crate) edition: Option<EditionStatement>,
    /// The `export` and `local` keywords that were blanked.
    pub(crate) visibility: Vec<VisibilityMark>,
    /// Where the `import` keywords of `import option` statements start; the `option` is blanked.
    pub(crate) option_imports: Vec<u32>,
    /// Where the `inf` or `nan` of negative option values starts; the `-` is blanked.
    pub(crate) negated: Vec<u32>,
    /// Where [`STAND_IN_DEFAULT`] stands.
    pub(crate) defaults: Vec<u32>,
    /// Where [`STAND_IN_MAP`] stands.
    pub(crate) map_types: Vec<u32>,
    /// Where the literals of reserved names start that the parser refuses, and the true names.
    pub(crate) reserved_names: Vec<(u32, String)>,
    /// Where numbers start that the parser takes nowhere, the numbers, and whether ` to ` follows them.
    pub(crate) numbers: Vec<(u32, i32, bool)>,
    /// What is wrong with the text, by the user's offsets.
    pub(crate) faults: Vec<Fault>,
    map: Map,
    user_text: &'t str,
    walked: bool,
}

/// An `edition` statement, by bytes of the user's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EditionStatement {
    /// The edition's name, without quotes.
    pub(crate) value: String,
    /// Where the statement starts.
    pub(crate) start: u32,
    /// Where it ends, after the `;`.
    pub(crate) end: u32,
    /// Where the first literal of the value starts.
    pub(crate) value_start: u32,
    /// Where the last literal of the value ends.
    pub(crate) value_end: u32,
}

/// An `export` or a `local` before a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VisibilityMark {
    /// Where the `message` or `enum` keyword starts, in bytes of the prepared text.
    pub(crate) keyword: u32,
    pub(crate) visibility: Visibility,
    /// Where the `export` or `local` keyword starts, in bytes of the user's text.
    pub(crate) start: u32,
}

/// What is wrong with a text, by byte offsets in the user's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: FaultKind,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// What kind of thing keeps a file, or a part of it, from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// What is no statement of the language, such as an `edition` that cannot be read: the parser would only repeat that.
    Syntax,
    /// Something the file's edition does not have, edited away where that is simple.
    Edition,
    /// Beyond a limit that keeps hostile input from exhausting the stack or the memory.
    Nesting,
}

/// Prepares a text for its first parse: drops a byte order mark, translates an edition, finds what must not be parsed.
/// Other texts are borrowed. What else the parser may refuse is left to [`Prepared::retry`].
pub(crate) fn prepare(text: &str) -> Prepared<'_> {
    let (dropped, body) = without_mark(text);
    let fits = i32::try_from(text.len()).is_ok();
    if fits && (is_edition(body) || limit::may_exceed(body)) {
        return walk::walk(text, dropped, body);
    }
    Prepared::unedited(text, dropped, body)
}

/// The text behind a UTF-8 byte order mark, which protoc skips too, and the length of the mark.
fn without_mark(text: &str) -> (u32, &str) {
    const MARK: char = '\u{FEFF}';
    text.strip_prefix(MARK).map_or((0, text), |body| (MARK.len_utf8() as u32, body))
}

/// Whether the first token is `edition`.
fn is_edition(body: &str) -> bool {
    lexer::tokens(body).find(|token| !token.is_comment()).is_some_and(|token| token.slice(body) == "edition")
}

impl<'t> Prepared<'t> {
    fn unedited(user_text: &'t str, dropped: u32, body: &'t str) -> Prepared<'t> {
        Prepared {
            text: Cow::Borrowed(body),
            edition: None,
            visibility: Vec::new(),
            option_imports: Vec::new(),
            negated: Vec::new(),
            defaults: Vec::new(),
            map_types: Vec::new(),
            reserved_names: Vec::new(),
            numbers: Vec::new(),
            faults: Vec::new(),
            map: Map::dropping(dropped),
            user_text,
            walked: false,
        }
    }

    /// For a text the parser refused: the same with everything edited that protoc takes and the parser does not, or
    /// `None` where that is nothing new. Kept apart from [`prepare`] so that texts the parser takes pay nothing.
    pub(crate) fn retry(&self) -> Option<Prepared<'t>> {
        if self.walked || i32::try_from(self.user_text.len()).is_err() {
            return None;
        }
        let (dropped, body) = without_mark(self.user_text);
        let second = walk::walk(self.user_text, dropped, body);
        (second.is_parsable() && matches!(second.text, Cow::Owned(_))).then_some(second)
    }

    /// Offset in the user's text for an offset in the prepared text; for what was put in, the place it stands for.
    pub(crate) fn original(&self, offset: u32) -> u32 {
        self.map.back(offset)
    }

    /// Whether the parser may have the text at all.
    pub(crate) fn is_parsable(&self) -> bool {
        self.faults.iter().all(|fault| fault.kind == FaultKind::Edition)
    }

    /// Whether the prepared text is another one than the user's.
    pub(crate) fn is_edited(&self) -> bool {
        matches!(self.text, Cow::Owned(_)) || self.text.len() != self.user_text.len()
    }
}
