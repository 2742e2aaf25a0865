//! What names lead to, which branch and which tag are taken where nobody names one.

use super::*;

#[test]
fn names_that_lead_nowhere_are_told() {
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
    assert_eq!(scratch.open("c").default_reference().as_deref(), Some("origin/main"));
    // What was pushed of a branch is not what it will be merged into.
    scratch.git("c", "checkout -q feature");
    assert_eq!(scratch.open("c").default_reference().as_deref(), Some("origin/main"));
    scratch.git("c", "branch -q --unset-upstream");
    assert_eq!(scratch.open("c").default_reference().as_deref(), Some("origin/main"));
    scratch.git("c", "branch -q --set-upstream-to=main");
    assert_eq!(scratch.open("c").default_reference().as_deref(), Some("main"));
    assert_eq!(scratch.open("r").default_reference(), None);
    assert!(scratch.open("c").reference_names().contains(&"origin/feature".to_owned()));
}

#[test]
fn the_newest_tag_is_the_highest_version_behind_head() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let newest = |pattern: &str| scratch.open("r").newest_tag(pattern).map(|base| base.reference);
    scratch.commit("r", "a.proto", "one");
    assert_eq!(newest("v*").unwrap_err().message, "no tag matches `v*`");
    scratch.git("r", "tag -a -m t v1.10.0");
    scratch.commit("r", "a.proto", "two");
    scratch.git("r", "tag v1.9.1");
    scratch.git("r", "tag nightly-b");
    scratch.git("r", "tag v-blob HEAD:a.proto");
    assert_eq!(newest("v*").unwrap(), "v1.10.0");
    scratch.commit("r", "a.proto", "three");
    scratch.git("r", "tag v1.11.0-rc.2");
    scratch.git("r", "tag nightly-a");
    assert_eq!(newest("v*").unwrap(), "v1.11.0-rc.2");
    assert_eq!(newest("nightly-*").unwrap(), "nightly-a");
    scratch.git("r", "checkout -qb ahead");
    scratch.commit("r", "a.proto", "four");
    scratch.git("r", "tag v2.0.0");
    assert_eq!(newest("v*").unwrap(), "v2.0.0");
    scratch.git("r", "checkout -q main");
    assert_eq!(newest("v*").unwrap(), "v1.11.0-rc.2");
    let fault = newest("v2*").unwrap_err();
    assert_eq!(
        (fault.kind, fault.message.as_str()),
        (GitFaultKind::NoTag, "the tag that matches `v2*` is not behind `HEAD`")
    );
    assert_eq!(kind(newest("v[")), GitFaultKind::NoTag);
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
}
