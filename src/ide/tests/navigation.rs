//! Definitions, types, references and highlights.

use super::Marked;
use crate::ide::{definition, highlights, references, type_definition};
use crate::source::Place;

fn defined(texts: &str) {
    let marked = Marked::new(texts);
    let found = definition(&marked.project, marked.cursor());
    let places = found.into_iter().flat_map(|found| found.locations).map(|location| location.name);
    assert_eq!(marked.all_shown(places), marked.expected(), "{texts}");
}

fn used(texts: &str) {
    let marked = Marked::new(texts);
    assert_eq!(marked.all_shown(references(&marked.project, marked.cursor(), true)), marked.expected(), "{texts}");
}

const KIND: &str = "--- kind.proto
syntax = \"proto3\";
package acme.v1;
";

#[test]
fn types_lead_to_their_declarations() {
    defined(&format!("{KIND}message [|User|] {{}}\nmessage Team {{ U$0ser lead = 1; }}\n"));
    defined(&format!("{KIND}message [|User|] {{}}\nmessage Team {{ map<string, User$0> members = 1; }}\n"));
    defined(&format!("{KIND}message [|User|] {{ message Name {{}} }}\nmessage Team {{ Use$0r.Name lead = 1; }}\n"));
    defined(&format!(
        "{KIND}message User {{ message [|Name|] {{}} }}\nmessage Team {{ acme.v1.User.$0Name lead = 1; }}\n"
    ));
    defined(&format!("{KIND}message [|U$0ser|] {{}}\n"));
    defined("--- a.proto\nsyntax = \"proto3\";\npackage acme.[|v1|];\n--- b.proto\nsyntax = \"proto3\";\nimport \"a.proto\";\nmessage A { acme.$0v1.User user = 1; }\n--- c.proto\npackage acme.[|v1|];\nmessage User {}\n".replace("import \"a.proto\";", "import \"a.proto\"; import \"c.proto\";").as_str());
    defined("--- a.proto\nsyntax = \"proto3\";\nmessage [|A|] {}\nservice S { rpc Get(stream $0A) returns (A); }\n");
}

#[test]
fn imports_lead_to_files() {
    defined("--- a.proto\n[||]syntax = \"proto3\";\n--- b.proto\nsyntax = \"proto3\";\nimport \"a.$0proto\";\n");
}

#[test]
fn options_lead_to_extensions_fields_and_values() {
    let options = "--- o.proto
syntax = \"proto2\";
import \"google/protobuf/descriptor.proto\";
extend google.protobuf.FieldOptions { optional Rule $1 = 50000; }
message Rule { optional Kind $2 = 1; optional Rule next = 2; }
enum Kind { ZERO = 0; $3 = 1; }
";
    let with = |one: &str, two: &str, three: &str, used: &str| {
        options.replace("$1", one).replace("$2", two).replace("$3", three)
            + "--- u.proto\nsyntax = \"proto2\";\nimport \"o.proto\";\nmessage U { optional int32 a = 1 ["
            + used
            + "]; }\n"
    };
    defined(&with("[|rule|]", "kind", "ONE", "(ru$0le).next.kind = ONE"));
    defined(&with("rule", "[|kind|]", "ONE", "(rule).next.$0kind = ONE"));
    defined(&with("rule", "kind", "[|ONE|]", "(rule).kind = O$0NE"));
    defined(&with("rule", "[|kind|]", "ONE", "(rule) = { next { ki$0nd: ONE } }"));
    defined(&with("rule", "kind", "[|ONE|]", "(rule) = { next { kind: ONE$0 } }"));
}

#[test]
fn damaged_statements_still_lead_to_types() {
    defined(&format!("{KIND}message [|User|] {{}}\nmessage Team {{ U$0ser lead\n}}\n"));
    defined(&format!("{KIND}message Team {{ message [|User|] {{}}\n repeated U$0ser\n}}\n"));
    defined(&format!("{KIND}message [|User|] {{}}\nmessage Team {{ string a = 1;\n  U$0ser lead = \n"));
}

#[test]
fn types_of_fields_rpcs_and_values() {
    let found = |texts: &str| {
        let marked = Marked::new(texts);
        let found = type_definition(&marked.project, marked.cursor());
        let places = found.into_iter().flat_map(|found| found.locations).map(|location| location.name);
        assert_eq!(marked.all_shown(places), marked.expected(), "{texts}");
    };
    found(&format!("{KIND}message [|User|] {{}}\nmessage Team {{ User le$0ad = 1; }}\n"));
    found(&format!("{KIND}message [|User|] {{}}\nmessage Team {{ map<string, User> al$0l = 1; }}\n"));
    found(&format!("{KIND}message [|A|] {{}}\nmessage [|B|] {{}}\nservice S {{ rpc G$0et(A) returns (B); }}\n"));
    found(&format!("{KIND}enum [|Kind|] {{ ZE$0RO = 0; }}\n"));
    found(&format!("{KIND}message A {{ int32 $0a = 1; }}\n"));
}

#[test]
fn references_are_found_in_all_files_that_see_them() {
    used(
        "--- a.proto
syntax = \"proto3\";
package acme;
message [|Us$0er|] { message Name {} [|User|] boss = 1; }
--- b.proto
syntax = \"proto3\";
package acme.team;
import public \"a.proto\";
message Team { [|User|].Name lead = 1; map<string, .acme.[|User|]> all = 2; }
service S { rpc Get([|User|]) returns (stream acme.[|User|]); }
--- c.proto
syntax = \"proto3\";
import \"b.proto\";
message C { acme.[|User|] user = 1; }
--- d.proto
syntax = \"proto3\";
package other;
message User { User user = 1; }
",
    );
    used(
        "--- a.proto
syntax = \"proto2\";
enum Kind { [|Z$0ERO|] = 0; }
message A { optional Kind kind = 1 [default = [|ZERO|]]; optional string ZERO = 2; }
",
    );
    used(
        "--- a.proto
syntax = \"proto2\";
message A { optional int32 a = 1 [[|deprecated|] = true]; }
--- b.proto
syntax = \"proto2\";
message B { optional int32 deprecated = 1 [[|depre$0cated|] = true]; option deprecated = true; }
",
    );
    used(
        "--- a.proto\nsyntax = \"proto3\";\npackage [|acme|].v1;\nmessage A {}\n--- b.proto\nsyntax = \"proto3\";\npackage [|acme|].v2;\nimport \"a.proto\";\nmessage B { [|ac$0me|].v1.A a = 1; }\n",
    );
    used(
        "--- a.proto\nsyntax = \"proto3\";\n--- b.proto\nsyntax = \"proto3\";\nimport [|\"a.$0proto\"|];\n--- c.proto\nsyntax = \"proto3\";\nimport [|\"a.proto\"|];\n",
    );
}

#[test]
fn highlights_stay_in_the_file() {
    let texts = "--- a.proto\nsyntax = \"proto3\";\nmessage [|A|] { [|A|] a = 1; int32 b = 2; $0[|A|] c = 3; }\n--- b.proto\nimport \"a.proto\";\nmessage B { optional A a = 1; }\n";
    let marked = Marked::new(texts);
    let at = marked.cursor();
    let found = highlights(&marked.project, at).into_iter().map(|span| Place { file: at.file, span });
    assert_eq!(marked.all_shown(found), marked.expected());
}
