//! Holds what this parser reads of a text to what protox reads of it, which is written by others and reads proto2 and
//! proto3. It reads one file at a time, and neither links nor reports.

mod facts;
mod known;

use miette::Diagnostic;
use protox::file::File;

use super::data::{FileData, Syntax, WrittenType};
use super::lower;
use crate::source::Span;
use crate::syntax::{self, Tree};
use facts::{Fact, facts};

/// What comes of reading a text by both parsers.
#[derive(Debug)]
pub(crate) enum Judgement {
    /// Both read the same.
    Same,
    /// Both refuse it, or protox takes what protoc refuses too.
    Refused,
    /// It is written in an edition, or in a form that protoc has and protox lacks: there is nothing to compare with.
    OnlyOurs,
    /// Both read it, but not the same; or one of them should not read it, or should.
    Differs(Difference),
}

/// Where two readings of a text differ, and how.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) span: Span,
    /// Names the element.
    pub(crate) message: String,
}

/// Reads a text by both parsers.
pub(crate) fn judge(text: &str) -> Judgement {
    let tree = syntax::parse(text);
    let (ours, more) = lower::tree::lower(&tree);
    if let Syntax::Edition(_) = ours.syntax {
        return Judgement::OnlyOurs;
    }
    // Protox does not know the mark that texts may begin with.
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    match (tree.faults().first().or(more.first()), File::from_source("", &text[mark..])) {
        (Some(_), Err(_)) => Judgement::Refused,
        (Some(fault), Ok(_)) if known::is_refused_by_protoc(&tree, fault) => Judgement::Refused,
        (Some(fault), Ok(_)) => {
            let message = format!("protox parses this file, but protolint does not: {}", fault.message);
            Judgement::Differs(Difference { span: fault.span, message })
        }
        (None, Err(error)) => refused(&tree, &error, mark),
        (None, Ok(_)) if has_default_of_no_type(&ours) => Judgement::OnlyOurs,
        (None, Ok(file)) => {
            let theirs = lower::descriptor::lower(file.file_descriptor_proto());
            difference(&ours, &theirs).map_or(Judgement::Same, Judgement::Differs)
        }
    }
}

/// The first thing that a text says and another form of it does not, whatever the order of imports.
pub(crate) fn changed_meaning(before: &str, after: &str) -> Option<String> {
    let read = |text: &str| {
        let mut facts = facts(&lower::tree::lower(&syntax::parse(text)).0);
        let mut imports: Vec<Fact> = facts.extract_if(.., |fact| fact.what == "import").collect();
        imports.sort_by(|one, other| (&one.element, &one.value).cmp(&(&other.element, &other.value)));
        facts.extend(imports);
        facts
    };
    let (before, after) = (read(before), read(after));
    let differs = |(one, other): (&Fact, &Fact)| !one.is_same(other);
    match before.iter().zip(&after).find(|pair| differs(*pair)) {
        Some((Fact { element, what, value, .. }, _)) => Some(format!("the {what} `{value}` of `{element}` changes")),
        None => (before.len() != after.len()).then(|| "facts are lost or added".to_owned()),
    }
}

/// What comes of a text that protox alone refuses.
fn refused(tree: &Tree<'_>, error: &protox::Error, mark: usize) -> Judgement {
    let message = error.to_string();
    let label = error.labels().and_then(|mut labels| labels.next());
    let span =
        label.map_or(Span::new(0, 0), |label| Span::of(label.offset() + mark..label.offset() + mark + label.len()));
    if known::is_unknown_to_protox(tree, span, &message) {
        return Judgement::OnlyOurs;
    }
    Judgement::Differs(Difference {
        span,
        message: format!("protolint parses this file, but protox does not: {message}"),
    })
}

/// Whether a field of a named type has a default that is no name: no descriptor has a text for that, and once the type
/// is known a rule refuses it.
fn has_default_of_no_type(data: &FileData) -> bool {
    let named = data.fields.iter().filter(|field| field.written_type == WrittenType::Named);
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let is_name = |default: &str| default.chars().all(is_letter) && !default.starts_with(|c: char| c.is_ascii_digit());
    named.filter_map(|field| field.default).any(|default| !is_name(data.text(default)))
}

/// The first difference between what two parsers read.
fn difference(ours: &FileData, theirs: &FileData) -> Option<Difference> {
    let (ours, theirs) = (facts(ours), facts(theirs));
    let at = ours.iter().zip(&theirs).position(|(our, their)| !our.is_same(their));
    let at = at.or_else(|| (ours.len() != theirs.len()).then(|| ours.len().min(theirs.len())))?;
    let span = ours.get(at).or(ours.last()).map_or(Span::new(0, 0), |fact| fact.span);
    let span = if span.is_none() { Span::new(0, 0) } else { span };
    Some(Difference { span, message: describe(ours.get(at), theirs.get(at), &ours) })
}

fn describe(our: Option<&Fact>, their: Option<&Fact>, ours: &[Fact]) -> String {
    if let (Some(our), Some(their)) = (our, their)
        && our.is_of(their)
    {
        let Fact { element, what, value, .. } = our;
        return format!("the {what} of `{element}` is `{value}` for protolint, and `{}` for protox", their.value);
    }
    // Where both go on, what is read of another element as well is not what is missing.
    let alone = their.filter(|their| our.is_none() || !ours.iter().any(|our| our.is_same(their)));
    match (alone, our) {
        (Some(Fact { element, what, value, .. }), _) => {
            format!("the {what} `{value}` of `{element}` is read only by protox")
        }
        (None, our) => {
            let Fact { element, what, value, .. } = our.expect("one of the two goes on");
            format!("the {what} `{value}` of `{element}` is read only by protolint")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lower;
    use super::difference;
    use crate::schema::data::FileData;
    use crate::syntax::parse;

    fn read(text: &str) -> FileData {
        lower::tree::lower(&parse(text)).0
    }

    #[test]
    fn differences_name_the_element_and_both_readings() {
        let message = |one: &str, other: &str| difference(&read(one), &read(other)).map(|found| found.message);
        let (one, two) =
            ("package a; message M { optional int32 b = 1; }", "package a; message M { optional int32 b = 2; }");
        assert_eq!(message(one, one), None);
        let words = "the number of `a.M.b` is `1` for protolint, and `2` for protox";
        assert_eq!(message(one, two).as_deref(), Some(words));
        let (less, more) = ("message M {}", "message M {} message N {}");
        assert_eq!(message(less, more).as_deref(), Some("the kind `message` of `N` is read only by protox"));
        assert_eq!(message(more, less).as_deref(), Some("the kind `message` of `N` is read only by protolint"));
        let (short, long) = ("option a = { b: 1 };", "option a = { b: -1 };");
        assert_eq!(
            message(short, long).as_deref(),
            Some("the option of `the file` is `a = { b: 1 }` for protolint, and `a = { b: -1 }` for protox")
        );
    }
}
