//! What the comments of a deprecated element say of its deprecation: why, and which names replace it. Comments are read by
//! their words; it does not know which names exist.

use crate::schema::{Element, Part};
use crate::source::Span;
use crate::syntax::{Comment, Tree};

/// The comments of an element: above it, behind it or its opening brace, and above or behind the option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Each paragraph on one line.
    paragraphs: Vec<String>,
}

/// A name in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MentionedName {
    pub(crate) name: String,
    /// Whether it is marked as a name: in backticks or brackets.
    pub(crate) is_marked: bool,
}

/// The words by which a comment says that something is deprecated.
const MARKERS: [&str; 2] = ["deprecat", "obsolete"];

/// What a sentence says that explains a deprecation without one of these words.
const EXPLAINING: [&str; 15] = [
    "instead",
    "superseded",
    "replaced",
    "no longer",
    "in favor of",
    "in favour of",
    "do not use",
    "don't use",
    "unused",
    "not used",
    "moved to",
    "renamed",
    "migrate",
    "legacy",
    "not supported",
];

/// Words that say nothing of their own beside a marker.
const FILLERS: [&str; 34] = [
    "a",
    "all",
    "an",
    "and",
    "api",
    "as",
    "be",
    "been",
    "enum",
    "field",
    "file",
    "for",
    "has",
    "in",
    "is",
    "it",
    "marked",
    "message",
    "method",
    "now",
    "of",
    "only",
    "option",
    "optional",
    "output",
    "param",
    "parameter",
    "rpc",
    "service",
    "the",
    "this",
    "value",
    "was",
    "will",
];

/// By these a comment says that there is no replacement.
const WITHOUT_REPLACEMENT: [&str; 6] = [
    "no replacement",
    "without replacement",
    "without a replacement",
    "not replaced",
    "no alternative",
    "no successor",
];

/// Words before a name that need no mark.
const BEFORE_NAMES: [&str; 7] = ["use", "by", "of", "to", "with", "see", "into"];

/// The most characters of a reason that are shown.
const MAX_SHOWN: usize = 120;

impl Notice {
    /// Reads the comments of an element in the tree of its file.
    pub(crate) fn new(tree: &Tree<'_>, element: Element<'_>) -> Notice {
        let mut lines = Vec::new();
        let mut add = |comments: &[Comment]| {
            lines.push(String::new());
            comments.iter().for_each(|comment| read(comment.span().slice(tree.source()), &mut lines));
        };
        let option = element.locate(Part::Option("deprecated")).map(|place| place.span);
        let declaration = element.declaration();
        if matches!(element, Element::File(_)) {
            add(tree.comments_before(0));
        } else if let Some((first, last)) = tokens(tree, declaration) {
            add(tree.leading_comment(first));
            let open = (first..last).find(|at| tree.tokens()[*at as usize].is(b'{'));
            add(tree.trailing_comment(open.unwrap_or(last)));
        }
        let statement = option.filter(|option| *option != declaration).and_then(|option| tokens(tree, option));
        if let Some((first, last)) = statement {
            add(tree.leading_comment(first));
            add(tree.trailing_comment(last));
        }
        Notice::from_lines(lines.iter().map(String::as_str))
    }

