//! Faults of the machine: files that cannot be written, outputs without a reader, too little of everything. What was
//! there stays whole, nothing is left lying about, and the message names the file and the reason.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use support::protolint;
use tempfile::TempDir;

/// A text that `--fix` fixes.
const CROOKED: &str = "syntax = \"proto3\";\npackage a;\nmessage M {\n string f = 1;\n}\n";
const STRAIGHT: &str = "syntax = \"proto3\";\npackage a;\nmessage M {\n  string f = 1;\n}\n";

fn tree(files: &[&str]) -> TempDir {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("protolint.yaml"), "version: 1\nroots: [.]\ncheck: {use: [STYLE]}\n").unwrap();
    for file in files {
        let path = directory.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, CROOKED).unwrap();
    }
    directory
}

fn text(directory: &TempDir, file: &str) -> String {
    std::fs::read_to_string(directory.path().join(file)).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs a line of the shell, in which `$0` is the program.
fn shell(directory: &Path, line: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_protolint");
    Command::new("sh").args(["-c", line, program]).current_dir(directory).stdin(Stdio::null()).output().unwrap()
}

fn assert_nothing_is_left_over(directory: &Path) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        assert!(!entry.file_name().to_string_lossy().starts_with(".protolint-"), "{:?}", entry.path());
        if entry.file_type().unwrap().is_dir() {
            assert_nothing_is_left_over(&entry.path());
        }
    }
}

#[test]
fn a_file_that_cannot_grow_stays_whole() {
    let outputs = ["--fix", "--output out.txt", "--format json=out.json", "--write-baseline"];
    for arguments in outputs {
        let directory = tree(&["a/f.proto"]);
        // The signal is ignored, so that writing fails as on a full disk.
        let output =
            shell(directory.path(), &format!("trap '' XFSZ; ulimit -f 0; exec \"$0\" check {arguments} --quiet"));
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert_eq!(text(&directory, "a/f.proto"), CROOKED, "{arguments}");
        assert_nothing_is_left_over(directory.path());
        let names: Vec<_> = std::fs::read_dir(directory.path()).unwrap().collect();
        assert_eq!(names.len(), 2, "{arguments}");
    }
}

#[test]
fn one_file_that_cannot_be_written_keeps_the_others_from_nothing() {
    let directory = tree(&["a/one.proto", "b/two.proto", "c/three.proto"]);
    let closed = directory.path().join("b");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
    let is_all_powerful = std::fs::write(closed.join("trial"), "").is_ok();
    if is_all_powerful {
        eprintln!("skipped: who runs this may write everywhere");
        return;
    }
    let output = protolint(directory.path(), &["check", "--fix"]);
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("`b/two.proto` cannot be written: permission denied"), "{told}");
    assert!(told.contains("the other 2 files were written"), "{told}");
    let texts = ["a/one.proto", "b/two.proto", "c/three.proto"].map(|file| text(&directory, file));
    assert_eq!(texts, [STRAIGHT, CROOKED, STRAIGHT]);
    assert_nothing_is_left_over(directory.path());
}

