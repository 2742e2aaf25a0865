//! What a registry rejects in both directions is one finding, if both are selected. It does not depend on which registry
//! that is.

use rustc_hash::FxHashMap;

use crate::finding::{Direction, length};
use crate::rules::{Ground, PendingFinding, Rejection};
use crate::source::Place;

/// One change: the registry, where the change is and was, and what it is.
type Key = (&'static str, Option<Place>, Option<Place>, String);

/// Takes findings about the forward direction into those about the backward one.
pub(super) fn fold(claims: &mut Vec<PendingFinding<'_>>) {
    let rejected = |claim: &PendingFinding<'_>, direction: Direction| match &claim.ground {
        Ground::Registry(rejection) if rejection.direction == direction => {
            Some((key(claim, rejection), rejection.clone()))
        }
        _ => None,
    };
    let forward = claims.iter().filter_map(|claim| rejected(claim, Direction::Forward));
    let mut forward: FxHashMap<Key, Option<Rejection>> = forward.map(|(key, found)| (key, Some(found))).collect();
    if forward.is_empty() {
        return;
    }
    for claim in claims.iter_mut() {
        let Some((key, backward)) = rejected(claim, Direction::Backward) else { continue };
        if let Some(found) = forward.get_mut(&key).and_then(Option::take) {
            claim.finding.message = length::text(backward.message_with(&found));
        }
    }
    let is_left = |claim: &PendingFinding<'_>| match rejected(claim, Direction::Forward) {
        Some((key, _)) => forward.get(&key).is_none_or(Option::is_some),
        None => true,
    };
    claims.retain(is_left);
}

fn key(claim: &PendingFinding<'_>, rejection: &Rejection) -> Key {
    let before = claim.finding.change.as_ref().and_then(|change| change.before);
    (rejection.registry, claim.finding.place, before, rejection.change.clone())
}
