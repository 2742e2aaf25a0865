//! Trees that git would not make.

#![allow(clippy::unwrap_used)]

use super::super::tests::Scratch;
use super::*;

/// Makes a tree of entries that git would refuse.
fn tree(scratch: &Scratch, entries: &[(&str, &str, &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(format!("{mode} {name}\0").as_bytes());
        bytes.extend_from_slice(ObjectId::from_hex(id.as_bytes()).unwrap().as_slice());
    }
    scratch.git_with("r", &["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], Some(&bytes))
}

fn files(scratch: &Scratch, tree: &str) -> Result<Listing, GitFault> {
    let commit = scratch.git("r", &format!("commit-tree -m m {tree}"));
    scratch.open("r").files(CommitId(ObjectId::from_hex(commit.as_bytes()).unwrap()))
}

fn scratch() -> Option<(Scratch, String)> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    let blob = scratch.git_with("r", &["hash-object", "-w", "--stdin"], Some(b"syntax"));
    Some((scratch, blob))
}

#[test]
fn names_that_leave_the_top_are_skipped() {
    let Some((scratch, blob)) = scratch() else { return };
    let inner = tree(&scratch, &[("100644", "x.proto", &blob)]);
    let bad = ["..", ".", ".git", ".GIT", "", "a/b", "/etc"];
    let mut entries: Vec<_> = bad.iter().map(|name| ("40000", *name, inner.as_str())).collect();
    entries.extend([("100644", "../y.proto", blob.as_str()), ("100644", "/z.proto", &blob)]);
    entries.extend([("100755", "ok.proto", blob.as_str()), ("100644", "ok.proto", &inner), ("120000", "l", &blob)]);
    entries.push(("40000", "ok", &inner));
    let listing = files(&scratch, &tree(&scratch, &entries)).unwrap();
    let paths: Vec<_> = listing.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["ok.proto", "ok/x.proto"]);
    assert_eq!(listing.files[0].blob.to_string(), blob);
    assert_eq!(listing.links.len(), 1);
}

#[test]
fn depth_and_number_are_bounded() {
    let Some((scratch, blob)) = scratch() else { return };
    // Ten names for the same tree, and so on.
    let mut bomb = tree(&scratch, &[("100644", "x.proto", &blob)]);
    for _ in 0..14 {
        let names: Vec<String> = (0..10).map(|number| format!("d{number}")).collect();
        let entries: Vec<_> = names.iter().map(|name| ("40000", name.as_str(), bomb.as_str())).collect();
        bomb = tree(&scratch, &entries);
    }
    let repository = scratch.open("r");
    let handle = repository.handle();
    let walk = |limit: fn(&mut Walk<'_>)| {
        let mut walk = Walk::new(&repository, &handle);
        limit(&mut walk);
        walk.tree(ObjectId::from_hex(bomb.as_bytes()).unwrap(), "").unwrap_err().message
    };
    assert!(walk(|walk| walk.entries = 10_000).contains("more than 5000000 files"));
    assert!(walk(|walk| walk.path_bytes = 10_000).contains("paths that are too long"));
    // The top, ten directories within each other, and the files in the last one.
    assert!(walk(|walk| walk.deepest = 10).contains("more than 10 nested directories"));
}

#[test]
fn objects_of_the_wrong_kind_are_reported() {
    let Some((scratch, blob)) = scratch() else { return };
    let fault = files(&scratch, &tree(&scratch, &[("40000", "d", &blob)])).unwrap_err();
    assert!(fault.message.ends_with("it should be a directory, but is a blob"), "{}", fault.message);
    let empty = tree(&scratch, &[]);
    let listing = files(&scratch, &tree(&scratch, &[("100644", "x.proto", &empty)])).unwrap();
    let fault = scratch.open("r").read(listing.files[0].blob).unwrap_err();
    assert!(fault.message.ends_with("it should be a file, but is a tree"), "{}", fault.message);
    let cut = scratch.git_with("r", &["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], Some(b"100644 x"));
    assert_eq!(files(&scratch, &cut).unwrap_err().kind, GitFaultKind::Corrupt);
}
