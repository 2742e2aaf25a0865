//! What may be done at a place, and what is done when it is chosen. Nothing is written here: the client gets edits.

use std::path::{Path, PathBuf};

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CreateFile, CreateFileOptions, DocumentChange, Edit as LspEdit,
    OptionalVersionedTextDocumentIdentifier, SnippetTextEdit, StringValue, TextDocumentEdit, TextDocumentIdentifier,
    TextEdit, WorkspaceEdit,
};
use serde::{Deserialize, Serialize};

use super::completion::without_places;
use super::context::Context;
use super::edits;
use crate::finding::{Edit, Finding, Fix, Label};
use crate::ide::actions::{self, Action, ActionKind, ActionRequest, Effect, Later, TextChange};
use crate::lsp::diagnostics::Converter;
use crate::lsp::results::Results;
use crate::lsp::uri;
use crate::report::Report;
use crate::run::suppress::may_be_accepted;
use crate::source::{FileId, Place, Sources, line_starts};

/// What the client hands back when an action is chosen whose edits were left for later.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Chosen {
    pub(super) uri: gen_lsp_types::Uri,
    what: What,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    Rename(String),
    FixAll,
    OrganizeImports,
    /// The fingerprint of a change.
    Accept(String),
}

/// The actions at a range.
pub(super) fn actions(at: &Context, params: &CodeActionParams, results: &Results) -> Option<Vec<CodeAction>> {
    let path = at.project().absolute(at.file)?;
    let findings = findings(at, results, path);
    let request = ActionRequest {
        project: at.project(),
        findings: &findings,
        file: at.file,
        range: at.lines().span(params.range),
    };
    let is_wanted = |kind: &CodeActionKind| match &params.context.only {
        Some(only) => only.iter().any(|wanted| is_of(kind, wanted)),
        // Those for a whole file are asked for.
        None => !kind_name(kind).starts_with("source"),
    };
    let found = actions::actions(&request).into_iter();
    let mut found: Vec<CodeAction> = found
        .filter(|action| is_wanted(&kind(action.kind)))
        .filter_map(|action| code_action(at, action, &findings, results))
        .collect();
    if is_wanted(&CodeActionKind::QuickFix) {
        let here = findings.iter().filter(|finding| may_be_accepted(finding) && touches(finding, &request));
        found.extend(here.filter_map(|finding| accept(at, finding, results)));
    }
    Some(found)
}

/// What was found in a file, as if all of it were about the texts of the project.
fn findings(at: &Context, results: &Results, path: &Path) -> Vec<Finding> {
    let own = results.of_check_in(path).iter().cloned();
    let changes = results.of_changes_in(path).map(|(report, finding)| moved(at, results, report, finding));
    own.chain(changes).collect()
}

/// A finding of a comparison with its places in the texts of the project.
fn moved(at: &Context, results: &Results, report: &Report, finding: &Finding) -> Finding {
    let text_of = |id: FileId| {
        let path = results.changes.as_ref()?.sides.absolute(id)?;
        (report.sources.get(id).revision().is_none()).then(|| at.snapshot.text_at(path)).flatten()
    };
    let place = |place: Place| Some(Place { file: text_of(place.file)?, ..place });
    let labels = finding.labels.iter();
    let labels = labels.filter_map(|label| Some(Label { place: place(label.place)?, text: label.text.clone() }));
    let fix = finding.fix.as_deref().and_then(|fix| match fix {
        Fix::Edits(edits) => {
            let moved = |edit: &Edit| Some(Edit { place: place(edit.place)?, text: edit.text.clone() });
            Some(Fix::Edits(edits.iter().map(moved).collect::<Option<_>>()?))
        }
        Fix::Rename { .. } => None,
    });
    Finding {
        place: finding.place.and_then(place),
        labels: labels.collect(),
        fix: fix.map(Box::new),
        ..finding.clone()
    }
}

