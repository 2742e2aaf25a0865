//! Reads one file as a text, and says what keeps it from being one. Nothing is parsed here.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{path, walk};
use crate::source::{link_elsewhere, reason};

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InputFile {
    /// Absolute, without `.` and `..`.
    pub(crate) absolute: PathBuf,
    /// As the user would type it, `/` between components.
    pub(crate) shown: String,
    /// Whether findings on it are wanted.
    pub(crate) target: bool,
    /// Whether it is known to be a file and no link, directory or pipe.
    pub(crate) is_regular: bool,
}

/// The most bytes of one file, as protobuf has it: lengths must fit in 31 bits.
const MAX_BYTES: u64 = i32::MAX as u64;
const TOO_LARGE: &str = "it is larger than 2 GiB";

/// Reads what is known to be a file, and no link, as text.
pub(crate) fn read_regular(path: &Path) -> Result<String, ReadFault> {
    let file = std::fs::File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let bytes = file.and_then(|(metadata, file)| read_opened(file, &metadata));
    decode(bytes.map_err(|error| cannot_read(path, &error))?)
}

/// Reads a file as text. `Err` says what is wrong; invalid UTF-8 is reported with the byte offset at which it starts.
pub(crate) fn read(path: &Path) -> Result<String, ReadFault> {
    let entry = std::fs::symlink_metadata(path).map_err(|error| cannot_read(path, &error))?;
    let is_link = entry.is_symlink();
    let metadata = if is_link { std::fs::metadata(path) } else { Ok(entry) };
    let metadata = metadata.map_err(|error| cannot_read(path, &error))?;
    if metadata.is_dir() {
        if let Some(target) = walk::leads_out(path) {
            return Err(ReadFault::LeadsOut(target));
        }
        // Directories come here only where a walk could not list them.
        return Err(match std::fs::read_dir(path) {
            Err(error) => ReadFault::Unreadable(format!("the directory cannot be read: {}", reason(&error))),
            Ok(_) => ReadFault::Unreadable("it is a directory, not a file".to_owned()),
        });
    }
    if !metadata.is_file() {
        return Err(ReadFault::Unreadable("it is not a regular file".to_owned()));
    }
    if is_link && let Some(target) = link_elsewhere(path, &["proto"]) {
        let message = format!("it is a link to `{}`, which is not a .proto file", path::shown(&target));
        return Err(ReadFault::Unreadable(message));
    }
    let bytes = read_file(path, &metadata).map_err(|error| cannot_read(path, &error))?;
    decode(bytes)
}

/// Reads to the end, unless that is farther than any schema may reach.
pub(crate) fn read_all(from: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    read_up_to(MAX_BYTES, 0, from, TOO_LARGE)
}

/// The same for a file, into a buffer that is as large as the file.
fn read_file(path: &Path, metadata: &std::fs::Metadata) -> std::io::Result<Vec<u8>> {
    read_opened(std::fs::File::open(path)?, metadata)
}

fn read_opened(file: std::fs::File, metadata: &std::fs::Metadata) -> std::io::Result<Vec<u8>> {
    if metadata.len() > MAX_BYTES {
        return Err(too_large(TOO_LARGE));
    }
    // One more, so that the end is met without a larger buffer.
    read_up_to(MAX_BYTES, metadata.len() as usize + 1, file, TOO_LARGE)
}

/// The most bytes of what comes through a pipe, whose end is not known: several times the largest descriptor sets.
const MAX_PIPED: u64 = 512 << 20;

/// Reads a file or a pipe to the end; a device has none.
pub(crate) fn read_file_or_pipe(path: &Path) -> std::io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_file() {
        return read_file(path, &metadata);
    }
    if !is_pipe(&metadata) {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    let otherwise = "the pipe has more than 512 MiB; write it to a file";
    read_up_to(MAX_PIPED, 0, std::fs::File::open(path)?, otherwise)
}

#[cfg(unix)]
fn is_pipe(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

fn read_up_to(
    most: u64,
    expected: usize,
    from: impl std::io::Read,
    otherwise: &'static str,
) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(expected);
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large(otherwise));
    }
    Ok(bytes)
}

fn too_large(otherwise: &'static str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::FileTooLarge, otherwise)
}

/// Makes a text of the bytes of a file.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, ReadFault> {
    let encoding = wide(&bytes);
    match String::from_utf8(bytes) {
        Ok(text) if encoding.is_none() => Ok(text),
        Ok(text) => Err(ReadFault::NotUtf8 { offset: 0, text, encoding }),
        Err(error) => {
            let offset = if encoding.is_some() { 0 } else { error.utf8_error().valid_up_to() };
            Err(ReadFault::NotUtf8 { offset, text: String::from_utf8_lossy(error.as_bytes()).into_owned(), encoding })
        }
    }
}

/// The encoding of a text of two-byte units: recognized by its byte order mark, or by the zero that is half of its
/// first letter.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [0, letter, ..] | [letter, 0, ..] if *letter != 0 => Some("UTF-16"),
        _ => None,
    }
}

fn cannot_read(path: &Path, error: &std::io::Error) -> ReadFault {
    let link = std::fs::read_link(path).ok().filter(|_| error.kind() == std::io::ErrorKind::NotFound);
    ReadFault::Unreadable(match link {
        Some(target) => format!("it is a link to `{}`, which does not exist", path::shown(&target)),
        None => format!("the file cannot be read: {}", reason(error)),
    })
}

/// Why a file could not be read.
#[derive(Debug)]
pub(crate) enum ReadFault {
    /// What is wrong, as a message says it.
    Unreadable(String),
    /// It is a link to a directory outside of the repository.
    LeadsOut(PathBuf),
    NotUtf8 {
        /// Of the first bad byte, 0-based.
        offset: usize,
        /// The text with replacement characters; what stands before `offset` is unchanged.
        text: String,
        /// What it is instead, where that is known.
        encoding: Option<&'static str>,
    },
}
