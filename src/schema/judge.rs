//! Holds what this parser reads of a text to what protox reads of it, which is written by others and knows proto2 and
//! proto3. It knows one file at a time, and neither links nor reports.

mod facts;

use protox::file::File;

use super::data::{FileData, Syntax};
use super::lower;
use crate::source::Span;
use crate::syntax::{self, Fault};
use facts::{Fact, facts};

/// What comes of reading a text by both parsers.
#[derive(Debug)]
pub(crate) enum Judgement {
    /// Both read the same.
    Same,
    /// Both read it, and something else of it.
    Differs(Difference),
    /// Neither reads it whole.
    Refused,
    /// It is written in an edition, or in a form that protoc has and protox does not: nothing to compare with.
    OnlyOurs,
    /// Protox reads it whole.
    WronglyRefused(Fault),
    /// Protox refuses it, and it should not be read.
    WronglyRead(Difference),
}

/// Where something differs, and how.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) span: Span,
    /// Names the element.
    pub(crate) message: String,
}

/// What protox says of texts that protoc takes, or that the rules on linked schemas refuse, by how its message starts.
const KNOWN_REFUSALS: &[&str] = &[];

/// Reads a text by both parsers.
pub(crate) fn judge(text: &str) -> Judgement {
    let tree = syntax::parse(text);
    let (ours, more) = lower::tree::lower(&tree);
    if let Syntax::Edition(_) = ours.syntax {
        return Judgement::OnlyOurs;
    }
    let fault = tree.faults().first().or(more.first());
    match (fault, File::from_source(SOURCE, text)) {
        (Some(_), Err(_)) => Judgement::Refused,
        (Some(fault), Ok(_)) => Judgement::WronglyRefused(fault.clone()),
        (None, Err(error)) => refused(text, &error),
        (None, Ok(file)) => {
            let theirs = lower::descriptor::lower(file.file_descriptor_proto());
            match difference(&ours, &theirs) {
                Some(difference) => Judgement::Differs(difference),
                None => Judgement::Same,
            }
        }
    }
}

/// What protox calls the text in its messages.
const SOURCE: &str = "text";

/// What comes of a text that protox alone refuses.
fn refused(text: &str, error: &protox::Error) -> Judgement {
    let message = error.to_string();
    if KNOWN_REFUSALS.iter().any(|start| message.starts_with(start)) {
        return Judgement::OnlyOurs;
    }
    // The place is in the other form of the message only: `text:LINE:COLUMN: …`.
    let shown = format!("{error:?}");
    let place = shown.strip_prefix(SOURCE).and_then(|rest| rest.strip_prefix(':'));
    let line = place.and_then(|place| place.split(':').next()?.parse::<usize>().ok()).unwrap_or(1);
    let span = line_span(text, line);
    Judgement::WronglyRead(Difference { span, message: format!("protox refuses what is read here: {message}") })
}

/// A line, 1-based, without the white space around it.
fn line_span(text: &str, line: usize) -> Span {
    let mut start = 0;
    for (number, content) in (1..).zip(text.split_inclusive('\n')) {
        if number == line {
            let indent = content.len() - content.trim_start().len();
            let start = start + indent.min(content.trim_end().len());
            return Span::of(start..start + content.trim().len());
        }
        start += content.len();
    }
    Span::new(0, 0)
}

/// The first difference between what two parsers read.
fn difference(ours: &FileData, theirs: &FileData) -> Option<Difference> {
    let (ours, theirs) = (facts(ours), facts(theirs));
    let at = ours.iter().zip(&theirs).position(|(our, their)| !our.is_same(their));
    let at = at.or_else(|| (ours.len() != theirs.len()).then(|| ours.len().min(theirs.len())))?;
    let span = ours.get(at).or(ours.last()).map_or(Span::new(0, 0), |fact| fact.span);
    let span = if span.is_none() { Span::new(0, 0) } else { span };
    Some(Difference { span, message: told(ours.get(at), theirs.get(at), &ours) })
}

fn told(our: Option<&Fact>, their: Option<&Fact>, ours: &[Fact]) -> String {
    let is_extra = |their: &Fact| ours.iter().any(|our| our.is_of(their));
    match (our, their) {
        (Some(our), Some(their)) if our.is_of(their) => {
            let Fact { element, what, value, .. } = our;
            format!("of `{element}` the {what} is read as `{value}`, and by protox as `{}`", their.value)
        }
        (our, Some(their)) if our.is_none() || !is_extra(their) => {
            let Fact { element, what, value, .. } = their;
            format!("of `{element}` the {what} `{value}` is read by protox alone")
        }
        (Some(our), _) => {
            let Fact { element, what, value, .. } = our;
            format!("of `{element}` the {what} `{value}` is not read by protox")
        }
        (None, _) => unreachable!("one of the two lists is longer"),
    }
}
