//! Random histories of a small project with their answers: a model of each release, and from that the lives of its
//! fields, enum values and rpcs by the definitions alone. It does not run anything.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// A small generator of numbers, the same each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit
    }

    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Messages that never change, in a file that all others import. The first and the third read each other.
pub(crate) const LEAVES: &str = "syntax = \"proto3\";\npackage leaf.v1;\nmessage A {\n  string text = 1;\n}\nmessage B {\n  \
                          int32 text = 1;\n}\nmessage C {\n  string text = 1;\n}\n";
pub(crate) const LEAVES_PATH: &str = "proto/leaf/v1/leaf.proto";

/// The type of a field, without a leading dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Type {
    repeated: bool,
    of: &'static str,
}

const SCALARS: [&str; 9] = ["int32", "int64", "bool", "sint32", "string", "bytes", "fixed32", "double", "uint64"];
const MESSAGES: [&str; 3] = ["leaf.v1.A", "leaf.v1.B", "leaf.v1.C"];
const MAP: &str = "map<string, int32>";

impl Type {
    fn any(random: &mut Random) -> Type {
        let of = match random.below(8) {
            0 | 1 => random.one(&MESSAGES),
            2 => MAP,
            _ => random.one(&SCALARS),
        };
        Type { repeated: of != MAP && random.below(4) == 0, of }
    }

    fn text(self) -> String {
        if self.repeated { format!("repeated {}", self.of) } else { self.of.to_owned() }
    }

    /// Types of one family share their bytes.
    fn family(self) -> u8 {
        match self.of {
            "int32" | "int64" | "bool" | "uint64" => 0,
            "sint32" => 1,
            "string" | "bytes" => 2,
            "fixed32" => 3,
            "double" => 4,
            _ => 5,
        }
    }

    /// Whether data of one is lost where the other is read. A map is compared with no message here.
    fn is_incompatible(self, other: Type) -> bool {
        let is_packed = |of: Type| of.repeated && matches!(of.family(), 0 | 1 | 3 | 4);
        let is_message = |of: &str| MESSAGES.contains(&of);
        if is_packed(self) && !other.repeated || is_packed(other) && !self.repeated {
            return true;
        }
        match (self.of, other.of) {
            (one, other) if one == other => false,
            (one, other) if is_message(one) && is_message(other) => is_broken(one, other),
            (one, "bytes") | ("bytes", one) if is_message(one) || one == MAP => false,
            _ => self.family() == 5 || other.family() == 5 || self.family() != other.family(),
        }
    }

    /// Whether the answer is in the table above.
    fn is_comparable(self, other: Type) -> bool {
        let is_other = |of: Type| MESSAGES.contains(&of.of) || of.of == "bytes";
        !(self.of == MAP && is_other(other) || other.of == MAP && is_other(self))
    }
}

fn is_broken(one: &str, other: &str) -> bool {
    one != other && (one == MESSAGES[1] || other == MESSAGES[1])
}

/// A message, an enum or a service with the same number, so that each edit has something to do.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    name: String,
    file: usize,
    fields: BTreeMap<i32, (String, Type)>,
    values: BTreeMap<i32, String>,
    rpcs: BTreeMap<String, (&'static str, &'static str)>,
    reserved: BTreeSet<i32>,
}

#[derive(Clone, Debug)]
struct Place {
    path: String,
    package: String,
}

/// What a commit has.
#[derive(Clone, Debug)]
pub(crate) struct World {
    places: Vec<Place>,
    /// By an identity that renames keep.
    groups: BTreeMap<usize, Group>,
    names: usize,
}

impl World {
    pub(crate) fn new(random: &mut Random) -> World {
        let place = |name: &str| Place { path: format!("proto/shop/v1/{name}.proto"), package: "shop.v1".to_owned() };
        let mut world = World { places: vec![place("a"), place("b"), place("c")], groups: BTreeMap::new(), names: 0 };
        for id in 0..4 {
            world.add_group(id, random);
        }
        world
    }

    /// A name that nothing had before, one word that looks like no other: eight letters of chance, then its number.
    fn fresh(&mut self, random: &mut Random) -> String {
        self.names += 1;
        let mut name: String = (0..8).map(|_| char::from(b'a' + random.below(26) as u8)).collect();
        let mut number = self.names;
        while number > 0 {
            name.push(char::from(b'a' + (number % 26) as u8));
            number /= 26;
        }
        name
    }

