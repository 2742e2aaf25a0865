//! A client of the Language Server Protocol that drives the built binary, one message after the other.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::{Value, json};

use super::repository::isolated;

/// No answer takes longer, or the server hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program under test: the one that was built with the tests, or the one that `PROTOLINT_TEST_PROGRAM` names.
pub fn program() -> String {
    std::env::var("PROTOLINT_TEST_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_protolint").to_owned())
}

/// A running server with its workspace.
pub struct Client {
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    last: i64,
    versions: BTreeMap<String, i64>,
    /// Answers that nobody has waited for yet, which come in any order.
    answers: BTreeMap<i64, Value>,
    /// What the server sent that was no answer.
    pub notifications: Vec<Value>,
    pub capabilities: Value,
}

impl Client {
    /// Starts a server whose workspace are these folders, for a client that pulls diagnostics and counts characters.
    pub fn start(folders: &[&Path]) -> Client {
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-32"]},
            "textDocument": {"diagnostic": {}, "publishDiagnostics": {"relatedInformation": true}},
        });
        Client::start_with(folders, capabilities)
    }

    /// The same for a client with other capabilities.
    pub fn start_with(folders: &[&Path], capabilities: Value) -> Client {
        let home = folders.first().map_or(Path::new("."), |folder| folder);
        let mut command = isolated(&program(), home);
        let mut server =
            command.arg("lsp").current_dir(home).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, messages) = mpsc::channel();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = server.stdin.take();
        let (notifications, versions, answers) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut client =
            Client { server, input, messages, last: 0, versions, answers, notifications, capabilities: Value::Null };
        let folders: Vec<Value> = folders.iter().map(|folder| json!({"uri": uri(folder), "name": "folder"})).collect();
        let params =
            json!({"processId": null, "rootUri": null, "workspaceFolders": folders, "capabilities": capabilities});
        let answer = client.request("initialize", params).unwrap();
        client.capabilities = answer["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        // A server that is gone is noticed where its answer is missing.
        let _ = self.input.as_mut().unwrap().write_all(bytes).and_then(|()| self.input.as_mut().unwrap().flush());
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request; its id.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.last += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}));
        self.last
    }

    /// The result of a request, or its error.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        loop {
            if let Some(message) = self.answers.remove(&id) {
                return match message.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(message["result"].clone()),
                };
            }
            let message = self.next();
            if message.get("method").is_some() {
                if let Some(id) = message.get("id") {
                    self.send(&json!({"jsonrpc": "2.0", "id": id, "result": null}));
                }
                self.notifications.push(message);
            } else if let Some(id) = message["id"].as_i64() {
                self.answers.insert(id, message);
            }
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// The next message of the server.
    pub fn next(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("the server answers")
    }

    pub fn open(&mut self, path: &Path, text: &str) {
        let uri = uri(path);
        self.versions.insert(uri.clone(), 1);
        let document = json!({"uri": uri, "languageId": "proto", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Sends changes of an open document.
    pub fn change(&mut self, path: &Path, changes: Value) {
        let uri = uri(path);
        let version = self.versions.entry(uri.clone()).or_default();
        *version += 1;
        let document = json!({"uri": uri, "version": *version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    pub fn replace(&mut self, path: &Path, text: &str) {
        self.change(path, json!([{"text": text}]));
    }

    /// The diagnostics of a file.
    pub fn diagnostics(&mut self, path: &Path) -> Vec<Value> {
        let report = self.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri(path)}})).unwrap();
        report["items"].as_array().cloned().unwrap_or_default()
    }

    /// The diagnostics of all files, by URI.
    pub fn all_diagnostics(&mut self) -> BTreeMap<String, Vec<Value>> {
        let report = self.request("workspace/diagnostic", json!({"previousResultIds": []})).unwrap();
        let items = report["items"].as_array().unwrap().iter();
        items
            .map(|item| (item["uri"].as_str().unwrap().to_owned(), item["items"].as_array().unwrap().clone()))
            .collect()
    }

    /// What the server publishes for a file next.
    pub fn published(&mut self, path: &Path) -> Value {
        loop {
            let of_file = self.notifications.iter().enumerate().find(|(_, message)| is_published(message, path));
            if let Some((index, message)) = of_file {
                let found = message["params"]["diagnostics"].clone();
                self.notifications.remove(index);
                return found;
            }
            let message = self.next();
            self.notifications.push(message);
        }
    }

    /// Ends the session; the exit status.
    pub fn end(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.server.wait().unwrap().code()
    }

    /// Goes away without a word; the exit status.
    pub fn vanish(mut self) -> Option<i32> {
        drop(self.input.take());
        self.server.wait().unwrap().code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn is_published(message: &Value, path: &Path) -> bool {
    message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri(path)
}

fn read(stream: &mut impl BufRead) -> Option<Value> {
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => length = header.strip_prefix("Content-Length: ").map_or(length, |text| text.parse().unwrap()),
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

/// The URI of an absolute path without special characters.
pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
