//! Actions at the places that files below `testdata/ide/actions` mark with `$0`, and laws over the pages of rules and
//! all test data: what fixes a finding removes it, what suppresses it suppresses nothing else, and what compiled
//! compiles.

#[allow(clippy::unwrap_used, unreachable_pub, dead_code)]
#[path = "../../../tests/support/pages.rs"]
mod pages;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;

use super::accept::accept;
use super::{Action, ActionKind, ActionRequest, Effect, actions, resolve};
use crate::finding::{Change, Edit, Finding, Severity};
use crate::ide::completion::tests::{Case, check_cases, edited, opened, sampled, schemas, testdata};
use crate::project::Project;
use crate::report::Report;
use crate::rules::{Family, compile_rules, find, lint_rules};
use crate::run::{Policy, Rules, compare};
use crate::source::{FileId, Span};

/// So many findings of a rule are tried in one tree.
const MAX_TRIED: usize = 3;

fn all_rules() -> Rules {
    Rules::named(["ALL"]).expect("all rules")
}

/// The edits of an action, in the order of files; a place to fill in has its own name.
fn edits_of(
    project: &Project,
    file: FileId,
    action: &Action,
    rules: &Rules,
) -> Result<BTreeMap<FileId, Vec<Edit>>, String> {
    let mut found: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    let mut add = |edit: Edit| found.entry(edit.place.file).or_default().push(edit);
    match &action.effect {
        Effect::Edits(edits) => edits.iter().cloned().for_each(add),
        Effect::Snippet(edit) => add(Edit { text: edit.text.replace("${1:reason}", "reason"), ..edit.clone() }),
        Effect::Later(later) => {
            for change in resolve(project, file, later, (rules, &|project: &Project| project.lint(rules)))? {
                let mut files = project.sources().iter();
                let (id, _) =
                    files.find(|(id, _)| project.absolute(*id) == Some(&change.path)).expect("of the project");
                for (span, text) in change.edits {
                    add(Edit { place: crate::source::Place { file: id, span }, text });
                }
            }
        }
    }
    Ok(found)
}

/// The project after an action.
fn after(project: &Project, edits: &BTreeMap<FileId, Vec<Edit>>) -> Project {
    let texts = edits.iter().map(|(file, edits)| {
        let path = project.absolute(*file).expect("a schema").to_owned();
        (path, edited(project.sources().get(*file).text(), edits))
    });
    project.with_texts(texts).expect("in memory")
}

/// The actions at the mark of a case, each with the lines it changes.
fn shown(case: &Case) -> String {
    let (project, file, offset) = opened(case);
    let rules = Rules::default();
    let report = project.lint(&rules);
    let range = Span::new(offset, offset);
    let request = ActionRequest { project: &project, findings: &report.findings, file, range };
    let mut shown = String::new();
    for action in actions(&request) {
        let preferred = if action.is_preferred { " preferred" } else { "" };
        let about = action.finding.map_or(String::new(), |at| format!(" for {}", report.findings[at].rule));
        let _ = writeln!(shown, "{:?} {}{preferred}{about}", action.kind, action.title);
        match edits_of(&project, file, &action, &rules) {
            Ok(edits) => {
                for (file, edits) in edits {
                    let source = project.sources().get(file);
                    let new = edited(source.text(), &edits);
                    for line in crate::fix::unified(source.path(), source.text(), &new).lines().skip(2) {
                        if line.starts_with(['+', '-']) {
                            let _ = writeln!(shown, "    {line}");
                        }
                    }
                }
            }
            Err(why) => _ = writeln!(shown, "    not: {why}"),
        }
    }
    shown
}

#[test]
fn marked_places_have_their_actions() {
    check_cases("ide/actions", &shown);
}

/// Texts by path.
type Files = Vec<(String, Vec<u8>)>;

