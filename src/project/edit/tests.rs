//! What an edited project shares with the one it was made of.

use std::path::PathBuf;

use crate::project::Project;
use crate::schema::{FieldType, ParsedFile};

const USER: &str = "syntax = \"proto3\";\npackage a.v1;\nmessage User {}\n";
const ROLE: &str = "syntax = \"proto3\";\npackage a.v1;\nimport \"a/user.proto\";\nmessage Role { User user = 1; }\n";

fn project() -> Project {
    Project::in_memory([("a/role.proto", ROLE), ("a/user.proto", USER)])
}

fn path(project: &Project, name: &str) -> PathBuf {
    let (id, _) = project.sources().iter().find(|(_, file)| file.path() == name).expect("it is there");
    project.absolute(id).expect("it is a schema").to_owned()
}

/// Where what was parsed of each file lies in memory.
fn parsed(project: &Project) -> Vec<*const u8> {
    let address = |file: &ParsedFile| file.name().as_ptr();
    project.loaded.files.iter().map(address).collect()
}

/// The project with another text for a file, and which of its files were parsed again.
fn edited(project: &Project, name: &str, text: &str) -> (Project, Vec<bool>) {
    let edited = project.with_texts([(path(project, name), text.to_owned())]).expect("it can be read");
    let again = parsed(project).iter().zip(parsed(&edited)).map(|(one, other)| *one != other).collect();
    (edited, again)
}

/// How many fields are of a type that is not there.
fn unresolved(project: &Project) -> usize {
    let fields = project.schema().files().flat_map(|file| file.all_fields());
    fields.filter(|field| matches!(field.field_type(), FieldType::Unresolved)).count()
}

#[test]
fn only_edited_files_are_parsed_again() {
    let project = project();
    let (renamed, again) = edited(&project, "a/user.proto", &USER.replace("User", "Person"));
    assert_eq!(again, [false, true]);
    assert_eq!([&project, &renamed].map(unresolved), [0, 1], "`User` is no longer there");
    let (same, again) = edited(&renamed, "a/user.proto", USER);
    assert_eq!(again, [false, true]);
    assert_eq!(unresolved(&same), 0);
}

#[test]
fn an_import_of_what_is_there_takes_no_look_around() {
    let project = project();
    let without = ROLE.replace("import \"a/user.proto\";\n", "").replace("User user = 1;", "");
    let (without, again) = edited(&project, "a/role.proto", &without);
    assert_eq!(again, [true, false]);
    let (with, again) = edited(&without, "a/role.proto", ROLE);
    assert_eq!(again, [true, false]);
    assert_eq!(with.schema().files().len(), 2);
}

#[test]
fn an_import_that_is_new_is_looked_for() {
    let text = ROLE.replace("import", "import \"google/protobuf/any.proto\";\nimport");
    let (edited, again) = edited(&project(), "a/role.proto", &text);
    assert_eq!(again, [true, false]);
    assert!(edited.schema().files().any(|file| file.name() == "google/protobuf/any.proto"));
}

/// Texts are laid over the project as it was opened: what is not among them is as it was then.
#[test]
fn a_text_that_is_no_longer_edited_is_as_it_was() {
    let project = project();
    let (edited, _) = edited(&project, "a/user.proto", &USER.replace("User", "Person"));
    let closed = edited.with_texts([]).expect("it can be read");
    let texts =
        |project: &Project| project.sources().iter().map(|(_, file)| file.text().to_owned()).collect::<Vec<_>>();
    assert_eq!(texts(&closed), texts(&project));
}
