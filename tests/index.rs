//! The index of rules, `rules/README.md`, lists the rules there are, and pages keep the form that it asks for.
//! `UPDATE_EXPECT=1 cargo test --test index` rewrites the tables.

#![allow(clippy::unwrap_used)]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use protolint::finding::Layer;
use protolint::rules::{self, Rule};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

/// A text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Which option fixes what the rule finds.
fn fix(rule: &Rule) -> &'static str {
    match rule.page.fix {
        "safe" => "`--fix`",
        "unsafe" => "`--fix --unsafe`",
        _ => "",
    }
}

/// A table of lint rules for each group, a rule where it is in several in the table of the first its page names.
fn lint_tables() -> String {
    let default: BTreeSet<&str> =
        rules::DEFAULT_USE.iter().flat_map(|name| rules::Family::Lint.named(name)).map(|rule| rule.id).collect();
    let mut by_group: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules::lint_rules() {
        by_group.entry(rule.page.groups().next().unwrap_or("In no group")).or_default().push(rule);
    }
    let mut tables: Vec<(&str, Vec<&Rule>)> = by_group.into_iter().collect();
    // Groups within groups come first, what is in none last.
    tables.sort_by_key(|(name, rules)| {
        let groups = rules.iter().map(|rule| rule.page.groups().count()).max();
        (Reverse(groups), !rules.iter().all(|rule| default.contains(rule.id)), *name)
    });
    let tables = tables.into_iter().map(|(name, rules)| {
        let rows = rules.into_iter().map(|rule| {
            let groups = rule.page.groups().collect::<Vec<_>>().join(", ");
            let on = if default.contains(rule.id) { "on" } else { "" };
            let (id, summary, severity) = (rule.id, cell(rule.page.summary), rule.page.severity.name());
            format!("| [{id}](lint/{id}.md) | {summary} | {groups} | {severity} | {on} | {} |\n", fix(rule))
        });
        let rows: String = rows.collect();
        format!(
            "### {name}\n\n| rule | summary | groups | severity | by default | fix |\n|---|---|---|---|---|---|\n{rows}"
        )
    });
    tables.collect::<Vec<_>>().join("\n")
}

fn compile_table() -> String {
    let rows = rules::compile_rules().into_iter().map(|rule| {
        let (id, summary, severity) = (rule.id, cell(rule.page.summary), rule.page.severity.name());
        format!("| [{id}](compile/{id}.md) | {summary} | {severity} |\n")
    });
    let rows: String = rows.collect();
    format!("| rule | summary | severity |\n|---|---|---|\n{rows}")
}

fn breaking_table() -> String {
    let rows = rules::breaking_rules().into_iter().map(|rule| {
        let (id, summary) = (rule.id, cell(rule.page.summary));
        let groups = rule.page.groups().collect::<Vec<_>>().join(", ");
        let layers = rule.page.layers().collect::<Vec<_>>().join(", ");
        format!("| [{id}](breaking/{id}.md) | {summary} | {groups} | {layers} | {} |\n", fix(rule))
    });
    let rows: String = rows.collect();
    format!("| rule | summary | groups | layers | fix |\n|---|---|---|---|---|\n{rows}")
}

/// The text with what stands between the two marks of that name replaced.
fn with_part(text: &str, name: &str, part: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("rules/README.md lacks {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("rules/README.md lacks {end}"));
    format!("{before}{begin}\n{part}\n{end}{after}")
}

#[test]
fn the_index_lists_the_rules_there_are() {
    let path = folder().join("README.md");
    let written = fs::read_to_string(&path).unwrap();
    let expected = with_part(&written, "lint rules", &lint_tables());
    let expected = with_part(&expected, "breaking rules", &breaking_table());
    let expected = with_part(&expected, "compile rules", &compile_table());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &expected).unwrap();
        return;
    }
    let differing: Vec<_> = written.lines().zip(expected.lines()).filter(|(is, should)| is != should).take(3).collect();
    assert!(written == expected, "{differing:#?}\nUPDATE_EXPECT=1 cargo test --test index rewrites the tables");
}

