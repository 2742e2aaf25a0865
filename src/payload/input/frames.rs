//! Takes streams apart into messages, in batches that fit into memory.

use std::io::{BufReader, Read};
use std::ops::Range;

use super::{Input, InputFormat, MAX_MESSAGE, Raw};

/// How many bytes a batch has, if it has more than one message.
const BATCH: usize = 1 << 20;
/// How many messages it has at most.
const MAX_MESSAGES: usize = 4096;
/// How many bytes are read at once.
const BUFFER: usize = 256 << 10;

/// Some messages of one source, or sources with a message each.
pub(crate) struct Batch {
    /// The source that the first message is from.
    pub(super) source: usize,
    /// The index of that message in the source.
    first: u64,
    bytes: Vec<u8>,
    messages: Vec<Result<Range<usize>, String>>,
    /// How many sources are still to be read, each with one message.
    unread: usize,
}

impl Batch {
    fn new(source: usize, first: u64) -> Batch {
        Batch { source, first, bytes: Vec::new(), messages: Vec::new(), unread: 0 }
    }

    fn is_full(&self) -> bool {
        self.bytes.len() >= BATCH || self.messages.len() >= MAX_MESSAGES
    }

    /// Calls `each` with every message, its source and its index there.
    pub(in crate::payload) fn for_each(self, inputs: &[Input], mut each: impl FnMut(&Input, u64, Raw<'_>)) {
        for (input, index) in inputs[self.source..].iter().take(self.unread).zip(0..) {
            let _: usize = index;
            match whole(input) {
                Ok(bytes) => each(input, 0, Raw::Bytes(&bytes)),
                Err(reason) => each(input, 0, Raw::Bad(&reason)),
            }
        }
        for (message, index) in self.messages.iter().zip(self.first..) {
            let raw = match message {
                Ok(range) => Raw::Bytes(&self.bytes[range.clone()]),
                Err(reason) => Raw::Bad(reason),
            };
            each(&inputs[self.source], index, raw);
        }
    }
}

/// The only message of a source.
fn whole(input: &Input) -> Result<Vec<u8>, String> {
    let cannot = |error: std::io::Error| format!("it cannot be read: {}", crate::source::reason(&error));
    let mut bytes = Vec::new();
    input.source.open().map_err(cannot)?.take(MAX_MESSAGE as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > MAX_MESSAGE { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> String {
    format!("the message is larger than {} MiB", MAX_MESSAGE >> 20)
}

/// The messages of all inputs, in batches.
pub(crate) struct Batches<'i> {
    inputs: &'i [Input],
    /// The next source.
    next: usize,
    open: Option<Stream<'i>>,
    /// Called with the number of sources that a batch begins to read.
    on_source: &'i (dyn Fn(usize) + Sync),
}

impl<'i> Batches<'i> {
    pub(crate) fn new(inputs: &'i [Input], on_source: &'i (dyn Fn(usize) + Sync)) -> Batches<'i> {
        Batches { inputs, next: 0, open: None, on_source }
    }
}

/// How many sources with one message go together.
const SOURCES: usize = 16;

impl Iterator for Batches<'_> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        loop {
            if let Some(stream) = &mut self.open {
                let batch = stream.batch();
                if batch.messages.is_empty() || stream.is_done {
                    self.open = None;
                }
                if !batch.messages.is_empty() {
                    return Some(batch);
                }
                continue;
            }
            let source = self.next;
            let input = self.inputs.get(source)?;
            if input.format == InputFormat::Binary {
                let rest = self.inputs[source..].iter().take(SOURCES);
                let unread = rest.take_while(|input| input.format == InputFormat::Binary).count();
                self.next += unread;
                (self.on_source)(unread);
                return Some(Batch { unread, ..Batch::new(source, 0) });
            }
            self.next += 1;
            (self.on_source)(1);
            match input.source.open() {
                Ok(reader) => self.open = Some(Stream::new(source, input.format, reader)),
                Err(error) => {
                    let mut batch = Batch::new(source, 0);
                    batch.messages.push(Err(format!("it cannot be read: {}", crate::source::reason(&error))));
                    return Some(batch);
                }
            }
        }
    }
}

/// A source that is read.
struct Stream<'i> {
    source: usize,
    format: InputFormat,
    reader: BufReader<Box<dyn Read + Send + 'i>>,
    next: u64,
    is_done: bool,
}

/// Why there is no message.
enum Ended {
    /// There are no more.
    Clean,
    /// Nor can the next one be found.
    Broken(String),
    /// This one is none, and the next one follows.
    Skipped(String),
}

