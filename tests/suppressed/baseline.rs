//! `check --write-baseline` and `--baseline`.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Parser;
use protolint::cli::{self, Cli};
use protolint::rules;
use rayon::prelude::*;

use crate::support::{self, Finding, pages, tree};

const FILE: &str = "protolint.baseline.yaml";

/// The findings of `check` with these arguments, in this process; each as its rule and its message.
fn check(arguments: &[&str]) -> Vec<String> {
    let output = tempfile::NamedTempFile::new().unwrap();
    let fixed = ["protolint", "check", "--quiet", "--format", "json", "--output", output.path().to_str().unwrap()];
    cli::run(Cli::try_parse_from(fixed.into_iter().chain(arguments.iter().copied())).unwrap());
    let text = std::fs::read_to_string(output.path()).unwrap();
    let findings = text.lines().map(|line| serde_json::from_str::<Finding>(line).unwrap());
    let mut told: Vec<String> = findings.map(|found| format!("{} {}", found.rule, found.message)).collect();
    told.sort();
    told
}

/// The trees of all pages of `check` that need no configuration, and one of several packages.
fn trees() -> Vec<(String, BTreeMap<String, String>)> {
    let blog = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/blog");
    let mut trees = vec![("testdata/blog".to_owned(), tree::files(&blog))];
    for rule in rules::lint_rules().into_iter().chain(rules::compile_rules()) {
        let of_page = pages::trees(rule.page.text).into_iter();
        trees.extend(of_page.map(|tree| (format!("{} / {}", rule.id, tree.section), tree.files)));
    }
    trees.retain(|(_, files)| files.keys().all(|path| path.ends_with(".proto")));
    trees
}

