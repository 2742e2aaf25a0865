//! Bad input: what is broken, hostile, huge or unreadable. Each case ends with findings or a message and the documented
//! exit status, and hides nothing of the files beside it. That work grows with the input alone is told by counting
//! findings over sizes at which anything quadratic would be felt.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::{Finding, protolint};
use tempfile::TempDir;

const HEAD: &str = "syntax = \"proto3\";\npackage a;\n";

/// A file that has one finding, to stand beside bad ones.
const WITNESS: &str = "syntax = \"proto3\";\npackage a;\nmessage Witness {\n  string Bad = 1;\n}\n";

/// A tree of the witness and the files given.
fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let directory = TempDir::new().unwrap();
    let root = directory.path();
    std::fs::write(root.join("protolint.yaml"), "version: 1\nroots: [.]\n").unwrap();
    std::fs::create_dir(root.join("a")).unwrap();
    std::fs::write(root.join("a/witness.proto"), WITNESS).unwrap();
    for (path, bytes) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    directory
}

/// Runs `check` and gives the findings beside the witness's own, which must be there, and the exit status.
fn check(directory: &Path, arguments: &[&str]) -> (Vec<Finding>, i32) {
    let output = protolint(directory, &[&["check", "--format", "json"], arguments].concat());
    let status = output.status.code().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut findings: Vec<Finding> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let before = findings.len();
    findings.retain(|finding| !finding.path.as_ref().is_some_and(|path| path.ends_with("witness.proto")));
    assert!(findings.len() < before, "the witness is silent: {text}");
    (findings, status)
}

