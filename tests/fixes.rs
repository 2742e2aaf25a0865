//! What holds for every fix: the tree still compiles, less is found, a second run changes nothing, and the page of the
//! rule says how safe it is. Cases under `testdata/fix` hold trees before and after; `UPDATE_EXPECT=1` rewrites the
//! latter.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use protolint::rules::{self, Family, Rule};
use protolint::{FixSession, Project, Report, Rules};
use rayon::prelude::*;

type Files = BTreeMap<String, String>;

/// What a run with these arguments makes of a tree, and what it says on stderr.
fn fixed(files: &Files, arguments: &[&str]) -> (Files, String) {
    let directory = support::tree::project(files);
    let output = support::protolint(directory.path(), arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code().is_some_and(|code| code < 2), "{said}");
    (support::tree::files(directory.path()), said)
}

/// How many findings there are, and what is reported of faults that no selection switches off.
fn found(files: &Files, uses: &[&str]) -> (usize, Vec<String>) {
    let directory = support::tree::project(files);
    let findings = support::check(directory.path(), uses);
    let is_fault = |rule: &str| {
        rules::find(rule).is_some_and(|rule| Family::of(rule).is_none() && rule.id.starts_with("COMPILE_"))
    };
    let faults = findings.iter().filter(|finding| is_fault(&finding.rule)).map(|finding| finding.message.clone());
    (findings.len(), faults.collect())
}

/// What is wrong with what `--fix` does to a tree under these arguments; empty if nothing is.
fn faults_of_fix(rule: &Rule, files: &Files, uses: &[&str]) -> String {
    let mut faults = String::new();
    for level in [&["check", "--fix"][..], &["check", "--fix", "--unsafe", "--rename-published"]] {
        let arguments: Vec<&str> = level.iter().chain(uses).copied().collect();
        let (after_fix, said) = fixed(files, &arguments);
        if after_fix == *files {
            continue;
        }
        let ((before, old_faults), (after, new_faults)) = (found(files, uses), found(&after_fix, uses));
        if after >= before {
            faults += &format!("{}: {arguments:?} leaves {after} of {before} findings\n{said}", rule.id);
        }
        if let Some(fault) = new_faults.iter().find(|fault| !old_faults.contains(fault)) {
            faults += &format!("{}: {arguments:?} brings: {fault}\n", rule.id);
        }
        let (again, _) = fixed(&after_fix, &arguments);
        if again != after_fix {
            faults += &format!("{}: {arguments:?} does not come to rest\n", rule.id);
        }
    }
    faults
}

/// What is wrong with what the page says about the fix; empty if nothing is.
fn faults_of_page(rule: &Rule, trees: &[Files], uses: &[&str]) -> String {
    let changes = |level: &[&str]| {
        let arguments: Vec<&str> = ["check"].iter().chain(level).chain(uses).copied().collect();
        trees.iter().any(|files| fixed(files, &arguments).0 != *files)
    };
    let seen = match (changes(&["--fix"]), changes(&["--fix", "--unsafe", "--rename-published"])) {
        (true, _) => "safe",
        (false, true) => "unsafe",
        (false, false) => "none",
    };
    let said = rule.page.fix;
    if seen == said { String::new() } else { format!("{}: the page says `fix: {said}`, and it is {seen}\n", rule.id) }
}

#[test]
fn fixes_of_lint_pages() {
    let rules: Vec<&Rule> = rules::lint_rules().into_iter().chain(rules::find("UNUSED_IGNORE")).collect();
    let faults: Vec<String> = rules
        .into_par_iter()
        .map(|rule| {
            let pages = support::pages::trees(rule.page.text);
            let bad: Vec<Files> =
                pages.into_iter().filter(|tree| tree.section == "Bad").map(|tree| tree.files).collect();
            let is_lint = Family::of(rule).is_some();
            let all = format!(
                "STANDARD,FIELD_HOT_NUMBER{}{}",
                if is_lint { "," } else { "" },
                if is_lint { rule.id } else { "" }
            );
            let alone: &[&str] = if is_lint { &["--use", rule.id] } else { &[] };
            let mut faults = faults_of_page(rule, &bad, alone);
            for files in &bad {
                faults += &faults_of_fix(rule, files, alone);
                faults += &faults_of_fix(rule, files, &["--use", &all]);
            }
            faults
        })
        .collect();
    assert!(faults.concat().is_empty(), "\n{}", faults.concat());
}

