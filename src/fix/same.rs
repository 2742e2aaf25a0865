//! Whether names still stand for what they stood for, after texts were edited that declare the same elements.

use rustc_hash::FxHashMap;

use crate::schema::{Field, FieldType, File, Message, OptionStep, Schema};

/// Whether all names in `after` stand for the elements they stand for in `before`, whatever these are called: an element
/// is known by its file and its position there. Files that only one of both has are not looked at.
pub(crate) fn means_the_same(before: &Schema, after: &Schema) -> bool {
    let old: FxHashMap<&str, File<'_>> = before.files().map(|file| (file.name(), file)).collect();
    let pairs = after.files().filter_map(|new| old.get(new.name()).map(|old| (*old, new)));
    pairs.filter(|(_, new)| new.source().is_some()).all(|(old, new)| targets(old).eq(targets(new)))
}

/// An element by the file it is in, its kind and its position among those of its kind.
type Target<'s> = Option<(&'s str, u8, u32)>;

/// What the names in a file stand for, in the order of the elements.
fn targets<'s>(file: File<'s>) -> impl Iterator<Item = Target<'s>> {
    let types = file.all_fields().map(|field| of_type(field.field_type()));
    let extendees = file.all_fields().map(|field| of_message(field.extendee()));
    let methods = file.services().flat_map(|service| service.methods());
    let rpcs = methods.flat_map(|method| [of_message(method.input()), of_message(method.output())]);
    types.chain(extendees).chain(rpcs).chain(option_names(file))
}

fn option_names<'s>(file: File<'s>) -> impl Iterator<Item = Target<'s>> {
    let steps = crate::rules::mentions::options_of(file).flat_map(|option| option.steps());
    steps.map(|step| match step {
        OptionStep::Extension(field) => of_field(field),
        OptionStep::Field(_) | OptionStep::Unresolved => None,
    })
}

fn of_type<'s>(held: FieldType<'s>) -> Target<'s> {
    match held {
        FieldType::Message(message) => of_message(Some(message)),
        FieldType::Enum(enumeration) => Some((enumeration.file().name(), 1, enumeration.index)),
        FieldType::Scalar(_) | FieldType::Unresolved => None,
    }
}

fn of_message<'s>(message: Option<Message<'s>>) -> Target<'s> {
    message.map(|message| (message.file().name(), 0, message.index))
}

fn of_field<'s>(field: Field<'s>) -> Target<'s> {
    Some((field.file().name(), 2, field.index))
}
