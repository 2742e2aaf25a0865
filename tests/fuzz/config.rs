//! Configurations of every kind.

use protolint::config::read_text;

use super::places;

/// The files that configurations are read from.
const NAMES: [&str; 7] = [
    "protolint.yaml",
    "buf.yaml",
    "buf.work.yaml",
    ".protolint.yaml",
    "package.json",
    "protolint.baseline.yaml",
    "protolint.accepted.yaml",
];

/// Every fault has a place in the text, and what the tool writes for a configuration is one.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for name in NAMES {
        let read = read_text(name, &text);
        places::hold(&read.faults, &read.sources);
        if let Some((name, text)) = read.written {
            let again = read_text(name, &text);
            assert!(again.faults.is_empty(), "{name} was written with faults: {:#?}\n{text}", again.faults);
        }
    }
}
