//! What only some file systems have: links, sockets, permissions, names of any bytes.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

#[test]
fn what_is_no_regular_file_is_reported_and_never_read() {
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
fn a_baseline_is_a_file_or_a_pipe() {
    let directory = tree(&[]);
    let refused = |baseline: &str, why: &str| {
        let output = protolint(directory.path(), &["breaking", "--against", baseline]);
        let text = String::from_utf8(output.stderr).unwrap();
        let shown = baseline.trim_start_matches("./");
        assert!(text.contains(&format!("`{shown}` cannot be read: {why}")), "{text}");
        assert_eq!(output.status.code(), Some(2));
    };
    refused("/dev/zero", "it is not a regular file");
    let _socket = std::os::unix::net::UnixListener::bind(directory.path().join("socket")).unwrap();
    refused("./socket", "it is not a regular file");
    let made = std::process::Command::new("mkfifo").arg(directory.path().join("pipe")).status();
    if !made.is_ok_and(|made| made.success()) {
        return; // There is no program to make a pipe with.
    }
    std::thread::scope(|scope| {
        scope.spawn(|| std::fs::write(directory.path().join("pipe"), b"").unwrap());
        refused("./pipe", "the descriptor set is empty");
    });
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
fn what_must_not_be_read_is_reported() {
    let directory = tree(&[("a/secret.proto", b""), ("a/closed/x.proto", b""), ("left_out/x.proto", b"")]);
    std::fs::write(directory.path().join("protolint.yaml"), "version: 1\nroots: [.]\nexclude: [left_out]\n").unwrap();
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

/// What `check` says of a tree, as `rule path: message`.
fn told(directory: &Path, paths: &[&str]) -> Vec<String> {
    let (findings, _) = check(directory, paths);
    let line = |finding: &Finding| {
        format!("{} {}: {}", finding.rule, finding.path.as_deref().unwrap_or_default(), finding.message)
    };
    findings.iter().map(line).collect()
}

#[test]
fn a_link_shows_nothing_of_what_is_no_schema() {
    let directory = tree(&[("secret.txt", b"token = hunter2"), ("shared/x.proto", WITNESS.as_bytes())]);
    let at = |name: &str| directory.path().join("a").join(name);
    symlink("../secret.txt", at("link.proto")).unwrap();
    symlink("../shared/x.proto", at("other.proto")).unwrap();
    symlink("../secret.txt", at("imported")).unwrap();
    std::fs::write(at("importer.proto"), format!("{HEAD}import \"a/imported\";\n")).unwrap();
    let found = told(directory.path(), &["a"]);
    assert!(found.iter().any(|line| line.starts_with("INPUT_UNREADABLE a/link.proto: it is a link to")), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("FIELD_LOWER_SNAKE_CASE a/other.proto")), "{found:?}");
    for format in ["human", "json", "sarif", "markdown", "github"] {
        let output = protolint(directory.path(), &["check", "--format", format]);
        let text = [output.stdout, output.stderr].concat();
        assert!(!String::from_utf8(text).unwrap().contains("hunter2"), "{format}");
    }
    std::fs::remove_file(directory.path().join("protolint.yaml")).unwrap();
    symlink("secret.txt", directory.path().join("protolint.yaml")).unwrap();
    let output = protolint(directory.path(), &["check"]);
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(text.contains("which is not a YAML file") && !text.contains("hunter2"), "{text}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn links_to_directories_are_followed_within_the_repository() {
    let outer = tree(&[("apart/s.proto", b"syntax = \"proto3\";\npackage s;\nmessage apart {}\n")]);
    let top = outer.path().join("repository");
    std::fs::create_dir_all(top.join("proto/a")).unwrap();
    std::fs::create_dir_all(top.join("shared/b")).unwrap();
    std::fs::rename(outer.path().join("a/witness.proto"), top.join("proto/a/witness.proto")).unwrap();
    std::fs::write(top.join("shared/b/b.proto"), "syntax = \"proto3\";\npackage b;\nmessage shared {}\n").unwrap();
    symlink("../shared/b", top.join("proto/b")).unwrap();
    symlink("../../apart", top.join("proto/s")).unwrap();
    symlink("../..", top.join("proto/above")).unwrap();
    let is_told = |found: &[String], start: &str| found.iter().any(|line| line.starts_with(start));
    // Without a repository there is nothing to be outside of.
    let found = told(&top, &["proto"]);
    assert!(is_told(&found, "MESSAGE_PASCAL_CASE proto/s/s.proto"), "{found:?}");
    assert!(is_told(&found, "MESSAGE_PASCAL_CASE proto/b/b.proto"), "{found:?}");
    std::fs::create_dir(top.join(".git")).unwrap();
    let found = told(&top, &["proto"]);
    assert!(is_told(&found, "MESSAGE_PASCAL_CASE proto/b/b.proto"), "{found:?}");
    assert!(is_told(&found, "INPUT_UNREADABLE proto/s: the directory is a link to"), "{found:?}");
    assert!(is_told(&found, "INPUT_UNREADABLE proto/above: the directory is a link to"), "{found:?}");
    assert!(!is_told(&found, "MESSAGE_PASCAL_CASE proto/s/"), "{found:?}");
    // Who names it means it.
    let found = told(&top, &["proto/a", "proto/s"]);
    assert!(is_told(&found, "MESSAGE_PASCAL_CASE proto/s/s.proto"), "{found:?}");
}

#[test]
fn a_configuration_that_cannot_be_read_is_not_skipped() {
    for name in ["protolint.yaml", "buf.yaml"] {
        let directory = tree(&[]);
        std::fs::create_dir(directory.path().join(".git")).unwrap();
        std::fs::remove_file(directory.path().join("protolint.yaml")).unwrap();
        let place = directory.path().join(name);
        let refused = |why: &str| {
            let output = protolint(directory.path(), &["check"]);
            let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(text.contains(&format!("`{name}` cannot be read: {why}")), "{text}");
            assert_eq!(output.status.code(), Some(2));
            std::fs::remove_file(&place).unwrap();
        };
        symlink("nowhere.yaml", &place).unwrap();
        refused("no such file");
        symlink("/dev/zero", &place).unwrap();
        refused("it is not a regular file");
        let _socket = std::os::unix::net::UnixListener::bind(&place).unwrap();
        refused("it is not a regular file");
        // A directory of that name is none.
        std::fs::create_dir(&place).unwrap();
        check(directory.path(), &[]);
    }
}

#[test]
fn a_repository_of_pipes_is_reported() {
    let directory = tree(&[(".git/HEAD", b"ref: refs/heads/main\n"), (".git/objects/x", b""), (".git/refs/x", b"")]);
    for name in ["packed-refs", "shallow", "index"] {
        let place = directory.path().join(".git").join(name);
        symlink("/dev/zero", &place).unwrap();
        let output = protolint(directory.path(), &["breaking", "--against", "main"]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(&format!("`.git/{name}` cannot be read: it is not a regular file")), "{told}");
        assert_eq!(output.status.code(), Some(2));
        std::fs::remove_file(&place).unwrap();
    }
}
