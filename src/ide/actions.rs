//! What an editor offers to do at a range: fixes of findings, comments that suppress them, imports, and changes of the
//! declaration at hand. What takes a look at more than a file is computed when it is chosen, by [`resolve`].

pub(crate) mod accept;
mod elements;
mod imports;
mod suppress;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::error::Error;
use crate::finding::{Edit, Finding, Fix};
use crate::fix::{FixSession, Only, TextEdit, line_edits};
use crate::project::Project;
use crate::report::Report;
use crate::rules::{self, compile::COMPILE_UNRESOLVED_NAME};
use crate::run::Rules;
use crate::schema::File;
use crate::source::{FileId, Span};
use crate::syntax::{self, Tree};

/// What kind of action an editor shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionKind {
    QuickFix,
    RefactorRewrite,
    SourceFixAll,
    SourceOrganizeImports,
}

/// What an action does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Edits of texts of the project, which do not overlap.
    Edits(Vec<Edit>),
    /// One edit, whose text has places to fill in.
    Snippet(Edit),
    /// [`resolve`] says what, once it is chosen.
    Later(Later),
}

/// What is computed when it is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Later {
    /// The new name that a finding proposes: its fingerprint.
    Rename(String),
    /// All safe fixes of the file.
    FixAll,
    OrganizeImports,
}

/// Something that may be done.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    /// Lower case, names in backticks.
    pub(crate) title: String,
    pub(crate) kind: ActionKind,
    pub(crate) effect: Effect,
    /// Whether it is the one to take unseen.
    pub(crate) is_preferred: bool,
    /// The finding that it is about, by its index among those given.
    pub(crate) finding: Option<usize>,
}

impl Action {
    fn new(title: impl Into<String>, kind: ActionKind, effect: Effect) -> Action {
        Action { title: title.into(), kind, effect, is_preferred: false, finding: None }
    }

    fn about(self, finding: usize) -> Action {
        Action { finding: Some(finding), ..self }
    }
}

/// The edits of one text that may lie outside of the project, by its absolute path; in the order of places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextChange {
    pub(crate) path: PathBuf,
    /// Whether the file has to be created.
    pub(crate) is_new: bool,
    pub(crate) edits: Vec<(Span, String)>,
}

impl TextChange {
    fn between(path: PathBuf, old: &str, new: &str) -> TextChange {
        TextChange { path, is_new: false, edits: line_edits(old, new) }
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(crate) struct ActionRequest<'a> {
    pub(crate) project: &'a Project,
    /// What is found in the file: by rules of one schema, and by comparison with a base.
    pub(crate) findings: &'a [Finding],
    pub(crate) file: FileId,
    /// What is selected; empty where the cursor stands.
    pub(crate) range: Span,
}

impl<'a> ActionRequest<'a> {
    /// The file in the schema.
    fn schema_file(&self) -> Option<File<'a>> {
        self.project.schema().files().find(|file| file.source() == Some(self.file))
    }
}

/// What may be done at a range of a schema's text.
pub(crate) fn actions(request: &ActionRequest<'_>) -> Vec<Action> {
    let source = request.project.sources().get(request.file);
    let (Some(file), true) = (request.schema_file(), source.has_text()) else { return Vec::new() };
    let tree = syntax::parse(source.text());
    let mut found = Vec::new();
    let is_here = |finding: &&(usize, &Finding)| {
        let (_, finding) = **finding;
        finding.place.is_some_and(|place| place.file == request.file && touches(place.span, request.range))
    };
    let here: Vec<(usize, &Finding)> = request.findings.iter().enumerate().collect();
    let here: Vec<(usize, &Finding)> = here.iter().filter(is_here).copied().collect();
    for &(index, finding) in &here {
        found.extend(of_fix(finding, request.file).map(|action| action.about(index)));
        if finding.rule == COMPILE_UNRESOLVED_NAME.id {
            found.extend(imports::missing(request, file, &tree, finding).into_iter().map(|own| own.about(index)));
        }
        found.extend(elements::of_finding(file, &tree, finding).map(|action| action.about(index)));
    }
    for &(index, finding) in &here {
        found.extend(suppress::suppress(request, file, &tree, finding).map(|action| action.about(index)));
    }
    found.extend(elements::at_range(request, file, &tree));
    found.push(Action::new(
        "organize imports",
        ActionKind::SourceOrganizeImports,
        Effect::Later(Later::OrganizeImports),
    ));
    let is_safe = |finding: &Finding| matches!(finding.fix.as_deref(), Some(Fix::Edits(_))) && finding.change.is_none();
    if request
        .findings
        .iter()
        .any(|finding| is_safe(finding) && finding.place.is_some_and(|at| at.file == request.file))
    {
        found.push(Action::new("apply all safe fixes", ActionKind::SourceFixAll, Effect::Later(Later::FixAll)));
    }
    found
}

/// Whether a selection, or the cursor, is at a span.
fn touches(span: Span, range: Span) -> bool {
    span.start <= range.end && range.start <= span.end
}

/// The fix that a finding has itself, for the most part in its own file.
fn of_fix(finding: &Finding, file: FileId) -> Option<Action> {
    match finding.fix.as_deref()? {
        Fix::Edits(edits) if edits.iter().all(|edit| edit.place.file == file) => {
            let title = finding.help.clone().unwrap_or_else(|| format!("fix {}", finding.rule));
            let effect = Effect::Edits(edits.clone());
            Some(Action { is_preferred: true, ..Action::new(title, ActionKind::QuickFix, effect) })
        }
        Fix::Edits(_) => None,
        Fix::Rename { to, .. } => {
            let title = format!("rename to `{to}` everywhere");
            let effect = Effect::Later(Later::Rename(finding.fingerprint()));
            Some(Action::new(title, ActionKind::RefactorRewrite, effect))
        }
    }
}

/// What an action does that was left for later; `check` says what the rules find in a project.
///
/// # Errors
///
/// Why it cannot be done.
pub(crate) fn resolve(
    project: &Project,
    file: FileId,
    later: &Later,
    (rules, check): (&Rules, &dyn Fn(&Project) -> Report),
) -> Result<Vec<TextChange>, String> {
    let path = project.absolute(file).ok_or("the file is not a schema")?.to_owned();
    let session = |only: Only| FixSession::of_report(project, rules, check(project)).only(only, check);
    let fixes = match later {
        Later::OrganizeImports => return imports::organize(project, file),
        Later::FixAll => session(Only::Text(path)).safe(),
        Later::Rename(fingerprint) => session(Only::Fingerprint(fingerprint.clone())).with_renames(),
    };
    let fixes = fixes.map_err(|Error { message, .. }| message)?;
    if let (true, Some(skipped)) = (fixes.texts.is_empty(), fixes.skipped.first()) {
        return Err(skipped.reason.clone());
    }
    let change = |TextEdit { path, old, new, .. }: TextEdit| TextChange::between(path, &old, &new);
    Ok(fixes.texts.into_iter().map(change).collect())
}

/// The innermost statement around a span that is whole.
fn statement_around<'t>(tree: &'t Tree<'t>, span: Span) -> Option<syntax::Node<'t>> {
    let nodes = tree.nodes().filter(|node| syntax::ast::Statement::cast(*node).is_some());
    nodes.filter(|node| node.span().contains(span) && !node.is_damaged()).last()
}

/// Whether comments may suppress what a rule finds.
fn may_be_suppressed(finding: &Finding) -> bool {
    rules::rule_of(finding.rule).is_some_and(crate::run::suppress::suppressible)
}
