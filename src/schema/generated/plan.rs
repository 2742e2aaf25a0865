//! Plans what a tree of files declares: files and their imports, messages, enums, services, with all their names, so that
//! every reference can be written in the knowledge of them.

mod extensions;
mod fields;

use std::collections::BTreeSet;

use super::model::{Enum, File, Kind, Language, Message, Method, Service, Switches, World, join};
use super::names::{Manner, pick, value_keys};
use crate::schema::tests::random::Random;

const PATHS: [&str; 4] = ["a.proto", "inner/b.proto", "inner/deep/c-d.proto", "e.proto"];
const PACKAGES: [&str; 8] = ["", "acme", "acme.v1", "acme.v1.inner", "acme.v1", "message.v1", "other", "a.b.c.d"];
pub(super) const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";
pub(super) const ANY: &str = "google/protobuf/any.proto";

pub(super) fn world(random: &mut Random) -> World {
    let mut world = World { next_option: 50_000, ..World::default() };
    for at in 0..1 + random.below(4) {
        let file = file(at, random);
        let parts: Vec<&str> = file.package.split('.').filter(|part| !part.is_empty()).collect();
        for end in 1..=parts.len() {
            world.symbols.insert(parts[..end].join("."), (Kind::Package, at));
        }
        world.files.push(file);
    }
    for file in 0..world.files.len() {
        for _ in 0..1 + random.below(4) {
            message(&mut world, file, None, 0, random);
        }
        for _ in 0..random.below(3) {
            enumeration(&mut world, file, None, random);
        }
    }
    fields::add(&mut world, random);
    extensions::add(&mut world, random);
    for file in 0..world.files.len() {
        if random.chance(50) {
            service(&mut world, file, random);
        }
    }
    world
}

fn file(at: usize, random: &mut Random) -> File {
    let language = match random.below(5) {
        0 => Language::Proto2 { is_written: random.chance(60) },
        1 => Language::Proto3,
        2 => Language::Edition(2023),
        3 => Language::Edition(2024),
        _ => random.pick(&[Language::Proto2 { is_written: true }, Language::Proto3]),
    };
    let switches = match language {
        Language::Edition(year) => Switches {
            is_implicit: random.chance(25),
            is_closed: random.chance(25),
            is_strict: year == 2024 && random.chance(50),
            visibility: if year == 2024 && random.chance(50) {
                random.pick(&["EXPORT_ALL", "EXPORT_TOP_LEVEL", "LOCAL_ALL", "STRICT"])
            } else {
                ""
            },
        },
        _ => Switches { is_closed: language != Language::Proto3, ..Switches::default() },
    };
    let mut imports = Vec::new();
    for target in 0..at {
        let is_new = language == Language::Edition(2024);
        match random.below(8) {
            0..4 => imports.push(("", target)),
            4 => imports.push(("public", target)),
            5 => imports.push((if is_new { "option" } else { "weak" }, target)),
            _ => {}
        }
    }
    let mut well_known = Vec::new();
    if random.chance(60) {
        well_known.push(DESCRIPTOR);
        if random.chance(40) {
            well_known.push(ANY);
        }
    }
    File { path: PATHS[at], package: random.pick(&PACKAGES), language, switches, imports, well_known }
}

fn message(world: &mut World, file: usize, parent: Option<usize>, depth: usize, random: &mut Random) -> usize {
    let scope = world.scope(file, parent);
    let (name, full_name) = world.name(file, &scope, (Manner::Title, Kind::Message), random);
    let (visibility, is_exported) = world.visibility(file, parent.is_some(), random);
    let new = Message { file, parent, name, full_name, visibility, is_exported, next_number: 1, ..Message::default() };
    let at = world.messages.len();
    world.messages.push(new);
    if depth < 3 {
        for _ in 0..random.below(3 - depth) {
            message(world, file, Some(at), depth + 1, random);
        }
        if random.chance(25) {
            enumeration(world, file, Some(at), random);
        }
    }
    at
}

fn enumeration(world: &mut World, file: usize, parent: Option<usize>, random: &mut Random) {
    let scope = world.scope(file, parent);
    let (name, full_name) = world.name(file, &scope, (Manner::Title, Kind::Enum), random);
    let (visibility, is_exported) = world.visibility(file, parent.is_some(), random);
    let File { language, switches, .. } = world.files[file];
    let says_type = language.is_edition() && random.chance(20);
    let is_closed = if says_type { random.chance(50) } else { switches.is_closed };
    let mut new = Enum {
        file,
        parent,
        name,
        full_name,
        visibility,
        is_exported,
        says_type,
        is_closed,
        has_aliases: random.chance(20),
        ..Enum::default()
    };
    values(world, &mut new, &scope, random);
    world.enums.push(new);
}

fn values(world: &mut World, new: &mut Enum, scope: &str, random: &mut Random) {
    let mut keys = BTreeSet::new();
    let mut next = if new.is_closed { random.pick(&[0, 0, 1, -3]) } else { 0 };
    let count = 1 + random.below(5);
    for at in 0..count {
        let name = value_name(world, new, scope, &mut keys, random);
        new.values.push((name, next));
        let is_alias = new.has_aliases && (at == 0 || random.chance(30));
        if is_alias {
            let name = value_name(world, new, scope, &mut keys, random);
            new.values.push((name, next));
        }
        next += random.pick(&[1, 1, 1, 2, 40, 0x10_0000]);
    }
    if random.chance(20) {
        let name = value_name(world, new, scope, &mut keys, random);
        new.values.push((name, random.pick(&[-4, -100, i32::MIN, i32::MAX])));
    }
    if random.chance(25) {
        let ranges =
            [(-9, -5), (-50, -50), (i32::MIN + 1, -1000), (0x7000_0000, i32::MAX - 1), (0x600_0000, 0x600_0000)];
        new.reserved = ranges.into_iter().filter(|_| random.chance(50)).collect();
    }
    if random.chance(25) {
        for _ in 0..1 + random.below(2) {
            let name = pick(world, new.file, scope, Manner::Upper, random, |name| {
                !new.reserved_names.iter().any(|known| known == name)
            });
            new.reserved_names.push(name);
        }
    }
}

fn value_name(world: &mut World, new: &Enum, scope: &str, keys: &mut BTreeSet<String>, random: &mut Random) -> String {
    let is_free = |name: &str| {
        !["option", "reserved"].contains(&name)
            && value_keys(&new.name, name).iter().all(|key| !keys.contains(key))
            && name != new.name
    };
    let name = pick(world, new.file, scope, Manner::Upper, random, is_free);
    keys.extend(value_keys(&new.name, &name));
    world.note(join(scope, &name), Kind::Other, new.file);
    name
}

fn service(world: &mut World, file: usize, random: &mut Random) {
    let scope = world.scope(file, None);
    let (name, full_name) = world.name(file, &scope, (Manner::Title, Kind::Service), random);
    let messages = fields::messages(world, file);
    let mut methods = Vec::new();
    for _ in 0..random.below(4) {
        let (name, _) = world.name(file, &full_name, (Manner::Title, Kind::Other), random);
        methods.push(Method { name, input: random.pick(&messages), output: random.pick(&messages) });
    }
    world.services.push(Service { file, name, full_name, methods });
}
