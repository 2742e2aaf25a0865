//! Options as written: names and values, before anything interprets them. Most rules need no more.

use super::data::{FileData, OptionData, Run, ValueData, ValueFieldData};
use super::element::{Field, File};
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

    /// The options that set an extension, or a part of it, in the order they are written.
    pub(crate) fn of_extension(self, full_name: &str) -> impl Iterator<Item = OptionEntry<'s>> {
        self.iter().filter(move |option| option.starts_with(full_name))
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
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum OptionValue<'s> {
    /// A word: an enum value, `true`, `inf`.
    Identifier(&'s str),
    Positive(u64),
    Negative(i64),
    Float(f64),
    String(&'s str),
    /// A string that is not UTF-8.
    Bytes(&'s [u8]),
    /// A message in braces.
    Message(MessageValue<'s>),
    /// A list in brackets, which stands in messages only.
    List(ListValue<'s>),
}

impl<'s> OptionValue<'s> {
    fn new(file: File<'s>, value: ValueData) -> OptionValue<'s> {
        let data: &FileData = file.data();
        match value {
            ValueData::Identifier(text) => OptionValue::Identifier(data.text(text)),
            ValueData::Positive(number) => OptionValue::Positive(number),
            ValueData::Negative(number) => OptionValue::Negative(number),
            ValueData::Float(number) => OptionValue::Float(number),
            ValueData::String(text) => OptionValue::String(data.text(text)),
            ValueData::Bytes(index) => OptionValue::Bytes(&data.byte_strings[index as usize]),
            ValueData::Message(run) => OptionValue::Message(MessageValue { file, run }),
            ValueData::List(run) => OptionValue::List(ListValue { file, run }),
        }
    }

    /// Its elements, if it is a list; else itself, with the place that it is given.
    pub(crate) fn elements(self, span: Span) -> Vec<(OptionValue<'s>, Span)> {
        match self {
            OptionValue::List(list) => list.elements().collect(),
            value => vec![(value, span)],
        }
    }
}

/// The fields of a value in braces.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct MessageValue<'s> {
    file: File<'s>,
    run: Run,
}

impl<'s> MessageValue<'s> {
    /// In the order they are written.
    pub(crate) fn fields(self) -> impl ExactSizeIterator<Item = ValueField<'s>> {
        self.run.indexes().map(move |index| ValueField { file: self.file, index })
    }

    /// The word that the last field of that plain name has as its value.
    pub(crate) fn word(self, name: &str) -> Option<&'s str> {
        let named = self.fields().filter(|field| !field.is_bracketed() && field.name() == name);
        match named.last()?.value() {
            OptionValue::Identifier(word) => Some(word),
            _ => None,
        }
    }
}

/// The elements of a value in brackets.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct ListValue<'s> {
    file: File<'s>,
    run: Run,
}

impl<'s> ListValue<'s> {
    /// In the order they are written, each with its place.
    pub(crate) fn elements(self) -> impl ExactSizeIterator<Item = (OptionValue<'s>, Span)> {
        let elements = &self.file.data().value_elements[self.run.range()];
        elements.iter().map(move |element| (OptionValue::new(self.file, element.value), element.span))
    }
}

/// `name: value` in a value in braces.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct ValueField<'s> {
    file: File<'s>,
    index: u32,
}

impl<'s> ValueField<'s> {
    fn data(self) -> &'s ValueFieldData {
        &self.file.data().value_fields[self.index as usize]
    }

    /// The name as written, brackets left out.
    pub(crate) fn name(self) -> &'s str {
        self.file.data().text(self.data().name)
    }

    /// Whether the name stands in brackets: that of an extension, or with a `/` in it that of a packed message.
    pub(crate) fn is_bracketed(self) -> bool {
        self.data().is_bracketed
    }

    /// Whether a `:` stands after the name.
    pub(crate) fn has_colon(self) -> bool {
        self.data().has_colon
    }

    /// Where the name stands, brackets included.
    pub(crate) fn name_span(self) -> Span {
        self.data().name_span
    }

    pub(crate) fn value(self) -> OptionValue<'s> {
        OptionValue::new(self.file, self.data().value.value)
    }

    pub(crate) fn value_span(self) -> Span {
        self.data().value.span
    }
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
                Some(Target::Field(file, index)) => {
                    OptionStep::Extension(self.file.schema.file_at(file).field_at(index))
                }
                _ => OptionStep::Unresolved,
            }
        })
    }

    /// Whether the first component of its name is the extension of that full name; of one that is not known, as far as
    /// the name is written in full.
    fn starts_with(self, full_name: &str) -> bool {
        let (package, own) = full_name.rsplit_once('.').unwrap_or(("", full_name));
        let Some((written, true)) = self.parts().next() else { return false };
        // Resolving a name takes longer than to see that it is another one.
        written.ends_with(own)
            && match self.steps().next() {
                Some(OptionStep::Extension(field)) => {
                    let is_top = field.parent().is_none() && field.file().package().unwrap_or_default() == package;
                    field.name() == own && (is_top || field.full_name() == full_name)
                }
                _ => written.trim_start_matches('.') == full_name,
            }
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

    /// The name where it is one word, of no extension.
    pub(crate) fn plain_name(self) -> Option<&'s str> {
        let mut parts = self.parts();
        let (name, is_extension) = parts.next()?;
        (!is_extension && parts.next().is_none()).then_some(name)
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
        OptionValue::new(self.file, self.data().value)
    }

    /// Where its value stands.
    pub(crate) fn value_span(self) -> Span {
        self.data().value_span
    }

    /// Where the components of its name stand, parentheses left out.
    pub(crate) fn part_spans(self) -> impl Iterator<Item = Span> {
        self.file.data().option_parts[self.data().parts.range()].iter().map(|part| part.span)
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
            Target::Field(file, index) => Some(self.schema.file_at(file).field_at(index)),
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