    fn add_group(&mut self, id: usize, random: &mut Random) {
        let name = format!("Group{id}");
        let mut group = Group {
            name,
            file: random.below(3),
            fields: BTreeMap::new(),
            values: BTreeMap::from([(0, "none".to_owned())]),
            rpcs: BTreeMap::new(),
            reserved: BTreeSet::new(),
        };
        for number in 1..4 {
            group.fields.insert(number, (self.fresh(random), Type::any(random)));
            group.values.insert(number, self.fresh(random));
        }
        group.rpcs.insert(self.fresh(random), (random.one(&MESSAGES), random.one(&MESSAGES)));
        self.groups.insert(id, group);
    }

    /// Changes what a user may change between two releases. `earlier` has the groups of each release before.
    pub(crate) fn edit(&mut self, random: &mut Random, earlier: &[World]) {
        // A file that moves and a package that is renamed are followed one at a time.
        if random.below(6) == 0 {
            let place = random.below(self.places.len());
            self.names += 1;
            match random.below(2) {
                0 => self.places[place].path = format!("proto/shop/v1/moved{}.proto", self.names),
                _ => self.places[place].package = format!("shop.v{}", random.below(3) + 1),
            }
            return;
        }
        for _ in 0..1 + random.below(5) {
            self.edit_group(random, earlier);
        }
    }

    fn edit_group(&mut self, random: &mut Random, earlier: &[World]) {
        let next = earlier.iter().flat_map(|world| world.groups.keys()).chain(self.groups.keys()).max().unwrap() + 1;
        let ids: Vec<usize> = self.groups.keys().copied().collect();
        if ids.is_empty() || random.below(15) == 0 && ids.len() < 6 {
            return self.add_group(next, random);
        }
        let (id, number) = (random.one(&ids), 1 + random.below(6) as i32);
        let (name, of) = (self.fresh(random), Type::any(random));
        match random.below(14) {
            0 => drop(self.groups.remove(&id)),
            1 => self.revert(random, earlier),
            2 => self.move_group(id, random.below(3)),
            3..=5 => self.edit_field(id, number, name, of, random),
            6 | 7 => self.edit_value(id, number, name, random),
            8 => self.edit_rpc(id, name, random),
            9 | 10 => {
                let group = self.groups.get_mut(&id).unwrap();
                if let (true, 0) = (group.fields.remove(&number).is_some(), random.below(2)) {
                    group.reserved.insert(number);
                }
            }
            11 => drop(self.groups.get_mut(&id).unwrap().values.remove(&number)),
            _ => {
                // A new field where the number may have been something before.
                let group = self.groups.get_mut(&id).unwrap();
                if !group.fields.contains_key(&number) {
                    group.reserved.remove(&number);
                    group.fields.insert(number, (name, of));
                }
            }
        }
    }

    /// Other files have other names, as their packages may differ: only within a package does a move keep the name.
    fn move_group(&mut self, id: usize, file: usize) {
        let group = self.groups.get_mut(&id).unwrap();
        if self.places[group.file].package == self.places[file].package {
            group.file = file;
        }
    }

    /// Gives a group back what it was in an earlier release, where its name is the same.
    fn revert(&mut self, random: &mut Random, earlier: &[World]) {
        let Some(world) = (!earlier.is_empty()).then(|| &earlier[random.below(earlier.len())]) else { return };
        let ids: Vec<usize> = world.groups.keys().copied().collect();
        let Some(id) = (!ids.is_empty()).then(|| random.one(&ids)) else { return };
        let old = &world.groups[&id];
        let Some(place) = self.places.iter().position(|place| place.package == world.places[old.file].package) else {
            return;
        };
        let is_comparable = |number: &i32, of: &Type| {
            let all = earlier.iter().filter_map(|world| world.groups.get(&id)?.fields.get(number));
            let now = self.groups.get(&id).and_then(|group| group.fields.get(number));
            all.chain(now).all(|(_, other)| other.is_comparable(*of))
        };
        let is_same_name = self.groups.get(&id).is_none_or(|now| self.full_name(now) == world.full_name(old));
        // Lives that another file's package ended have another name now.
        let last = earlier.iter().rev().find_map(|world| Some(world.full_name(world.groups.get(&id)?)));
        let keeps_name = last.is_some_and(|last| last == world.full_name(old));
        if is_same_name && keeps_name && old.fields.iter().all(|(number, (_, of))| is_comparable(number, of)) {
            let file = self.groups.get(&id).map_or(place, |now| now.file);
            self.groups.insert(id, Group { file, ..old.clone() });
        }
    }