#[test]
fn what_cannot_be_printed_is_reported() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: there is no /dev/full");
        return;
    }
    let directory = tree(&["a/f.proto"]);
    for arguments in
        ["check", "check --format sarif", "rules", "explain INDENT", "completions bash", "check --output /dev/full"]
    {
        let output = shell(directory.path(), &format!("exec \"$0\" {arguments} > /dev/full"));
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(
            stderr(&output).contains("cannot be written: no space left on device"),
            "{arguments}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn a_closed_output_is_no_error() {
    let directory = tree(&["a/f.proto"]);
    let formats = ["human", "concise", "json", "github", "sarif", "junit", "gitlab", "checkstyle", "markdown"];
    let checks = formats.map(|format| format!("check --format {format}"));
    let others = ["rules", "explain INDENT", "completions zsh", "check --diff", "--help"].map(str::to_owned);
    for arguments in checks.iter().chain(&others) {
        for line in [
            "\"$0\" ARGUMENTS | true",
            "\"$0\" ARGUMENTS 2>&1 >/dev/null | true",
            "\"$0\" ARGUMENTS >&- 2>err; cat err >&2",
        ] {
            let output = shell(directory.path(), &line.replace("ARGUMENTS", arguments));
            let told = stderr(&output);
            assert!(!told.contains("panicked") && !told.contains("broken pipe"), "{line} {arguments}: {told}");
        }
    }
}

#[test]
fn little_is_enough() {
    let files: Vec<String> = (0..40).map(|n| format!("d{n}/f.proto")).collect();
    let directory = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let poor = [
        "ulimit -n 16; exec \"$0\" check",
        "exec env -i \"$0\" check",
        "exec env TMPDIR=/no/such/place HOME=/no/such/place LC_ALL=xx_YY.none \"$0\" check",
        "exec \"$0\" check <&-",
    ];
    let expected = protolint(directory.path(), &["check"]);
    for line in poor {
        let output = shell(directory.path(), line);
        assert_eq!((output.status.code(), &output.stdout), (Some(1), &expected.stdout), "{line}: {}", stderr(&output));
    }
    let output = shell(directory.path(), "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" check");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("`.` cannot be read"), "{}", stderr(&output));
}

#[test]
fn two_at_once_leave_whole_files() {
    let files: Vec<String> = (0..60).map(|n| format!("a/f{n}.proto")).collect();
    for arguments in [&["check", "--fix"][..], &["check", "--write-baseline"]] {
        let directory = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
        let outputs: Vec<Output> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| protolint(directory.path(), arguments))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        // Who finds a file changed under its hands says so.
        for output in outputs {
            assert!(output.status.code().is_some_and(|code| code < 3), "{}", stderr(&output));
        }
        for file in &files {
            let now = text(&directory, file);
            assert!(now == STRAIGHT || (now == CROOKED && arguments[1] != "--fix"), "{file}: {now}");
        }
        assert_nothing_is_left_over(directory.path());
        // What is fixed, or in the baseline file, is not reported again.
        let last = String::from_utf8(protolint(directory.path(), &["check"]).stdout).unwrap();
        assert!(!last.contains("INDENT"), "{last}");
    }
}

/// Sends a signal to a run some time after `is_due`, and says whether it ended the run.
fn interrupt(mut run: std::process::Child, signal: i32, is_due: impl Fn() -> bool, delay: Duration) -> bool {
    while !is_due() && run.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(200));
    }
    std::thread::sleep(delay);
    let id = run.id().to_string();
    let sent = Command::new("kill").args([&format!("-{signal}"), &id]).stderr(Stdio::null()).status();
    assert!(sent.is_ok(), "{sent:?}");
    let status = run.wait().unwrap();
    assert!(status.signal().is_none_or(|by| by == signal) && status.code().is_none_or(|code| code < 2), "{status}");
    status.signal().is_some()
}

fn start(directory: &Path, arguments: &[&str]) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_protolint"));
    command.args(arguments).current_dir(directory).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn signals_leave_whole_files_and_nothing_else() {
    let files: Vec<String> = (100..500).map(|n| format!("a/f{n}.proto")).collect();
    let mut ended = 0;
    for round in 0..24 {
        let directory = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
        let run = start(directory.path(), &["check", "--fix", "--quiet"]);
        let is_writing = || text(&directory, &files[0]) == STRAIGHT;
        ended +=
            u32::from(interrupt(run, [2, 15, 1][round % 3], is_writing, Duration::from_micros(701 * round as u64)));
        for file in &files {
            let now = text(&directory, file);
            assert!(now == STRAIGHT || now == CROOKED, "{file}: {now}");
        }
        assert_nothing_is_left_over(directory.path());
    }
    assert!(ended > 0, "no run was ended while it wrote");
}

#[test]
fn signals_leave_whole_reports() {
    let files: Vec<String> = (0..200).map(|n| format!("a/f{n}.proto")).collect();
    let directory = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let arguments = ["check", "--quiet", "--write-baseline", "--format", "json=out.json", "--format", "human=out.txt"];
    let start_of_run = Instant::now();
    start(directory.path(), &arguments).wait().unwrap();
    let whole = start_of_run.elapsed();
    let names: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let written: Vec<_> = names.iter().filter(|path| path.is_file() && !path.ends_with("protolint.yaml")).collect();
    let expected: Vec<String> = written.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert_eq!(written.len(), 3);
    for round in 0..20 {
        written.iter().for_each(|path| drop(std::fs::remove_file(path)));
        interrupt(start(directory.path(), &arguments), [2, 15][round % 2], || true, whole * round as u32 / 20);
        for (path, expected) in written.iter().zip(&expected) {
            let now = std::fs::read_to_string(path);
            assert!(now.is_err() || now.is_ok_and(|now| now == *expected), "{}", path.display());
        }
        assert_nothing_is_left_over(directory.path());
    }
}

#[test]
fn what_was_to_be_ignored_still_is() {
    let files: Vec<String> = (100..400).map(|n| format!("a/f{n}.proto")).collect();
    let directory = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let line = "trap '' HUP; \"$0\" check --fix --quiet & until grep -q '  string' a/f100.proto; do :; done; kill -HUP $!; wait $!";
    let output = shell(directory.path(), line);
    assert!(output.status.code().is_some_and(|code| code < 2), "{}: {}", output.status, stderr(&output));
    assert!(files.iter().all(|file| text(&directory, file) == STRAIGHT));
}
