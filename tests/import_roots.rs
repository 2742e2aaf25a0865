//! Import roots side by side, with files of one path and types of one name: comparing them all at once finds what comparing
//! each of them alone does.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Numbers that look random and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

const TYPES: [&str; 4] = ["int32", "string", "bool", "sint64"];

/// What a file declares: messages, each with the type of its two fields.
type Declared = Vec<(String, [&'static str; 2])>;

/// The files of one root, of the few paths that every root has.
fn root(random: &mut Random) -> Vec<(&'static str, Declared)> {
    let names = ["Order", "Parcel", "Invoice", "Label"];
    let mut left: Vec<&str> = names.to_vec();
    let mut files = Vec::new();
    for path in ["acme/order.proto", "acme/parcel.proto", "base.proto"] {
        let count = random.below(3).min(left.len() as u64);
        let declared = (0..count).map(|_| {
            let name = left.remove(usize::try_from(random.below(left.len() as u64)).unwrap());
            (name.to_owned(), [random.pick(&TYPES), random.pick(&TYPES)])
        });
        files.push((path, declared.collect()));
    }
    files
}

/// Changes some of it.
fn changed(files: &[(&'static str, Declared)], random: &mut Random) -> Vec<(&'static str, Declared, bool)> {
    let mut now = Vec::new();
    for (path, declared) in files {
        let mut declared = declared.clone();
        let has_comment = random.below(3) == 0;
        match random.below(6) {
            0 => continue,
            1 => declared.clear(),
            2 => declared.push(("Fresh".to_owned(), ["int32", "string"])),
            3 => declared.iter_mut().for_each(|(_, types)| types[1] = random.pick(&TYPES)),
            _ => {}
        }
        now.push((*path, declared, has_comment));
    }
    now
}

fn text(declared: &Declared, has_comment: bool) -> String {
    let mut text = "syntax = \"proto3\";\npackage acme;\n".to_owned();
    for (name, [first, second]) in declared {
        write!(text, "message {name} {{\n  {first} id = 1;\n  {second} note = 2;\n}}\n").unwrap();
    }
    if has_comment { text + "// More to come.\n" } else { text }
}

type Reported = BTreeSet<(String, u32, String, String)>;

/// What is reported against the tree `base`, which holds no other roots than these.
fn compared(directory: &Path, base: &str, roots: &[String], selection: &[&str]) -> Reported {
    let config = format!("version: 1\nroots: [{}]\n", roots.join(", "));
    fs::write(directory.join("new/protolint.yaml"), config).unwrap();
    let against = format!("../{base}");
    let arguments = [&["--against", &against][..], selection].concat();
    let found = support::breaking(&directory.join("new"), &arguments);
    let path = |path: Option<String>| path.unwrap().replace(&format!("{against}/"), "../");
    found.into_iter().map(|f| (path(f.path), f.start_line.unwrap(), f.rule, f.message)).collect()
}

#[test]
fn all_roots_at_once_are_as_each_alone() {
    let (mut random, mut found) = (Random(7), 0);
    for case in 0..30 {
        let directory = tempfile::tempdir().unwrap();
        let roots: Vec<String> = (0..2 + random.below(3)).map(|at| format!("root{at}")).collect();
        for name in &roots {
            let files = root(&mut random);
            let now = changed(&files, &mut random);
            let old = ["old".to_owned(), format!("alone_{name}")].into_iter().flat_map(|base| {
                files.iter().map(move |(path, declared)| (format!("{base}/{name}/{path}"), text(declared, false)))
            });
            let new =
                now.iter().map(|(path, declared, comment)| (format!("new/{name}/{path}"), text(declared, *comment)));
            fs::create_dir_all(directory.path().join("new").join(name)).unwrap();
            support::write(directory.path(), &old.chain(new).collect());
        }
        for selection in [&[][..], &["--use", "FILE"], &["--use", "PACKAGE"], &["--layers", "wire,source"]] {
            let alone: Reported = roots
                .iter()
                .flat_map(|name| {
                    let base = format!("alone_{name}");
                    compared(directory.path(), &base, std::slice::from_ref(name), selection)
                })
                .collect();
            let at_once = compared(directory.path(), "old", &roots, selection);
            assert_eq!(at_once, alone, "case {case}, {selection:?}");
            found += alone.len();
        }
    }
    assert!(found > 200, "only {found} findings");
}