    fn edit_field(&mut self, id: usize, number: i32, name: String, of: Type, random: &mut Random) {
        let group = self.groups.get_mut(&id).unwrap();
        let Some(field) = group.fields.get_mut(&number).filter(|field| field.1.is_comparable(of)) else { return };
        match random.below(3) {
            0 => field.0 = name,
            1 => field.1 = of,
            _ => *field = (name, of),
        }
    }

    fn edit_value(&mut self, id: usize, number: i32, name: String, random: &mut Random) {
        let group = self.groups.get_mut(&id).unwrap();
        match (group.values.get(&number).cloned(), random.below(4)) {
            (Some(old), 0) => drop(group.values.insert(number, format!("{old}_{name}"))),
            // Two values that share a word.
            (Some(old), 3) => drop(group.values.insert(number + 1, format!("{old}_{name}"))),
            // Two values change places.
            (Some(old), 1) if group.values.contains_key(&(number + 1)) => {
                let other = group.values.insert(number + 1, old).unwrap();
                group.values.insert(number, other);
            }
            _ => drop(group.values.insert(number, name)),
        }
    }

    fn edit_rpc(&mut self, id: usize, name: String, random: &mut Random) {
        let group = self.groups.get_mut(&id).unwrap();
        let Some(rpc) = group.rpcs.keys().next().cloned() else { return };
        match random.below(3) {
            0 => drop(group.rpcs.insert(name, (random.one(&MESSAGES), random.one(&MESSAGES)))),
            1 if group.rpcs.len() > 1 => drop(group.rpcs.remove(&rpc)),
            _ => drop(group.rpcs.insert(rpc, (random.one(&MESSAGES), random.one(&MESSAGES)))),
        }
    }

    pub(crate) fn full_name(&self, group: &Group) -> String {
        format!("{}.{}", self.places[group.file].package, group.name)
    }

    /// The files with their texts; a file that declares nothing is none.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        let mut texts = vec![(LEAVES_PATH.to_owned(), LEAVES.to_owned())];
        for (at, place) in self.places.iter().enumerate() {
            let groups: String = self.groups.values().filter(|group| group.file == at).map(Group::text).collect();
            if !groups.is_empty() {
                let head =
                    format!("syntax = \"proto3\";\npackage {};\nimport \"leaf/v1/leaf.proto\";\n", place.package);
                texts.push((place.path.clone(), head + &groups));
            }
        }
        texts
    }
}

impl Group {
    fn text(&self) -> String {
        let Group { name, fields, values, rpcs, reserved, .. } = self;
        let mut text = format!("message {name} {{\n");
        for number in reserved {
            text += &format!("  reserved {number};\n");
        }
        for (number, (field, of)) in fields {
            let dotted = of.text().replace("leaf.", ".leaf.");
            text += &format!("  {dotted} {field} = {number};\n");
        }
        text += &format!("}}\nenum {name}Kind {{\n");
        for (number, value) in values {
            text += &format!("  {} = {number};\n", self.value_name(value));
        }
        text += &format!("}}\nservice {name}Service {{\n");
        for (rpc, (request, response)) in rpcs {
            text += &format!("  rpc {rpc}(.{request}) returns (.{response});\n");
        }
        text + "}\n"
    }

    fn value_name(&self, value: &str) -> String {
        format!("{}_KIND_{}", self.name, value).to_uppercase()
    }
}

/// A run of releases with one name and one type.
#[derive(Debug)]
struct Life {
    name: String,
    of: Of,
    first: usize,
    last: usize,
    after_gap: bool,
    /// Whether another value of the enum had the name before.
    was_elsewhere: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    Field(Type),
    Value,
    Rpc(&'static str, &'static str),
}

/// What a life is a life of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Field(usize, i32),
    Value(usize, i32),
    Rpc(usize, String),
}

/// What is expected of a history: releases in the order of their versions, the last of them without a name.
pub(crate) struct Answers {
    lives: BTreeMap<Key, Vec<Life>>,
    /// The last name of each group.
    names: BTreeMap<usize, String>,
    releases: Vec<Option<String>>,
}

