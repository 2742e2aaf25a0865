//! What an embedder adds to the language: functions of its own, and packages whose types need no import.

use super::functions::{self, Overload};
use super::library;
use super::value::Value;

/// Packages whose types every embedder has.
const PACKAGES: [&str; 2] = ["google", "cel"];

/// The language as one embedder has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Environment {
    /// Functions beside the standard ones.
    pub(crate) functions: &'static [Function],
    /// First components of packages whose types expressions can name without importing them.
    pub(crate) packages: &'static [&'static str],
}

/// A function that the language itself does not have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) overloads: &'static [Overload],
    /// What it gives for arguments of any number and types, the target of a method first; none where it fails.
    pub(crate) call: fn(&[Value]) -> Option<Value>,
}

impl Environment {
    /// All ways to call `name`; none if there is no such function.
    pub(super) fn overloads(&self, name: &str) -> Option<&'static [Overload]> {
        let name = name.trim_start_matches('.');
        functions::standard(name).or_else(|| self.function(name).map(|function| function.overloads))
    }

    /// Calls a function; a method's target is the first argument.
    pub(super) fn call(&self, name: &str, args: &[Value]) -> Option<Value> {
        let name = name.trim_start_matches('.');
        library::call(name, args).or_else(|| (self.function(name)?.call)(args))
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// Whether a name belongs to a package that every expression can use.
    pub(super) fn knows_package_of(&self, name: &str) -> bool {
        let root = name.trim_start_matches('.').split('.').next().unwrap_or_default();
        PACKAGES.contains(&root) || self.packages.contains(&root)
    }
}
