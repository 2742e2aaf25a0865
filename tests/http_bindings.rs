//! What becomes of requests to HTTP bindings: the pairs of `testdata/http/pairs.txt`, and pairs made up by the thousand.
//! A router of the tests says which requests are answered otherwise; the tool has to say the same.
//! `PROTOLINT_CASES` says how many pairs are made up, `PROTOLINT_SEED` where their seeds start.

#![allow(clippy::unwrap_used)]

#[path = "http_bindings/generate.rs"]
mod generate;
#[path = "http_bindings/model.rs"]
mod model;
#[path = "http_bindings/router.rs"]
mod router;
mod support;
#[path = "http_bindings/unchanged.rs"]
mod unchanged;
#[path = "http_bindings/verdict.rs"]
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use model::{Model, model, schema};
use protolint::finding::{Direction, Layer};
use protolint::{Policy, Project, compare};
use rayon::prelude::*;
use verdict::{Verdict, verdicts};

const PAIRS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/http/pairs.txt");

/// What the tool says of an rpc.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    rpc: String,
    is_certain: bool,
    request: String,
    read: String,
}

/// What the tool says of pairs, each a package of its own.
fn said(pairs: &[(Model, Model)]) -> Vec<BTreeSet<Said>> {
    let files = |side: fn(&(Model, Model)) -> &Model| {
        let file = |(at, pair)| (format!("p{at}.proto"), schema(side(pair), &format!("p{at}")));
        pairs.iter().enumerate().map(file).collect::<BTreeMap<_, _>>()
    };
    let [before, after] = [files(|pair| &pair.0), files(|pair| &pair.1)].map(Project::in_memory);
    let report = compare(&before, &after, &Policy::by_layers(&[Layer::Rest]));
    let mut found = vec![BTreeSet::new(); pairs.len()];
    for finding in &report.findings {
        let Some(change) = finding.change.as_deref() else { panic!("{finding:?}") };
        for shown in change.evidence.iter().filter(|shown| shown.layer == Layer::Rest) {
            let (package, rpc) = shown.written.split_once('.').unwrap();
            let at: usize = package[1..].parse().unwrap();
            let is_certain = change.verdict.has(Layer::Rest, Direction::Backward);
            let (rpc, request, read) = (rpc.to_owned(), shown.payload.clone(), shown.read.clone());
            found[at].insert(Said { rpc, is_certain, request, read });
        }
    }
    found
}

/// How what the tool says of a pair differs from what the router does.
fn faults(pair: &(Model, Model), said: &BTreeSet<Said>) -> Vec<String> {
    let found = verdicts(&pair.0, &pair.1);
    let rpcs: BTreeSet<&String> = found.keys().chain(said.iter().map(|said| &said.rpc)).collect();
    let fault = |rpc: &String| {
        let expected = found.get(rpc);
        let of_rpc: Vec<&Said> = said.iter().filter(|said| said.rpc == *rpc).collect();
        let certain = of_rpc.iter().any(|said| said.is_certain);
        match expected {
            None if of_rpc.is_empty() => None,
            None => Some(format!("{rpc}: no request is answered otherwise, but {of_rpc:?}")),
            Some(Verdict::Certain(request)) if !certain => {
                Some(format!("{rpc}: {request} is answered otherwise, but {of_rpc:?}"))
            }
            Some(Verdict::Maybe(request)) if of_rpc.is_empty() => {
                Some(format!("{rpc}: {request} may be answered otherwise, but nothing is said"))
            }
            Some(Verdict::Maybe(_)) if certain => Some(format!("{rpc}: not all routers differ, but {of_rpc:?}")),
            _ => None,
        }
    };
    rpcs.into_iter().filter_map(fault).collect()
}

/// A pair of the file.
struct Block<'t> {
    name: &'t str,
    pair: (Model, Model),
    expected: String,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let block = |block: &'_ str| {
        let (name, rest) = block.split_once("\nbefore\n").unwrap();
        let (before, rest) = rest.split_once("after\n").unwrap();
        let is_verdict = |line: &&str| ["same", "breaks", "may"].iter().any(|word| line.starts_with(word));
        let after: String = rest.lines().filter(|line| !is_verdict(line)).map(|line| format!("{line}\n")).collect();
        let expected: String = rest.lines().filter(is_verdict).map(|line| format!("{line}\n")).collect();
        // Names borrow from the text of the file.
        (name.len(), (model(before), model(&after)), expected)
    };
    text.split("\n\n")
        .skip(1)
        .map(|text| {
            let (length, pair, expected) = block(text);
            Block { name: &text[..length], pair, expected }
        })
        .collect()
}

#[test]
fn pairs_of_the_file_have_the_verdict_of_a_router() {
    let text = std::fs::read_to_string(PAIRS).unwrap();
    let blocks = blocks(text.trim_end());
    assert!(blocks.len() >= 40, "only {} pairs", blocks.len());
    let mut wrong = String::new();
    for Block { name, pair, expected } in blocks {
        let said = said(std::slice::from_ref(&pair)).pop().unwrap();
        let shown: String = match said.is_empty() {
            true => "same\n".to_owned(),
            false => said
                .iter()
                .map(|Said { request, read, is_certain, .. }| {
                    format!("{} {request} -- {read}\n", if *is_certain { "breaks" } else { "may" })
                })
                .collect(),
        };
        if shown != expected {
            wrong += &format!("{name}\n{shown}");
        }
        for fault in faults(&pair, &said) {
            wrong += &format!("{name}\n{fault}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn bindings_break_where_a_request_is_answered_otherwise() {
    const BATCH: u64 = 50;
    let (cases, first) = (number("PROTOLINT_CASES", 1_000), number("PROTOLINT_SEED", 0));
    let batches: Vec<u64> = (first..first + cases).step_by(BATCH as usize).collect();
    let results: Vec<(usize, Vec<String>)> = batches
        .into_par_iter()
        .map(|start| {
            let seeds: Vec<u64> = (start..start + BATCH).collect();
            let pairs: Vec<(Model, Model)> = seeds.iter().map(|seed| generate::pair(*seed)).collect();
            let said = said(&pairs);
            let broken = said.iter().filter(|said| !said.is_empty()).count();
            let faults = seeds.iter().zip(&pairs).zip(&said).filter_map(|((seed, pair), said)| {
                let faults = faults(pair, said);
                let shown =
                    || format!("seed {seed}\n{}\n{}{}", faults.join("\n"), schema(&pair.0, "b"), schema(&pair.1, "a"));
                (!faults.is_empty()).then(shown)
            });
            (broken, faults.collect())
        })
        .collect();
    let broken: usize = results.iter().map(|(broken, _)| broken).sum();
    let faults: Vec<String> = results.into_iter().flat_map(|(_, faults)| faults).collect();
    assert!(faults.is_empty(), "{} of {cases} pairs\n{}", faults.len(), faults[..faults.len().min(3)].join("\n"));
    // A generator that breaks nothing, or everything, tests nothing.
    assert!(broken as u64 > cases / 5 && (broken as u64) < cases * 9 / 10, "{broken} of {cases} pairs break");
}
