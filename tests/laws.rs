//! What holds for all rules and for every tree: ids, pages, and that findings depend on the schemas alone.
//! `UPDATE_EXPECT=1 cargo test --test laws` rewrites `testdata/rule_ids.txt`.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Parser;
use protolint::cli::{self, Cli};
use protolint::rules::{self, Rule};
use rayon::prelude::*;
use support::{pages, tree};

fn in_repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn all_rules() -> Vec<&'static Rule> {
    rules_of_check().into_iter().chain(rules::breaking_rules()).collect()
}

/// The rules over one schema.
fn rules_of_check() -> Vec<&'static Rule> {
    rules::lint_rules().into_iter().chain(rules::compile_rules()).collect()
}

#[test]
fn pages_are_rules() {
    let folders = [
        ("rules/lint", rules::lint_rules()),
        ("rules/breaking", rules::breaking_rules()),
        ("rules/compile", rules::compile_rules()),
    ];
    for (folder, rules) in folders {
        let names =
            in_repository(folder).read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let pages: BTreeSet<String> = names.collect();
        let ids: BTreeSet<String> = rules.iter().map(|rule| format!("{}.md", rule.id)).collect();
        assert_eq!(pages, ids, "{folder}");
    }
}

#[test]
fn ids_are_unique_sorted_and_in_capitals() {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let mut seen = BTreeSet::new();
    for list in [rules::lint_rules(), rules::breaking_rules(), rules::compile_rules()] {
        assert!(list.is_sorted_by_key(|rule| rule.id));
        for rule in list {
            assert!(rule.id.split('_').all(is_word), "{}", rule.id);
            assert!(seen.insert(rule.id), "{} is there twice", rule.id);
        }
    }
    let groups = [rules::Family::Lint, rules::Family::Breaking].into_iter().flat_map(rules::Family::groups);
    for group in groups {
        assert!(seen.insert(group), "{group} is the name of a rule too, or of a group of the other command");
    }
    assert!(!seen.contains("ALL"), "`ALL` stands for all rules");
}

/// Users name rules in their configuration and comments: one that goes away or is renamed breaks them.
#[test]
fn ids_are_those_of_before() {
    let file = in_repository("testdata/rule_ids.txt");
    let ids: BTreeSet<&str> = all_rules().into_iter().map(|rule| rule.id).collect();
    let text: String = ids.iter().map(|id| format!("{id}\n")).collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text, "UPDATE_EXPECT=1 takes the new ids over");
}

/// The trees that the laws are tried on: one of several packages, and every tree of the pages and the cases that needs
/// no configuration and no arguments.
fn trees() -> Vec<(String, BTreeMap<String, String>)> {
    let mut trees = vec![("testdata/blog".to_owned(), tree::files(&in_repository("testdata/blog")))];
    for rule in rules_of_check() {
        let of_page = pages::trees(rule.page.text).into_iter();
        trees.extend(of_page.map(|tree| (format!("{} / {}", rule.id, tree.section), tree.files)));
    }
    for case in in_repository("testdata/cases").read_dir().unwrap() {
        let case = case.unwrap().path();
        trees.push((case.display().to_string(), tree::files(&case)));
    }
    trees.retain(|(_, files)| {
        !files
            .keys()
            .any(|path| ["args", "stdin", "protolint.yaml", "protolint.baseline.yaml"].contains(&path.as_str()))
    });
    trees
}

