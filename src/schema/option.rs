//! Options as written: names and values, before anything interprets them. Most rules need no more.

use super::data::{OptionData, Run, ValueData};
use super::element::{Field, File};
use super::lexer::{self, TokenKind};
use super::link::Target;
use crate::source::Span;

/// The options of one element, in the order they are written.
#[derive(Clone, Copy)]
pub(crate) struct Options<'s> {
    file: File<'s>,
    run: Run,
}

impl<'s> Options<'s> {
    pub(crate) fn new(file: File<'s>, run: Run) -> Options<'s> {
        Options { file, run }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = OptionEntry<'s>> {
        self.run.indexes().map(move |index| OptionEntry { file: self.file, index })
    }

    /// The last option called `name`: a plain name, with dots between components, such as `features.field_presence`.
    pub(crate) fn get(self, name: &str) -> Option<OptionEntry<'s>> {
        self.iter().filter(|option| option.is(name)).last()
    }

    /// The value of a `bool` option; `None` where it is not set.
    pub(crate) fn boolean(self, name: &str) -> Option<bool> {
        match self.get(name)?.value() {
            OptionValue::Identifier("true") => Some(true),
            OptionValue::Identifier("false") => Some(false),
            _ => None,
        }
    }
}

/// A component of the name of an option.
#[derive(Clone, Copy)]
pub(crate) enum OptionStep<'s> {
    /// A field of what is before it.
    Field(&'s str),
    /// An extension, in parentheses.
    Extension(Field<'s>),
    /// An extension that is not known; nothing may be concluded from it.
    Unresolved,
}

/// One option.
#[derive(Clone, Copy)]
pub(crate) struct OptionEntry<'s> {
    file: File<'s>,
    index: u32,
}

/// The value of an option as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum OptionValue<'s> {
    /// A word: an enum value, `true`, `inf`.
    Identifier(&'s str),
    Positive(u64),
    Negative(i64),
    Float(f64),
    String(&'s str),
    /// A string that is not UTF-8.
    Bytes(&'s [u8]),
    /// The text between the braces.
    Aggregate(&'s str),
}

impl<'s> OptionEntry<'s> {
    fn data(self) -> &'s OptionData {
        &self.file.data().options[self.index as usize]
    }

    /// The components of its name, each with whether it stands in parentheses.
    pub(crate) fn parts(self) -> impl ExactSizeIterator<Item = (&'s str, bool)> {
        let data = self.file.data();
        data.option_parts[self.data().parts.range()].iter().map(|part| (data.text(part.name), part.extension))
    }

    /// The positions of the components among those of the whole file.
    pub(super) fn part_indexes(self) -> impl Iterator<Item = u32> {
        self.data().parts.indexes()
    }

    /// The components of its name, the extensions among them resolved.
    pub(crate) fn steps(self) -> impl Iterator<Item = OptionStep<'s>> {
        let links = self.file.links();
        self.part_indexes().zip(self.parts()).map(move |(at, (name, is_extension))| {
            if !is_extension {
                return OptionStep::Field(name);
            }
            match links.option_parts.get(at as usize).and_then(|part| part.target()) {
                Some(Target::Extension(file, index)) => {
                    OptionStep::Extension(self.file.schema.file_at(file).field_at(index))
                }
                _ => OptionStep::Unresolved,
            }
        })
    }

    /// Whether it is called `name`, where extensions stand in parentheses: `features.(pb.java).utf8_validation`.
    fn is(self, name: &str) -> bool {
        let mut rest = Some(name);
        for (at, (part, is_extension)) in self.parts().enumerate() {
            rest = if at == 0 { rest } else { rest.and_then(|rest| rest.strip_prefix('.')) };
            rest = rest.and_then(|rest| match is_extension {
                true => rest.strip_prefix('(')?.strip_prefix(part)?.strip_prefix(')'),
                false => rest.strip_prefix(part),
            });
        }
        rest == Some("")
    }

    /// The name as written.
    pub(crate) fn name(self) -> String {
        let parts: Vec<String> = self
            .parts()
            .map(|(part, extension)| if extension { format!("({part})") } else { part.to_owned() })
            .collect();
        parts.join(".")
    }

    pub(crate) fn value(self) -> OptionValue<'s> {
        let data = self.file.data();
        match self.data().value {
            ValueData::Identifier(text) => OptionValue::Identifier(data.text(text)),
            ValueData::Positive(number) => OptionValue::Positive(number),
            ValueData::Negative(number) => OptionValue::Negative(number),
            ValueData::Float(number) => OptionValue::Float(number),
            ValueData::String(text) => OptionValue::String(data.text(text)),
            ValueData::Bytes(index) => OptionValue::Bytes(&data.byte_strings[index as usize]),
            ValueData::Aggregate(text) => OptionValue::Aggregate(data.text(text)),
        }
    }

    /// Where its value stands in `text`, the text of its file.
    pub(crate) fn value_span(self, text: &str) -> Span {
        let statement = self.span();
        let mut tokens = lexer::tokens(statement.slice(text)).filter(|token| !token.is_comment());
        let is_equals = |token: &lexer::Token| token.kind == TokenKind::Punct(b'=');
        let is_semicolon = |token: &lexer::Token| token.kind == TokenKind::Punct(b';');
        if !tokens.any(|token| is_equals(&token)) {
            return statement;
        }
        let Some(first) = tokens.next() else { return statement };
        let last = tokens.filter(|token| !is_semicolon(token)).last().unwrap_or(first);
        Span::new(statement.start + first.start, statement.start + last.end)
    }

    /// The statement, or the entry of a field's option list.
    pub(crate) fn span(self) -> Span {
        self.data().span
    }
}

impl<'s> File<'s> {
    /// The extensions that the names of its options mention.
    pub(crate) fn option_extensions(self) -> impl Iterator<Item = Field<'s>> {
        self.links().option_parts.iter().filter_map(move |part| match part.target()? {
            Target::Extension(file, index) => Some(self.schema.file_at(file).field_at(index)),
            _ => None,
        })
    }

    /// The option at that index of the file's options.
    pub(crate) fn option_at(self, index: u32) -> OptionEntry<'s> {
        OptionEntry { file: self, index }
    }

    /// The component at that index of the names of the file's options.
    pub(crate) fn option_part_at(self, index: u32) -> &'s str {
        let data = self.data();
        data.text(data.option_parts[index as usize].name)
    }
}
