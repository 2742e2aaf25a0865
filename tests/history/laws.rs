//! Laws over random histories: the model's answers; a single step is what `breaking` says; the cache and the order of
//! equal tags change nothing.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::model::{Answers, Random, World};
use super::{by_protoc, history, lines};
use crate::support::repository::Scratch;

/// A repository with the releases of a random history, sorted by version, the present last.
struct Case {
    at: String,
    releases: Vec<(Option<String>, World)>,
}

fn cases() -> usize {
    std::env::var("PROTOLINT_HISTORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(8)
}

/// Lays the files of a state into a repository and commits them.
fn commit(scratch: &Scratch, at: &str, world: &World) {
    let _ = std::fs::remove_dir_all(scratch.path(&format!("{at}/proto")));
    for (path, text) in world.texts() {
        scratch.write(&format!("{at}/{path}"), &text);
    }
    scratch.git(at, "add -A");
    scratch.git(at, "commit -q --allow-empty -m change");
}

/// A branch with an edit of its own that is merged.
fn merge(scratch: &Scratch, at: &str, world: &World) {
    scratch.git(at, "checkout -q -b side");
    commit(scratch, at, world);
    scratch.git(at, "checkout -q main");
    scratch.commit(at, &[("notes.txt", &scratch.git(at, "rev-parse side"))]);
    scratch.git(at, "merge -q --no-ff -m merge side");
    scratch.git(at, "branch -q -d side");
}

/// Tags the commit of a release, by one or several tags; the highest names it.
fn tag(scratch: &Scratch, at: &str, random: &mut Random, number: usize) -> String {
    let (minor, patch) = (number / 3, number % 3);
    let name = format!("v1.{minor}.{patch}");
    match random.below(6) {
        0 => {
            scratch.git(at, &format!("tag -a -m release {name}-rc.2"));
            scratch.git(at, &format!("tag {name}-rc.10"));
            format!("{name}-rc.10")
        }
        1 => {
            scratch.git(at, &format!("tag {name}"));
            scratch.git(at, &format!("tag -a -m candidate {name}-alpha"));
            // What is no version is no release.
            scratch.git(at, &format!("tag nightly-{number}"));
            name
        }
        2 => {
            scratch.git(at, &format!("tag -a -m release {name}"));
            name
        }
        _ => {
            scratch.git(at, &format!("tag {name}"));
            name
        }
    }
}

fn case(scratch: &Scratch, seed: usize) -> Case {
    let at = format!("case{seed}");
    scratch.git("", &format!("init -q {at}"));
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (seed as u64 + 1) << 20);
    let mut world = World::new(&mut random);
    let (mut releases, mut worlds) = (Vec::new(), Vec::new());
    for number in 0..6 + random.below(8) {
        if number > 0 && random.below(4) > 0 {
            world.edit(&mut random, &worlds);
        }
        match random.below(4) {
            0 if number > 0 => merge(scratch, &at, &world),
            _ => commit(scratch, &at, &world),
        }
        let name = tag(scratch, &at, &mut random, number);
        worlds.push(world.clone());
        releases.push((Some(name), world.clone()));
    }
    world.edit(&mut random, &worlds);
    commit(scratch, &at, &world);
    releases.push((None, world));
    // What is not behind `HEAD` is not its past.
    scratch.git(&at, "checkout -q -b other");
    std::fs::remove_dir_all(scratch.path(&format!("{at}/proto"))).unwrap();
    scratch.git(&at, "commit -q -a -m other");
    scratch.git(&at, "tag v0.1.0");
    scratch.git(&at, "checkout -q main");
    Case { at, releases }
}

fn sorted(mut lines: Vec<Value>) -> Vec<Value> {
    lines.sort_by_key(Value::to_string);
    lines
}

#[track_caller]
fn assert_same(found: Vec<Value>, expected: Vec<Value>, what: &str) {
    let text = |lines: Vec<Value>| sorted(lines).iter().map(Value::to_string).collect::<BTreeSet<_>>();
    let (found, expected) = (text(found), text(expected));
    let missing: Vec<&String> = expected.difference(&found).collect();
    let more: Vec<&String> = found.difference(&expected).collect();
    assert!(missing.is_empty() && more.is_empty(), "{what}\nexpected {missing:#?}\nfound {more:#?}");
}

