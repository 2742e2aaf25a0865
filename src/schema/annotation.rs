//! Options as values in one form, however they are written: `option (a).b = 1;` and `option (a) = {b: 1};` are the same.
//! Fields of a message are sorted by name, numbers are as their types have them. It gives no option a meaning.

use std::collections::BTreeMap;
use std::fmt;

use super::{
    Element, Field, FieldType, File, Label, Message, MessageValue, OptionEntry, OptionStep, OptionValue, Options,
    Scalar, options_message,
};
use crate::source::Span;

/// The options of an element by name: plain names as they are, those of extensions in full and in parentheses.
pub(crate) struct Annotations<'s>(BTreeMap<String, Annotation<'s>>);

/// The value of an option, or a part of it.
pub(crate) struct Annotation<'s> {
    pub(crate) value: AnnotationValue<'s>,
    /// Where it stands; of one that several statements set, the first place.
    pub(crate) span: Span,
    /// The statement, or the entry of a field's option list, that sets it first.
    pub(crate) statement: Span,
    /// The field of the options, or the extension, that it is a value of; `None` where that is not known.
    pub(crate) declared: Option<Field<'s>>,
}

/// What a value is.
pub(crate) enum AnnotationValue<'s> {
    /// A value that has no parts.
    Scalar(OptionValue<'s>),
    /// Fields by name, those of extensions in full and in brackets.
    Message(BTreeMap<String, Annotation<'s>>),
    /// The values of a repeated field, be it only one.
    List(Vec<Annotation<'s>>),
}

/// What is known of the place that a value is for.
#[derive(Clone, Copy)]
struct Slot<'s> {
    field: Option<Field<'s>>,
    file: File<'s>,
    statement: Span,
}

impl<'s> Slot<'s> {
    fn message(self) -> Option<Message<'s>> {
        match self.field?.field_type() {
            FieldType::Message(message) => Some(message),
            _ => None,
        }
    }

    fn is_repeated(self) -> bool {
        self.field.is_some_and(|field| field.label() == Label::Repeated)
    }

    fn annotation(self, value: AnnotationValue<'s>, span: Span) -> Annotation<'s> {
        Annotation { value, span, statement: self.statement, declared: self.field }
    }
}

impl<'s> Annotations<'s> {
    /// The options of an element.
    pub(crate) fn of_element(element: Element<'s>) -> Annotations<'s> {
        Annotations::new(element.file(), element.options(), element.options_type())
    }

    /// The options of a range that is left to extensions.
    pub(crate) fn of_range(file: File<'s>, options: Options<'s>) -> Annotations<'s> {
        Annotations::new(file, options, "ExtensionRangeOptions")
    }

    /// The value of one extension among the options of an element; the others are not read.
    pub(crate) fn of_extension(element: Element<'s>, full_name: &str) -> Option<Annotation<'s>> {
        let (file, holder) = (element.file(), options_message(element.options_type()));
        let mut all = BTreeMap::new();
        for option in element.options().of_extension(full_name) {
            insert(&mut all, file, holder, option);
        }
        all.into_values().next()
    }

    fn new(file: File<'s>, options: Options<'s>, holder: &str) -> Annotations<'s> {
        let mut all = BTreeMap::new();
        let holder = options_message(holder);
        for option in options.iter() {
            insert(&mut all, file, holder, option);
        }
        Annotations(all)
    }

    /// The options with their names, sorted by these.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Annotation<'s>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The option of a name: `deprecated`, `(google.api.http)`.
    pub(crate) fn get(&self, name: &str) -> Option<&Annotation<'s>> {
        self.0.get(name)
    }
}

