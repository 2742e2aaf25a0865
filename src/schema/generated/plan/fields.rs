//! Plans the fields of messages, and what they keep free.

use super::super::model::{Declared, Field, Kind, Label, Language, Message, Type, World, join};
use super::super::names::{Manner, entry_name, json_key, pick};
use crate::schema::tests::random::Random;

pub(in super::super) const SCALARS: [&str; 15] = [
    "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
    "sfixed64", "bool", "string", "bytes",
];

const KEYS: [&str; 12] = [
    "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64", "bool",
    "string",
];

/// The largest number of a field.
const MAX_FIELD_NUMBER: i32 = 536_870_911;

pub(super) fn add(world: &mut World, random: &mut Random) {
    for at in 0..world.messages.len() {
        if is_proto2(world, at) && random.chance(4) {
            world.messages[at].is_message_set = true;
            world.messages[at].extensible = vec![(4, i32::MAX - 1)];
            continue;
        }
        numbers_kept(world, at, random);
        for _ in 0..random.below(4) {
            let scope = world.messages[at].full_name.clone();
            if random.chance(30) {
                oneof(world, at, &scope, random);
            } else {
                field(world, at, None, random);
            }
        }
        names_kept(world, at, random);
    }
}

fn language(world: &World, message: usize) -> Language {
    world.files[world.messages[message].file].language
}

fn is_proto2(world: &World, message: usize) -> bool {
    matches!(language(world, message), Language::Proto2 { .. })
}

/// A range of numbers that nothing of the message has.
fn numbers(message: &mut Message, len: i32, random: &mut Random) -> (i32, i32) {
    let gap = random.pick(&[0, 0, 0, 0, 1, 3, 100]);
    let mut start = message.next_number + gap;
    if start + len > 19_000 && start < 20_000 {
        start = 20_000;
    }
    message.next_number = start + len;
    (start, start + len - 1)
}

fn numbers_kept(world: &mut World, at: usize, random: &mut Random) {
    let is_proto3 = language(world, at) == Language::Proto3;
    let is_strict_local = world.messages[at].file;
    let message = &mut world.messages[at];
    for _ in 0..random.pick(&[0, 0, 0, 1, 2]) {
        let range = numbers(message, random.pick(&[1, 1, 5, 100]), random);
        message.reserved.push(range);
    }
    for _ in 0..random.pick(&[0, 0, 1, 2]) {
        if !is_proto3 {
            let range = numbers(message, random.pick(&[1, 10, 1000]), random);
            message.extensible.push(range);
        }
    }
    match random.below(12) {
        0 if !is_proto3 => message.extensible.push((1_000_000, MAX_FIELD_NUMBER)),
        1 => message.reserved.push((1_000_000, MAX_FIELD_NUMBER)),
        _ => {}
    }
    if let [(start, end), ..] = message.extensible[..]
        && random.chance(30)
    {
        for number in (start..=end).take(3) {
            let scope = world.scope(is_strict_local, None);
            let name = pick(world, is_strict_local, &scope, Manner::Lower, random, |_| true);
            let full_name = join(&scope, &name);
            world.note(full_name.clone(), Kind::Other, is_strict_local);
            let declared =
                Declared { number, is_reserved: random.chance(30), is_repeated: random.chance(30), full_name };
            world.messages[at].declared.push(declared);
        }
    }
}

fn names_kept(world: &mut World, at: usize, random: &mut Random) {
    for _ in 0..random.pick(&[0, 0, 0, 1, 2]) {
        let (file, scope) = (world.messages[at].file, world.messages[at].full_name.clone());
        let known = world.messages[at].reserved_names.clone();
        let name = pick(world, file, &scope, Manner::Lower, random, |name| !known.iter().any(|other| other == name));
        world.messages[at].reserved_names.push(name);
    }
}

fn oneof(world: &mut World, at: usize, scope: &str, random: &mut Random) {
    let file = world.messages[at].file;
    let (name, _) = world.name(file, scope, (Manner::Lower, Kind::Other), random);
    let index = world.messages[at].oneofs.len();
    world.messages[at].oneofs.push(name);
    for _ in 0..1 + random.below(3) {
        field(world, at, Some(index), random);
    }
}

fn visible_of(world: &World, file: usize, (owner, is_exported): (usize, bool)) -> bool {
    owner == file || is_exported && world.visible(file, false).contains(&owner)
}

/// The messages that a file may use as types.
pub(super) fn messages(world: &World, file: usize) -> Vec<usize> {
    let all = world.messages.iter().enumerate();
    all.filter(|(_, one)| !one.is_group && visible_of(world, file, (one.file, one.is_exported)))
        .map(|(at, _)| at)
        .collect()
}

fn enums(world: &World, file: usize, is_open: bool) -> Vec<usize> {
    let all = world.enums.iter().enumerate();
    all.filter(|(_, one)| visible_of(world, file, (one.file, one.is_exported)) && !(is_open && one.is_closed))
        .map(|(at, _)| at)
        .collect()
}

