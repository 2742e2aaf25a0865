//! Finds the text that sets an option, from the path of the option's value: the whole statement, or the
//! field of an aggregate (`{min_len: 5}`). It uses descriptors and options as written, and must not use any rule.

use std::collections::BTreeMap;

use prost_reflect::{ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use rustc_hash::FxHashMap;

use super::lookup::as_i32;
use crate::schema::{MessageValue, OptionEntry, OptionValue, Options};
use crate::source::Span;

/// Where the values are that the statements of one element set.
pub(crate) struct Places {
    places: Vec<Place>,
    /// The first place of each path.
    exact: FxHashMap<Vec<i32>, usize>,
    /// The first place below each path.
    inside: FxHashMap<Vec<i32>, usize>,
}

impl Places {
    /// `options` is the element's options message (`google.protobuf.FieldOptions`), `written` what sets it.
    pub(crate) fn new(options: &MessageDescriptor, written: Options<'_>) -> Places {
        let mut places = Vec::new();
        for option in written.iter() {
            add_option(options, option, &mut places);
        }
        number_elements(&mut places);
        let (mut exact, mut inside) = (FxHashMap::default(), FxHashMap::default());
        for (at, place) in places.iter().enumerate() {
            exact.entry(place.path.clone()).or_insert(at);
            for length in 0..place.path.len() {
                if !inside.contains_key(&place.path[..length]) {
                    inside.insert(place.path[..length].to_vec(), at);
                }
            }
        }
        Places { places, exact, inside }
    }

    /// Finds where the value at `path` is set, which leads from the options message to the value as
    /// [`Problem::option`](super::Problem) does.
    ///
    /// The answer is the span of the value itself if there is one, else of the first value inside it, else of
    /// the nearest value around it. Scalars have a span each: the statement, or the field of an aggregate with its
    /// name. Messages have one only as the value of a statement. Where list elements have a name each (`in: 1 in: 2`),
    /// it is part of the span; `in: [1, 2]` as a whole is the list, and what is in it the elements.
    /// None if no statement sets anything at, in or around `path`.
    pub(crate) fn find(&self, path: &[i32]) -> Option<Span> {
        let around = || (0..path.len()).rev().find_map(|length| self.exact.get(&path[..length]));
        let at = self.exact.get(path).or_else(|| self.inside.get(path)).or_else(around)?;
        Some(self.places[*at].span)
    }
}

/// A value that text sets.
struct Place {
    path: Vec<i32>,
    span: Span,
    /// Whether the path still lacks the index of the element.
    is_list: bool,
}

/// Gives every list element its index, in the order of the text.
fn number_elements(places: &mut [Place]) {
    let mut next: BTreeMap<Vec<i32>, i32> = BTreeMap::new();
    for place in places.iter_mut().filter(|place| place.is_list) {
        let index = next.entry(place.path.clone()).or_default();
        place.path.push(*index);
        *index += 1;
    }
}

fn add_option(options: &MessageDescriptor, option: OptionEntry<'_>, places: &mut Vec<Place>) {
    let mut path = Vec::new();
    let mut parent = Some(options.clone());
    let mut last: Option<Member> = None;
    for (name, is_extension) in option.parts() {
        let Some(member) = parent.and_then(|parent| Member::find(&parent, name, is_extension)) else {
            return;
        };
        path.push(member.number());
        parent = member.message();
        last = Some(member);
    }
    let Some(member) = last else {
        return;
    };
    places.push(Place { path: path.clone(), span: option.span(), is_list: member.is_list() });
    if let (Some(message), false, OptionValue::Message(value)) = (parent, member.is_list(), option.value()) {
        add_fields(&message, value, &path, places);
    }
}

fn add_fields(message: &MessageDescriptor, value: MessageValue<'_>, path: &[i32], places: &mut Vec<Place>) {
    for field in value.fields() {
        let Some(member) = Member::find(message, field.name(), field.is_bracketed()) else {
            continue;
        };
        let path = [path, &[member.number()]].concat();
        let span = Span::new(field.name_span().start, field.value_span().end);
        match (field.value(), member.message().filter(|_| !member.is_list())) {
            (OptionValue::Message(value), Some(inner)) => add_fields(&inner, value, &path, places),
            (OptionValue::List(list), _) => {
                let elements = list.elements().map(|(_, span)| Place { path: path.clone(), span, is_list: true });
                let elements: Vec<Place> = elements.collect();
                // An empty list sets nothing.
                if !elements.is_empty() {
                    places.push(Place { path, span, is_list: false });
                    places.extend(elements);
                }
            }
            _ => places.push(Place { path, span, is_list: member.is_list() }),
        }
    }
}

enum Member {
    Field(FieldDescriptor),
    Extension(ExtensionDescriptor),
}

impl Member {
    /// Extension names may be relative to the scope they are used in, so the longest match by suffix counts.
    fn find(parent: &MessageDescriptor, name: &str, is_extension: bool) -> Option<Self> {
        if !is_extension {
            return parent.get_field_by_name(name).map(Member::Field);
        }
        let name = name.trim_start_matches('.');
        let exact = parent.parent_pool().get_extension_by_name(name);
        let exact = exact.filter(|extension| extension.containing_message() == *parent);
        let relative = || parent.extensions().find(|extension| is_suffix(extension.full_name(), name));
        exact.or_else(relative).map(Member::Extension)
    }

    fn number(&self) -> i32 {
        match self {
            Member::Field(field) => as_i32(field.number()),
            Member::Extension(extension) => as_i32(extension.number()),
        }
    }

    fn is_list(&self) -> bool {
        match self {
            Member::Field(field) => field.is_list() || field.is_map(),
            Member::Extension(extension) => extension.is_list(),
        }
    }

    fn message(&self) -> Option<MessageDescriptor> {
        let kind = match self {
            Member::Field(field) => field.kind(),
            Member::Extension(extension) => extension.kind(),
        };
        match kind {
            Kind::Message(message) => Some(message),
            _ => None,
        }
    }
}

fn is_suffix(full_name: &str, name: &str) -> bool {
    full_name.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'))
}
