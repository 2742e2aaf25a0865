//! Rules of one's own beside built-in ones: `testdata/own_rules/restated.yaml` says built-in rules once more in CEL, and
//! both find the same in all trees of the pages and cases; `OWN_RULES_TREE=DIRECTORY` tries a tree of your own. The
//! examples in `OWN_RULES.md` run.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Parser;
use protolint::cli::{self, Cli};
use protolint::rules;
use rayon::prelude::*;
use support::{Finding, pages, tree};

fn in_repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The ids in the file of restated rules.
fn restated(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.strip_prefix("  OWN_")?.strip_suffix(':'))
}

/// The rule that one restates: some kinds of elements stand after its id.
fn built_in(own: &str) -> &'static str {
    let rule = rules::find(own).or_else(|| rules::find(own.strip_suffix("_EXTENSION")?));
    rule.unwrap_or_else(|| panic!("{own} restates no rule")).id
}

/// A configuration with the built-in rules and those that restate them.
fn configuration() -> String {
    let text = std::fs::read_to_string(in_repository("testdata/own_rules/restated.yaml")).unwrap();
    let ids: BTreeSet<&str> = restated(&text).map(built_in).collect();
    assert!(ids.len() >= 20, "{} rules are restated", ids.len());
    let ids: Vec<&str> = ids.into_iter().collect();
    format!("{text}check:\n  use: [{}]\n  ignore_comments: false\n", ids.join(", "))
}

/// Where a rule reports: its file and place. A file's package has no place that rules of one's own could name.
fn place(rule: &str, finding: &Finding) -> (String, Option<[u32; 4]>) {
    let [start_line, start_column] = [finding.start_line, finding.start_column].map(Option::unwrap_or_default);
    let [end_line, end_column] = [finding.end_line, finding.end_column].map(Option::unwrap_or_default);
    let is_exact = !rule.starts_with("PACKAGE_");
    (finding.path.clone().unwrap_or_default(), is_exact.then_some([start_line, start_column, end_line, end_column]))
}

/// A rule, a path and a place: where something is reported.
type Reported = (&'static str, String, Option<[u32; 4]>);

/// What the built-in rules find in a tree and the others do not, or the other way round.
fn differences(tree: &Path, configuration: &Path) -> Vec<String> {
    let output = tempfile::NamedTempFile::new().unwrap();
    let [tree, configuration, path] = [tree, configuration, output.path()].map(|path| path.to_str().unwrap());
    let arguments = ["check", "--quiet", "--format", "json", "--config", configuration, "--output", path, tree];
    cli::run(Cli::try_parse_from(["protolint"].into_iter().chain(arguments)).unwrap());
    let lines = std::fs::read_to_string(output.path()).unwrap();
    let mut found = BTreeMap::<Reported, [usize; 2]>::new();
    let mut failed = Vec::new();
    for line in lines.lines() {
        let finding: Finding = serde_json::from_str(line).unwrap();
        if finding.rule.starts_with("CONFIG_") || finding.message.contains("cannot be evaluated") {
            failed.push(format!("{}: {}", finding.rule, finding.message));
        }
        let (rule, side) = match finding.rule.strip_prefix("OWN_") {
            Some(own) => (built_in(own), 1),
            None => match rules::find(&finding.rule) {
                Some(rule) if rules::lint_rules().iter().any(|lint| lint.id == rule.id) => (rule.id, 0),
                _ => continue,
            },
        };
        let (path, place) = place(rule, &finding);
        found.entry((rule, path, place)).or_default()[side] += 1;
    }
    let differing = found.iter().filter(|(_, [built_in, own])| built_in != own);
    failed.extend(differing.map(|(place, counts)| format!("{place:?}: {counts:?}")));
    failed
}

/// All trees of the pages and cases that need no configuration of their own.
fn trees() -> Vec<BTreeMap<String, String>> {
    let of_pages = rules::lint_rules().into_iter().chain(rules::compile_rules());
    let of_pages = of_pages.flat_map(|rule| pages::trees(rule.page.text)).map(|tree| tree.files);
    let cases = in_repository("testdata/cases").read_dir().unwrap();
    let cases = cases.map(|case| tree::files(&case.unwrap().path()));
    let has_own = |files: &BTreeMap<String, String>| {
        ["args", "stdin", "protolint.yaml"].iter().any(|name| files.contains_key(*name))
    };
    of_pages.chain(cases).filter(|files| !has_own(files)).collect()
}

#[test]
fn restated_rules_find_what_built_in_ones_do() {
    let configuration_file = tempfile::NamedTempFile::with_suffix(".yaml").unwrap();
    std::fs::write(configuration_file.path(), configuration()).unwrap();
    let of_tree = |tree: &Path| differences(tree, configuration_file.path());
    let mut wrong: Vec<String> =
        trees().par_iter().flat_map_iter(|files| of_tree(tree::project(files).path())).collect();
    wrong.extend(of_tree(&in_repository("testdata/protoc/accepted")));
    if let Some(tree) = std::env::var_os("OWN_RULES_TREE") {
        wrong.extend(of_tree(Path::new(&tree)));
    }
    wrong.truncate(50);
    assert!(wrong.is_empty(), "counts of the built-in rule and of the restated one:\n{}", wrong.join("\n"));
}

/// The blocks of YAML on the page.
fn examples() -> Vec<String> {
    let page = std::fs::read_to_string(in_repository("OWN_RULES.md")).unwrap();
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```\n").next().unwrap_or_default().to_owned());
    let is_whole = |block: &String| block.starts_with("rules:") || block.starts_with("version: 1\nrules:");
    blocks
        .filter(is_whole)
        .map(|block| if block.starts_with("rules:") { format!("version: 1\n{block}") } else { block })
        .collect()
}

#[test]
fn the_examples_of_the_page_run() {
    let examples = examples();
    assert!(!examples.is_empty());
    for example in examples {
        let authz = "syntax = \"proto3\";\npackage acme;\nimport \"google/protobuf/descriptor.proto\";\n\
                     message Authz { string permission = 1; }\n\
                     extend google.protobuf.MethodOptions { Authz authz = 50001; }\n";
        let http = "syntax = \"proto3\";\npackage acme.library.v1;\nimport \"google/api/annotations.proto\";\n";
        let files = [
            ("docs/authz.md", ""),
            ("protolint.yaml", example.as_str()),
            ("acme/authz.proto", authz),
            ("acme/library/v1/l.proto", http),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let project = tree::project(&BTreeMap::from(files));
        let output = support::protolint(project.path(), &["rules", "--test"]);
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
        assert!(output.status.success(), "{said}");
    }
}
