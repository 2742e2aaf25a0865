//! The main loop: it reads messages, keeps the open documents, and passes everything else on to threads that may take
//! longer. It never waits for any of them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use gen_lsp_types::{
    CancelParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWatchedFilesRegistrationOptions,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    FileSystemWatcher, Id, InitializeParams, InitializeResult, Registration, RegistrationParams, ServerInfo,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use serde::de::DeserializeOwned;

use super::analysis::{Analysis, Job};
use super::checker::{Board, Checker};
use super::client::ClientInfo;
use super::documents::Documents;
use super::folder;
use super::outbox::Outbox;
use super::requests::{self, Asked};
use super::transport::{Client, Incoming, Outgoing};
use super::uri;
use super::workers::Workers;

/// The files whose changes on the disk matter, as patterns.
const WATCHED: [&str; 12] = [
    "**/*.proto",
    "**/protolint.yaml",
    "**/protolint.yml",
    "**/protolint.*.yaml",
    "**/buf.yaml",
    "**/*.yaml",
    "**/*.yml",
    "**/buf.work.yaml",
    "**/.editorconfig",
    "**/.git/HEAD",
    "**/.git/index",
    "**/.git/packed-refs",
];

/// How the client ended the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As it should: it said so first.
    Orderly,
    /// It was gone, or did not ask to shut down first.
    Abrupt,
}

/// Serves a client until it is gone.
pub(super) fn serve(incoming: &Receiver<Incoming>, outgoing: &Sender<Outgoing>) -> End {
    let outbox = Outbox::new(Client(outgoing.clone()));
    let mut state = State::New;
    for message in incoming {
        match message {
            Incoming::Malformed(why) => outbox.refuse(why),
            Incoming::Message(Message::Request(request)) => state.request(request, &outbox),
            Incoming::Message(Message::Notification(notification)) if notification.method == "exit" => {
                return if matches!(state, State::Ended) { End::Orderly } else { End::Abrupt };
            }
            Incoming::Message(Message::Notification(notification)) => {
                if let State::Running(session) = &mut state {
                    session.notification(notification);
                }
            }
            // Whatever the client answers, nothing is to be done.
            Incoming::Message(Message::Response(_)) => {}
        }
    }
    if matches!(state, State::Ended) { End::Orderly } else { End::Abrupt }
}

/// How far the session is.
enum State {
    /// The client has not said yet what it can do.
    New,
    Running(Box<Session>),
    /// The client asked to shut down.
    Ended,
}

impl State {
    fn request(&mut self, request: Request, outbox: &Outbox) {
        let Request { id, method, params } = request;
        let reply = outbox.expect(id);
        match (&mut *self, method.as_str()) {
            (State::New, "initialize") => match serde_json::from_value::<InitializeParams>(params) {
                Ok(params) => {
                    let client = ClientInfo::new(params);
                    reply.ok(InitializeResult {
                        capabilities: requests::with_offers(client.offers()),
                        server_info: Some(ServerInfo {
                            name: env!("CARGO_PKG_NAME").to_owned(),
                            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
                        }),
                    });
                    *self = State::Running(Box::new(Session::start(client, outbox.clone())));
                }
                Err(error) => reply.fail(ErrorCode::InvalidParams, error.to_string()),
            },
            (State::New, _) => {
                reply.fail(ErrorCode::ServerNotInitialized, "expected the request `initialize`".to_owned());
            }
            (State::Running(_), "initialize") => {
                reply.fail(ErrorCode::InvalidRequest, "the server is initialized".to_owned());
            }
            (State::Running(_), "shutdown") => {
                reply.ok(serde_json::Value::Null);
                *self = State::Ended;
            }
            (State::Running(session), _) => requests::take(Asked { method, params, reply }, session),
            (State::Ended, _) => reply.fail(ErrorCode::InvalidRequest, "the server is shutting down".to_owned()),
        }
    }
}

/// A session with a client that has said what it can do.
pub(super) struct Session {
    pub(super) client: Arc<ClientInfo>,
    pub(super) documents: Documents,
    pub(super) workers: Workers,
    pub(super) outbox: Outbox,
    /// What was found last, by folder.
    pub(super) board: Board,
    analysis: Sender<Job>,
    folders: Vec<PathBuf>,
}