/// Calls `law` with each tree, written to disk; what it gives are the faults.
fn for_each_tree(law: impl Fn(&Path, &BTreeMap<String, String>) -> String + Sync) {
    let faults: Vec<String> = trees()
        .into_par_iter()
        .map(|(name, files)| (name, law(tree::project(&files).path(), &files)))
        .filter(|(_, fault)| !fault.is_empty())
        .map(|(name, fault)| format!("{name}\n{fault}"))
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Selects every rule; comments are not looked at, since few examples have any.
const EVERY_RULE: [&str; 4] = ["--use", "ALL", "--except", "COMMENTS"];

/// The findings in these files of a tree, their paths relative to it. No process is started, which would take longer
/// than the rest.
fn check(directory: &Path, paths: &[&str]) -> Vec<String> {
    let outside = tempfile::NamedTempFile::new().unwrap();
    let output = outside.path().to_str().unwrap();
    let paths: Vec<String> = paths.iter().map(|path| directory.join(path).to_str().unwrap().to_owned()).collect();
    let fixed = ["protolint", "check", "--quiet", "--format", "json", "--output", output];
    let arguments = fixed.into_iter().chain(EVERY_RULE).chain(paths.iter().map(String::as_str));
    cli::run(Cli::try_parse_from(arguments).unwrap());
    let way = format!("{}/", directory.display());
    let lines = std::fs::read_to_string(output).unwrap();
    lines.lines().map(|line| line.replace(&way, "")).collect()
}

/// What stands in only one of two lists.
fn difference(what: &str, wanted: &[String], found: &[String]) -> String {
    let less = wanted.iter().filter(|line| !found.contains(line)).map(|line| format!("  {what} lacks {line}\n"));
    let more = found.iter().filter(|line| !wanted.contains(line)).map(|line| format!("  {what} adds {line}\n"));
    let moved = (wanted != found).then(|| format!("  {what} differs\n"));
    less.chain(more).chain(moved).collect()
}

#[test]
fn the_order_of_files_does_not_matter() {
    for_each_tree(|directory, files| {
        let mut paths: Vec<&str> = files.keys().map(String::as_str).collect();
        let forward = check(directory, &paths);
        paths.reverse();
        difference("the reverse order", &forward, &check(directory, &paths))
    });
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let with_threads = |number| rayon::ThreadPoolBuilder::new().num_threads(number).build().unwrap();
    let (one, four) = (with_threads(1), with_threads(4));
    for_each_tree(|directory, _| {
        let findings = one.install(|| check(directory, &[""]));
        difference("with four threads", &findings, &four.install(|| check(directory, &[""])))
    });
}

/// A comment more changes nothing: no rule about changes may report, whatever the schema.
#[test]
fn what_did_not_change_breaks_nothing() {
    for_each_tree(|directory, files| {
        let after = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let text = if path.ends_with(".proto") { format!("{text}\n// The same.\n") } else { text.clone() };
            support::write(after.path(), &BTreeMap::from([(path.clone(), text)]));
        }
        let output = tempfile::NamedTempFile::new().unwrap();
        let [before, after, output] = [directory, after.path(), output.path()].map(|path| path.to_str().unwrap());
        let fixed = ["protolint", "breaking", "--quiet", "--format", "json", "--no-config", "--use", "ALL"];
        let arguments = fixed.into_iter().chain(["--output", output, "--against", before, after]);
        cli::run(Cli::try_parse_from(arguments).unwrap());
        let found = std::fs::read_to_string(output).unwrap();
        found.lines().filter(|line| line.contains("\"layers\":")).map(|line| format!("  {line}\n")).collect()
    });
}

/// A line of JSON without a key that is neither the first nor the last, and whose value has no comma.
fn without_key(line: &str, key: &str) -> String {
    let Some((before, rest)) = line.split_once(&format!("\"{key}\":")) else { return line.to_owned() };
    format!("{before}{}", rest.split_once(',').map_or("", |(_, rest)| rest))
}

/// What a process that runs in a directory finds, without the way from there to the tree: paths are shown from the
/// current directory or in full.
fn check_from(here: &Path, way: &str, tree: &Path) -> Vec<String> {
    let arguments = ["check", "--quiet", "--format", "json"].into_iter().chain(EVERY_RULE).chain([way]);
    let output = support::protolint(here, &arguments.collect::<Vec<_>>());
    let full = format!("{}/", tree.display());
    let without = |line: &str| {
        // Imports may be written like ways, so all of them are left out each time.
        let line = line.replace(&full, "").replace("../", "").replace("./", "").replace(&format!("{way}/"), "");
        let line = without_key(&line, "fingerprint");
        line.replace(&format!("`{}`", tree.display()), "`.`").replace(&format!("`{way}`"), "`.`").replace("`..`", "`.`")
    };
    String::from_utf8(output.stdout).unwrap().lines().map(without).collect()
}

