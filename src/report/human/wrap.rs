//! Breaks text into lines at spaces. Names and commands in backticks stay whole, so that they can be copied.

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
        let columns = piece.chars().count();
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
    wrapped
}