impl Session {
    fn start(client: ClientInfo, outbox: Outbox) -> Session {
        let (analysis, jobs) = mpsc::channel();
        let (checks, check_jobs) = mpsc::channel();
        let board = Board::default();
        let checker = Checker::new(client.manner(), outbox.clone(), board.clone());
        super::spawn("checker", move || checker.run(&check_jobs));
        let thread = Analysis::new(checks, outbox.clone());
        super::spawn("analysis", move || thread.run(&jobs));
        let mut folders = client.folders.clone();
        folders.dedup();
        // Findings show paths from here.
        if let Some(first) = folders.first() {
            let _ = std::env::set_current_dir(first);
        }
        let client = Arc::new(client);
        let documents = Documents::default();
        let session = Session { client, documents, workers: Workers::start(), outbox, board, analysis, folders };
        session.send(Job::Folders(session.folders.clone()));
        session
    }

    /// Gives the analysis something to do.
    pub(super) fn send(&self, job: Job) {
        let _ = self.analysis.send(job);
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" => self.watch(),
            "textDocument/didOpen" => self.with(params, |session, params: DidOpenTextDocumentParams| {
                let document = params.text_document;
                let directory = session.folders.first().cloned().unwrap_or_else(folder::here);
                session.documents.open(document.uri, document.version, document.text, &directory);
                session.send(Job::Documents(session.documents.clone()));
            }),
            "textDocument/didChange" => self.with(params, |session, params: DidChangeTextDocumentParams| {
                let (uri, version) = (params.text_document.text_document_identifier.uri, params.text_document.version);
                let encoding = session.client.encoding;
                if session.documents.change(&uri, version, params.content_changes, encoding).is_some() {
                    session.send(Job::Documents(session.documents.clone()));
                }
            }),
            "textDocument/didClose" => self.with(params, |session, params: DidCloseTextDocumentParams| {
                if session.documents.close(&params.text_document.uri).is_some() {
                    session.send(Job::Documents(session.documents.clone()));
                }
            }),
            "textDocument/didSave" => self.with(params, |session, params: DidSaveTextDocumentParams| {
                let path = uri::to_path(&params.text_document.uri);
                session.send(Job::Disk(path.into_iter().collect()));
            }),
            "workspace/didChangeWatchedFiles" => self.with(params, |session, params: DidChangeWatchedFilesParams| {
                let files: BTreeSet<PathBuf> =
                    params.changes.iter().filter_map(|change| uri::to_path(&change.uri)).collect();
                session.send(Job::Disk(files));
            }),
            "workspace/didChangeWorkspaceFolders" => {
                self.with(params, |session, params: DidChangeWorkspaceFoldersParams| {
                    let gone: Vec<PathBuf> =
                        params.event.removed.iter().filter_map(|folder| uri::to_path(&folder.uri)).collect();
                    let new = params.event.added.iter().filter_map(|folder| uri::to_path(&folder.uri));
                    session.folders.retain(|folder| !gone.contains(folder));
                    for folder in new {
                        if !session.folders.contains(&folder) {
                            session.folders.push(folder);
                        }
                    }
                    session.send(Job::Folders(session.folders.clone()));
                });
            }
            "$/cancelRequest" => self.with(params, |session, params: CancelParams| {
                let id: RequestId = match params.id {
                    Id::Int(id) => id.into(),
                    Id::String(id) => id.into(),
                };
                session.outbox.cancel(&id);
            }),
            // Those that begin with `$/` may be ignored, as others that are not known.
            _ => {}
        }
    }

    /// Does something with the parameters of a notification; nothing where they are not what they should be.
    fn with<P: DeserializeOwned>(&mut self, params: serde_json::Value, run: impl FnOnce(&mut Session, P)) {
        match serde_json::from_value(params) {
            Ok(params) => run(self, params),
            Err(error) => self.outbox.log_error(&format!("ignored a notification: {error}")),
        }
    }

    /// Asks the client to say when files change on the disk.
    fn watch(&self) {
        if !self.client.watches {
            return;
        }
        let watcher = |pattern: &str| FileSystemWatcher { glob_pattern: pattern.to_owned().into(), kind: None };
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: WATCHED.map(watcher).into() };
        let registration = Registration {
            id: "watched-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        self.outbox.request("client/registerCapability", params);
    }
}
