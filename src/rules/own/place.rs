//! Where a rule of one's own reports: a part of the element, by the word of the configuration.

use std::borrow::Cow;

use super::Kind;
use crate::schema::{Element, OptionStep, Part};

/// A part of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum At {
    /// Its name; an import as a whole, and a file at its start.
    #[default]
    Name,
    /// The type of a field.
    Type,
    /// The number of a field or an enum value.
    Number,
    /// The request type of an rpc.
    Request,
    /// The response type of an rpc.
    Response,
    /// The whole declaration.
    Whole,
    /// An option, an extension without parentheses, where it is set; else the name.
    Option(String),
}

/// What an option begins with.
const OPTION: &str = "option:";

impl At {
    /// The words for the elements of a kind, but that for options.
    pub(crate) fn words(kind: Kind) -> Vec<&'static str> {
        let more: &[&'static str] = match kind {
            Kind::Field | Kind::Extension => &["type", "number"],
            Kind::EnumValue => &["number"],
            Kind::Rpc => &["request", "response"],
            Kind::Change => &["type", "number", "request", "response"],
            _ => &[],
        };
        ["name"].into_iter().chain(more.iter().copied()).chain(["whole"]).collect()
    }

    /// Whether elements of a kind have options of their own.
    pub(crate) fn has_options(kind: Kind) -> bool {
        kind != Kind::Import
    }

    /// What a word means for the elements of a kind; none where it means nothing.
    pub(crate) fn parse(word: &str, kind: Kind) -> Option<At> {
        if let Some(option) = word.strip_prefix(OPTION).filter(|_| At::has_options(kind)) {
            let option = option.trim();
            let name = option.strip_prefix('(').and_then(|name| name.strip_suffix(')')).unwrap_or(option);
            let is_name =
                !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || "_.".contains(letter));
            return is_name.then(|| At::Option(name.trim_start_matches('.').to_owned()));
        }
        let at = match word {
            "name" => At::Name,
            "type" => At::Type,
            "number" => At::Number,
            "request" => At::Request,
            "response" => At::Response,
            "whole" => At::Whole,
            _ => return None,
        };
        At::words(kind).contains(&word).then_some(at)
    }

    /// The word.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        match self {
            At::Name => "name".into(),
            At::Type => "type".into(),
            At::Number => "number".into(),
            At::Request => "request".into(),
            At::Response => "response".into(),
            At::Whole => "whole".into(),
            At::Option(name) => format!("{OPTION}{name}").into(),
        }
    }

    /// The part of an element that it means.
    pub(super) fn part(&self, element: Element<'_>) -> Part<'static> {
        match self {
            At::Name => Part::Name,
            At::Type => Part::Type,
            At::Number => Part::Number,
            At::Request => Part::Input,
            At::Response => Part::Output,
            At::Whole => Part::Declaration,
            At::Option(name) => {
                let is_named = |first: Option<OptionStep<'_>>| match first {
                    Some(OptionStep::Field(field)) => field == name,
                    Some(OptionStep::Extension(extension)) => extension.full_name() == *name,
                    Some(OptionStep::Unresolved) | None => false,
                };
                let entries = element.options().iter();
                let found = entries.filter(|entry| is_named(entry.steps().next())).last();
                found.map_or(Part::Name, |entry| Part::Exactly(entry.span()))
            }
        }
    }
}
