//! Does what the help of a finding about a change says, where that is ready to paste: a word `add`, and protobuf's own
//! text in backticks after it.

use std::collections::BTreeMap;

use protolint::finding::Finding;
use protolint::source::Sources;

/// The texts with what the help says to add; `None` where it says nothing of the kind.
pub fn applied(
    finding: &Finding,
    files: &BTreeMap<String, String>,
    sources: &Sources,
) -> Option<BTreeMap<String, String>> {
    let help = finding.help.as_deref()?;
    if let Some((_, reserved)) = help.split_once("prevent reuse of the old one: `").filter(|_| !help.contains("add `"))
    {
        return moved(finding, files, sources, reserved.split('`').next()?);
    }
    let (_, added) = help.split_once("add `")?;
    // What is for another case comes after a semicolon outside of backticks.
    let snippets: Vec<&str> = added.split('`').step_by(2).take(1).collect();
    let more: Vec<&str> = match added.split_once("`, and `") {
        Some((_, rest)) => rest.split('`').step_by(2).take(1).collect(),
        None => Vec::new(),
    };
    let place = finding.place?;
    let start = place.span.start as usize;
    let before = added.split_once(" before `").map(|(_, rest)| rest.split('`').next().unwrap_or_default());
    let mut edited = files.clone();
    let text = edited.values_mut().find(|text| text.as_str() == sources.get(place.file).text())?;
    for snippet in snippets.into_iter().chain(more) {
        *text = match before.filter(|_| !snippet.starts_with("option")) {
            Some(name) => text.replacen(&format!("{name} ="), &format!("{snippet} {name} ="), 1),
            None => with(text, start, snippet)?,
        };
    }
    Some(edited)
}

/// The texts with a field under another number, and its old number reserved.
fn moved(
    finding: &Finding,
    files: &BTreeMap<String, String>,
    sources: &Sources,
    reserved: &str,
) -> Option<BTreeMap<String, String>> {
    let place = finding.place?;
    let start = place.span.start as usize;
    let mut edited = files.clone();
    let text = edited.values_mut().find(|text| text.as_str() == sources.get(place.file).text())?;
    let number = start + text[start..].find('=')? + 1;
    let digits = text[number..].trim_start().chars().take_while(char::is_ascii_digit).count();
    let from = number + text[number..].find(|letter: char| letter.is_ascii_digit())?;
    let free = [77_777, 997, 97, 57, 17].into_iter().find(|number| !is_in_a_range(*number, text))?;
    text.replace_range(from..from + digits, &free.to_string());
    let open = body(&text[..start])?;
    *text = format!("{}{{ {reserved}{}", &text[..open], &text[open + 1..]);
    Some(edited)
}

/// Whether a text gives a number to extensions, or reserves it, in a range.
fn is_in_a_range(number: u32, text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '\n', ',', ';']).collect();
    let end = |word: &str| if word == "max" { Some(u32::MAX) } else { word.parse().ok() };
    words.windows(3).any(|words| match (words[0].parse::<u32>(), words[1], end(words[2])) {
        (Ok(start), "to", Some(end)) => (start..=end).contains(&number),
        _ => false,
    })
}

/// A text with a snippet added to what starts at, or contains, an offset.
fn with(text: &str, start: usize, snippet: &str) -> Option<String> {
    if snippet.starts_with('[') {
        let end = start + end_of_field(&text[start..])?;
        let field = &text[..end];
        return Some(match field[start..].rfind(']') {
            Some(at) => {
                let option = snippet.trim_start_matches('[').trim_end_matches(']');
                format!("{}, {option}]{}", &field[..start + at], &text[end..])
            }
            None => format!("{field} {snippet}{}", &text[end..]),
        });
    }
    let is_body = ["message ", "enum "].iter().any(|word| text[start..].trim_start().starts_with(word));
    let is_group = text[start..].contains("group ") && text[start..].find('{') < text[start..].find(';');
    let open = match is_body || is_group {
        true => start + text[start..].find('{')?,
        false => body(&text[..start])?,
    };
    Some(format!("{}{{ {snippet}{}", &text[..open], &text[open + 1..]))
}

/// Where the `;` of a field stands, or the brace of a group; those in its options do not count.
fn end_of_field(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    text.char_indices().find_map(|(at, letter)| {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, ';' | '{') if depth == 0 => return Some(at),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            _ => {}
        }
        None
    })
}

/// The brace that opened the message or enum around the end of a text; a oneof has no statements of its own.
fn body(text: &str) -> Option<usize> {
    let mut closed = 0;
    let is_around = |&(_, brace): &(usize, char)| {
        closed += if brace == '}' { 1 } else { -1 };
        closed < 0
    };
    let (open, _) = text.char_indices().rev().filter(|(_, letter)| "{}".contains(*letter)).find(is_around)?;
    let mut words = text[..open].split_whitespace().rev();
    if words.nth(1) == Some("oneof") { body(&text[..open]) } else { Some(open) }
}
