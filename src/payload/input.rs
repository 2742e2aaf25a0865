//! Messages from bytes of any length: files with one message or many, in several formats, a piece at a time. What is no
//! message is counted, and ends nothing. Where bytes come from is for callers to say.

mod frames;
mod gzip;
mod text;

use std::borrow::Cow;
use std::io::Read;

pub(crate) use frames::{Batch, Batches};

/// The most bytes of one message.
pub(crate) const MAX_MESSAGE: usize = 128 << 20;

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputFormat {
    /// A file a message.
    Binary,
    /// A varint with its length before each message.
    Delimited,
    /// What gRPC sends: a flag, four bytes with the length, then the message, which may be compressed by gzip.
    Grpc,
    /// A message a line, as JSON.
    Json,
    /// A message a line, in hexadecimal.
    Hex,
    /// A message a line, in base64.
    Base64,
}

impl InputFormat {
    /// The format that the end of a file's name means.
    pub(crate) fn of_extension(extension: &str) -> InputFormat {
        match extension {
            "json" | "jsonl" | "ndjson" => InputFormat::Json,
            "hex" => InputFormat::Hex,
            "b64" | "base64" => InputFormat::Base64,
            "delimited" => InputFormat::Delimited,
            "grpc" => InputFormat::Grpc,
            _ => InputFormat::Binary,
        }
    }
}

/// A source of messages.
pub(crate) trait Source: Sync {
    /// What people call it.
    fn name(&self) -> &str;

    /// Its bytes from the start.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    fn open(&self) -> std::io::Result<Box<dyn Read + Send + '_>>;

    /// Whether it can be opened more than once.
    fn can_be_read_again(&self) -> bool;
}

/// Where messages come from, how they are written, and of which type they are.
pub(crate) struct Input {
    pub(crate) source: Box<dyn Source + Send>,
    pub(crate) format: InputFormat,
    /// The full name of the type; `None` where each message is an `Any` that names its own.
    pub(crate) type_name: Option<String>,
}

/// A message as it was found, or why there is none.
pub(super) enum Raw<'b> {
    Bytes(&'b [u8]),
    Bad(&'b str),
}

/// Something that is not a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unparsed {
    /// The name of its source.
    pub(crate) source: String,
    /// Which message of the source, from 0.
    pub(crate) index: u64,
    /// The byte of the message; `None` where it has none.
    pub(crate) byte: Option<usize>,
    pub(crate) reason: String,
}

/// How many are listed.
const MAX_LISTED: usize = 10;

/// How many messages could not be read, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AllUnparsed {
    pub(crate) count: u64,
    /// Sorted by source and index.
    pub(crate) listed: Vec<Unparsed>,
}

impl AllUnparsed {
    pub(crate) fn add(&mut self, unparsed: Unparsed) {
        self.count += 1;
        let at = self.listed.partition_point(|other| *other < unparsed);
        if at < MAX_LISTED {
            self.listed.insert(at, unparsed);
            self.listed.truncate(MAX_LISTED);
        }
    }

    pub(crate) fn merge(&mut self, other: AllUnparsed) {
        let rest = other.count - other.listed.len() as u64;
        other.listed.into_iter().for_each(|unparsed| self.add(unparsed));
        self.count += rest;
    }
}

/// The bytes of a message that was written in a format.
pub(super) fn decode<'b>(
    format: InputFormat,
    raw: &'b [u8],
    from_json: impl FnOnce(&str) -> Result<Vec<u8>, String>,
) -> Result<Cow<'b, [u8]>, String> {
    let utf8 =
        || std::str::from_utf8(raw).map_err(|error| format!("byte {} of the line is not UTF-8", error.valid_up_to()));
    match format {
        InputFormat::Binary | InputFormat::Delimited => Ok(Cow::Borrowed(raw)),
        InputFormat::Grpc => match raw.split_first() {
            Some((0, message)) => Ok(Cow::Borrowed(message)),
            Some((1, message)) => gzip::unzip(message, MAX_MESSAGE).map(Cow::Owned),
            _ => Err("the frame has no flag".to_owned()),
        },
        InputFormat::Json => from_json(utf8()?).map(Cow::Owned),
        InputFormat::Hex => text::from_hex(raw).map(Cow::Owned),
        InputFormat::Base64 => text::from_base64(raw).map(Cow::Owned),
    }
}
