//! Changes of the options that a configuration protects, of any kind of element, whatever they mean. Values are compared
//! as their types have them, however they are written.

use crate::compare::pairing::{Comparison, Pair};
use crate::rules::settings::OptionName;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{
    Annotation, AnnotationValue, Annotations, DefaultValue, Element, EnumValue, FieldType, Method, NumberRange, Oneof,
    OptionValue, Part, Presence,
};
use crate::source::Span;

pub(super) const RULES: &[&Rule] = &[&OPTION_UNCHANGED];

rule!(breaking OPTION_UNCHANGED: Check::Comparison(option_unchanged));

fn option_unchanged<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    if cx.unchanged.is_empty() {
        return;
    }
    let names = cx.unchanged.clone();
    for pair in elements(comparison) {
        if pair.before.options().iter().next().is_none() && pair.after.options().iter().next().is_none() {
            continue;
        }
        let [before, after] = [pair.before, pair.after].map(Annotations::of_element);
        compare(pair, (&before, &after), (&described(pair.after), None), &names, cx);
    }
    for &Pair { before, after } in &comparison.messages {
        for old in before.extension_ranges() {
            let Some(new) = after.extension_ranges().find(|new| new.contains(old.start)) else { continue };
            let [annotations, other] = [(before.file(), old), (after.file(), new)]
                .map(|(file, range)| Annotations::of_range(file, range.options()));
            let range = format!("extension range {} of message `{}`", shown(new), after.name());
            let pair = Pair { before: before.into(), after: after.into() };
            compare(pair, (&annotations, &other), (&range, Some((old.span, new.span))), &names, cx);
        }
    }
}

fn shown(range: NumberRange<'_>) -> String {
    if range.start == range.end { range.start.to_string() } else { format!("{} to {}", range.start, range.end) }
}

/// All elements of the earlier schema that are still there, with what they are now.
fn elements<'s>(comparison: &'s Comparison<'s>) -> impl Iterator<Item = Pair<Element<'s>>> {
    fn of<'s, T: Copy + Into<Element<'s>>>(pair: &Pair<T>) -> Pair<Element<'s>> {
        Pair { before: pair.before.into(), after: pair.after.into() }
    }
    let oneofs = comparison.messages.iter().flat_map(|pair| {
        let same = |before: Oneof<'s>| {
            let after = pair.after.oneofs().find(|after| after.name() == before.name())?;
            Some(Pair { before: before.into(), after: after.into() })
        };
        pair.before.oneofs().filter_map(same)
    });
    let values = comparison.enums.iter().flat_map(|pair| {
        let same = |before: EnumValue<'s>| {
            let of_number = || pair.after.values_numbered(before.number());
            let after = of_number().find(|after| after.name() == before.name()).or_else(|| of_number().next())?;
            Some(Pair { before: before.into(), after: after.into() })
        };
        pair.before.values().filter_map(same)
    });
    let files = comparison.files.iter().map(of).chain(comparison.messages.iter().map(of));
    let types = comparison.fields.iter().map(of).chain(comparison.enums.iter().map(of));
    let calls = comparison.services.iter().map(of).chain(comparison.methods.iter().map(of));
    files.chain(types).chain(calls).chain(oneofs).chain(values)
}

/// An element as messages name it; a range is where it stands on both sides.
type Described<'d> = (&'d str, Option<(Span, Span)>);

fn compare<'s>(
    pair: Pair<Element<'s>>,
    (before, after): (&Annotations<'s>, &Annotations<'s>),
    (described, spans): Described<'_>,
    names: &[&'s OptionName],
    cx: &mut ChangeCx<'s>,
) {
    let places = |at: Option<Span>, element: Element<'s>| match (at, element) {
        (Some(span), _) => Part::Exactly(span),
        (None, Element::File(_)) => Part::Declaration,
        (None, _) => Part::Name,
    };
    for &name in names.iter().filter(|name| !names.iter().any(|other| name.is_part_of(other))) {
        let (was, is) = (found(before, name), found(after, name));
        if are_same(&was, &is) {
            continue;
        }
        let difference = Difference::new(name, &was, &is);
        let (message, help) = difference.message_and_help(pair.after, described);
        let [old, new] = difference.values();
        let old = old.or(was.first().copied()).map(|found| found.span);
        let new = new.or(is.first().copied()).map(|found| found.span);
        cx.report(pair.after, places(new.or(spans.map(|(_, new)| new)), pair.after), message)
            .before(pair.before, places(old.or(spans.map(|(old, _)| old)), pair.before))
            .help(help)
            .of_option(name);
    }
}