impl Answers {
    pub(crate) fn new(releases: &[(Option<String>, World)]) -> Answers {
        let names = releases.iter().map(|(name, _)| name.clone()).collect();
        let mut answers = Answers { lives: BTreeMap::new(), names: BTreeMap::new(), releases: names };
        let mut had: BTreeSet<(usize, String, i32)> = BTreeSet::new();
        for (at, (_, world)) in releases.iter().enumerate() {
            for (&id, group) in &world.groups {
                answers.names.insert(id, world.full_name(group));
                for (&number, (name, of)) in &group.fields {
                    answers.add(at, Key::Field(id, number), name.clone(), Of::Field(*of), false);
                }
                for (&number, value) in &group.values {
                    let name = group.value_name(value);
                    let is_other = |had: &(usize, String, i32)| had.0 == id && had.1 == name && had.2 != number;
                    let was_elsewhere = had.iter().any(is_other);
                    answers.add(at, Key::Value(id, number), name, Of::Value, was_elsewhere);
                }
                for (rpc, &(request, response)) in &group.rpcs {
                    answers.add(at, Key::Rpc(id, rpc.clone()), rpc.clone(), Of::Rpc(request, response), false);
                }
                had.extend(group.values.iter().map(|(number, value)| (id, group.value_name(value), *number)));
            }
        }
        answers
    }

    fn add(&mut self, at: usize, key: Key, name: String, of: Of, was_elsewhere: bool) {
        let lives = self.lives.entry(key).or_default();
        match lives.last_mut() {
            Some(life) if life.last + 1 == at && life.name == name && life.of == of => life.last = at,
            last => {
                let after_gap = last.is_some_and(|life| life.last + 1 < at);
                lives.push(Life { name, of, first: at, last: at, after_gap, was_elsewhere });
            }
        }
    }

    /// What `history --format json` prints, each object once; with `reused` only what was reused.
    pub(crate) fn lines(&self, reused: bool) -> Vec<Value> {
        let all = self.lives.iter();
        let mut lines: Vec<Value> = all
            .filter(|(_, lives)| !reused || lives.windows(2).any(|pair| is_reuse(&pair[0], &pair[1])))
            .map(|(key, lives)| self.line(key, lives))
            .collect();
        lines.sort_by_key(Value::to_string);
        lines
    }

    /// The elements, as their texts say, that were reused from one release to the next.
    pub(crate) fn reused_at(&self, at: usize) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for lives in self.lives.values() {
            let step = lives.windows(2).find(|pair| pair[0].last + 1 == at && pair[1].first == at);
            found.extend(step.filter(|pair| is_reuse(&pair[0], &pair[1])).map(|pair| pair[1].name.clone()));
        }
        found
    }

    fn line(&self, key: &Key, lives: &[Life]) -> Value {
        let (kind, suffix, number) = match key {
            Key::Field(_, number) => ("field", "", json!(number)),
            Key::Value(_, number) => ("enum_value", "Kind", json!(number)),
            Key::Rpc(..) => ("rpc", "Service", Value::Null),
        };
        let (Key::Field(id, _) | Key::Value(id, _) | Key::Rpc(id, _)) = key;
        let lives: Vec<Value> = lives.iter().map(|life| self.life(life)).collect();
        json!({"container": format!("{}{suffix}", self.names[id]), "kind": kind, "number": number, "lives": lives})
    }

    fn life(&self, life: &Life) -> Value {
        let of = match life.of {
            Of::Field(of) => json!(of.text()),
            Of::Value => Value::Null,
            Of::Rpc(request, response) => json!(format!("({request}) returns ({response})")),
        };
        let (from, to) = (&self.releases[life.first], &self.releases[life.last]);
        let mut value = json!({"name": life.name, "type": of, "from": from, "to": to});
        if life.after_gap {
            value["after_gap"] = json!(true);
        }
        value
    }
}

fn is_reuse(old: &Life, new: &Life) -> bool {
    match (old.of, new.of) {
        (Of::Field(before), Of::Field(after)) => {
            before != after && (old.name != new.name || before.is_incompatible(after))
        }
        (Of::Rpc(request, response), Of::Rpc(other_request, other_response)) => {
            is_broken(request, other_request) || is_broken(response, other_response)
        }
        _ => {
            // The first two words are those of the enum.
            let words = |life: &Life| life.name.split('_').skip(2).map(str::to_owned).collect::<BTreeSet<_>>();
            old.name != new.name && (new.was_elsewhere || words(old).is_disjoint(&words(new)))
        }
    }
}
