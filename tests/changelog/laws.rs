//! Laws of the changelog, over all pairs of test data, in both directions.

use std::collections::BTreeSet;
use std::fmt::Write;

use protolint::finding::Layer;
use protolint::{Bump, ChangeKind, Changelog, Entry, Policy, Project, Sides, compare};
use rayon::prelude::*;

use super::facts::{self, Fact};
use super::patch;
use super::support::cases::{self, Files};

pub(crate) fn project(files: &Files) -> Project {
    Project::in_memory(files.clone())
}

pub(crate) fn changelog(before: &Files, after: &Files) -> Changelog {
    Sides::new(&project(before), &project(after)).changelog()
}

/// What other test data does not change: before and after.
const RARE: [(&str, &str, &str); 3] = [
    (
        "extensions and oneofs",
        "syntax = \"proto2\";\npackage a.v1;\nimport \"google/protobuf/descriptor.proto\";\nmessage M {\n  extensions 100 to 199;\n  \
         extensions 500 to max;\n  // Either.\n  oneof kind {\n    string a = 1;\n    bytes b = 2;\n  }\n}\n\
         extend M {\n  optional int32 x = 100 [default = 3];\n \n}\n\
         message Rule { repeated string names = 1; map<string, int32> by_name = 2; optional Rule inner = 3; optional double d = 4; }\n\
         extend google.protobuf.OneofOptions { optional Rule rule = 50000; }\n\
         extend google.protobuf.FieldOptions { optional Rule field_rule = 50000; repeated Rule rules = 50001; }\n\
         message N { optional string s = 1 [(field_rule).names = \"a\", (field_rule).inner.d = 1]; optional bool t = 2 [default = true]; }\n",
        "syntax = \"proto2\";\npackage a.v1;\nimport \"google/protobuf/descriptor.proto\";\nmessage M {\n  extensions 100 to 299;\n  \
         extensions 500 to max;\n  // One of both.\n  oneof kind {\n    option (rule) = { names: [\"a\", 'b'] by_name { key: \"k\" value: 1 } };\n    \
         string a = 1;\n    bytes b = 2;\n  }\n}\n\
         extend M {\n  repeated int32 x = 100;\n \n}\n\
         message Rule { repeated string names = 1; map<string, int32> by_name = 2; optional Rule inner = 3; optional double d = 4; }\n\
         extend google.protobuf.OneofOptions { optional Rule rule = 50000; }\n\
         extend google.protobuf.FieldOptions { optional Rule field_rule = 50000; repeated Rule rules = 50001; }\n\
         message N { optional string s = 1 [(field_rule) = { names: \"a\" inner: { d: 1.0 } }, (rules) = { d: -1e300 }, (rules) = { d: inf }]; \
         optional bool t = 2 [default = false]; }\n",
    ),
    (
        "visibility",
        "edition = \"2024\";\npackage a.v1;\nexport message M {}\nlocal enum E { E_UNSPECIFIED = 0; }\n",
        "edition = \"2024\";\npackage a.v1;\nlocal message M {}\nexport enum E { E_UNSPECIFIED = 0; }\n",
    ),
    (
        "packages and numbers that are exchanged",
        "syntax = \"proto3\";\npackage a.v1;\nmessage M { string a = 1; bytes b = 2; M c = 3; map<int32, M.N> d = 4; message N {} }\n\
         enum E { option allow_alias = true; E_UNSPECIFIED = 0; E_A = 1; E_B = 1; }\n",
        "syntax = \"proto3\";\npackage a.v2;\nmessage M { string b = 1; bytes a = 2; M c = 5; map<int32, M.N> d = 4; message N { N n = 1; } }\n\
         enum E { option allow_alias = true; E_UNSPECIFIED = 0; E_B = 1; E_C = 1; }\n",
    ),
];

fn rare((name, before, after): &(&str, &str, &str)) -> (String, Files, Files) {
    let file = |text: &str| Files::from([("a/v1/a.proto".to_owned(), text.to_owned())]);
    ((*name).to_owned(), file(before), file(after))
}

