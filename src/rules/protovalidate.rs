//! The heart of the rule PROTOVALIDATE: are the `buf.validate` options of a file well-formed, and can
//! any value satisfy them? It sees descriptors only; it must not know of files, spans or findings.

use prost_reflect::{DynamicMessage, ExtensionDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor};

mod container;
mod element;
mod example;
mod expressions;
mod field;
mod formats;
mod functions;
pub(crate) mod locate;
mod lookup;
mod message;
mod numeric;
mod predefined;
mod report;
mod text;
mod well_known;

use element::Element;
pub(in crate::rules) use functions::LIBRARIES;
use lookup::{Extensions, View};
use report::Reporter;

/// The path of an element in its file's descriptor, as in `SourceCodeInfo.Location.path`:
/// `[4, 0, 2, 1]` is the second field of the first message.
pub(crate) type ElementPath = Vec<i32>;

/// One fault in the validation options of an element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The message, field or extension that carries the option.
    pub(crate) element: ElementPath,
    /// Field numbers (and list indexes) that lead from the element's options message to the faulty value;
    /// the first is the number of the extension `buf.validate.…`.
    pub(crate) option: Vec<i32>,
    /// What is wrong, with names in backticks and without a full stop.
    pub(crate) message: String,
}

/// Whether a field distinguishes "unset" from its zero value.
pub(crate) type HasPresence<'a> = &'a dyn Fn(&FieldDescriptor) -> bool;

/// Checks every message, field and extension of a file.
///
/// The file's pool must hold `buf/validate/validate.proto`, in any version, and interpreted options;
/// without it there is nothing to check. `has_presence` answers for fields whose descriptors alone do not say
/// (editions). Rules are looked up by name, so that what a version lacks is skipped.
/// Problems come sorted by element, then by option path.
pub(crate) fn check_file(file: &FileDescriptor, has_presence: HasPresence<'_>) -> Vec<Problem> {
    let Some(extensions) = Extensions::visible_in(file) else {
        return Vec::new();
    };
    let mut walk = Walk { extensions, has_presence, problems: Vec::new() };
    let mut pending: Vec<MessageDescriptor> = file.messages().collect();
    while let Some(message) = pending.pop() {
        walk.message(&message);
        message.fields().for_each(|field| walk.field(&field));
        message.child_extensions().for_each(|extension| walk.extension(&extension));
        pending.extend(message.child_messages().filter(|child| !child.is_map_entry()));
    }
    file.extensions().for_each(|extension| walk.extension(&extension));
    walk.problems.sort();
    walk.problems
}

struct Walk<'a> {
    extensions: Extensions,
    has_presence: HasPresence<'a>,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    fn message(&mut self, message: &MessageDescriptor) {
        let options = message.options();
        let Some(rules) = self.extensions.message_rules(&options) else {
            return;
        };
        let number = self.extensions.message_number();
        let mut reporter = Reporter::new(&mut self.problems, message.path(), message.name(), number);
        message::check(message, View(&rules), &mut reporter);
    }

    fn field(&mut self, field: &FieldDescriptor) {
        if let Some(rules) = self.extensions.field_rules(&field.options()) {
            self.rules_of(&Element::from_field(field, self.has_presence), &rules, field.path());
        }
    }

    fn extension(&mut self, extension: &ExtensionDescriptor) {
        let options = extension.options();
        if let Some(rules) = self.extensions.predefined_rules(&options) {
            let number = self.extensions.predefined_number();
            let mut reporter = Reporter::new(&mut self.problems, extension.path(), extension.name(), number);
            predefined::check(extension, View(&rules), &mut reporter);
        }
        if let Some(rules) = self.extensions.field_rules(&options) {
            self.rules_of(&Element::from_extension(extension), &rules, extension.path());
        }
    }

    fn rules_of(&mut self, element: &Element, rules: &DynamicMessage, path: &[i32]) {
        let number = self.extensions.field_number();
        let mut reporter = Reporter::new(&mut self.problems, path, &element.name, number);
        let expects_list_rules = element.is_list || element.is_map;
        field::check(element, View(rules), expects_list_rules, &mut reporter);
    }
}
