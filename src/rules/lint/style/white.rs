//! White space at the start of lines: what it should be, and how what continues a line moves along with it.

/// What a level is indented by.
pub(super) struct Unit {
    pub(super) text: String,
    /// How many columns a tab takes.
    pub(super) tab_width: usize,
}

impl Unit {
    /// The white space of a level.
    pub(super) fn white(&self, level: usize) -> String {
        self.text.repeat(level)
    }

    /// Whether white space is that of a level.
    pub(super) fn is_white(&self, white: &str, level: usize) -> bool {
        white.len() == self.text.len() * level && white == self.white(level)
    }

    fn width(&self, white: &str) -> usize {
        white.chars().map(|character| if character == '\t' { self.tab_width } else { 1 }).sum()
    }

    /// The white space of a line that continues one whose white space was `old` and is now that of `level`. `depth` is how
    /// many braces and brackets of the statement are open around the line: where it is indented by as many levels, it
    /// stays so; else it keeps its distance.
    pub(super) fn shifted(&self, white: &str, old: &str, level: usize, depth: usize) -> String {
        let (old_width, width) = (self.width(old), self.width(white));
        let distance = width.saturating_sub(old_width);
        let old_unit = if level > 0 && old_width.is_multiple_of(level) { old_width / level } else { 0 };
        if depth > 0 && old_unit > 0 && distance == depth * old_unit {
            return self.white(level + depth);
        }
        match white.strip_prefix(old) {
            Some(rest) if self.text.starts_with(' ') => self.white(level) + &rest.replace('\t', &self.text),
            Some(rest) => self.white(level) + rest,
            None => self.white(level) + &" ".repeat(distance),
        }
    }
}
