//! Made up trees of files, whole and spoiled: what is valid is taken, what is not is refused with a place, and protoc,
//! where there is one (of the variable PROTOC, or on PATH), says the same. `PROTOLINT_CASES` says how many trees,
//! `PROTOLINT_SEED` repeats those of one seed.

mod damage;
mod judge;
mod protoc;

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::fix::FixSession;
use crate::project::Project;
use crate::rules::{compile_rules, lint_rules};
use crate::run::Rules;
use crate::schema::generated::{spoiled, tree};
use crate::schema::tests::difference;
use crate::schema::tests::random::Random;
use judge::{Files, judge};
use protoc::Protoc;

/// How many trees a plain run makes up.
const TREES: u64 = 50;
/// How many spoiled files are made of one tree.
const SPOILED: u64 = 6;
/// How many kinds of failure are reported.
const MAX_REPORTED: usize = 12;

/// A law that does not hold: what failures are sorted by, and all of it.
struct Breach {
    kind: String,
    text: String,
}

fn breach(kind: impl Into<String>, text: impl Into<String>, files: &Files) -> Breach {
    let shown: Vec<String> = files.iter().map(|(path, text)| format!("// {path}\n{text}")).collect();
    Breach { kind: kind.into(), text: format!("{}\n{}", text.into(), shown.join("\n")) }
}

fn panicked(panic: &(dyn Any + Send), files: &Files) -> Breach {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default();
    breach(format!("panic: {}", plain(text.lines().next().unwrap_or_default())), text, files)
}

/// A message without the names and numbers of the case.
fn plain(message: &str) -> String {
    let mut parts = message.split(['`', '"', '\'']);
    let mut out = String::new();
    while let Some(part) = parts.next() {
        out.extend(part.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }));
        out.push_str(if parts.next().is_some() { "`" } else { "" });
    }
    out
}

fn environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Tries a law on many seeds and reports the shortest case of each kind of breach.
fn hold(law: impl Fn(u64) -> Result<(), Breach> + Sync) {
    let seeds = match environment("PROTOLINT_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..environment("PROTOLINT_CASES").unwrap_or(TREES),
    };
    let guarded = |seed: u64| {
        catch_unwind(AssertUnwindSafe(|| law(seed))).unwrap_or_else(|panic| Err(panicked(&*panic, &Files::new())))
    };
    let breaches: Vec<(u64, Breach)> =
        seeds.into_par_iter().filter_map(|seed| Some((seed, guarded(seed).err()?))).collect();
    let mut kinds: BTreeMap<String, (usize, u64, String)> = BTreeMap::new();
    for (seed, Breach { kind, text }) in breaches {
        let entry = kinds.entry(kind).or_insert_with(|| (0, seed, text.clone()));
        entry.0 += 1;
        if text.len() < entry.2.len() {
            (entry.1, entry.2) = (seed, text);
        }
    }
    let mut told = String::new();
    for (kind, (count, seed, text)) in kinds.iter().take(MAX_REPORTED) {
        _ = writeln!(told, "\n==== {kind}, {count} times; PROTOLINT_SEED={seed}\n{text}");
    }
    kinds.iter().for_each(|(kind, (count, ..))| _ = writeln!(told, "{count:6} {kind}"));
    assert!(kinds.is_empty(), "{told}");
}

fn made_up(seed: u64) -> Files {
    tree(&mut Random::new(seed)).into_iter().collect()
}

fn paths(files: &Files) -> Vec<&str> {
    files.keys().map(String::as_str).collect()
}

#[test]
fn what_is_valid_is_taken() {
    hold(|seed| {
        let files = made_up(seed);
        let ours = judge(&files, &paths(&files), &compile_rules());
        match ours.faults.first() {
            Some(fault) => Err(breach(plain(&fault.message), fault.to_string(), &files)),
            None => match ours.descriptors() {
                Err(error) if !judge::is_beyond_descriptors(&error) => Err(breach(plain(&error), error, &files)),
                _ => Ok(()),
            },
        }
    });
}

#[test]
fn findings_do_not_depend_on_the_order_of_files() {
    let rules: Vec<_> = lint_rules().into_iter().chain(compile_rules()).collect();
    hold(|seed| {
        let files = made_up(seed);
        let found = |names: &[&str]| -> BTreeSet<String> {
            judge(&files, names, &rules).all.iter().map(ToString::to_string).collect()
        };
        let mut names = paths(&files);
        let forward = found(&names);
        names.reverse();
        let backward = found(&names);
        match forward.symmetric_difference(&backward).next() {
            Some(finding) => Err(breach(plain(finding), finding.clone(), &files)),
            None => Ok(()),
        }
    });
}

