//! How one input holds several files: what follows a line `--- PATH` is that file; what follows `=== after` is the later
//! state.

use super::library::Files;

/// Starts the line in front of a file, before its path.
pub const FILE: &str = "--- ";
/// The line in front of the later state.
pub const AFTER: &str = "=== after";

/// The files of an input; what stands in front of the first path is `a.proto`.
pub fn files(bytes: &[u8]) -> Files {
    let mut files = Files::new();
    let mut path = "a.proto".to_owned();
    let mut text: Vec<u8> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(FILE.as_bytes()).and_then(path_of) {
            Some(next) => {
                let ended = std::mem::replace(&mut path, next);
                let text = std::mem::take(&mut text);
                if !(text.is_empty() && files.is_empty() && ended == "a.proto") {
                    files.insert(ended, text);
                }
            }
            None => text.extend(line),
        }
    }
    files.insert(path, text);
    files
}

/// Two states of files: all there is, twice, where no line divides them.
pub fn sides(bytes: &[u8]) -> (Files, Files) {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii_end() == AFTER.as_bytes() {
            return (files(&bytes[..at]), files(&bytes[at + line.len()..]));
        }
        at += line.len();
    }
    (files(bytes), files(bytes))
}

/// A path that a directory could hold.
fn path_of(line: &[u8]) -> Option<String> {
    let path = std::str::from_utf8(line).ok()?.trim();
    let is_name = |name: &str| !matches!(name, "" | "." | "..") && name.len() < 100;
    let is_path = path.len() < 200 && path.split('/').all(is_name) && !path.contains(['\\', ':', '\0']);
    (is_path && path.ends_with(".proto")).then(|| path.to_owned())
}
