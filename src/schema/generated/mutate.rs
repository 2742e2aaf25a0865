//! Spoils the text of a file: whole tokens and statements, or single characters.

mod text;

use crate::schema::tests::random::Random;
use crate::syntax::{self, TokenKind};
use text::Text;

/// What may stand where it should not.
const WORDS: [&str; 72] = [
    "0",
    "1",
    "-1",
    "-",
    "+",
    "0x",
    "0xFFFFFFFF",
    "09",
    "2147483647",
    "2147483648",
    "-2147483648",
    "4294967296",
    "18446744073709551616",
    "536870911",
    "536870912",
    "19000",
    "1.5",
    "1e",
    ".5",
    "1.",
    "inf",
    "nan",
    "max",
    "to",
    "true",
    "\"\"",
    "'x'",
    "\"a\" \"b\"",
    "\"\\xff\"",
    "\"\\q\"",
    "\"\\u12\"",
    "\"\\400\"",
    "x",
    "X",
    "message",
    "enum",
    "service",
    "rpc",
    "returns",
    "stream",
    "option",
    "optional",
    "required",
    "repeated",
    "reserved",
    "extensions",
    "extend",
    "group",
    "oneof",
    "map",
    "import",
    "public",
    "weak",
    "package",
    "syntax",
    "edition",
    "export",
    "local",
    "default",
    "json_name",
    "int32",
    "string",
    "bytes",
    "double",
    ";",
    ",",
    "{",
    "}",
    "=",
    ".",
    "(",
    "[",
];

const LABELS: [&str; 4] = ["optional", "required", "repeated", ""];

const LANGUAGES: [&str; 8] = [
    "syntax = \"proto2\";",
    "syntax = \"proto3\";",
    "edition = \"2023\";",
    "edition = \"2024\";",
    "syntax = \"proto4\";",
    "edition = \"2021\";",
    "edition = \"\";",
    "",
];

const LETTERS: [char; 22] = [
    ' ', '\n', '\r', '\t', '\0', '\u{b}', '\u{1}', '\u{7f}', 'é', '\u{feff}', '"', '\'', '\\', '/', '*', '#', '$', '_',
    '0', 'e', '.', '-',
];

/// A text with one to three faults, if they are any, and what was done.
pub(crate) fn spoiled(text: &str, random: &mut Random) -> (String, Vec<&'static str>) {
    let mut out = text.to_owned();
    let mut names = Vec::new();
    for _ in 0..random.pick(&[1, 1, 1, 1, 2, 3]) {
        let (name, mutate) = random.pick(&MUTATIONS);
        let tokens = syntax::parse(&out).tokens().to_vec();
        let tokens = tokens.into_iter().filter(|token| token.kind != TokenKind::End).collect();
        let next = mutate(&Text { text: &out, tokens }, random);
        if let Some(next) = next {
            out = next;
            names.push(name);
        }
    }
    (out, names)
}