/// All pairs, each in both directions.
pub(crate) fn pairs() -> Vec<(String, Files, Files)> {
    let turned = |(name, before, after): (String, Files, Files)| {
        let back = (format!("{name}, the other way round"), after.clone(), before.clone());
        [(name, before, after), back]
    };
    cases::all().into_iter().chain(RARE.iter().map(rare)).flat_map(turned).collect()
}

#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.concat());
}

/// Whether options have messages in `Any`, which descriptors only have as bytes.
fn has_packed_any(files: &Files) -> bool {
    files.values().any(|text| text.contains("[type.googleapis.com/"))
}

/// What the two sets do not share.
fn difference(expected: &BTreeSet<Fact>, found: &BTreeSet<Fact>) -> String {
    let mut text = String::new();
    for fact in expected.difference(found).take(8) {
        writeln!(text, "  missing: {fact:?}").unwrap();
    }
    for fact in found.difference(expected).take(8) {
        writeln!(text, "  not there: {fact:?}").unwrap();
    }
    text
}

/// What is wrong with the changelog as a patch between descriptors.
pub(crate) fn faults_of_patch(
    name: &str,
    before: &BTreeSet<Fact>,
    after: &BTreeSet<Fact>,
    entries: &[Entry],
) -> String {
    match patch::applied(before, entries) {
        Err(fault) => format!("{name}: {fault}\n"),
        Ok(found) if found != *after => format!("{name}:\n{}", difference(after, &found)),
        Ok(_) => String::new(),
    }
}

#[test]
fn applied_to_the_earlier_descriptors_it_gives_the_later_ones() {
    let compiled: Vec<(String, String)> = pairs()
        .into_par_iter()
        .filter(|(_, before, after)| !has_packed_any(before) && !has_packed_any(after))
        .filter_map(|(name, before, after)| {
            let [old, new] = [&before, &after].map(|files| Some(facts::facts(&facts::compiled(files)?, files.keys())));
            let fault = faults_of_patch(&name, &old?, &new?, &changelog(&before, &after).entries);
            Some((name, fault))
        })
        .collect();
    assert!(compiled.len() > 240, "{} pairs compile", compiled.len());
    none(compiled.into_iter().map(|(_, fault)| fault).filter(|fault| !fault.is_empty()).collect());
}

#[test]
fn what_did_not_change_has_no_entry() {
    let faults = pairs().into_par_iter().filter_map(|(name, before, _)| {
        let entries = changelog(&before, &before).entries;
        (!entries.is_empty()).then(|| format!("{name}: {} {:?}\n", told(&entries[0]), entries[0].findings))
    });
    none(faults.collect());
}

#[test]
fn every_finding_of_breaking_is_in_it() {
    let faults = pairs().into_par_iter().flat_map_iter(|(name, before, after)| {
        let (before, after) = (project(&before), project(&after));
        let entries = Sides::new(&before, &after).changelog().entries;
        let policies = [Policy::default(), Policy::by_layers(&Layer::ALL)];
        let findings = policies.into_iter().flat_map(|policy| compare(&before, &after, &policy).findings);
        let is_missing = |finding: &protolint::finding::Finding| {
            let known =
                |known: &protolint::finding::Finding| known.rule == finding.rule && known.message == finding.message;
            finding.change.is_some() && !entries.iter().any(|entry| entry.findings.iter().any(known))
        };
        let missing: Vec<_> = findings.filter(is_missing).collect();
        missing.into_iter().map(move |finding| format!("{name}: {} {}\n", finding.rule, finding.message))
    });
    none(faults.collect());
}

