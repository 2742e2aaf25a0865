//! Colours of text on a terminal. It knows nothing of what the text says, nor of when colours are wanted.

use std::fmt::Display;

use crate::finding::Severity;

/// Puts texts in colours, or leaves them as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    color: bool,
}

impl Paint {
    pub(crate) fn new(color: bool) -> Paint {
        Paint { color }
    }

    pub(super) fn is_colored(self) -> bool {
        self.color
    }

    /// What is read first, in the colour of the severity.
    pub(crate) fn loud(self, severity: Severity, text: impl Display) -> String {
        self.with(&format!("1;{}", color_of(severity)), text)
    }

    /// Headings.
    pub(crate) fn bold(self, text: impl Display) -> String {
        self.with("1", text)
    }

    /// What goes along with something else, names of files and code.
    pub(crate) fn quiet(self, text: impl Display) -> String {
        self.with("36", text)
    }

    fn with(self, code: &str, text: impl Display) -> String {
        if self.color { styled(code, text) } else { text.to_string() }
    }
}

/// The code of the colour that miette's theme gives the severity.
pub(super) fn color_of(severity: Severity) -> &'static str {
    if severity == Severity::Error { "31" } else { "33" }
}

/// Text with an ANSI style.
pub(super) fn styled(code: &str, text: impl Display) -> String {
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// The parts of a text that are no ANSI styles.
fn visible_parts(text: &str) -> impl Iterator<Item = &str> {
    let (first, styled) = text.split_once("\u{1b}[").unwrap_or((text, ""));
    let rest = styled.split("\u{1b}[").map(|part| part.split_once('m').map_or(part, |(_, text)| text));
    std::iter::once(first).chain(rest)
}

/// A text without its ANSI styles.
pub(super) fn without_styles(text: &str) -> String {
    visible_parts(text).collect()
}

/// The columns of a text, without its ANSI styles; a character counts as a column.
pub(super) fn columns(text: &str) -> usize {
    visible_parts(text).map(|part| part.chars().count()).sum()
}
