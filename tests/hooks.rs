//! `.pre-commit-hooks.yaml`: what each hook runs is a command line of this program, which does what a commit needs.
//! `.ci/pre-commit` runs the hooks with pre-commit itself.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::path::Path;

use clap::Parser;
use protolint::cli::Cli;
use serde::Deserialize;
use support::repository::{ITEM_PATH, ORDER, ORDER_PATH, Scratch, schema};

#[derive(Deserialize)]
struct Hook {
    id: String,
    entry: String,
    language: String,
    #[serde(default)]
    files: String,
    #[serde(default)]
    always_run: bool,
    #[serde(default)]
    require_serial: bool,
    #[serde(default = "yes")]
    pass_filenames: bool,
}

fn yes() -> bool {
    true
}

fn hooks() -> Vec<Hook> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

#[test]
fn hooks_run_what_there_is() {
    let help = Cli::try_parse_from(["protolint", "check", "--help"]).unwrap_err().to_string();
    for hook in hooks() {
        assert_eq!(hook.language, "rust", "{}", hook.id);
        // Files of one commit belong together, or none are named and a commit that only deletes must not pass unseen.
        assert!(if hook.pass_filenames { hook.require_serial } else { hook.always_run }, "{}", hook.id);
        assert!(!hook.pass_filenames || hook.files == r"\.proto$", "{}", hook.id);
        if hook.entry.contains("--fix") && !help.contains("--fix") {
            eprintln!("skipped: {}, for there is no check --fix", hook.id);
            continue;
        }
        let parsed = Cli::try_parse_from(hook.entry.split(' ').chain(hook.pass_filenames.then_some("a.proto")));
        assert!(parsed.is_ok(), "{}: {}", hook.id, parsed.unwrap_err());
    }
}

/// What a hook says of a commit that touches these files: its exit status and its findings.
fn run(scratch: &Scratch, id: &str, files: &[&str]) -> (i32, String) {
    let hook = hooks().into_iter().find(|hook| hook.id == id).unwrap();
    let mut arguments: Vec<&str> = hook.entry.split(' ').skip(1).collect();
    if hook.pass_filenames {
        arguments.extend(files);
    }
    let output = support::protolint(&scratch.path("r"), &arguments);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_commit_gets_its_own_findings_only() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.write("r/protolint.yaml", "version: 1\nroots: [proto]\nexclude: [\"proto/gen/**\"]\n");
    let generated = "proto/gen/gen.proto";
    scratch.commit("r", &[(generated, "message bad {}\n"), (ORDER_PATH, &schema(&ORDER.replace("id", "Id")))]);
    // The imported file is seen, and its fault is not reported.
    assert_eq!(run(&scratch, "protolint-check", &[ITEM_PATH]), (0, String::new()));
    let (status, told) = run(&scratch, "protolint-check", &[ITEM_PATH, ORDER_PATH]);
    assert!(status == 1 && told.contains("FIELD_LOWER_SNAKE_CASE"), "{told}");
    // A commit of files that the configuration leaves out has nothing to fix.
    assert_eq!(run(&scratch, "protolint-check", &[generated]), (0, String::new()));
    scratch.git("r", "checkout -q main");
    assert_eq!(run(&scratch, "protolint-breaking", &[]), (0, String::new()));
    scratch.git("r", "checkout -q -b other");
    scratch.git("r", &format!("rm -q {ITEM_PATH}"));
    let (status, told) = run(&scratch, "protolint-breaking", &[]);
    assert!(status == 1 && told.contains("FILE_NO_DELETE"), "{told}");
}