/// What front matter has to be beyond what the compiler sees to.
#[test]
fn front_matter_is_well_formed() {
    let all = rules::lint_rules().into_iter().chain(rules::breaking_rules()).chain(rules::compile_rules());
    for rule in all {
        let (id, page) = (rule.id, &rule.page);
        let front = page.text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")).unwrap().0;
        let keys: Vec<&str> = front.lines().map(|line| line.split_once(": ").unwrap_or((line, "")).0).collect();
        let mut wanted = vec!["summary", "groups", "severity", "since", "fix"];
        if rules::Family::of(rule) == Some(rules::Family::Breaking) {
            wanted.push("layers");
            wanted.extend(page.covered_by().map(|_| "covered_by"));
            wanted.extend(page.registry().map(|_| "registry"));
        }
        wanted.extend(page.needs_syntax.then_some("needs"));
        assert_eq!(keys, wanted, "keys of {id}");
        assert!(page.summary.chars().count() <= 80, "{id}: the summary is longer than 80 characters");
        assert!(!page.summary.ends_with('.'), "{id}: the summary ends in a full stop");
        assert!(["none", "safe", "unsafe"].contains(&page.fix), "{id}: `fix` is `{}`", page.fix);
        assert!(page.body().starts_with(&format!("# {id}\n\n")), "{id}: the page's title is not its id");
    }
}

/// Layers stand in the order of the tool, groups in that of the guide; a rule that stands in for another one runs where
/// that one does not, and links lead from the one to the other.
#[test]
fn pages_of_changes_are_well_formed() {
    const GROUPS: [&str; 8] = ["CSR", "FILE", "PACKAGE", "WIRE_JSON", "WIRE", "REST", "VALIDATION", "ANNOTATIONS"];
    for rule in rules::breaking_rules() {
        let (id, page) = (rule.id, &rule.page);
        let layers: Vec<&str> = page.layers().collect();
        let in_order: Vec<&str> =
            Layer::ALL.iter().map(|layer| layer.name()).filter(|name| layers.contains(name)).collect();
        let is_about_no_layer = id.starts_with("POLICY_") || id == "OPTION_UNCHANGED" || page.registry().is_some();
        assert_eq!(layers.is_empty(), is_about_no_layer, "{id} breaks nothing");
        assert_eq!(layers, in_order, "layers of {id}");
        let groups: Vec<&str> = page.groups().collect();
        let in_order: Vec<String> = match page.registry().map(str::to_uppercase) {
            Some(name) if id.contains("_FORWARD_") => vec![format!("{name}_FORWARD"), format!("{name}_FULL")],
            Some(name) => vec![name.clone(), format!("{name}_FULL")],
            None => GROUPS.into_iter().filter(|name| groups.contains(name)).map(str::to_owned).collect(),
        };
        assert_eq!(groups, in_order, "groups of {id}");
        if let Some(other) = page.covered_by() {
            let covering = rules::breaking_rules().into_iter().find(|rule| rule.id == other);
            assert!(covering.is_some_and(|rule| rule.page.covered_by().is_none()), "{id}: {other} does not stand in");
            assert!(page.body().contains(&format!("[{other}]({other}.md)")), "{id} has no link to {other}");
        }
    }
}

/// Links from page to page lead to pages that exist.
#[test]
fn links_between_pages_hold() {
    for kind in ["lint", "breaking", "compile"] {
        let directory = folder().join(kind);
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
            for link in links.filter(|link| link.contains(".md") && !link.contains("://")) {
                let file = link.split('#').next().unwrap_or(link);
                assert!(directory.join(file).is_file(), "{}: {link} leads nowhere", path.display());
            }
        }
    }
}

/// Who comes from the Go tool finds each of its 31 rules, by a name that exists here.
#[test]
fn rules_of_the_go_tool_have_counterparts() {
    let text = fs::read_to_string(folder().join("README.md")).unwrap();
    let table = text.split("<!-- go tool: begin -->").nth(1).unwrap().split("<!-- go tool: end -->").next().unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| its rule"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let theirs: BTreeSet<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!((rows.len(), theirs.len()), (31, 31));
    for link in table.split('[').skip(1) {
        let (id, rest) = link.split_once("](").unwrap();
        let path = rest.split(')').next().unwrap();
        assert!(rules::find(id).is_some(), "{id} does not exist");
        assert!(path.ends_with(&format!("/{id}.md")) && folder().join(path).is_file(), "{id}: {path} leads nowhere");
    }
    assert!(rows.iter().all(|row| row[1].contains("](")), "a row names no rule");
}