impl From<std::io::Error> for Ended {
    fn from(error: std::io::Error) -> Ended {
        Ended::Broken(match error.kind() {
            std::io::ErrorKind::UnexpectedEof => "the message is cut off".to_owned(),
            _ => format!("it cannot be read: {}", crate::source::reason(&error)),
        })
    }
}

impl<'i> Stream<'i> {
    fn new(source: usize, format: InputFormat, reader: Box<dyn Read + Send + 'i>) -> Stream<'i> {
        Stream { source, format, reader: BufReader::with_capacity(BUFFER, reader), next: 0, is_done: false }
    }

    /// The next messages; none at the end.
    fn batch(&mut self) -> Batch {
        let mut batch = Batch::new(self.source, self.next);
        while !batch.is_full() && !self.is_done {
            let start = batch.bytes.len();
            let read = match self.format {
                InputFormat::Delimited => self.delimited(&mut batch.bytes),
                InputFormat::Grpc => self.frame(&mut batch.bytes),
                InputFormat::Json | InputFormat::Hex | InputFormat::Base64 => self.line(&mut batch.bytes),
                InputFormat::Binary => Err(Ended::Clean),
            };
            let message = match read {
                Ok(()) => Ok(start..batch.bytes.len()),
                Err(Ended::Clean) => {
                    self.is_done = true;
                    break;
                }
                Err(Ended::Broken(reason)) => {
                    self.is_done = true;
                    Err(reason)
                }
                Err(Ended::Skipped(reason)) => Err(reason),
            };
            if message.is_err() {
                batch.bytes.truncate(start);
            }
            batch.messages.push(message);
            self.next += 1;
        }
        batch
    }

    /// The next byte; `None` at the end.
    fn byte(&mut self) -> Result<Option<u8>, Ended> {
        let mut byte = [0];
        let count = loop {
            match self.reader.read(&mut byte) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        Ok((count == 1).then_some(byte[0]))
    }

    /// So many bytes.
    fn take(&mut self, count: u64, bytes: &mut Vec<u8>) -> Result<(), Ended> {
        let is_too_large = count > MAX_MESSAGE as u64;
        let read = match is_too_large {
            true => std::io::copy(&mut self.reader.by_ref().take(count), &mut std::io::sink())?,
            false => self.reader.by_ref().take(count).read_to_end(bytes)? as u64,
        };
        if read < count {
            return Err(Ended::Broken(format!("a length of {count} bytes, and {read} are left")));
        }
        if is_too_large { Err(Ended::Skipped(too_large())) } else { Ok(()) }
    }

    fn delimited(&mut self, bytes: &mut Vec<u8>) -> Result<(), Ended> {
        let mut length = 0;
        for index in 0..10 {
            let Some(byte) = self.byte()? else {
                return Err(if index == 0 { Ended::Clean } else { Ended::Broken("a length is cut off".to_owned()) });
            };
            length |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                return self.take(length, bytes);
            }
        }
        Err(Ended::Broken("a length is a varint that is too long: the next message cannot be found".to_owned()))
    }

    /// A frame of gRPC, with its flag. Frames of headers and trailers, which gRPC-Web has, are no messages.
    fn frame(&mut self, bytes: &mut Vec<u8>) -> Result<(), Ended> {
        loop {
            let Some(flag) = self.byte()? else { return Err(Ended::Clean) };
            let mut length = [0; 4];
            self.reader.read_exact(&mut length)?;
            let length = u64::from(u32::from_be_bytes(length));
            if flag & 0x80 != 0 {
                self.take(length, &mut Vec::new())?;
                continue;
            }
            if flag > 1 {
                let reason = format!("a frame has flag {flag}: the next message cannot be found");
                return Err(Ended::Broken(reason));
            }
            bytes.push(flag);
            return self.take(length, bytes);
        }
    }

    /// A line that is not empty, without its end.
    fn line(&mut self, bytes: &mut Vec<u8>) -> Result<(), Ended> {
        use std::io::BufRead;
        let start = bytes.len();
        // Text takes more room than the message.
        let most = 4 * MAX_MESSAGE as u64;
        loop {
            let read = self.reader.by_ref().take(most + 1).read_until(b'\n', bytes)? as u64;
            if read == 0 {
                return Err(Ended::Clean);
            }
            if read > most {
                bytes.truncate(start);
                self.reader.skip_until(b'\n')?;
                return Err(Ended::Skipped(too_large()));
            }
            let end = bytes.trim_ascii_end().len().max(start);
            bytes.truncate(end);
            if end > start {
                return Ok(());
            }
        }
    }
}
