//! Reads the text of any file of the configuration, by the file's name, without a look at the disk.

use std::path::Path;

use super::{converted_text, parse, parse_accepted, parse_baseline, parse_buf};
use crate::finding::Finding;
use crate::source::{SourceFile, Sources};

/// What came of a text.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReadText {
    /// The text.
    pub sources: Sources,
    /// What is wrong with it.
    pub faults: Vec<Finding>,
    /// What this tool writes for it, where that is anything: the name of a file, and its text.
    pub written: Option<(&'static str, String)>,
}

/// Reads a text as the file of that name: a configuration of this tool, of buf or of the Go tool of the same name, a
/// baseline, or accepted changes.
///
/// ```
/// let read = protolint::config::read_text("protolint.yaml", "version: 1\nchek: {}\n");
/// assert_eq!(read.faults[0].help.as_deref(), Some("did you mean `check`?"));
/// ```
pub fn read_text(name: &str, text: &str) -> ReadText {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new(name.to_owned(), text.to_owned()));
    let converted = |sources: &mut Sources| converted_text(&Path::new("in_memory").join(name), file, sources);
    let as_own = |text: String| Some(("protolint.yaml", text));
    let read = match name {
        "protolint.yaml" => parse(text, file).map(|_| None),
        "protolint.accepted.yaml" => parse_accepted(text, file).map(|_| None),
        "protolint.baseline.yaml" => {
            parse_baseline(text, file).map(|baseline| Some(("protolint.baseline.yaml", baseline.text())))
        }
        "buf.yaml" => parse_buf(text, file).and_then(|_| converted(&mut sources).map(as_own)),
        _ => converted(&mut sources).map(as_own),
    };
    let (written, faults) = match read {
        Ok(written) => (written, Vec::new()),
        Err(faults) => (None, faults),
    };
    ReadText { sources, faults, written }
}