/// The values of an option, or of a part of one: several where something around it is repeated.
fn found<'a, 's>(annotations: &'a Annotations<'s>, name: &OptionName) -> Vec<&'a Annotation<'s>> {
    let Some((first, rest)) = name.parts.split_first() else { return Vec::new() };
    let mut found: Vec<&Annotation<'s>> = annotations.get(first).into_iter().collect();
    for part in rest {
        let key = key(part);
        found = found.into_iter().flat_map(Annotation::elements).filter_map(|value| value.field(&key)).collect();
    }
    found
}

/// What values call the component of a name: extensions are in brackets there.
fn key(part: &str) -> String {
    match part.strip_prefix('(').and_then(|name| name.strip_suffix(')')) {
        Some(extension) => format!("[{extension}]"),
        None => part.to_owned(),
    }
}

fn are_same(was: &[&Annotation<'_>], is: &[&Annotation<'_>]) -> bool {
    match (was, is) {
        // Nothing is what an option of the language has by default.
        ([], [only]) | ([only], []) => {
            only.declared.is_some_and(|declared| !declared.is_extension()) && is_default(only)
        }
        _ => was.len() == is.len() && was.iter().zip(is).all(|(one, other)| is_same(one, other)),
    }
}

fn is_same(one: &Annotation<'_>, other: &Annotation<'_>) -> bool {
    use AnnotationValue::{List, Message, Scalar};
    match (&one.value, &other.value) {
        (Message(fields), Message(others)) => {
            let keys = fields.keys().chain(others.keys().filter(|key| !fields.contains_key(*key)));
            keys.into_iter().all(|key| match (fields.get(key), others.get(key)) {
                (Some(one), Some(other)) => is_same(one, other),
                (Some(only), None) | (None, Some(only)) => is_left_out(only),
                (None, None) => true,
            })
        }
        (Scalar(_), Scalar(_)) => canonical(one) == canonical(other),
        (List(_), _) | (_, List(_)) => {
            let (all, others) = (one.elements(), other.elements());
            all.len() == others.len() && all.iter().zip(others).all(|(one, other)| is_same(one, other))
        }
        _ => false,
    }
}

/// Whether a field of a message means as much as no value.
fn is_left_out(value: &Annotation<'_>) -> bool {
    match &value.value {
        AnnotationValue::List(elements) => elements.is_empty(),
        AnnotationValue::Message(_) => false,
        AnnotationValue::Scalar(_) => {
            value.declared.is_some_and(|field| field.presence() == Presence::Implicit) && is_default(value)
        }
    }
}

/// A value without parts: an enum value as its number where that is known, as values of text may be numbers.
fn canonical(value: &Annotation<'_>) -> String {
    let FieldType::Enum(of) = value.declared.map_or(FieldType::Unresolved, |field| field.field_type()) else {
        return match value.boolean() {
            Some(boolean) => boolean.to_string(),
            None => value.to_string(),
        };
    };
    match value.value {
        AnnotationValue::Scalar(OptionValue::Positive(number)) => number.to_string(),
        AnnotationValue::Scalar(OptionValue::Negative(number)) => number.to_string(),
        _ => match value.word().and_then(|word| of.value_named(word)) {
            Some(named) => named.number().to_string(),
            None => value.to_string(),
        },
    }
}

fn is_default(value: &Annotation<'_>) -> bool {
    let AnnotationValue::Scalar(scalar) = value.value else { return false };
    match (value.declared.and_then(|field| field.default_value()), scalar) {
        (Some(DefaultValue::Bytes(bytes)), OptionValue::String(text)) => bytes == text.as_bytes(),
        (Some(DefaultValue::Bytes(bytes)), OptionValue::Bytes(text)) => bytes == text,
        (Some(DefaultValue::Integer(number)), _) => match value.boolean() {
            Some(boolean) => number == i128::from(boolean),
            None => canonical(value) == number.to_string(),
        },
        (Some(DefaultValue::Float(number)), _) => value.to_string() == number.to_string(),
        (Some(DefaultValue::Double(number)), _) => value.to_string() == number.to_string(),
        _ => false,
    }
}

/// What is different: an option, or the only part of it that is.
struct Difference<'a, 's> {
    path: String,
    kind: Kind<'a, 's>,
}

/// How something differs.
enum Kind<'a, 's> {
    Added(&'a Annotation<'s>),
    Removed(&'a Annotation<'s>),
    Changed(&'a Annotation<'s>, &'a Annotation<'s>),
    /// Parts of what is repeated, each side as it is shown.
    Several([String; 2]),
}

