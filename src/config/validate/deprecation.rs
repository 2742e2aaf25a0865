//! What the `deprecation` section means.

use super::sections::{DEPRECATION, MIN_DAYS, MIN_RELEASES, OF_STABILITY, PER_STABILITY, SECTIONS};
use super::style;
use crate::config::raw::Entry;
use crate::config::reader::{Fields, Reader};
use crate::rules::settings::{DeprecationPolicy, DeprecationTerms, Requirement, Stability};

pub(super) fn deprecation(reader: &mut Reader, entry: &Entry) -> DeprecationPolicy {
    let fields = reader.fields(&entry.value, entry.key.span, &SECTIONS[DEPRECATION], &SECTIONS);
    let mut policy = DeprecationPolicy { terms: terms(reader, &fields), ..DeprecationPolicy::default() };
    // An empty list means what an absent one does; only that of a stability replaces another.
    policy.terms.require = policy.terms.require.filter(|required| !required.is_empty());
    if let Some(entry) = fields.get("per_stability") {
        let fields = reader.fields(&entry.value, entry.key.span, &SECTIONS[PER_STABILITY], &SECTIONS);
        for (at, stability) in Stability::ALL.into_iter().enumerate() {
            let Some(entry) = fields.get(stability.name()) else { continue };
            let fields = reader.fields(&entry.value, entry.key.span, &SECTIONS[OF_STABILITY + at], &SECTIONS);
            policy.per_stability.insert(stability, terms(reader, &fields));
        }
    }
    policy
}

fn terms(reader: &mut Reader, fields: &Fields<'_>) -> DeprecationTerms {
    let mut number = |key: &str, bounds| {
        let number = fields.get(key).and_then(|entry| style::number(reader, entry, bounds));
        number.and_then(|number| u32::try_from(number).ok())
    };
    let (min_releases, min_days) = (number("min_releases", MIN_RELEASES), number("min_days", MIN_DAYS));
    let require = fields.get("require").map(|entry| {
        let words = reader.words(entry);
        let name = Requirement::name;
        let required =
            words.iter().filter_map(|word| style::choice(reader, word, "requirement", &Requirement::ALL, name));
        let mut required: Vec<Requirement> = required.collect();
        required.sort_unstable();
        required.dedup();
        required
    });
    DeprecationTerms { min_releases, min_days, require }
}
