//! Options as values in one form, however they are written: `option (a).b = 1;` and `option (a) = {b: 1};` are the same.
//! Fields of a message are sorted by name, numbers are as their types have them.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::schema::{
    Element, Field, FieldType, File, Label, Message, MessageValue, OptionEntry, OptionStep, OptionValue, Options,
    Scalar, options_message,
};

/// The value of an option, or a part of it.
enum Value {
    Text(String),
    Message(BTreeMap<String, Value>),
    List(Vec<Value>),
}

/// What is known of the place that a value is for.
#[derive(Clone, Copy)]
struct Slot<'s> {
    field: Option<Field<'s>>,
    file: File<'s>,
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

    fn scalar(self) -> Option<Scalar> {
        match self.field?.field_type() {
            FieldType::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }
}

/// The options of an element by name, extensions in parentheses, each with its value.
pub(super) fn of_element(element: Element<'_>) -> Vec<(String, String)> {
    named(element.file(), element.options(), element.options_type())
}

/// The options of a range that is left to extensions.
pub(super) fn of_range<'s>(file: File<'s>, options: Options<'s>) -> Vec<(String, String)> {
    named(file, options, "ExtensionRangeOptions")
}

fn named<'s>(file: File<'s>, options: Options<'s>, holder: &str) -> Vec<(String, String)> {
    let mut all = BTreeMap::new();
    let holder = options_message(holder);
    for option in options.iter() {
        insert(&mut all, file, holder, option);
    }
    all.into_iter().map(|(name, value)| (name, written(&value))).collect()
}

/// Adds one option, which may set a part of a value that others set too.
fn insert<'s>(all: &mut BTreeMap<String, Value>, file: File<'s>, holder: Option<Message<'s>>, option: OptionEntry<'s>) {
    let steps: Vec<(&str, OptionStep<'s>)> = option.parts().map(|(name, _)| name).zip(option.steps()).collect();
    let Some((last, outer)) = steps.split_last() else { return };
    let (mut fields, mut holder) = (all, holder);
    for (at, (name, step)) in outer.iter().enumerate() {
        let (key, slot) = key(file, holder, name, *step, at == 0);
        holder = slot.message();
        let inner = fields.entry(key).or_insert_with(|| Value::Message(BTreeMap::new()));
        if !matches!(inner, Value::Message(_)) {
            *inner = Value::Message(BTreeMap::new());
        }
        let Value::Message(inner) = inner else { return };
        fields = inner;
    }
    let (key, slot) = key(file, holder, last.0, last.1, outer.is_empty());
    put(fields, key, slot, value(slot, option.value()));
}

/// Sets a field; one more value of a field that has several, and one more part of a message.
fn put(fields: &mut BTreeMap<String, Value>, key: String, slot: Slot<'_>, value: Value) {
    let value = match value {
        Value::List(list) => Value::List(list),
        value if slot.is_repeated() => Value::List(vec![value]),
        value => value,
    };
    match (fields.get_mut(&key), value) {
        (Some(Value::List(known)), Value::List(more)) => known.extend(more),
        (Some(Value::Message(known)), Value::Message(more)) => known.extend(more),
        // A name that is not known and is set again: all that can be known is that there are several.
        (Some(known), more) if slot.field.is_none() => {
            let first = std::mem::replace(known, Value::List(Vec::new()));
            let list = |value| if let Value::List(list) = value { list } else { vec![value] };
            *known = Value::List(list(first).into_iter().chain(list(more)).collect());
        }
        (_, value) => drop(fields.insert(key, value)),
    }
}

/// What a component of a name is called in the value, and what it stands for.
fn key<'s>(
    file: File<'s>,
    holder: Option<Message<'s>>,
    name: &str,
    step: OptionStep<'s>,
    is_first: bool,
) -> (String, Slot<'s>) {
    let bracketed = |name: &str| if is_first { format!("({name})") } else { format!("[{name}]") };
    match step {
        OptionStep::Field(name) => {
            let field = holder.and_then(|holder| holder.field_named(name));
            (name.to_owned(), Slot { field, file })
        }
        OptionStep::Extension(field) => (bracketed(&field.full_name()), Slot { field: Some(field), file }),
        OptionStep::Unresolved => (bracketed(name.trim_start_matches('.')), Slot { field: None, file }),
    }
}

fn value<'s>(slot: Slot<'s>, value: OptionValue<'s>) -> Value {
    match value {
        OptionValue::Message(message) => Value::Message(fields(slot, message)),
        OptionValue::List(list) => {
            Value::List(list.elements().map(|(element, _)| self::value(slot, element)).collect())
        }
        value => Value::Text(scalar(slot.scalar(), value)),
    }
}

fn fields<'s>(slot: Slot<'s>, message: MessageValue<'s>) -> BTreeMap<String, Value> {
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
        let inner = Slot { field: declared, file: slot.file };
        put(&mut all, key, inner, value(inner, field.value()));
    }
    all
}

/// A value that has no parts, as its type has it where that is known.
fn scalar(scalar: Option<Scalar>, value: OptionValue<'_>) -> String {
    let fraction = |number: f64| match scalar {
        Some(Scalar::Float) => format!("{}", number as f32),
        _ => format!("{number}"),
    };
    let is_fraction = matches!(scalar, Some(Scalar::Float | Scalar::Double));
    match value {
        OptionValue::Identifier("inf" | "infinity") if is_fraction => "inf".to_owned(),
        OptionValue::Identifier("nan") if is_fraction => "NaN".to_owned(),
        OptionValue::Identifier("t" | "True") if scalar == Some(Scalar::Bool) => "true".to_owned(),
        OptionValue::Identifier("f" | "False") if scalar == Some(Scalar::Bool) => "false".to_owned(),
        OptionValue::Identifier(word) => word.to_owned(),
        OptionValue::Positive(number) if is_fraction => fraction(number as f64),
        OptionValue::Negative(number) if is_fraction => fraction(number as f64),
        OptionValue::Positive(number) => number.to_string(),
        OptionValue::Negative(number) => number.to_string(),
        OptionValue::Float(number) => fraction(number),
        OptionValue::String(text) => quoted(text),
        OptionValue::Bytes(bytes) => format!("\"{}\"", bytes.escape_ascii()),
        OptionValue::Message(_) | OptionValue::List(_) => String::new(),
    }
}

/// A text as a literal of the language.
pub(super) fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(literal, "\\x{byte:02x}");
                }
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Message(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name}: {}", written(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::List(values) => format!("[{}]", values.iter().map(written).collect::<Vec<_>>().join(", ")),
    }
}
