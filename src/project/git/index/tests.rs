//! Work trees in the states they get into.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::super::tests::Scratch;
use super::index_path;

fn unmodified(scratch: &Scratch) -> Vec<String> {
    scratch.open("r").unmodified().unwrap().into_iter().map(|(path, _)| path).collect()
}

fn staged(scratch: &Scratch) -> Vec<(String, String)> {
    let repository = scratch.open("r");
    let files = repository.staged().unwrap().files;
    let text = |blob| String::from_utf8(repository.read(blob).unwrap()).unwrap();
    files.into_iter().map(|file| (file.path, text(file.blob))).collect()
}

fn repository() -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    scratch.write("r/b.proto", "bbb");
    scratch.write("r/sub/c.proto", "ccc");
    scratch.write("r/x.txt", "xxx");
    scratch.commit("r", "a.proto", "aaa");
    Some(scratch)
}

/// Sets when a file was changed last, in seconds from now.
fn age(scratch: &Scratch, path: &str, seconds: u64) {
    let file = std::fs::File::options().write(true).open(scratch.path(path)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
}

#[test]
fn only_what_is_the_same_is_unmodified() {
    let Some(scratch) = repository() else { return };
    assert_eq!(unmodified(&scratch), ["a.proto", "b.proto", "sub/c.proto"]);
    scratch.write("r/a.proto", "AAA");
    std::fs::remove_file(scratch.path("r/b.proto")).unwrap();
    scratch.write("r/new.proto", "new");
    assert_eq!(unmodified(&scratch), ["sub/c.proto"]);
    // A copy with other times is read.
    std::fs::write(scratch.path("copy"), "ccc").unwrap();
    std::fs::rename(scratch.path("copy"), scratch.path("r/sub/c.proto")).unwrap();
    age(&scratch, "r/sub/c.proto", 5000);
    assert_eq!(unmodified(&scratch), ["sub/c.proto"]);
}

#[test]
fn changes_within_the_moment_of_staging_are_seen() {
    let Some(scratch) = repository() else { return };
    for round in 0..50 {
        let text = format!("{:03}", round);
        scratch.write("r/a.proto", &text);
        scratch.git("r", "add a.proto");
        scratch.write("r/a.proto", "zzz");
        assert_eq!(unmodified(&scratch), ["b.proto", "sub/c.proto"], "round {round}");
    }
}

#[test]
fn promises_to_git_are_not_believed() {
    let Some(scratch) = repository() else { return };
    scratch.git("r", "update-index --assume-unchanged a.proto");
    scratch.git("r", "update-index --skip-worktree b.proto");
    scratch.write("r/a.proto", "AAA");
    scratch.write("r/b.proto", "BBB");
    assert_eq!(scratch.git("r", "status --short"), "");
    assert_eq!(unmodified(&scratch), ["sub/c.proto"]);
}

#[test]
fn other_bytes_than_the_repository_has_are_seen_unless_git_alone_made_them() {
    let Some(scratch) = repository() else { return };
    scratch.write("r/.gitattributes", "*.proto text eol=crlf\n*.png filter=lfs\n");
    scratch.write("r/a.proto", "a\r\n");
    scratch.git("r", "add -A");
    age(&scratch, "r/a.proto", 100);
    scratch.git("r", "status --short");
    assert_eq!(staged(&scratch)[0].1, "a\n");
    assert_eq!(unmodified(&scratch), ["a.proto", "b.proto", "sub/c.proto"]);
    scratch.write("r/.gitattributes", "*.proto ident\n");
    scratch.write("r/a.proto", "// $Id: other words $\n");
    scratch.git("r", "add -A");
    age(&scratch, "r/a.proto", 200);
    scratch.git("r", "status --short");
    assert_eq!(staged(&scratch)[0].1, "// $Id$\n");
    assert_eq!(unmodified(&scratch), ["b.proto", "sub/c.proto"]);
    scratch.write("r/.gitattributes", "a.proto filter=swap\n");
    scratch.git_with("r", &["config", "filter.swap.clean", "tr ab ba"], None);
    scratch.write("r/a.proto", "aab");
    scratch.git("r", "add -A");
    assert_eq!(staged(&scratch)[0].1, "bba");
    std::thread::sleep(Duration::from_millis(30));
    scratch.git("r", "update-index --refresh");
    assert_eq!(unmodified(&scratch), ["b.proto", "sub/c.proto"]);
}

#[test]
fn what_is_staged_is_listed() {
    let Some(scratch) = repository() else { return };
    scratch.write("r/a.proto", "staged");
    scratch.git("r", "add a.proto");
    scratch.write("r/a.proto", "later");
    scratch.write("r/intended.proto", "intended");
    scratch.git("r", "add -N intended.proto");
    scratch.git("r", "rm -q --cached b.proto");
    let expected =
        [("a.proto", "staged"), ("sub/c.proto", "ccc")].map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(staged(&scratch), expected);
    scratch.git("r", "update-index --split-index");
    assert_eq!(staged(&scratch), expected);
}

#[test]
fn of_a_conflict_our_side_is_staged() {
    let Some(scratch) = repository() else { return };
    scratch.git("r", "checkout -qb theirs");
    scratch.commit("r", "a.proto", "theirs");
    scratch.git("r", "checkout -q main");
    scratch.commit("r", "a.proto", "ours");
    let path = scratch.path("r");
    let merge = std::process::Command::new("git").args(["merge", "-q", "theirs"]).current_dir(path).output().unwrap();
    assert!(!merge.status.success());
    assert_eq!(staged(&scratch)[0], ("a.proto".to_owned(), "ours".to_owned()));
    assert_eq!(unmodified(&scratch), ["b.proto", "sub/c.proto"]);
}

#[test]
fn directories_outside_of_the_checkout_are_listed() {
    let Some(scratch) = repository() else { return };
    scratch.write("r/in/d.proto", "ddd");
    scratch.commit("r", "a.proto", "two");
    scratch.git("r", "sparse-checkout set --cone --sparse-index in");
    assert!(!scratch.path("r/sub").exists());
    let paths: Vec<String> = staged(&scratch).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["a.proto", "b.proto", "in/d.proto", "sub/c.proto"]);
    assert_eq!(unmodified(&scratch), ["a.proto", "b.proto", "in/d.proto"]);
}

