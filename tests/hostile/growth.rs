//! Much of everything: time and memory follow the input, and nothing of it is left out.

use std::collections::BTreeMap;

use super::*;

#[test]
fn findings_grow_with_the_input_alone() {
    let most = 4_000;
    let in_message = |line: &dyn Fn(usize) -> String| format!("{HEAD}message M {{\n{}}}\n", lines(most, line));
    let cases = [
        ("COMPILE_DUPLICATE_SYMBOL", in_message(&|n| format!("  string f = {n};")), most - 1),
        ("COMPILE_DUPLICATE_NUMBER", in_message(&|n| format!("  string f{n} = 1;")), most - 1),
        ("COMPILE_UNRESOLVED_NAME", in_message(&|n| format!("  b.Nope{n} f{n} = {n};")), most),
        ("COMPILE_RANGE_OVERLAP", in_message(&|n| format!("  reserved {n} to {};", n + 1000)), most - 1),
        ("COMPILE_DUPLICATE_SYMBOL", format!("{HEAD}{}", lines(most, |_| "message M {}".to_owned())), most - 1),
        (
            "COMPILE_DUPLICATE_SYMBOL",
            format!("{HEAD}{}", lines(most, |n| format!("enum E{n} {{ SAME = 0; }}"))),
            most - 1,
        ),
        (
            "COMPILE_DUPLICATE_NUMBER",
            format!("{HEAD}enum E {{\n  E_UNSPECIFIED = 0;\n{}}}\n", lines(most, |n| format!("  E_V{n} = {};", n / 2))),
            most / 2,
        ),
        (
            "COMPILE_IMPORT_DUPLICATE",
            format!("{HEAD}{}", lines(most, |_| "import \"a/m.proto\";".to_owned())),
            most - 1,
        ),
        ("COMPILE_IMPORT_NOT_FOUND", format!("{HEAD}{}", lines(most, |n| format!("import \"a/m{n}.proto\";"))), most),
        ("ONEOF_LOWER_SNAKE_CASE", in_message(&|n| format!("  oneof O{n} {{ string f{n} = {n}; }}")), most),
        ("FIELD_LOWER_SNAKE_CASE", in_message(&|n| format!("  optional string F{n} = {n};")), most),
    ];
    for (rule, text, expected) in cases {
        let text = &text;
        assert_eq!(count(text, rule), expected, "{rule} in {:.80}", &text[HEAD.len()..]);
    }
}

#[test]
fn each_of_many_directives_suppresses_on_its_own_lines_only() {
    let most = 4_000;
    let field = |n: usize| format!("  // protolint:ignore FIELD_LOWER_SNAKE_CASE\n  string F{n} = {n};");
    assert_eq!(count(&format!("{HEAD}message M {{\n{}}}\n", lines(most, field)), "FIELD_LOWER_SNAKE_CASE"), 0);
    let comments = lines(most, |_| "  // protolint:ignore FIELD_LOWER_SNAKE_CASE".to_owned());
    let text = format!("{HEAD}message M {{\n{comments}  string F = 1;\n  string G = 2;\n}}\n");
    assert_eq!(count(&text, "FIELD_LOWER_SNAKE_CASE"), 1);
}

/// The findings of a rule in a tree of `most` files.
fn count_in(most: usize, rule: &str, text: impl Fn(usize) -> String) -> usize {
    let directory = tree(&[]);
    let files = (0..most).map(|n| (format!("a/f{n}.proto"), text(n))).collect::<BTreeMap<_, _>>();
    support::write(directory.path(), &files);
    check(directory.path(), &[]).0.iter().filter(|finding| finding.rule == rule).count()
}