#[test]
fn histories_have_the_answers_of_the_model() {
    let Some(scratch) = Scratch::new() else { return };
    let (mut reused, mut with_gap) = (0, 0);
    for seed in 0..cases() {
        let case = case(&scratch, seed);
        let answers = Answers::new(&case.releases);
        let leaves = |line: &Value| line["container"].as_str().unwrap().starts_with("leaf.v1.");
        let all: Vec<Value> = lines(&scratch, &case.at, "").into_iter().filter(|line| !leaves(line)).collect();
        assert_same(all, answers.lines(false), &format!("seed {seed}, all"));
        let expected = answers.lines(true);
        reused += expected.len();
        with_gap += expected.iter().filter(|line| line.to_string().contains("after_gap")).count();
        assert_same(lines(&scratch, &case.at, "--reused"), expected, &format!("seed {seed}, reused"));
    }
    assert!(reused > cases() && with_gap > 0, "{reused} reused, {with_gap} with a gap");
}

#[test]
fn protoc_and_the_script_find_the_answers_of_the_model() {
    let Some(scratch) = Scratch::new() else { return };
    for seed in 0..cases().div_ceil(4) {
        let case = case(&scratch, seed);
        let Some(found) = by_protoc(&scratch, &case.at) else { return };
        let leaves = |line: &Value| line["container"].as_str().unwrap().starts_with("leaf.v1.");
        let found = found.into_iter().filter(|line| !leaves(line)).collect();
        assert_same(found, Answers::new(&case.releases).lines(false), &format!("seed {seed}, by protoc"));
    }
}

#[test]
fn one_step_is_what_breaking_reports() {
    let Some(scratch) = Scratch::new() else { return };
    let mut steps = 0;
    for seed in 0..cases() {
        let case = case(&scratch, seed);
        let answers = Answers::new(&case.releases);
        for at in 1..case.releases.len() {
            let (before, after) = (&case.releases[at - 1].0, &case.releases[at].0);
            let expected = answers.reused_at(at);
            let after = after.as_deref().unwrap_or("main");
            scratch.git(&case.at, &format!("checkout -q --detach {after}"));
            let line = format!("--against tip:{} --layers wire,grpc", before.as_deref().unwrap());
            let found = broken(&scratch, &case.at, &line);
            assert_eq!(found, expected, "seed {seed}, {before:?} to {after}");
            steps += expected.len();
        }
    }
    assert!(steps > cases(), "{steps} reuses");
}

/// What `breaking` reports as something else on the wire: elements that both sides have, by their names now.
fn broken(scratch: &Scratch, at: &str, line: &str) -> BTreeSet<String> {
    const RULES: [&str; 6] = [
        "FIELD_REUSED",
        "FIELD_SAME_TYPE",
        "FIELD_SAME_CARDINALITY",
        "ENUM_VALUE_SAME_NAME",
        "RPC_SAME_REQUEST_TYPE",
        "RPC_SAME_RESPONSE_TYPE",
    ];
    let run = scratch.breaking(at, line);
    let mut found = BTreeSet::new();
    for finding in run.findings.iter().filter(|finding| RULES.contains(&finding.rule.as_str())) {
        let is_value = finding.rule == "ENUM_VALUE_SAME_NAME";
        let is_lossy = finding.message.contains("for some values only");
        let path = scratch.path(&format!("{at}/{}", finding.path.as_deref().unwrap()));
        let text = std::fs::read_to_string(path).unwrap();
        let declared = text.lines().nth(finding.start_line.unwrap() as usize - 1).unwrap();
        if !is_lossy && (is_value || finding.severity == "error") {
            found.insert(name_in(declared));
        }
    }
    found
}

/// The name that a line declares: that of an rpc, or what is before the number.
fn name_in(line: &str) -> String {
    let line = line.trim();
    match line.strip_prefix("rpc ") {
        Some(rpc) => rpc.split('(').next().unwrap().to_owned(),
        None => line.split(" = ").next().unwrap().rsplit(' ').next().unwrap().to_owned(),
    }
}

/// What becomes of the bytes of a file.
type Damage = fn(&[u8]) -> Vec<u8>;

#[test]
fn a_cache_of_fewer_releases_changes_nothing() {
    let Some(scratch) = Scratch::new() else { return };
    for seed in 0..cases().div_ceil(2) {
        let case = case(&scratch, seed);
        let cache = scratch.path(&format!("{}/.git/protolint", case.at));
        let at_each = |is_cold: bool| {
            let mut printed = Vec::new();
            for (name, _) in &case.releases {
                scratch.git(&case.at, &format!("checkout -q --detach {}", name.as_deref().unwrap_or("main")));
                if is_cold {
                    let _ = std::fs::remove_dir_all(&cache);
                }
                printed.push(history(&scratch, &case.at, "--format json").stdout);
            }
            printed
        };
        let (cold, growing) = (at_each(true), at_each(false));
        for (at, (cold, growing)) in cold.iter().zip(&growing).enumerate() {
            assert_eq!(growing, cold, "seed {seed}, release {at}");
        }
        // And back.
        scratch.git(&case.at, &format!("checkout -q --detach {}", case.releases[2].0.as_deref().unwrap()));
        assert_eq!(history(&scratch, &case.at, "--format json").stdout, cold[2], "seed {seed}");
    }
}

