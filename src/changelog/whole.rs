//! All properties of what is added or deleted, of all that lies in it too.

use super::kind_of;
use super::properties::{self, Property};
use crate::report::changelog::Detail;
use crate::schema::{Element, Field, File, Message, Oneof};

/// Which state something is in alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// All properties of an element and of what lies in it. What `is_elsewhere` is left out, with all that lies in it.
pub(super) fn details<'s>(element: Element<'s>, side: Side, is_elsewhere: &dyn Fn(Element<'s>) -> bool) -> Vec<Detail> {
    let mut details = Vec::new();
    add(element, side, is_elsewhere, &mut details);
    details
}

fn add<'s>(element: Element<'s>, side: Side, is_elsewhere: &dyn Fn(Element<'s>) -> bool, details: &mut Vec<Detail>) {
    let (kind, symbol) = (kind_of(element), element.symbol());
    for Property { name, value } in properties::of_element(element) {
        let (before, after) = if side == Side::Before { (Some(value), None) } else { (None, Some(value)) };
        details.push(Detail { kind, symbol: symbol.clone(), property: name, before, after });
    }
    for child in children(element).into_iter().filter(|child| !is_elsewhere(*child)) {
        add(child, side, is_elsewhere, details);
    }
}

/// What lies in an element, one step down; nothing that the language makes by itself.
pub(super) fn children(element: Element<'_>) -> Vec<Element<'_>> {
    match element {
        Element::File(file) => of_file(file),
        Element::Message(message) => of_message(message),
        Element::Enum(enumeration) => enumeration.values().map(Element::from).collect(),
        Element::Service(service) => service.methods().map(Element::from).collect(),
        Element::Import(_) | Element::Field(_) | Element::Oneof(_) | Element::EnumValue(_) | Element::Method(_) => {
            Vec::new()
        }
    }
}

fn of_file(file: File<'_>) -> Vec<Element<'_>> {
    let types = file.messages().map(Element::from).chain(file.enums().map(Element::from));
    types.chain(file.services().map(Element::from)).chain(file.extensions().map(Element::from)).collect()
}

fn of_message(message: Message<'_>) -> Vec<Element<'_>> {
    let oneofs = message.oneofs().filter(|oneof: &Oneof<'_>| !oneof.is_synthetic()).map(Element::from);
    let messages = message.messages().filter(|inner| !inner.is_map_entry()).map(Element::from);
    let enums = message.enums().map(Element::from);
    let extensions = message.extensions().map(Element::from);
    message
        .fields()
        .map(|field: Field<'_>| Element::from(field))
        .chain(oneofs)
        .chain(messages)
        .chain(enums)
        .chain(extensions)
        .collect()
}