    fn from_lines<'l>(lines: impl Iterator<Item = &'l str>) -> Notice {
        let mut paragraphs = vec![String::new()];
        for line in lines {
            let last = paragraphs.len() - 1;
            match (line.is_empty(), paragraphs[last].is_empty()) {
                (true, false) => paragraphs.push(String::new()),
                (false, false) => paragraphs[last] += &format!(" {line}"),
                (_, true) => paragraphs[last].push_str(line),
            }
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        Notice { paragraphs }
    }

    /// Why the element is deprecated or what to do about it, in the words of the comment; `None` where the comment only says
    /// that it is, or nothing of it.
    pub(crate) fn reason(&self) -> Option<&str> {
        let marked = self.paragraphs.iter().find_map(|paragraph| behind_marker(paragraph));
        let explaining = || {
            let sentences = self.paragraphs.iter().flat_map(|paragraph| sentences(paragraph));
            sentences.map(|(_, sentence)| sentence.trim_start()).find(|sentence| is_explaining(sentence))
        };
        // What is in another script cannot be read here, and is taken for what it should be.
        let is_of_another_script = |text: &&String| text.chars().any(|c| c.is_alphabetic() && c > '\u{2af}');
        let unread = || self.paragraphs.iter().find(is_of_another_script).map(String::as_str);
        marked.or_else(explaining).or_else(unread)
    }

    /// The reason on one line, cut where it is long.
    pub(crate) fn short_reason(&self) -> Option<String> {
        let reason = self.reason()?.trim_end_matches('.');
        Some(match reason.char_indices().nth(MAX_SHOWN) {
            Some((end, _)) => format!("{}…", &reason[..end]),
            None => reason.to_owned(),
        })
    }

    /// Whether the comment says that nothing replaces the element.
    pub(crate) fn is_without_replacement(&self) -> bool {
        let lower = self.reason().unwrap_or_default().to_lowercase();
        WITHOUT_REPLACEMENT.iter().any(|words| lower.contains(words))
    }

    /// The names in the reason that may be those of a replacement, in order.
    pub(crate) fn names(&self) -> Vec<MentionedName> {
        let mut names = Vec::new();
        let reason = self.reason().unwrap_or_default();
        let mut rest = reason;
        let mut before = "";
        while let Some(word) = rest.split_whitespace().next() {
            let at = rest.find(word).unwrap_or_default();
            rest = &rest[at..];
            let opened = rest.trim_start_matches(['(', '"', '\'']);
            if let Some(inner) = opened.strip_prefix(['`', '[']) {
                let close = if opened.starts_with('`') { '`' } else { ']' };
                if let Some(end) = inner.find(close) {
                    let behind = &inner[end + 1..];
                    let target = behind.strip_prefix('[').and_then(|behind| Some(&behind[..behind.find(']')?]));
                    let is_link = close == ']' && behind.starts_with('(');
                    let name = target.unwrap_or(&inner[..end]);
                    let skipped = target.map_or(0, |target| target.len() + 2);
                    names.extend(plain(name).filter(|_| !is_link).map(|name| MentionedName { name, is_marked: true }));
                    (rest, before) = (&behind[skipped..], "");
                    continue;
                }
            }
            let is_expected = BEFORE_NAMES.contains(&before.to_lowercase().as_str());
            let looks_like_a_name = |name: &String| {
                let has_inner_capital = name.char_indices().any(|(at, c)| at > 0 && c.is_ascii_uppercase());
                is_expected || name.contains(['_', '.']) || has_inner_capital
            };
            names.extend(plain(word).filter(looks_like_a_name).map(|name| MentionedName { name, is_marked: false }));
            (rest, before) = (&rest[word.len()..], word);
        }
        names
    }
}

/// The first and the last token in a span.
fn tokens(tree: &Tree<'_>, span: Span) -> Option<(u32, u32)> {
    let first = tree.tokens().partition_point(|token| token.start < span.start);
    let end = tree.tokens().partition_point(|token| token.end <= span.end);
    (first < end).then(|| (first as u32, end as u32 - 1))
}

/// The lines of a comment without its marks; directives are none of them.
fn read(comment: &str, lines: &mut Vec<String>) {
    for line in comment.trim_end_matches("*/").lines() {
        let line = line.trim().trim_start_matches(['/', '*', '!', '#']).trim();
        if !line.starts_with("protolint:") && !line.starts_with("buf:lint:") {
            lines.push(line.to_owned());
        }
    }
}

/// The sentences of a paragraph, each with where it begins.
fn sentences(paragraph: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends = paragraph.match_indices(['.', '!', '?', ';']).map(|(at, _)| at + 1);
    let ends = ends.filter(|end| paragraph[*end..].starts_with(' ')).chain([paragraph.len()]);
    let mut start = 0;
    ends.map(move |end| {
        let sentence = (start, &paragraph[start..end]);
        start = end;
        sentence
    })
}

fn is_explaining(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    EXPLAINING.iter().any(|words| lower.contains(words))
}