#[test]
fn the_cache_changes_nothing() {
    let Some(scratch) = Scratch::new() else { return };
    let case = case(&scratch, 3);
    let print = |at: &str| {
        let printed = history(&scratch, at, "--format json");
        assert_eq!(printed.status, 0, "{}", printed.stderr);
        (printed.stdout, printed.stderr)
    };
    let cold = print(&case.at);
    let cache = scratch.path(&format!("{}/.git/protolint", case.at));
    let files = files_below(&cache);
    assert!(!files.is_empty(), "there is no cache in {}", cache.display());
    assert_eq!(print(&case.at), cold, "warm");
    // A cache that another version wrote, and damaged ones.
    let texts: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    let damages: [(&str, Damage); 6] = [
        ("empty", |_| Vec::new()),
        ("cut", |text| text[..text.len() / 2].to_vec()),
        ("another version", |text| {
            let version = env!("CARGO_PKG_VERSION").as_bytes();
            let at = text.windows(version.len()).position(|window| window == version).unwrap();
            [&text[..at], &vec![b'9'; version.len()], &text[at + version.len()..]].concat()
        }),
        ("a byte changed in the middle", |text| {
            let mut text = text.to_vec();
            let middle = text.len() / 2;
            if let Some(byte) = text.get_mut(middle) {
                *byte ^= 0x55;
            }
            text
        }),
        ("more at the end", |text| [text, b"more"].concat()),
        ("another file", |_| vec![0xff; 5000]),
    ];
    for (what, damage) in damages {
        for (file, text) in files.iter().zip(&texts) {
            std::fs::write(file, damage(text)).unwrap();
        }
        assert_eq!(print(&case.at).0, cold.0, "{what}");
        assert_eq!(print(&case.at), cold, "{what}, a second time");
    }
    std::fs::remove_dir_all(&cache).unwrap();
    assert_eq!(print(&case.at), cold, "deleted");
    // A directory where a file should be.
    for file in files_below(&cache) {
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
    }
    assert_eq!(print(&case.at).0, cold.0, "directories");
    // A directory that cannot be.
    std::fs::remove_dir_all(&cache).unwrap();
    std::fs::write(&cache, "a file").unwrap();
    assert_eq!(print(&case.at).0, cold.0, "a file instead of the directory");
}

fn files_below(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => files.extend(files_below(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files
}

#[test]
fn the_order_of_equal_tags_changes_nothing() {
    let Some(scratch) = Scratch::new() else { return };
    let one = "syntax = \"proto3\";\npackage a.v1;\nmessage M {\n  string note = 7;\n}\n";
    let two = "syntax = \"proto3\";\npackage a.v1;\nmessage M {\n  int64 paid = 7;\n}\n";
    scratch.git("", "init -q r");
    let first = scratch.commit("r", &[("a.proto", one)]);
    let second = scratch.commit("r", &[("a.proto", two)]);
    let tags =
        [("v1.0.0", &first), ("v1.0.0-rc.1", &first), ("1.0.0", &first), ("v1.1.0", &second), ("v1.1.0-rc.1", &second)];
    let mut printed = BTreeSet::new();
    for turn in 0..tags.len() {
        for is_annotated in [false, true] {
            scratch.git("", &format!("clone -q {} clone", scratch.url("r")));
            for at in 0..tags.len() {
                let (name, commit) = tags[(at + turn) % tags.len()];
                let message = if is_annotated { "-a -m release" } else { "" };
                scratch.git("clone", &format!("tag {message} {name} {commit}"));
            }
            if is_annotated {
                scratch.git("clone", "pack-refs --all");
            }
            printed.insert(history(&scratch, "clone", "--format json --reused").stdout);
            std::fs::remove_dir_all(scratch.path("clone")).unwrap();
        }
    }
    assert_eq!(printed.len(), 1, "{printed:#?}");
    assert!(printed.first().unwrap().contains(r#""from":"v1.0.0","to":"v1.0.0""#), "{printed:#?}");
}