/// The findings of one bad file, as `rule line:column message`, and the exit status.
fn of_file(bytes: &[u8]) -> (Vec<String>, i32) {
    let directory = tree(&[("a/bad.proto", bytes)]);
    let (findings, status) = check(directory.path(), &[]);
    let line = |finding: &Finding| {
        assert_eq!(finding.path.as_deref(), Some("a/bad.proto"));
        let (line, column) = (finding.start_line.unwrap(), finding.start_column.unwrap());
        format!("{} {line}:{column} {}", finding.rule, finding.message)
    };
    (findings.iter().map(line).collect(), status)
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (1..=count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

/// How many findings of `rule` a text has.
fn count(text: &str, rule: &str) -> usize {
    let (findings, status) = of_file(text.as_bytes());
    assert!(status < 2);
    findings.iter().filter(|finding| finding.starts_with(rule)).count()
}

#[test]
fn files_without_a_schema_are_checked_like_others() {
    for text in ["", "\u{feff}", "// nothing\n/* at all */\n", "\x0c\x0b\r\n"] {
        let (findings, status) = of_file(text.as_bytes());
        let told = |rule: &str| findings.iter().any(|finding| finding.starts_with(rule));
        assert!(told("PACKAGE_DEFINED 1:1") && status == 1, "{text:?}: {findings:?}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_told_with_their_place() {
    let cases: [(&[u8], &str); 6] = [
        (b"\xff", "1:1 the file is not UTF-8: byte 0 begins no character"),
        (b"syntax = \"proto3\";\n// caf\xe9\n", "2:7 the file is not UTF-8: byte 25 begins no character"),
        (b"// \xe2\x82", "1:4 the file is not UTF-8: byte 3 begins no character"),
        (b"\xff\xfes\0y\0n\0", "1:1 the file is UTF-16, not UTF-8"),
        (b"\0s\0y\0n", "1:1 the file is UTF-16, not UTF-8"),
        (b"\xff\xfe\0\0s\0\0\0", "1:1 the file is UTF-32, not UTF-8"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(of_file(bytes), (vec![format!("COMPILE_ENCODING {expected}")], 1));
    }
}

#[test]
fn deep_nesting_ends_in_one_finding() {
    let deep = |open: &str, close: &str| format!("{HEAD}{}{}", open.repeat(20_000), close.repeat(20_000));
    let cases = [
        (deep("message A {", "}"), "COMPILE_SYNTAX"),
        (deep("message A {", ""), "COMPILE_SYNTAX"),
        (format!("{HEAD}option (x) = {}{};", "{a ".repeat(20_000), "}".repeat(20_000)), "COMPILE_NESTING"),
        (format!("{HEAD}option (x) = {{a: {}{}}};", "[".repeat(20_000), "]".repeat(20_000)), "COMPILE_NESTING"),
        (format!("{HEAD}option (x) = {{a {}{}}};", "<a ".repeat(20_000), ">".repeat(20_000)), "COMPILE_NESTING"),
        (format!("{HEAD}option {}a{} = 1;", "(".repeat(20_000), ")".repeat(20_000)), "COMPILE_SYNTAX"),
        (format!("{HEAD}message A {{ int32 a = 1 {}{}; }}", "[".repeat(20_000), "]".repeat(20_000)), "COMPILE_SYNTAX"),
        (deep("{", "}"), "COMPILE_SYNTAX"),
        (format!("syntax = \"proto3\";\npackage a{};", ".a".repeat(20_000)), "COMPILE_NESTING"),
        (format!("{HEAD}message {} {{}}", "x".repeat(70_000)), "COMPILE_NESTING"),
        (format!("{HEAD}message {} {{ message Inner {{}} }}", "x".repeat(65_533)), "COMPILE_NESTING"),
    ];
    for (text, rule) in cases {
        let (findings, status) = of_file(text.as_bytes());
        let start: String = text.chars().skip(HEAD.len()).take(30).collect();
        assert!(status == 1 && findings.len() == 1 && findings[0].starts_with(rule), "{start}: {findings:.200?}");
    }
}

#[test]
fn what_is_never_closed_is_told() {
    for open in ["option java_package = \"", "/* ", "option java_package = '\\", "message A { /* ", "// "] {
        let text = format!("{HEAD}{open}{}", "x/".repeat(500_000));
        let (findings, status) = of_file(text.as_bytes());
        assert!(status == i32::from(!open.starts_with("// ")) || status == 1, "{open}");
        assert!(findings.len() <= 3, "{open}: {findings:.200?}");
        assert!(open == "// " || findings.iter().all(|finding| finding.starts_with("COMPILE_SYNTAX")), "{open}");
    }
}

#[test]
fn a_file_full_of_faults_names_the_first_and_counts_the_rest() {
    let (findings, status) = of_file(format!("{HEAD}{}", "@ ".repeat(50_000)).as_bytes());
    assert_eq!((findings.len(), status), (100, 1));
    assert!(findings[99].ends_with("and 49900 more faults like it or caused by it follow"), "{}", findings[99]);
}

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
fn each_of_many_directives_is_asked_about_its_own_lines_alone() {
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

#[test]
fn a_path_that_is_missing_hides_nothing_of_the_others() {
    let directory = tree(&[]);
    let alone = protolint(directory.path(), &["check", "a/nope.proto"]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(String::from_utf8(alone.stderr).unwrap().contains("`a/nope.proto` cannot be read"));
    let (findings, status) = check(directory.path(), &["a/nope.proto", "a/witness.proto"]);
    assert_eq!((findings.len(), status), (1, 2));
    assert_eq!((findings[0].rule.as_str(), findings[0].path.as_deref()), ("INPUT_UNREADABLE", Some("a/nope.proto")));
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
fn the_output_may_end_early() {
    let text = format!("{HEAD}message M {{\n{}}}\n", lines(20_000, |n| format!("  string F{n} = {n};")));
    let directory = tree(&[("a/bad.proto", text.as_bytes())]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_protolint"))
        .current_dir(directory.path())
        .args(["check", "--quiet"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), ""));
}

#[test]
fn an_output_file_is_replaced_or_the_failure_told() {
    let directory = tree(&[("out.txt", &[b'x'; 10_000])]);
    assert_eq!(protolint(directory.path(), &["check", "--output", "out.txt"]).status.code(), Some(1));
    let written = std::fs::read_to_string(directory.path().join("out.txt")).unwrap();
    assert!(
        written.starts_with("a/witness.proto:") && !written.contains("xxx") && written.ends_with('\n'),
        "{written}"
    );
    let failed = protolint(directory.path(), &["check", "--output", "no/such/out.txt"]);
    assert_eq!(failed.status.code(), Some(2));
    assert!(String::from_utf8(failed.stderr).unwrap().contains("`no/such/out.txt` cannot be written"));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn what_is_no_regular_file_is_told_and_never_read() {
        let directory = tree(&[("a/directory.proto/inner.txt", b"")]);
        let at = |name: &str| directory.path().join("a").join(name);
        symlink("nowhere", at("broken.proto")).unwrap();
        symlink("self.proto", at("self.proto")).unwrap();
        symlink("/dev/zero", at("zero.proto")).unwrap();
        symlink("../a", at("circle")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket.proto")).unwrap();
        let (findings, status) = check(directory.path(), &[]);
        let told: Vec<_> = findings.iter().map(|f| (f.path.as_deref().unwrap(), f.rule.as_str())).collect();
        let names = ["a/broken.proto", "a/self.proto", "a/socket.proto", "a/zero.proto"];
        assert_eq!((told, status), (names.map(|name| (name, "INPUT_UNREADABLE")).to_vec(), 2));
        assert!(findings[0].message.contains("a link to `nowhere`"));
    }

    #[test]
    fn links_between_directories_multiply_nothing() {
        let directory = tree(&[]);
        let names: Vec<String> = (0..12).map(|n| format!("d{n}")).collect();
        for name in &names {
            std::fs::create_dir(directory.path().join(name)).unwrap();
            for other in names.iter().filter(|other| *other != name) {
                symlink(format!("../{other}"), directory.path().join(name).join(format!("to_{other}"))).unwrap();
            }
        }
        check(directory.path(), &[]);
    }

    #[test]
    fn what_must_not_be_read_is_told() {
        let directory = tree(&[("a/secret.proto", b""), ("a/closed/x.proto", b""), ("left_out/x.proto", b"")]);
        std::fs::write(directory.path().join("protolint.yaml"), "version: 1\nroots: [.]\nexclude: [left_out]\n")
            .unwrap();
        let set = |name: &str, mode| {
            std::fs::set_permissions(directory.path().join(name), std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let names = ["a/secret.proto", "a/closed", "left_out"];
        names.iter().for_each(|name| set(name, 0));
        // Who may read everything cannot see the difference.
        let is_all_powerful = std::fs::read_dir(directory.path().join("a/closed")).is_ok();
        if !is_all_powerful {
            let (findings, status) = check(directory.path(), &[]);
            let told: Vec<_> = findings.iter().map(|f| (f.path.as_deref().unwrap(), f.message.as_str())).collect();
            let expected = [
                ("a/closed", "the directory cannot be read: permission denied"),
                ("a/secret.proto", "the file cannot be read: permission denied"),
            ];
            assert_eq!((told, status), (expected.to_vec(), 2));
        }
        names.iter().for_each(|name| set(name, 0o700));
    }

    #[test]
    fn file_names_may_be_any_bytes() {
        let directory = tree(&[("a/-dash.proto", b""), ("a/two words.proto", b"")]);
        let name = OsStr::from_bytes(b"b\xff.proto");
        if std::fs::write(directory.path().join("a").join(name), WITNESS.replace("Witness", "Other")).is_err() {
            return; // Some file systems refuse such names.
        }
        let (findings, status) = check(directory.path(), &[]);
        let has = |path: &str| findings.iter().any(|finding| finding.path.as_deref() == Some(path));
        assert!(
            status == 1 && has("a/-dash.proto") && has("a/two words.proto") && has("a/b\u{fffd}.proto"),
            "{findings:?}"
        );
    }
}
