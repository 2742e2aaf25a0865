//! What became of a resource is looked for in files that did not change, too: nothing imports a resource.

use crate::support::repository::{Scratch, schema};

const SHELF: &str = "shelves/{shelf}";

/// A file that defines a resource.
fn defining(kind: &str, pattern: &str) -> String {
    let resource = format!("{{type: \"example.com/{kind}\" pattern: \"{pattern}\"}}");
    schema(&format!("import \"google/api/resource.proto\";\noption (google.api.resource_definition) = {resource};\n"))
}

/// A file with a field that refers to a resource.
fn referring(reference: &str) -> String {
    let field = format!("message R {{ string parent = 1 [(google.api.resource_reference).{reference}]; }}\n");
    schema(&format!("import \"google/api/resource.proto\";\n{field}"))
}

/// What is found where the files `a.proto` and `b.proto` become others; one that is empty stays as it is.
#[track_caller]
fn found(before: [&str; 2], after: [&str; 2], expected: &[&str]) {
    const PATHS: [&str; 2] = ["proto/shop/v1/a.proto", "proto/shop/v1/b.proto"];
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    scratch.commit("r", &[(PATHS[0], before[0]), (PATHS[1], before[1])]);
    scratch.git("r", "checkout -q -b feature");
    let changed: Vec<(&str, &str)> = PATHS.into_iter().zip(after).filter(|(_, text)| !text.is_empty()).collect();
    scratch.commit("r", &changed);
    let run = scratch.breaking("r", "--against main --layers source");
    let rules: Vec<&str> = run.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, expected, "{}", run.stderr);
}

#[test]
fn another_file_still_defines_a_resource() {
    let (shelf, none) = (defining("Shelf", SHELF), schema("// Nothing is left.\n"));
    found([&shelf, &shelf], [&none, ""], &[]);
    found([&shelf, &shelf], ["", &none], &[]);
    found([&shelf, &shelf], [&none, &none], &["RESOURCE_REMOVED"]);
}

#[test]
fn another_file_still_has_a_pattern() {
    let [one, other] = [SHELF, "rooms/{room}"].map(|pattern| defining("Shelf", pattern));
    found([&one, &one], [&other, ""], &[]);
    found([&one, &one], [&other, &other], &["RESOURCE_PATTERN_REMOVED"]);
}

#[test]
fn another_file_says_which_resource_is_a_parent() {
    let (shelf, book) = (defining("Shelf", SHELF), defining("Book", "shelves/{shelf}/books/{book}"));
    let both = shelf.clone() + book.lines().last().unwrap_or_default();
    let [parent, child] = ["type = \"example.com/Shelf\"", "child_type = \"example.com/Book\""].map(referring);
    found([&parent, &both], [&child, ""], &[]);
    found([&child, &both], [&parent, ""], &[]);
    found([&child, &shelf], [&parent, ""], &["RESOURCE_REFERENCE_CHANGED"]);
}
