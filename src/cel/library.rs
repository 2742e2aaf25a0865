//! The functions and operators of the language, and of the libraries that an embedder can choose.

use super::environment::Library;
use super::functions::Function;

mod basics;
mod conversions;
mod format;
mod lists;
mod math;
mod numbers;
mod operators;
mod optionals;
mod strings;
mod times;

/// The tables of the language itself.
static CORE: &[&[Function]] =
    &[operators::FUNCTIONS, numbers::FUNCTIONS, basics::FUNCTIONS, conversions::FUNCTIONS, times::FUNCTIONS];

/// The functions of the language with some libraries.
pub(super) fn all(libraries: &'static [Library]) -> impl Iterator<Item = &'static Function> {
    let chosen = libraries.iter().map(|library| table(*library));
    CORE.iter().copied().chain(chosen).flatten()
}

/// The functions of a library.
fn table(library: Library) -> &'static [Function] {
    match library {
        Library::Strings => strings::FUNCTIONS,
        Library::Math => math::FUNCTIONS,
        Library::Lists => lists::FUNCTIONS,
        Library::Sets => lists::SETS,
        Library::Encoders => conversions::ENCODERS,
        Library::Optionals => optionals::FUNCTIONS,
        Library::Bindings | Library::TwoVariables => &[],
    }
}
