//! Breaks text into lines at spaces. Names and commands in backticks stay whole, so that they can be copied.

use super::paint::columns;

/// A space at which no line ends; [`wrap`] and [`fit`] make a common one of it. It stands in no page and no message: messages have
/// it in its visible form.
pub(super) const BOUND: char = '\u{2028}';

/// Breaks `text` so that its lines fill at most `width` columns where they can; a character counts as a column.
/// `used` columns of the first line are taken; the other lines begin with `indent` spaces.
pub(super) fn wrap(text: &str, width: usize, used: usize, indent: usize) -> String {
    let quotes_pair = text.matches('`').count().is_multiple_of(2);
    let mut quoted = false;
    let pieces = text.split(|character| {
        quoted ^= quotes_pair && character == '`';
        character == ' ' && !quoted
    });

    let mut wrapped = String::with_capacity(text.len() + indent);
    let mut column = used;
    for (index, piece) in pieces.enumerate() {
        let columns = columns(piece);
        if index == 0 {
            column += columns;
        } else if column + 1 + columns <= width {
            wrapped.push(' ');
            column += 1 + columns;
        } else {
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', indent));
            column = indent + columns;
        }
        wrapped.push_str(piece);
    }
    wrapped.replace(BOUND, " ")
}

/// Fits lines of a note into `width` columns. A command at the end of a line that is too long gets a line of its own,
/// where it stays whole. What a line continues with is indented by two columns more.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let fitted = text.split_inclusive('\n').map(|line| {
        let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
        let indent = text.len() - text.trim_start_matches(' ').len() + 2;
        let command = text.find(": protolint ").filter(|_| columns(text) > width);
        match command.map(|at| text.split_at(at + 2)) {
            Some((what, command)) => {
                format!("{}\n{:indent$}{command}{end}", wrap(what.trim_end(), width, 0, indent), "")
            }
            None => wrap(text, width, 0, indent) + end,
        }
    });
    fitted.collect()
}

#[cfg(test)]
mod tests {
    use super::{BOUND, fit, wrap};

    #[test]
    fn styles_take_no_columns() {
        assert_eq!(wrap("one \u{1b}[36mtwo\u{1b}[0m three", 13, 0, 2), "one \u{1b}[36mtwo\u{1b}[0m three");
        assert_eq!(wrap("one \u{1b}[36mtwo\u{1b}[0m three", 12, 0, 2), "one \u{1b}[36mtwo\u{1b}[0m\n  three");
    }

    #[test]
    fn bound_words_stay_together() {
        assert_eq!(wrap(&format!("one two{BOUND}three"), 9, 0, 0), "one\ntwo three");
    }

    #[test]
    fn commands_stay_whole() {
        let hint = "to suppress all existing findings: protolint check --write-baseline\n";
        assert_eq!(fit(hint, 80), hint);
        assert_eq!(fit(hint, 30), "to suppress all existing\n  findings:\n  protolint check --write-baseline\n");
        assert_eq!(fit("a line of words\nshort\n", 10), "a line of\n  words\nshort\n");
        assert_eq!(fit("  help: one two three\n", 15), "  help: one two\n    three\n");
        assert_eq!(fit("", 10), "");
    }
}
