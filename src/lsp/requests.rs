//! The requests that are answered: which function answers each, with what. A request of which nothing is known is
//! refused; one that panics is answered with an error, and harms no other.

use std::path::PathBuf;

use gen_lsp_types::{
    DocumentDiagnosticRequest, LspRequestMethod, Request, ServerCapabilities, Uri, WorkspaceDiagnosticRequest,
};
use lsp_server::ErrorCode;

use super::analysis::Job;
use super::checker::CheckJob;
use super::client::ClientInfo;
use super::outbox::Reply;
use super::server::Session;
use super::uri;

/// A request that was asked.
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) params: serde_json::Value,
    pub(super) reply: Reply,
}

/// What the server offers, with the requests that are answered here.
pub(super) fn with_offers(offers: ServerCapabilities, _client: &ClientInfo) -> ServerCapabilities {
    offers
}

/// Takes a request to where it is answered.
pub(super) fn take(asked: Asked, session: &Session) {
    let mut dispatch = Dispatch { asked: Some(asked), session };
    dispatch
        .with_checker::<DocumentDiagnosticRequest>(|params, reply, session| {
            let path = session.path_of(&params.text_document.uri)?;
            Some(CheckJob::Pull { path, previous: params.previous_result_id, reply })
        })
        .with_checker::<WorkspaceDiagnosticRequest>(|params, reply, _| {
            let previous = params.previous_result_ids.into_iter();
            let previous = previous.filter_map(|previous| Some((uri::to_path(&previous.uri)?, previous.value)));
            Some(CheckJob::PullAll { previous: previous.collect(), reply })
        })
        .end();
}

/// Finds who answers a request.
struct Dispatch<'s> {
    asked: Option<Asked>,
    session: &'s Session,
}

impl Dispatch<'_> {
    /// Takes the request out if it is this one, with its parameters.
    fn is<R: Request>(&mut self) -> Option<(R::Params, Reply)> {
        let is_it = |asked: &mut Asked| LspRequestMethod::from(asked.method.as_str()) == R::METHOD;
        let Asked { params, reply, .. } = self.asked.take_if(is_it)?;
        match serde_json::from_value(params) {
            Ok(params) => Some((params, reply)),
            Err(error) => {
                reply.fail(ErrorCode::InvalidParams, error.to_string());
                None
            }
        }
    }

    /// A request that is answered once everything is checked.
    fn with_checker<R: Request>(
        &mut self,
        job: impl FnOnce(R::Params, Reply, &Session) -> Option<CheckJob>,
    ) -> &mut Self {
        if let Some((params, reply)) = self.is::<R>() {
            // What comes after the edits before it, the checker sees after them.
            if let Some(job) = job(params, reply, self.session) {
                self.session.send(Job::With(Box::new(move |_, checker| {
                    let _ = checker.send(job);
                })));
            }
        }
        self
    }

    fn end(&mut self) {
        if let Some(Asked { method, reply, .. }) = self.asked.take() {
            reply.fail(ErrorCode::MethodNotFound, format!("`{method}` is not supported"));
        }
    }
}

impl Session {
    /// The path of a document.
    fn path_of(&self, uri: &Uri) -> Option<PathBuf> {
        self.documents.get(uri).map(|document| document.path.clone()).or_else(|| uri::to_path(uri))
    }
}
