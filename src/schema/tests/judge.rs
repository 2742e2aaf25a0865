//! Holds what is read of texts to what protox reads of them: of the test data and of trees that are made
//! up, whole and spoiled. `PROTOLINT_CASES` says how many trees.

use rayon::prelude::*;

use super::random::Random;
use super::report;
use crate::schema::generated::{spoiled, tree};
use crate::schema::judge::{Judgement, judge};
use crate::syntax::breach;
use crate::syntax::tests::schemas;

/// How many trees a plain run makes up.
const TREES: u64 = 2_000;

/// How many trees a plain run spoils.
const SPOILED: u64 = 300;

/// How many differences are shown.
const MAX_SHOWN: usize = 12;

/// What is wrong with a text, if anything is; with whether both parsers read it.
fn judged(path: &str, text: &str) -> (bool, Option<String>) {
    if let Some(breach) = breach(text) {
        return (false, Some(format!("{path}: {breach}")));
    }
    match judge(text) {
        Judgement::Same => (true, None),
        Judgement::Refused | Judgement::OnlyOurs => (false, None),
        Judgement::Differs(difference) => {
            let line = 1 + text[..difference.span.start as usize].matches('\n').count();
            (false, Some(format!("{path}:{line}: {}", difference.message)))
        }
    }
}

/// Reports what differs, and that enough texts were compared for that to mean something.
fn hold(judged: Vec<(bool, Option<String>)>, compared: usize) {
    let same = judged.iter().filter(|(is_same, _)| *is_same).count();
    let differences: Vec<String> =
        judged.into_iter().filter_map(|(_, difference)| difference).take(MAX_SHOWN).collect();
    report(&differences);
    assert!(same >= compared, "only {same} texts were read by both parsers");
}

#[test]
fn the_test_data_is_read_as_protox_reads_it() {
    let texts = schemas();
    hold(texts.par_iter().map(|(path, text)| judged(&path.to_string_lossy(), text)).collect(), 600);
}

#[test]
fn trees_are_read_as_protox_reads_them() {
    let cases = std::env::var("PROTOLINT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(TREES);
    let of_tree = |seed: u64| {
        let files = tree(&mut Random::new(seed)).into_iter();
        files.map(move |(path, text)| judged(&format!("tree {seed}, {path}"), &text)).collect::<Vec<_>>()
    };
    hold((0..cases).into_par_iter().flat_map_iter(of_tree).collect(), cases as usize / 4);
}

#[test]
fn spoiled_trees_are_read_or_refused_as_by_protox() {
    let cases = std::env::var("PROTOLINT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(SPOILED);
    let of_tree = |seed: u64| {
        let mut random = Random::new(seed);
        let texts: Vec<String> = tree(&mut random).into_iter().map(|(_, text)| spoiled(&text, &mut random).0).collect();
        texts.into_iter().map(move |text| judged(&format!("spoiled {seed}\n{text}\n"), &text)).collect::<Vec<_>>()
    };
    hold((0..cases).into_par_iter().flat_map_iter(of_tree).collect(), 0);
}