/// The trees of all pages, and those of test data.
fn trees() -> Vec<(String, Files)> {
    let mut trees = Vec::new();
    for rule in lint_rules().into_iter().chain(compile_rules()) {
        for (at, tree) in pages::trees(rule.page.text).into_iter().enumerate() {
            let files = tree.files.into_iter().filter(|(path, _)| path.ends_with(".proto"));
            trees.push((format!("{} {at}", rule.id), files.map(|(path, text)| (path, text.into_bytes())).collect()));
        }
    }
    for folder in ["cases", "fix"] {
        for entry in testdata(folder).read_dir().expect("a folder") {
            let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
            trees.push((name.clone(), schemas(&format!("{folder}/{name}"))));
        }
    }
    trees
}

/// What the language forbids of what is found.
fn faults(report: &Report) -> Vec<(&'static str, &str)> {
    let is_fault = |finding: &&Finding| {
        finding.severity == Severity::Error && find(finding.rule).is_none_or(|rule| Family::of(rule).is_none())
    };
    report.findings.iter().filter(is_fault).map(|finding| (finding.rule, finding.message.as_str())).collect()
}

fn count(report: &Report, finding: &Finding) -> usize {
    let is_same = |other: &&Finding| other.rule == finding.rule && other.message == finding.message;
    report.findings.iter().filter(is_same).count()
}

/// What is against an action that is about a finding.
fn objection(
    (before, report): (&Project, &Report),
    rules: &Rules,
    file: FileId,
    (action, finding): (&Action, &Finding),
) -> Option<String> {
    let edits = edits_of(before, file, action, rules).ok()?;
    let project = after(before, &edits);
    let now = project.lint(rules);
    if count(&now, finding) >= count(report, finding) {
        return Some("does not remove it".to_owned());
    }
    if faults(report).is_empty() && !faults(&now).is_empty() {
        return Some(format!("brings {:?}", faults(&now)[0]));
    }
    if action.title.starts_with("suppress ") {
        // A comment in the middle of a line is also one above what follows on it.
        let is_beside = edits.values().flatten().any(|edit| edit.text.contains("/*"));
        let of_other = |report: &Report| {
            let is_other = |other: &&Finding| {
                let is_of_comment = is_beside && other.rule.starts_with("COMMENT_");
                other.rule != finding.rule && !follows_lines(other.rule) && !is_of_comment
            };
            let others = report.findings.iter().filter(is_other);
            let mut others: Vec<_> = others.map(|other| (other.rule, other.message.clone())).collect();
            others.sort();
            others
        };
        if of_other(report) != of_other(&now) {
            return Some("changes what else is found".to_owned());
        }
    }
    None
}

/// Whether a rule is about lines and comments, which a comment changes.
fn follows_lines(rule: &str) -> bool {
    ["LINE_LENGTH", "FILE_LAYOUT", "INDENT", "COMMENT_FILE", "COMMENT_RESERVED", "UNUSED_IGNORE"].contains(&rule)
}

