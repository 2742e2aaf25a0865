//! Writes numbers and strings in all the manners the language has, each within what its type takes.

use crate::schema::tests::random::Random;

/// Digits of a number that is not negative: decimal, hexadecimal or octal.
pub(super) fn digits(number: u64, random: &mut Random) -> String {
    match random.below(12) {
        0 => format!("0x{number:x}"),
        1 => format!("0X{number:X}"),
        2 if number > 0 => format!("0{number:o}"),
        3 if number > 0 => format!("0x00{number:x}"),
        _ => number.to_string(),
    }
}

/// A number, its sign a token of its own.
pub(super) fn signed(number: i64, random: &mut Random) -> Vec<String> {
    let digits = digits(number.unsigned_abs(), random);
    if number < 0 { vec!["-".to_owned(), digits] } else { vec![digits] }
}

/// A value of an integer type.
pub(super) fn integer(scalar: &str, random: &mut Random) -> Vec<String> {
    let (least, most) = match scalar {
        "int32" | "sint32" | "sfixed32" => (i64::from(i32::MIN), i32::MAX as u64),
        "uint32" | "fixed32" => (0, u64::from(u32::MAX)),
        "uint64" | "fixed64" => (0, u64::MAX),
        _ => (i64::MIN, i64::MAX as u64),
    };
    match random.below(8) {
        0 => vec![digits(most, random)],
        1 => signed(least, random),
        2 if least < 0 => signed(-1 - random.below(1000) as i64, random),
        3 if least < 0 => vec!["-".to_owned(), "0".to_owned()],
        _ => vec![digits(random.below(1000) as u64, random)],
    }
}

/// A value of a type of fractions.
pub(super) fn fraction(random: &mut Random) -> Vec<String> {
    const WRITTEN: [&str; 22] = [
        "0",
        "1",
        "1.5",
        ".5",
        "1.",
        "0.",
        "1e3",
        "1E+3",
        "1e-3",
        "1.e2",
        ".5e1",
        "0.1e-10",
        "00",
        "017",
        "0x1F",
        "18446744073709551615",
        "inf",
        "nan",
        "1.0e38",
        "3.4028234e38",
        "1e-45",
        "123456789.125",
    ];
    let written = random.pick(&WRITTEN).to_owned();
    if random.chance(25) { vec!["-".to_owned(), written] } else { vec![written] }
}

/// A string in one or several literals; of bytes, it may be no UTF-8.
pub(super) fn string(is_bytes: bool, random: &mut Random) -> Vec<String> {
    let count = random.pick(&[1, 1, 1, 1, 2, 3]);
    (0..count).map(|_| literal(is_bytes, random)).collect()
}

fn literal(is_bytes: bool, random: &mut Random) -> String {
    const PARTS: [&str; 26] = [
        "a",
        "text ",
        "ü",
        "\u{1f980}",
        "\\n",
        "\\t",
        "\\\\",
        "\\\"",
        "\\'",
        "\\a\\b\\f\\v\\r",
        "\\?",
        "\\101",
        "\\7 ",
        "\\x41",
        "\\X7a",
        "\\x9 ",
        "\\u00e9",
        "\\U0001F980",
        "//",
        "/*",
        "*/",
        "{",
        ";",
        "\\0",
        "\\000",
        "\t",
    ];
    const BYTES: [&str; 4] = ["\\377", "\\xff", "\\200", "\\xC3("];
    let quote = random.pick(&['"', '"', '"', '\'']);
    let mut out = String::from(quote);
    for _ in 0..random.below(4) {
        match random.below(8) {
            0 if is_bytes => out.push_str(random.pick(&BYTES)),
            1 => out.push(if quote == '"' { '\'' } else { '"' }),
            _ => out.push_str(random.pick(&PARTS)),
        }
    }
    out.push(quote);
    out
}

/// A plain text in quotes.
pub(super) fn quoted(text: &str, random: &mut Random) -> String {
    let quote = random.pick(&['"', '"', '\'']);
    format!("{quote}{text}{quote}")
}
