//! Each token of each schema deleted in turn, and doubled in turn: where protox does not parse the file any more there are
//! one to three faults, and all lie within the declaration that was damaged or on the line behind it.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::source::{SourceFile, Span};
use crate::syntax::tests::schemas;
use crate::syntax::{Fault, Node, Tree, parse};

/// What a text is after a token was damaged.
struct Damaged {
    text: String,
    /// The lines that faults may stand on, 0-based.
    lines: std::ops::RangeInclusive<usize>,
}

fn line(text: &str, offset: u32) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..offset as usize]).count()
}

fn damage(tree: &Tree<'_>, statement: Node<'_>, span: Span, is_deleted: bool) -> Damaged {
    let (text, token) = (tree.source(), span.slice(tree.source()));
    let (before, behind) = (&text[..span.start as usize], &text[span.end as usize..]);
    let text = if is_deleted { format!("{before}{behind}") } else { format!("{before}{token} {token}{behind}") };
    let own = statement.span();
    Damaged { text, lines: line(tree.source(), own.start)..=line(tree.source(), own.end) + 1 }
}

fn is_refused(text: &str) -> bool {
    protox::file::File::from_source("a.proto", text).is_err()
}

fn faults(text: &str) -> Vec<Fault> {
    crate::schema::parse(&SourceFile::new("a.proto".to_owned(), text.to_owned())).1
}

/// Why a damage does not hold; nothing where it does.
fn breach(damaged: &Damaged, is_judged: bool) -> Option<String> {
    let faults = faults(&damaged.text);
    if faults.is_empty() {
        return (is_judged && is_refused(&damaged.text)).then(|| "silent".to_owned());
    }
    if faults.len() > 3 {
        return Some(format!("{} faults: {}", faults.len().min(9), faults[0].message));
    }
    let outside = faults.iter().find(|fault| !damaged.lines.contains(&line(&damaged.text, fault.span.start)))?;
    Some(format!("outside: {}", outside.message))
}

fn of_file(path: &Path, text: &str) -> (usize, Vec<String>) {
    let tree = parse(text);
    if !faults(text).is_empty() {
        return (0, Vec::new());
    }
    // The judge reads no editions, and refuses some of what protoc takes.
    let is_judged = !is_refused(text);
    let (mut tried, mut breaches) = (0, Vec::new());
    for statement in tree.root().children() {
        for token in statement.tokens() {
            for is_deleted in [true, false] {
                let damaged = damage(&tree, statement, token.span(), is_deleted);
                tried += 1;
                if let Some(why) = breach(&damaged, is_judged) {
                    let what = if is_deleted { "deleted" } else { "doubled" };
                    let at = line(text, token.start) + 1;
                    breaches.push(format!("{what} `{}`: {why}\t{}:{at}", token.slice(text), path.display()));
                }
            }
        }
    }
    (tried, breaches)
}

#[test]
fn one_damaged_token_stays_where_it_is() {
    let schemas = schemas();
    let results: Vec<(usize, Vec<String>)> = schemas
        .par_iter()
        .filter(|(path, text)| path.extension().is_some_and(|extension| extension == "proto") && text.len() < 20_000)
        .map(|(path, text)| of_file(path, text))
        .collect();
    let tried: usize = results.iter().map(|(tried, _)| tried).sum();
    let breaches: Vec<&String> = results.iter().flat_map(|(_, breaches)| breaches).collect();
    let mut kinds: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for breach in &breaches {
        let (kind, place) = breach.split_once('\t').unwrap_or((breach, ""));
        kinds.entry(kind).or_insert((0, place)).0 += 1;
    }
    let mut kinds: Vec<(&str, (usize, &str))> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let told: String =
        kinds.iter().take(60).map(|(kind, (count, place))| format!("{count:6} {kind} {place}\n")).collect();
    assert!(breaches.len() * 1000 < tried, "{} of {tried}\n{told}", breaches.len());
}
