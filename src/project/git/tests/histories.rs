//! Where branches left each other, how far they are apart, and what a clone lacks for that.

use super::*;

#[test]
fn a_branch_is_compared_with_where_it_left() {
    let Some(scratch) = Scratch::new() else { return };
    let fork = scratch.forked();
    let repository = scratch.open("r");
    let base = repository.merge_base("main").unwrap();
    assert_eq!((base.commit.to_string(), base.behind, base.kind), (fork.clone(), Some(1), BaseKind::MergeBase));
    assert_eq!(base.short, scratch.git("r", &format!("rev-parse --short {fork}")));
    assert_eq!(base.tip.to_string(), scratch.git("r", "rev-parse main"));
    assert_eq!(paths(&repository.files(base.commit).unwrap()), ["a.proto"]);
    let tip = repository.tip("main").unwrap();
    assert_eq!(paths(&repository.files(tip.commit).unwrap()), ["a.proto", "c.proto"]);
    assert_eq!(repository.tip("HEAD~1").unwrap().commit.to_string(), fork);
    assert_eq!(repository.tip(&fork[..8]).unwrap().commit.to_string(), fork);
    let file = repository.files(base.commit).unwrap().files.remove(0);
    assert_eq!(repository.read(file.blob).unwrap(), b"one");
    // The same of a detached head, and of references and objects that are packed.
    scratch.git("r", "checkout -q --detach");
    scratch.git("r", "pack-refs --all");
    scratch.git("r", "gc -q");
    let packed = scratch.open("r");
    assert_eq!(packed.merge_base("main").unwrap(), base);
    assert_eq!(packed.read(file.blob).unwrap(), b"one");
    assert_eq!(packed.reference_names(), ["feature", "main"]);
    assert_eq!(packed.default_base(None).unwrap(), Some(DefaultBase::Branch("refs/heads/main".to_owned())));
}

#[test]
fn of_several_merge_bases_the_youngest_comes_first() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    // Both branches merge what the other one had.
    scratch.git("r", "tag left feature");
    scratch.git("r", "tag right main");
    scratch.git("r", "merge -q -m merge right");
    scratch.git("r", "checkout -q main");
    scratch.git("r", "merge -q -m merge left");
    scratch.commit("r", "d.proto", "four");
    assert_eq!(scratch.git("r", "merge-base --all main feature").lines().count(), 2);
    let expected = scratch.git("r", "merge-base main feature");
    assert_eq!(scratch.open("r").merge_base("feature").unwrap().commit.to_string(), expected);
    scratch.git("r", "checkout -q feature");
    let base = scratch.open("r").merge_base("main").unwrap();
    assert_eq!(base.commit.to_string(), expected);
    let others: Vec<String> = base.others.iter().map(ToString::to_string).collect();
    assert!(others.len() == 1 && scratch.git("r", "merge-base --all main feature").contains(&others[0]));
    scratch.git("r", "commit-graph write --reachable");
    assert_eq!(scratch.open("r").merge_base("main").unwrap().commit.to_string(), expected);
}

#[test]
fn commits_ahead_are_counted_as_git_does() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    scratch.git("r", "merge -q -m merge main");
    for number in 0..5 {
        scratch.git("r", &format!("checkout -qb side{number} HEAD~{}", number % 2 + 1));
        scratch.commit("r", &format!("s{number}.proto"), "s");
        scratch.git("r", "checkout -q feature");
        scratch.git("r", &format!("merge -q -m merge side{number}"));
    }
    scratch.git("r", "checkout -q -b other main");
    scratch.commit("r", "z.proto", "z");
    let base = scratch.open("r").merge_base("feature").unwrap();
    let expected = scratch.git("r", &format!("rev-list --count {}..feature", base.commit));
    assert_eq!(base.behind.unwrap().to_string(), expected);
}

