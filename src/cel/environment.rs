//! The language as one embedder has it: which libraries of functions, functions of its own, and packages whose types
//! need no import.

use super::functions::{Function, Overload};
use super::library;

/// Packages whose types every embedder has.
const PACKAGES: [&str; 2] = ["google", "cel"];

/// The language as one embedder has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Environment {
    /// Functions, macros and syntax beside the standard ones.
    pub(crate) libraries: &'static [Library],
    /// Functions of the embedder.
    pub(crate) functions: &'static [Function],
    /// First components of packages whose types expressions can name without importing them.
    pub(crate) packages: &'static [&'static str],
    /// Finds the name that was probably meant among those that there are.
    pub(crate) nearest: for<'n> fn(&str, &[&'n str]) -> Option<&'n str>,
}

/// A part of the language that an embedder can have or leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Library {
    /// `charAt`, `split`, `format` and more functions of strings.
    Strings,
    /// `math.greatest` and more functions of numbers.
    Math,
    /// `distinct`, `flatten`, `sort` and more functions of lists.
    Lists,
    /// `sets.contains`, `sets.equivalent`, `sets.intersects`.
    Sets,
    /// `base64.encode`, `base64.decode`.
    Encoders,
    /// `cel.bind`.
    Bindings,
    /// `a.?b`, `a[?b]`, `optional.of` and what belongs to it.
    Optionals,
    /// Macros with an index or key beside the element, `transformList` and `transformMap`.
    TwoVariables,
}

impl Environment {
    /// All functions and operators.
    fn all(&self) -> impl Iterator<Item = &'static Function> {
        library::all(self.libraries).chain(self.functions)
    }

    /// The functions of a name: the same name may be that of functions in several libraries.
    pub(super) fn named(&self, name: &str) -> Vec<&'static Function> {
        let name = name.trim_start_matches('.');
        self.all().filter(|function| function.name == name).collect()
    }

    /// The names of all functions that can be called in one way: on a value or not.
    pub(super) fn function_names(&self, is_member: bool) -> Vec<&'static str> {
        let has_form = |overloads: &[Overload]| overloads.iter().any(|overload| overload.is_member == is_member);
        self.all().filter(|function| has_form(function.overloads)).map(|function| function.name).collect()
    }

    /// Whether a name belongs to a package that every expression can use.
    pub(super) fn knows_package_of(&self, name: &str) -> bool {
        let root = name.trim_start_matches('.').split('.').next().unwrap_or_default();
        PACKAGES.contains(&root) || self.packages.contains(&root)
    }
}
