//! The last line of defence: whatever an earlier schema declares is there afterwards as it was, or is reported, or lies in
//! something that is. What "as it was" means is read from the two schemas here, by full names and numbers, and not from
//! what the comparison pairs.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;

use protolint::finding::{Finding, Layer};
use protolint::report::Report;
use protolint::schema::{Field, FieldType, File, Message, Method, Schema};
use protolint::{Policy, Project, compare};
use rayon::prelude::*;
use support::cases::{self, Files};

/// An element, by what identifies it for readers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Message(String),
    /// A field or an extension, by the message that it is written in.
    Field(String, i32),
    Enum(String),
    /// The values of an enum that share a number.
    Value(String, i32),
    Service(String),
    Method(String, String),
    /// A type that nothing declares: only its name is known, which other tests look at.
    Unknown,
}

/// What is written of an element, as far as any reader depends on it.
#[derive(Debug, Default)]
struct Shape {
    path: String,
    package: String,
    names: Vec<String>,
    /// All but names of types.
    text: String,
    /// The types that it names.
    holds: Vec<Key>,
}

type Elements = BTreeMap<Key, Shape>;

fn elements(schema: &Schema) -> Elements {
    let mut found = Elements::new();
    for file in schema.files().filter(|file| file.source().is_some()) {
        for message in file.all_messages().filter(|message| !message.is_map_entry()) {
            add(
                &mut found,
                key_of(message),
                file,
                Shape { names: vec![message.name().to_owned()], ..Shape::default() },
            );
        }
        for field in file.all_fields().filter(|field| !field.is_in_map_entry()) {
            let holder = if field.is_extension() { field.extendee() } else { field.parent() };
            let Some(holder) = holder else { continue };
            add(&mut found, Key::Field(holder.full_name().to_owned(), field.number()), file, shape_of_field(field));
        }
        for enumeration in file.all_enums() {
            let name = enumeration.full_name();
            let shape = Shape { names: vec![enumeration.name().to_owned()], ..Shape::default() };
            add(&mut found, Key::Enum(name.to_owned()), file, shape);
            for value in enumeration.values() {
                let key = Key::Value(name.to_owned(), value.number());
                add(&mut found, key.clone(), file, Shape::default());
                found.get_mut(&key).unwrap().names.push(value.name().to_owned());
            }
        }
        for service in file.services() {
            let shape = Shape { names: vec![service.name().to_owned()], ..Shape::default() };
            add(&mut found, Key::Service(service.full_name().to_owned()), file, shape);
            for method in service.methods() {
                let key = Key::Method(service.full_name().to_owned(), method.name().to_owned());
                add(&mut found, key, file, shape_of_method(method));
            }
        }
    }
    found
}

/// Of two declarations of one thing the first counts.
fn add(found: &mut Elements, key: Key, file: File<'_>, shape: Shape) {
    let (path, package) = (file.name().to_owned(), file.package().unwrap_or_default().to_owned());
    found.entry(key).or_insert(Shape { path, package, ..shape });
}

fn shape_of_field(field: Field<'_>) -> Shape {
    let types = match field.field_type() {
        FieldType::Message(entry) if entry.is_map_entry() => entry.fields().map(Field::field_type).collect(),
        other => vec![other],
    };
    let mut text = format!("{} {:?}", field.name(), field.label());
    let mut holds = Vec::new();
    for of in types {
        match of {
            FieldType::Scalar(scalar) => write!(text, " {}", scalar.name()).unwrap(),
            FieldType::Message(message) => holds.push(key_of(message)),
            FieldType::Enum(found) => holds.push(Key::Enum(found.full_name().to_owned())),
            FieldType::Unresolved => holds.push(Key::Unknown),
        }
    }
    let json_name = field.written_json_name().map_or_else(|| json_name(field.name()), str::to_owned);
    let oneof = field.oneof().filter(|oneof| !oneof.is_synthetic()).map(|oneof| oneof.name());
    write!(text, " {json_name} {oneof:?} {:?} {}", default(field), field.is_extension()).unwrap();
    Shape { names: vec![field.name().to_owned()], text, holds, ..Shape::default() }
}

/// The JSON name of a field that names none (<https://protobuf.dev/programming-guides/json/>).
fn json_name(name: &str) -> String {
    let mut parts = name.split('_');
    let mut json = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        json.extend(letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters));
    }
    json
}

/// What is read where a field is not set; none where that is zero.
fn default(field: Field<'_>) -> Option<&str> {
    let is_first = |written: &str| match field.field_type() {
        FieldType::Enum(found) => found.values().next().is_some_and(|value| value.name() == written),
        _ => ["", "false", "0", "0.0"].contains(&written),
    };
    field.written_default().filter(|written| !is_first(written))
}

fn shape_of_method(method: Method<'_>) -> Shape {
    let text = format!("{} {}", method.is_client_streaming(), method.is_server_streaming());
    let holds = [method.input(), method.output()].into_iter().flatten().map(key_of).collect();
    Shape { names: vec![method.name().to_owned()], text, holds, ..Shape::default() }
}

