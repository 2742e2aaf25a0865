//! Repositories as people have them, made with the `git` program: histories, references, clones.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::*;

/// A directory for repositories; they are made with fixed dates, each commit a minute after the one before.
pub(super) struct Scratch {
    directory: tempfile::TempDir,
    minutes: Cell<u64>,
}

impl Scratch {
    /// `None` where there is no `git` to make repositories with.
    pub(super) fn new() -> Option<Scratch> {
        let git = Command::new("git").arg("--version").stdout(Stdio::null()).status();
        if !git.is_ok_and(|status| status.success()) {
            eprintln!("skipped: there is no `git`");
            return None;
        }
        Some(Scratch { directory: tempfile::tempdir().unwrap(), minutes: Cell::new(0) })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(name)
    }

    /// Runs git in the directory `at`; what it prints, without the line end.
    pub(super) fn git(&self, at: &str, line: &str) -> String {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        self.git_with(at, &arguments, None)
    }

    pub(super) fn git_with(&self, at: &str, arguments: &[&str], input: Option<&[u8]>) -> String {
        self.minutes.set(self.minutes.get() + 1);
        let date = format!("@{} +0000", 1_700_000_000 + self.minutes.get() * 60);
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        command.args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", "-c", "gc.auto=0"]);
        command.args(arguments).current_dir(self.path(at));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
        for person in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{person}_NAME"), "a").env(format!("GIT_{person}_EMAIL"), "a@example.com");
            command.env(format!("GIT_{person}_DATE"), &date);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.unwrap_or_default()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Writes a file of the repository `at` and commits all there is; the commit.
    pub(super) fn commit(&self, at: &str, file: &str, text: &str) -> String {
        self.write(&format!("{at}/{file}"), text);
        self.git(at, "add -A");
        self.git(at, &format!("commit -qm {text}"));
        self.git(at, "rev-parse HEAD")
    }

    pub(super) fn open(&self, at: &str) -> Repository {
        Repository::discover(&self.path(at)).unwrap().expect("there is a repository")
    }

    /// `main` with two commits, and `feature` with one that leaves after the first, which is given. Feature is `HEAD`.
    fn forked(&self) -> String {
        self.git("", "init -q r");
        let fork = self.commit("r", "a.proto", "one");
        self.git("r", "checkout -qb feature");
        self.commit("r", "b.proto", "two");
        self.git("r", "checkout -q main");
        self.commit("r", "c.proto", "three");
        self.git("r", "checkout -q feature");
        fork
    }
}

fn paths(listing: &Listing) -> Vec<&str> {
    listing.files.iter().map(|file| file.path.as_str()).collect()
}

fn kind<T>(result: Result<T, GitFault>) -> GitFaultKind {
    result.err().expect("there is a fault").kind
}

/// A command as helps give it, without the program.
fn line(fault: &GitFault) -> &str {
    fault.help.as_deref().unwrap().strip_prefix("git ").unwrap()
}

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
    assert_eq!(packed.default_reference().as_deref(), Some("main"));
}

#[test]
fn a_repository_is_found_wherever_it_is_kept() {
    let Some(scratch) = Scratch::new() else { return };
    let fork = scratch.forked();
    assert!(Repository::discover(&scratch.path("")).unwrap().is_none());
    scratch.write("r/deep/down/x.txt", "");
    assert_eq!(scratch.open("r/deep/down").top(), scratch.path("r"));
    scratch.git("r", "worktree add -q ../linked main");
    let linked = scratch.open("linked");
    assert_eq!((linked.top(), linked.is_bare()), (scratch.path("linked").as_path(), false));
    assert_eq!(linked.merge_base("feature").unwrap().commit.to_string(), fork);
    assert_eq!(linked.unmodified().unwrap().len(), 2);
    scratch.git("", "clone -q --bare r bare.git");
    let bare = scratch.open("bare.git/refs");
    assert_eq!((bare.top(), bare.is_bare()), (scratch.path("bare.git").as_path(), true));
    assert_eq!(bare.merge_base("main").unwrap().commit.to_string(), fork);
    assert!(bare.staged().unwrap().files.is_empty() && bare.unmodified().unwrap().is_empty());
    scratch.git("", "clone -q --shared r shared");
    let shared = scratch.open("shared");
    assert_eq!(shared.merge_base("origin/main").unwrap().commit.to_string(), fork);
    scratch.git("", "init -q outer");
    scratch.git("outer", "submodule --quiet add ../r inner");
    scratch.commit("outer", "o.proto", "outer");
    assert_eq!(scratch.open("outer/inner").top(), scratch.path("outer/inner"));
    let outer = scratch.open("outer");
    let listing = outer.files(outer.tip("HEAD").unwrap().commit).unwrap();
    assert_eq!((paths(&listing), &listing.submodules[..]), (vec!["o.proto"], &["inner".to_owned()][..]));
    std::fs::remove_dir_all(scratch.path("r")).unwrap();
    assert_eq!(kind(shared.tip("main").and_then(|main| shared.files(main.commit))), GitFaultKind::Missing);
    assert_eq!(kind(Repository::discover(&scratch.path("linked")).map(|_| ())), GitFaultKind::Corrupt);
}