#[test]
fn many_files_are_linked_whatever_their_imports() {
    let most = 400;
    let uses = |n: usize| format!("message M{n} {{\n  M{} f = 1;\n}}\n", (n + 1) % most);
    assert_eq!(count_in(most, "COMPILE_UNRESOLVED_NAME", |n| format!("{HEAD}{}", uses(n))), most);
    let import = |n: usize, kind: &str| format!("{HEAD}import {kind}\"a/f{}.proto\";\n{}", (n + 1) % most, uses(n));
    assert_eq!(count_in(most, "COMPILE_IMPORT_CYCLE", |n| import(n, "")), most);
    let chain = |n: usize| if n + 1 < most { import(n, "public ") } else { format!("{HEAD}message M{n} {{}}\n") };
    assert_eq!(count_in(most, "COMPILE_UNRESOLVED_NAME", chain), 0);
    let hub = |n: usize| match n {
        0 => format!("{HEAD}{}", lines(most - 1, |n| format!("import \"a/f{n}.proto\";"))),
        _ => format!("{HEAD}message M{n} {{}}\n"),
    };
    assert_eq!(count_in(most, "IMPORT_USED", hub), most - 1);
}

/// Each file of one root reaches a file whose name the other root has too; above the chain, one file reaches both.
#[test]
fn names_that_two_roots_have_are_followed_through_long_chains() {
    let most = 4_000;
    let import = |path: &str| format!("{HEAD}import \"{path}\";\n");
    let above = |n: usize| if n == 0 { import("a/same.proto") } else { import(&format!("a/f{}.proto", n - 1)) };
    let mut files: BTreeMap<String, String> = (0..most).map(|n| (format!("one/a/f{n}.proto"), above(n))).collect();
    for root in ["one", "two"] {
        files.insert(format!("{root}/a/same.proto"), HEAD.to_owned());
    }
    files.insert("two/a/way.proto".to_owned(), import("a/same.proto"));
    files.insert("one/a/both.proto".to_owned(), format!("{}import \"a/way.proto\";\n", above(most)));
    files.insert("one/a/top.proto".to_owned(), import("a/both.proto"));
    files.insert("protolint.yaml".to_owned(), "version: 1\nroots: [one, two, .]\n".to_owned());
    let directory = tree(&[]);
    support::write(directory.path(), &files);
    let found = check(directory.path(), &[]).0;
    let meet: Vec<&str> = found
        .iter()
        .filter(|finding| finding.rule == "COMPILE_IMPORT_AMBIGUOUS")
        .filter_map(|finding| finding.path.as_deref())
        .collect();
    assert_eq!(meet, ["one/a/both.proto"]);
}

#[test]
fn thousands_of_arguments_are_read_once_each() {
    let files: BTreeMap<String, String> = (0..400)
        .map(|n| (format!("p{n}/a/f.proto"), format!("{HEAD}message M {{\n  string F = {};\n}}\n", n + 1)))
        .collect();
    let directory = tree(&[]);
    std::fs::remove_file(directory.path().join("protolint.yaml")).unwrap();
    support::write(directory.path(), &files);
    let mut arguments: Vec<&str> = files.keys().map(String::as_str).collect();
    arguments.extend(files.keys().map(String::as_str).take(100));
    arguments.push("a/witness.proto");
    let (findings, _) = check(directory.path(), &arguments);
    assert_eq!(findings.iter().filter(|finding| finding.rule == "FIELD_LOWER_SNAKE_CASE").count(), 400);
}

#[test]
fn what_all_files_import_publicly_is_followed_once_a_file() {
    let most = 200;
    let imports = |n: usize| lines(most, |other| if other == n + 1 { String::new() } else { public(other - 1) });
    let mesh = |n: usize| format!("{HEAD}{}message M{n} {{\n  M{} f = 1;\n}}\n", imports(n), (n + most / 2) % most);
    assert_eq!(count_in(most, "COMPILE_UNRESOLVED_NAME", mesh), 0);
}

fn public(n: usize) -> String {
    format!("import public \"a/f{n}.proto\";")
}

