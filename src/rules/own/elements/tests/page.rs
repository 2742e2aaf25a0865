//! Holds the tables of `OWN_RULES.md` to those of the code; `UPDATE_EXPECT=1 cargo test --lib own::elements` rewrites
//! them.

use std::fmt::Write as _;
use std::path::Path;

use super::super::change::CHANGE;
use super::super::common::COUNT;
use super::super::functions::DESCRIBED;
use super::super::kinds::TABLES;
use crate::cel::Attribute;

fn lines(attributes: &[Attribute]) -> String {
    let mut text = "| attribute | type | |\n|---|---|---|\n".to_owned();
    for attribute in attributes {
        let _ = writeln!(text, "| `{}` | `{}` | {} |", attribute.name, (attribute.of)().name(), attribute.docs);
    }
    text
}

fn attributes() -> String {
    let mut text = format!("Every element has:\n\n{}", lines(&TABLES[0].object.attributes[..COUNT]));
    for table in TABLES {
        let own = &table.object.attributes[COUNT..];
        let _ = write!(text, "\n### {}\n\n{}", table.object.name, lines(own));
    }
    let _ = write!(text, "\n### {}\n\n{}", CHANGE.name, lines(CHANGE.attributes));
    text
}

fn functions() -> String {
    let mut text = "| function | gives | |\n|---|---|---|\n".to_owned();
    for function in DESCRIBED {
        let _ = writeln!(text, "| `{}()` | `{}` | {} |", function.name, function.result, function.docs);
    }
    text
}

/// The page with a text between two marks.
fn replaced(page: &str, what: &str, text: &str) -> String {
    let [begin, end] = ["begin", "end"].map(|word| format!("<!-- {what}: {word} -->\n"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("the page has no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("the page has no {end}"));
    format!("{before}{begin}\n{text}\n{end}{after}")
}

#[test]
fn the_page_has_the_attributes_and_functions_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("OWN_RULES.md");
    let page = std::fs::read_to_string(&path).expect("the page is there");
    let expected = replaced(&replaced(&page, "attributes", &attributes()), "functions", &functions());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, expected).expect("the page can be written");
        return;
    }
    assert!(page == expected, "UPDATE_EXPECT=1 cargo test --lib own::elements rewrites the tables of OWN_RULES.md");
}
