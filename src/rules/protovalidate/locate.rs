//! Finds the text that sets an option, from the path of the option's value: the whole statement, or the
//! field of an aggregate (`{min_len: 5}`). It knows descriptors and text, and must not know of any rule.

use std::collections::BTreeMap;
use std::ops::Range;

use prost_reflect::{ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use rustc_hash::FxHashMap;

use super::lookup::as_i32;

mod aggregate;

/// One part of an option's name: `(buf.validate.field)` or `string`.
#[derive(Debug, Clone)]
pub(crate) struct NamePart {
    /// The name without parentheses, as written.
    pub(crate) name: String,
    /// Whether it stood in parentheses.
    pub(crate) is_extension: bool,
}

/// One statement that sets an option: `option (a).b = {…};` in a body, `(a).b = {…}` in brackets.
#[derive(Debug, Clone)]
pub(crate) struct OptionStatement {
    /// The name, part by part.
    pub(crate) name: Vec<NamePart>,
    /// The statement, in bytes of the file; in a body from `option` to `;`.
    pub(crate) span: Range<usize>,
    /// The value, in bytes of the file.
    pub(crate) value: Range<usize>,
}

/// Where the values are that the statements of one element set.
pub(crate) struct Places {
    places: Vec<Place>,
    /// The first place of each path.
    exact: FxHashMap<Vec<i32>, usize>,
    /// The first place below each path.
    inside: FxHashMap<Vec<i32>, usize>,
}

impl Places {
    /// `options` is the element's options message (`google.protobuf.FieldOptions`), `text` the file that spans
    /// refer to. The statements must be in the order of the file.
    pub(crate) fn new(options: &MessageDescriptor, text: &str, statements: &[OptionStatement]) -> Places {
        let mut places = Vec::new();
        for statement in statements {
            add_statement(options, text, statement, &mut places);
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
    /// name. Messages have one only as the value of a statement, list elements only where each has a
    /// name of its own (`in: 1 in: 2`): all of `in: [1, 2]` counts as the list's next element.
    /// None if no statement sets anything at, in or around `path`.
    pub(crate) fn find(&self, path: &[i32]) -> Option<Range<usize>> {
        let around = || (0..path.len()).rev().find_map(|length| self.exact.get(&path[..length]));
        let at = self.exact.get(path).or_else(|| self.inside.get(path)).or_else(around)?;
        Some(self.places[*at].span.clone())
    }
}

/// A value that text sets.
struct Place {
    path: Vec<i32>,
    span: Range<usize>,
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

fn add_statement(options: &MessageDescriptor, text: &str, statement: &OptionStatement, places: &mut Vec<Place>) {
    let mut path = Vec::new();
    let mut parent = Some(options.clone());
    let mut last: Option<Member> = None;
    for part in &statement.name {
        let Some(member) = parent.and_then(|parent| Member::find(&parent, &part.name, part.is_extension)) else {
            return;
        };
        path.push(member.number());
        parent = member.message();
        last = Some(member);
    }
    let Some(member) = last else {
        return;
    };
    places.push(Place { path: path.clone(), span: statement.span.clone(), is_list: member.is_list() });
    if let (Some(message), false, Some(value)) = (parent, member.is_list(), text.get(statement.value.clone())) {
        let fields = aggregate::parse(value);
        add_fields(&message, &fields, statement.value.start, &path, places);
    }
}

fn add_fields(
    message: &MessageDescriptor,
    fields: &[aggregate::Field<'_>],
    offset: usize,
    path: &[i32],
    places: &mut Vec<Place>,
) {
    for field in fields {
        let Some(member) = Member::find(message, field.name, field.is_extension) else {
            continue;
        };
        let path = [path, &[member.number()]].concat();
        match member.message().filter(|_| !member.is_list()) {
            Some(inner) => add_fields(&inner, &field.fields, offset, &path, places),
            None => {
                let span = field.span.start + offset..field.span.end + offset;
                places.push(Place { path, span, is_list: member.is_list() });
            }
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