#[test]
fn a_line_may_hold_any_number_of_statements() {
    let style = |text: String| {
        let directory = tree(&[("a/bad.proto", text.as_bytes())]);
        check(directory.path(), &["--use", "STYLE,MESSAGE_PASCAL_CASE,FIELD_LOWER_SNAKE_CASE"]).0
    };
    // The line is too long, and that is all.
    assert!(style(format!("{HEAD}\n{}\n", ";".repeat(150_000))).len() <= 1);
    let declared = (0..3_000).map(|n| format!("message m{n} {{}};;")).collect::<String>();
    let found = style(format!("{HEAD}\n{declared}\n"));
    assert_eq!(found.iter().filter(|finding| finding.rule == "MESSAGE_PASCAL_CASE").count(), 3_000);
}

#[test]
fn each_of_many_problems_of_one_option_is_reported() {
    let most = 3_000;
    let values = (0..most).map(|n| format!("example: \"b{n}\" ")).collect::<String>();
    let text = format!(
        "{HEAD}import \"buf/validate/validate.proto\";\nmessage M {{\n  string f = 1 [(buf.validate.field).string = \
         {{const: \"a\" {values}}}];\n}}\n"
    );
    // The rule itself has a fault too: `const` leaves nothing to give examples of.
    assert_eq!(count(&text, "PROTOVALIDATE"), most + 1);
}

#[test]
fn files_see_through_long_chains_and_wide_hubs_of_public_imports() {
    let most = 3_000;
    let rules = |text: &dyn Fn(usize) -> String| {
        let directory = tree(&[]);
        let files = (0..most).map(|n| (format!("a/f{n}.proto"), text(n))).collect::<BTreeMap<_, _>>();
        support::write(directory.path(), &files);
        let mut rules = BTreeMap::<String, usize>::new();
        for finding in check(directory.path(), &[]).0 {
            *rules.entry(finding.rule).or_default() += 1;
        }
        ["COMPILE_UNRESOLVED_NAME", "IMPORT_USED"].map(|rule| rules.get(rule).copied().unwrap_or_default())
    };
    // The last file, at the end of the chain or in the hub, has a package of its own within that of the others.
    let head = |n: usize| if n + 1 < most { HEAD } else { "syntax = \"proto3\";\npackage a.b;\n" };
    let last = |n: usize| format!("message M{n} {{\n  b.M{} f = 1;\n  a.b.Nope g = 2;\n}}\n", most - 1);
    let import = |n: usize, kind: &str| format!("import {kind}\"a/f{n}.proto\";\n");
    let in_chain = |n: usize, kind: &str| match n + 1 {
        next if next < most => format!("{}{}{}", head(n), import(next, kind), last(n)),
        _ => format!("{}{}", head(n), last(n).replace("b.M", "M")),
    };
    assert_eq!(rules(&|n| in_chain(n, "public ")), [most, 0]);
    assert_eq!(rules(&|n| in_chain(n, ""))[0], 2 * most - 2);
    let hub = |n: usize| match n {
        0 => format!("{HEAD}{}", (1..most).map(|n| import(n, "public ")).collect::<String>()),
        _ if n + 1 == most => format!("{}message M{n} {{}}\n", head(n)),
        _ => format!("{HEAD}{}message M{n} {{\n  M{} f = 1;\n  b.M{} g = 2;\n}}\n", import(0, ""), n % 9 + 1, most - 1),
    };
    assert_eq!(rules(&hub), [0, 0]);
}

#[test]
fn a_name_of_many_characters_is_not_kept_with_each_finding() {
    let field = |n: usize| format!("  string F{n} = {n};");
    let text = format!("{HEAD}message {} {{\n{}}}\n", "M".repeat(60_000), lines(300, field));
    let directory = tree(&[("a/long.proto", text.as_bytes())]);
    let output = protolint(directory.path(), &["check", "--write-baseline", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let known = std::fs::read_to_string(directory.path().join("protolint.baseline.yaml")).unwrap();
    let symbols = known.lines().filter(|line| line.contains("a.MMM")).count();
    assert!(symbols >= 300 && known.len() < 400 * symbols, "{symbols} symbols in {} bytes", known.len());
}
