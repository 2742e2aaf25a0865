//! What is read of scalars is what the YAML library reads.

use super::{part, read};
use crate::config::raw::{self, Node, Value};
use crate::source::Span;

fn scalars<'n>(node: &'n Node, found: &mut Vec<(&'n str, Span)>) {
    match &node.value {
        Value::Text(text) => found.push((text, node.span)),
        Value::List(items) => items.iter().for_each(|item| scalars(item, found)),
        Value::Mapping(entries) => entries.iter().for_each(|entry| scalars(&entry.value, found)),
        _ => {}
    }
}

const FORMS: &str = concat!(
    "plain: a == 'MARK' && b\n",
    "plain_lines: a ==\n  MARK\n\n  && b\n",
    "single: 'it''s MARK  here'\n",
    "single_lines: 'a  \n  MARK\n\n\n  b'\n",
    "double: \"a \\\"\\u00e4\\x41\\n\\U0001F600 MARK \\t\"\n",
    "double_lines: \"a  \\\n    b\\t\n   MARK \n\n  c\"\n",
    "flow: [a MARK, 'b MARK', \"c MARK\", {d: e MARK}]\n",
    "literal: |\n  a ==\n    MARK\n\n  c\n",
    "stripped: |-\n   a MARK\n",
    "kept: |+\n  \u{e4} MARK\n\n\n",
    "folded: >\n  a\n  b MARK\n\n  c\n    d MARK\n  e\n",
    "folded_stripped: >-\n\n  a\n   MARK\n\n\n  b\n",
    "anchored: &x \"a MARK\"\n",
    "list:\n- |\n  MARK\n- >\n  a\n  MARK\n",
    "last: 'MARK'",
);

#[test]
fn every_form_of_a_scalar_is_read_as_the_library_reads_it() {
    for text in [FORMS.to_owned(), FORMS.replace('\n', "\r\n")] {
        let root = raw::read(&text).expect("it is YAML");
        let mut found = Vec::new();
        scalars(&root, &mut found);
        assert_eq!(found.len(), 19, "{found:?}");
        for (value, span) in found {
            let letters: String = read(&text, span).expect("it is read").iter().map(|piece| piece.letter).collect();
            assert_eq!(letters.trim_end_matches('\n'), value.trim_end_matches('\n'), "{}", span.slice(&text));
            for (at, _) in value.match_indices("MARK") {
                assert_eq!(part(&text, span, value, at..at + 4).slice(&text), "MARK", "{value}");
            }
            let end = part(&text, span, value, value.len()..value.len());
            assert!(end.start == end.end && end.start as usize <= text.len(), "{value}");
        }
    }
}

#[test]
fn the_whole_is_the_place_where_the_form_is_not_understood() {
    let text = "a: &x MARK\nb: *x\nc: |2\n    MARK\n";
    let root = raw::read(text).expect("it is YAML");
    let mut found = Vec::new();
    scalars(&root, &mut found);
    let shown: Vec<&str> = found.iter().map(|(value, span)| part(text, *span, value, 1..2).slice(text)).collect();
    assert_eq!(shown, ["A", "*x", "|2"]);
}
