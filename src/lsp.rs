//! The language server: the Language Server Protocol in, calls of the library, the protocol out. It decides nothing about
//! schemas, and writes no file.
//!
//! ```text
//! client ──transport──▶ server (the main loop: documents, cancellation) ──Job──▶ analysis (folders with the documents
//! laid over them) ──snapshots──▶ checker (what `check` and `breaking` report) ──▶ diagnostics
//!                                  └──snapshots──▶ workers (requests)
//! ```
//!
//! Each is a thread. A snapshot never changes, so what is asked of it is answered however long that takes; what is
//! outdated when its turn comes is left.

mod analysis;
mod checker;
mod client;
mod compare;
mod diagnostics;
mod documents;
mod folder;
mod outbox;
mod position;
mod requests;
mod results;
mod server;
mod transport;
mod uri;
mod workers;

use std::io::{BufRead, Write};
use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::thread;

use server::End;
use transport::Outgoing;

/// Serves a client on two streams until it is gone; whether it ended the session as it should.
pub(crate) fn serve(mut input: impl BufRead + Send + 'static, mut output: impl Write + Send + 'static) -> bool {
    let (sender, incoming) = mpsc::channel();
    spawn("reader", move || transport::read_all(&mut input, |message| sender.send(message).is_ok()));
    let (outgoing, messages) = mpsc::channel();
    let writer = spawn("writer", move || transport::write_all(&mut output, &messages));
    let end = server::serve(&incoming, &outgoing);
    // What was answered is to arrive.
    let _ = outgoing.send(Outgoing::End);
    if let Some(writer) = writer {
        let _ = writer.join();
    }
    end == End::Orderly
}

/// Starts a thread; `None` where the system grants none.
fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Option<thread::JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(run).ok()
}

/// Does something, and says why where that panics.
fn guard<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    std::panic::catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown reason".to_owned())
    })
}
