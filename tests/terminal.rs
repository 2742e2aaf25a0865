//! What the command prints on a terminal: the width, colours, and what people see that programs do not. The terminal is
//! that of `script`, which every Linux system has.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use support::tree;

const PROGRAM: &str = env!("CARGO_BIN_EXE_protolint");

/// What a terminal of that many columns shows of both outputs, with these variables.
fn seen(directory: &Path, columns: usize, variables: &[(&str, &str)], arguments: &str) -> String {
    let script = format!("stty cols {columns} rows 50; '{PROGRAM}' {arguments}");
    let mut command = Command::new("script");
    command.args(["--quiet", "--command", &script, "/dev/null"]).current_dir(directory);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "CI"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm").envs(variables.iter().copied());
    let output = command.stdin(std::process::Stdio::null()).output().expect("util-linux has `script`");
    String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n")
}

fn without_styles(text: &str) -> String {
    regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap().replace_all(text, "").into_owned()
}

/// A project with an unused import, a field name and a service name to report.
fn project() -> tempfile::TempDir {
    let text = "syntax = \"proto3\";\n\npackage a.v1;\n\nimport \"google/protobuf/empty.proto\";\n\n\
                message User {\n  string userName = 1;\n  string firstName = 2;\n}\n";
    tree::project(&BTreeMap::from([("a/v1/user.proto".to_owned(), text.to_owned())]))
}

#[test]
fn rules_are_listed_in_the_width_of_the_terminal() {
    let project = project();
    for columns in [60, 100, 160] {
        let list = seen(project.path(), columns, &[], "rules");
        assert!(list.contains("\u{1b}[1mFIELD_LOWER_SNAKE_CASE\u{1b}[0m"), "{list}");
        let list = without_styles(&list);
        assert!(list.lines().all(|line| line.chars().count() <= columns), "{list}");
        assert!(list.contains("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED"), "{list}");
        assert!(list.contains("[fixable]") && list.contains("[fixable with --unsafe]"), "{list}");
    }
    let plain = seen(project.path(), 60, &[("NO_COLOR", "1")], "rules");
    assert_eq!(plain, without_styles(&seen(project.path(), 60, &[], "rules")));
    assert_eq!(plain, seen(project.path(), 60, &[("NO_COLOR", "")], "rules --color never"));
}

#[test]
fn a_pipe_gets_a_line_for_each_rule() {
    let project = project();
    let list = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = support::command(project.path(), arguments);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = list(&[], &["rules"]);
    assert_eq!(plain.lines().count(), protolint_rules() + 1);
    assert_eq!(plain, list(&[("COLUMNS", "60")], &["rules"]));
    let forced = list(&[("CLICOLOR_FORCE", "1")], &["rules"]);
    assert!(forced.contains('\u{1b}') && without_styles(&forced) == plain, "{forced}");
    let row = plain.lines().find(|line| line.contains(" IMPORT_USED ")).unwrap();
    assert!(row.starts_with("*   IMPORT_USED ") && row.ends_with(" every import is used [fixable]"), "{row}");
}

fn protolint_rules() -> usize {
    use protolint::rules;
    rules::lint_rules().len() + rules::breaking_rules().len() + rules::compile_rules().len()
}

#[test]
fn pages_are_text_on_a_terminal_and_in_a_pipe() {
    let project = project();
    let page = seen(project.path(), 60, &[], "explain SERVICE_SUFFIX");
    assert!(page.starts_with("\u{1b}[1mSERVICE_SUFFIX\u{1b}[0m\n\nThis rule"), "{page}");
    let text = without_styles(&page);
    let is_text = |line: &&str| !line.starts_with("  ");
    assert!(text.lines().filter(is_text).all(|line| line.chars().count() <= 60 || line.starts_with("(http")), "{text}");
    assert!(!text.contains("```") && !text.contains("](") && !text.contains("## "), "{text}");

    let mut command = support::command(project.path(), &["explain", "SERVICE_SUFFIX"]);
    let piped = command.env("COLUMNS", "60").output().unwrap().stdout;
    assert_eq!(String::from_utf8(piped).unwrap(), text);
}

#[test]
fn findings_say_how_to_fix_them_and_where_their_rule_is_explained() {
    let project = project();
    let report = seen(project.path(), 160, &[], "check");
    let text = without_styles(&report);
    assert!(text.contains("`google/protobuf/empty.proto` is unused [fixable]\n"), "{text}");
    assert!(text.contains("such as `user_name` [fixable with --unsafe]\n"), "{text}");
    let address = "docs: https://github.com/protolint-rs/protolint/blob/main/rules/lint/FIELD_LOWER_SNAKE_CASE.md\n";
    assert_eq!(text.matches(address).count(), 1, "{text}");
    assert!(text.contains("\n\nchecked 1 file against "), "{text}");
    assert!(report.contains(": \u{1b}[1;31m3 errors\u{1b}[0m, 0 warnings (1 fixable with --fix, "), "{report}");

    let wide = without_styles(&seen(project.path(), 100, &[], "check"));
    assert!(wide.ends_with(" 3 errors, 0 warnings\n  (1 fixable with --fix, 2 more with --fix --unsafe)\n"), "{wide}");
    let narrow = without_styles(&seen(project.path(), 60, &[], "check"));
    let is_address = |line: &&str| line.contains("docs: https://");
    assert!(narrow.lines().filter(|line| !is_address(line)).all(|line| line.chars().count() <= 60), "{narrow}");
}

