//! Where the import roots lie: each side of a comparison has those of its own configuration, and what is given says only
//! what is reported.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::support::repository::Scratch;

/// The files of a layout by path.
type Files = BTreeMap<String, String>;

/// A layout: how it is called, the directories of the two packages, and its configuration files.
type Layout = (&'static str, [&'static str; 2], &'static [(&'static str, &'static str)]);

const V1: &str = "version: v1\nbreaking:\n  use: [FILE]\n";

const LAYOUTS: [Layout; 8] = [
    ("v1beta1 with roots", ["a", "b"], &[("buf.yaml", "version: v1beta1\nbuild:\n  roots: [a, b]\n")]),
    (
        "a v1 workspace",
        ["a", "b"],
        &[("buf.work.yaml", "version: v1\ndirectories: [a, b]\n"), ("a/buf.yaml", V1), ("b/buf.yaml", V1)],
    ),
    (
        "a v1 workspace of a module with roots",
        ["lib/a", "lib/b"],
        &[
            ("buf.work.yaml", "version: v1\ndirectories: [lib]\n"),
            ("lib/buf.yaml", "version: v1beta1\nbuild:\n  roots: [a, b]\n"),
        ],
    ),
    ("v2 with modules", ["a", "b"], &[("buf.yaml", "version: v2\nmodules:\n  - path: a\n  - path: b\n")]),
    (
        "one module that was renamed",
        ["proto", "b"],
        &[("buf.yaml", "version: v2\nmodules:\n  - path: proto\n  - path: b\n")],
    ),
    ("one module", ["schemas", "schemas"], &[("buf.yaml", "version: v2\nmodules:\n  - path: schemas\n")]),
    ("a module at the top", [".", "."], &[("buf.yaml", V1)]),
    ("roots of protolint.yaml", ["idl/a", "idl/b"], &[("protolint.yaml", "version: 1\nroots: [idl/a, idl/b]\n")]),
];

fn files((_, [acme, shop], configuration): &Layout, more: &str) -> Files {
    let order = format!(
        "syntax = \"proto3\";\npackage acme.v1;\nimport \"shop/v1/item.proto\";\nmessage Order {{\n  shop.v1.Item item = 1;\n{more}}}\n"
    );
    let item = format!("syntax = \"proto3\";\npackage shop.v1;\nmessage Item {{\n  string name = 1;\n{more}}}\n");
    let schemas = [(format!("{acme}/acme/v1/order.proto"), order), (format!("{shop}/shop/v1/item.proto"), item)];
    let configuration = configuration.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    schemas.into_iter().chain(configuration).collect()
}

fn write(scratch: &Scratch, directory: &str, files: &Files) {
    for (path, text) in files {
        scratch.write(&format!("{directory}/{path}"), text);
    }
}

/// Empties a work tree.
fn clear(top: &Path) {
    for path in std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with(".git") {
            std::fs::remove_dir_all(path).unwrap();
        } else if path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// Compares a layout, as a commit and as a directory, with all others: the same schemas, and less of them.
fn compare(scratch: &Scratch, index: usize, before: &Layout) {
    const MORE: &str = "  bytes more = 2;\n";
    scratch.git("", "init -q r");
    write(scratch, "r", &files(before, MORE));
    scratch.commit("r", &[]);
    write(scratch, "former", &files(before, MORE));
    let bases = ["HEAD", "../former/"];
    for (round, after) in LAYOUTS.iter().enumerate() {
        for (more, gone) in [(MORE, 0), ("", 2)] {
            clear(&scratch.path("r"));
            write(scratch, "r", &files(after, more));
            let base = bases[(index + round + gone / 2) % 2];
            let run = scratch.breaking("r", &format!("--against {base} --use FILE"));
            let told = run.told();
            let is_right = told.len() == gone && told.iter().all(|line| line.starts_with("FIELD_NO_DELETE"));
            assert!(is_right, "from {} to {} by {base}: {told:?} {}", before.0, after.0, run.stderr);
        }
    }
}

#[test]
fn each_side_has_the_roots_of_its_own_configuration() {
    LAYOUTS.par_iter().enumerate().for_each(|(index, before)| {
        let Some(scratch) = Scratch::new() else { return };
        compare(&scratch, index, before);
    });
}

#[test]
fn a_directory_that_packages_begin_with_is_compared_from_anywhere() {
    let Some(scratch) = Scratch::new() else { return };
    let parts = "syntax = \"proto3\";\npackage acme.part.v1;\nmessage Name {\n  string text = 1;\n}\nmessage Size {\n  int32 text = 1;\n}\n";
    let user = "syntax = \"proto3\";\npackage acme.user.v1;\nimport \"acme/part/v1/part.proto\";\nmessage User {\n  acme.part.v1.Name name = 1;\n}\n";
    scratch.git("", "init -q r");
    scratch.commit("r", &[("acme/part/v1/part.proto", parts), ("acme/user/v1/user.proto", user)]);
    scratch.write("r/acme/user/v1/user.proto", &user.replace("v1.Name", "v1.Size"));
    for (at, line, shown) in [
        ("r", "--against HEAD acme", "acme/user/v1/user.proto"),
        ("r", "--against HEAD acme/user", "acme/user/v1/user.proto"),
        ("r/acme", "--against HEAD", "user/v1/user.proto"),
        ("r/acme/part", "--against HEAD ..", "../user/v1/user.proto"),
        ("", "--against HEAD r/acme", "r/acme/user/v1/user.proto"),
    ] {
        scratch.breaking(at, line).is(1, &[&format!("FIELD_SAME_TYPE {shown}:5")], "compared ");
    }
}