#[test]
fn the_index_of_a_commit_in_the_making_is_read() {
    let Some(scratch) = repository() else { return };
    let git = scratch.path("r/.git");
    let chosen = |given: PathBuf| index_path(&git, Some(given.into_os_string()));
    assert_eq!(chosen(git.join("index.lock")), git.join("index.lock"));
    assert_eq!(
        chosen(scratch.path("r/sub/../.git/next-index-7.lock")),
        scratch.path("r/sub/../.git/next-index-7.lock")
    );
    for other in [scratch.path("elsewhere/.git/index"), PathBuf::new(), git.join("no/where")] {
        assert_eq!(chosen(other), git.join("index"));
    }
    assert_eq!(index_path(&git, None), git.join("index"));
}

#[test]
fn a_damaged_index_is_reported() {
    let Some(scratch) = repository() else { return };
    let path = scratch.path("r/.git/index");
    let bytes = std::fs::read(&path).unwrap();
    // Whatever byte is wrong, and wherever it ends, there is an answer.
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        for damaged in [&damaged[..], &bytes[..at]] {
            std::fs::write(&path, damaged).unwrap();
            let repository = scratch.open("r");
            let _ = (repository.staged(), repository.unmodified());
        }
    }
    std::fs::write(&path, "DIRC").unwrap();
    let fault = scratch.open("r").staged().unwrap_err();
    assert!(fault.message.starts_with("the git index cannot be read: "), "{}", fault.message);
    assert_eq!(fault.help.as_deref(), Some("rm .git/index && git reset"));
}
