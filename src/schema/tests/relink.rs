//! Holds linking again after an edit to linking from scratch, on made up trees whose files are edited at random.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::random::Random;
use crate::schema::data::ImportKind;
use crate::schema::generated::{spoiled, tree};
use crate::schema::{FilePlace, LinkFaults, ParsedFile, Schema, built_in, parse};
use crate::source::SourceFile;

/// How many sets of trees are made up, and how often each is edited.
const SETS: u64 = 40;
const EDITS: usize = 12;

/// The files of some roots, by root and path.
type Files = BTreeMap<(u32, String), ParsedFile>;

/// The root of the well-known files.
const BUILT_IN: u32 = u32::MAX;

fn parsed(path: &str, text: &str) -> ParsedFile {
    let (mut file, _) = parse(&SourceFile::new(path.to_owned(), text.to_owned()));
    file.identify(path.to_owned(), None);
    file
}

/// What imports mean: a file of the same root, else of the first that has it.
fn places(files: &Files) -> Vec<FilePlace> {
    let indexes: BTreeMap<(u32, &str), u32> =
        files.keys().zip(0..).map(|((root, path), at)| ((*root, path.as_str()), at)).collect();
    let roots: BTreeSet<u32> = files.keys().map(|(root, _)| *root).collect();
    let meaning = |root: u32, path: &str| {
        let all = std::iter::once(&root).chain(&roots);
        all.filter_map(|root| indexes.get(&(*root, path)).copied()).next()
    };
    let place = |((root, _), file): (&(u32, String), &ParsedFile)| FilePlace {
        root: *root,
        target: *root != BUILT_IN,
        imports: file.imports().map(|path| meaning(*root, path)).collect(),
        missing: Vec::new(),
        inferred_root: None,
    };
    files.iter().map(place).collect()
}

/// Another text for a file; none removes it.
fn edited(text: &str, paths: &[&str], random: &mut Random) -> Option<String> {
    let import = format!("import {}\"{}\";\n", random.pick(&["", "", "public "]), random.pick(paths));
    let after_syntax = text.find(";\n").map_or(0, |at| at + 2);
    Some(match random.below(8) {
        0 => return None,
        1 => format!("{text}\n// Nothing more.\n"),
        2 => format!("{text}\nmessage Added{} {{}}\n", random.below(3)),
        3 => text.replacen("import \"", "import public \"", 1),
        4 => text.replacen("import public \"", "import \"", 1),
        5 => format!("{}{import}{}", &text[..after_syntax], &text[after_syntax..]),
        6 => text.replacen("message ", "message Renamed", 1),
        _ => spoiled(text, random).0,
    })
}

/// What is known of a schema's links and faults.
fn told(schema: &Schema) -> String {
    format!("{:#?}\n{:#?}", schema.links, schema.faults)
}

/// The files that the one at `at` sees, itself first, by following each import.
fn seen(schema: &Schema, at: u32) -> Vec<u32> {
    let imports = |at: u32| schema.files[at as usize].imports.iter().zip(&schema.places[at as usize].imports);
    let mut seen = vec![at];
    let mut stack: Vec<u32> = imports(at).filter_map(|(_, target)| *target).collect();
    while let Some(next) = stack.pop() {
        if !seen.contains(&next) {
            seen.push(next);
            stack.extend(
                imports(next).filter(|(import, _)| import.kind == ImportKind::Public).filter_map(|(_, to)| *to),
            );
        }
    }
    seen
}

/// What those that see the file at `at` have of it: names with the kinds and positions of what they name, and what it
/// imports publicly, and what may be missing of all that.
fn shown(at: u32, schema: &Schema) -> Option<String> {
    let file = schema.files().nth(at as usize)?;
    let types = file.all_messages().map(|message| (message.full_name(), message.is_map_entry()));
    let enums: Vec<&str> = file.all_enums().map(|enumeration| enumeration.full_name()).collect();
    let services: Vec<&str> = file.services().map(|service| service.full_name()).collect();
    let extensions = (0..).zip(file.all_fields()).filter(|(_, field): &(u32, _)| field.is_extension());
    let extensions: Vec<(u32, String)> = extensions.map(|(at, field)| (at, field.full_name())).collect();
    let imports = file.imports().filter(|import| import.kind() == ImportKind::Public);
    let public: Vec<Option<u32>> = imports.map(|import| import.target().map(|target| target.index)).collect();
    let types: Vec<(&str, bool)> = types.collect();
    let damage = &file.data().damage;
    Some(format!("{:?} {types:?} {enums:?} {services:?} {extensions:?} {public:?} {damage:?}", file.package()))
}

/// Whether the file at `at` is what it was before, with the same imports.
fn is_unchanged(at: u32, now: &Schema, before: &Schema) -> bool {
    let at = at as usize;
    before.files.get(at).is_some_and(|file| Arc::ptr_eq(file, &now.files[at]))
        && before.places[at].imports == now.places[at].imports
}

#[test]
fn linking_again_is_linking_from_scratch() {
    let (mut shared, mut all) = (0, 0);
    let mut faults = [0; 3];
    for seed in 0..SETS {
        let mut random = Random::new(seed);
        let (mut files, mut texts) = (Files::new(), BTreeMap::new());
        for root in 0..4 {
            for (path, text) in tree(&mut random) {
                files.insert((root, path.clone()), parsed(&path, &text));
                texts.insert((root, path), text);
            }
        }
        for path in ["google/protobuf/descriptor.proto", "google/protobuf/any.proto", "google/protobuf/timestamp.proto"]
        {
            files.extend(built_in(path).map(|file| ((BUILT_IN, path.to_owned()), file)));
        }
        let keys: Vec<(u32, String)> = texts.keys().cloned().collect();
        let paths: Vec<&str> = keys.iter().map(|(_, path)| path.as_str()).collect();
        let mut schema = Schema::link(files.values().cloned().collect(), places(&files));
        for edit in 0..EDITS {
            for _ in 0..1 + random.below(2) {
                let key = random.pick(&keys);
                match edited(&texts[&key], &paths, &mut random).map(|text| parsed(&key.1, &text)) {
                    Some(file) => _ = files.insert(key, file),
                    None => _ = files.remove(&key),
                }
            }
            let fresh = Schema::link(files.values().cloned().collect(), places(&files));
            let again = schema.relink(files.values().cloned().collect(), places(&files));
            assert_eq!(told(&again), told(&fresh), "seed {seed}, edit {edit}");
            for at in 0..files.len() as u32 {
                let shows_others = |other: u32| shown(other, &again) != shown(other, &schema);
                let is_reached = !is_unchanged(at, &again, &schema)
                    || seen(&again, at)[1..].iter().any(|&other| shows_others(other));
                let is_shared = schema.links.iter().any(|links| Arc::ptr_eq(links, &again.links[at as usize]));
                assert_eq!(is_shared, !is_reached, "seed {seed}, edit {edit}, file {at}");
                shared += usize::from(is_shared);
                all += 1;
            }
            let LinkFaults { duplicates, cycles, ambiguities } = again.faults();
            for (count, found) in faults.iter_mut().zip([duplicates.len(), cycles.len(), ambiguities.len()]) {
                *count += found;
            }
            schema = again;
        }
    }
    assert!(shared * 2 > all, "{shared} of {all} links were shared");
    assert!(faults.iter().all(|count| *count > 0), "{faults:?}");
}