#[test]
fn the_environment_chooses_colours_and_frames() {
    let project = project();
    let shown = |variables: &[(&str, &str)], arguments: &str| {
        let report = seen(project.path(), 100, variables, arguments);
        (report.contains('\u{1b}'), report.contains('╭'))
    };
    assert_eq!(shown(&[], "check"), (true, true));
    assert_eq!(shown(&[("NO_COLOR", "1")], "check"), (false, true));
    assert_eq!(shown(&[], "check --color never"), (false, true));
    assert_eq!(shown(&[("CLICOLOR", "0")], "check"), (false, true));
    assert_eq!(shown(&[("TERM", "dumb")], "check"), (false, false));
    assert_eq!(shown(&[("NO_COLOR", "1"), ("TERM", "dumb")], "check --color always"), (true, false));
    let failure = "explain NO_SUCH_RULE";
    assert_eq!((shown(&[], failure).0, shown(&[("TERM", "dumb")], failure).0), (true, false));
}

#[test]
fn statistics_alone_are_nothing_else() {
    let project = project();
    let run = |arguments: &[&str]| {
        let output = support::protolint(project.path(), arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let numbers = "        2  FIELD_LOWER_SNAKE_CASE\n        1  IMPORT_USED\n".to_owned();
    assert_eq!(run(&["check", "-q", "--statistics"]), (Some(1), numbers.clone(), String::new()));
    let (_, report, errors) = run(&["check", "-q", "--statistics", "--format", "json"]);
    assert_eq!((report.lines().count(), errors), (3, numbers.clone()));
    let (_, report, errors) = run(&["check", "--statistics"]);
    assert!(report.lines().count() == 3 && errors.starts_with(&numbers), "{report}{errors}");

    std::fs::write(project.path().join("protolint.yaml"), "version: 1\nchek: {}\n").unwrap();
    let (status, numbers, faults) = run(&["check", "-q", "--statistics"]);
    assert!(status == Some(2) && numbers.is_empty() && faults.contains("unknown key `chek`"), "{faults}");
}

#[test]
fn hints_fit_a_narrow_terminal() {
    let fields: String = (1..=1200).map(|number| format!("  string badName{number} = {number};\n")).collect();
    let text = format!("syntax = \"proto3\";\n\npackage a.v1;\n\nmessage Wide {{\n{fields}}}\n");
    let project = tree::project(&BTreeMap::from([("a/v1/wide.proto".to_owned(), text)]));
    let seen = |columns| without_styles(&seen(project.path(), columns, &[], "check --max-findings 1"));
    let hint = "to suppress all existing findings: protolint check --write-baseline\n\
                to count findings by rule: --statistics\n";
    assert!(seen(100).ends_with(hint), "{}", seen(100));
    assert!(
        seen(100).contains("\n1,199 more findings in 1 file not shown: see all with `--format concise` or "),
        "{}",
        seen(100)
    );
    let narrow = hint.replace(": protolint", ":\n  protolint");
    assert!(seen(60).ends_with(&narrow), "{}", seen(60));
    let summary = seen(60);
    let summary: Vec<&str> = summary.lines().rev().take(6).collect();
    assert!(summary.iter().all(|line| line.chars().count() <= 60), "{summary:#?}");
}

#[test]
fn errors_fit_a_narrow_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let error = seen(directory.path(), 60, &[], "check");
    assert!(error.starts_with("\u{1b}[1;31merror:\u{1b}[0m no .proto files here\n"), "{error}");
    let text = without_styles(&error);
    assert!(text.contains("\n  help: hidden directories,"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
}

#[test]
fn a_configuration_fault_is_drawn_in_the_width_of_the_terminal() {
    let project = project();
    std::fs::write(project.path().join("protolint.yaml"), "version: 1\ncheck:\n  use: [STANDART]\n").unwrap();
    let fault = seen(project.path(), 60, &[], "check");
    assert!(fault.ends_with("\n\ninvalid configuration: \u{1b}[1;31m1 error\u{1b}[0m, 0 warnings\n"), "{fault}");
    let text = without_styles(&fault);
    let is_address = |line: &&str| line.contains("docs: https://");
    assert!(text.lines().filter(|line| !is_address(line)).all(|line| line.chars().count() <= 60), "{text}");
}

/// A fingerprint is copied into a command, with the word that says what it is.
#[test]
fn breaking_changes_fit_a_narrow_terminal() {
    let text =
        |kind: &str| format!("syntax = \"proto3\";\n\npackage a.v1;\n\nmessage User {{\n  {kind} age = 2;\n}}\n");
    let project = tree::project(&BTreeMap::from([
        ("before/a/v1/user.proto".to_owned(), text("int32")),
        ("after/a/v1/user.proto".to_owned(), text("int64")),
    ]));
    let seen = |columns| without_styles(&seen(project.path(), columns, &[], "breaking after --against before"));
    let fingerprint = regex::Regex::new("fingerprint [0-9a-f]{16}\n").unwrap();
    for columns in 60..100 {
        assert!(fingerprint.is_match(&seen(columns)), "{}", seen(columns));
    }
    let hint = "to accept a change:\n  protolint breaking --accept FINGERPRINT --reason TEXT\n";
    assert!(seen(60).ends_with(hint), "{}", seen(60));
}
