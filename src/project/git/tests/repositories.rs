//! Where repositories are found, and what becomes of those that are damaged, strange or shared.

use std::path::Path;

use super::*;

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
    let inner = scratch.open("outer/inner").tip("HEAD").unwrap().commit;
    assert_eq!((paths(&listing), &listing.submodules[..]), (vec!["o.proto"], &[("inner".to_owned(), inner)][..]));
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
fn damage_is_reported_and_harms_nothing() {
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
fn objects_may_be_named_by_sha256() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q --object-format=sha256 r");
    let first = scratch.commit("r", "a.proto", "one");
    scratch.git("r", "checkout -q -b feature");
    scratch.commit("r", "a.proto", "two");
    for packed in [false, true] {
        if packed {
            scratch.git("r", "gc -q");
        }
        let repository = scratch.open("r");
        let base = repository.merge_base("main").unwrap();
        assert_eq!(base.commit.to_string(), first);
        let file = repository.files(base.commit).unwrap().files.remove(0);
        assert_eq!(repository.read(file.blob).unwrap(), b"one");
        assert_eq!((repository.unmodified().unwrap().len(), repository.has_changes(false).unwrap()), (1, false));
    }
}

#[test]
fn the_environment_names_a_repository() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.forked();
    scratch.write("tree/deep/x.txt", "");
    let find = |variables: &[(&str, &str)], at: &str| {
        let value = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name)?;
            Some(scratch.path(found.1).into_os_string())
        };
        Repository::find_in(&environment::Environment::new(value), &scratch.path(at))
    };
    let top = |variables: &[(&str, &str)], at: &str| {
        find(variables, at).unwrap().map(|found| (found.top().to_owned(), found.is_bare()))
    };
    let both = [("GIT_DIR", "r/.git"), ("GIT_WORK_TREE", "tree")];
    assert_eq!(top(&both, "tree/deep"), Some((scratch.path("tree"), false)));
    // Whatever is elsewhere is found as ever.
    assert_eq!(top(&both, "r"), Some((scratch.path("r"), false)));
    assert_eq!(top(&[("GIT_WORK_TREE", "r")], "r"), Some((scratch.path("r"), false)));
    scratch.git("", "clone -q --bare r bare.git");
    assert_eq!(top(&[("GIT_DIR", "bare.git")], "tree"), Some((scratch.path("bare.git"), true)));
    let fault = find(&[("GIT_DIR", "tree")], "r").map(|_| ()).unwrap_err();
    assert_eq!(fault.help.as_deref(), Some("unset GIT_DIR"));
    let fault = find(&[("GIT_COMMON_DIR", "bare.git")], "r").map(|_| ()).unwrap_err();
    assert_eq!(fault.help.as_deref(), Some("unset GIT_COMMON_DIR"));
    assert!(find(&[("GIT_COMMON_DIR", "r/.git")], "r").is_ok());
    // A directory that is not to be left upwards, unless one is there already.
    scratch.write("r/deep/down/x.txt", "");
    assert_eq!(top(&[("GIT_CEILING_DIRECTORIES", "r")], "r/deep/down"), None);
    assert_eq!(top(&[("GIT_CEILING_DIRECTORIES", "r/deep/down")], "r/deep/down"), Some((scratch.path("r"), false)));
    assert_eq!(top(&[("GIT_CEILING_DIRECTORIES", "r")], "r"), Some((scratch.path("r"), false)));
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
