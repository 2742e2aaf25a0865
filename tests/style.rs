//! What the fixes of style keep: the meaning of a file, its tokens and its comments. They are tried on the examples of
//! every page and on every case, as they are and with other line ends, indentation and order.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use protolint::finding::{Edit, Finding, Fix};
use protolint::rules::settings::{Indent, Quote};
use protolint::rules::{self, Rule, Settings};
use protolint::{Project, Rules};
use rayon::prelude::*;
use support::{pages, tree};

/// Paths and texts.
type Files = BTreeMap<String, String>;

/// The rules whose fixes change the text alone, each with the settings to try.
fn rules() -> Vec<(&'static Rule, Vec<Settings>)> {
    let indent = |indent| Settings { indent, ..Settings::default() };
    let indents = vec![indent(Indent::Spaces(2)), indent(Indent::Spaces(4)), indent(Indent::Tab)];
    let quote = |quote| Settings { quote, ..Settings::default() };
    let tried = [
        ("FILE_LAYOUT", vec![Settings::default()]),
        ("IMPORT_SORTED", vec![Settings::default()]),
        ("INDENT", indents),
        ("QUOTE_CONSISTENT", vec![quote(Quote::Double), quote(Quote::Single)]),
    ];
    tried.into_iter().map(|(id, settings)| (rules::find(id).unwrap(), settings)).collect()
}

/// What a rule finds in files that were read once, by file.
fn findings(project: &Project, rule: &'static Rule, settings: &Settings) -> BTreeMap<String, Vec<Finding>> {
    let report = project.lint(&Rules::named([rule.id]).unwrap().with_options(settings.clone()));
    let mut found: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for finding in report.findings.into_iter().filter(|finding| finding.rule == rule.id) {
        let path = report.sources.get(finding.place.unwrap().file).path();
        found.entry(path.to_owned()).or_default().push(finding);
    }
    found
}

fn edits(findings: &[Finding]) -> Vec<Edit> {
    let of = |finding: &Finding| match finding.fix.as_deref() {
        Some(Fix::Edits(edits)) => edits.clone(),
        _ => Vec::new(),
    };
    findings.iter().flat_map(of).collect()
}

/// The text with edits made, which may not touch each other.
fn applied(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort();
    assert!(edits.windows(2).all(|pair| pair[0].place.span.end <= pair[1].place.span.start), "{edits:?}\n{text}");
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (mut changed, mut at) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        assert!(!edit.text.contains('\r'), "{edit:?}");
        let range = edit.place.span.range();
        changed += &text[at..range.start];
        changed += &edit.text.replace('\n', line_end);
        at = range.end;
    }
    changed += &text[at..];
    changed
}

/// The descriptor without places, dependencies sorted; none where the parser alone cannot read the text.
fn meaning(text: &str) -> Option<String> {
    let file = protox::file::File::from_source("a.proto", text.trim_start_matches('\u{feff}')).ok()?;
    let mut descriptor = file.file_descriptor_proto().clone();
    descriptor.source_code_info = None;
    let kind = |at: usize, kinds: &[i32]| kinds.contains(&(at as i32));
    let dependencies = descriptor.dependency.iter().enumerate().map(|(at, path)| {
        (path.clone(), kind(at, &descriptor.public_dependency), kind(at, &descriptor.weak_dependency))
    });
    let dependencies: BTreeSet<_> = dependencies.collect();
    (descriptor.dependency, descriptor.public_dependency, descriptor.weak_dependency) = Default::default();
    Some(format!("{dependencies:?} {descriptor:?}"))
}

/// What a fix may not touch: the words of the text in any order, or in this one; of quotes only what is between them.
fn kept(text: &str, rule: &str) -> Vec<String> {
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    match rule {
        "INDENT" => {}
        "QUOTE_CONSISTENT" => {
            words.iter_mut().for_each(|word| *word = word.replace(['\\', '\'', '"'], ""));
        }
        _ => words.sort_unstable(),
    }
    words
}

fn try_all(name: &str, files: &Files) -> usize {
    let mut fixed = 0;
    let project = Project::in_memory(files.clone());
    for (rule, settings) in rules() {
        for settings in settings {
            let found = findings(&project, rule, &settings);
            if found.is_empty() {
                continue;
            }
            let mut after_fix = files.clone();
            for (path, findings) in &found {
                let edits = edits(findings);
                fixed += edits.len();
                after_fix.insert(path.clone(), applied(&files[path], edits));
            }
            let left = findings(&Project::in_memory(after_fix.clone()), rule, &settings);
            for (path, before) in &found {
                let (text, after) = (&files[path], &after_fix[path]);
                let context = || format!("{} on {name}, {path}\n{text}\n---\n{after}", rule.id);
                assert_eq!(meaning(text), meaning(after), "{}", context());
                assert_eq!(kept(text, rule.id), kept(after, rule.id), "{}", context());
                let lines = |text: &str| (text.starts_with('\u{feff}'), text.ends_with('\n'), text.contains("\r\n"));
                assert_eq!(lines(text), lines(after), "{}", context());
                let has_fix = |finding: &&Finding| finding.fix.is_some();
                let left = left.get(path).map_or(&[][..], Vec::as_slice);
                assert_eq!(left.iter().find(has_fix), None, "{}", context());
                if before.iter().all(|finding| finding.fix.is_some()) {
                    assert!(left.is_empty(), "{left:?} {}", context());
                }
            }
        }
    }
    fixed
}

/// Changes to a text that make more of it wrong, none of which changes what it means.
fn variants(files: &Files) -> Vec<(&'static str, Files)> {
    let each = |change: &dyn Fn(&str) -> String| -> Files {
        files.iter().map(|(path, text)| (path.clone(), change(text))).collect()
    };
    vec![
        ("as it is", files.clone()),
        ("with CRLF", each(&|text| text.replace("\r\n", "\n").replace('\n', "\r\n"))),
        ("with a byte order mark", each(&|text| format!("\u{feff}{}", text.trim_start_matches('\u{feff}')))),
        ("with tabs", each(&|text| text.replace("  ", "\t"))),
        ("without indentation", each(&|text| text.lines().map(|line| format!("{}\n", line.trim_start())).collect())),
        ("with imports last", each(&imports_last)),
    ]
}

/// Lines that are an import each, in reverse order at the end.
fn imports_last(text: &str) -> String {
    let is_import = |line: &&str| line.starts_with("import ") && line.contains(';');
    let (imports, rest): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| is_import(line));
    rest.into_iter().chain(imports.into_iter().rev()).map(|line| format!("{line}\n")).collect()
}

#[test]
fn fixes_keep_what_a_file_says() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases");
    let of_cases = cases.read_dir().unwrap().map(|case| case.unwrap().path());
    let of_cases = of_cases.map(|case| (case.display().to_string(), tree::files(&case)));
    let of_pages = rules::lint_rules().into_iter().chain(rules::compile_rules()).flat_map(|rule| {
        pages::trees(rule.page.text).into_iter().map(|tree| (format!("{} / {}", rule.id, tree.section), tree.files))
    });
    let trees: Vec<(String, Files)> = of_pages.chain(of_cases).collect();
    let edits = trees.into_par_iter().map(|(name, mut files)| {
        files.retain(|path, _| path.ends_with(".proto"));
        let variants = variants(&files).into_iter();
        variants.map(|(variant, files)| try_all(&format!("{name} {variant}"), &files)).sum::<usize>()
    });
    let edits: usize = edits.sum();
    assert!(edits > 1000, "only {edits} edits were tried");
}