/// What a paragraph says from the sentence on that has a marker, without the marker at its start; `None` where that is
/// nothing.
fn behind_marker(paragraph: &str) -> Option<&str> {
    let has_marker = |text: &str| {
        let lower = text.to_lowercase();
        MARKERS.iter().any(|marker| lower.contains(marker))
    };
    let (start, _) = sentences(paragraph).find(|(_, sentence)| has_marker(sentence))?;
    let is_edge = |c: char| !c.is_alphanumeric() && !matches!(c, '`' | '[' | '"' | '\'');
    let mut text = paragraph[start..].trim_start_matches(|c: char| c.is_whitespace());
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = bare.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if has_marker(word) {
        // The bracket that closes around the word is no part of what follows.
        text = bare[word.len()..].trim_start_matches(|c: char| is_edge(c) || c == ']');
    }
    let says = |word: &str| {
        let lower = word.to_lowercase();
        let has_letter = lower.contains(char::is_alphabetic);
        has_letter && !FILLERS.contains(&lower.as_str()) && !has_marker(word)
    };
    if !text.split(|c: char| !c.is_alphanumeric() && c != '_').any(says) {
        return None;
    }
    // After a mere `Deprecated.` a sentence that explains it may stand behind others.
    let explains = |sentence: &str| has_marker(sentence) || is_explaining(sentence);
    let is_apart = text.len() < paragraph.len() - start && !bare[word.len()..].starts_with([':', ',', ' ']);
    let explaining = sentences(text).find(|(_, sentence)| is_apart && explains(sentence));
    Some(explaining.map_or(text, |(at, _)| text[at..].trim_start()))
}

/// A word as the name of an element; `None` where it can be none.
fn plain(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let name = word.trim_end_matches("()").replace(['#', '/'], ".");
    let name = if word.ends_with(".proto") { word.to_owned() } else { name };
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    (word.ends_with(".proto") || name.split('.').all(is_part)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::Notice;

    fn notice(comment: &str) -> Notice {
        Notice::from_lines(comment.lines())
    }

    #[test]
    fn a_reason_is_more_than_the_word() {
        for (comment, reason) in [
            ("Deprecated: use `name` instead.", Some("use `name` instead.")),
            ("DEPRECATED! Use network_endpoints instead.", Some("Use network_endpoints instead.")),
            ("[Deprecated] Election filter is gone.", Some("Election filter is gone.")),
            ("(Deprecated) `mode` is gone.", Some("`mode` is gone.")),
            ("Optional. Deprecated: JSON Schema.\nPlease use x.", Some("JSON Schema. Please use x.")),
            ("The name.\n\nDeprecated: it is not read.", Some("it is not read.")),
            ("The name. Use `title` instead.", Some("Use `title` instead.")),
            ("As it leaks, this field is deprecated.", Some("As it leaks, this field is deprecated.")),
            ("Deprecated. The name. It is replaced by `title`.", Some("It is replaced by `title`.")),
            ("Deprecated. The name of the user.", Some("The name of the user.")),
            ("请使用 `name`", Some("请使用 `name`")),
            ("Deprecated.", None),
            ("deprecated", None),
            ("This field is now deprecated.", None),
            ("[DEPRECATED] This field is deprecated.", None),
            ("The name of the user.", None),
            ("The name of the user.\n\nDeprecated.", None),
            ("", None),
        ] {
            assert_eq!(notice(comment).reason(), reason, "{comment}");
        }
    }

    #[test]
    fn names_are_marked_or_look_like_names() {
        for (comment, names) in [
            ("Deprecated: use `name` instead.", "`name`"),
            ("Deprecated: use [Full][acme.v1.Full] instead.", "`acme.v1.Full`"),
            ("Deprecated: use [the guide](https://acme.dev/x) or [Order].", "`Order`"),
            ("Deprecated: use new_name, or android.target.", "new_name android.target"),
            ("Deprecated: use title instead", "title"),
            ("Deprecated: call Orders/GetOrder().", "Orders.GetOrder"),
            ("Deprecated: it is slow", ""),
            ("Deprecated: use `a b` or `x[0]` or ``", ""),
            ("Deprecated: use acme/v2/order.proto", "acme/v2/order.proto"),
            ("Deprecated: unbalanced `tick and [bracket", ""),
        ] {
            let shown = notice(comment).names().into_iter();
            let shown = shown.map(|name| if name.is_marked { format!("`{}`", name.name) } else { name.name });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), names, "{comment}");
        }
        assert!(notice("Deprecated without replacement").is_without_replacement());
    }
}
