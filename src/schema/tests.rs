//! Holds what the schema says of the files in `testdata/protoc` to what protoc made of them, which `record` beside them
//! wrote down: descriptors as trees, the features that hold for each element, and what the language refuses.

mod encode;
mod features;
mod judge;
pub(crate) mod load;
pub(crate) mod random;
mod relink;
mod render;
pub(crate) mod sets;
mod text;
mod values;

use std::fmt::Write as _;

use load::{accepted, schema_of, testdata};
use text::Tree;

use crate::schema::File;

/// The differences of all files, or nothing.
pub(crate) fn report(differences: &[String]) {
    let mut told = String::new();
    for difference in differences {
        let _ = write!(told, "\n{difference}");
    }
    assert!(differences.is_empty(), "{told}\n");
}

/// What protoc made of an accepted schema.
fn recorded(name: &str) -> Tree {
    let path = testdata("accepted").join(name).with_extension("txt");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let set = Tree::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    set.children("file").next().expect("a set of one file").clone()
}

/// The first difference between a file and what protoc made of it, a text of one `FileDescriptorSet`.
pub(crate) fn difference(file: File<'_>, set: &str) -> Option<String> {
    let set = Tree::read(set).unwrap_or_else(|error| panic!("{error}"));
    let theirs = set.children("file").next().expect("a set of one file").clone().without_empty_options();
    render::file(file).differs_from(&theirs)
}

/// The first difference between what two files mean.
pub(crate) fn difference_between(one: File<'_>, other: File<'_>) -> Option<String> {
    render::file(one).differs_from(&render::file(other))
}

#[test]
fn descriptors_are_those_of_protoc() {
    let differences: Vec<String> = accepted()
        .filter_map(|name| match schema_of(&name) {
            Err(faults) => Some(faults),
            Ok(schema) => {
                let file = schema.files().find(|file| file.name() == name).expect("it was loaded");
                let (ours, theirs) = (render::file(file), recorded(&name).without_empty_options());
                ours.differs_from(&theirs).map(|difference| format!("{name}: {difference}"))
            }
        })
        .collect();
    report(&differences);
}

#[test]
fn features_are_those_of_protoc() {
    let defaults = features::Defaults::read();
    let mut differences = Vec::new();
    for name in accepted() {
        let Ok(schema) = schema_of(&name) else { continue };
        let file = schema.files().find(|file| file.name() == name).expect("it was loaded");
        features::compare(file, &recorded(&name), &defaults, &mut differences);
    }
    report(&differences);
}
