//! The requests that are answered: which function answers each, with what. A request of which nothing is known is
//! refused; one that panics is answered with an error, and harms no other.

mod actions;
mod commands;
mod completion;
mod config_file;
mod context;
mod edits;
mod formatting;
mod hover;
mod markdown;
mod navigation;
mod rename;
mod symbols;

use std::path::PathBuf;
use std::sync::Arc;

use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionRequest, CodeActionResolveRequest, CompletionOptions,
    CompletionRequest, DefinitionRequest, DocumentDiagnosticRequest, DocumentFormattingRequest,
    DocumentHighlightRequest, DocumentLinkOptions, DocumentLinkRequest, DocumentOnTypeFormattingOptions,
    DocumentOnTypeFormattingRequest, DocumentRangeFormattingRequest, DocumentSymbolRequest, ExecuteCommandOptions,
    ExecuteCommandRequest, FoldingRangeRequest, HoverRequest, InlayHintRequest, LspRequestMethod, PrepareRenameRequest,
    ReferencesRequest, RenameOptions, RenameRequest, Request, SelectionRangeRequest, ServerCapabilities,
    TextDocumentContentRequest, TextDocumentContentResult, TypeDefinitionRequest, Uri, WorkspaceDiagnosticRequest,
    WorkspaceSymbolRequest,
};
use lsp_server::ErrorCode;
use serde_json::Value;

use super::analysis::{Folders, Job};
use super::checker::CheckJob;
use super::client::ClientInfo;
use super::documents::Document;
use super::outbox::Reply;
use super::results::Results;
use super::server::Session;
use super::uri;
use context::Context;

/// A request that was asked.
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) params: serde_json::Value,
    pub(super) reply: Reply,
}

/// What the server offers, with the requests that are answered here.
pub(super) fn with_offers(offers: ServerCapabilities) -> ServerCapabilities {
    ServerCapabilities {
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", "\"", "/", "(", "[", "<", "=", " ", ":"].map(str::to_owned).into()),
            ..CompletionOptions::default()
        }),
        document_formatting_provider: Some(true.into()),
        document_range_formatting_provider: Some(true.into()),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "}".to_owned(),
            more_trigger_character: Some(vec![";".to_owned()]),
        }),
        rename_provider: Some(RenameOptions { prepare_provider: Some(true), ..RenameOptions::default() }.into()),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(vec![
                    CodeActionKind::QuickFix,
                    CodeActionKind::RefactorRewrite,
                    CodeActionKind::new("source.fixAll.protolint"),
                    CodeActionKind::SourceOrganizeImports,
                ]),
                resolve_provider: Some(true),
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![commands::RENAME_ANYWAY.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        type_definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        workspace_symbol_provider: Some(true.into()),
        document_link_provider: Some(DocumentLinkOptions::default()),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        ..offers
    }
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
        .on::<DefinitionRequest>(|at, params| navigation::definition(at, &params))
        .on::<TypeDefinitionRequest>(|at, params| navigation::type_definition(at, &params))
        .on::<ReferencesRequest>(|at, params| navigation::references(at, &params))
        .on::<DocumentHighlightRequest>(|at, params| navigation::highlights(at, &params))
        .on::<DocumentLinkRequest>(|at, _| navigation::links(at))
        .on::<DocumentSymbolRequest>(|at, _| symbols::document_symbols(at).map(Into::into))
        .on::<FoldingRangeRequest>(|at, _| symbols::folding(at))
        .on::<SelectionRangeRequest>(|at, params| symbols::selections(at, &params))
        .on::<InlayHintRequest>(|at, params| symbols::inlay_hints(at, &params))
        .in_config::<CompletionRequest>(|document, params, client| {
            Some(config_file::completion(document, &params, client).into())
        })
        .in_config::<HoverRequest>(config_file::hover)
        .on::<CompletionRequest>(|at, params| completion::completion(at, &params).map(Into::into))
        .with_results::<CodeActionRequest>(
            |params| Some(params.text_document.uri.clone()),
            |at, params, results| {
                let found = actions::actions(at, &params, results);
                Ok(found.map(|found| found.into_iter().map(Into::into).collect()))
            },
        )
        .resolved_already()
        .with_results::<CodeActionResolveRequest>(
            |action| serde_json::from_value::<actions::Chosen>(action.data.clone()?).ok().map(|chosen| chosen.uri),
            actions::resolve,
        )
        .commands()
        .on::<DocumentFormattingRequest>(|at, params| formatting::whole(at, &params))
        .on::<DocumentRangeFormattingRequest>(|at, params| formatting::range(at, &params))
        .on::<DocumentOnTypeFormattingRequest>(|at, params| formatting::on_type(at, &params))
        .or_fail::<PrepareRenameRequest>(|at, params| rename::prepare(at, &params))
        .or_fail::<RenameRequest>(|at, params| rename::rename(at, &params))
        .hover()
        .base_text()
        .on_folders::<WorkspaceSymbolRequest>(|folders, params, client| {
            Some(symbols::workspace_symbols(folders, &params.query, client).into())
        })
        .end();
}

