//! Where layers select: one change is one finding, which has what follows from it, and says which rpc carries what
//! breaks on the wire. It uses no rule by name.

use rustc_hash::FxHashMap;

use crate::compare::pairing::Comparison;
use crate::finding::{Layer, Verdict};
use crate::rules::PendingFinding;
use crate::schema::Field;

/// Distinguishes a field of the earlier schema from all others, in each section apart.
type Key = (u32, u32, u32);

/// Takes what follows from another finding of the same section into that one.
pub(super) fn fold(claims: &mut Vec<(u32, PendingFinding<'_>)>) {
    let mut by_field: FxHashMap<Key, Vec<usize>> = FxHashMap::default();
    for (at, (section, claim)) in claims.iter().enumerate() {
        if let Some((field, _)) = claim.about {
            by_field.entry(key(*section, field)).or_default().push(at);
        }
    }
    by_field.retain(|_, places| places.len() > 1);
    let mut folded = vec![false; if by_field.is_empty() { 0 } else { claims.len() }];
    for places in by_field.values() {
        for &at in places {
            let entails = |other: &&usize| entails(&claims[**other].1, &claims[at].1);
            // The one that says most has it all.
            let Some(&main) =
                places.iter().filter(entails).max_by_key(|other| weight(&claims[**other].1, places, claims))
            else {
                continue;
            };
            let (verdict, proofs) = (claims[at].1.verdict(), claims[at].1.proofs.clone());
            claims[main].1.take(verdict, proofs);
            folded[at] = true;
        }
    }
    let mut at = 0;
    claims.retain(|_| {
        at += 1;
        !folded.get(at - 1).copied().unwrap_or(false)
    });
}

fn key(section: u32, field: Field<'_>) -> Key {
    (section, field.file().index, field.index)
}

fn entails(one: &PendingFinding<'_>, other: &PendingFinding<'_>) -> bool {
    match (one.about, other.about) {
        (Some((_, one)), Some((_, other))) => one.entails(other),
        _ => false,
    }
}

/// How many of the findings at some places follow from one.
fn weight(one: &PendingFinding<'_>, places: &[usize], claims: &[(u32, PendingFinding<'_>)]) -> usize {
    places.iter().filter(|at| entails(one, &claims[**at].1)).count()
}

impl<'s> PendingFinding<'s> {
    pub(super) fn verdict(&self) -> Verdict {
        self.finding.change.as_ref().map_or(Verdict::NONE, |change| change.verdict)
    }

    fn take(&mut self, verdict: Verdict, proofs: Vec<crate::compare::impact::Proof<'s>>) {
        if let Some(change) = &mut self.finding.change {
            change.verdict = change.verdict.and(verdict);
        }
        self.proofs.extend(proofs);
    }

    /// What breaks on the wire within a message that an rpc carries breaks calls too, and what breaks in JSON breaks
    /// those by HTTP.
    pub(super) fn carry(&mut self, comparison: &'s Comparison<'s>) {
        let verdict = self.verdict();
        let breaks = |layer: Layer| verdict.on(&[layer]) != Verdict::NONE;
        let by_http = if breaks(Layer::Json) { comparison.http_carrier(self.element) } else { None };
        let carrier = if breaks(Layer::Wire) { comparison.carrier(self.element) } else { None };
        let Some(change) = &mut self.finding.change else { return };
        if by_http.is_some() {
            change.verdict = change.verdict.spread(Layer::Json, Layer::Rest);
        }
        if carrier.is_some() {
            change.verdict = change.verdict.spread(Layer::Wire, Layer::Grpc);
        }
        let carrier = carrier.or(by_http);
        change.carried_by = carrier.map(|rpc| format!("{}.{}", rpc.parent().full_name(), rpc.name()));
    }
}
