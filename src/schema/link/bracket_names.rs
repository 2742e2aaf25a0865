//! The names in brackets of option values in braces, `[ext.name]: …` and `[type.googleapis.com/some.Type] {…}`: what
//! they stand for depends on the message that holds them, so it is looked up when the value is read.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::files::Files;
use super::{Target, visible};
use crate::schema::data::{FileData, FileIndex, Run};

/// What one file sees, by full name; made when the first value asks.
#[derive(Debug, Default)]
pub(crate) struct BracketNames(OnceLock<Names>);

#[derive(Debug, Default)]
struct Names(FxHashMap<String, Named>);

#[derive(Clone, Copy, Debug)]
enum Named {
    Target(Target),
    Package,
    /// A oneof, an enum value or an rpc.
    Other,
}

impl BracketNames {
    /// What `name` stands for in a value of the message `holder`, in an option of the file at `at`: as in the name of
    /// an option, the innermost element of that name, whatever it is.
    pub(crate) fn get(&self, at: FileIndex, files: Files<'_>, holder: &str, name: &str) -> Option<Target> {
        self.names(at, files).outwards(holder, name)
    }

    /// What `name` is the full name of.
    pub(crate) fn get_full(&self, at: FileIndex, files: Files<'_>, name: &str) -> Option<Target> {
        self.names(at, files).target(name)
    }

    fn names(&self, at: FileIndex, files: Files<'_>) -> &Names {
        self.0.get_or_init(|| {
            let mut names = Names::default();
            for at in visible::listed(at, files) {
                names.add_file(at, files.data(at));
            }
            names
        })
    }
}

impl Names {
    fn add_file(&mut self, at: FileIndex, file: &FileData) {
        let package = file.package_name();
        for (dot, _) in package.match_indices('.').chain([(package.len(), "")]).filter(|(dot, _)| *dot > 0) {
            self.add("", &package[..dot], Named::Package);
        }
        for (index, message) in (0..).zip(&file.messages) {
            let scope = file.text(message.full_name);
            self.add("", scope, Named::Target(Target::Message(at, index)));
            for oneof in &file.oneofs[message.oneofs.range()] {
                self.add(scope, file.text(oneof.name), Named::Other);
            }
        }
        for (index, field) in (0..).zip(&file.fields) {
            self.add(file.scope(field.parent), file.text(field.name), Named::Target(Target::Field(at, index)));
        }
        for (index, enumeration) in (0..).zip(&file.enums) {
            self.add("", file.text(enumeration.full_name), Named::Target(Target::Enum(at, index)));
            self.values(file, enumeration.values, file.scope(enumeration.parent));
        }
        for (index, service) in (0..).zip(&file.services) {
            let scope = file.text(service.full_name);
            self.add("", scope, Named::Target(Target::Service(at, index)));
            for method in &file.methods[service.methods.range()] {
                self.add(scope, file.text(method.name), Named::Other);
            }
        }
    }

    fn values(&mut self, file: &FileData, values: Run, scope: &str) {
        for value in &file.values[values.range()] {
            self.add(scope, file.text(value.name), Named::Other);
        }
    }

    fn add(&mut self, scope: &str, name: &str, named: Named) {
        let full_name = if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") };
        self.0.entry(full_name).or_insert(named);
    }

    /// What `name` stands for in the innermost scope around `holder` that has its first component; what is declared in
    /// `holder` itself is not looked at, nor does protoc.
    fn outwards(&self, holder: &str, name: &str) -> Option<Target> {
        let first = name.split('.').next().unwrap_or(name);
        let mut here = holder;
        while let Some(dot) = here.rfind('.') {
            here = &here[..dot];
            let leads_on = match self.0.get(&format!("{here}.{first}")) {
                None => false,
                Some(Named::Package | Named::Target(Target::Message(..) | Target::Enum(..) | Target::Service(..))) => {
                    true
                }
                Some(Named::Target(Target::Field(..)) | Named::Other) => first == name,
            };
            if leads_on {
                return self.target(&format!("{here}.{name}"));
            }
        }
        self.target(name)
    }

    fn target(&self, full_name: &str) -> Option<Target> {
        match self.0.get(full_name)? {
            Named::Target(target) => Some(*target),
            Named::Package | Named::Other => None,
        }
    }
}
