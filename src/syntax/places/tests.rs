//! What stands at a place is found there, whatever stands around it.

use super::words;
use crate::source::Span;
use crate::syntax::ast::{self, Statement};
use crate::syntax::{edit, parse};

const TEXT: &str = "\u{feff}// Heading.\nsyntax = \"proto3\"; // Behind.\npackage a . b;\n\
    message A { reserved 5; oneof o { int32 a = 1 [(x) = { y: 1 }]; } message B {} }\n\
    service S { rpc R (A) returns (A) {} rpc Q (A) returns (A); };\n\
    mesage D {}\nextend A { int32 e = ; }\n";

#[test]
fn statements_and_tokens_are_found_where_they_begin() {
    let tree = parse(TEXT);
    for (index, token) in tree.tokens().iter().enumerate() {
        assert_eq!(tree.token_at(token.start), index as u32, "{}", token.slice(TEXT));
    }
    for node in tree.nodes().filter(|node| Statement::cast(*node).is_some()) {
        assert!(tree.statement_at(node.span().start) == Some(node), "{}", node.text());
    }
    assert!(tree.statement_at(TEXT.find(" = \"proto3\"").expect("it is there") as u32).is_none());
}

#[test]
fn bodies_open_with_their_own_brace() {
    let tree = parse(TEXT);
    let braces = tree.nodes().filter_map(|node| {
        let brace = tree.tokens()[node.opening_brace()? as usize];
        Some(Span::new(node.span().start, brace.end).slice(TEXT))
    });
    let expected = ["message A {", "oneof o {", "message B {", "service S {", "rpc R (A) returns (A) {", "extend A {"];
    assert_eq!(braces.collect::<Vec<_>>(), expected);
}

#[test]
fn words_are_those_of_a_name() {
    let name = "a . /* c */ b";
    let text = format!("package {name};");
    let found = words(&text, Span::of(8..8 + name.len()));
    assert_eq!(found.iter().map(|word| word.slice(&text)).collect::<Vec<_>>(), ["a", "b"]);
    assert!(words(&text, Span::NONE).is_empty());
}

#[test]
fn a_statement_goes_with_its_lines_where_it_has_them_alone() {
    let removed = |text: &str| {
        let tree = parse(text);
        let statement = ast::statements(tree.root()).last().expect("there is one").node();
        let span = edit::remove_statement(&tree, statement.span()).span;
        format!("{}|{}", &text[..span.start as usize], &text[span.end as usize..])
    };
    assert_eq!(removed("\u{feff}import \"a\"; // A.\r\n// B.\n"), "\u{feff}|// B.\n");
    assert_eq!(removed("package a;\n  import \"a\";"), "package a;\n|");
    assert_eq!(removed("package a; import \"a\";\n"), "package a; |\n");
    assert_eq!(removed("/* A. */ import \"a\";\n"), "/* A. */ |\n");
    assert_eq!(removed("import \"a\"; /* A. */\n"), "| /* A. */\n");
}
