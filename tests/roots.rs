//! The same tree has the same findings wherever `check` is called from: at its top, above, below, on single files, by
//! absolute paths. The trees are those below, and generated ones; half of them are repositories.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

type Tree = BTreeMap<String, String>;

/// What must not depend on the call: path from the top of the tree, place, rule, and where a root is named the message.
type Seen = (String, u32, u32, String, String);

fn file(package: &str, imports: &[&str], message: &str) -> String {
    let imports: String = imports.iter().map(|import| format!("import \"{import}\";\n")).collect();
    format!("syntax = \"proto3\";\npackage {package};\n{imports}message {message} {{}}\n")
}

fn tree(files: &[(&str, &str, &[&str])]) -> Tree {
    let named = |(index, (path, package, imports)): (usize, &(&str, &str, &[&str]))| {
        ((*path).to_owned(), file(package, imports, &format!("bad_{index}")))
    };
    files.iter().enumerate().map(named).collect()
}

/// Trees by what they are about.
fn trees() -> Vec<(&'static str, Tree)> {
    vec![
        (
            "a directory that is the first component of the packages",
            tree(&[
                ("acme/common/v1/c.proto", "acme.common.v1", &[]),
                ("acme/user/v1/u.proto", "acme.user.v1", &["acme/common/v1/c.proto"]),
                ("acme/user/v1/alone.proto", "acme.user.v1", &[]),
                ("acme/wrong/place.proto", "acme.other.v1", &["acme/user/v1/u.proto"]),
            ]),
        ),
        (
            "a root below the top",
            tree(&[
                ("proto/a/v1/m.proto", "a.v1", &[]),
                ("proto/a/v1/n.proto", "a.v1", &["a/v1/m.proto"]),
                ("proto/b/v2/x.proto", "b.v1", &["a/v1/n.proto", "missing/x.proto"]),
            ]),
        ),
        (
            "a root that no custom names, and packages alone say so",
            tree(&[
                ("src/acme/team/v1/t.proto", "acme.team.v1", &[]),
                ("src/acme/user/v1/u.proto", "acme.user.v1", &["google/protobuf/timestamp.proto"]),
            ]),
        ),
        (
            "imports that count from the top, whatever the packages say",
            tree(&[
                ("proto/acme/common/v1/c.proto", "acme.common.v1", &[]),
                ("proto/acme/user/v1/u.proto", "acme.user.v1", &["proto/acme/common/v1/c.proto"]),
            ]),
        ),
        (
            "several roots, one of them with what others import",
            tree(&[
                ("services/user/proto/user/v1/u.proto", "user.v1", &["user/v1/a.proto", "vendored/type/t.proto"]),
                ("services/user/proto/user/v1/a.proto", "user.v1", &[]),
                ("services/team/proto/team/v1/t.proto", "team.v1", &["team/v1/l.proto"]),
                ("services/team/proto/team/v1/l.proto", "team.v1", &["vendored/type/t.proto"]),
                ("third_party/vendored/type/t.proto", "vendored.type", &[]),
            ]),
        ),
        (
            "copies of files of one name in two roots",
            tree(&[
                ("server/pb/base.proto", "acme", &[]),
                ("server/pb/order.proto", "acme", &["base.proto"]),
                ("client/pb/base.proto", "acme", &[]),
                ("client/pb/order.proto", "acme", &["base.proto"]),
            ]),
        ),
        (
            "a tree with its own copy of a built-in file",
            tree(&[
                ("src/google/protobuf/descriptor.proto", "google.protobuf", &[]),
                ("src/google/protobuf/cpp_file_options.proto", "pb.file", &["google/protobuf/descriptor.proto"]),
                ("src/google/protobuf/any.proto", "google.protobuf", &[]),
            ]),
        ),
    ]
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// A tree of one to three roots, whose files import each other by their roots and are now and then in the wrong place.
fn generated(seed: u64) -> Tree {
    let random = &mut Random(seed);
    let mut tree = Tree::new();
    for root in 0..=random.below(3) {
        let root = format!("{}{root}", random.pick(&["proto/r", "services/s", "src/main/m", "api", "lib/idl/i"]));
        let mut names: Vec<String> = Vec::new();
        for index in 0..2 + random.below(5) {
            let package = format!("{}{}.v1", random.pick(&["acme.user", "acme.team", "shop.order"]), random.below(2));
            let mut directory = package.replace('.', "/");
            if random.below(6) == 0 {
                directory.push_str("/odd");
            }
            let mut imports: Vec<&str> = names.iter().map(String::as_str).filter(|_| random.below(3) > 0).collect();
            if index > 0 && imports.is_empty() {
                imports.push(&names[0]);
            }
            let text = file(&package, &imports, &format!("bad_{index}"));
            let name = format!("{directory}/f{index}.proto");
            tree.insert(format!("{root}/{name}"), text);
            names.push(name);
        }
    }
    tree
}

/// What `check` finds where it is called in `directory`, with paths from the top of the tree.
fn seen(top: &Path, directory: &Path, arguments: &[&str]) -> BTreeSet<Seen> {
    let findings = support::check(directory, &[&["--no-config"], arguments].concat());
    let normal = |finding: support::Finding| {
        let mut place = PathBuf::new();
        for part in directory.join(finding.path.unwrap()).components() {
            match part {
                std::path::Component::ParentDir => drop(place.pop()),
                other => place.push(other),
            }
        }
        let path = place.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
        let mut message = if finding.rule == "PACKAGE_DIRECTORY_MATCH" { finding.message } else { String::new() };
        if !top.join(".git").exists() {
            // Nothing says where the tree begins that the root is named from.
            message.truncate(message.find(" (import root").unwrap_or(message.len()));
        }
        (path, finding.start_line.unwrap(), finding.start_column.unwrap(), finding.rule, message)
    };
    findings.into_iter().map(normal).collect()
}

fn faults(about: &str, tree: &Tree, is_repository: bool) -> String {
    let outer = tempfile::tempdir().unwrap();
    // Whatever lies above is another tree.
    let top = outer.path().canonicalize().unwrap().join("above/tree");
    support::write(&top, tree);
    if is_repository {
        std::fs::create_dir(top.join(".git")).unwrap();
    }
    let all = seen(&top, &top, &["."]);
    assert!(!all.is_empty(), "{about}");
    let mut faults = String::new();
    let mut holds = |call: &str, found: &BTreeSet<Seen>, within: &dyn Fn(&str) -> bool| {
        let wanted: BTreeSet<Seen> = all.iter().filter(|seen| within(&seen.0)).cloned().collect();
        for (sign, seen) in
            found.difference(&wanted).map(|seen| ('+', seen)).chain(wanted.difference(found).map(|seen| ('-', seen)))
        {
            faults.push_str(&format!("{about} (repository: {is_repository}), {call}: {sign} {seen:?}\n"));
        }
    };
    let absolute = top.to_str().unwrap();
    holds("nothing given", &seen(&top, &top, &[]), &|_| true);
    holds("absolute", &seen(&top, &top, &[absolute]), &|_| true);
    holds("for imports too", &seen(&top, &top, &[".", "-I", "."]), &|_| true);
    if is_repository {
        holds("from above", &seen(&top, top.parent().unwrap(), &["tree"]), &|_| true);
        holds("all from above", &seen(&top, top.parent().unwrap(), &[]), &|_| true);
    }
    let files: Vec<&str> = tree.keys().map(String::as_str).collect();
    holds("as files", &seen(&top, &top, &files), &|_| true);
    holds("as files twice, and a directory", &seen(&top, &top, &[&files[..], &files[..], &["."]].concat()), &|_| true);
    for &file in &files {
        holds(file, &seen(&top, &top, &[file]), &|path| path == file);
        holds(&format!("{file} by its absolute path"), &seen(&top, &top, &[&format!("{absolute}/{file}")]), &|path| {
            path == file
        });
    }
    let directories: BTreeSet<&Path> = files.iter().flat_map(|file| Path::new(file).ancestors().skip(1)).collect();
    for directory in directories.into_iter().filter(|directory| !directory.as_os_str().is_empty()) {
        let within = |path: &str| Path::new(path).starts_with(directory);
        holds(&format!("{}", directory.display()), &seen(&top, &top, &[directory.to_str().unwrap()]), &within);
        holds(&format!("in {}", directory.display()), &seen(&top, &top.join(directory), &[]), &within);
    }
    faults
}

#[test]
fn findings_do_not_depend_on_the_call() {
    let faults: String = trees().into_par_iter().map(|(about, tree)| faults(about, &tree, true)).collect();
    assert!(faults.is_empty(), "\n{faults}");
}

/// Without a mark of the top, what the files say is all there is.
#[test]
fn files_that_say_where_they_belong_need_no_repository() {
    let told = trees().into_iter().take(3);
    let faults: String =
        told.collect::<Vec<_>>().into_par_iter().map(|(about, tree)| faults(about, &tree, false)).collect();
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn findings_of_generated_trees_do_not_depend_on_the_call() {
    let faults: String =
        (0..12).into_par_iter().map(|seed| faults(&format!("seed {seed}"), &generated(seed), true)).collect();
    assert!(faults.is_empty(), "\n{faults}");
}

/// What is left out stays out by whichever name it is met.
#[cfg(unix)]
#[test]
fn what_is_excluded_is_not_checked_through_a_link() {
    let configurations = [
        ("protolint.yaml", "version: 1\nexclude: [third/]\ncheck:\n  use: [MESSAGE_PASCAL_CASE]\n"),
        ("buf.yaml", "version: v1\nbuild:\n  excludes: [third]\nlint:\n  use: [MESSAGE_PASCAL_CASE]\n"),
        (
            "buf.yaml",
            "version: v2\nmodules:\n  - path: .\n    excludes: [third]\nlint:\n  use: [MESSAGE_PASCAL_CASE]\n",
        ),
    ];
    for (name, text) in configurations {
        // One link sorts before what it leads to, and one after.
        for link in ["google", "zoo"] {
            let project = tempfile::tempdir().unwrap();
            let top = project.path();
            let mut files = tree(&[("acme/v1/own.proto", "acme.v1", &[]), ("third/api/v1/thing.proto", "api.v1", &[])]);
            files.insert(name.to_owned(), text.to_owned());
            support::write(top, &files);
            std::os::unix::fs::symlink("third", top.join(link)).unwrap();
            std::os::unix::fs::symlink("../../third/api/v1/thing.proto", top.join("acme/v1/thing.proto")).unwrap();
            let found = support::check(top, &[]);
            let paths: Vec<_> = found.iter().filter_map(|finding| finding.path.as_deref()).collect();
            assert_eq!(paths, ["acme/v1/own.proto"], "{text}{link}: {found:?}");
        }
    }
}

/// Where a configuration names the roots, `check` without paths checks them all, and shows paths as they are from where it
/// is called.
#[test]
fn paths_are_the_shortest_from_a_directory_below_a_root() {
    let project = tempfile::tempdir().unwrap();
    let top = project.path();
    let mut files = tree(&[("api/shop/v1/shop.proto", "shop.v1", &[]), ("api/user/v1/user.proto", "user.v1", &[])]);
    files.insert(
        "protolint.yaml".to_owned(),
        "version: 1\nroots: [api]\ncheck:\n  use: [MESSAGE_PASCAL_CASE]\n".to_owned(),
    );
    support::write(top, &files);
    for (directory, shown) in [
        ("", ["api/shop/v1/shop.proto", "api/user/v1/user.proto"]),
        ("api/shop", ["../user/v1/user.proto", "v1/shop.proto"]),
        ("api/user/v1", ["../../shop/v1/shop.proto", "user.proto"]),
    ] {
        let found = support::check(&top.join(directory), &[]);
        let paths: BTreeSet<&str> = found.iter().filter_map(|finding| finding.path.as_deref()).collect();
        assert_eq!(paths.into_iter().collect::<Vec<_>>(), shown, "{directory}: {found:?}");
    }
}
