//! Inputs made of the project's own pages and test data, for the targets to start from.

use std::collections::BTreeMap;
use std::path::Path;

use protolint::rules;

use super::laws::{AFTER, FILE};
use super::support::pages;

/// Bytes of stack that the deepest schema needs, and more.
const STACK: usize = 256 << 20;

type Seeds = Vec<(String, Vec<u8>)>;
type Tree = BTreeMap<String, String>;

/// The seeds of a target, each with a name of its own.
pub fn of(target: &str) -> Seeds {
    match target {
        "breaking" => changes(),
        "cel" => expressions(),
        "config" => configurations(),
        "descriptor_set" => {
            // Some schemas are about depth, and this compiler has no limit but its stack.
            let all = || schemas().iter().filter_map(|(name, tree)| Some((name.clone(), compiled(tree)?))).collect();
            std::thread::Builder::new().stack_size(STACK).spawn(all).unwrap().join().unwrap()
        }
        "directives" => directives(),
        "format" | "syntax" => texts(),
        "payload" => payloads(),
        _ => schemas().into_iter().map(|(name, tree)| (name, input(&tree))).collect(),
    }
}

/// Writes seeds, a file each.
pub fn write(directory: &Path, seeds: &Seeds) {
    std::fs::create_dir_all(directory).unwrap();
    for (name, bytes) in seeds {
        std::fs::write(directory.join(name.replace(['/', ' '], "-")), bytes).unwrap();
    }
}

fn input(tree: &Tree) -> Vec<u8> {
    let file = |(path, text): (&String, &String)| format!("{FILE}{path}\n{text}");
    tree.iter().map(file).collect::<String>().into_bytes()
}

/// Only what is a schema.
fn protos(files: impl IntoIterator<Item = (String, String)>) -> Tree {
    files.into_iter().filter(|(path, _)| path.ends_with(".proto")).collect()
}

/// The trees of all pages and of the folders of test data.
fn schemas() -> Vec<(String, Tree)> {
    let mut found = Vec::new();
    for rule in rules::lint_rules().into_iter().chain(rules::compile_rules()) {
        for (index, tree) in pages::trees(rule.page.text).into_iter().enumerate() {
            found.push((format!("{}-{index}", rule.id), protos(tree.files)));
        }
    }
    for folder in ["cases", "fix", "buf"] {
        found.extend(folders(folder).into_iter().map(|(name, tree)| (format!("{folder}-{name}"), tree)));
    }
    for folder in ["protoc/accepted", "protoc/refused"] {
        let files = files(folder).into_iter().filter(|(path, _)| path.ends_with(".proto"));
        found.extend(files.map(|(path, text)| (format!("{folder}-{path}"), [(path, text)].into())));
    }
    found.retain(|(_, tree)| !tree.is_empty());
    found
}

/// What stands on the pages of breaking rules, and all lint pages' bad and good trees against each other.
fn changes() -> Seeds {
    let mut found = Vec::new();
    for rule in rules::breaking_rules().into_iter().chain(rules::lint_rules()) {
        let trees = pages::trees(rule.page.text);
        let Some((first, rest)) = trees.split_first() else { continue };
        let before = input(&protos(first.files.clone()));
        for (index, tree) in rest.iter().enumerate() {
            let after = input(&protos(tree.files.clone()));
            let both = [&before[..], format!("{AFTER}\n").as_bytes(), &after].concat();
            found.push((format!("{}-{index}", rule.id), both));
        }
    }
    found
}

fn configurations() -> Seeds {
    let pages = rules::lint_rules().into_iter().chain(rules::breaking_rules());
    let fences = pages.flat_map(|rule| pages::trees(rule.page.text).into_iter().map(|tree| (rule.id, tree)));
    let own = fences.enumerate().filter_map(|(index, (id, tree))| {
        Some((format!("{id}-{index}"), tree.files.get("protolint.yaml")?.clone().into_bytes()))
    });
    let folders = ["config", "config_of_buf", "buf", "cases", "cli", "fix"];
    let data = folders.into_iter().flat_map(|folder| {
        let is_yaml = |path: &str| path.ends_with(".yaml") || path.ends_with(".json");
        files(folder)
            .into_iter()
            .filter(move |(path, _)| is_yaml(path))
            .map(move |(path, text)| (format!("{folder}-{path}"), text.into_bytes()))
    });
    own.chain(data).collect()
}

