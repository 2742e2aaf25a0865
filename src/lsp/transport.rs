//! Messages on two streams, as the base protocol of the Language Server Protocol frames them. What is no message is
//! answered and skipped, whatever its header says: a client with a fault loses that message, not the server. It knows no
//! methods.

use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Receiver, Sender};

use lsp_server::Message;
use serde_json::json;

/// A message larger than this, in bytes, is skipped.
const MAX_BYTES: u64 = 1 << 30;
/// A line of a header longer than this, in bytes, is none.
const MAX_LINE: u64 = 4096;

/// What comes from the client.
#[derive(Debug)]
pub(super) enum Incoming {
    Message(Message),
    /// What cannot be read as a message, and why.
    Malformed(String),
}

/// Reads messages until the stream ends or cannot be read, or `send` returns false.
pub(super) fn read_all(stream: &mut dyn BufRead, send: impl Fn(Incoming) -> bool) {
    loop {
        let incoming = match next(stream) {
            Ok(Some(incoming)) => incoming,
            Ok(None) | Err(_) => return,
        };
        if !send(incoming) {
            return;
        }
    }
}

/// The next message; `None` at the end of the stream.
fn next(stream: &mut dyn BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = length(stream)? else { return Ok(None) };
    if length > MAX_BYTES {
        let skipped = io::copy(&mut stream.take(length), &mut io::sink())?;
        let why = format!("the message has {length} bytes, more than {MAX_BYTES}");
        return Ok((skipped == length).then_some(Incoming::Malformed(why)));
    }
    // Room is made as bytes arrive: the header may promise what never comes.
    let mut body = Vec::new();
    if stream.take(length).read_to_end(&mut body)? as u64 != length {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Malformed(format!("invalid message: {error}")),
    }))
}

/// Reads a header; how many bytes follow. Lines that belong to no header are skipped.
fn length(stream: &mut dyn BufRead) -> io::Result<Option<u64>> {
    let (mut length, mut line) = (None, Vec::new());
    loop {
        line.clear();
        if stream.take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() && length.is_some() {
            return Ok(length);
        }
        // Where a length was too small, the rest of the message stands before the next header.
        let name = "content-length:";
        if let Some(at) = text.to_ascii_lowercase().rfind(name) {
            length = text.get(at + name.len()..).and_then(|value| value.trim().parse().ok());
        }
    }
}

/// Writes messages until there are no more to come, or the stream takes none.
pub(super) fn write_all(stream: &mut dyn Write, messages: &Receiver<Outgoing>) {
    for message in messages {
        let written = match message {
            Outgoing::Message(message) => message.write(&mut &mut *stream),
            Outgoing::Json(body) => write(stream, &body),
            Outgoing::End => return,
            Outgoing::Fault(why) => {
                let error = json!({"code": lsp_server::ErrorCode::ParseError as i32, "message": why});
                write(stream, &json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string())
            }
        };
        if written.is_err() {
            return;
        }
    }
}

fn write(stream: &mut dyn Write, body: &str) -> io::Result<()> {
    write!(stream, "Content-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(body.as_bytes())?;
    stream.flush()
}

/// What goes to the client.
pub(super) enum Outgoing {
    Message(Message),
    /// A message that is JSON already.
    Json(String),
    /// The answer to what was no message.
    Fault(String),
    /// Nothing more is to be sent.
    End,
}

/// The way to the client, which any thread may take.
#[derive(Clone)]
pub(super) struct Client(pub(super) Sender<Outgoing>);

impl Client {
    /// Sends a message; where the client is gone, nothing is missing.
    pub(super) fn send(&self, message: impl Into<Message>) {
        let _ = self.0.send(Outgoing::Message(message.into()));
    }

    /// Sends a message that is JSON already.
    pub(super) fn send_json(&self, body: String) {
        let _ = self.0.send(Outgoing::Json(body));
    }

    /// Answers what was no message.
    pub(super) fn refuse(&self, why: String) {
        let _ = self.0.send(Outgoing::Fault(why));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// The methods of the messages in a stream, and `!` for what is none.
    fn methods(stream: &[u8]) -> Vec<String> {
        let found = Mutex::new(Vec::new());
        read_all(&mut io::BufReader::new(stream), |incoming| {
            let method = match incoming {
                Incoming::Message(Message::Notification(notification)) => notification.method,
                Incoming::Message(_) => "?".to_owned(),
                Incoming::Malformed(_) => "!".to_owned(),
            };
            found.lock().expect("one thread").push(method);
            true
        });
        found.into_inner().expect("one thread")
    }

    fn framed(body: &str, length: usize) -> String {
        format!("Content-Length: {length}\r\nContent-Type: x\r\n\r\n{body}")
    }

    #[test]
    fn messages_are_read_one_after_the_other() {
        let body = r#"{"jsonrpc":"2.0","method":"a"}"#;
        let stream = framed(body, body.len()) + &framed(&body.replace('a', "b"), body.len());
        assert_eq!(methods(stream.as_bytes()), ["a", "b"]);
    }

    #[test]
    fn what_is_no_message_hides_no_other() {
        let body = r#"{"jsonrpc":"2.0","method":"a"}"#;
        let whole = framed(body, body.len());
        for bad in ["[]", "{", "{\"id\":[1]}", ""] {
            let stream = framed(bad, bad.len()) + &whole;
            assert_eq!(methods(stream.as_bytes()), ["!", "a"], "{bad}");
        }
        let too_short = framed(body, body.len() - 5) + &whole;
        assert_eq!(methods(too_short.as_bytes()), ["!", "a"]);
        assert_eq!(methods(format!("hello\r\n\r\n{whole}").as_bytes()), ["a"]);
        assert_eq!(methods(format!("Content-Length: many\r\n\r\n{whole}").as_bytes()), ["a"]);
        assert!(methods(framed(body, usize::MAX).as_bytes()).is_empty());
        assert!(methods(framed(body, 1 << 29).as_bytes()).is_empty());
    }
}