fn key_of(message: Message<'_>) -> Key {
    Key::Message(message.full_name().to_owned())
}

impl Key {
    /// What an element lies in, if that is no file.
    fn parent(&self) -> Option<Key> {
        match self {
            Key::Field(holder, _) => Some(Key::Message(holder.clone())),
            Key::Value(holder, _) => Some(Key::Enum(holder.clone())),
            Key::Method(holder, _) => Some(Key::Service(holder.clone())),
            Key::Unknown => None,
            Key::Message(name) | Key::Enum(name) | Key::Service(name) => {
                name.rsplit_once('.').map(|(outer, _)| Key::Message(outer.to_owned()))
            }
        }
    }
}

/// Two schemas with what is reported of them.
struct Accounts<'a> {
    /// The files with faults, of which it is said that they are not compared.
    not_compared: Vec<String>,
    before: &'a Elements,
    after: &'a Elements,
    findings: &'a [Finding],
}

impl Accounts<'_> {
    /// The elements of the earlier schema that are not what they were, and of which nothing is said.
    fn silent(&self) -> impl Iterator<Item = &Key> {
        self.before.keys().filter(|key| !self.is_as_it_was(key) && !self.is_reported(key))
    }

    fn is_as_it_was(&self, key: &Key) -> bool {
        let (Some(old), Some(new)) = (self.before.get(key), self.after.get(key)) else { return false };
        // A type of another name is reported where it is declared, if the old one is gone.
        let is_followed =
            |(old, new): (&Key, &Key)| old == new || *new == Key::Unknown || !self.after.contains_key(old);
        old.names.iter().all(|name| new.names.contains(name))
            && old.text == new.text
            && old.holds.len() == new.holds.len()
            && old.holds.iter().zip(&new.holds).all(is_followed)
    }

    /// Whether a finding is about an element, or about something around it that is gone.
    fn is_reported(&self, key: &Key) -> bool {
        let (old, new) = (&self.before[key], self.after.get(key));
        let messages = || self.findings.iter().map(|finding| finding.message.as_str());
        let says = |name: &String| messages().any(|message| quotes(message, name));
        let is_gone_with_file = || !self.after.values().any(|shape| shape.path == old.path) && says(&old.path);
        let is_of_other_package = || {
            let moved = self.after.values().find(|shape| shape.path == old.path && shape.package != old.package);
            let is_said = |package: &str| messages().any(|message| message.contains(&format!("`{package}`")));
            moved.is_some_and(|new| is_said(&old.package) || is_said(&new.package))
        };
        let is_gone_with = |parent: &Key| {
            self.before.contains_key(parent) && !self.after.contains_key(parent) && self.is_reported(parent)
        };
        old.names.iter().chain(new.iter().flat_map(|new| &new.names)).any(says)
            || is_gone_with_file()
            || is_of_other_package()
            || self.not_compared.contains(&old.path)
            || key.parent().is_some_and(|parent| is_gone_with(&parent))
    }
}

/// Whether a message quotes a name, alone, behind a type, or as the last part of a full name.
fn quotes(message: &str, name: &str) -> bool {
    let mut quoted = message.split('`').skip(1).step_by(2);
    quoted.any(|quoted| quoted == name || quoted.rsplit([' ', '.']).next() == Some(name))
}

fn project(files: &Files) -> Project {
    Project::in_memory(files.iter().map(|(path, text)| (path.clone(), text.clone())))
}

fn faults(name: &str, before: &Files, after: &Files) -> String {
    let (before, after) = (project(before), project(after));
    let Report { findings, sources, .. } = compare(&before, &after, &Policy::by_layers(&Layer::ALL));
    let said = findings.iter().filter(|finding| finding.rule == "NOT_COMPARED");
    let not_compared = said.filter_map(|finding| Some(sources.get(finding.place?.file).path().to_owned())).collect();
    let (before, after) = (elements(before.schema()), elements(after.schema()));
    let mut text = String::new();
    let accounts = Accounts { not_compared, before: &before, after: &after, findings: &findings };
    for key in accounts.silent() {
        writeln!(text, "{name}: {key:?} was {:?}\n  and is {:?}", before[key], after.get(key)).unwrap();
    }
    text
}

#[test]
fn every_element_of_the_base_is_accounted_for() {
    let all = cases::all();
    assert!(all.len() > 100, "{}", all.len());
    // Also with what has nothing to do with them, where most is gone or another thing.
    let faults: Vec<String> = (0..all.len())
        .into_par_iter()
        .flat_map_iter(|at| {
            let (name, before, after) = &all[at];
            let strangers = [1, 7, 31].map(|step| &all[(at + step) % all.len()]);
            let back = faults(&format!("{name}, back"), after, before);
            let strange =
                strangers.map(|(other, _, stranger)| faults(&format!("{name} and {other}"), before, stranger));
            [faults(name, before, after), back].into_iter().chain(strange)
        })
        .collect();
    let faults = faults.concat();
    assert!(faults.is_empty(), "\n{faults}");
}