impl<'a, 's> Difference<'a, 's> {
    fn new(name: &OptionName, was: &[&'a Annotation<'s>], is: &[&'a Annotation<'s>]) -> Difference<'a, 's> {
        let mut path = name.parts.join(".");
        let mut kind = match (was, is) {
            ([], [is]) => Kind::Added(is),
            ([was], []) => Kind::Removed(was),
            ([was], [is]) => Kind::Changed(was, is),
            _ => {
                let shown = |values: &[&Annotation<'_>]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
                Kind::Several([was, is].map(|values| shown(values).join(", ")))
            }
        };
        while let Kind::Changed(was, is) = kind
            && let Some((key, inner)) = only_difference(was, is)
        {
            path = format!("{path}.{}", key.replace('[', "(").replace(']', ")"));
            kind = inner;
        }
        Difference { path, kind }
    }

    /// The value that each side has of it.
    fn values(&self) -> [Option<&'a Annotation<'s>>; 2] {
        match self.kind {
            Kind::Added(is) => [None, Some(is)],
            Kind::Removed(was) => [Some(was), None],
            Kind::Changed(was, is) => [Some(was), Some(is)],
            Kind::Several(_) => [None, None],
        }
    }

    /// The message, and what to do.
    fn message_and_help(&self, element: Element<'_>, described: &str) -> (String, String) {
        let path = &self.path;
        let of = format!("option `{path}` of {described}");
        let keep = |value: &Annotation<'_>| format!("keep `{}`", written(path, value, element));
        match &self.kind {
            Kind::Added(is) => (format!("{of} was added, with the value `{is}`"), "remove it".to_owned()),
            Kind::Removed(was) => (format!("{of} was removed, with the value `{was}`"), keep(was)),
            Kind::Changed(was, is) => (format!("{of} changed from `{was}` to `{is}`"), keep(was)),
            Kind::Several(both) => {
                let [was, is] = both.each_ref().map(|values| match values.is_empty() {
                    true => "no value".to_owned(),
                    false => format!("`{values}`"),
                });
                (format!("{of} changed from {was} to {is}"), "keep the values as they were".to_owned())
            }
        }
    }
}

/// The field in which two messages differ, if it is only one.
fn only_difference<'a, 's>(was: &'a Annotation<'s>, is: &'a Annotation<'s>) -> Option<(&'a str, Kind<'a, 's>)> {
    let (AnnotationValue::Message(fields), AnnotationValue::Message(others)) = (&was.value, &is.value) else {
        return None;
    };
    let keys = fields.keys().chain(others.keys().filter(|key| !fields.contains_key(*key)));
    let mut different = keys.filter_map(|key| match (fields.get(key), others.get(key)) {
        (Some(was), Some(is)) => (!is_same(was, is)).then_some((key.as_str(), Kind::Changed(was, is))),
        (Some(was), None) => (!is_left_out(was)).then_some((key.as_str(), Kind::Removed(was))),
        (None, Some(is)) => (!is_left_out(is)).then_some((key.as_str(), Kind::Added(is))),
        (None, None) => None,
    });
    different.next().filter(|_| different.next().is_none())
}

/// An option as an element of that kind has it: a statement, or an entry in brackets; several for a list.
fn written(path: &str, value: &Annotation<'_>, element: Element<'_>) -> String {
    let entries: Vec<String> = value.elements().iter().map(|value| format!("{path} = {value}")).collect();
    match element {
        Element::Field(_) | Element::EnumValue(_) => format!("[{}]", entries.join(", ")),
        _ => entries.iter().map(|entry| format!("option {entry};")).collect::<Vec<_>>().join(" "),
    }
}

fn described(element: Element<'_>) -> String {
    let of_enum = |value: EnumValue<'_>| format!("value `{}` of enum `{}`", value.name(), value.parent().name());
    let of_message = |oneof: Oneof<'_>| format!("oneof `{}` of message `{}`", oneof.name(), oneof.parent().name());
    let of_service = |rpc: Method<'_>| super::rpcs::described(rpc);
    match element {
        Element::File(_) | Element::Import(_) => "the file".to_owned(),
        Element::Message(message) => format!("message `{}`", message.name()),
        Element::Field(field) => super::field_types::described(field),
        Element::Oneof(oneof) => of_message(oneof),
        Element::Enum(enumeration) => format!("enum `{}`", enumeration.name()),
        Element::EnumValue(value) => of_enum(value),
        Element::Service(service) => format!("service `{}`", service.name()),
        Element::Method(method) => of_service(method),
    }
}
