//! Laws of reading: every text comes back out of its tree, nodes nest, and what one damaged token brings stays where it
//! is.

use std::path::{Path, PathBuf};

use super::{Tree, parse};

/// The schemas of the test data and of the pages, by path.
pub(crate) fn schemas() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["testdata", "fuzz/corpus", "fuzz/finds"] {
        let files = walkdir::WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().flatten();
        for file in files.filter(|file| file.file_type().is_file()) {
            if let Ok(bytes) = std::fs::read(file.path()) {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                found.push((file.path().to_owned(), text));
            }
        }
    }
    found
}

/// What does not hold for a tree.
fn breach(tree: &Tree<'_>, text: &str) -> Option<String> {
    if tree.text() != text {
        return Some("the text is another one".to_owned());
    }
    for node in tree.nodes() {
        let mut end = node.first();
        for child in node.children() {
            if child.first() < end || child.end() > node.end() {
                return Some(format!("{:?} reaches out of {:?}", child.kind(), node.kind()));
            }
            end = child.end();
        }
    }
    let mut last = None;
    for fault in tree.faults() {
        if fault.span.end as usize > text.len() || !text.is_char_boundary(fault.span.start as usize) {
            return Some(format!("a fault out of the text: {}", fault.message));
        }
        if last.is_some_and(|last| last > fault.span.start) {
            return Some("faults out of order".to_owned());
        }
        last = Some(fault.span.start);
    }
    None
}

#[test]
fn every_text_comes_back_out_of_its_tree() {
    for (path, text) in schemas() {
        assert_eq!(breach(&parse(&text), &text), None, "{}", path.display());
        // Cut anywhere, a text is still one.
        for end in (0..text.len()).step_by(7).filter(|&end| text.is_char_boundary(end)).take(500) {
            assert_eq!(breach(&parse(&text[..end]), &text[..end]), None, "{} up to {end}", path.display());
        }
    }
}

#[test]
fn random_bytes_come_back_out_of_their_trees() {
    const PIECES: &[&str] = &[
        "message", "enum", " ", "\n", "{", "}", "[", "]", "<", ">", "(", ")", ";", ",", "=", ".", ":", "\"", "'", "/*",
        "*/", "//", "#", "1", "0x", "1.", "a", "é", "\0", "\u{feff}", "\\", "option", "map", "rpc", "returns",
        "reserved", "to", "max", "-", "\r\n", "syntax", "edition", "group", "import", "\u{7f}",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..20_000 {
        let text: String = (0..next(40)).map(|_| PIECES[next(PIECES.len())]).collect();
        assert_eq!(breach(&parse(&text), &text), None, "{text:?}");
    }
}