#[test]
fn what_is_not_fetched_is_reported_with_what_fetches_it() {
    let Some(scratch) = Scratch::new() else { return };
    let fork = scratch.forked();
    let url = format!("file://{}", scratch.path("r").display());
    scratch.git("", &format!("clone -q --depth=1 --branch=feature {url} shallow"));
    let unknown = scratch.open("shallow").merge_base("main").unwrap_err();
    assert_eq!(unknown.kind, GitFaultKind::UnknownReference);
    let feature = scratch.git("shallow", "rev-parse HEAD");
    let whole = format!("git fetch --unshallow origin main:refs/remotes/origin/main {feature}");
    assert_eq!(unknown.help, Some(whole));
    assert_eq!(scratch.open("shallow").tip("origin/main").unwrap_err().help, unknown.help);
    let commit = scratch.open("shallow").tip(&fork).unwrap_err();
    assert_eq!((commit.kind, line(&commit)), (GitFaultKind::Missing, format!("fetch origin {fork}").as_str()));
    scratch.git("shallow", "fetch -q --depth=1 origin main:refs/remotes/origin/main");
    let repository = scratch.open("shallow");
    assert!(repository.is_shallow());
    assert_eq!(repository.tip("main").unwrap().reference, "origin/main");
    let cut = repository.merge_base("main").unwrap_err();
    assert_eq!(cut.kind, GitFaultKind::Shallow);
    assert!(cut.message.contains("of `HEAD` ends at `") && cut.message.contains("of `origin/main` ends at"));
    scratch.git("shallow", line(&cut));
    assert_eq!(scratch.open("shallow").merge_base("main").unwrap().commit.to_string(), fork);
    // The same with a detached head, as continuous integration has it.
    scratch.git("", "init -q ci");
    scratch.git("ci", &format!("remote add origin {url}"));
    scratch.git("ci", "fetch -q --depth=1 origin feature main");
    let tip = scratch.git("r", "rev-parse main");
    scratch.git("ci", &format!("checkout -q {}", scratch.git("r", "rev-parse feature")));
    let cut = scratch.open("ci").merge_base(&tip).unwrap_err();
    assert_eq!(cut.kind, GitFaultKind::Shallow);
    scratch.git("ci", line(&cut));
    assert_eq!(scratch.open("ci").merge_base(&tip).unwrap().commit.to_string(), fork);
}

#[test]
fn objects_left_out_are_reported_with_what_fetches_them() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    scratch.git("r", "config uploadpack.allowFilter true");
    let url = format!("file://{}", scratch.path("r").display());
    for (filter, at) in [("blob:none", "blobs"), ("tree:0", "trees")] {
        scratch.git("", &format!("clone -q --filter={filter} {url} {at}"));
        let read = |repository: Repository| -> Result<usize, GitFault> {
            let files = repository.files(repository.tip("main")?.commit)?.files;
            files.iter().map(|file| Ok(repository.read(file.blob)?.len())).sum()
        };
        let missing = read(scratch.open(at)).unwrap_err();
        assert_eq!(missing.kind, GitFaultKind::Missing);
        assert!(missing.message.ends_with("is not in this partial clone"), "{}", missing.message);
        scratch.git(at, line(&missing));
        assert_eq!(read(scratch.open(at)).unwrap(), "onethree".len());
    }
}

#[test]
fn where_there_is_nothing_to_compare_it_is_no_fault() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let repository = scratch.open("r");
    for result in [repository.merge_base("main"), repository.tip("HEAD")] {
        assert_eq!(kind(result), GitFaultKind::NothingToCompare);
    }
    assert_eq!(kind(repository.last_releases("v*", false, false, 1)), GitFaultKind::NothingToCompare);
    assert!(repository.staged().unwrap().files.is_empty() && repository.default_base(None).unwrap().is_none());
    scratch.commit("r", "a.proto", "one");
    assert_eq!(kind(scratch.open("r").merge_base(&"0".repeat(40))), GitFaultKind::NothingToCompare);
}