/// The expressions in options of the test data, and in what pages show.
fn expressions() -> Seeds {
    let schemas =
        texts().into_iter().chain(files("protovalidate").into_iter().map(|(path, text)| (path, text.into_bytes())));
    let mut found = Seeds::new();
    for (name, bytes) in schemas {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let quoted = text.lines().filter(|line| line.contains("expression")).filter_map(|line| line.split('"').nth(1));
        found.extend(quoted.enumerate().map(|(at, quoted)| (format!("{name}-{at}"), quoted.as_bytes().to_vec())));
    }
    found
}

/// Each schema alone.
fn texts() -> Seeds {
    let files = |(name, tree): (String, Tree)| {
        tree.into_iter().map(move |(path, text)| (format!("{name}-{path}"), text.into_bytes()))
    };
    schemas().into_iter().flat_map(files).collect()
}

/// A comment at every place for each directive that test data holds, and some of every form.
fn directives() -> Seeds {
    let words = ["protolint:", "buf:lint:"];
    let mut comments: Vec<String> = Vec::new();
    for (_, tree) in schemas() {
        let lines =
            tree.values().flat_map(|text| text.lines()).filter(|line| words.iter().any(|word| line.contains(word)));
        comments.extend(lines.filter_map(|line| Some(line.split_once("//")?.1.trim().to_owned())));
    }
    for rule in rules::lint_rules() {
        comments.push(format!("protolint:ignore {} until=2030-01-31 for a reason", rule.id));
        comments.push(format!("buf:lint:ignore {}", rule.id));
    }
    comments.sort();
    comments.dedup();
    let places = [0x7_ffff_u32, 0x8007_ffff, 0x8000_2010, 1 << 13, 1 << 6];
    let seed = |(index, text): (usize, String)| {
        (format!("{index}"), [&places[index % places.len()].to_le_bytes()[..], text.as_bytes()].concat())
    };
    comments.into_iter().enumerate().map(seed).collect()
}

fn folders(folder: &str) -> BTreeMap<String, Tree> {
    let mut folders: BTreeMap<String, Tree> = BTreeMap::new();
    for (path, text) in files(folder).into_iter().filter(|(path, _)| path.ends_with(".proto")) {
        if let Some((name, rest)) = path.split_once('/') {
            folders.entry(name.to_owned()).or_default().insert(rest.to_owned(), text);
        }
    }
    folders
}

/// The texts below a folder of test data.
fn files(folder: &str) -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(folder);
    let entries = walkdir::WalkDir::new(&directory).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let read = files.filter_map(|entry| {
        let path = entry.path().strip_prefix(&directory).unwrap().to_str().unwrap().replace('\\', "/");
        Some((path, std::fs::read_to_string(entry.path()).ok()?))
    });
    read.collect()
}

/// The files of one tree, as a resolver of imports.
struct Resolver(Tree);

impl protox::file::FileResolver for Resolver {
    fn open_file(&self, name: &str) -> Result<protox::file::File, protox::Error> {
        let text = self.0.get(name).ok_or_else(|| protox::Error::file_not_found(name))?;
        protox::file::File::from_source(name, text)
    }
}

/// The descriptor set of a tree, where protox compiles it.
fn compiled(tree: &Tree) -> Option<Vec<u8>> {
    let mut resolver = protox::file::ChainFileResolver::new();
    resolver.add(Resolver(tree.clone()));
    resolver.add(protox::file::GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    for name in tree.keys() {
        compiler.open_file(name).ok()?;
    }
    Some(compiler.encode_file_descriptor_set())
}

/// Messages of one record each, and all of them together.
fn payloads() -> Seeds {
    let of_number = |number: u8| -> Vec<Vec<u8>> {
        let tag = |wire: u8| [(number << 3 | wire) | 0x80, number >> 4];
        let values: [(u8, &[u8]); 6] = [
            (0, &[0xfb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
            (1, &[1, 2, 3, 4, 5, 6, 7, 8]),
            (2, &[4, 0x0a, 2, 0x08, 1]),
            (2, &[3, b'a', 0xff, 0]),
            (3, &[0x08, 1]),
            (5, &[1, 2, 3, 4]),
        ];
        values
            .iter()
            .map(|(wire, value)| {
                let end = if *wire == 3 { tag(4).to_vec() } else { Vec::new() };
                [&tag(*wire)[..], value, &end].concat()
            })
            .collect()
    };
    let mut records: Vec<Vec<u8>> = (1..30).flat_map(of_number).collect();
    records.push(records.concat());
    (0..).zip(records).map(|(at, bytes): (usize, _)| (format!("record-{at}"), bytes)).collect()
}
