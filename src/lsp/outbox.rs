//! What goes to the client: answers, each once and none for what was cancelled; notifications; requests of the server.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gen_lsp_types::{
    LogMessageNotification, LogMessageParams, MessageType, Notification as _, PublishDiagnosticsNotification,
    PublishDiagnosticsParams,
};
use lsp_server::{ErrorCode, Notification, Request, RequestId, Response};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::transport::Client;

/// The way to the client. A copy is the same way.
#[derive(Clone)]
pub(super) struct Outbox {
    client: Client,
    /// The requests that were not answered yet, each with whether it is cancelled.
    pending: Arc<Mutex<FxHashMap<RequestId, Arc<AtomicBool>>>>,
    next: Arc<AtomicI32>,
}

impl Outbox {
    pub(super) fn new(client: Client) -> Outbox {
        Outbox { client, pending: Arc::default(), next: Arc::default() }
    }

    fn pending(&self) -> MutexGuard<'_, FxHashMap<RequestId, Arc<AtomicBool>>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a request of the client in; the way to answer it.
    pub(super) fn expect(&self, id: RequestId) -> Reply {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        self.pending().insert(id.clone(), Arc::clone(&is_cancelled));
        Reply { id: Some(id), outbox: self.clone(), is_cancelled }
    }

    /// Cancels a request, unless it was answered.
    pub(super) fn cancel(&self, id: &RequestId) {
        let Some(is_cancelled) = self.pending().remove(id) else { return };
        is_cancelled.store(true, Ordering::Relaxed);
        let message = "cancelled by the client".to_owned();
        self.client.send(Response::new_err(id.clone(), ErrorCode::RequestCanceled as i32, message));
    }

    /// Answers what was no message.
    pub(super) fn refuse(&self, why: String) {
        self.client.refuse(why);
    }

    /// Sends a notification.
    pub(super) fn notify(&self, method: &str, params: impl Serialize) {
        self.client.send(Notification::new(method.to_owned(), params));
    }

    /// Sends a request, whatever its answer.
    pub(super) fn request(&self, method: &str, params: impl Serialize) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.client.send(Request::new(id.into(), method.to_owned(), params));
    }

    /// Sends what was found in a file.
    pub(super) fn publish(&self, params: PublishDiagnosticsParams) {
        self.notify(&PublishDiagnosticsNotification::METHOD.to_string(), params);
    }

    /// Asks the client to ask for diagnostics again.
    pub(super) fn refresh_diagnostics(&self) {
        self.request("workspace/diagnostic/refresh", serde_json::Value::Null);
    }

    /// Has the client show a line in its log.
    pub(super) fn log(&self, message: &str) {
        self.log_as(MessageType::Info, message);
    }

    /// The same for what is wrong with the server.
    pub(super) fn log_error(&self, message: &str) {
        self.log_as(MessageType::Error, message);
    }

    fn log_as(&self, kind: MessageType, message: &str) {
        let params = LogMessageParams { kind, message: message.to_owned() };
        self.notify(&LogMessageNotification::METHOD.to_string(), params);
    }
}

/// The way to answer one request: once, or not at all where it was cancelled.
pub(super) struct Reply {
    id: Option<RequestId>,
    outbox: Outbox,
    is_cancelled: Arc<AtomicBool>,
}

impl Reply {
    /// Whether the client has cancelled the request.
    pub(super) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }

    /// Answers.
    pub(super) fn ok(self, result: impl Serialize) {
        match serde_json::to_string(&result) {
            Ok(json) => self.json(&json),
            Err(error) => self.fail(ErrorCode::InternalError, error.to_string()),
        }
    }

    /// Answers with a result that is JSON already.
    pub(super) fn json(mut self, result: &str) {
        let Some(id) = self.id.take() else { return };
        if self.outbox.pending().remove(&id).is_some() {
            let id = serde_json::to_string(&id).unwrap_or_default();
            self.outbox.client.send_json(format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}"));
        }
    }

    /// Answers with what something gives, or why it does not; with an error where that panics.
    pub(super) fn guarded<R: Serialize>(self, answer: impl FnOnce() -> Result<R, String>) {
        match super::guard(answer) {
            Ok(Ok(result)) => self.ok(result),
            Ok(Err(why)) => self.fail(ErrorCode::RequestFailed, why),
            Err(why) => self.fail(ErrorCode::InternalError, why),
        }
    }

    /// Answers that it cannot be done, and why.
    pub(super) fn fail(mut self, code: ErrorCode, why: String) {
        let Some(id) = self.id.take() else { return };
        if self.outbox.pending().remove(&id).is_some() {
            self.outbox.client.send(Response::new_err(id, code as i32, why));
        }
    }
}

/// A request of which nothing came is answered nevertheless.
impl Drop for Reply {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        if self.outbox.pending().remove(&id).is_some() {
            let message = "the request failed".to_owned();
            self.outbox.client.send(Response::new_err(id, ErrorCode::InternalError as i32, message));
        }
    }
}
