//! What the command prints, and its exit status: transcripts in `testdata/cli/`, each run in the folder beside it.
//! `TRYCMD=overwrite cargo test --test cli` rewrites them.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("testdata/cli/*.trycmd").case("testdata/cli/*.toml");
}

/// A text that has a finding on each of its `fields`.
fn many_findings(fields: usize) -> BTreeMap<String, String> {
    let fields: String = (1..=fields).map(|number| format!("  string badName{number} = {number};\n")).collect();
    let text = format!("syntax = \"proto3\";\n\npackage a.v1;\n\nmessage Wide {{\n{fields}}}\n");
    BTreeMap::from([("a/v1/wide.proto".to_owned(), text)])
}

/// The reader of the output may stop, as `head` does.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let project = support::tree::project(&many_findings(5_000));
    for format in protolint::report::Format::NAMES {
        let mut command = support::command(project.path(), &["check", "--format", format, "--max-findings", "5000"]);
        let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(running.stdout.take());
        let output = running.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {stderr}");
        assert!(
            stderr.starts_with("checked 1 file ")
                && stderr.ends_with(
                    ": 5,000 errors, 0 warnings (5,000 fixable with --fix --unsafe)\n\
                    to suppress all existing findings: protolint check --write-baseline\n\
                    to count findings by rule: --statistics\n"
                ),
            "{format}: {stderr}"
        );
    }
}

/// The help lists the names of all formats.
#[test]
fn the_help_lists_every_format() {
    let output = support::protolint(Path::new("."), &["check", "--help"]);
    let help = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    for name in protolint::report::Format::NAMES {
        assert!(help.contains(&format!(" {name}: ")), "{name} in {help}");
    }
}

/// The file that collects a step's summary on GitHub keeps what was there; any other file is replaced.
#[test]
fn a_summary_of_github_is_added_to() {
    let project = support::tree::project(&many_findings(1));
    let summary = project.path().join("summary");
    let file = summary.to_str().unwrap();
    let mut lengths = Vec::new();
    for collected in ["", file, file, "elsewhere"] {
        let mut command = support::command(project.path(), &["check", "--format", &format!("markdown={file}")]);
        let status = command.env("GITHUB_STEP_SUMMARY", collected).output().unwrap().status;
        assert_eq!(status.code(), Some(1));
        lengths.push(std::fs::read(&summary).unwrap().len());
    }
    assert_eq!(lengths, [1, 2, 3, 1].map(|times| times * lengths[0]));
}

/// Where the reader of everything goes away, nothing can be reported.
#[test]
fn no_reader_at_all_is_no_panic() {
    let project = support::tree::project(&many_findings(5_000));
    for arguments in [&["check"][..], &["rules"], &["explain", "PACKAGE_DEFINED"], &["init", "-"]] {
        let mut command = support::command(project.path(), arguments);
        let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((running.stdout.take(), running.stderr.take()));
        let status = running.wait().unwrap().code();
        assert_eq!(status, Some(i32::from(arguments[0] == "check")), "{arguments:?}");
    }
}

/// `INPUT_UNREADABLE`: what was not read was not checked, so the run fails whatever the settings are.
#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_reported() {
    let project = support::tree::project(&many_findings(1));
    std::os::unix::fs::symlink("nowhere.proto", project.path().join("a/v1/link.proto")).unwrap();
    for arguments in [&["check"][..], &["check", "--fail-on", "never"]] {
        let output = support::protolint(project.path(), arguments);
        let stdout = String::from_utf8(output.stdout).unwrap();
        let first = stdout.lines().next().unwrap();
        assert!(
            first.starts_with("a/v1/link.proto:1:1: error INPUT_UNREADABLE it is a link to `nowhere.proto`"),
            "{stdout}"
        );
        assert!(stdout.contains("FIELD_LOWER_SNAKE_CASE"), "{stdout}");
        assert_eq!(output.status.code(), Some(2));
    }
}

/// Links of directories that lead around are walked once.
#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    let project = support::tree::project(&many_findings(1));
    std::os::unix::fs::symlink("..", project.path().join("a/around")).unwrap();
    let findings = support::check(project.path(), &[]);
    assert_eq!(findings.len(), 1, "{findings:?}");
}

/// A pipe named like a schema would never end.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let project = support::tree::project(&many_findings(1));
    let made = std::process::Command::new("mkfifo").arg(project.path().join("a/v1/pipe.proto")).status().unwrap();
    assert!(made.success());
    let output = support::protolint(project.path(), &["check"]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("a/v1/pipe.proto:1:1: error INPUT_UNREADABLE"), "{stdout}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn standard_input_may_be_empty_or_no_text() {
    let directory = tempfile::tempdir().unwrap();
    for (bytes, rule) in [(&b""[..], "PACKAGE_DEFINED"), (b"// caf\xe9", "COMPILE_ENCODING")] {
        let input = directory.path().join("input");
        std::fs::write(&input, bytes).unwrap();
        let findings = support::check_with_input(Path::new("/"), &["--no-config", "-"], Some(&input));
        assert!(findings.iter().any(|finding| finding.rule == rule), "{findings:?}");
    }
}

/// What a program reads from stdout stays free of faults of the configuration that people read on stderr.
#[test]
fn faults_of_the_configuration_are_drawn_on_stderr() {
    let texts =
        [("protolint.yaml", "version: 1\nchek: {}\n"), ("a/v1/a.proto", "syntax = \"proto3\";\npackage a.v1;\n")];
    let project = support::tree::project(&texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
    let drawn = " 2 | chek: {}\n   : ^^^^\n";
    for (line, is_finding_on_stdout) in [
        ("check", false),
        ("check --quiet", false),
        ("check --format human", false),
        ("check --format concise", false),
        ("check --format sarif=out.sarif", false),
        ("check --format json", true),
        ("check --format github", true),
        ("breaking --against .", false),
        ("breaking --against . --format junit", true),
        ("rules", false),
        ("rules --format json", false),
        ("init --from protolint.yaml -", false),
    ] {
        let output = support::protolint(project.path(), &line.split(' ').collect::<Vec<_>>());
        let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(output.status.code(), Some(2), "{line}: {stderr}");
        assert_eq!(stdout.contains("CONFIG_INVALID"), is_finding_on_stdout, "{line}: {stdout}");
        assert!(is_finding_on_stdout || stdout.is_empty(), "{line}: {stdout}");
        let is_converted = line.starts_with("init");
        assert!(stderr.contains(drawn) != is_finding_on_stdout || is_converted, "{line}: {stderr}");
        assert_eq!(stderr.contains("invalid configuration: 1 error"), !line.contains("quiet"), "{line}: {stderr}");
    }
    assert!(std::fs::read_to_string(project.path().join("out.sarif")).unwrap().contains("CONFIG_INVALID"));
}
