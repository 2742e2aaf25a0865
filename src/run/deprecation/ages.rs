//! Since when elements are deprecated, by a history. What is in something deprecated is deprecated with it.

use std::borrow::Cow;

use crate::history::{ContainerKind, History, Key, Release, Stored};
use crate::rules::deprecation::is_marked;
use crate::schema::Element;

/// The lives of elements, by which their ages are found.
#[derive(Clone, Copy)]
pub(crate) enum Ages<'h> {
    /// With the present after the last release.
    Present(&'h History),
    /// Up to the last release.
    Released(&'h Stored),
}

/// What a history knows of an element that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Age {
    /// The first state of the unbroken run in which it is deprecated, up to the last one that has it.
    pub(crate) since: Option<u32>,
    /// The last state that has it.
    pub(crate) last: u32,
}

impl<'h> Ages<'h> {
    /// All releases, oldest first.
    pub(crate) fn releases(self) -> &'h [Release] {
        match self {
            Ages::Present(history) => &history.releases,
            Ages::Released(stored) => &stored.releases,
        }
    }

    /// What is known of an element; `None` where the history does not have it. A file has the age of what it declares
    /// without being marked itself.
    pub(crate) fn of(self, element: Element<'_>) -> Option<Age> {
        if let Element::File(file) = element {
            let messages = file.messages().map(Element::from).chain(file.enums().map(Element::from));
            let declared: Vec<Element<'_>> = messages.chain(file.services().map(Element::from)).collect();
            let age = |element: &&Element<'_>| self.own(**element).map(|age| (is_marked(**element), age));
            let known = declared.iter().filter_map(|element| age(&element));
            return known
                .min_by_key(|(is_marked, age)| (*is_marked, age.since.unwrap_or(u32::MAX)))
                .map(|(_, age)| age);
        }
        let mut age = self.own(element)?;
        let mut around = element.around();
        while let Some(here) = around {
            // What is around lasts at least as long.
            let since = self.own(here).and_then(|outer| outer.since).filter(|since| *since <= age.last);
            age.since = age.since.into_iter().chain(since).min();
            around = here.around();
        }
        Some(age)
    }

    fn own(self, element: Element<'_>) -> Option<Age> {
        let (kind, container, key) = match element {
            Element::Message(message) => (ContainerKind::Message, message.full_name(), None),
            Element::Enum(enumeration) => (ContainerKind::Enum, enumeration.full_name(), None),
            Element::Service(service) => (ContainerKind::Service, service.full_name(), None),
            Element::Field(field) if field.is_extension() => return None,
            Element::Field(field) => {
                (ContainerKind::Message, field.parent()?.full_name(), Some(Key::Number(field.number())))
            }
            Element::EnumValue(value) => {
                (ContainerKind::Enum, value.parent().full_name(), Some(Key::Number(value.number())))
            }
            Element::Method(method) => {
                (ContainerKind::Service, method.parent().full_name(), Some(Key::Name(method.name().into())))
            }
            Element::File(_) | Element::Import(_) | Element::Oneof(_) => return None,
        };
        let container = match self {
            Ages::Present(history) => Cow::Borrowed(history.container(kind, container, None)?),
            Ages::Released(stored) => Cow::Owned(stored.container(kind, container, None)?),
        };
        let Some(key) = key else { return Some(Age { since: container.deprecated_since, last: container.last() }) };
        let slot = container.slot(&key)?;
        Some(Age { since: slot.deprecated_since, last: slot.lives.last()?.last })
    }
}