impl<'s> Annotation<'s> {
    /// A field of a message, by its name.
    pub(crate) fn field(&self, name: &str) -> Option<&Annotation<'s>> {
        match &self.value {
            AnnotationValue::Message(fields) => fields.get(name),
            _ => None,
        }
    }

    /// The elements of a list; of anything else itself.
    pub(crate) fn elements(&self) -> &[Annotation<'s>] {
        match &self.value {
            AnnotationValue::List(elements) => elements,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text of a string that is UTF-8.
    pub(crate) fn text(&self) -> Option<&'s str> {
        match self.value {
            AnnotationValue::Scalar(OptionValue::String(text)) => Some(text),
            _ => None,
        }
    }

    /// A word: the name of an enum value, `true`, `inf`.
    pub(crate) fn word(&self) -> Option<&'s str> {
        match self.value {
            AnnotationValue::Scalar(OptionValue::Identifier(word)) => Some(word),
            _ => None,
        }
    }

    /// The value of a `bool`.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.word()? {
            "true" | "t" | "True" => Some(true),
            "false" | "f" | "False" => Some(false),
            _ => None,
        }
    }

    /// The name of an enum value that is written as a number.
    fn value_name(&self, value: OptionValue<'_>) -> Option<&'s str> {
        let FieldType::Enum(of) = self.declared?.field_type() else { return None };
        let number = match value {
            OptionValue::Positive(number) => i32::try_from(number).ok()?,
            OptionValue::Negative(number) => i32::try_from(number).ok()?,
            _ => return None,
        };
        of.values().find(|value| value.number() == number).map(|value| value.name())
    }

    /// The type of a value that has no parts; `None` where it is no scalar, or that is not known.
    pub(crate) fn scalar(&self) -> Option<Scalar> {
        match self.declared?.field_type() {
            FieldType::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }
}

/// Adds one option, which may set a part of a value that others set too.
fn insert<'s>(
    all: &mut BTreeMap<String, Annotation<'s>>,
    file: File<'s>,
    holder: Option<Message<'s>>,
    option: OptionEntry<'s>,
) {
    let steps: Vec<(&str, OptionStep<'s>)> = option.parts().map(|(name, _)| name).zip(option.steps()).collect();
    let Some((last, outer)) = steps.split_last() else { return };
    let (statement, span) = (option.span(), option.value_span());
    let (mut fields, mut holder) = (all, holder);
    for (at, (name, step)) in outer.iter().enumerate() {
        let (key, slot) = key((file, statement), holder, name, *step, at == 0);
        holder = slot.message();
        let message = || AnnotationValue::Message(BTreeMap::new());
        let inner = fields.entry(key).or_insert_with(|| slot.annotation(message(), span));
        if !matches!(inner.value, AnnotationValue::Message(_)) {
            inner.value = message();
        }
        let AnnotationValue::Message(inner) = &mut inner.value else { return };
        fields = inner;
    }
    let (key, slot) = key((file, statement), holder, last.0, last.1, outer.is_empty());
    put(fields, key, slot, value(slot, option.value(), span));
}

/// Sets a field; one more value of a field that has several, and one more part of a message.
fn put<'s>(fields: &mut BTreeMap<String, Annotation<'s>>, key: String, slot: Slot<'s>, added: Annotation<'s>) {
    let is_list = matches!(added.value, AnnotationValue::List(_));
    let added = match slot.is_repeated() && !is_list {
        true => slot.annotation(AnnotationValue::List(Vec::new()), added.span).with(added),
        false => added,
    };
    let Some(known) = fields.get_mut(&key) else {
        fields.insert(key, added);
        return;
    };
    match (&mut known.value, added.value) {
        (AnnotationValue::List(known), AnnotationValue::List(more)) => known.extend(more),
        (AnnotationValue::Message(known), AnnotationValue::Message(more)) => known.extend(more),
        // A name that is not known and is set again: all that can be known is that there are several.
        (_, value) if slot.field.is_none() => {
            let span = known.span;
            let first = fields.remove(&key);
            let added = slot.annotation(value, added.span);
            let all = first.into_iter().chain([added]);
            let all = all.fold(slot.annotation(AnnotationValue::List(Vec::new()), span), Annotation::with);
            fields.insert(key, all);
        }
        (_, value) => drop(fields.insert(key, slot.annotation(value, added.span))),
    }
}

