//! Writes the files of a planned tree, statements in any order that the language allows.

mod field;
mod message;
mod options;
mod value;

use super::layout::Code;
use super::literal::{quoted, signed};
use super::model::{Extendee, Extension, Language, Sought, Type, World};
use crate::schema::tests::random::Random;

/// Writes one file.
pub(super) struct Printer<'a> {
    world: &'a World,
    file: usize,
    random: &'a mut Random,
    code: Code,
}

/// The text of a file.
pub(super) fn text(world: &World, file: usize, random: &mut Random) -> String {
    let mut printer = Printer { world, file, random, code: Code::default() };
    printer.file();
    let Printer { code, random, .. } = printer;
    let text = code.text(random);
    if random.chance(3) { format!("\u{feff}{text}") } else { text }
}

/// What stands in a file or a message.
#[derive(Clone, Copy)]
enum Statement {
    Package,
    Options,
    Message(usize),
    Enum(usize),
    Service(usize),
    Field(usize),
    Oneof(usize),
    Extend(usize),
    Ranges,
    Reserved,
}

fn shuffle<T>(all: &mut [T], random: &mut Random) {
    for at in (1..all.len()).rev() {
        all.swap(at, random.below(at + 1));
    }
}

impl Printer<'_> {
    fn language(&self) -> Language {
        self.world.files[self.file].language
    }

    fn file(&mut self) {
        let (world, random) = (self.world, &mut *self.random);
        let file = &world.files[self.file];
        match file.language {
            Language::Proto2 { is_written: false } => {}
            Language::Proto2 { .. } => _ = self.code.all("syntax =").put(quoted("proto2", random)).put(";"),
            Language::Proto3 => _ = self.code.all("syntax =").put(quoted("proto3", random)).put(";"),
            Language::Edition(year) => {
                self.code.all("edition =").put(quoted(&year.to_string(), random)).put(";");
            }
        }
        let mut statements = vec![Statement::Options];
        if !file.package.is_empty() {
            statements.push(Statement::Package);
        }
        let own = |at: &usize| world.messages[*at].file == self.file && world.messages[*at].parent.is_none();
        statements.extend((0..world.messages.len()).filter(own).map(Statement::Message));
        let own = |at: &usize| world.enums[*at].file == self.file && world.enums[*at].parent.is_none();
        statements.extend((0..world.enums.len()).filter(own).map(Statement::Enum));
        let own = |at: &usize| world.services[*at].file == self.file;
        statements.extend((0..world.services.len()).filter(own).map(Statement::Service));
        statements.extend(self.extends(None));
        if self.random.chance(70) {
            // The usual order.
            self.package();
            statements.retain(|statement| !matches!(statement, Statement::Package));
        }
        self.imports();
        shuffle(&mut statements, self.random);
        for statement in statements {
            self.statement(None, statement);
            self.maybe_empty();
        }
    }

    fn package(&mut self) {
        let package = self.world.files[self.file].package;
        if !package.is_empty() {
            self.code.put("package").path(package).put(";");
        }
    }

    fn imports(&mut self) {
        let file = &self.world.files[self.file];
        let mut imports: Vec<(&str, &str)> = file.well_known.iter().map(|path| ("", *path)).collect();
        imports.extend(file.imports.iter().map(|(kind, target)| (*kind, self.world.files[*target].path)));
        shuffle(&mut imports, self.random);
        // Those for options come last.
        imports.sort_by_key(|(kind, _)| *kind == "option");
        for (kind, path) in imports {
            self.code.put("import").all(kind).put(quoted(path, self.random)).put(";");
            self.maybe_empty();
        }
    }

    fn maybe_empty(&mut self) {
        if self.random.chance(4) {
            self.code.put(";");
        }
    }

    /// The extensions of a file or a message, by the first of each run.
    fn extends(&self, scope: Option<usize>) -> Vec<Statement> {
        let all = self.world.extensions.iter().enumerate();
        let own = all.filter(|(_, one)| one.file == self.file && one.scope == scope);
        own.map(|(at, _)| Statement::Extend(at)).collect()
    }

    fn statement(&mut self, message: Option<usize>, statement: Statement) {
        match (statement, message) {
            (Statement::Package, _) => self.package(),
            (Statement::Options, None) => self.file_options(),
            (Statement::Options, Some(at)) => self.message_options(at),
            (Statement::Message(at), _) => self.message(at),
            (Statement::Enum(at), _) => self.enumeration(at),
            (Statement::Service(at), _) => self.service(at),
            (Statement::Extend(at), _) => self.extend(at),
            (Statement::Field(field), Some(at)) => self.field(at, field),
            (Statement::Oneof(oneof), Some(at)) => self.oneof(at, oneof),
            (Statement::Ranges, Some(at)) => self.ranges(at),
            (Statement::Reserved, Some(at)) => {
                let message = &self.world.messages[at];
                self.reserved(&message.reserved, &message.reserved_names, 536_870_911);
            }
            _ => {}
        }
    }

    fn reserved(&mut self, ranges: &[(i32, i32)], names: &[String], most: i32) {
        if !ranges.is_empty() {
            self.code.put("reserved");
            self.numbers(ranges, most);
            self.code.put(";");
        }
        if !names.is_empty() {
            self.code.put("reserved");
            for (at, name) in names.iter().enumerate() {
                if at > 0 {
                    self.code.put(",");
                }
                let is_word = self.language().is_edition();
                self.code.put(if is_word { name.clone() } else { quoted(name, self.random) });
            }
            self.code.put(";");
        }
    }

    fn numbers(&mut self, ranges: &[(i32, i32)], most: i32) {
        for (at, &(start, end)) in ranges.iter().enumerate() {
            if at > 0 {
                self.code.put(",");
            }
            signed(start.into(), self.random).into_iter().for_each(|token| _ = self.code.put(token));
            if end == most && self.random.chance(70) {
                self.code.all("to max");
            } else if end != start || self.random.chance(10) {
                self.code.put("to");
                signed(end.into(), self.random).into_iter().for_each(|token| _ = self.code.put(token));
            }
        }
    }

    fn enumeration(&mut self, at: usize) {
        let one = &self.world.enums[at];
        self.code.all(one.visibility).put("enum").put(&one.name).put("{");
        let mut known = Vec::new();
        if one.says_type {
            let word = if one.is_closed { "CLOSED" } else { "OPEN" };
            known.push(format!("features.enum_type = {word}"));
        }
        if one.has_aliases {
            known.push("allow_alias = true".to_owned());
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.options("EnumOptions", &one.full_name, &known);
        let scope = self.world.scope(one.file, one.parent);
        for (name, number) in &one.values {
            self.code.put(name).put("=");
            signed((*number).into(), self.random).into_iter().for_each(|token| _ = self.code.put(token));
            self.bracketed("EnumValueOptions", &super::model::join(&scope, name), Vec::new());
            self.code.put(";");
            self.maybe_empty();
        }
        self.reserved(&one.reserved, &one.reserved_names, i32::MAX);
        self.code.put("}");
    }

    fn service(&mut self, at: usize) {
        let one = &self.world.services[at];
        self.code.put("service").put(&one.name).put("{");
        self.options("ServiceOptions", &one.full_name, &[]);
        for method in &one.methods {
            let element = format!("{}.{}", one.full_name, method.name);
            self.code.put("rpc").put(&method.name);
            for (input, word) in [(method.input, ""), (method.output, "returns")] {
                self.code.all(word).put("(").all(self.random.pick(&["", "", "stream"]));
                self.type_name(&self.world.messages[input].full_name, &element, Sought::Message);
                self.code.put(")");
            }
            if self.random.chance(50) {
                self.code.put(";");
            } else {
                self.code.put("{");
                let known = self.random.pick(&[&[][..], &["idempotency_level = NO_SIDE_EFFECTS"]]);
                self.options("MethodOptions", &element, known);
                self.code.put("}");
            }
            self.maybe_empty();
        }
        self.code.put("}");
    }

    fn type_name(&mut self, full_name: &str, element: &str, of: Sought) {
        let name = self.world.spell((self.file, element), full_name, of, self.random);
        self.code.path(&name);
    }

    fn extend(&mut self, at: usize) {
        let one: &Extension = &self.world.extensions[at];
        self.code.put("extend");
        match one.extendee {
            Extendee::Message(message) => {
                self.type_name(&self.world.messages[message].full_name, &one.full_name, Sought::Message)
            }
            Extendee::Options(kind) => {
                self.code.path(&format!("{}google.protobuf.{kind}", self.random.pick(&["", "."])));
            }
        }
        self.code.put("{");
        self.field_line(&one.field, &one.full_name, None);
        self.code.put("}");
    }

    fn type_of(&mut self, of: &Type, element: &str) {
        match of {
            Type::Scalar(name) => _ = self.code.put(*name),
            Type::Message(at) => self.type_name(&self.world.messages[*at].full_name, element, Sought::Type),
            Type::Enum(at) => self.type_name(&self.world.enums[*at].full_name, element, Sought::Type),
            Type::Any => _ = self.code.path("google.protobuf.Any"),
            Type::Map(key, value) => {
                self.code.put("map").put("<").put(*key).put(",");
                // The value is a field of the entry.
                self.type_of(value, element);
                self.code.put(">");
            }
            Type::Group(at) => _ = self.code.put("group").put(&self.world.messages[*at].name),
        }
    }
}