type Mutation = fn(&Text<'_>, &mut Random) -> Option<String>;

const MUTATIONS: [(&str, Mutation); 20] = [
    ("delete", delete),
    ("repeat", repeat),
    ("swap", swap),
    ("swap far", swap_far),
    ("replace alike", replace_alike),
    ("replace alike", replace_alike),
    ("replace by any", replace_by_any),
    ("replace by word", replace_by_word),
    ("insert word", insert_word),
    ("number", number),
    ("number", number),
    ("rename", rename),
    ("drop statement", drop_statement),
    ("repeat statement", repeat_statement),
    ("move statement", move_statement),
    ("language", language),
    ("label", label),
    ("insert letter", insert_letter),
    ("delete letter", delete_letter),
    ("cut", cut),
];

fn any(text: &Text<'_>, random: &mut Random) -> Option<usize> {
    (!text.tokens.is_empty()).then(|| random.below(text.tokens.len()))
}

fn delete(text: &Text<'_>, random: &mut Random) -> Option<String> {
    Some(text.replaced(text.stretch(any(text, random)?), " "))
}

fn repeat(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let at = any(text, random)?;
    Some(text.replaced(text.stretch(at), &format!("{0} {0}", text.slice(at))))
}

fn swap(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let at = any(text, random)?;
    exchanged(text, at, at + 1)
}

fn swap_far(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let (one, other) = (any(text, random)?, any(text, random)?);
    exchanged(text, one.min(other), one.max(other))
}

fn exchanged(text: &Text<'_>, one: usize, other: usize) -> Option<String> {
    if one == other || other >= text.tokens.len() {
        return None;
    }
    let ((start, middle), (next, end)) = (text.stretch(one), text.stretch(other));
    let between = &text.text[middle..next];
    Some(text.replaced((start, end), &format!(" {} {between} {} ", text.slice(other), text.slice(one))))
}

fn replace_alike(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let at = any(text, random)?;
    let kind = text.tokens[at].kind;
    let others =
        text.places(|_, other| other == kind || matches!((kind, other), (TokenKind::Punct(_), TokenKind::Punct(_))));
    Some(text.replaced(text.stretch(at), text.slice(random.pick(&others))))
}

fn replace_by_any(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let (at, other) = (any(text, random)?, any(text, random)?);
    Some(text.replaced(text.stretch(at), &format!(" {} ", text.slice(other))))
}

fn replace_by_word(text: &Text<'_>, random: &mut Random) -> Option<String> {
    Some(text.replaced(text.stretch(any(text, random)?), &format!(" {} ", random.pick(&WORDS))))
}

fn insert_word(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let start = text.stretch(any(text, random)?).0;
    Some(text.replaced((start, start), &format!(" {} ", random.pick(&WORDS))))
}

fn number(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let numbers = text.places(|_, kind| matches!(kind, TokenKind::Int | TokenKind::Float | TokenKind::BadNumber));
    let at = random.maybe_pick(&numbers)?;
    let by = match random.below(3) {
        0 => text.slice(random.pick(&numbers)).to_owned(),
        1 => format!("{}", text.slice(at).parse::<u64>().unwrap_or(7).wrapping_add(1)),
        _ => random.pick(&WORDS[..22]).to_owned(),
    };
    Some(text.replaced(text.stretch(at), &by))
}

fn rename(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let at = random.maybe_pick(&text.places(|_, kind| kind == TokenKind::Ident))?;
    let name = text.slice(at);
    Some(text.replaced(text.stretch(at), &format!("{name}{}", random.pick(&["x", "_", "2"]))))
}

fn drop_statement(text: &Text<'_>, random: &mut Random) -> Option<String> {
    Some(text.replaced(random.maybe_pick(&text.statements())?, " "))
}

fn repeat_statement(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let (start, end) = random.maybe_pick(&text.statements())?;
    Some(text.replaced((end, end), &text.text[start..end]))
}

fn move_statement(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let statements = text.statements();
    let (start, end) = random.maybe_pick(&statements)?;
    let (_, to) = random.pick(&statements);
    let moved = &text.text[start..end];
    if to <= start {
        Some(format!("{}{moved}{}{}", &text.text[..to], &text.text[to..start], &text.text[end..]))
    } else if to >= end {
        Some(format!("{}{}{moved}{}", &text.text[..start], &text.text[end..to], &text.text[to..]))
    } else {
        None
    }
}

fn language(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let by = random.pick(&LANGUAGES);
    let is_there = !text.tokens.is_empty() && matches!(text.slice(0), "syntax" | "edition");
    let first = text.statements().first().copied().filter(|_| is_there);
    Some(text.replaced(first.unwrap_or((0, 0)), &format!("{by}\n")))
}

fn label(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let labels = text.places(|word, _| LABELS[..3].contains(&word) || word == "stream" || word == "export");
    let by = random.pick(&LABELS);
    Some(text.replaced(text.stretch(random.maybe_pick(&labels)?), by))
}

fn letter(text: &Text<'_>, random: &mut Random) -> Option<usize> {
    let at = random.below(text.text.len());
    (at..text.text.len()).find(|at| text.text.is_char_boundary(*at))
}

fn insert_letter(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let at = letter(text, random)?;
    Some(text.replaced((at, at), &random.pick(&LETTERS).to_string()))
}

fn delete_letter(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let at = letter(text, random)?;
    let len = text.text[at..].chars().next()?.len_utf8();
    Some(text.replaced((at, at + len), ""))
}

fn cut(text: &Text<'_>, random: &mut Random) -> Option<String> {
    let (one, other) = (letter(text, random)?, letter(text, random)?);
    if random.chance(50) {
        Some(text.text[..one].to_owned())
    } else {
        Some(text.replaced((one.min(other), one.max(other)), ""))
    }
}
