//! The deprecation policy: how long elements stay deprecated before they may be deleted, and what their comments have to
//! say. It does not depend on releases and schemas.

use std::collections::BTreeMap;

use crate::rules::version::{Stability, stability};

/// The terms for all packages, and what differs for those of some stability.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeprecationPolicy {
    /// The terms for all packages.
    pub terms: DeprecationTerms,
    /// Terms that replace them, one by one, in packages whose version states this stability.
    pub per_stability: BTreeMap<Stability, DeprecationTerms>,
}

/// What holds for deprecated elements; what is not set is not required.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeprecationTerms {
    /// The number of releases that have to have an element as deprecated before it may be deleted.
    pub min_releases: Option<u32>,
    /// The number of days since the first of these releases.
    pub min_days: Option<u32>,
    /// What the comment of a deprecated element has to say.
    pub require: Option<Vec<Requirement>>,
}

/// What the comment of a deprecated element can be required to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Requirement {
    /// Why the element is deprecated, or what to do about it.
    Reason,
    /// The name of another element, which replaces it.
    Replacement,
}

impl Requirement {
    /// All of them.
    pub const ALL: [Requirement; 2] = [Requirement::Reason, Requirement::Replacement];

    /// The word that stands for it.
    pub fn name(self) -> &'static str {
        match self {
            Requirement::Reason => "reason",
            Requirement::Replacement => "replacement",
        }
    }
}

impl DeprecationPolicy {
    /// The terms for a package.
    pub fn terms_of(&self, package: &str) -> DeprecationTerms {
        let own = stability(package).and_then(|stability| self.per_stability.get(&stability));
        let Some(own) = own else { return self.terms.clone() };
        DeprecationTerms {
            min_releases: own.min_releases.or(self.terms.min_releases),
            min_days: own.min_days.or(self.terms.min_days),
            require: own.require.clone().or_else(|| self.terms.require.clone()),
        }
    }

    /// What the comments of deprecated elements of a package have to say where they are checked: a reason, unless something
    /// is configured.
    pub(crate) fn required_in(&self, package: &str) -> Vec<Requirement> {
        let default = if self.has_requirements() { Vec::new() } else { vec![Requirement::Reason] };
        self.terms_of(package).require.unwrap_or(default)
    }

    /// Whether any package has to keep deprecated elements for some time.
    pub fn has_ages(&self) -> bool {
        self.all().any(|terms| terms.min_releases.is_some() || terms.min_days.is_some())
    }

    /// Whether the comments of deprecated elements of any package have to say something.
    pub fn has_requirements(&self) -> bool {
        self.all().any(|terms| terms.require.as_ref().is_some_and(|required| !required.is_empty()))
    }

    fn all(&self) -> impl Iterator<Item = &DeprecationTerms> {
        std::iter::once(&self.terms).chain(self.per_stability.values())
    }
}

#[cfg(test)]
mod tests {
    use super::{DeprecationPolicy, DeprecationTerms, Requirement, Stability};

    #[test]
    fn terms_of_a_stability_replace_the_others_one_by_one() {
        let terms = DeprecationTerms { min_releases: Some(2), min_days: Some(180), require: None };
        let beta = DeprecationTerms { min_days: Some(30), require: Some(Vec::new()), ..DeprecationTerms::default() };
        let policy = DeprecationPolicy { terms: terms.clone(), per_stability: [(Stability::Beta, beta)].into() };
        for package in ["acme.v1", "acme", "", "acme.v1alpha1"] {
            assert_eq!(policy.terms_of(package), terms, "{package}");
        }
        let beta = DeprecationTerms { min_releases: Some(2), min_days: Some(30), require: Some(Vec::new()) };
        assert_eq!(policy.terms_of("acme.v1beta1"), beta);
        assert!(policy.has_ages() && !policy.has_requirements());
        let required = DeprecationTerms { require: Some(vec![Requirement::Reason]), ..DeprecationTerms::default() };
        let policy = DeprecationPolicy { per_stability: [(Stability::Test, required)].into(), ..Default::default() };
        assert!(!policy.has_ages() && policy.has_requirements());
    }
}
