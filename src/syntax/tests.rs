//! Laws of reading: every text comes back out of its tree, nodes nest, and what one damaged token brings stays where it
//! is.

use std::path::{Path, PathBuf};

use super::breach;

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

#[test]
fn every_text_comes_back_out_of_its_tree() {
    for (path, text) in schemas() {
        assert_eq!(breach(&text), None, "{}", path.display());
        // Cut anywhere, a text is still one.
        for end in (0..text.len()).step_by(7).filter(|&end| text.is_char_boundary(end)).take(500) {
            assert_eq!(breach(&text[..end]), None, "{} up to {end}", path.display());
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
        assert_eq!(breach(&text), None, "{text:?}");
    }
}
