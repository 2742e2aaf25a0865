//! The order in which findings are reported: by path, place, rule and message.

use std::borrow::Borrow;
use std::cmp::Ordering;

use rayon::prelude::*;

use super::Finding;
use crate::source::{FileId, Place, Sources, Span};

/// Sorts findings by path, place, rule and message, and drops those that are there twice.
pub(crate) fn sort<F: Borrow<Finding> + Send + Sync>(findings: &mut Vec<F>, sources: &Sources) {
    let ranks = path_ranks(sources);
    // Findings are large: what they are sorted by is sorted in their stead, and each is moved once or twice.
    let mut keys: Vec<Key> =
        findings.par_iter().zip(0..findings.len()).map(|(finding, at)| key(finding, at, &ranks)).collect();
    keys.par_sort_unstable_by(|one, other| {
        let (own, its) = (&findings[one.at], &findings[other.at]);
        one.place.cmp(&other.place).then_with(|| compare_texts(own.borrow(), its.borrow()))
    });
    arrange(findings, keys);
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

/// What a finding is sorted by first, and where it is.
struct Key {
    place: Option<(u32, Span)>,
    at: usize,
}

fn key<F: Borrow<Finding>>(finding: &F, at: usize, ranks: &[u32]) -> Key {
    Key { place: place_of(finding.borrow(), ranks), at }
}

fn place_of(finding: &Finding, ranks: &[u32]) -> Option<(u32, Span)> {
    finding.place.map(|place: Place| (ranks[place.file.index()], place.span))
}

fn compare(one: &Finding, other: &Finding, ranks: &[u32]) -> Ordering {
    place_of(one, ranks).cmp(&place_of(other, ranks)).then_with(|| compare_texts(one, other))
}

fn compare_texts(one: &Finding, other: &Finding) -> Ordering {
    one.rule.cmp(other.rule).then_with(|| one.message.cmp(&other.message))
}

/// Puts elements in the order of the keys, along the circles that their places make.
fn arrange<T>(elements: &mut [T], mut keys: Vec<Key>) {
    for start in 0..elements.len() {
        let mut to = start;
        loop {
            let from = std::mem::replace(&mut keys[to].at, to);
            if from == start {
                break;
            }
            elements.swap(to, from);
            to = from;
        }
    }
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