#[test]
fn the_current_directory_does_not_matter() {
    for (name, files) in
        trees().into_iter().filter(|(name, _)| name.contains("import") || name.contains("testdata/blog"))
    {
        let project = tree::project(&files);
        let tree = project.path();
        let (above, below, elsewhere) = (tree.parent().unwrap(), tree.join("below"), tempfile::tempdir().unwrap());
        std::fs::create_dir(&below).unwrap();
        let here = check_from(tree, ".", tree);
        let from_above = check_from(above, tree.file_name().unwrap().to_str().unwrap(), tree);
        assert_eq!(here, from_above, "{name}, from above");
        assert_eq!(here, check_from(&below, "..", tree), "{name}, from below");
        assert_eq!(here, check_from(elsewhere.path(), tree.to_str().unwrap(), tree), "{name}, from elsewhere");
    }
}

#[test]
fn a_file_alone_has_the_findings_it_has_in_its_tree() {
    for_each_tree(|directory, files| {
        let all = check(directory, &[""]);
        let of_file = |path: &String| {
            let own = format!("{{\"path\":\"{path}\",");
            // One finding stands for all files that import what is missing, and a name of two files is reported in one
            // of those that are checked.
            let is_of_one = |line: &String| {
                ["COMPILE_IMPORT_NOT_FOUND", "COMPILE_DUPLICATE_SYMBOL"].iter().any(|rule| line.contains(rule))
            };
            let is_own = |line: &&String| line.starts_with(&own) && !is_of_one(line);
            let in_tree: Vec<String> = all.iter().filter(is_own).cloned().collect();
            // What is wrong with an import is reported where it is imported, unless it is a target file itself.
            let mut alone = check(directory, &[path]);
            alone.retain(|line| !line.contains("does not parse") && !is_of_one(line));
            difference("alone", &in_tree, &alone)
        };
        files.keys().map(of_file).collect()
    });
}

/// Rules that only a test in Rust can trigger.
const ELSEWHERE: [(&str, &str); 11] = [
    ("INPUT_UNREADABLE", "tests/cli.rs"),
    ("SELF_CHECK", "src/run/self_check.rs"),
    ("BASE_COLLISION", "tests/repositories/collisions.rs"),
    ("FIELD_NUMBER_EVER_USED", "tests/repositories/ever_used.rs"),
    ("FIELD_NAME_EVER_USED", "tests/repositories/ever_used.rs"),
    ("ENUM_VALUE_NUMBER_EVER_USED", "tests/repositories/ever_used.rs"),
    ("RPC_NAME_EVER_USED", "tests/repositories/ever_used.rs"),
    ("RESERVED_DROPPED_EVER", "tests/repositories/ever_used.rs"),
    ("DELETED_BEFORE_DEPRECATION_ENDS", "tests/deprecation.rs"),
    ("ACCEPTED_STALE", "tests/suppressed/accepted.rs"),
    ("ACCEPTED_EXPIRED", "tests/suppressed/accepted.rs"),
];

/// A rule that nothing triggers is not tested: each is marked in an example or a case, or seen in a transcript.
#[test]
fn every_rule_fires_somewhere() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for rule in all_rules() {
        let marks = pages::trees(rule.page.text).into_iter().flat_map(|tree| support::marks(&tree.files, rule.id));
        seen.extend(marks.map(|mark| mark.rule));
    }
    for case in in_repository("testdata/cases").read_dir().unwrap() {
        seen.extend(support::marks(&tree::files(&case.unwrap().path()), "").into_iter().map(|mark| mark.rule));
    }
    for (id, test) in ELSEWHERE {
        assert!(std::fs::read_to_string(in_repository(test)).unwrap().contains(id), "{test} does not speak of {id}");
        seen.insert(id.to_owned());
    }
    for transcript in in_repository("testdata/cli").read_dir().unwrap() {
        let path = transcript.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "trycmd") {
            let text = std::fs::read_to_string(path).unwrap();
            let found = text.lines().filter(|line| line.contains(": error ") || line.contains(": warning "));
            seen.extend(found.flat_map(|line| line.split_whitespace()).map(str::to_owned));
        }
    }
    let silent: Vec<&str> = all_rules().into_iter().map(|rule| rule.id).filter(|id| !seen.contains(*id)).collect();
    assert!(silent.is_empty(), "{silent:?}");
}
