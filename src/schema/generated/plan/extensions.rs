//! Plans extensions, those of options among them.

use super::super::model::{Extendee, Extension, Field, Kind, Label, Language, Type, World};
use super::super::names::Manner;
use super::fields::{messages, scalar_or_named};
use super::{ANY, DESCRIPTOR};
use crate::schema::tests::random::Random;

const OPTIONS: [&str; 9] = [
    "FileOptions",
    "MessageOptions",
    "FieldOptions",
    "OneofOptions",
    "ExtensionRangeOptions",
    "EnumOptions",
    "EnumValueOptions",
    "ServiceOptions",
    "MethodOptions",
];

pub(super) fn add(world: &mut World, random: &mut Random) {
    for file in 0..world.files.len() {
        let extensible: Vec<usize> =
            messages(world, file).into_iter().filter(|at| !world.messages[*at].extensible.is_empty()).collect();
        if world.files[file].language != Language::Proto3 {
            for at in extensible {
                declared(world, file, at, random);
                free(world, file, at, random);
            }
        }
        if world.files[file].well_known.contains(&DESCRIPTOR) {
            of_options(world, file, random);
        }
    }
}

fn any_label(language: Language, random: &mut Random) -> Label {
    match language {
        Language::Proto2 { .. } => random.pick(&[Label::Optional, Label::Repeated]),
        Language::Proto3 => random.pick(&[Label::None, Label::Optional, Label::Repeated]),
        Language::Edition(_) => random.pick(&[Label::None, Label::Repeated]),
    }
}

fn singular(language: Language) -> Label {
    if matches!(language, Language::Proto2 { .. }) { Label::Optional } else { Label::None }
}

/// The extensions that a message of the same file declares.
fn declared(world: &mut World, file: usize, at: usize, random: &mut Random) {
    let language = world.files[file].language;
    let message = world.messages[at].clone();
    if message.file != file {
        return;
    }
    for declared in message.declared.iter().filter(|declared| !declared.is_reserved) {
        let label = if declared.is_repeated {
            Label::Repeated
        } else {
            // Drawn for nothing, so that the trees of known seeds stay what they are.
            any_label(language, random);
            singular(language)
        };
        let name = declared.full_name.rsplit('.').next().unwrap_or_default().to_owned();
        let field = plain(name, declared.number, label, Type::Scalar("int32"));
        let full_name = declared.full_name.clone();
        world.extensions.push(Extension { file, scope: None, full_name, extendee: Extendee::Message(at), field });
    }
}

/// Maybe an extension of a number that no other one of the message has.
fn free(world: &mut World, file: usize, at: usize, random: &mut Random) {
    let language = world.files[file].language;
    let message = world.messages[at].clone();
    let Some(&(start, end)) = message.extensible.last() else { return };
    let is_declared = !message.declared.is_empty() && message.extensible.len() == 1;
    let is_delimited_maybe = message.is_message_set && language.is_edition();
    if is_declared || is_delimited_maybe || random.chance(40) {
        return;
    }
    let is_free = |number: &i32| {
        let mut extensions = world.extensions.iter();
        !extensions.any(|one| one.extendee == Extendee::Message(at) && one.field.number == *number)
    };
    let mut numbers = start..=end;
    let number = if random.chance(30) { numbers.rfind(is_free) } else { numbers.find(is_free) };
    let Some(number) = number else { return };
    let (of, label) = if message.is_message_set {
        (Type::Message(random.pick(&messages(world, file))), singular(language))
    } else {
        (scalar_or_named(world, file, false, random), any_label(language, random))
    };
    extension(world, file, Extendee::Message(at), (number, label, of), random);
}

fn of_options(world: &mut World, file: usize, random: &mut Random) {
    let language = world.files[file].language;
    for kind in OPTIONS {
        for _ in 0..random.below(3) {
            let of = match random.below(10) {
                0..4 => Some(random.pick(&messages(world, file))).map_or(Type::Any, Type::Message),
                4 if world.files[file].well_known.contains(&ANY) => Type::Any,
                _ => scalar_or_named(world, file, language == Language::Proto3, random),
            };
            world.next_option += 1;
            let number = world.next_option;
            let label = any_label(language, random);
            extension(world, file, Extendee::Options(kind), (number, label, of), random);
        }
    }
}

fn plain(name: String, number: i32, label: Label, of: Type) -> Field {
    Field { name, number, label, of, oneof: None, presence: None, json_name: None }
}

fn extension(
    world: &mut World,
    file: usize,
    extendee: Extendee,
    (number, label, of): (i32, Label, Type),
    random: &mut Random,
) {
    let own: Vec<usize> = (0..world.messages.len())
        .filter(|at| world.messages[*at].file == file && !world.messages[*at].is_group)
        .collect();
    let scope = if random.chance(30) { random.maybe_pick(&own) } else { None };
    let (name, full_name) = world.name(file, &world.scope(file, scope), (Manner::Lower, Kind::Other), random);
    let field = plain(name, number, label, of);
    world.extensions.push(Extension { file, scope, full_name, extendee, field });
}
