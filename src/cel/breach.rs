//! For fuzzing, laws that hold for every text: faults have places inside of it, and what it gives does not change. For
//! benchmarks, expressions about a name.

use super::environment::{Environment, Library};
use super::meter::Limits;
use super::program::Program;
use super::types::Type;
use super::value::Value;

/// The language with everything that it has.
pub(super) const EVERYTHING: Environment = Environment {
    libraries: Library::ALL,
    functions: &[],
    packages: &[],
    nearest: |wanted, names| names.iter().copied().find(|name| name.starts_with(wanted) || wanted.starts_with(name)),
};

/// An expression about a text that is called `name`, for benchmarks.
pub(crate) fn about_name(text: &str) -> Option<Program> {
    Program::compile(text, &EVERYTHING, None, &[("name", Type::Text)]).ok()
}

/// Few, so that an input takes little time.
const LIMITS: Limits = Limits { steps: 20_000, size: 200_000 };

/// What is wrong with how a text is read and evaluated, if anything is.
pub(crate) fn breach(text: &str) -> Option<String> {
    let compile = || Program::compile(text, &EVERYTHING, None, &[("this", Type::Dyn), ("text", Type::Text)]);
    let outcome = |program: &Program| {
        let this = Value::map(vec![(Value::text("a"), Value::list(vec![Value::Int(1), Value::text("ß")]))]);
        // `0.0 / 0.0` is not even equal to itself, but looks the same.
        format!("{:?}", program.evaluate(&[this, Value::text("a text")], LIMITS))
    };
    match (compile(), compile()) {
        (Ok(one), Ok(other)) => {
            let (first, again, second) = (outcome(&one), outcome(&one), outcome(&other));
            (first != again || first != second).then(|| format!("{first}, then {again}, then {second}"))
        }
        (Err(faults), Err(again)) => {
            let is_inside = |at: usize| text.is_char_boundary(at);
            let outside = faults.iter().find(|fault| {
                let span = &fault.span;
                span.start > span.end || !is_inside(span.start) || !is_inside(span.end) || fault.message.is_empty()
            });
            match outside {
                Some(fault) => Some(format!("{fault:?} is outside of {} bytes", text.len())),
                None => (faults != again).then(|| format!("{faults:?}, then {again:?}")),
            }
        }
        (one, other) => Some(format!("valid: {}, then {}", one.is_ok(), other.is_ok())),
    }
}