#[cfg(unix)]
#[test]
fn the_top_is_spelled_as_it_was_given() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    scratch.write("r/deep/x.txt", "");
    std::os::unix::fs::symlink(scratch.path("r"), scratch.path("link")).unwrap();
    assert_eq!(scratch.open("link/deep").top(), scratch.path("link"));
    // A link to below the top leaves no other spelling than the real one.
    std::os::unix::fs::symlink(scratch.path("r/deep"), scratch.path("below")).unwrap();
    assert_eq!(scratch.open("below").top(), scratch.path("r"));
}

#[test]
fn of_several_merge_bases_the_youngest_is_taken() {
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
    assert_eq!(scratch.open("r").merge_base("main").unwrap().commit.to_string(), expected);
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
fn what_is_not_fetched_is_told_with_what_fetches_it() {
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
    assert!(cut.message.contains("that of `HEAD` ends at `") && cut.message.contains("that of `origin/main` ends at"));
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
fn objects_left_out_are_told_with_what_fetches_them() {
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
    for result in [repository.merge_base("main"), repository.tip("HEAD"), repository.newest_tag("v*")] {
        assert_eq!(kind(result), GitFaultKind::NothingToCompare);
    }
    assert!(repository.staged().unwrap().files.is_empty() && repository.default_reference().is_none());
    scratch.commit("r", "a.proto", "one");
    assert_eq!(kind(scratch.open("r").merge_base(&"0".repeat(40))), GitFaultKind::NothingToCompare);
}

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

#[test]
fn damage_is_told_and_harms_nothing() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    let repository = scratch.open("r");
    let main = repository.tip("main").unwrap().commit;
    let file = repository.files(main).unwrap().files.remove(0);
    let loose = |id: &str| scratch.path("r/.git/objects").join(&id[..2]).join(&id[2..]);
    let damage = |id: &str| {
        let path = loose(id);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    };
    // A reference that was being written when the power went is no reason to take another.
    scratch.git("r", "update-ref refs/remotes/origin/torn main");
    scratch.git("r", "branch torn");
    for text in ["", "\0\0\0\0", "ref: refs/heads/torn\n"] {
        scratch.write("r/.git/refs/heads/torn", text);
        let fault = scratch.open("r").tip("torn").unwrap_err();
        assert!(fault.message.starts_with("the reference `torn` cannot be read: "), "{text:?}: {fault:?}");
    }
    damage(&file.blob.to_string());
    let fault = scratch.open("r").read(file.blob).unwrap_err();
    assert!(fault.message.starts_with(&format!("object `{}` of the git repository is corrupt: ", file.blob)));
    assert_eq!((fault.kind, fault.help.as_deref()), (GitFaultKind::Corrupt, Some("git fsck")));
    let tree = scratch.git("r", "rev-parse main^{tree}");
    damage(&tree);
    assert_eq!(kind(scratch.open("r").files(main)), GitFaultKind::Corrupt);
    damage(&main.to_string());
    assert_eq!(kind(scratch.open("r").merge_base("main")), GitFaultKind::Corrupt);
    std::fs::remove_file(loose(&main.to_string())).unwrap();
    assert_eq!(kind(scratch.open("r").merge_base("main")), GitFaultKind::Missing);
}

#[test]
fn strange_formats_are_refused() {
    let Some(scratch) = Scratch::new() else { return };
    let refusal = |at: &str| {
        let fault = Repository::discover(&scratch.path(at)).map(|_| ()).unwrap_err();
        assert_eq!(fault.kind, GitFaultKind::Unsupported, "{}", fault.message);
        fault.message
    };
    scratch.git("", "init -q --object-format=sha256 s");
    assert!(refusal("s").contains("sha256"), "{}", refusal("s"));
    scratch.git("", "init -q --ref-format=reftable t");
    assert!(refusal("t").ends_with("keeps its references as `reftable`, which is not supported"), "{}", refusal("t"));
    scratch.git("", "init -q e");
    scratch.git("e", "config core.repositoryFormatVersion 1");
    scratch.git("e", "config extensions.holograms true");
    assert!(refusal("e").ends_with("uses the extension `holograms`, which is not supported"));
    scratch.git("", "init -q v");
    let config = scratch.path("v/.git/config");
    std::fs::write(config, "[core]\n\trepositoryformatversion = 7\n").unwrap();
    assert!(refusal("v").ends_with("unsupported repository format version; only versions 0 and 1 are supported: 7"));
}

#[test]
fn a_repository_may_be_read_by_many_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    let repository = scratch.open("r");
    is_shared(&repository);
    let file = repository.files(repository.tip("main").unwrap().commit).unwrap().files.remove(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..100).for_each(|_| assert_eq!(repository.read(file.blob).unwrap(), b"one")));
        }
    });
    assert!(repository.free().len() <= 9);
}

#[test]
fn alternates_in_a_circle_end() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    let objects = scratch.path("r/.git/objects");
    std::fs::write(objects.join("info/alternates"), format!("{}\n", objects.display())).unwrap();
    let repository = Repository::discover(Path::new(&scratch.path("r")));
    // Whether it is read or refused, it ends.
    assert!(repository.is_err() || repository.is_ok_and(|found| found.is_some_and(|found| found.tip("main").is_ok())));
}
