//! Resources and references to them, as `google.api.resource` has them: which declares what, not what it means that one
//! of them changed.

use super::annotation::{Annotation, Annotations};
use super::{Element, Field, File, Message};
use crate::source::Span;

/// A kind of resource with the patterns of its names.
#[derive(Clone)]
pub(crate) struct Resource<'s> {
    /// Such as `pubsub.googleapis.com/Topic`.
    pub(crate) kind: &'s str,
    /// In order, each with its place.
    pub(crate) patterns: Vec<(&'s str, Span)>,
    /// The message that is one, or the file that only says that there is one.
    pub(crate) element: Element<'s>,
    /// The option; of one of several in a file, its value.
    pub(crate) span: Span,
}

/// What a field refers to.
#[derive(Clone, Copy)]
pub(crate) struct ResourceReference<'s> {
    /// A resource, or where `is_child` the parent of one.
    pub(crate) kind: &'s str,
    pub(crate) is_child: bool,
    /// The option.
    pub(crate) span: Span,
}

fn resource<'s>(element: Element<'s>, found: &Annotation<'s>, span: Span) -> Option<Resource<'s>> {
    let kind = found.field("type")?.text()?;
    let patterns = found.field("pattern").map_or(&[][..], Annotation::elements);
    let patterns = patterns.iter().filter_map(|pattern| Some((pattern.text()?, pattern.span))).collect();
    Some(Resource { kind, patterns, element, span })
}

impl<'s> Message<'s> {
    /// The resource that it is.
    pub(crate) fn resource(self) -> Option<Resource<'s>> {
        let found = Annotations::of_extension(self.into(), "google.api.resource")?;
        resource(self.into(), &found, found.statement)
    }
}

impl<'s> File<'s> {
    /// All that it declares: those that it defines itself, then those of its messages.
    pub(crate) fn resources(self) -> Vec<Resource<'s>> {
        let defined = Annotations::of_extension(self.into(), "google.api.resource_definition");
        let defined = defined.iter().flat_map(|defined| defined.elements());
        let mut all: Vec<Resource<'s>> =
            defined.filter_map(|found| resource(self.into(), found, found.statement)).collect();
        all.extend(self.all_messages().filter_map(Message::resource));
        all
    }
}

impl<'s> Field<'s> {
    /// What it refers to.
    pub(crate) fn resource_reference(self) -> Option<ResourceReference<'s>> {
        let found = Annotations::of_extension(self.into(), "google.api.resource_reference")?;
        let kind = |key: &str| found.field(key).and_then(Annotation::text).filter(|kind| !kind.is_empty());
        let (own, child) = (kind("type"), kind("child_type"));
        Some(ResourceReference { kind: own.or(child)?, is_child: own.is_none(), span: found.statement })
    }
}