/// The document that a request is about.
trait AboutDocument {
    fn uri(&self) -> &Uri;
}

macro_rules! about_document {
    ($($Params:ident: $($field:ident).+),* $(,)?) => { $(
        impl AboutDocument for gen_lsp_types::$Params {
            fn uri(&self) -> &Uri {
                &self.$($field).+.uri
            }
        }
    )* };
}
about_document! {
    DefinitionParams: text_document_position_params.text_document,
    TypeDefinitionParams: text_document_position_params.text_document,
    ReferenceParams: text_document_position_params.text_document,
    DocumentHighlightParams: text_document_position_params.text_document,
    DocumentLinkParams: text_document,
    DocumentSymbolParams: text_document,
    FoldingRangeParams: text_document,
    SelectionRangeParams: text_document,
    InlayHintParams: text_document,
    DocumentFormattingParams: text_document,
    DocumentRangeFormattingParams: text_document,
    DocumentOnTypeFormattingParams: text_document,
    PrepareRenameParams: text_document_position_params.text_document,
    RenameParams: text_document_position_params.text_document,
    CompletionParams: text_document_position_params.text_document,
    HoverParams: text_document_position_params.text_document,
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

    /// A request about a document, which a worker answers from the snapshot of its folder; with nothing where the
    /// document is in none.
    fn on<R>(&mut self, answer: impl FnOnce(&Context, R::Params) -> R::Result + Send + 'static) -> &mut Self
    where
        R: Request,
        R::Params: AboutDocument,
    {
        self.or_fail::<R>(|at, params| Ok(answer(at, params)))
    }

    /// The same for a request that may have to be refused: why.
    fn or_fail<R>(
        &mut self,
        answer: impl FnOnce(&Context, R::Params) -> Result<R::Result, String> + Send + 'static,
    ) -> &mut Self
    where
        R: Request,
        R::Params: AboutDocument,
    {
        if let Some((params, reply)) = self.is::<R>() {
            let Some(path) = self.session.path_of(params.uri()) else { return self.nothing(reply) };
            let (workers, client) = (self.session.workers.clone(), Arc::clone(&self.session.client));
            self.session.send(Job::With(Box::new(move |folders, _| {
                let snapshot = folders.holding(&path).cloned();
                workers.run(move || {
                    let at = snapshot.and_then(|snapshot| Context::new(snapshot, client, &path));
                    match at {
                        _ if reply.is_cancelled() => {}
                        Some(at) => reply.guarded(|| answer(&at, params)),
                        None => reply.ok(Value::Null),
                    }
                });
            })));
        }
        self
    }

    /// The same for a request that needs to know what was found: it is answered once everything is checked.
    fn with_results<R: Request>(
        &mut self,
        uri: impl FnOnce(&R::Params) -> Option<Uri>,
        answer: impl FnOnce(&Context, R::Params, &Results) -> Result<R::Result, String> + Send + 'static,
    ) -> &mut Self {
        let Some((params, reply)) = self.is::<R>() else { return self };
        let path = uri(&params).and_then(|uri| self.session.path_of(&uri));
        let Some(path) = path else { return self.nothing(reply) };
        let (workers, client) = (self.session.workers.clone(), Arc::clone(&self.session.client));
        let run = {
            let path = path.clone();
            move |results: Option<Arc<Results>>| {
                workers.run(move || {
                    let at = results.as_ref().map(|results| Arc::clone(&results.snapshot));
                    let at = at.and_then(|snapshot| Context::new(snapshot, client, &path));
                    match (at, results) {
                        _ if reply.is_cancelled() => {}
                        (Some(at), Some(results)) => reply.guarded(|| answer(&at, params, &results)),
                        _ => reply.ok(Value::Null),
                    }
                });
            }
        };
        self.session.send(Job::With(Box::new(move |_, checker| {
            let _ = checker.send(CheckJob::With { path, run: Box::new(run) });
        })));
        self
    }

    /// A request about a document that is no schema.
    fn in_config<R>(
        &mut self,
        answer: impl FnOnce(&Document, R::Params, &ClientInfo) -> R::Result + Send + 'static,
    ) -> &mut Self
    where
        R: Request,
        R::Params: AboutDocument,
    {
        let session = self.session;
        let document = |params: &Value| {
            let uri = params.pointer("/textDocument/uri")?.as_str()?.to_owned();
            session.documents.get(&Uri(uri)).filter(|document| !document.is_schema()).cloned()
        };
        let Some(document) = self.asked.as_ref().and_then(|asked| document(&asked.params)) else { return self };
        if let Some((params, reply)) = self.is::<R>() {
            let client = Arc::clone(&session.client);
            session.workers.run(move || reply.guarded(|| Ok(answer(&document, params, &client))));
        }
        self
    }

    /// An action that has its edits already, and is handed back as it is.
    fn resolved_already(&mut self) -> &mut Self {
        let is_whole = |asked: &mut Asked| {
            let data = asked.params.get("data").cloned().unwrap_or_default();
            LspRequestMethod::from(asked.method.as_str()) == CodeActionResolveRequest::METHOD
                && serde_json::from_value::<actions::Chosen>(data).is_err()
        };
        if let Some(Asked { params, reply, .. }) = self.asked.take_if(is_whole) {
            reply.ok(params);
        }
        self
    }

    /// Commands of the server.
    fn commands(&mut self) -> &mut Self {
        if let Some((params, reply)) = self.is::<ExecuteCommandRequest>() {
            commands::execute(params, reply, self.session);
        }
        self
    }

    /// A request about all folders.
    fn on_folders<R: Request>(
        &mut self,
        answer: impl FnOnce(&Folders, R::Params, &Arc<ClientInfo>) -> R::Result + Send + 'static,
    ) -> &mut Self {
        if let Some((params, reply)) = self.is::<R>() {
            let (workers, client) = (self.session.workers.clone(), Arc::clone(&self.session.client));
            self.session.send(Job::With(Box::new(move |folders, _| {
                let folders = folders.clone();
                workers.run(move || reply.guarded(|| Ok(answer(&folders, params, &client))));
            })));
        }
        self
    }

    /// What there is to say of a place; of what was found there, if that is known already.
    fn hover(&mut self) -> &mut Self {
        let board = self.session.board.clone();
        self.on::<HoverRequest>(move |at, params| {
            let path = at.project().absolute(at.file)?;
            hover::hover(at, &params, board.of(&at.snapshot).as_deref(), path)
        })
    }

    /// A text of the base, by its URI.
    fn base_text(&mut self) -> &mut Self {
        let board = self.session.board.clone();
        if let Some((params, reply)) = self.is::<TextDocumentContentRequest>() {
            self.session.workers.run(move || match board.text_of_base(&params.uri) {
                Some(text) => reply.ok(TextDocumentContentResult { text }),
                None => reply.fail(ErrorCode::InvalidParams, format!("`{}` is no text of the base", params.uri)),
            });
        }
        self
    }

    fn nothing(&mut self, reply: Reply) -> &mut Self {
        reply.ok(Value::Null);
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
