//! Draws excerpts with miette: line numbers, underlines, labels and the box around them. It does not depend on findings
//! and texts beyond what an excerpt holds, and its caller makes that safe to print.

use std::fmt::{self, Display};
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters,
};

use super::excerpt::Excerpt;
use crate::finding::Severity;
use crate::report::paint::{Paint, color_of, styled, without_styles};

/// The columns before a source line that its line number does not take.
pub(super) const MARGIN: usize = 4;

/// The colors and line-drawing characters for one finding.
pub(super) struct Pen {
    severity: Severity,
    color: bool,
    unicode: bool,
    theme: GraphicalTheme,
}

impl Pen {
    pub(super) fn new(severity: Severity, color: bool, unicode: bool) -> Pen {
        Pen { severity, color, unicode, theme: if unicode { unicode_theme() } else { ascii_theme() } }
    }

    /// What stands for the part of a line that is left out.
    pub(super) fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// Text in the severity's color.
    pub(super) fn loud(&self, text: impl Display) -> String {
        Paint::new(self.color).loud(self.severity, text)
    }

    /// Text in the color of what goes along with a finding.
    pub(super) fn quiet(&self, text: impl Display) -> String {
        Paint::new(self.color).quiet(text)
    }

    /// The line that says where an excerpt is from; the first of a finding opens the box.
    pub(super) fn head(&self, gutter: usize, name: &str, opens: bool) -> String {
        let characters = &self.theme.characters;
        let corner = if opens { characters.ltop } else { characters.lcross };
        format!("{:gutter$}  {corner}{}[{}]", "", characters.hbar, self.quiet(name))
    }

    /// A line that belongs to no source line.
    pub(super) fn note(&self, gutter: usize, text: &str) -> String {
        format!("{:gutter$}  {} {text}", "", self.theme.characters.vbar_break)
    }

    /// What closes the box, up to where text may follow.
    pub(super) fn corner(&self, gutter: usize) -> String {
        let characters = &self.theme.characters;
        format!("{:gutter$}  {}{}", "", characters.lbot, characters.hbar)
    }

    /// Writes the lines of an excerpt under its head, line numbers in `gutter` columns.
    pub(super) fn draw(&self, excerpt: &Excerpt, gutter: usize, out: &mut impl Write) -> io::Result<()> {
        let mut theme = self.theme.clone();
        let styles = &theme.styles;
        let loud = if self.severity == Severity::Error { styles.error } else { styles.warning };
        let quiet = styles.help;
        theme.styles.highlights =
            excerpt.marks.iter().map(|(_, label)| if label.is_none() { loud } else { quiet }).collect();
        let handler = GraphicalReportHandler::new_themed(theme).without_cause_chain().without_syntax_highlighting();
        let mut drawn = String::new();
        handler.render_report(&mut drawn, &Drawing(excerpt)).map_err(io::Error::other)?;

        // Above the source lines stand the (empty) message and the head, below them the end of the box.
        let lines: Vec<&str> = drawn.lines().collect();
        let lines = lines.get(2..lines.len().saturating_sub(1)).unwrap_or_default();
        let own = (excerpt.first_line + excerpt.text.lines().count() - 1).to_string().len();
        let shift = gutter.saturating_sub(own);
        // A bar leads down from every mark left of a label; one from a mark without a label leads nowhere.
        let idle_bar = styled(color_of(self.severity), self.theme.characters.vbar);
        for line in lines {
            let line = line.replace(&idle_bar, " ");
            let line = if self.color { line } else { without_styles(&line) };
            writeln!(out, "{:shift$}{}", "", line.trim_end())?;
        }
        Ok(())
    }
}

/// The line-drawing characters of terminals that have them.
fn unicode_theme() -> GraphicalTheme {
    let mut theme = GraphicalTheme::unicode();
    theme.characters = ThemeCharacters { underline: '━', underbar: '┯', ..theme.characters };
    theme
}

/// Line-drawing characters that any terminal and log shows.
fn ascii_theme() -> GraphicalTheme {
    let mut theme = GraphicalTheme::ascii();
    theme.characters = ThemeCharacters { ltop: '+', lbot: '+', lcross: '+', underbar: '^', ..theme.characters };
    theme
}

/// An excerpt as miette wants it.
#[derive(Clone, Copy)]
struct Drawing<'a>(&'a Excerpt);

impl fmt::Debug for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl Display for Drawing<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Drawing<'_> {}

impl Diagnostic for Drawing<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels =
            self.0.marks.iter().map(|(bytes, label)| LabeledSpan::new(label.clone(), bytes.start, bytes.len()));
        Some(Box::new(labels))
    }
}

impl SourceCode for Drawing<'_> {
    /// The whole excerpt, whatever the span: it is the context of each.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &self.0.text;
        let span = (0, text.len()).into();
        let lines = text.lines().count();
        Ok(Box::new(MietteSpanContents::new(text.as_bytes(), span, self.0.first_line - 1, 0, lines)))
    }
}
