//! Examples: beside each schema of `testdata/format` stands what it becomes. `UPDATE_EXPECT=1` rewrites that.

use std::path::Path;

use protolint::format::{Style, applied, whole};

use super::corpus;

#[test]
fn examples_become_what_stands_beside_them() {
    let examples = corpus::below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/format"));
    assert!(examples.len() > 3);
    let mut wrong = Vec::new();
    for (path, text) in examples {
        let formatted = applied(&text, &whole(&text, &Style::default()).edits);
        let expected = Path::new(&path).with_extension("formatted");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&expected, &formatted).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != formatted {
            wrong.push(format!("{path}\n{formatted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
