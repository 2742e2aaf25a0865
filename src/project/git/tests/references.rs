//! What names lead to, which branch and which tag are taken where none is named.

use super::*;

#[test]
fn names_that_lead_nowhere_are_reported() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    scratch.git("r", "tag -a -m t blob HEAD:a.proto");
    scratch.git("r", "tag tree HEAD^{tree}");
    scratch.git("r", "checkout -q --orphan island");
    scratch.commit("r", "i.proto", "island");
    let repository = scratch.open("r");
    let message = |reference: &str| repository.merge_base(reference).unwrap_err().message;
    assert_eq!(message("mian"), "there is no branch, tag or commit `mian` in this repository");
    assert_eq!(message("blob"), "`blob` names a file, not a commit");
    assert_eq!(message("tree"), "`tree` names a directory, not a commit");
    assert_eq!(message("main..feature"), "`main..feature` names several commits, not one");
    assert_eq!(message("main"), "`HEAD` and `main` have no common history");
    assert_eq!(repository.merge_base("main").unwrap_err().help.as_deref(), Some("--against tip:main"));
    let strange =
        ["", " ", "-", "@{", "^", ":", "HEAD^9", "HEAD~99999999999999999999", "@{-1000}", ":/x", "\u{0}", "~"];
    for reference in strange.into_iter().chain(["a\nb", "HEAD^{/", "refs", "main@{1}", "main@{yesterday}", "abcd"]) {
        let fault = repository.tip(reference).err();
        assert!(fault.is_none_or(|fault| !fault.message.contains('\n')), "{reference:?}");
    }
}

#[test]
fn the_upstream_comes_first_then_what_is_usual() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    scratch.git("r", "checkout -q main");
    scratch.git("", "clone -q r c");
    let base = |at: &str| scratch.open(at).default_base(None).unwrap();
    let branch = |name: &str| Some(DefaultBase::Branch(name.to_owned()));
    let own = |name: &str| Some(DefaultBase::Own(name.to_owned()));
    // On the default branch itself, with nothing that it has not.
    assert_eq!(base("c"), own("origin/main"));
    assert_eq!(base("r"), own("main"));
    scratch.git("c", "checkout -q --detach HEAD~1");
    assert_eq!(base("c"), own("origin/main"));
    scratch.git("c", "checkout -q main");
    scratch.commit("c", "d.proto", "four");
    assert_eq!(base("c"), branch("refs/remotes/origin/main"));
    // What was pushed of a branch is not what it will be merged into.
    scratch.git("c", "checkout -q feature");
    assert_eq!(base("c"), branch("refs/remotes/origin/main"));
    scratch.git("c", "branch -q --unset-upstream");
    assert_eq!(base("c"), branch("refs/remotes/origin/main"));
    scratch.git("c", "branch -q --set-upstream-to=main");
    assert_eq!(base("c"), branch("refs/heads/main"));
    assert!(scratch.open("c").reference_names().contains(&"origin/feature".to_owned()));
    // CI may know better, and means a branch.
    scratch.git("c", "tag other main");
    assert_eq!(scratch.open("c").default_base(Some("feature")).unwrap(), own("origin/feature"));
    let fault = scratch.open("c").default_base(Some("other")).unwrap_err();
    assert_eq!((fault.kind, line(&fault)), (GitFaultKind::UnknownReference, "fetch origin other"));
}

#[test]
fn a_default_branch_may_have_any_name() {
    let Some(scratch) = Scratch::new() else { return };
    let base = |at: &str| scratch.open(at).default_base(None).unwrap();
    let branch = |name: &str| Some(DefaultBase::Branch(name.to_owned()));
    let own = |name: &str| Some(DefaultBase::Own(name.to_owned()));
    scratch.git("", "init -q -b trunk r");
    scratch.commit("r", "a.proto", "one");
    assert_eq!(base("r"), own("trunk"));
    scratch.git("r", "checkout -q --detach");
    assert_eq!(base("r"), own("trunk"));
    scratch.git("r", "checkout -q -b feature");
    scratch.commit("r", "a.proto", "two");
    assert_eq!(base("r"), None);
    scratch.git("r", "config init.defaultBranch trunk");
    assert_eq!(base("r"), branch("refs/heads/trunk"));
    // A bare repository has it checked out, so to speak; a clone learns it from there.
    scratch.git("r", "checkout -q trunk");
    scratch.git("", "clone -q --bare r bare.git");
    assert_eq!(base("bare.git"), own("trunk"));
    scratch.git("", "clone -q bare.git c");
    scratch.git("c", "checkout -q feature");
    assert_eq!(base("c"), branch("refs/remotes/origin/trunk"));
    // Of a repository that was empty when it was cloned, the first branch that was pushed.
    scratch.git("", "init -q --bare empty.git");
    scratch.git("", "clone -q empty.git first");
    scratch.git("first", "checkout -q -b trunk");
    scratch.commit("first", "a.proto", "one");
    scratch.git("first", "push -q -u origin trunk");
    assert_eq!(base("first"), own("origin/trunk"));
    scratch.git("first", "checkout -q -b feature");
    scratch.commit("first", "a.proto", "two");
    assert_eq!(base("first"), branch("refs/remotes/origin/trunk"));
    // The only remote may have another name.
    scratch.git("c", "remote rename origin upstream");
    assert_eq!(base("c"), branch("refs/remotes/upstream/trunk"));
}

