//! What is shown of names and of findings.

use super::Marked;
use crate::ide::{hover, rule_hover};
use crate::project::Project;
use crate::run::{Policy, compare};

fn shown(texts: &str) -> String {
    let marked = Marked::new(texts);
    hover(&marked.project, marked.cursor()).map(|hover| hover.markdown).unwrap_or_default()
}

/// What is shown holds these lines, in this order.
fn shows(texts: &str, lines: &[&str]) {
    let shown = shown(texts);
    let mut left = shown.lines();
    for line in lines {
        assert!(left.any(|found| found == *line), "`{line}` is not in order in\n{shown}\n{texts}");
    }
}

#[test]
fn a_field_shows_its_declaration_comment_and_encoding() {
    let texts = "--- a/user.proto
syntax = \"proto3\";
package acme;
message User {
  // The address, as *entered*.
  //
  // protolint:ignore FIELD_LOWER_SNAKE_CASE
  optional string ema$0il = 16 [
    deprecated = true,
    json_name = \"mail\"
  ]; // May be empty.
}
";
    let expected = "```proto
optional string email = 16 [deprecated = true, json_name = \"mail\"];
```

The address, as *entered*.

May be empty.

- `acme.User.email` in `a/user.proto`
- tag `82 01`: number 16, wire type 2 (length-delimited)
- each occurrence takes 2 bytes of tag, a length (1 byte up to 127), and the content
- JSON name `mail`, set by `json_name`
- explicit presence: not set differs from the default (proto3)
- UTF-8 is validated (proto3)";
    assert_eq!(shown(texts), expected);
}

#[test]
fn features_show_where_they_come_from() {
    let edition = |rest: &str| format!("--- a.proto\nedition = \"2023\";\n{rest}");
    let field = |rest: &str| edition(&format!("option features.field_presence = IMPLICIT;\nmessage A {{ {rest} }}"));
    shows(
        &field("int32 $0a = 1;"),
        &[
            "- tag `08`: number 1, wire type 0 (varint)",
            "- implicit presence: the default is not sent (set for the file)",
        ],
    );
    shows(&field("int32 $0a = 1 [features.field_presence = LEGACY_REQUIRED];"), &["- required (set here)"]);
    shows(
        &edition("message A { int32 $0a = 1; }"),
        &["- explicit presence: not set differs from the default (default of edition 2023)"],
    );
    shows(
        &edition("message A { repeated int32 $0a = 1; }"),
        &["- tag `0a`: number 1, wire type 2 (length-delimited)", "- packed (default of edition 2023)"],
    );
    shows(
        &edition("message A { A $0a = 1 [features.message_encoding = DELIMITED]; }"),
        &["- tag `0b`, at the end `0c`: number 1, wire type 3 (group)", "- delimited by tags (set here)"],
    );
    shows(
        &edition("enum K$0 { option features.enum_type = CLOSED; A = 1; }"),
        &["- closed enum: other numbers are kept as unknown fields (set here)"],
    );
    shows(
        "--- a.proto\nsyntax = \"proto2\";\nmessage A { repeated int32 $0a = 1; }",
        &["- tag `08`: number 1, wire type 0 (varint)", "- expanded: a record for each element (proto2)"],
    );
}

#[test]
fn types_show_their_members() {
    let fields: Vec<String> = (1..=14).map(|number| format!("  int32 f{number} = {number};")).collect();
    let texts = format!(
        "--- a.proto\nsyntax = \"proto3\";\n/* Many\n * fields. */\nmessage M$0any {{\n{}\n}}\n",
        fields.join("\n")
    );
    shows(&texts, &["message Many {", "  int32 f12 = 12;", "  // 2 more fields", "}", "Many", "fields."]);
    shows(
        "--- a.proto\nsyntax = \"proto3\";\nenum K$0 { ZERO = 0; ONE = 1; }",
        &["enum K {", "  ZERO = 0;", "  ONE = 1;", "}"],
    );
    shows(
        "--- a.proto\nsyntax = \"proto3\";\nenum K { ZERO = 0; M$0INUS = -1; }",
        &["MINUS = -1;", "- number -1, as a value `ff ff ff ff ff ff ff ff ff 01`"],
    );
    shows(
        "--- a.proto\nsyntax = \"proto3\";\npackage p;\nmessage A {}\nservice S { rpc G$0et(stream A) returns (A); }",
        &["rpc Get(stream A) returns (A);", "- client streaming, gRPC path `/p.S/Get`"],
    );
    shows(
        "--- a.proto\nsyntax = \"proto3\";\nmessage A { map<string, $0A> a = 1; oneof b$0 { int32 c = 2; } }"
            .replacen("$0", "", 1)
            .as_str(),
        &["oneof b {", "  int32 c = 2;"],
    );
}

#[test]
fn options_imports_packages_and_scalars_are_explained() {
    shows(
        "--- a.proto\nsyntax = \"proto2\";\nmessage A { optional int32 a = 1 [depre$0cated = true]; }",
        &["- `google.protobuf.FieldOptions.deprecated` in `google/protobuf/descriptor.proto`"],
    );
    shows(
        "--- o.proto\nsyntax = \"proto2\";\nimport \"google/protobuf/descriptor.proto\";\n// A rule.\nextend google.protobuf.FieldOptions {\n  // How it is checked.\n  optional string rule = 50000;\n}\n--- a.proto\nimport \"o.proto\";\nmessage A { optional int32 a = 1 [(ru$0le) = \"x\"]; }",
        &["extend google.protobuf.FieldOptions {", "  optional string rule = 50000;", "How it is checked."],
    );
    shows(
        "--- a.proto\nsyntax = \"proto3\";\npackage p;\nmessage A {}\nenum E { Z = 0; }\n--- b.proto\nimport \"$0a.proto\";",
        &["package p;", "- messages: `A`", "- enums: `E`"],
    );
    shows("--- a.proto\npackage p.$0q;\n", &["package p.q;", "Files: `a.proto`"]);
    shows("--- a.proto\nmessage A { optional sint3$02 a = 1; }", &["- wire type 0 (varint): 1 to 5 bytes"]);
    shows("--- a.proto\nmessage A { reserved \"fo$0o\"; }", &["`foo` is reserved: no field of `A` can have this name"]);
}

#[test]
fn findings_show_their_rule_and_evidence() {
    let file = |number: u8| {
        Project::in_memory([(
            "a.proto",
            format!("syntax = \"proto3\";\npackage p;\nmessage A {{ string b = {number}; }}\n"),
        )])
    };
    let report = compare(&file(1), &file(2), &Policy::default());
    let hovers: Vec<String> = report.findings.iter().map(rule_hover).collect();
    let all = hovers.join("\n");
    assert!(all.contains("](https://") && all.contains("breaks wire"), "{all}");
    assert!(all.contains("```text\nold writer") && all.contains("new reader"), "{all}");
}
