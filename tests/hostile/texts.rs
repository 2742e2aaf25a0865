//! What a file may hold: no schema, no text, no end.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::*;

#[test]
fn files_without_a_schema_are_checked_like_others() {
    for text in ["", "\u{feff}", "// nothing\n/* at all */\n", "\x0c\x0b\r\n"] {
        let (findings, status) = of_file(text.as_bytes());
        let told = |rule: &str| findings.iter().any(|finding| finding.starts_with(rule));
        assert!(told("PACKAGE_DEFINED 1:1") && status == 1, "{text:?}: {findings:?}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_reported_with_their_place() {
    let cases: [(&[u8], &str); 6] = [
        (b"\xff", "1:1 the file is not UTF-8: invalid byte at offset 0"),
        (b"syntax = \"proto3\";\n// caf\xe9\n", "2:7 the file is not UTF-8: invalid byte at offset 25"),
        (b"// \xe2\x82", "1:4 the file is not UTF-8: invalid byte at offset 3"),
        (b"\xff\xfes\0y\0n\0", "1:1 the file is UTF-16, not UTF-8"),
        (b"\0s\0y\0n", "1:1 the file is UTF-16, not UTF-8"),
        (b"\xff\xfe\0\0s\0\0\0", "1:1 the file is UTF-32, not UTF-8"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(of_file(bytes), (vec![format!("COMPILE_ENCODING {expected}")], 1));
    }
}

#[test]
fn what_nul_hides_in_a_comment_is_reported() {
    for (comment, place) in
        [("// a\0 message Hidden {}\n", "3:5"), ("/* é\0\0 */", "3:5"), ("option (a) = { # \0\n};", "3:18")]
    {
        let (findings, status) = of_file(format!("{HEAD}{comment}").as_bytes());
        let told = findings.iter().filter(|finding| finding.starts_with(&format!("COMPILE_SYNTAX {place} a NUL")));
        assert!(status == 1 && told.count() == 1, "{comment:?}: {findings:?}");
    }
    let (findings, _) = of_file(format!("{HEAD}message \0A {{}}").as_bytes());
    assert!(findings.iter().any(|finding| finding.starts_with("COMPILE_SYNTAX 3:9")), "{findings:?}");
}

#[test]
fn deep_nesting_ends_in_one_finding() {
    let deep = |open: &str, close: &str| format!("{HEAD}{}{}", open.repeat(20_000), close.repeat(20_000));
    let cases = [
        (deep("message A {", "}"), "COMPILE_NESTING"),
        (format!("{HEAD}option (x) = {}{};", "{a ".repeat(20_000), "}".repeat(20_000)), "COMPILE_NESTING"),
        (format!("{HEAD}option (x) = {{a: {}{}}};", "[".repeat(20_000), "]".repeat(20_000)), "COMPILE_SYNTAX"),
        (format!("{HEAD}option (x) = {{a {}{}}};", "<a ".repeat(20_000), ">".repeat(20_000)), "COMPILE_NESTING"),
        (format!("{HEAD}option {}a{} = 1;", "(".repeat(20_000), ")".repeat(20_000)), "COMPILE_SYNTAX"),
        (format!("{HEAD}message A {{ int32 a = 1 {}{}; }}", "[".repeat(20_000), "]".repeat(20_000)), "COMPILE_SYNTAX"),
        (deep("{", "}"), "COMPILE_SYNTAX"),
        (format!("syntax = \"proto3\";\npackage a{};", ".a".repeat(20_000)), "COMPILE_NESTING"),
        (format!("{HEAD}message {} {{}}", "x".repeat(70_000)), "COMPILE_NESTING"),
        (format!("{HEAD}message {} {{ message Inner {{}} }}", "x".repeat(65_533)), "COMPILE_NESTING"),
        (
            format!("{HEAD}message {} {{ {} }}", "x".repeat(60_000), lines(4_000, |n| format!("message M{n} {{}}"))),
            "COMPILE_NESTING",
        ),
    ];
    for (text, rule) in cases {
        let (mut findings, status) = of_file(text.as_bytes());
        findings.retain(|finding| finding.starts_with("COMPILE"));
        let start: String = text.chars().skip(HEAD.len()).take(30).collect();
        assert!(status == 1 && findings.len() == 1 && findings[0].starts_with(rule), "{start}: {findings:.200?}");
    }
}

#[test]
fn bodies_that_stay_open_are_reported_once() {
    let (mut findings, status) = of_file(format!("{HEAD}{}", "message A {".repeat(20)).as_bytes());
    findings.retain(|finding| finding.starts_with("COMPILE_SYNTAX"));
    assert_eq!((findings.len(), status), (1, 1), "{findings:?}");
}

#[test]
fn what_is_never_closed_is_reported() {
    for open in ["option java_package = \"", "/* ", "option java_package = '\\", "message A { /* ", "// "] {
        let text = format!("{HEAD}{open}{}", "x/".repeat(500_000));
        let (mut findings, status) = of_file(text.as_bytes());
        findings.retain(|finding| finding.starts_with("COMPILE") || open == "// ");
        assert!(status == i32::from(!open.starts_with("// ")) || status == 1, "{open}");
        assert!(findings.len() <= 3, "{open}: {findings:.200?}");
        assert!(open == "// " || findings.iter().all(|finding| finding.starts_with("COMPILE_SYNTAX")), "{open}");
    }
}

#[test]
fn a_file_full_of_faults_names_the_first_and_counts_the_rest() {
    let (mut findings, status) = of_file(format!("{HEAD}{}", "@;\n".repeat(50_000)).as_bytes());
    findings.retain(|finding| finding.starts_with("COMPILE"));
    assert_eq!((findings.len(), status), (100, 1));
    assert!(findings[99].ends_with("; 49900 more errors follow"), "{}", findings[99]);
}

#[test]
fn of_a_large_file_no_more_is_read_than_can_be_reported() {
    for junk in ["@;\n", "@; "] {
        let (mut findings, status) = of_file(format!("{HEAD}{}", junk.repeat(2_100_000)).as_bytes());
        findings.retain(|finding| finding.starts_with("COMPILE"));
        assert_eq!((findings.len(), status), (100, 1));
        let last = &findings[99];
        assert!(last.contains("; more than ") && last.ends_with("more errors follow"), "{last}");
    }
    let (mut findings, status) = of_file(format!("{HEAD}{}", "{".repeat(3_000_000)).as_bytes());
    findings.retain(|finding| finding.starts_with("COMPILE"));
    assert!(
        status == 1 && findings.len() == 2 && findings[1].contains("the rest of the file is not read"),
        "{findings:?}"
    );
    let (mut findings, status) = of_file(format!("{HEAD}{}@", "// comment\n".repeat(500_000)).as_bytes());
    findings.retain(|finding| finding.starts_with("COMPILE"));
    assert_eq!((findings.len(), status), (1, 1));
    assert!(findings[0].starts_with("COMPILE_SYNTAX 500003:1 "), "{}", findings[0]);
}

#[test]
fn an_import_leads_nowhere_outside_the_roots() {
    for path in ["/etc/passwd", "../outside.proto", "C:\\\\x.proto", "a//b.proto", "./a/witness.proto", "a\\n.proto"] {
        let (findings, status) = of_file(format!("{HEAD}import \"{path}\";\n").as_bytes());
        let told =
            findings.iter().any(|f| f.contains("invalid import path") || f.starts_with("COMPILE_IMPORT_NOT_FOUND"));
        assert!(told && status == 1, "{path}: {findings:?}");
    }
}

#[test]
fn nothing_raw_reaches_the_output() {
    let text = format!(
        "{HEAD}import \"x\u{202e}\\033[31m.proto\"; // \x1b[2J \u{202e}\nmessage m {{ string F = 1; /* \u{2066} \x07 */ }}\n"
    );
    let directory = tree(&[("a/new\nline \x1b[31m\u{202e}.proto", text.as_bytes())]);
    for format in ["human", "concise", "json", "github"] {
        let output = protolint(directory.path(), &["check", "--format", format]);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        let is_raw =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(is_raw) && text.contains("line"), "{format}: {text:?}");
    }
}

/// Runs `check` with `bytes` on standard input.
fn piped(directory: &Path, bytes: &[u8], arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_protolint"))
        .current_dir(directory)
        .args(["check", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn standard_input_may_be_anything() {
    let directory = TempDir::new().unwrap();
    let run = |bytes: &[u8], arguments: &[&str]| {
        let output = piped(directory.path(), bytes, arguments);
        (String::from_utf8(output.stdout).unwrap(), output.status.code())
    };
    let (text, status) = run(b"", &[]);
    assert!(text.starts_with("stdin.proto:1:1: error PACKAGE_DEFINED") && status == Some(1), "{text}");
    let (text, status) = run(b"message \xff", &[]);
    assert!(text.starts_with("stdin.proto:1:9: error COMPILE_ENCODING") && status == Some(1), "{text}");
    let (text, status) = run(WITNESS.as_bytes(), &["--stdin-file-path", "no/such/place/a/witness.proto"]);
    assert!(
        text.contains("no/such/place/a/witness.proto:4:10: error FIELD_LOWER_SNAKE_CASE") && status == Some(1),
        "{text}"
    );
    assert!(!text.contains("UNREADABLE") && !text.contains("DIRECTORY"), "{text}");
}
