//! Replays what fuzzing found and what it keeps, and holds its laws for some of the schemas and configurations of the
//! project's own pages and tests. With `FUZZ_SEEDS=DIRECTORY` it takes all of these, and writes them there as inputs for
//! the fuzz targets to start from.

#![allow(unreachable_pub, clippy::unwrap_used)]

#[path = "fuzz/laws.rs"]
mod laws;
#[path = "fuzz/seeds.rs"]
mod seeds;
mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Which of the seeds are run unless all are asked for: one of so many, as other tests look at their schemas too.
const SEED_STEP: usize = 10;

/// Runs a target on everything there is for it.
fn replay(target: &str, law: fn(&[u8])) {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let mut inputs: Vec<(String, Vec<u8>)> = Vec::new();
    for folder in ["finds", "corpus"] {
        let mut paths: Vec<_> = fuzz
            .join(folder)
            .join(target)
            .read_dir()
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        inputs.extend(paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(path).unwrap())));
    }
    assert!(!inputs.is_empty(), "fuzz/corpus/{target} is empty");
    let own = seeds::of(target);
    assert!(own.len() > 10, "{target} has no seeds");
    let step = match std::env::var_os("FUZZ_SEEDS") {
        Some(directory) => {
            seeds::write(&Path::new(&directory).join(target), &own);
            1
        }
        None => SEED_STEP,
    };
    inputs.extend(own.into_iter().step_by(step));
    let is_broken = |(_, bytes): &&(String, Vec<u8>)| catch_unwind(AssertUnwindSafe(|| law(bytes))).is_err();
    let broken: Vec<&String> = inputs.iter().filter(is_broken).map(|(name, _)| name).collect();
    assert!(broken.is_empty(), "of {} inputs of {target} these break a law: {broken:#?}", inputs.len());
}

#[test]
fn cel_holds() {
    replay("cel", laws::cel);
}

#[test]
fn check_holds() {
    replay("check", laws::check);
}

#[test]
fn breaking_holds() {
    replay("breaking", laws::breaking);
}

#[test]
fn config_holds() {
    replay("config", laws::config);
}

#[test]
fn descriptor_set_holds() {
    replay("descriptor_set", laws::descriptor_set);
}

#[test]
fn directives_hold() {
    replay("directives", laws::directives);
}

#[test]
fn fix_holds() {
    replay("fix", laws::fix);
}

#[test]
fn format_holds() {
    replay("format", laws::format);
}

#[test]
fn payload_holds() {
    replay("payload", laws::payload);
}

#[test]
fn syntax_holds() {
    replay("syntax", laws::syntax);
}