pub(super) fn scalar_or_named(world: &World, file: usize, is_open: bool, random: &mut Random) -> Type {
    let named = match random.below(10) {
        0..3 => random.maybe_pick(&messages(world, file)).map(Type::Message),
        3 | 4 => random.maybe_pick(&enums(world, file, is_open)).map(Type::Enum),
        _ => None,
    };
    named.unwrap_or(Type::Scalar(random.pick(&SCALARS)))
}

fn field(world: &mut World, at: usize, oneof: Option<usize>, random: &mut Random) {
    let file = world.messages[at].file;
    let language = world.files[file].language;
    let mut label = match (oneof, language) {
        (Some(_), _) => Label::None,
        (None, Language::Proto2 { .. }) => random.pick(&[Label::Optional, Label::Required, Label::Repeated]),
        (None, Language::Proto3) => random.pick(&[Label::None, Label::Optional, Label::Repeated]),
        (None, Language::Edition(_)) => random.pick(&[Label::None, Label::None, Label::Repeated]),
    };
    let is_open = language == Language::Proto3;
    let of = if oneof.is_none() && random.chance(12) {
        label = Label::None;
        let value = match scalar_or_named(world, file, true, random) {
            // The first value of an enum has to be zero here.
            Type::Enum(which) if world.enums[which].values[0].1 != 0 => Type::Scalar("bool"),
            other => other,
        };
        Type::Map(random.pick(&KEYS), Box::new(value))
    } else {
        scalar_or_named(world, file, is_open, random)
    };
    let is_plain = oneof.is_none() && label == Label::None && language.is_edition();
    let presence = match &of {
        Type::Message(_) if is_plain && random.chance(15) => Some("LEGACY_REQUIRED"),
        Type::Scalar(_) | Type::Enum(_) if is_plain && random.chance(30) => {
            Some(random.pick(&["EXPLICIT", "IMPLICIT", "LEGACY_REQUIRED"]))
        }
        _ => None,
    };
    let number = numbers(&mut world.messages[at], 1, random).0;
    let mut new = Field { name: String::new(), number, label, of, oneof, presence, json_name: None };
    if matches!(new.of, Type::Enum(which) if world.enums[which].is_closed && world.is_implicit(at, &new)) {
        new.of = Type::Scalar("bool");
    }
    let is_group = oneof.is_none() && label != Label::None && matches!(language, Language::Proto2 { .. });
    if is_group && random.chance(15) {
        return group(world, at, new, random);
    }
    name_field(world, at, &mut new, random);
    world.messages[at].fields.push(new);
}

fn name_field(world: &mut World, at: usize, new: &mut Field, random: &mut Random) {
    let (file, scope) = (world.messages[at].file, world.messages[at].full_name.clone());
    let is_map = matches!(new.of, Type::Map(..));
    let keys = &world.messages[at].keys;
    let is_free = |name: &str| {
        let entry = entry_name(name);
        !keys.contains(&json_key(name))
            && !(is_map && (world.symbols.contains_key(&join(&scope, &entry)) || entry == name))
    };
    new.name = pick(world, file, &scope, Manner::Lower, random, is_free);
    world.note(join(&scope, &new.name), Kind::Other, file);
    if is_map {
        world.note(join(&scope, &entry_name(&new.name)), Kind::Message, file);
    }
    world.messages[at].keys.insert(json_key(&new.name));
    if random.chance(10) {
        let key = format!("{}-ü{}", new.name, new.number);
        world.messages[at].keys.insert(key.clone());
        new.json_name = Some(key);
    }
}

fn group(world: &mut World, at: usize, mut new: Field, random: &mut Random) {
    let (file, scope) = (world.messages[at].file, world.messages[at].full_name.clone());
    let keys = world.messages[at].keys.clone();
    let is_free = |name: &str| {
        let field = name.to_lowercase();
        name.starts_with(|first: char| first.is_ascii_uppercase())
            && name != field
            && !keys.contains(&json_key(&field))
            && !world.symbols.contains_key(&join(&scope, &field))
    };
    let name = format!("G{}", random.below(1000));
    let name = if is_free(&name) {
        name
    } else {
        pick(world, file, &scope, Manner::Title, random, |name| name.len() > 1 && is_free(name))
    };
    new.name = name.to_lowercase();
    let full_name = join(&scope, &name);
    world.note(full_name.clone(), Kind::Message, file);
    world.note(join(&scope, &new.name), Kind::Other, file);
    world.messages[at].keys.insert(json_key(&new.name));
    let inner = Message {
        file,
        parent: Some(at),
        name,
        full_name,
        is_group: true,
        next_number: 1,
        is_exported: true,
        ..Message::default()
    };
    world.messages.push(inner);
    let index = world.messages.len() - 1;
    new.of = Type::Group(index);
    world.messages[at].fields.push(new);
    for _ in 0..random.below(3) {
        field(world, index, None, random);
    }
}
