//! New names.

use std::collections::BTreeMap;

use super::Marked;
use crate::finding::{Edit, Layer};
use crate::ide::{Published, Refusal, prepare_rename, rename};
use crate::project::Project;
use crate::run::Policy;

/// The texts after edits, those that changed.
pub(super) fn edited(project: &Project, edits: &[Edit]) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for edit in edits.iter().rev() {
        let file = project.sources().get(edit.place.file);
        let text = texts.entry(file.path().to_owned()).or_insert_with(|| file.text().to_owned());
        text.replace_range(edit.place.span.range(), &edit.text);
    }
    texts
}

/// Renaming at the cursor changes the expected ranges and nothing else.
fn renames(texts: &str, to: &str) {
    let marked = Marked::new(texts);
    let edits = rename(&marked.project, marked.cursor(), to, None).unwrap_or_else(|why| panic!("{why}\n{texts}")).edits;
    assert!(edits.iter().all(|edit| edit.text == to));
    assert_eq!(marked.all_shown(edits.iter().map(|edit| edit.place)), marked.expected(), "{texts}");
}

fn refused(texts: &str, to: &str) -> String {
    let marked = Marked::new(texts);
    match rename(&marked.project, marked.cursor(), to, None) {
        Ok(found) => panic!("{:?}", edited(&marked.project, &found.edits)),
        Err(why) => why.to_string(),
    }
}

#[test]
fn names_change_wherever_they_are_used() {
    renames(
        "--- a.proto\nsyntax = \"proto3\";\npackage acme;\nmessage [|Us$0er|] { [|User|] boss = 1; }\n--- b.proto\nsyntax = \"proto3\";\nimport \"a.proto\";\nmessage B { map<string, acme.[|User|]> a = 1; }\n",
        "Person",
    );
    renames(
        "--- a.proto\nsyntax = \"proto2\";\nenum K { [|ZERO|] = 0; }\nmessage A { optional K k = 1 [default = [|ZE$0RO|]]; }\n",
        "NONE",
    );
    renames(
        "--- a.proto\nsyntax = \"proto3\";\npackage acme.[|v$01|];\nmessage A {}\n--- b.proto\nsyntax = \"proto3\";\npackage acme.[|v1|].sub;\nimport \"a.proto\";\nmessage B { acme.[|v1|].A a = 1; }\n",
        "v2",
    );
    renames(
        "--- o.proto\nsyntax = \"proto2\";\nimport \"google/protobuf/descriptor.proto\";\nextend google.protobuf.FieldOptions { optional R [|ru$0le|] = 50000; }\nmessage R { optional int32 a = 1; }\n--- a.proto\nsyntax = \"proto2\";\nimport \"o.proto\";\nmessage A { optional int32 a = 1 [([|rule|]).a = 1]; }\n",
        "limit",
    );
    renames("--- a.proto\nsyntax = \"proto3\";\nmessage A {}\nservice S { rpc [|G$0et|](A) returns (A); }\n", "Fetch");
    renames("--- a.proto\nsyntax = \"proto3\";\nmessage A { oneof [|o$0ne|] { int32 a = 1; } }\n", "two");
}

#[test]
fn names_that_are_taken_or_none_are_refused() {
    let message = "--- a.proto\nsyntax = \"proto3\";\npackage p;\nmessage A$0 {}\nmessage B {}\n";
    assert_eq!(refused(message, "B"), "`p.B` already exists");
    assert_eq!(refused(message, "1B"), "`1B` is not a name");
    assert_eq!(refused(message, "B.C"), "`B.C` is not a name");
    let values = "--- a.proto\nsyntax = \"proto3\";\nenum K { A$0 = 0; }\nenum L { B = 0; }\n";
    assert_eq!(refused(values, "B"), "`B` already exists");
    let json = "--- a.proto\nsyntax = \"proto3\";\nmessage M { int32 a$0 = 1; int32 b_c = 2; }\n";
    assert!(refused(json, "bC").starts_with("the rename would cause COMPILE_"), "{}", refused(json, "bC"));
    let reserved = "--- a.proto\nsyntax = \"proto3\";\nmessage M { reserved \"old\"; int32 a$0 = 1; }\n";
    assert!(refused(reserved, "old").starts_with("the rename would cause COMPILE_"));
    let captured = "--- a.proto\nsyntax = \"proto3\";\nmessage A {}\nmessage M { message I$0 {} A a = 1; I i = 2; }\n";
    assert_eq!(refused(captured, "A"), "another name would then refer to a different element");
}

#[test]
fn what_is_no_name_of_the_project_is_refused() {
    let why = |texts: &str| {
        let marked = Marked::new(texts);
        prepare_rename(&marked.project, marked.cursor()).expect_err("no name")
    };
    assert_eq!(why("--- a.proto\nsyn$0tax = \"proto3\";\n"), "no name that can be changed is here");
    assert_eq!(why("--- a.proto\nmessage A { optional int$032 a = 1; }\n"), "`int32` is a type of the language");
    assert_eq!(
        why("--- a.proto\nmessage A { optional int32 a = 1 [depre$0cated = true]; }\n"),
        "`google.protobuf.FieldOptions.deprecated` is declared in `google/protobuf/descriptor.proto`, which is built in"
    );
    assert_eq!(
        why("--- a.proto\nmessage A { optional group Gr$0oup = 1 {} }\n"),
        "a group and its field share the name"
    );
    let marked = Marked::new("--- a.proto\nmessage A { optional A$0 a = 1; }\n");
    assert_eq!(prepare_rename(&marked.project, marked.cursor()).expect("a name").1, "A");
}

#[test]
fn published_names_say_what_would_break() {
    let texts = "--- a.proto\nsyntax = \"proto3\";\npackage p;\nmessage A { int32 count$0 = 1; }\n";
    let marked = Marked::new(texts);
    let policy = Policy::default();
    let published = Published { base: &marked.project, name: "main (3f2c1a9)", policy: &policy };
    let refusal = rename(&marked.project, marked.cursor(), "total", Some(&published)).expect_err("others know it");
    assert_eq!(refusal.to_string(), "renaming `count` breaks json, source against main (3f2c1a9)");
    assert!(matches!(refusal, Refusal::Breaks { layers, .. } if layers == [Layer::Json, Layer::Source]));
    let empty = Project::in_memory([("a.proto", "syntax = \"proto3\";\npackage p;\n")]);
    let unpublished = Published { base: &empty, name: "main", policy: &policy };
    assert!(rename(&marked.project, marked.cursor(), "total", Some(&unpublished)).is_ok());
}
