//! Comment lines that were meant as directives and have no effect: misspelt ones, and those of other tools.

use super::{BUF_IGNORE, HOT, IGNORE};
use crate::source::Span;

/// What looks like a directive and has no effect.
#[derive(Clone, Debug)]
pub(crate) struct Idle {
    pub(crate) kind: IdleKind,
    /// The directive's words.
    pub(crate) written: String,
    /// The rules that it names, as it names them.
    pub(crate) rules: Vec<String>,
}

/// Why it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdleKind {
    /// It names no rule.
    WithoutRules,
    /// There is a space in it.
    Spaced,
    /// There is no such directive.
    Unknown,
    /// The Go tool's, which starts or is a suppression.
    OfGoTool,
    /// The Go tool's, which ends a suppression.
    EndOfGoTool,
    /// api-linter's.
    OfApiLinter,
}

impl Idle {
    /// A directive that names no rule.
    pub(super) fn without_rules(word: &str) -> Idle {
        Idle { kind: IdleKind::WithoutRules, written: word.to_owned(), rules: Vec::new() }
    }
}

/// The verbs that directives of this tool and of the Go tool have.
const VERBS: [&str; 5] = ["ignore", "disable", "enable", "hot", "ignored"];

/// What a line that starts so stands for, if it was meant as a directive.
pub(super) fn directive(line: &str, at: u32) -> Option<(Span, Idle)> {
    let (length, idle) = of_api_linter(line).or_else(|| of_buf(line)).or_else(|| of_protolint(line))?;
    Some((Span::new(at, at + length as u32), idle))
}

/// `(-- api-linter: core::0140::lower-snake=disabled --)`.
fn of_api_linter(line: &str) -> Option<(usize, Idle)> {
    const MARK: &str = "api-linter:";
    let start = line.strip_prefix("(--").map_or(0, |rest| line.len() - rest.trim_start().len());
    let named = line[start..].strip_prefix(MARK)?;
    let (rule, _) = named.split_once('=').filter(|(_, state)| state.trim_start().starts_with("disabled"))?;
    let written = line[..start + MARK.len()].to_owned();
    Some((start + MARK.len(), Idle { kind: IdleKind::OfApiLinter, written, rules: vec![rule.trim().to_owned()] }))
}

/// What starts as `buf:lint:` but for spaces and is not buf's directive.
fn of_buf(line: &str) -> Option<(usize, Idle)> {
    let length = matched(line, "buf:lint:")?;
    let verb = length + verb_length(&line[length..]);
    let written = line[..verb].trim_end();
    let kind = if without_spaces(written) == BUF_IGNORE { IdleKind::Spaced } else { IdleKind::Unknown };
    let is_one = kind == IdleKind::Spaced || !written.contains(char::is_whitespace);
    (is_one && verb > length).then(|| (written.len(), Idle::new(kind, written, &line[verb..])))
}

/// What starts with the name of this tool and a verb.
fn of_protolint(line: &str) -> Option<(usize, Idle)> {
    const NAME: &str = "protolint";
    let marks = line.len() - line.trim_start_matches('@').len();
    let name = line.get(marks..marks + NAME.len()).filter(|name| name.eq_ignore_ascii_case(NAME))?;
    let after = &line[marks + name.len()..];
    let gap = after.len() - after.trim_start_matches([':', '-', ' ', '\t']).len();
    let separator = &after[..gap];
    let start = marks + name.len() + gap;
    let end = start + verb_length(&line[start..]);
    let verb = line[start..end].to_ascii_lowercase();
    let is_verb = VERBS.contains(&verb.as_str());
    let names_a_rule = || line[end..].trim().is_empty() || words(&line[end..]).next().is_some();
    match separator {
        ":" if !verb.is_empty() => {}
        "" => return None,
        // What may be prose is taken for a directive only with a rule after it.
        _ if is_verb && names_a_rule() => {}
        _ => return None,
    }
    // `:next` and `:this` belong to the directives of the Go tool.
    let tail = line[end..].strip_prefix(':').map_or(0, |rest| 1 + verb_length(rest));
    let is_of_go = separator == ":" && marks == 0;
    let (kind, end) = match verb.as_str() {
        "disable" if is_of_go => (IdleKind::OfGoTool, end + tail),
        "enable" if is_of_go => (IdleKind::EndOfGoTool, end),
        _ if [HOT, IGNORE].contains(&without_spaces(&line[..end]).as_str()) && separator != ":" => {
            (IdleKind::Spaced, end)
        }
        _ => {
            let whole = line[end..].find(char::is_whitespace).map_or(line.len(), |at| end + at);
            let written = line[..whole].trim_end_matches("*/");
            let idle = Idle::new(IdleKind::Unknown, written, &line[end..]);
            return Some((written.len(), idle));
        }
    };
    Some((end, Idle::new(kind, &line[..end], &line[end..])))
}

impl Idle {
    fn new(kind: IdleKind, written: &str, rest: &str) -> Idle {
        Idle { kind, written: written.to_owned(), rules: words(rest).map(str::to_owned).collect() }
    }
}

/// The bytes that a line takes to say `mark`, with spaces anywhere but in words.
fn matched(line: &str, mark: &str) -> Option<usize> {
    let mut rest = line;
    for (index, part) in mark.split_inclusive(':').enumerate() {
        let word = part.trim_end_matches(':');
        rest = if index > 0 { rest.trim_start() } else { rest };
        rest = rest.strip_prefix(word)?.trim_start().strip_prefix(':')?;
    }
    Some(line.len() - rest.len())
}

/// The spaces and letters that a verb takes at the start of a text.
fn verb_length(text: &str) -> usize {
    let word = text.trim_start();
    let end = word.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(word.len());
    text.len() - word.len() + end
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// The names of rules at the start of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |word: &&str| {
        word.contains('_') && word.chars().all(|character| matches!(character, 'A'..='Z' | '0'..='9' | '_'))
            || word.len() > 2 && word.chars().all(|character| character.is_ascii_uppercase())
    };
    let words = text.split(|character: char| !(character.is_alphanumeric() || character == '_'));
    words.filter(|word| !word.is_empty()).take_while(is_name)
}
