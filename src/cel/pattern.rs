//! Patterns of `matches`, in the syntax of RE2. Their memory and the work that they do are bounded.

use regex::{Regex, RegexBuilder};

use super::meter::Meter;
use super::program::Failure;
use super::re2;

/// How many bytes a compiled pattern may take.
const MAX_SIZE: usize = 200_000;

/// How many bytes the cache of a search may take.
const MAX_CACHE: usize = 1_000_000;

/// Steps that count for the compilation of a pattern, beside those for each of its bytes.
const COMPILATION: usize = 500;

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern(Regex);

impl Pattern {
    /// Compiles a pattern; the error says what is wrong with it.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let translated = re2::translate(pattern)?;
        let built = RegexBuilder::new(&translated).size_limit(MAX_SIZE).dfa_size_limit(MAX_CACHE).build();
        built.map(Pattern).map_err(|_| "it is too large".to_owned())
    }

    /// Whether some part of a text matches.
    pub(super) fn is_match(&self, text: &str, meter: &mut Meter) -> Result<bool, Failure> {
        meter.steps_of(text.len() / 8)?;
        Ok(self.0.is_match(text))
    }
}

/// Whether some part of a text matches a pattern that is not compiled yet.
pub(super) fn is_match(pattern: &str, text: &str, meter: &mut Meter) -> Result<bool, Failure> {
    meter.steps_of(COMPILATION + pattern.len())?;
    let compiled = Pattern::new(pattern);
    let compiled = compiled.map_err(|why| Failure::Failed(format!("the pattern of `matches` is not valid: {why}")))?;
    compiled.is_match(text, meter)
}