#[test]
fn the_newest_tag_is_the_highest_version_behind_head() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let tag = |pattern: &str, pre_releases: bool| {
        let found = scratch.open("r").last_releases(pattern, pre_releases, false, 1);
        found.map(|releases| (releases.found[0].name.clone(), releases.is_before_head))
    };
    let newest = |pattern: &str| tag(pattern, false).map(|(name, _)| name);
    scratch.commit("r", "a.proto", "one");
    assert_eq!(newest("v*").unwrap_err().message, "no tag matches `v*`");
    scratch.git("r", "tag -a -m t v1.10.0");
    let first = newest("v*").unwrap_err();
    assert_eq!(
        (first.kind, first.message.as_str()),
        (GitFaultKind::NothingToCompare, "`v1.10.0` is the first release")
    );
    scratch.write("r/a.proto", "changed");
    assert_eq!(tag("v*", false).unwrap(), ("v1.10.0".to_owned(), false));
    scratch.commit("r", "a.proto", "two");
    scratch.git("r", "tag v1.9.1");
    scratch.git("r", "tag nightly-b");
    scratch.git("r", "tag v-blob HEAD:a.proto");
    assert_eq!(tag("v*", false).unwrap(), ("v1.10.0".to_owned(), true));
    scratch.commit("r", "a.proto", "three");
    scratch.git("r", "tag v1.11.0-rc.2");
    scratch.git("r", "tag nightly-a");
    assert_eq!(newest("v*").unwrap(), "v1.10.0");
    assert_eq!(newest("nightly-*").unwrap(), "nightly-b");
    let fault = newest("v1.11*").unwrap_err();
    assert_eq!(
        (fault.message.as_str(), fault.help.as_deref()),
        ("the tag that matches `v1.11*` is a pre-release", Some("include pre-releases: --pre-releases"))
    );
    scratch.git("r", "checkout -qb ahead");
    scratch.commit("r", "a.proto", "four");
    assert_eq!(tag("v*", true).unwrap(), ("v1.11.0-rc.2".to_owned(), false));
    scratch.git("r", "tag v2.0.0");
    scratch.commit("r", "a.proto", "five");
    assert_eq!(newest("v*").unwrap(), "v2.0.0");
    scratch.git("r", "checkout -q main");
    assert_eq!(newest("v*").unwrap(), "v1.10.0");
    let fault = newest("v2*").unwrap_err();
    assert_eq!(
        (fault.kind, fault.message.as_str()),
        (GitFaultKind::NoTag, "the tag that matches `v2*` is not behind `HEAD`")
    );
    assert_eq!(kind(newest("v[")), GitFaultKind::NoTag);
}

#[test]
fn the_last_releases_are_those_of_commits() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    for (text, tags) in
        [("one", "v1.0.0"), ("two", "v1.1.0 v1.1.0-rc.1 v1.1"), ("three", "v1.10.0"), ("four", "v1.2.0")]
    {
        scratch.commit("r", "a.proto", text);
        tags.split(' ').for_each(|tag| drop(scratch.git("r", &format!("tag {tag}"))));
    }
    scratch.git("r", "checkout -q -b other");
    scratch.commit("r", "a.proto", "five");
    scratch.git("r", "tag v3.0.0");
    scratch.git("r", "checkout -q main");
    scratch.commit("r", "a.proto", "six");
    let repository = scratch.open("r");
    let last = |most: usize| {
        let releases = repository.last_releases("v*", true, false, most).unwrap();
        releases.found.into_iter().map(|release| release.name).collect::<Vec<String>>()
    };
    // By version, each commit once, and none that is not behind `HEAD`.
    assert_eq!(last(2), ["v1.10.0", "v1.2.0"]);
    assert_eq!(last(usize::MAX), ["v1.10.0", "v1.2.0", "v1.1.0", "v1.0.0"]);
    let commit = |name: &str| repository.tip(name).unwrap().commit;
    let (behind, ahead) = (commit("v1.1.0"), commit("v3.0.0"));
    let contained = repository.contained(commit("HEAD"), &[behind, ahead]);
    assert_eq!(contained.into_iter().collect::<Vec<_>>(), [behind]);
    // Those that hold the same share what is listed.
    let (listings, indexes) = repository.files_of(&[commit("HEAD"), behind, commit("v1.1"), behind]).unwrap();
    assert_eq!((listings.len(), indexes), (2, vec![0, 1, 1, 1]));
}

#[test]
fn versions_are_ordered_by_value() {
    let version = |text: &str| version::Version::of_tag(text, "v*").unwrap();
    let ascending = ["v0.9", "v1.0.0-alpha", "v1.0.0-alpha.1", "v1.0.0-alpha.beta", "v1.0.0-rc.9", "v1.0.0-rc.10"];
    let more = [
        "v1.0.0-rc9",
        "v1.0.0-rc10",
        "v1.0.0",
        "v1.0.1",
        "v1.9.9",
        "v1.10.0",
        "v20260801.1",
        "v99999999999999999999999",
    ];
    let all: Vec<_> = ascending.into_iter().chain(more).collect();
    for pair in all.windows(2).filter(|pair| pair != &["v1.0.0-rc.10", "v1.0.0-rc9"]) {
        assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
    }
    assert!(version::Version::of_tag("proto3-v2", "proto3-v*") < version::Version::of_tag("proto3-v10", "proto3-v*"));
    assert!(version::Version::of_tag("v1.9", "v1.*") < version::Version::of_tag("v1.10", "v1.*"));
    assert!(version::Version::of_tag("nightly", "*").is_none());
    for tag in ["v1.0.0-alpha", "v1.0.0-1", "v1.0.0rc1", "v2.0b1", "v1-beta"] {
        assert!(version(tag).is_pre_release(), "{tag}");
    }
    for tag in ["v1.0.0", "v2", "v1.0.0+build.5", "v2026-08-01", "v20260801.1", "v1.0.0.Final", "v3.1.0.GA"] {
        assert!(!version(tag).is_pre_release(), "{tag}");
    }
}
