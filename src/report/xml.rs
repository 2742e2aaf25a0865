//! Text in XML. It does not depend on findings or the formats that are XML.

use std::fmt;

use super::escape::Visible;

/// How every document begins.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A text for an element or an attribute in double quotes. What is unsafe, line ends included, prints in its visible
/// form, and so does what XML has no way to write at all (`Char` in <https://www.w3.org/TR/xml/#charsets>).
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        write!(Replacing(f), "{}", Visible(self.0))
    }
}

/// Passes text on with what XML gives a meaning replaced.
struct Replacing<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl fmt::Write for Replacing<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'', '\u{fffe}', '\u{ffff}']) {
            let (before, tail) = rest.split_at(at);
            self.0.write_str(before)?;
            let mut tail = tail.chars();
            match tail.next() {
                Some('&') => self.0.write_str("&amp;")?,
                Some('<') => self.0.write_str("&lt;")?,
                Some('>') => self.0.write_str("&gt;")?,
                Some('"') => self.0.write_str("&quot;")?,
                Some('\'') => self.0.write_str("&apos;")?,
                other => other.iter().try_for_each(|c| write!(self.0, "{}", c.escape_unicode()))?,
            }
            rest = tail.as_str();
        }
        self.0.write_str(rest)
    }
}
