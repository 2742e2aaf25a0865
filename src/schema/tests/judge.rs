//! Holds what is read of texts to what protox reads of them: of the test data and of trees made up.
//! `PROTOLINT_CASES` says how many trees.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::random::Random;
use super::report;
use crate::schema::generated::tree;
use crate::schema::judge::{Judgement, judge};
use crate::syntax::tests::schemas;

#[test]
fn probe() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in schemas() {
        let judged = judge(&text);
        let line = match judged {
            Judgement::Same | Judgement::Refused | Judgement::OnlyOurs => format!("{judged:?}"),
            Judgement::Differs(d) => format!("DIFF {}: {}", path.display(), d.message),
            Judgement::WronglyRead(d) => format!("READ {}: {} | {}", path.display(), d.message, d.span.slice(&text)),
            Judgement::WronglyRefused(d) => format!("REFUSED {}: {} | {}", path.display(), d.message, d.span.slice(&text)),
        };
        *seen.entry(line).or_default() += 1;
    }
    for (line, n) in seen { println!("{n} {line}"); }
    let many = std::env::var("PROTOLINT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(200u64);
    let found: Vec<String> = (0..many).into_par_iter().flat_map_iter(|seed| tree(&mut Random::new(seed))).filter_map(|(path, text)| {
        let judged = judge(&text);
        match judged {
            Judgement::Same | Judgement::Refused | Judgement::OnlyOurs => None,
            Judgement::Differs(d) => Some(format!("DIFF {path}: {}", d.message)),
            Judgement::WronglyRead(d) => Some(format!("READ {path}: {} | {}", d.message, d.span.slice(&text))),
            Judgement::WronglyRefused(d) => Some(format!("REFUSED {path}: {}", d.message)),
        }
    }).collect();
    println!("generated: {}", found.len());
    for line in found.iter().take(60) { println!("{line}"); }
    report(&[]);
}