impl<'s> Annotation<'s> {
    /// A list with one more element, or with those of another list.
    fn with(mut self, more: Annotation<'s>) -> Annotation<'s> {
        if let AnnotationValue::List(list) = &mut self.value {
            match more.value {
                AnnotationValue::List(more) => list.extend(more),
                _ => list.push(more),
            }
        }
        self
    }
}

/// What a component of a name is called in the value, and what it stands for.
fn key<'s>(
    (file, statement): (File<'s>, Span),
    holder: Option<Message<'s>>,
    name: &str,
    step: OptionStep<'s>,
    is_first: bool,
) -> (String, Slot<'s>) {
    let slot = |field| Slot { field, file, statement };
    let bracketed = |name: &str| if is_first { format!("({name})") } else { format!("[{name}]") };
    match step {
        OptionStep::Field(name) => (name.to_owned(), slot(holder.and_then(|holder| holder.field_named(name)))),
        OptionStep::Extension(field) => (bracketed(&field.full_name()), slot(Some(field))),
        OptionStep::Unresolved => (bracketed(name.trim_start_matches('.')), slot(None)),
    }
}

fn value<'s>(slot: Slot<'s>, value: OptionValue<'s>, span: Span) -> Annotation<'s> {
    let found = match value {
        OptionValue::Message(message) => AnnotationValue::Message(fields(slot, message)),
        OptionValue::List(list) => {
            AnnotationValue::List(list.elements().map(|(element, span)| self::value(slot, element, span)).collect())
        }
        scalar => AnnotationValue::Scalar(scalar),
    };
    slot.annotation(found, span)
}

fn fields<'s>(slot: Slot<'s>, message: MessageValue<'s>) -> BTreeMap<String, Annotation<'s>> {
    let (mut all, holder) = (BTreeMap::new(), slot.message());
    for field in message.fields() {
        let is_extension = field.is_bracketed() && !field.name().contains('/');
        let declared = holder.and_then(|holder| match is_extension {
            true => slot.file.field_in_braces(holder, field.name()),
            false => holder.field_named(field.name()),
        });
        let key = match (field.is_bracketed(), declared) {
            (true, Some(declared)) if declared.is_extension() => format!("[{}]", declared.full_name()),
            (true, Some(declared)) => declared.name().to_owned(),
            (true, None) => format!("[{}]", field.name().trim_start_matches('.')),
            (false, _) => field.name().to_owned(),
        };
        let inner = Slot { field: declared, ..slot };
        put(&mut all, key, inner, value(inner, field.value(), field.value_span()));
    }
    all
}

/// The value as the language writes it: `{permission: "read", roles: [ADMIN, OWNER]}`.
impl fmt::Display for Annotation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            AnnotationValue::Scalar(value) => match self.value_name(*value) {
                Some(name) => f.write_str(name),
                None => write_scalar(self.scalar(), *value, f),
            },
            AnnotationValue::Message(fields) => {
                f.write_str("{")?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: {value}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
            AnnotationValue::List(values) => {
                f.write_str("[")?;
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
        }
    }
}

/// A value that has no parts, as its type has it where that is known.
fn write_scalar(scalar: Option<Scalar>, value: OptionValue<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let fraction = |number: f64| match scalar {
        Some(Scalar::Float) => format!("{}", number as f32),
        _ => format!("{number}"),
    };
    let is_fraction = matches!(scalar, Some(Scalar::Float | Scalar::Double));
    match value {
        OptionValue::Identifier("inf" | "infinity") if is_fraction => f.write_str("inf"),
        OptionValue::Identifier("nan") if is_fraction => f.write_str("NaN"),
        OptionValue::Identifier("t" | "True") if scalar == Some(Scalar::Bool) => f.write_str("true"),
        OptionValue::Identifier("f" | "False") if scalar == Some(Scalar::Bool) => f.write_str("false"),
        OptionValue::Identifier(word) => f.write_str(word),
        OptionValue::Positive(number) if is_fraction => f.write_str(&fraction(number as f64)),
        OptionValue::Negative(number) if is_fraction => f.write_str(&fraction(number as f64)),
        OptionValue::Positive(number) => write!(f, "{number}"),
        OptionValue::Negative(number) => write!(f, "{number}"),
        OptionValue::Float(number) => f.write_str(&fraction(number)),
        OptionValue::String(text) => f.write_str(&quoted(text)),
        OptionValue::Bytes(bytes) => write!(f, "\"{}\"", bytes.escape_ascii()),
        OptionValue::Message(_) | OptionValue::List(_) => Ok(()),
    }
}

/// A text as a literal of the language.
pub(crate) fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                literal.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("\\x{byte:02x}")));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}