#[test]
fn what_fixes_or_suppresses_a_finding_removes_it_and_breaks_nothing() {
    let rules = all_rules();
    let faults: Vec<String> = trees()
        .par_iter()
        .flat_map_iter(|(name, files)| {
            let project = Project::in_memory(files.clone());
            let report = project.lint(&rules);
            let mut faults = Vec::new();
            let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
            for (index, finding) in report.findings.iter().enumerate() {
                let tried = tried.entry(finding.rule).or_default();
                *tried += 1;
                let Some(place) = finding.place.filter(|_| *tried <= MAX_TRIED) else { continue };
                let request = ActionRequest {
                    project: &project,
                    findings: &report.findings,
                    file: place.file,
                    range: place.span,
                };
                let own = actions(&request).into_iter().filter(|action| action.finding == Some(index));
                for action in own.filter(|action| action.kind == ActionKind::QuickFix) {
                    if let Some(why) = objection((&project, &report), &rules, place.file, (&action, finding)) {
                        let path = project.sources().get(place.file).path();
                        faults.push(format!(
                            "{name}: {path}: {}: {}: {}: {why}",
                            finding.rule, finding.message, action.title
                        ));
                    }
                }
            }
            faults
        })
        .collect();
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.iter().take(40).cloned().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn every_place_of_every_schema_has_actions_that_compile() {
    let rules = Rules::named([""; 0]).expect("none");
    let files = ["cases", "protoc/accepted"].into_iter().flat_map(schemas).collect::<Vec<_>>();
    files.par_iter().for_each(|(path, text)| {
        let project = Project::in_memory([(path.as_str(), text.clone())]);
        let report = project.lint(&rules);
        let is_whole = faults(&report).is_empty();
        for (file, source) in project.sources().iter() {
            for offset in sampled(source.text().len(), 6) {
                let range = Span::new(offset, offset);
                let request = ActionRequest { project: &project, findings: &report.findings, file, range };
                for action in actions(&request).iter().filter(|action| !matches!(action.effect, Effect::Later(_))) {
                    let edits = edits_of(&project, file, action, &rules).expect("edits");
                    let now = after(&project, &edits).lint(&rules);
                    // Enum values, and what options and defaults name, may be needed elsewhere.
                    let is_deletion = action.title.starts_with("delete ");
                    let new = faults(&now);
                    assert!(!is_whole || is_deletion || new.is_empty(), "{path}:{offset}: {}: {new:?}", action.title);
                    let is_parsed = |fault: &&(&str, &str)| fault.0 == "COMPILE_SYNTAX";
                    assert!(
                        !is_whole || !new.iter().any(|fault| is_parsed(&fault)),
                        "{path}:{offset}: {}",
                        action.title
                    );
                }
            }
        }
    });
}

#[test]
fn an_accepted_change_is_in_the_text_once_it_is_accepted() {
    let before = Project::in_memory([("a.proto", "syntax = \"proto3\";\nmessage A {\n  string a = 1;\n}\n")]);
    let now = Project::in_memory([("a.proto", "syntax = \"proto3\";\nmessage A {\n  int32 a = 1;\n}\n")]);
    let findings = compare(&before, &now, &Policy::default()).findings;
    let finding = findings.iter().find(|finding| finding.change.is_some()).expect("a break");
    assert!(matches!(finding.change.as_deref(), Some(Change { .. })));
    let path = std::env::temp_dir().join("protolint.accepted.yaml");
    let change = accept((path.clone(), String::new()), finding, Some("main"), &findings).expect("a new file");
    assert!(change.is_new);
    let [(span, text)] = &change.edits[..] else { panic!("one edit") };
    assert_eq!(*span, Span::new(0, 0));
    assert!(text.contains(&finding.fingerprint()) && text.contains("against: \"main\""), "{text}");
    let again = accept((path, text.clone()), finding, Some("main"), &findings).expect("the file");
    assert!(again.edits.is_empty() && !again.is_new);
}

#[test]
fn every_place_of_every_schema_has_actions() {
    schemas("").par_iter().for_each(|(path, text)| {
        let project = Project::in_memory([(path.as_str(), text.clone())]);
        for (file, source) in project.sources().iter() {
            for offset in sampled(source.text().len() + 1, 20) {
                let range = Span::new(offset, offset.saturating_add(7));
                actions(&ActionRequest { project: &project, findings: &[], file, range });
            }
        }
    });
}

#[test]
fn what_was_deleted_can_be_reserved() {
    let before = "syntax = \"proto3\";\npackage a;\nmessage A {\n  string a = 1;\n  string b = 2;\n}\n";
    let before = Project::in_memory([("a.proto", before)]);
    let now = "syntax = \"proto3\";\npackage a;\nmessage A {\n  string a = 1;\n}\n";
    let now = Project::in_memory([("a.proto", now)]);
    let findings = compare(&before, &now, &Policy::default()).findings;
    let place = findings[0].place.expect("a place");
    let request = ActionRequest { project: &now, findings: &findings, file: place.file, range: place.span };
    let found = actions(&request);
    let reserve = found.iter().find(|action| action.is_preferred).expect("a fix");
    let edits = edits_of(&now, place.file, reserve, &Rules::default()).expect("edits");
    let fixed = after(&now, &edits);
    let text = fixed.sources().get(place.file).text();
    assert!(text.contains("reserved 2;") && text.contains("reserved \"b\";"), "{text}");
    assert!(compare(&before, &fixed, &Policy::default()).findings.len() < findings.len());
    assert!(found.iter().any(|action| action.title.starts_with("suppress ")));
}