#[test]
fn what_is_fixed_is_still_valid() {
    hold(|seed| {
        let files = made_up(seed);
        if seed % 5 > 0 {
            return Ok(());
        }
        let (project, rules) = (Project::in_memory(files.clone()), Rules::named(["ALL"]).expect("it is known"));
        for gives_names in [false, true] {
            let session = FixSession::new(&project, &rules);
            let fixes = if gives_names { session.with_renames() } else { session.safe() }.expect("nothing is read");
            let texts = fixes.project.sources().iter();
            let fixed: Files = texts.map(|(_, file)| (file.path().to_owned(), file.text().to_owned())).collect();
            let ours = judge(&fixed, &paths(&fixed), &compile_rules());
            if let Some(fault) = ours.faults.first() {
                return Err(breach(plain(&fault.message), format!("with names {gives_names}: {fault}"), &fixed));
            }
        }
        Ok(())
    });
}

/// The spoiled files of one tree: the tree, which file it is, and what was done to it.
fn spoiled_of(seed: u64) -> impl Iterator<Item = (Files, String, Vec<&'static str>)> {
    let files = made_up(seed);
    let mut random = Random::new(seed ^ 0x5eed);
    (0..SPOILED).map(move |_| {
        let (path, text) = random.pick(&files.iter().collect::<Vec<_>>());
        let (text, done) = spoiled(text, &mut random);
        let path = path.clone();
        let mut files = files.clone();
        files.insert(path.clone(), text);
        (files, path, done)
    })
}

#[test]
fn what_is_spoiled_is_taken_or_refused_with_a_place() {
    hold(|seed| {
        for (files, path, done) in spoiled_of(seed) {
            let ours = judge(&files, &paths(&files), &compile_rules());
            let without = ours.all.iter().find(|fault| fault.line == 0);
            if let Some(fault) = without {
                return Err(breach(plain(&fault.message), format!("{path}: {done:?}: {fault}"), &files));
            }
        }
        Ok(())
    });
}

#[test]
#[expect(clippy::print_stderr, reason = "says why it was skipped")]
fn protoc_takes_what_is_valid_and_sees_the_same_in_it() {
    let protoc = match Protoc::find() {
        Ok(protoc) => protoc,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    hold(|seed| {
        let files = made_up(seed);
        let directory = tempfile::tempdir().expect("a place for temporary files");
        protoc::write(directory.path(), &files);
        if let Err(error) = protoc.compile(directory.path(), &paths(&files)) {
            return Err(breach(format!("protoc: {}", plain(&error)), error, &files));
        }
        let ours = judge(&files, &paths(&files), &[]);
        paths(&files).into_iter().try_for_each(|path| compare(&protoc, directory.path(), path, &ours, &files))
    });
}

/// What the schema says of a file against what protoc makes of it.
fn compare(
    protoc: &Protoc,
    directory: &std::path::Path,
    path: &str,
    ours: &judge::Ours,
    files: &Files,
) -> Result<(), Breach> {
    let Some(schema) = &ours.schema else { return Ok(()) };
    let file = schema.files().find(|file| file.name() == path).expect("it was read");
    let descriptor = protoc.descriptor(directory, path);
    let found = catch_unwind(AssertUnwindSafe(|| difference(file, &descriptor)));
    match found.map_err(|panic| panicked(&*panic, files))? {
        Some(difference) => {
            // The path to it is of names that were made up.
            let (way, what) = difference.split_once(": ").unwrap_or_default();
            let last = way.rsplit(['.', ']']).next().unwrap_or_default();
            let kind = if way.contains("options") { "option" } else { last };
            Err(breach(format!("{kind}: {}", plain(what)), format!("{path}: {difference}"), files))
        }
        None => Ok(()),
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "says why it was skipped")]
fn protoc_takes_and_refuses_the_same_spoiled_files() {
    let protoc = match Protoc::find() {
        Ok(protoc) => protoc,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    hold(|seed| {
        let directory = tempfile::tempdir().expect("a place for temporary files");
        for (files, path, done) in spoiled_of(seed) {
            protoc::write(directory.path(), &files);
            let theirs = protoc.compile(directory.path(), &[&path]);
            let ours = judge(&files, &[&path], &compile_rules());
            let only = Files::from([(path.clone(), files[&path].clone())]);
            match (theirs, ours.faults.first()) {
                (Ok(()), Some(fault)) if !protoc::is_refused_by_us_alone(fault) => {
                    return Err(breach(
                        format!("only ours: {}", plain(&fault.message)),
                        format!("{done:?} {fault}"),
                        &only,
                    ));
                }
                (Err(error), None) if !protoc::is_refused_by_protoc_alone(&error) => {
                    return Err(breach(format!("only protoc: {}", plain(&error)), format!("{done:?} {error}"), &only));
                }
                (Ok(()), None) => compare(&protoc, directory.path(), &path, &ours, &files)?,
                _ => {}
            }
        }
        Ok(())
    });
}
