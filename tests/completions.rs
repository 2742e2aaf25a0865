//! What packages ship beside the program: completions that the shells take, and manual pages. A shell that is not
//! installed is skipped.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};

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