/// Once recorded, only what the language forbids is reported; that lines move and that everything is written again
/// changes nothing, and once all is gone the baseline file is empty.
#[test]
fn what_is_in_the_baseline_file_is_not_reported() {
    let faults: Vec<String> = trees()
        .into_par_iter()
        .filter_map(|(name, mut files)| {
            let (project, beside) = (tree::project(&files), tempfile::tempdir().unwrap());
            let file = beside.path().join(FILE);
            let (directory, file) = (project.path().to_str().unwrap(), file.to_str().unwrap());
            let write = format!("--write-baseline={file}");
            let read = format!("--baseline={file}");
            let left = check(&[directory, "--use", "ALL", &write]);
            let written = std::fs::read_to_string(file).unwrap_or_default();
            if let Some(told) = left.iter().find(|told| !told.starts_with("COMPILE_")) {
                return Some(format!("{name}: {told}"));
            }
            for text in files.values_mut() {
                let body = text.trim_start_matches('\u{feff}');
                *text = format!("{}\n\n{body}", &text[..text.len() - body.len()]);
            }
            support::write(project.path(), &files);
            if !written.is_empty() && check(&[directory, "--use", "ALL", &read]) != left {
                return Some(format!("{name}: moved lines change what is told"));
            }
            check(&[directory, "--use", "ALL", &write]);
            let again = std::fs::read_to_string(file).unwrap_or_default();
            (again != written).then(|| format!("{name}: written again it differs\n{written}\n{again}"))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A tree at the top of a repository with two findings, and what `check` with more arguments says there.
struct Project(tempfile::TempDir);

const USER: &str = "syntax = \"proto3\";\npackage a.v1;\nmessage User {\n  string aB = 1;\n  string cD = 2;\n}\n";

impl Project {
    fn new() -> Project {
        let files = [("a/v1/user.proto", USER), ("a/v1/role.proto", "syntax = \"proto3\";\npackage a.v1;\n")];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        Project(tree::project(&BTreeMap::from(files)))
    }

    fn write(&self, path: &str, text: &str) {
        support::write(self.0.path(), &BTreeMap::from([(path.to_owned(), text.to_owned())]));
    }

    fn baseline(&self) -> String {
        let text = std::fs::read_to_string(self.0.path().join(FILE)).unwrap();
        text.split_once("known:").unwrap().1.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Each finding as `RULE path:line`, and what is said beside.
    fn check(&self, arguments: &[&str]) -> (Vec<String>, String) {
        let all: Vec<&str> = ["check", "--format", "json"].into_iter().chain(arguments.iter().copied()).collect();
        let output = support::protolint(self.0.path(), &all);
        let stdout = String::from_utf8(output.stdout).unwrap();
        let findings = stdout.lines().map(|line| serde_json::from_str::<Finding>(line).unwrap());
        let told = |found: Finding| format!("{} {}:{}", found.rule, found.path.unwrap(), found.start_line.unwrap());
        (findings.map(told).collect(), String::from_utf8(output.stderr).unwrap())
    }

    #[track_caller]
    fn tells(&self, arguments: &[&str], told: &[&str], said: &str) {
        let (found, stderr) = self.check(arguments);
        assert!(found == told && stderr.contains(said), "{arguments:?}\n{found:#?}\n{stderr}");
    }
}

#[test]
fn it_only_shrinks_unless_it_may_grow() {
    let project = Project::new();
    project.tells(&["--write-baseline"], &[], "wrote protolint.baseline.yaml: 2 findings\n");
    assert_eq!(project.baseline(), "FIELD_LOWER_SNAKE_CASE: a.v1.User.aB: 1 a.v1.User.cD: 1");
    project.write("a/v1/user.proto", &USER.replace("aB", "a_b").replace("User {", "User {\n  string eF = 3;"));
    let (new, stale) = ("FIELD_LOWER_SNAKE_CASE a/v1/user.proto:4", "BASELINE_STALE protolint.baseline.yaml:6");
    project.tells(&[], &[new, stale], "1 finding suppressed by protolint.baseline.yaml\n");
    project.tells(&["--write-baseline"], &[new], "wrote protolint.baseline.yaml: 1 finding, 2 before\n");
    assert_eq!(project.baseline(), "FIELD_LOWER_SNAKE_CASE: a.v1.User.cD: 1");
    project.tells(&["--write-baseline"], &[new], "--write-baseline --grow adds them\n");
    project.tells(&["--write-baseline", "--grow"], &[], "wrote protolint.baseline.yaml: 2 findings, 1 before\n");
    project.write("a/v1/user.proto", &USER.replace("aB", "a_b").replace("cD", "c_d"));
    project.tells(&["--write-baseline"], &[], "protolint.baseline.yaml is empty now: delete it\n");
    assert_eq!(project.baseline(), "{}");
    project.tells(&[], &[], "checked 2 files");
}

/// A run that looks at less does not know what is left of the rest.
#[test]
fn a_run_checks_only_what_it_reads() {
    let project = Project::new();
    project.tells(&["--write-baseline"], &[], "wrote");
    let written = project.baseline();
    project.write("a/v1/user.proto", &USER.replace("aB", "a_b").replace("string cD = 2;", ""));
    let both = ["BASELINE_STALE protolint.baseline.yaml:6", "BASELINE_STALE protolint.baseline.yaml:7"];
    project.tells(&[], &both, "");
    project.tells(&["."], &both, "");
    project.tells(&["a/v1/role.proto"], &[], "");
    project.tells(&["a"], &[], "");
    project.tells(&["--use", "MESSAGE_PASCAL_CASE"], &[], "");
    project.tells(&["--except", "BASELINE_STALE"], &[], "");
    project.tells(&["--no-baseline"], &[], "");
    for arguments in [&["--write-baseline", "a/v1/role.proto"][..], &["--write-baseline", "--use", "PACKAGE_DEFINED"]] {
        project.tells(arguments, &[], "protolint.baseline.yaml is unchanged\n");
        assert_eq!(project.baseline(), written);
    }
    // What a file declares that cannot be parsed is not known.
    project.write("a/v1/user.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage {");
    project.tells(&[], &["COMPILE_SYNTAX a/v1/user.proto:3"], "");
    // With a file that is not at the place where one is looked for, the tree below that is all.
    project.write("a/v1/user.proto", &USER.replace("aB", "a_b").replace("string cD = 2;", ""));
    project.write("protolint.yaml", "version: 1\nroots: [a]\ncheck: {except: [PACKAGE_DIRECTORY_MATCH]}\n");
    project.tells(&["a/v1/role.proto"], &[], "");
    project.tells(&[], &both, "");
}

/// Which of several is new is not known.
#[test]
fn more_than_the_baseline_file_has_are_reported_together() {
    let project = Project::new();
    let user = |imports: &str| format!("syntax = \"proto3\";\npackage a.v1;\n{imports}");
    project.write("a/v1/user.proto", &user("import \"a/v1/role.proto\";\n"));
    project.tells(&["--write-baseline"], &[], "wrote protolint.baseline.yaml: 1 finding\n");
    let two = user("import \"a/v1/role.proto\";\nimport \"google/protobuf/any.proto\";\n");
    project.write("a/v1/user.proto", &two);
    let told = ["IMPORT_USED a/v1/user.proto:3", "IMPORT_USED a/v1/user.proto:4"];
    project.tells(&[], &told, "");
    let output = support::protolint(project.0.path(), &["check", "--format", "human"]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("protolint.baseline.yaml lists 1 of 2 findings of this rule here"), "{stdout}");
}

/// Paths may hold what means something in YAML; line ends stay what they are.
#[test]
fn any_name_can_be_in_a_baseline_file() {
    let names =
        ["null.proto", "#.proto", "- a: {b}, 'c'.proto", "\"q\".proto", "ä\u{2028}.proto", "1e3.proto", " .proto"];
    let files = names.map(|name| (format!("a/{name}"), "message User {}\n".to_owned()));
    let project = Project(tree::project(&BTreeMap::from(files)));
    let rules = ["--use", "SYNTAX_SPECIFIED,PACKAGE_DEFINED,FILE_LOWER_SNAKE_CASE,STANDARD"];
    let duplicates = |told: &[String]| told.iter().all(|told| told.starts_with("COMPILE_"));
    let (told, _) = project.check(&[&rules[..], &["--write-baseline"]].concat());
    assert!(duplicates(&told), "{told:#?}");
    let text = std::fs::read_to_string(project.0.path().join(FILE)).unwrap();
    assert!(names.len() <= text.lines().filter(|line| line.contains(".proto")).count(), "{text}");
    project.write(FILE, &text.replace('\n', "\r\n"));
    let (told, stderr) = project.check(&[&rules[..], &["--write-baseline"]].concat());
    assert!(duplicates(&told) && stderr.contains("is unchanged"), "{told:#?}\n{stderr}");
}

/// A file that is none is not used, and above all not replaced.
#[test]
fn faults_are_reported_where_they_stand() {
    let project = Project::new();
    let cases = [
        ("version: 1\nknown:\n  FIELD_LOWER_SNAKE: {a: 1}\n", 3),
        ("version: 1\nknown:\n  FIELD_SAME_TYPE: {a: 1}\n", 3),
        ("version: 1\nknown:\n  FIELD_LOWER_SNAKE_CASE:\n    a: 1\n    a: 2\n", 5),
        ("version: 1\nknown:\n  FIELD_LOWER_SNAKE_CASE:\n    a: -1\n", 4),
        ("version: 1\nknwon: {}\n", 2),
        ("version: 2\nknown: {}\n", 1),
        ("known: {}\n", 1),
        ("syntax = \"proto3\";\n", 1),
        ("version: 1\nknown: [\n", 3),
        ("<<<<<<< ours\nversion: 1\n=======\n>>>>>>> theirs\n", 2),
    ];
    for (text, line) in cases {
        project.write(FILE, text);
        for arguments in [&[][..], &["--write-baseline"], &["--baseline", FILE]] {
            let (told, stderr) = project.check(arguments);
            let first = told.first().map(String::as_str);
            let expected = format!("CONFIG_INVALID {FILE}:{line}");
            assert!(first == Some(&expected) && stderr.contains("invalid configuration"), "{text}\n{told:?}\n{stderr}");
        }
        assert_eq!(std::fs::read_to_string(project.0.path().join(FILE)).unwrap(), text);
    }
    let schema = "--write-baseline=a/v1/user.proto";
    assert!(project.check(&[schema, "--no-config"]).0[0].starts_with("CONFIG_INVALID a/v1/user.proto:1"));
    assert_eq!(std::fs::read_to_string(project.0.path().join("a/v1/user.proto")).unwrap(), USER);
}
