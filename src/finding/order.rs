//! The order in which findings are reported: by path, place, rule and message.

use std::borrow::Borrow;
use std::cmp::Ordering;

use rayon::prelude::*;

use super::Finding;
use crate::source::{FileId, Place, Sources};

/// Sorts findings by path, place, rule and message, and drops those that are there twice.
pub(crate) fn sort<F: Borrow<Finding> + Send>(findings: &mut Vec<F>, sources: &Sources) {
    let ranks = path_ranks(sources);
    findings.par_sort_unstable_by(|one, other| compare(one.borrow(), other.borrow(), &ranks));
    findings.dedup_by(|one, other| {
        let (one, other): (&Finding, &Finding) = ((*one).borrow(), (*other).borrow());
        one.rule == other.rule && one.place == other.place && one.message == other.message
    });
}

/// Adds findings to others that are sorted, in time that grows with both and no faster.
pub(crate) fn merge(findings: &mut Vec<Finding>, mut more: Vec<Finding>, sources: &Sources) {
    if more.is_empty() {
        return;
    }
    let ranks = path_ranks(sources);
    more.sort_by(|one, other| compare(one, other, &ranks));
    findings.extend(more);
    // Two runs, which a stable sort only merges.
    findings.sort_by(|one, other| compare(one, other, &ranks));
    findings.dedup();
}

fn compare(one: &Finding, other: &Finding, ranks: &[u32]) -> Ordering {
    let key = |finding: &Finding| finding.place.map(|place: Place| (ranks[place.file.index()], place.span));
    let places = key(one).cmp(&key(other));
    places.then_with(|| one.rule.cmp(other.rule)).then_with(|| one.message.cmp(&other.message))
}

/// For each text, its position when all are sorted by path.
fn path_ranks(sources: &Sources) -> Vec<u32> {
    let mut order: Vec<(FileId, &str)> = sources.iter().map(|(id, file)| (id, file.path())).collect();
    order.sort_by_key(|(_, path)| *path);
    let mut ranks = vec![0; order.len()];
    for (rank, (id, _)) in (0..).zip(order) {
        ranks[id.index()] = rank;
    }
    ranks
}
