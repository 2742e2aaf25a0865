//! The commands of the server, which the client offers as its own.

use gen_lsp_types::{ApplyWorkspaceEditParams, ExecuteCommandParams, Position, Uri};
use lsp_server::ErrorCode;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

use super::context::Context;
use super::{edits, rename};
use crate::lsp::analysis::Job;
use crate::lsp::outbox::Reply;
use crate::lsp::server::Session;

/// Gives a new name whatever that breaks: `{"uri": …, "position": …, "newName": …}`.
pub(super) const RENAME_ANYWAY: &str = "protolint.renameAnyway";

/// What that command is given.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RenameAnyway {
    uri: Uri,
    position: Position,
    new_name: String,
}

/// Does what a command says; what changes is sent as edits to apply.
pub(super) fn execute(params: ExecuteCommandParams, reply: Reply, session: &Session) {
    if params.command != RENAME_ANYWAY {
        return reply.fail(ErrorCode::InvalidParams, format!("`{}` is not a command", params.command));
    }
    let first = params.arguments.and_then(|arguments| arguments.into_iter().next()).unwrap_or(Value::Null);
    let asked: RenameAnyway = match serde_json::from_value(first) {
        Ok(asked) => asked,
        Err(error) => return reply.fail(ErrorCode::InvalidParams, error.to_string()),
    };
    let Some(path) = session.path_of(&asked.uri) else { return reply.ok(Value::Null) };
    let (workers, client, outbox) = (session.workers.clone(), Arc::clone(&session.client), session.outbox.clone());
    session.send(Job::With(Box::new(move |folders, _| {
        let snapshot = folders.holding(&path).cloned();
        workers.run(move || {
            let Some(at) = snapshot.and_then(|snapshot| Context::new(snapshot, client, &path)) else {
                return reply.ok(Value::Null);
            };
            reply.guarded(|| {
                let found = rename::renamed(&at, asked.position, &asked.new_name)?;
                let edit = edits::of_workspace(&at, &found);
                let label = Some(format!("rename to `{}`", asked.new_name));
                outbox.request("workspace/applyEdit", ApplyWorkspaceEditParams { label, edit, metadata: None });
                Ok(Value::Null)
            });
        });
    })));
}