/// What `breaking` makes of a tree with these arguments, and how many findings are left.
fn reserved(before: &Files, after: &Files, arguments: &[&str]) -> (Files, usize) {
    let directory = tempfile::tempdir().unwrap();
    support::write(&directory.path().join("before"), before);
    support::write(&directory.path().join("after"), after);
    let after = directory.path().join("after");
    let arguments: Vec<&str> = ["--against", "../before"].iter().chain(arguments).copied().collect();
    let fix: Vec<&str> = ["breaking", "--fix"].iter().chain(&arguments).copied().collect();
    support::protolint(&after, &fix);
    (support::tree::files(&after), support::breaking(&after, &arguments).len())
}

#[test]
fn fixes_of_breaking_pages() {
    let mut faults = String::new();
    for rule in rules::breaking_rules() {
        let trees = support::pages::trees(rule.page.text);
        let Some(before) = trees.iter().find(|tree| tree.section == "Before") else { continue };
        let mut changes = false;
        for tree in trees.iter().filter(|tree| tree.section == "After") {
            let directory = tempfile::tempdir().unwrap();
            support::write(&directory.path().join("before"), &before.files);
            support::write(&directory.path().join("after"), &tree.files);
            let after = directory.path().join("after");
            let count =
                support::breaking(&after, &["--against", "../before", "--layers", "wire,json,grpc,source"]).len();
            let (after_fix, left) = reserved(&before.files, &tree.files, &["--use", rule.id]);
            changes |= after_fix != tree.files;
            let (_, left_by_layers) = reserved(&before.files, &after_fix, &["--layers", "wire,json,grpc,source"]);
            if left_by_layers > count {
                faults += &format!("{}: --fix brings findings\n", rule.id);
            }
            let (again, left_again) = reserved(&before.files, &after_fix, &["--use", rule.id]);
            if again != after_fix || left_again != left {
                faults += &format!("{}: --fix does not come to rest\n", rule.id);
            }
        }
        let seen = if changes { "safe" } else { "none" };
        if seen != rule.page.fix {
            faults += &format!("{}: the page says `fix: {}`, and it is {seen}\n", rule.id, rule.page.fix);
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn cases_of_fixes() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/fix");
    let mut folders: Vec<_> = cases.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut faults = String::new();
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let before = support::tree::files(&folder.join("before"));
        let arguments = std::fs::read_to_string(folder.join("arguments")).unwrap();
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let (after, said) = fixed(&before, &arguments);
        // The duration differs in each run.
        let told: String =
            said.lines().filter(|line| !line.starts_with("checked ")).map(|line| format!("{line}\n")).collect();
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let _ = std::fs::remove_dir_all(folder.join("after"));
            support::write(&folder.join("after"), &after);
            std::fs::write(folder.join("told"), &told).unwrap();
        }
        if support::tree::files(&folder.join("after")) != after {
            faults += &format!("{name}: the trees differ\n{after:#?}\n");
        }
        if std::fs::read_to_string(folder.join("told")).unwrap_or_default() != told {
            faults += &format!("{name}: says\n{told}");
        }
        let uses: Vec<&str> = arguments
            .iter()
            .copied()
            .filter(|word| !["check", "--fix", "--unsafe", "--rename-published"].contains(word))
            .collect();
        let faults_after = found(&after, &uses).1;
        if !faults_after.is_empty() && found(&before, &uses).1.is_empty() {
            faults += &format!("{name}: {faults_after:?}\n");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// Files after the changes of a diff in unified format.
fn patched(mut files: Files, diff: &str) -> Files {
    let mut lines = diff.split_inclusive('\n').peekable();
    while let Some(header) = lines.next() {
        let path = header.strip_prefix("--- a/").unwrap_or_else(|| panic!("{header:?} starts no file")).trim_end();
        assert_eq!(lines.next().unwrap().trim_end(), format!("+++ b/{path}"));
        let old: Vec<&str> = files[path].split_inclusive('\n').collect();
        let (mut new, mut at) = (String::new(), 0);
        while let Some(hunk) = lines.next_if(|line| line.starts_with("@@ ")) {
            let first = hunk.split(['-', ',', ' ']).nth(2).unwrap().parse::<usize>().unwrap();
            new.extend(old[at..first.saturating_sub(1).max(at)].iter().copied());
            at = first.saturating_sub(1).max(at);
            while let Some(line) =
                lines.next_if(|line| line.starts_with([' ', '-', '+', '\\']) && !line.starts_with("--- a/"))
            {
                let is_last = lines.peek().is_some_and(|next| next.starts_with('\\'));
                let text = if is_last { line[1..].trim_end_matches('\n') } else { &line[1..] };
                if line.starts_with([' ', '-']) {
                    assert_eq!(old[at], text, "{path}:{}", at + 1);
                    at += 1;
                }
                if line.starts_with([' ', '+']) {
                    new.push_str(text);
                }
            }
        }
        new.extend(old[at..].iter().copied());
        files.insert(path.to_owned(), new);
    }
    files
}

#[test]
fn diff_shows_what_fix_does_and_does_nothing() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/fix");
    let mut shown = 0;
    for folder in cases.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        let before = support::tree::files(&folder.join("before"));
        let arguments = std::fs::read_to_string(folder.join("arguments")).unwrap().replace("--fix", "--diff");
        let directory = support::tree::project(&before);
        let run = support::protolint(directory.path(), &arguments.split_whitespace().collect::<Vec<_>>());
        let (diff, said) = (String::from_utf8(run.stdout).unwrap(), String::from_utf8_lossy(&run.stderr).into_owned());
        let name = folder.display();
        assert_eq!(support::tree::files(directory.path()), before, "{name}: changed by --diff");
        let after = support::tree::files(&folder.join("after"));
        assert_eq!(patched(before.clone(), &diff), after, "{name}: {diff}");
        assert_eq!(run.status.code(), Some(i32::from(after != before)), "{name}: {said}");
        assert!(said.contains("--fix would fix "), "{name}: {said}");
        shown += usize::from(after != before);
    }
    assert!(shown > 5);
}

/// Programs that apply patches end lines at line feeds only.
#[test]
fn a_diff_of_lines_that_end_in_carriage_returns_can_be_applied() {
    for text in
        ["package a.v1;\rimport \"a.proto\";\rmessage U {}\n", "package a.v1;\r\nimport \"a.proto\";\r\nmessage U {}"]
    {
        let unused = ("a.proto".to_owned(), "syntax = \"proto3\";\n".to_owned());
        let files = Files::from([("b.proto".to_owned(), format!("syntax = \"proto3\";\n{text}")), unused]);
        let uses = ["check", "--use", "IMPORT_USED", "b.proto"];
        let directory = support::tree::project(&files);
        let run = support::protolint(directory.path(), &[&uses[..], &["--diff"]].concat());
        let (after, said) = fixed(&files, &[&uses[..], &["--fix"]].concat());
        assert_ne!(after, files, "{said}");
        assert_eq!(patched(files, std::str::from_utf8(&run.stdout).unwrap()), after);
    }
}

/// Notes about the configuration are for the run, not for each of the comparisons it takes.
#[test]
fn breaking_fix_prints_notes_once() {
    let schema = |fields: &str| format!("syntax = \"proto3\";\npackage a.v1;\nmessage A {{\n{fields}}}\n");
    let file = |text: String| Files::from([("a/v1/a.proto".to_owned(), text)]);
    let directory = tempfile::tempdir().unwrap();
    let after = directory.path().join("after");
    support::write(&directory.path().join("before"), &file(schema("  string a = 1;\n  string b = 2;\n")));
    support::write(&after, &file(schema("  string a = 1;\n")));
    let config = "version: v2\ndeps: [buf.build/googleapis/googleapis]\nbreaking: {use: [WIRE_JSON]}\n";
    support::write(&after, &Files::from([("buf.yaml".to_owned(), config.to_owned())]));
    let output = support::protolint(&after, &["breaking", "--fix", "--against", "../before"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.matches("note: `deps` are not downloaded").count(), 1, "{said}");
    assert!(said.contains("reserved deleted names and numbers: "), "{said}");
    assert!(support::tree::files(&after)["a/v1/a.proto"].contains("reserved"), "{said}");
}

/// All schemas that tests hold: those of cases, of fixes, of protovalidate options, of the shop, what protoc accepts,
/// and the examples of pages.
fn all_trees() -> Vec<(String, Files)> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let entries = |folder: &str| {
        let entries = testdata.join(folder).read_dir().unwrap().map(|entry| entry.unwrap().path());
        entries.collect::<Vec<_>>()
    };
    let protos = |files: Files| -> Files { files.into_iter().filter(|(path, _)| path.ends_with(".proto")).collect() };
    let mut folders = entries("cases");
    folders.extend(entries("fix").into_iter().map(|folder| folder.join("before")));
    folders.extend(entries("shop"));
    folders.push(testdata.join("protoc/accepted"));
    let folders = folders.into_iter().filter(|folder| folder.is_dir());
    let mut trees: Vec<(String, Files)> =
        folders.map(|folder| (folder.display().to_string(), protos(support::tree::files(&folder)))).collect();
    for file in entries("protovalidate") {
        let text = std::fs::read_to_string(&file).unwrap();
        trees.push((file.display().to_string(), Files::from([("a.proto".to_owned(), text)])));
    }
    for rule in rules::lint_rules().into_iter().chain(rules::compile_rules()).chain(rules::breaking_rules()) {
        let pages = support::pages::trees(rule.page.text).into_iter();
        trees.extend(pages.map(|tree| (format!("page {}", rule.id), protos(tree.files))));
    }
    trees.retain(|(_, files)| !files.is_empty());
    trees
}

/// The messages of errors of the language, and how many findings there are in validation options.
fn state(report: &Report) -> (Vec<String>, usize) {
    let is_fault = |rule: &str| {
        rules::find(rule).is_some_and(|rule| Family::of(rule).is_none() && rule.id.starts_with("COMPILE_"))
    };
    let faults = report.findings.iter().filter(|finding| is_fault(finding.rule));
    let validation = report.findings.iter().filter(|finding| finding.rule == "PROTOVALIDATE");
    (faults.map(|finding| finding.message.clone()).collect(), validation.count())
}

/// What fixes do wrong to a tree; empty if nothing.
fn faults_of_tree(name: &str, files: &Files, all: &Rules, unsafe_too: bool) -> String {
    let fix = |files: &Files| {
        let project = Project::in_memory(files.clone());
        let session = FixSession::new(&project, all);
        let fixes = if unsafe_too { session.with_renames() } else { session.safe() }.unwrap();
        let mut after = files.clone();
        for text in &fixes.texts {
            after.insert(text.shown.clone(), text.new.clone());
        }
        after
    };
    let state = |files: &Files| state(&Project::in_memory(files.clone()).lint(all));
    let after = fix(files);
    if after == *files {
        return String::new();
    }
    assert!(after.len() == files.len(), "{name}: a file is shown by another name");
    let ((old_faults, old_validation), (new_faults, new_validation)) = (state(files), state(&after));
    let mut faults = String::new();
    if old_faults.is_empty() && !new_faults.is_empty() {
        faults += &format!("{name}: does not compile any more: {new_faults:?}\n");
    }
    if new_validation > old_validation && old_faults.is_empty() {
        faults += &format!("{name}: {new_validation} findings in validation options, not {old_validation}\n");
    }
    if fix(&after) != after {
        faults += &format!("{name}: a second run changes it again\n");
    }
    faults
}

/// After fixes what compiled compiles, no more is wrong with validation options, and a second run changes nothing.
#[test]
fn fixes_of_all_trees() {
    let (trees, all) = (all_trees(), Rules::named(["ALL"]).unwrap());
    assert!(trees.len() > 500, "only {} trees were tried", trees.len());
    let faults: Vec<String> = trees
        .into_par_iter()
        .flat_map(|(name, files)| [false, true].map(|unsafe_too| faults_of_tree(&name, &files, &all, unsafe_too)))
        .collect();
    assert!(faults.concat().is_empty(), "\n{}", faults.concat());
}
