//! Random schemas, changed at random, and random messages of both: what is impact harmless is, what is impact harmful
//! has evidence that shows it. `PROTOLINT_CASES` says how many comparisons, `PROTOLINT_SEED` repeats those of one seed.

mod generate;
mod json;
mod laws;
mod model;
mod mutate;
mod proof;
mod reach;
mod render;
mod see;
mod world;
mod write;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::rules::Settings;
use crate::schema::tests::random::Random;
use crate::source::Sources;
use laws::{Breach, Case, Tally};
use model::Model;

use world::{World, shown};

/// How many comparisons a plain run looks at.
const CASES: u64 = 2_000;
/// How many of them begin with one schema.
const STEPS: u64 = 4;
/// How many schemas are made up for one that compiles.
const MAX_ATTEMPTS: usize = 200;
/// How many kinds of failure are reported.
const MAX_REPORTED: usize = 8;

/// A case in which a law does not hold.
struct Failure {
    seed: u64,
    breach: Breach,
    shown: String,
}

/// A schema, and what becomes of it in a few steps.
fn case(seed: u64, tally: &mut Tally) -> Result<(), Failure> {
    let mut random = Random::new(seed);
    let settings = Settings::default();
    let mut sources = Sources::new();
    let (mut before, mut world) = compiled(&mut sources, &settings, tally, || generate::model(&mut random));
    for _ in 0..STEPS {
        let mut names = Vec::new();
        let (after, other) = compiled(&mut sources, &settings, tally, || {
            let (model, changes) = changed(&before, &mut random);
            names = changes;
            model
        });
        let case = Case { before: &world, after: &other, sources: &sources, settings: &settings };
        case.check(&mut random, tally).map_err(|breach| {
            let shown = format!("{}\n----\n{}\n---- {}", shown(&before), shown(&after), names.join(", "));
            Failure { seed, breach, shown }
        })?;
        (before, world) = (after, other);
    }
    Ok(())
}

/// The first of some models that compiles.
fn compiled(
    sources: &mut Sources,
    settings: &Settings,
    tally: &mut Tally,
    mut next: impl FnMut() -> Model,
) -> (Model, World) {
    for _ in 0..MAX_ATTEMPTS {
        let model = next();
        if let Ok(world) = World::new(&model, sources, settings) {
            return (model, world);
        }
        *tally.entry("schemas that do not compile").or_default() += 1;
    }
    let model = next();
    let fault = World::new(&model, sources, settings).err();
    panic!("no schema compiles: {fault:?}\n{}", shown(&model))
}

/// One to three changes.
fn changed(before: &Model, random: &mut Random) -> (Model, Vec<&'static str>) {
    let mut model = before.clone();
    let mut names = Vec::new();
    let count = random.pick(&[1, 1, 2, 3]);
    while names.len() < count {
        let (name, change) = random.pick(&mutate::CHANGES);
        if change(&mut model, random).is_some() {
            names.push(name);
        }
    }
    generate::repair(&mut model);
    (model, names)
}

/// A panic is a failure too.
fn guarded(seed: u64, tally: &mut Tally) -> Result<(), Failure> {
    catch_unwind(AssertUnwindSafe(|| case(seed, tally))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        let kind = text.lines().next().unwrap_or("panic").to_owned();
        Err(Failure { seed, breach: Breach { kind, text }, shown: String::new() })
    })
}

fn environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

#[test]
fn impacts_agree_with_what_messages_show() {
    let seeds = match environment("PROTOLINT_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..environment("PROTOLINT_CASES").unwrap_or(CASES).div_ceil(STEPS),
    };
    let is_whole = (seeds.end - seeds.start) * STEPS >= CASES;
    let run = |(mut tally, mut failures): (Tally, Vec<Failure>), seed| {
        failures.extend(guarded(seed, &mut tally).err());
        (tally, failures)
    };
    let add = |(mut tally, mut failures): (Tally, Vec<Failure>), (other, more): (Tally, Vec<Failure>)| {
        other.into_iter().for_each(|(name, count)| *tally.entry(name).or_default() += count);
        failures.extend(more);
        (tally, failures)
    };
    let (tally, failures) = seeds.into_par_iter().fold(Default::default, run).reduce(Default::default, add);
    assert!(failures.is_empty(), "{}", told(failures));
    if is_whole {
        assert_worth(&tally);
    }
}

/// The shortest case of each kind of failure.
fn told(failures: Vec<Failure>) -> String {
    let mut kinds: BTreeMap<String, (usize, Failure)> = BTreeMap::new();
    for failure in failures {
        match kinds.get_mut(&failure.breach.kind) {
            Some((count, shortest)) => {
                *count += 1;
                if failure.shown.len() < shortest.shown.len() {
                    *shortest = failure;
                }
            }
            None => _ = kinds.insert(failure.breach.kind.clone(), (1, failure)),
        }
    }
    let mut out = String::new();
    for (kind, (count, failure)) in kinds.iter().take(MAX_REPORTED) {
        let Failure { seed, breach, shown } = failure;
        // Writing to a string cannot fail.
        _ = writeln!(out, "\n==== {kind}, {count} times; PROTOLINT_SEED={seed}\n{}\n{shown}", breach.text);
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, (count, _))| format!("{count:6} {kind}")).collect();
    format!("{out}\n{}", kinds.join("\n"))
}

/// Laws that look at nothing hold always.
fn assert_worth(tally: &Tally) {
    let of = |name: &str| tally.get(name).copied().unwrap_or_default();
    let share = |part: &str, whole: &str| of(part) * 100 / of(whole).max(1);
    let told = format!("{tally:#?}");
    assert!(share("pairs written", "pairs") >= 50, "{told}");
    assert!(share("messages", "pairs written") >= 90, "{told}");
    assert!(share("changed pairs written", "cases") >= 30, "{told}");
    assert!(share("findings", "cases") >= 100, "{told}");
    assert!(share("evidence read otherwise", "cases") >= 20, "{told}");
}
