//! Joins tokens to a text with white space and comments wherever the language allows them.

use crate::schema::tests::random::Random;

/// Tokens in their order.
#[derive(Default)]
pub(super) struct Code(Vec<String>);

impl Code {
    pub(super) fn put(&mut self, token: impl Into<String>) -> &mut Code {
        self.0.push(token.into());
        self
    }

    /// Tokens with white space between them.
    pub(super) fn all(&mut self, tokens: &str) -> &mut Code {
        self.0.extend(tokens.split_whitespace().map(str::to_owned));
        self
    }

    /// A name, whose dots are tokens.
    pub(super) fn path(&mut self, name: &str) -> &mut Code {
        for (at, part) in name.split('.').enumerate() {
            if at > 0 {
                self.put(".");
            }
            if !part.is_empty() {
                self.put(part);
            }
        }
        self
    }

    /// The text of the tokens.
    pub(super) fn text(&self, random: &mut Random) -> String {
        let wildness = random.pick(&[0, 0, 3, 60, 100]);
        let newline = random.pick(&["\n", "\n", "\n", "\r\n"]);
        let mut out = String::new();
        let (mut depth, mut before) = (0, "");
        for token in &self.0 {
            depth -= usize::from(token == "}").min(depth);
            if random.chance(wildness) {
                wild(&mut out, before, token, newline, random);
            } else {
                tame(&mut out, before, token, newline, depth);
            }
            out.push_str(token);
            depth += usize::from(token == "{");
            before = token;
        }
        out.push_str(random.pick(&["", newline, "// the end", "/* the end */", "\t "]));
        out
    }
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Whether two tokens would be another one without anything between them.
fn would_join(before: &str, token: &str) -> bool {
    let (last, first) = (before.chars().next_back(), token.chars().next());
    // A number may begin or end with a dot.
    is_word(last) && is_word(first)
        || before.starts_with(|first: char| first.is_ascii_digit() || first == '.') && token.starts_with('.')
        || before.ends_with('.') && token.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        || before.ends_with('.') && before != "." && is_word(first)
}

fn tame(out: &mut String, before: &str, token: &str, newline: &str, depth: usize) {
    match before {
        "" => {}
        ";" | "{" | "}" if !matches!(token, ";" | "," | "]" | ">") => {
            out.push_str(newline);
            out.push_str(&"  ".repeat(depth));
        }
        "(" | "[" | "<" | "." | "/" | "-" if !would_join(before, token) => {}
        _ if matches!(token, ";" | "," | ")" | "]" | ">" | "." | "<" | "/" | ":") && !would_join(before, token) => {}
        _ => out.push(' '),
    }
}

fn wild(out: &mut String, before: &str, token: &str, newline: &str, random: &mut Random) {
    const BLANKS: [&str; 6] = [" ", "  ", "\t", "\x0b", "\x0c", " \t "];
    const COMMENTS: [&str; 8] =
        ["/* c */", "/**/", "/* // */", "/* a\n * b\n */", "/***/", "/* \" */", "/* é ' */", "/*/ */"];
    const LINES: [&str; 6] = ["// c", "//", "/// \"", "// /*", "// {", "// 'ü"];
    let start = out.len();
    for _ in 0..random.pick(&[0, 0, 1, 1, 2, 3]) {
        // A slash before a comment would begin one itself.
        match random.below(if before == "/" { 5 } else { 8 }) {
            0..4 => out.push_str(random.pick(&BLANKS)),
            4 => out.push_str(newline),
            5 | 6 => out.push_str(random.pick(&COMMENTS)),
            _ => {
                out.push_str(random.pick(&LINES));
                out.push_str(newline);
            }
        }
    }
    if out.len() == start && would_join(before, token) {
        out.push(' ');
    }
}