#[test]
fn what_breaks_something_comes_first_and_what_lies_in_others_not_at_all() {
    let faults = pairs().into_par_iter().filter_map(|(name, before, after)| {
        let entries = changelog(&before, &after).entries;
        let is_sorted = entries.is_sorted_by_key(|entry| !entry.is_breaking());
        let whole: BTreeSet<&str> = entries
            .iter()
            .filter(|entry| matches!(entry.change, ChangeKind::Added | ChangeKind::Deleted))
            .map(|entry| entry.symbol.as_str())
            .collect();
        let lies_in_one = |entry: &&Entry| {
            let dots = entry.symbol.match_indices('.').map(|(at, _)| &entry.symbol[..at]);
            let same_change = |outer: &str| {
                entries.iter().any(|found| {
                    found.symbol == outer && found.change == entry.change && found.kind.name() != "package"
                })
            };
            matches!(entry.change, ChangeKind::Added | ChangeKind::Deleted)
                && dots.into_iter().any(|outer| whole.contains(outer) && same_change(outer))
        };
        let inner = entries.iter().find(lies_in_one).map(|entry| entry.symbol.clone());
        (!is_sorted || inner.is_some()).then(|| format!("{name}: {is_sorted} {inner:?}\n"))
    });
    none(faults.collect());
}

#[test]
fn time_follows_the_input_alone() {
    let most = 2_000;
    let lines = |line: &dyn Fn(usize) -> String| (1..=most).map(line).collect::<String>();
    let file = |body: String| {
        Files::from([("a/v1/a.proto".to_owned(), format!("syntax = \"proto3\";\npackage a.v1;\n{body}"))])
    };
    let message = |line: &dyn Fn(usize) -> String| file(format!("message M {{\n{}}}\n", lines(line)));
    let with_values = |suffix: &str| {
        let values = lines(&|n| format!("  V{n}{suffix} = {n};\n"));
        file(format!("enum E {{\n  E_UNSPECIFIED = 0;\n{values}}}\n"))
    };
    let with_oneofs = |suffix: &str| message(&|n| format!("  oneof o{n}{suffix} {{ string f{n} = {n}; }}\n"));
    for (before, after, expected) in [
        (message(&|n| format!("  string a{n} = {n};\n")), message(&|n| format!("  bytes b{n} = {n};\n")), most),
        (message(&|_| String::new()), message(&|n| format!("  string a{n} = {n};\n")), most),
        (with_values(""), with_values("X"), most),
        (with_oneofs(""), with_oneofs("x"), 3 * most),
        (message(&|n| format!("  reserved {};\n", 2 * n)), message(&|n| format!("  reserved {};\n", 4 * n)), 1),
        (file(lines(&|n| format!("message M{n} {{}}\n"))), file(lines(&|n| format!("message N{n} {{}}\n"))), 2 * most),
    ] {
        assert_eq!(changelog(&before, &after).entries.len(), expected);
    }
}

/// The same files below a directory and a package of their own.
fn apart(files: &Files, label: &str) -> Option<Files> {
    let is_alone = files.values().all(|text| text.contains("package ") && !text.contains("import \""));
    let renamed = files.iter().map(|(path, text)| {
        let text = text.replacen("package ", &format!("package {label}."), 1);
        (format!("{label}/{path}"), text)
    });
    is_alone.then(|| renamed.collect())
}

#[test]
fn the_bump_over_a_chain_is_at_least_that_of_its_largest_step() {
    let all: Vec<_> = cases::all()
        .into_iter()
        .filter_map(|(name, before, after)| Some((name, apart(&before, "one")?, apart(&after, "one")?)))
        .collect();
    let bump = |before: &Files, after: &Files| changelog(before, after).bump(false).0;
    let join = |one: &Files, other: &Files| one.clone().into_iter().chain(other.clone()).collect::<Files>();
    let seen: Vec<Result<Bump, String>> = (0..all.len())
        .into_par_iter()
        .map(|at| {
            let (name, old, new) = &all[at];
            let (other_name, other_old, other_new) = &all[(at * 7 + 3) % all.len()];
            let other = |files: &Files| -> Files {
                files
                    .iter()
                    .map(|(path, text)| {
                        (path.replacen("one/", "two/", 1), text.replacen("package one.", "package two.", 1))
                    })
                    .collect()
            };
            let (other_old, other_new) = (other(other_old), other(other_new));
            let states = [join(old, &other_old), join(new, &other_old), join(new, &other_new)];
            let largest = bump(&states[0], &states[1]).max(bump(&states[1], &states[2]));
            let whole = bump(&states[0], &states[2]);
            if whole >= largest {
                Ok(whole)
            } else {
                Err(format!("{name}, then {other_name}: {whole:?} after {largest:?}\n"))
            }
        })
        .collect();
    let (seen, faults): (Vec<_>, Vec<_>) = seen.into_iter().partition(Result::is_ok);
    none(faults.into_iter().filter_map(Result::err).collect());
    let seen: BTreeSet<Bump> = seen.into_iter().filter_map(Result::ok).collect();
    assert!(seen.contains(&Bump::Major) && seen.contains(&Bump::Minor), "{seen:?}");
}

