//! Tags and commits that count as releases, and what changed between them.

use super::Scratch;
use crate::project::git::ReleaseChoice;

const TAGS: ReleaseChoice<'_> = ReleaseChoice::Tags { patterns: &[], all: false };

#[test]
fn tags_behind_head_are_releases_by_version() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    for tags in [&["v1.2.0", "v1.2.0-rc.1"][..], &["v1.10.0-rc.1"], &["v1.9.0", "other"]] {
        scratch.commit("r", "a.proto", tags[0]);
        for tag in tags {
            scratch.git("r", &format!("tag {tag}"));
        }
    }
    scratch.git("r", "tag -a -m x v1.10.0");
    scratch.git("r", "checkout -qb side");
    scratch.commit("r", "a.proto", "side");
    scratch.git("r", "tag v2.0.0");
    scratch.git("r", "tag v0.1.0 HEAD:a.proto");
    scratch.git("r", "checkout -q main");
    let repository = scratch.open("r");
    let found = repository.releases(TAGS).unwrap();
    let names: Vec<&str> = found.list.iter().map(|release| release.name.as_str()).collect();
    assert_eq!(names, ["v1.2.0", "v1.10.0-rc.1", "v1.10.0"]);
    assert_eq!(found.list[0].others, ["v1.2.0-rc.1"]);
    assert_eq!(found.list[2].others, ["v1.9.0"]);
    assert_eq!((found.elsewhere, found.unread.len()), (1, 1));
    assert!(found.unread[0].1.message.contains("names a file"), "{:?}", found.unread);
    let all = repository.releases(ReleaseChoice::Tags { patterns: &["v*".to_owned()], all: true }).unwrap();
    assert_eq!(all.list.last().unwrap().name, "v2.0.0");
    assert_eq!(repository.releases(ReleaseChoice::Commits).unwrap().list.len(), 3);
}

#[test]
fn changed_files_are_those_that_differ() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    for (file, text) in [("a/b/one.proto", "one"), ("a/two.proto", "two"), ("c/three.proto", "three"), ("a/x.txt", "x")]
    {
        scratch.commit("r", file, text);
    }
    scratch.git("r", "mv a/b/one.proto c/one.proto");
    scratch.commit("r", "a/two.proto", "2");
    let repository = scratch.open("r");
    let commits = repository.releases(ReleaseChoice::Commits).unwrap().list;
    let changed = |before: Option<usize>, after: usize| {
        let files = repository.changed_files(before.map(|at| commits[at].commit), commits[after].commit).unwrap();
        files.into_iter().map(|(path, blob)| (path, blob.is_some())).collect::<Vec<_>>()
    };
    let gone = |path: &str| (path.to_owned(), false);
    let there = |path: &str| (path.to_owned(), true);
    assert_eq!(changed(Some(3), 4), [gone("a/b/one.proto"), there("a/two.proto"), there("c/one.proto")]);
    assert_eq!(changed(None, 2), [there("a/b/one.proto"), there("a/two.proto"), there("c/three.proto")]);
    assert_eq!(changed(Some(4), 4), []);
}

#[test]
fn versions_have_three_numbers() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let versions = ["v1.2.3", "1.2.4", "v1.2.5-rc.1", "1.2.6-alpha+001", "v10.20.30"];
    let others = ["v1.2", "api/v1.2.3", "v1.2.3.4", "v1.2.x", "release-1.2.3", "v1.2.3-", "vv1.2.3"];
    for tag in versions.into_iter().chain(others) {
        scratch.commit("r", "a.proto", tag);
        scratch.git("r", &format!("tag {tag}"));
    }
    let found = scratch.open("r").releases(TAGS).unwrap();
    let names: Vec<&str> = found.list.iter().map(|release| release.name.as_str()).collect();
    assert_eq!(names, versions);
}
