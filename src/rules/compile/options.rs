//! Options of the language itself: that they exist, and that their values fit,
//! as `google/protobuf/descriptor.proto` declares them.

use rustc_hash::FxHashMap;

use crate::rules::nearest::nearest;
use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{
    Element, Enum, EnumValue, Field, File, Message, Method, Oneof, OptionEntry, OptionValue, Part, Service, StandardOption,
    standard_options,
};

pub(super) const RULES: &[&Rule] = &[&COMPILE_OPTION];

rule!(compile COMPILE_OPTION: Check::Each(&[
    Check::File(|file: File<'_>, cx| options(file.into(), "FileOptions", cx)),
    Check::Message(|message: Message<'_>, cx| options(message.into(), "MessageOptions", cx)),
    Check::Field(|field: Field<'_>, cx| options(field.into(), "FieldOptions", cx)),
    Check::Oneof(|oneof: Oneof<'_>, cx| options(oneof.into(), "OneofOptions", cx)),
    Check::Enum(|enumeration: Enum<'_>, cx| options(enumeration.into(), "EnumOptions", cx)),
    Check::EnumValue(|value: EnumValue<'_>, cx| options(value.into(), "EnumValueOptions", cx)),
    Check::Service(|service: Service<'_>, cx| options(service.into(), "ServiceOptions", cx)),
    Check::Method(|method: Method<'_>, cx| options(method.into(), "MethodOptions", cx)),
]));

fn options(element: Element<'_>, kind: &str, cx: &mut Cx<'_>) {
    set_twice(element, cx);
    if let Element::Enum(enumeration) = element {
        needless_alias(enumeration, cx);
    }
    for option in element.options().iter() {
        let mut parts = option.parts();
        let Some((name, false)) = parts.next() else { continue };
        let single = parts.next().is_none();
        let known = standard_options(kind);
        match known.iter().find(|known| known.name == name) {
            None => unknown(element, option, name, known, cx),
            Some(known) if single && !fits(option.value(), known) => {
                let message = format!("option `{name}` cannot be {}: it takes {}", shown(option.value()), known.takes());
                cx.report(element, Part::Exactly(option.span()), message);
            }
            Some(_) => {}
        }
    }
}

/// Only repeated options may be set again.
fn set_twice(element: Element<'_>, cx: &mut Cx<'_>) {
    let mut first: FxHashMap<String, OptionEntry<'_>> = FxHashMap::default();
    let options = element.options().iter();
    if element.options().iter().nth(1).is_none() {
        return;
    }
    for option in options {
        if option.is_repeated() {
            continue;
        }
        let name = option.name();
        let earlier = *first.entry(name.clone()).or_insert(option);
        if earlier.span() != option.span() {
            cx.report(element, Part::Exactly(option.span()), format!("option `{name}` is set twice"))
                .label(element, Part::Exactly(earlier.span()), "first set here")
                .help("remove one of them");
        }
    }
}

fn needless_alias(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    if enumeration.options().boolean("allow_alias") != Some(true) {
        return;
    }
    let mut numbers: Vec<i32> = enumeration.values().map(EnumValue::number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).all(|pair| pair[0] != pair[1]) {
        let message = format!("enum `{}` allows aliases but has none", enumeration.name());
        cx.report(enumeration, Part::Option("allow_alias"), message).help("remove the option");
    }
}

fn unknown(element: Element<'_>, option: OptionEntry<'_>, name: &str, known: &[StandardOption], cx: &mut Cx<'_>) {
    let message = format!("there is no option `{name}` here");
    let report = cx.report(element, Part::Exactly(option.span()), message);
    match nearest(name, known.iter().map(|known| known.name.as_str())) {
        Some(near) => report.help(format!("did you mean `{near}`?")),
        None => report.help(format!("custom options stand in parentheses: ({name})")),
    };
}

/// A value as a message shows it.
fn shown(value: OptionValue<'_>) -> String {
    match value {
        OptionValue::Identifier(word) => format!("`{word}`"),
        OptionValue::Positive(number) => format!("`{number}`"),
        OptionValue::Negative(number) => format!("`{number}`"),
        OptionValue::Float(number) => format!("`{number}`"),
        OptionValue::String(_) | OptionValue::Bytes(_) => "a string".to_owned(),
        OptionValue::Aggregate(_) => "a message".to_owned(),
    }
}

fn fits(value: OptionValue<'_>, option: &StandardOption) -> bool {
    use crate::schema::StandardType::{Boolean, Enumeration, Integer, Message, Text};
    match (&option.kind, value) {
        (Boolean, OptionValue::Identifier(word)) => word == "true" || word == "false",
        (Text, OptionValue::String(_) | OptionValue::Bytes(_)) | (Integer, OptionValue::Positive(_) | OptionValue::Negative(_)) => true,
        (Enumeration(values), OptionValue::Identifier(word)) => values.iter().any(|value| value == word),
        (Message, OptionValue::Aggregate(_)) => true,
        _ => false,
    }
}