/// What an entry says, whatever its places.
pub(crate) fn told(entry: &Entry) -> String {
    let Entry { change, kind, symbol, former_symbol, before, after, details, .. } = entry;
    format!("{} {} {symbol} {former_symbol:?} {before:?} {after:?} {details:?}", change.name(), kind.name())
}

#[test]
fn descriptor_sets_give_the_same_but_comments() {
    let mut compared = 0;
    let mut faults = Vec::new();
    let pairs = pairs().into_iter().filter(|(_, before, after)| !has_packed_any(before) && !has_packed_any(after));
    for (name, before, after) in pairs {
        let sets = [&before, &after].map(|files| {
            let pool = facts::compiled(files)?;
            let mut set = prost_reflect::prost_types::FileDescriptorSet::default();
            set.file.extend(pool.file_descriptor_protos().cloned());
            let mut bytes = Vec::new();
            pool.encode(&mut bytes).ok()?;
            Some(bytes)
        });
        let [Some(old), Some(new)] = sets else { continue };
        let [old, new] = [old, new].map(|bytes| Project::from_descriptor_set(&bytes).unwrap());
        let is_of_both = |entry: &&Entry| entry.change != ChangeKind::Documented;
        let tell = |changelog: &Changelog| -> BTreeSet<String> {
            changelog.entries.iter().filter(is_of_both).map(told).collect()
        };
        let (of_sets, of_texts) = (tell(&Sides::new(&old, &new).changelog()), tell(&changelog(&before, &after)));
        compared += 1;
        if of_sets != of_texts {
            let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).next().cloned();
            faults.push(format!(
                "{name}:\n  set: {:?}\n  text: {:?}\n",
                only(&of_sets, &of_texts),
                only(&of_texts, &of_sets)
            ));
        }
    }
    assert!(compared > 240, "{compared}");
    none(faults);
}

/// `CHANGELOG_TREES=BEFORE,AFTER` tries two directories of your own, which protoc has to compile.
#[test]
fn applied_to_the_descriptors_of_a_tree_it_gives_those_of_the_other_one() {
    let Ok(trees) = std::env::var("CHANGELOG_TREES") else { return };
    let (before, after) = trees.split_once(',').unwrap();
    let facts = [before, after].map(|tree| {
        let names: Vec<String> = walkdir::WalkDir::new(tree)
            .into_iter()
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "proto"))
            .map(|path| path.strip_prefix(tree).unwrap().to_str().unwrap().to_owned())
            .collect();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("names"), names.join("\n")).unwrap();
        let mut protoc = std::process::Command::new("protoc");
        protoc.current_dir(tree).args(["-I.", "--include_imports"]);
        protoc.arg(format!("--descriptor_set_out={}/set", directory.path().display()));
        assert!(protoc.arg(format!("@{}/names", directory.path().display())).status().unwrap().success());
        let set = std::fs::read(directory.path().join("set")).unwrap();
        facts::facts(&prost_reflect::DescriptorPool::decode(&set[..]).unwrap(), &names)
    });
    let mut settings = protolint::Settings::default();
    settings.paths.push(after.into());
    settings.base.against = Some(before.to_owned());
    settings.base.exact = true;
    let protolint::FoundBase::Base(mut base) = protolint::Base::find(&settings).unwrap() else { unreachable!() };
    let entries = Sides::open(&settings, &mut base, &|| ()).unwrap().changelog().entries;
    eprintln!("{} entries, {} facts", entries.len(), facts[0].len());
    assert!(!entries.is_empty());
    none(
        Some(faults_of_patch("trees", &facts[0], &facts[1], &entries))
            .filter(|fault| !fault.is_empty())
            .into_iter()
            .collect(),
    );
}
