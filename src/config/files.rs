//! The files of configurations: what they are called, and reading one. It does not depend on what they say.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::finding::Finding;
use crate::rules::Rule;
use crate::rules::compile::{CONFIG_INVALID, INPUT_UNREADABLE};
use crate::source::{FileId, Place, SourceFile, Sources, Span, link_elsewhere, reason};

/// The names of this tool's own configuration; the first that exists in a directory counts.
pub const FILE_NAMES: [&str; 2] = ["protolint.yaml", "protolint.yml"];
/// buf's file of a module, or of v2 also of a workspace.
pub(super) const MODULE_FILE: &str = "buf.yaml";
/// buf's file of a workspace of v1.
pub(super) const WORKSPACE_FILE: &str = "buf.work.yaml";

/// The largest configuration that is read, in bytes.
pub const MAX_BYTES: u64 = 1 << 20;

/// Reads the file, of at most so many bytes, into `sources`.
pub(super) fn take_in(
    path: &Path,
    shown_path: String,
    most: u64,
    sources: &mut Sources,
) -> Result<FileId, Box<Finding>> {
    let nowhere = |rule: &Rule, message: String| Finding::nowhere(rule.id, message);
    let bytes = read(path, most)
        .map_err(|error| nowhere(&INPUT_UNREADABLE, format!("`{shown_path}` cannot be read: {}", reason(&error))))?;
    if bytes.len() as u64 > most {
        let message = format!("`{shown_path}` is larger than {} MiB", most >> 20);
        let finding = nowhere(&CONFIG_INVALID, message);
        return Err(Box::new(finding.help("use patterns that match more files")));
    }
    String::from_utf8(bytes).map(|text| sources.add(SourceFile::new(shown_path.clone(), text))).map_err(|error| {
        // Up to the first fault the text is what it was, so places in it hold.
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let span = Span::of(at..at + '\u{fffd}'.len_utf8());
        let place = Place { file: sources.add(SourceFile::new(shown_path, text)), span };
        Box::new(Finding::error(CONFIG_INVALID.id, place, "the file is not UTF-8 text").help("save it as UTF-8"))
    })
}

/// Reads a regular file, and one byte more than `most` of a larger one.
pub(super) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // A pipe or a device is read only where it is named as such, as shells do: `--config <(…)`.
    let refused = match link_elsewhere(path, &["yaml", "yml"]) {
        _ if path.starts_with("/dev") => None,
        _ if !path.metadata()?.is_file() => Some("it is not a regular file".to_owned()),
        elsewhere => elsewhere.map(|file| format!("it is a link to `{}`, which is not a YAML file", file.display())),
    };
    if let Some(refused) = refused {
        return Err(io::Error::other(refused));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
