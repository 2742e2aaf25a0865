//! The rules that a configuration declares, and where each is on. It does not depend on what they say.

use crate::rules::{Family, Rule};
use crate::source::Place;

/// The rules of one's own in a configuration, with those of the files that it extends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnRules {
    /// Sorted by id.
    declared: Vec<DeclaredRule>,
    /// Ids of rules that have faults: they are known, and stand for nothing.
    faulty: Vec<String>,
}

/// A rule that a configuration declares.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredRule {
    /// The rule.
    pub rule: &'static Rule,
    /// Where its id stands.
    pub place: Place,
    /// The index of the scope that alone it is on in; none for a rule of the whole configuration.
    pub scope: Option<usize>,
}

impl OwnRules {
    /// All of them, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &DeclaredRule> {
        self.declared.iter()
    }

    /// The rule of that id.
    pub fn find(&self, id: &str) -> Option<&'static Rule> {
        self.get(id).map(|declared| declared.rule)
    }

    pub(super) fn get(&self, id: &str) -> Option<&DeclaredRule> {
        let at = self.declared.binary_search_by(|declared| declared.rule.id.cmp(id)).ok()?;
        self.declared.get(at)
    }

    /// Adds a rule of another id than all there are.
    pub(super) fn add(&mut self, declared: DeclaredRule) {
        let at = self.declared.partition_point(|known| known.rule.id < declared.rule.id);
        self.declared.insert(at, declared);
    }

    /// Remembers the id of a rule that has faults, so that its use is none.
    pub(super) fn add_faulty(&mut self, id: &str) {
        self.faulty.push(id.to_owned());
    }

    pub(super) fn is_faulty(&self, id: &str) -> bool {
        self.faulty.iter().any(|faulty| faulty == id)
    }

    /// Those that a section of rules can name.
    pub fn of(&self, family: Family) -> impl Iterator<Item = &'static Rule> {
        self.in_family(family).map(|declared| declared.rule)
    }

    /// Those that are on where nothing is selected: in a scope of the configuration, or outside of all.
    pub(super) fn on_in(&self, family: Family, scope: Option<usize>) -> Vec<&'static Rule> {
        let is_on = |declared: &&DeclaredRule| declared.scope.is_none() || declared.scope == scope;
        self.in_family(family).filter(is_on).map(|declared| declared.rule).collect()
    }

    fn in_family(&self, family: Family) -> impl Iterator<Item = &DeclaredRule> {
        self.declared.iter().filter(move |declared| Family::of(declared.rule) == Some(family))
    }
}
