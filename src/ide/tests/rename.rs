//! New names.

use std::collections::BTreeMap;

use super::Marked;
use crate::finding::Edit;
use crate::ide::{prepare_rename, rename};
use crate::project::Project;

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
    let edits = rename(&marked.project, marked.cursor(), to).unwrap_or_else(|why| panic!("{why}\n{texts}"));
    assert!(edits.iter().all(|edit| edit.text == to));
    assert_eq!(marked.all_shown(edits.iter().map(|edit| edit.place)), marked.expected(), "{texts}");
}

fn refused(texts: &str, to: &str) -> String {
    let marked = Marked::new(texts);
    match rename(&marked.project, marked.cursor(), to) {
        Ok(found) => panic!("{:?}", edited(&marked.project, &found)),
        Err(why) => why,
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

const HTTP: &str = "--- google/api/annotations.proto
syntax = \"proto3\";
package google.api;
import \"google/protobuf/descriptor.proto\";
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
message HttpRule {
  oneof pattern { string get = 2; string post = 4; CustomHttpPattern custom = 8; }
  string body = 7;
  string response_body = 12;
  repeated HttpRule additional_bindings = 11;
}
message CustomHttpPattern { string kind = 1; string path = 2; }
";

#[test]
fn paths_and_bodies_of_rpcs_follow() {
    let service = |fields: &str, option: &str| {
        format!(
            "{HTTP}--- a.proto\nsyntax = \"proto3\";\nimport \"google/api/annotations.proto\";\nmessage Book {{ string {fields} = 1; Book inner = 2; string name = 3; }}\nservice S {{ rpc Get(Book) returns (Book) {{ option (google.api.http) = {option}; }} }}\n"
        )
    };
    renames(&service("[|titl$0e|]", "{ get: \"/v1/title/{[|title|]=title/*}:title\" body: \"[|title|]\" }"), "subject");
    renames(
        &service(
            "[|titl$0e|]",
            "{ get: '/v1/{inner.[|title|]}/{name}' additional_bindings { post: \"/{inner . inner.[|title|]}\" response_body: \"[|title|]\" } }",
        ),
        "subject",
    );
    renames(
        &service("[|titl$0e|]", "{ custom { kind: \"title\" path: \"/v1\" \"/{[|title|]}\" } body: \"*\" }"),
        "subject",
    );
    assert!(refused(&service("titl$0e", "{ get: \"/{name.title}\" }"), "subject").contains("rename it by hand"));
    // In two literals, it has no place of its own.
    assert!(refused(&service("titl$0e", "{ get: \"/{tit\" \"le}\" }"), "subject").contains("rename it by hand"));
}

#[test]
fn signatures_and_types_of_operations_follow() {
    let options = "--- google/api/client.proto
syntax = \"proto3\";
package google.api;
import \"google/protobuf/descriptor.proto\";
extend google.protobuf.MethodOptions { repeated string method_signature = 1051; }
--- google/longrunning/operations.proto
syntax = \"proto3\";
package google.longrunning;
import \"google/protobuf/descriptor.proto\";
extend google.protobuf.MethodOptions { OperationInfo operation_info = 1049; }
message OperationInfo { string response_type = 1; string metadata_type = 2; }
";
    let service = |message: &str, field: &str, first: &str| {
        format!(
            "{options}--- a.proto\nsyntax = \"proto3\";\npackage p.v1;\nimport \"google/api/client.proto\";\nimport \"google/longrunning/operations.proto\";\nmessage {message} {{ string {field} = 1; string other = 2; }}\nservice S {{ rpc Get({first}) returns ({first}) {{\n"
        )
    };
    renames(
        &(service("Book", "[|na$0me|]", "Book") + "option (google.api.method_signature) = \"other, [|name|]\"; } }\n"),
        "title",
    );
    let types = "option (google.longrunning.operation_info) = {response_type: \"[|Book|]\" metadata_type: \"p.v1.[|Book|]\"}; } }\n";
    renames(&(service("[|Bo$0ok|]", "name", "[|Book|]") + types), "Volume");
}

#[test]
fn fields_in_expressions_follow() {
    let message = |option: &str, field: &str| {
        format!(
            "--- a.proto\nsyntax = \"proto3\";\nimport \"buf/validate/validate.proto\";\nmessage M {{ {option} string [|na$0me|] = 1; M inner = 2{field}; repeated M all = 3; map<string, M> named = 4; }}\n"
        )
    };
    let on_message = |expression: &str| {
        message(
            &format!(
                "option (buf.validate.message).cel = {{ id: \"name\" message: \"name is wrong\" expression: {expression} }};"
            ),
            "",
        )
    };
    renames(&on_message("\"this.[|name|] != 'name' && has(this.inner.[|name|])\""), "title");
    renames(
        &on_message(
            "\"this.all.all(name, name.[|name|] != '') && \"\n\"this.named['name'].[|name|] == this.all[0].[|name|]\"",
        ),
        "title",
    );
    renames(&on_message("'this.all.filter(m, m.[|name|] == \"\\\\n\").map(m, m.inner)[0].[|name|] == \"\"'"), "title");
    renames(&message("", " [(buf.validate.field).cel = {expression: \"this.[|name|] == ''\"}]"), "title");
    let items = "--- a.proto\nsyntax = \"proto3\";\nimport \"buf/validate/validate.proto\";\nmessage M { string [|na$0me|] = 1; repeated M all = 2 [(buf.validate.field).repeated.items.cel = {expression: \"this.[|name|] == ''\"}, (buf.validate.field).cel_expression = \"this.all(m, m.[|name|] != '')\"]; }\n";
    renames(items, "title");
    let oneof = "--- a.proto\nsyntax = \"proto3\";\nimport \"buf/validate/validate.proto\";\nmessage M { option (buf.validate.message).oneof = {fields: [\"[|name|]\", \"other\"]}; string [|na$0me|] = 1; string other = 2; }\n";
    renames(oneof, "title");
    let unknown = "--- a.proto\nsyntax = \"proto3\";\nimport \"buf/validate/validate.proto\";\nmessage M { option (buf.validate.message).cel = {expression: \"dyn(this).name == ''\"}; string na$0me = 1; }\n";
    assert!(
        refused(unknown, "title").contains("has `name`: rename it by hand in both places"),
        "{}",
        refused(unknown, "title")
    );
}

#[test]
fn damaged_statements_follow() {
    renames(
        "--- a.proto\nsyntax = \"proto3\";\npackage p;\nmessage [|Us$0er|] {}\nmessage A { [|User|] first = 1; p.[|User|] second\n}\n",
        "Person",
    );
}

#[test]
fn packages_keep_their_names_where_texts_have_them() {
    let texts = |text: &str| {
        format!(
            "--- o.proto\nsyntax = \"proto2\";\nimport \"google/protobuf/descriptor.proto\";\nextend google.protobuf.FileOptions {{ optional string note = 50000; }}\n--- a.proto\nsyntax = \"proto2\";\npackage acme.[|v$01|];\nimport \"o.proto\";\noption (note) = \"{text}\";\nmessage A {{}}\n"
        )
    };
    renames(&texts("/v1/users, other.acme.v1.A, acme.v1beta1"), "v2");
    assert!(refused(&texts("see acme.v1.A"), "v2").contains("has `acme.v1`: rename it by hand in both places"));
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
