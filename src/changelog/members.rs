//! What differs between elements that are in both schemas, and which of their members only one of them has.

use rustc_hash::{FxHashMap, FxHashSet};

use super::declaration::members_of_oneofs;
use super::details::{Details, texts};
use super::differences::{Differences, Same};
use super::properties;
use super::whole::{self, Side};
use super::{Draft, kind_of};
use crate::compare::names::TypeName;
use crate::compare::pairing::Pair;
use crate::report::changelog::{ChangeKind, Detail};
use crate::schema::{Element, Enum, EnumValue, Field, FieldType, File, Message, Method, Oneof, Service};

/// What was found in a pair: changes, and elements that are the same one.
pub(super) type Found<'s> = (Vec<Draft<'s>>, Vec<Same<'s>>);

/// Compares what is declared in both schemas.
#[derive(Clone, Copy)]
pub(super) struct Members<'d, 's> {
    pub(super) differences: &'d Differences<'s>,
}

impl<'s> Members<'_, 's> {
    /// Two files and what only one of them declares.
    pub(super) fn of_files(self, pair: Pair<File<'s>>) -> Found<'s> {
        let mut found = (Vec::new(), Vec::new());
        self.compare(pair.before.into(), pair.after.into(), &mut found);
        let alone = |element: &Element<'s>| !matches!(element, Element::Field(_));
        let gone = whole::children(pair.before.into()).into_iter().filter(alone);
        let new = whole::children(pair.after.into()).into_iter().filter(alone);
        self.alone(gone, new, &mut found);
        found
    }

    /// Adds those that the other schema does not have.
    fn alone(
        self,
        before: impl Iterator<Item = Element<'s>>,
        after: impl Iterator<Item = Element<'s>>,
        found: &mut Found<'s>,
    ) {
        let differences = self.differences;
        let gone = before.filter(|element| !differences.is_kept(*element));
        found.0.extend(gone.map(|element| differences.alone(element, Side::Before)));
        let new = after.filter(|element| !differences.was_there(*element));
        found.0.extend(new.map(|element| differences.alone(element, Side::After)));
    }

    /// Two messages and their members.
    pub(super) fn of_messages(self, pair: Pair<Message<'s>>) -> Found<'s> {
        let mut found = (Vec::new(), Vec::new());
        let Pair { before, after } = pair;
        if before.is_map_entry() || after.is_map_entry() {
            return found;
        }
        self.compare(before.into(), after.into(), &mut found);
        self.fields(pair, &mut found);
        self.oneofs(pair, &mut found);
        let types = |message: Message<'s>| {
            let messages = message.messages().filter(|inner| !inner.is_map_entry()).map(Element::from);
            messages.chain(message.enums().map(Element::from))
        };
        self.alone(types(before), types(after), &mut found);
        found
    }

    /// Fields by number; those whose number is free on the other side, by name.
    fn fields(self, Pair { before, after }: Pair<Message<'s>>, found: &mut Found<'s>) {
        let mut known = FxHashSet::default();
        let olds: Vec<Field<'s>> = before.fields().filter(|field| known.insert(field.number())).collect();
        known.clear();
        let news: Vec<Field<'s>> = after.fields().filter(|field| known.insert(field.number())).collect();
        let (old_oneofs, new_oneofs) = (oneofs(before), oneofs(after));
        let mut free: FxHashMap<&str, Field<'s>> = news
            .iter()
            .filter(|field| before.field_numbered(field.number()).is_none())
            .map(|f| (f.name(), *f))
            .collect();
        for old in olds {
            match after.field_numbered(old.number()).or_else(|| free.remove(old.name())) {
                Some(new) => self.compare(old.into(), new.into(), found),
                None if is_in_other_oneof(old, &new_oneofs) => {}
                None => found.0.push(self.differences.alone(old.into(), Side::Before)),
            }
        }
        // Those of a oneof that is new are a part of it.
        let new = free.into_values().filter(|field| !is_in_other_oneof(*field, &old_oneofs));
        found.0.extend(new.map(|field| self.differences.alone(field.into(), Side::After)));
    }

    /// Oneofs by name.
    fn oneofs(self, Pair { before, after }: Pair<Message<'s>>, found: &mut Found<'s>) {
        let (olds, mut news) = (oneofs(before), oneofs(after));
        let (old_members, new_members) = (members_of_oneofs(before), members_of_oneofs(after));
        let of = |members: &FxHashMap<u32, Vec<Field<'s>>>, oneof: Oneof<'s>| {
            members.get(&oneof.index).cloned().unwrap_or_default()
        };
        for (name, old) in olds {
            match news.remove(name) {
                Some(new) => self.compare(old.into(), new.into(), found),
                None => found.0.push(self.oneof_alone((old, of(&old_members, old)), after, Side::Before)),
            }
        }
        let new = news.into_values();
        found.0.extend(new.map(|new| self.oneof_alone((new, of(&new_members, new)), before, Side::After)));
    }

    /// A oneof that only one side has, with the fields that it brings or takes away.
    fn oneof_alone(self, (oneof, members): (Oneof<'s>, Vec<Field<'s>>), other: Message<'s>, side: Side) -> Draft<'s> {
        let mut draft = self.differences.alone(oneof.into(), side);
        let is_alone =
            |field: &Field<'s>| other.field_numbered(field.number()).is_none() && !is_renumbered(*field, other);
        for field in members.into_iter().filter(is_alone) {
            draft.details.extend(whole::details(field.into(), side, &|_| false));
        }
        draft
    }

    /// Two enums and their values: by name, and those whose name is free by number.
    pub(super) fn of_enums(self, Pair { before, after }: Pair<Enum<'s>>) -> Found<'s> {
        let mut found = (Vec::new(), Vec::new());
        self.compare(before.into(), after.into(), &mut found);
        let is_new = |value: &EnumValue<'s>| before.value_named(value.name()).is_none();
        let mut new: FxHashMap<i32, Vec<EnumValue<'s>>> = FxHashMap::default();
        for value in after.values().filter(is_new) {
            new.entry(value.number()).or_default().push(value);
        }
        let mut known = FxHashSet::default();
        for old in before.values().filter(|value| known.insert(value.name())) {
            if let Some(same) = after.value_named(old.name()) {
                self.compare(old.into(), same.into(), &mut found);
                continue;
            }
            match new.get_mut(&old.number()).filter(|alike| !alike.is_empty()) {
                Some(alike) => self.compare(old.into(), alike.remove(0).into(), &mut found),
                None => found.0.push(self.differences.alone(old.into(), Side::Before)),
            }
        }
        let new = new.into_values().flatten();
        found.0.extend(new.map(|value| self.differences.alone(value.into(), Side::After)));
        found
    }

    /// Two services and their rpcs.
    pub(super) fn of_services(self, Pair { before, after }: Pair<Service<'s>>) -> Found<'s> {
        let mut found = (Vec::new(), Vec::new());
        self.compare(before.into(), after.into(), &mut found);
        let mut new: FxHashMap<&str, Method<'s>> = FxHashMap::default();
        for method in after.methods() {
            new.entry(method.name()).or_insert(method);
        }
        let mut known = FxHashSet::default();
        for old in before.methods().filter(|method| known.insert(method.name())) {
            match new.remove(old.name()) {
                Some(same) => self.compare(old.into(), same.into(), &mut found),
                None => found.0.push(self.differences.alone(old.into(), Side::Before)),
            }
        }
        found.0.extend(new.into_values().map(|method| self.differences.alone(method.into(), Side::After)));
        found
    }

    /// All extensions: those of both, and those that one has in a file or message of both.
    pub(super) fn of_extensions(self) -> Found<'s> {
        let mut found = (Vec::new(), Vec::new());
        let comparison = self.differences.comparison;
        for pair in comparison.fields.iter().filter(|pair| pair.before.is_extension() && pair.after.is_extension()) {
            self.compare(pair.before.into(), pair.after.into(), &mut found);
        }
        let in_files = comparison.files.iter();
        let of_files = in_files.flat_map(|pair| pair.before.extensions()).map(Element::from);
        let in_messages = comparison.messages.iter().flat_map(|pair| pair.before.extensions()).map(Element::from);
        let new_in_files = comparison.files.iter().flat_map(|pair| pair.after.extensions()).map(Element::from);
        let new_in_messages = comparison.messages.iter().flat_map(|pair| pair.after.extensions()).map(Element::from);
        self.alone(of_files.chain(in_messages), new_in_files.chain(new_in_messages), &mut found);
        found
    }

    /// What differs between two elements themselves.
    fn compare(self, before: Element<'s>, after: Element<'s>, found: &mut Found<'s>) {
        found.1.push((before, after));
        let details = self.details(before, after);
        if details.is_empty() {
            return;
        }
        let is_deprecation =
            |detail: &Detail| detail.property == "option deprecated" && detail.after.as_deref() == Some("true");
        let (deprecated, changed): (Vec<Detail>, Vec<Detail>) = details.into_iter().partition(is_deprecation);
        for (change, details) in [(ChangeKind::Deprecated, deprecated), (ChangeKind::Changed, changed)] {
            if !details.is_empty() {
                let texts = texts(before, after, &details);
                let (before, after) = (Some(before), Some(after));
                let kind = kind_of(after.expect("it is in both"));
                found.0.push(Draft { change, kind, before, after, whole: Vec::new(), details, texts });
            }
        }
    }

    fn details(self, before: Element<'s>, after: Element<'s>) -> Vec<Detail> {
        let (old, new) = (properties::of_element(before), properties::of_element(after));
        let mut details = Details { kind: kind_of(after), symbol: after.symbol(), all: Vec::new() };
        match (before, after) {
            (Element::File(old), Element::File(new)) if old.name() != new.name() => {
                details.add("path", Some(old.name().to_owned()), Some(new.name().to_owned()));
            }
            _ => {
                if let Some((old, new)) = short_name(before).zip(short_name(after)).filter(|(old, new)| old != new) {
                    details.add("name", Some(old.to_owned()), Some(new.to_owned()));
                }
            }
        }
        let is_same = |name: &str| self.is_same(name, before, after);
        details.differing(old, new, &is_same);
        details.all
    }

    /// Whether a property means the same on both sides, though its text may be another one.
    fn is_same(self, property: &str, before: Element<'s>, after: Element<'s>) -> bool {
        let comparison = self.differences.comparison;
        let same_or_unknown = |before: Option<Message<'s>>, after: Option<Message<'s>>| match (before, after) {
            (Some(before), Some(after)) => comparison.is_same_message(before, after),
            _ => false,
        };
        match (property, before, after) {
            ("in", Element::Field(before), Element::Field(after)) if before.is_extension() => {
                same_or_unknown(before.parent(), after.parent())
            }
            ("in", ..) => true,
            ("file", ..) => self.differences.is_same_file(before.file(), after.file()),
            ("type", Element::Field(before), Element::Field(after)) => self.is_same_type(before, after),
            ("extendee", Element::Field(before), Element::Field(after)) => {
                same_or_unknown(before.extendee(), after.extendee())
            }
            ("request", Element::Method(before), Element::Method(after)) => {
                same_or_unknown(before.input(), after.input())
                    || are_alike(TypeName::of_request(before), TypeName::of_request(after))
            }
            ("response", Element::Method(before), Element::Method(after)) => {
                same_or_unknown(before.output(), after.output())
                    || are_alike(TypeName::of_response(before), TypeName::of_response(after))
            }
            _ => false,
        }
    }

    fn is_same_type(self, before: Field<'s>, after: Field<'s>) -> bool {
        let comparison = self.differences.comparison;
        match (before.field_type(), after.field_type()) {
            (FieldType::Scalar(one), FieldType::Scalar(other)) => one == other,
            (FieldType::Message(one), FieldType::Message(other)) if before.is_map() && after.is_map() => {
                let part = |number| Some((one.field_numbered(number)?, other.field_numbered(number)?));
                [1, 2].into_iter().filter_map(part).all(|(one, other)| self.is_same_type(one, other))
            }
            (FieldType::Message(one), FieldType::Message(other)) => {
                before.is_map() == after.is_map() && comparison.is_same_message(one, other)
            }
            (FieldType::Enum(one), FieldType::Enum(other)) => comparison.is_same_enum(one, other),
            (FieldType::Unresolved, _) | (_, FieldType::Unresolved) => TypeName::of_field(before)
                .zip(TypeName::of_field(after))
                .is_some_and(|(one, other)| are_alike(one, other)),
            _ => false,
        }
    }
}

/// Whether two names may be one type, of which one at least is not known.
fn are_alike(one: TypeName<'_>, other: TypeName<'_>) -> bool {
    !(one.is_known() && other.is_known()) && one.may_be(other)
}

/// The name of a member that can be renamed and still be the same one.
fn short_name(element: Element<'_>) -> Option<&str> {
    match element {
        Element::Field(field) => Some(field.name()),
        Element::EnumValue(value) => Some(value.name()),
        _ => None,
    }
}

/// The oneofs that are written, by name.
fn oneofs(message: Message<'_>) -> FxHashMap<&str, Oneof<'_>> {
    message.oneofs().filter(|oneof| !oneof.is_synthetic()).map(|oneof| (oneof.name(), oneof)).collect()
}

/// Whether a field is in a oneof that is none of those of the other message.
fn is_in_other_oneof(field: Field<'_>, others: &FxHashMap<&str, Oneof<'_>>) -> bool {
    let oneof = field.oneof().filter(|oneof| !oneof.is_synthetic());
    oneof.is_some_and(|oneof| !others.contains_key(oneof.name()))
}

/// Whether the other message has a field under its name, of a number that this one's message has free.
fn is_renumbered(field: Field<'_>, other: Message<'_>) -> bool {
    let own = field.parent();
    other
        .field_named(field.name())
        .is_some_and(|found| own.is_some_and(|own| own.field_numbered(found.number()).is_none()))
}