fn touches(finding: &Finding, request: &ActionRequest<'_>) -> bool {
    finding.place.is_some_and(|place| {
        place.file == request.file && place.span.start <= request.range.end && request.range.start <= place.span.end
    })
}

fn kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QuickFix,
        ActionKind::RefactorRewrite => CodeActionKind::RefactorRewrite,
        ActionKind::SourceFixAll => CodeActionKind::new("source.fixAll.protolint"),
        ActionKind::SourceOrganizeImports => CodeActionKind::SourceOrganizeImports,
    }
}

fn kind_name(kind: &CodeActionKind) -> String {
    serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Whether a kind is one of another, such as `refactor.rewrite` of `refactor`.
fn is_of(kind: &CodeActionKind, wanted: &CodeActionKind) -> bool {
    let (kind, wanted) = (kind_name(kind), kind_name(wanted));
    kind.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn code_action(at: &Context, action: Action, findings: &[Finding], results: &Results) -> Option<CodeAction> {
    let (edit, what) = match action.effect {
        Effect::Edits(edits) => (Some(edits::of_workspace(at, &edits)), None),
        Effect::Snippet(edit) => (Some(snippet(at, edit)), None),
        Effect::Later(later) => (None, Some(later)),
    };
    let what = what.map(|later| match later {
        Later::Rename(fingerprint) => What::Rename(fingerprint),
        Later::FixAll => What::FixAll,
        Later::OrganizeImports => What::OrganizeImports,
    });
    let diagnostics = action.finding.and_then(|at| findings.get(at)).map(|finding| vec![diagnostic(at, finding)]);
    let code_action = CodeAction {
        title: action.title,
        kind: Some(kind(action.kind)),
        diagnostics,
        is_preferred: action.is_preferred.then_some(true),
        edit,
        ..CodeAction::default()
    };
    with_edits(at, code_action, what, results)
}

/// An action with what it does; for a client that asks for that later with what to hand back then.
fn with_edits(at: &Context, action: CodeAction, what: Option<What>, results: &Results) -> Option<CodeAction> {
    let Some(what) = what else { return Some(action) };
    let chosen = Chosen { uri: at.uri_of(at.file)?, what };
    if at.client.resolves_actions() {
        return Some(CodeAction { data: serde_json::to_value(chosen).ok(), ..action });
    }
    let edit = resolved(at, &chosen, results).ok()?;
    Some(CodeAction { edit: Some(edit), ..action })
}

/// The finding as the client has it.
fn diagnostic(at: &Context, finding: &Finding) -> gen_lsp_types::Diagnostic {
    let uri = |id: FileId| at.uri_of(id);
    Converter { sources: at.project().sources(), uri: &uri, shown: at.client.manner().shown }.diagnostic(finding)
}

/// The action that accepts a change.
fn accept(at: &Context, finding: &Finding, results: &Results) -> Option<CodeAction> {
    let action = CodeAction {
        title: format!("accept this change ({})", finding.rule),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![diagnostic(at, finding)]),
        ..CodeAction::default()
    };
    with_edits(at, action, Some(What::Accept(finding.fingerprint())), results)
}

/// One edit, with places to fill in where the client takes these.
fn snippet(at: &Context, edit: Edit) -> WorkspaceEdit {
    if !(at.client.takes_snippet_edits() && at.client.takes_document_changes()) {
        let text = without_places(&edit.text);
        return edits::of_workspace(at, &[Edit { text, ..edit }]);
    }
    let range = at.lines_of(edit.place.file).range(edit.place.span);
    let snippet = SnippetTextEdit { range, snippet: StringValue { value: edit.text }, annotation_id: None };
    let identifier =
        TextDocumentIdentifier { uri: at.uri_of(edit.place.file).unwrap_or(gen_lsp_types::Uri(String::new())) };
    let text_document = OptionalVersionedTextDocumentIdentifier {
        version: edits::version(at, edit.place.file),
        text_document_identifier: identifier,
    };
    let change = TextDocumentEdit { text_document, edits: vec![LspEdit::SnippetTextEdit(snippet)] };
    WorkspaceEdit { document_changes: Some(vec![DocumentChange::TextDocumentEdit(change)]), ..WorkspaceEdit::default() }
}

/// An action that was chosen, with its edits.
pub(super) fn resolve(at: &Context, action: CodeAction, results: &Results) -> Result<CodeAction, String> {
    let chosen = action.data.clone().map(serde_json::from_value::<Chosen>);
    let Some(Ok(chosen)) = chosen else { return Ok(action) };
    let edit = resolved(at, &chosen, results)?;
    Ok(CodeAction { edit: Some(edit), ..action })
}

fn resolved(at: &Context, chosen: &Chosen, results: &Results) -> Result<WorkspaceEdit, String> {
    let held = at.snapshot.held.as_ref().map_err(|_| "the configuration has errors")?;
    let later = match &chosen.what {
        What::Rename(fingerprint) => Later::Rename(fingerprint.clone()),
        What::FixAll => Later::FixAll,
        What::OrganizeImports => Later::OrganizeImports,
        What::Accept(fingerprint) => {
            let changes = results.changes.as_ref().ok_or("nothing was compared with a base")?;
            let report = &changes.report;
            let is_it = |finding: &&Finding| finding.change.is_some() && finding.fingerprint() == *fingerprint;
            let finding = report.findings.iter().find(is_it).ok_or("the change is gone")?;
            let path = actions::accept::accepted_path(&held.breaking);
            let text = match at.snapshot.documents.at(&path) {
                Some(document) => document.text.clone(),
                None => std::fs::read_to_string(&path).unwrap_or_default(),
            };
            let change = actions::accept::accept((path, text), finding, changes.asked.as_deref(), &report.findings)?;
            return Ok(of_changes(at, vec![change]));
        }
    };
    let check = |project: &crate::project::Project| project.lint(&held.rules);
    let changes = actions::resolve(at.project(), at.file, &later, (&held.rules, &check))?;
    Ok(of_changes(at, changes))
}

/// Changes of files by path, some of which may have to be made.
fn of_changes(at: &Context, changes: Vec<TextChange>) -> WorkspaceEdit {
    let mut new: Vec<PathBuf> = Vec::new();
    let mut files = Vec::new();
    for change in changes {
        let text = text_of(at, &change.path);
        let starts = line_starts(&text);
        let lines = crate::lsp::position::Lines { text: &text, starts: &starts, encoding: at.client.encoding };
        let edit = |(span, new_text)| TextEdit { range: lines.range(span), new_text };
        let version = at.snapshot.documents.at(&change.path).map(|document| document.version);
        files.push((at.snapshot.uri(&change.path), version, change.edits.into_iter().map(edit).collect()));
        if change.is_new {
            new.push(change.path);
        }
    }
    let mut edit = edits::of_files(at, files);
    if let Some(changes) = &mut edit.document_changes {
        let options = Some(CreateFileOptions { ignore_if_exists: Some(true), ..CreateFileOptions::default() });
        let create = |path: &PathBuf| {
            let file = CreateFile { uri: uri::from_path(path), options, annotation_id: None };
            DocumentChange::CreateFile(file)
        };
        let created: Vec<DocumentChange> = new.iter().map(create).collect();
        changes.splice(0..0, created);
    }
    edit
}

/// The text of a file as the client has it.
fn text_of(at: &Context, path: &Path) -> String {
    if let Some(document) = at.snapshot.documents.at(path) {
        return document.text.clone();
    }
    let sources: &Sources = at.project().sources();
    match at.snapshot.text_at(path) {
        Some(id) => sources.get(id).text().to_owned(),
        None => std::fs::read_to_string(path).unwrap_or_default(),
    }
}
