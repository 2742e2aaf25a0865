//! What packages ship beside the program: completions that the shells take, and manual pages. A shell that is not
//! installed is skipped.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use regex::Regex;
use support::protolint;

/// What a shell prints that runs `script` in a directory with the completions in the file `completions`.
fn in_shell(shell: &str, options: &[&str], script: &str) -> Option<String> {
    let directory = tempfile::tempdir().unwrap();
    let made = protolint(Path::new("."), &["completions", shell]);
    assert!(made.status.success());
    std::fs::write(directory.path().join("completions"), made.stdout).unwrap();
    let mut command = Command::new(shell);
    command.args(options).args(["-c", script]).current_dir(directory.path()).env("HOME", directory.path());
    let Ok(output) = command.stdin(Stdio::null()).output() else {
        eprintln!("skipped: there is no `{shell}`");
        return None;
    };
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && stderr.is_empty(), "{shell}: {} {stderr}", output.status);
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The words that bash offers for the last of these.
fn offered(words: &[&str]) -> Option<Vec<String>> {
    let (last, before) = (words.last().unwrap(), words[words.len() - 2]);
    let script = format!(
        ". ./completions; complete -p protolint >/dev/null || exit 9; COMP_WORDS=({}); COMP_CWORD={}; \
         _protolint protolint '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1,
    );
    Some(in_shell("bash", &["--norc"], &script)?.lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes_subcommands_options_and_rules() {
    let Some(words) = offered(&["protolint", "br"]) else { return };
    assert_eq!(words, ["breaking"]);
    assert_eq!(offered(&["protolint", "check", "--stri"]).unwrap(), ["--strict-imports"]);
    assert_eq!(offered(&["protolint", "explain", "FIELD_HOT"]).unwrap(), ["FIELD_HOT_NUMBER"]);
    assert_eq!(offered(&["protolint", "check", "--use", "STAND"]).unwrap(), ["STANDARD"]);
    assert_eq!(offered(&["protolint", "breaking", "--use", "WIRE"]).unwrap(), ["WIRE", "WIRE_JSON"]);
    assert_eq!(offered(&["protolint", "breaking", "--format", "j"]).unwrap(), ["json", "junit"]);
    assert_eq!(offered(&["protolint", "rules", "--format", "j"]).unwrap(), ["json"]);
}

#[test]
fn zsh_and_fish_take_theirs() {
    in_shell(
        "zsh",
        &["-f"],
        "autoload -U compinit; compinit -u -D; . ./completions; [[ $_comps[protolint] == _protolint ]]",
    );
    if let Some(words) = in_shell("fish", &["--no-config"], ". ./completions; complete -C 'protolint br'") {
        assert!(words.starts_with("breaking"), "{words}");
    }
}

#[test]
fn scripts_for_all_shells_have_subcommands_rules_and_formats() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let made = protolint(Path::new("."), &["completions", shell]);
        let script = String::from_utf8(made.stdout).unwrap();
        assert!(made.status.success(), "{shell}");
        let mut expected = vec!["breaking", "strict-imports"];
        // The generators for these two offer no values of options.
        if !matches!(shell, "powershell" | "elvish") {
            expected.extend(["FIELD_HOT_NUMBER", "STANDARD", "WIRE_JSON", "checkstyle", "sarif"]);
        }
        for word in expected {
            let is_there = Regex::new(&format!(r"(^|\W){word}(\W|$)")).unwrap().is_match(&script);
            assert!(is_there, "{shell} does not complete {word}");
        }
    }
}

/// The variables that files of the program read.
fn variables_in_the_source() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = Regex::new(r#"\b(?:var|var_os|value|directory|variable|is_set|is_zero)\("([A-Z_]+)"\)"#).unwrap();
    let listed = Regex::new(r#""([A-Z]+(?:_[A-Z]+)+)""#).unwrap();
    let mut names = BTreeSet::new();
    for entry in walkdir::WalkDir::new(&root) {
        let path = entry.unwrap().into_path();
        let shown = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        let is_test = shown.contains("tests") || shown.contains("generated");
        let Some(text) = std::fs::read_to_string(&path).ok().filter(|_| !is_test) else { continue };
        let found = if shown == "cli/ci.rs" { listed.captures_iter(&text) } else { read.captures_iter(&text) };
        names.extend(found.map(|name| name[1].to_owned()));
    }
    names
}

#[test]
fn help_and_manual_pages_list_exit_statuses_and_variables() {
    let directory = tempfile::tempdir().unwrap();
    assert!(protolint(directory.path(), &["man", "man1"]).status.success());
    let variables = variables_in_the_source();
    assert!(
        variables.len() > 25 && variables.contains("GIT_INDEX_FILE") && variables.contains("TERM"),
        "{variables:?}"
    );
    for (page, arguments) in [
        ("protolint", &["--help"][..]),
        ("protolint-check", &["check", "--help"]),
        ("protolint-breaking", &["help", "breaking"]),
    ] {
        let manual =
            std::fs::read_to_string(directory.path().join(format!("man1/{page}.1"))).unwrap().replace("\\fB", "");
        let (before, environment) = manual.split_once(".SH ENVIRONMENT\n").expect(page);
        assert!(before.contains(".SH \"EXIT STATUS\"\n"), "{page}");
        let help = String::from_utf8(protolint(directory.path(), arguments).stdout).unwrap();
        assert!(help.contains("\nExit status:\n  0  "), "{help}");
        let listed = help.split_once("\nEnvironment variables:\n").expect(&help).1;
        for variable in &variables {
            let named = Regex::new(&format!(r"\b{variable}\b")).unwrap();
            assert!(named.is_match(environment) && named.is_match(listed), "{page}: {variable}");
        }
        assert!(help.lines().all(|line| line.len() <= 100), "{help}");
    }
}

#[test]
fn help_has_help() {
    let of = |arguments: &[&str]| {
        let run = protolint(Path::new("."), arguments);
        assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    assert_eq!(of(&["help", "--help"]), of(&["help", "help"]));
    assert_eq!(of(&["help", "-h"]), of(&["help", "help"]));
    assert_eq!(of(&["help", "check", "--help"]), of(&["help", "check"]));
    assert!(of(&["help"]).contains("Usage: protolint <COMMAND>"));
}

#[test]
fn each_subcommand_that_help_shows_has_a_manual_page() {
    let directory = tempfile::tempdir().unwrap();
    let run = protolint(directory.path(), &["man", "share/man1"]);
    assert!(run.status.success());
    let written = String::from_utf8(run.stdout).unwrap();
    let help = String::from_utf8(protolint(directory.path(), &["help"]).stdout).unwrap();
    let commands = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let commands = commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let mut expected = vec!["wrote share/man1/protolint.1".to_owned()];
    expected.extend(commands.map(|name| format!("wrote share/man1/protolint-{name}.1")));
    assert_eq!(written.lines().collect::<Vec<_>>(), expected);
    for line in written.lines() {
        let page = std::fs::read_to_string(directory.path().join(line.trim_start_matches("wrote "))).unwrap();
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{line}");
    }
}

#[test]
fn what_cannot_be_written_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("file"), "").unwrap();
    let run = protolint(directory.path(), &["man", "file/man1"]);
    assert_eq!(run.status.code(), Some(2));
    let stderr = String::from_utf8(run.stderr).unwrap();
    assert!(stderr.starts_with("error: `file/man1` cannot be written: "), "{stderr}");
}
