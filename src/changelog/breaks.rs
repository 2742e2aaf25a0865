//! What `breaking` reports, laid beside the changes that it is about. Whatever the configuration suppresses counts here:
//! who reads a changelog did not write it.

use rustc_hash::FxHashMap;

use super::{Draft, declaration, entry, kind_of};
use crate::compare::pairing::Comparison;
use crate::finding::{Finding, Layer};
use crate::project::sides::Sides;
use crate::report::changelog::{ChangeKind, ElementKind, Entry};
use crate::run::{LocatedChange, Policy};
use crate::schema::{Element, ElementKey};

/// What is reported of changes, each with the elements that it is about.
pub(super) struct Breaks {
    found: Vec<LocatedChange>,
}

/// Where drafts are by their elements, of the earlier and the later schema.
#[derive(Default)]
struct Places {
    /// Those about the element itself.
    own: FxHashMap<(bool, ElementKey), usize>,
    /// Those that are added or deleted with all that lies in them.
    whole: FxHashMap<(bool, ElementKey), usize>,
}

impl Breaks {
    /// What is reported of changes; and what could not be read, resolved or compared.
    pub(super) fn new(sides: &Sides) -> (Breaks, Vec<Finding>) {
        let found = sides.located_changes(&Policy::by_layers(&Layer::ALL));
        let (found, faults): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| found.finding.change.is_some());
        (Breaks { found }, faults.into_iter().map(|fault| fault.finding).collect())
    }

    /// The drafts as entries, each with what is reported of it. What no draft is about gets an entry of its own.
    pub(super) fn entries<'s>(self, mut drafts: Vec<Draft<'s>>, comparison: &Comparison<'s>) -> Vec<Entry> {
        let mut places = Places::new(&drafts);
        let mut findings: Vec<Vec<Finding>> = drafts.iter().map(|_| Vec::new()).collect();
        let resolve = |(is_before, key): (bool, ElementKey)| {
            let schema = if is_before { comparison.before } else { comparison.after };
            schema.element(key)
        };
        for LocatedChange { finding, former, element } in self.found {
            let (former, element) = (former.and_then(resolve), element.and_then(resolve));
            let ends = [former, element];
            let at = ends.iter().flatten().find_map(|end| places.find(*end, comparison));
            let at = at.or_else(|| {
                let draft = rest(former, element, comparison)?;
                places.note(&draft, drafts.len());
                drafts.push(draft);
                findings.push(Vec::new());
                Some(drafts.len() - 1)
            });
            if let Some(at) = at {
                findings[at].push(finding);
            }
        }
        let with = |(draft, findings)| Entry { findings, ..entry(draft) };
        drafts.into_iter().zip(findings).map(with).collect()
    }
}

fn is_before(element: Element<'_>, comparison: &Comparison<'_>) -> bool {
    std::ptr::eq(element.file().schema, comparison.before)
}

/// What changed in meaning though no property of it did: what it refers to is another thing.
fn rest<'s>(
    former: Option<Element<'s>>,
    element: Option<Element<'s>>,
    comparison: &Comparison<'s>,
) -> Option<Draft<'s>> {
    let old = former.or(element).filter(|element| is_before(*element, comparison));
    let new = element.filter(|element| !is_before(*element, comparison));
    let kind = kind_of(new.or(old)?);
    let text = |element: Element<'s>| match kind {
        ElementKind::Field | ElementKind::Extension | ElementKind::EnumValue | ElementKind::Rpc => {
            Some(declaration::whole(element))
        }
        _ => None,
    };
    let texts = (old.and_then(text), new.and_then(text));
    // What is at both ends of a finding may be two things: what is gone, and where it is missed.
    let old = old.filter(|old| new.is_none_or(|new| kind_of(new) == kind_of(*old)));
    Some(Draft {
        change: ChangeKind::Changed,
        kind,
        before: old,
        after: new,
        whole: Vec::new(),
        details: Vec::new(),
        texts,
    })
}

impl Places {
    fn new(drafts: &[Draft<'_>]) -> Places {
        let mut places = Places::default();
        // A comment breaks nothing, and neither does a deprecation.
        let may_break =
            |draft: &Draft<'_>| matches!(draft.change, ChangeKind::Changed | ChangeKind::Added | ChangeKind::Deleted);
        for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| may_break(draft)) {
            places.note(draft, at);
        }
        places
    }

    fn note(&mut self, draft: &Draft<'_>, at: usize) {
        let is_deleted = draft.change == ChangeKind::Deleted;
        for element in &draft.whole {
            self.whole.entry((is_deleted, element.key())).or_insert(at);
        }
        for (is_before, end) in [(true, draft.before), (false, draft.after)] {
            if let Some(end) = end {
                self.own.entry((is_before, end.key())).or_insert(at);
            }
        }
    }

    /// The draft about an element, or about something that is added or deleted with it.
    fn find(&self, element: Element<'_>, comparison: &Comparison<'_>) -> Option<usize> {
        let is_before = is_before(element, comparison);
        let own = self.own.get(&(is_before, element.key())).copied();
        let around = || {
            let mut outer = Some(element);
            while let Some(found) = outer {
                if let Some(at) = self.whole.get(&(is_before, found.key())) {
                    return Some(*at);
                }
                outer = found.around();
            }
            None
        };
        own.or_else(around)
    }
}
