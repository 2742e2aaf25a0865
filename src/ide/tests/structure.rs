//! Symbols, links, folding, selections and hints.

use super::Marked;
use crate::ide::{Symbol, document_symbols, folding, inlay_hints, links, selection, workspace_symbols};
use crate::source::Span;
use crate::syntax::parse;

fn shown(symbols: &[Symbol], depth: usize, out: &mut String) {
    for Symbol { name, detail, kind, is_deprecated, children, .. } in symbols {
        let mark = if *is_deprecated { " deprecated" } else { "" };
        out.push_str(format!("{:depth$}{kind:?} {name} {detail}", "", depth = 2 * depth).trim_end());
        out.push_str(mark);
        out.push('\n');
        shown(children, depth + 1, out);
    }
}

fn symbols(text: &str) -> String {
    let marked = Marked::new(&format!("--- a.proto\n{text}"));
    let mut out = String::new();
    shown(&document_symbols(&marked.project, marked.at("a.proto", 0).file), 0, &mut out);
    out
}

#[test]
fn symbols_are_a_tree() {
    let text = "syntax = \"proto2\";
message User {
  option deprecated = true;
  repeated string name = 1 [deprecated = true];
  map<string, .a.B> all = 2;
  oneof id { int32 number = 3; }
  enum Kind { ZERO = 0; MINUS = -1; }
  optional group Part = 4 { optional int32 a = 1; }
  extend User { optional int32 x = 100; }
}
service Users { rpc Get(User) returns (stream User) { option deprecated = true; } }
";
    let expected = "Message User deprecated
  Field name repeated string = 1 deprecated
  Field all map<string, .a.B> = 2
  Oneof id
    Field number int32 = 3
  Enum Kind
    EnumValue ZERO = 0
    EnumValue MINUS = -1
  Field Part optional group = 4
    Field a optional int32 = 1
  Extend User extend
    Extension x optional int32 = 100
Service Users
  Rpc Get (User) returns (stream User) deprecated
";
    assert_eq!(symbols(text), expected);
}

#[test]
fn damaged_declarations_are_symbols_too() {
    let found = symbols(
        "message User {\n  string name\n  int32 age = 2;\n  message {\n    int32 a = 1;\n  }\nenum Kind {\n  ZERO = 0",
    );
    for word in ["Message User", "Field name string", "Field age int32 = 2", "Field a int32", "Enum Kind", "ZERO = 0"] {
        assert!(found.contains(word), "{word}:\n{found}");
    }
}

#[test]
fn workspace_symbols_come_best_first() {
    let marked = Marked::new(
        "--- a.proto\nsyntax = \"proto3\";\npackage acme.v1;\nmessage UserName { string user = 1; map<string, int32> users = 2; }\nmessage User {}\nmessage SuperUser {}\nmessage UnusedServer {}\n--- b.proto\nsyntax = \"proto3\";\npackage other;\nmessage User {}\n",
    );
    let found = |query: &str| -> Vec<String> {
        let found = workspace_symbols(&marked.project, query, 10);
        found.into_iter().map(|symbol| format!("{}.{}", symbol.container, symbol.name)).collect()
    };
    let expected =
        ["acme.v1.User", "other.User", "acme.v1.UserName.user", "acme.v1.UserName", "acme.v1.UserName.users"];
    assert_eq!(found("user"), [&expected[..], &["acme.v1.SuperUser", "acme.v1.UnusedServer"]].concat());
    assert_eq!(found("UN"), ["acme.v1.UnusedServer", "acme.v1.UserName"]);
    assert_eq!(found("acme.user")[..2], ["acme.v1.User", "acme.v1.UserName.user"]);
    assert_eq!(found("xyz"), Vec::<String>::new());
    assert_eq!(workspace_symbols(&marked.project, "", 3).len(), 3);
}

#[test]
fn imports_are_links() {
    let marked = Marked::new(
        "--- a.proto\nsyntax = \"proto3\";\n--- b.proto\nimport \"[|a.proto|]\";\nimport \"google/protobuf/any.proto\";\nimport \"none.proto\";\n",
    );
    let found = links(&marked.project, marked.at("b.proto", 0).file);
    let places = found.iter().map(|link| crate::source::Place { file: marked.at("b.proto", 0).file, span: link.span });
    assert_eq!(marked.all_shown(places), marked.expected());
    assert_eq!(found[0].target, marked.at("a.proto", 0).file);
}

#[test]
fn bodies_comments_and_imports_fold() {
    let text = "import \"a\";\nimport \"b\";\n\n// one\n// two\n\n// three\nmessage A {\n  int32 a = 1 [\n    deprecated = true\n  ]; // x\n  // y\n  option (o) = {\n    a: 1\n  };\n  message B {}\n}\n/*\n*/\n";
    let tree = parse(text);
    let found: Vec<String> =
        folding(&tree).iter().map(|fold| format!("{:?} {:?}", fold.kind, fold.span.slice(text))).collect();
    let expected = [
        "Imports \"import \\\"a\\\";\\nimport \\\"b\\\";\"",
        "Comment \"// one\\n// two\"",
        "Body \"\\n  int32 a = 1 [\\n    deprecated = true\\n  ]; // x\\n  // y\\n  option (o) = {\\n    a: 1\\n  };\\n  message B {}\\n\"",
        "Body \"\\n    deprecated = true\\n  \"",
        "Body \"\\n    a: 1\\n  \"",
        "Comment \"/*\\n*/\"",
    ];
    assert_eq!(found, expected);
}

#[test]
fn selections_widen() {
    let widened = |marked: &str| -> Vec<String> {
        let (before, after) = marked.split_once('^').expect("a cursor");
        let text = format!("{before}{after}");
        let tree = parse(&text);
        selection(&tree, before.len() as u32).iter().map(|span| span.slice(&text).to_owned()).collect()
    };
    let text = "message A { string na^me = 1; }";
    let whole = text.replace('^', "");
    assert_eq!(widened(text), ["name", "string name = 1;", " string name = 1; ", &whole]);
    let found = widened("option a = \"one tw^o\";");
    assert_eq!(found, ["two", "one two", "\"one two\"", "option a = \"one two\";"]);
    let found = widened("// first\n// one tw^o\nmessage A {}\n");
    assert_eq!(found[..3], ["two", "// one two", "// first\n// one two"]);
}

#[test]
fn hints_show_what_is_left_out() {
    let marked = Marked::new(
        "--- a.proto\nsyntax = \"proto3\";\npackage acme;\nmessage User { message Name {} Name first_name = 1; acme.User all = 2; string last_name = 3 [json_name = \"x\"]; map<string, User.Name> m = 4; }\nservice S { rpc Get(User) returns (.acme.User); }\n",
    );
    let file = marked.at("a.proto", 0).file;
    let found = inlay_hints(&marked.project, file, Span::new(0, 10_000));
    let labels: Vec<&str> = found.iter().map(|hint| hint.label.as_str()).collect();
    assert_eq!(labels, ["acme.User.", "firstName", "acme.", "acme."]);
    assert!(inlay_hints(&marked.project, file, Span::new(0, 10)).is_empty());
}
