//! Imports: the one that a name lacks, and all of a file put in order.

use super::{Action, ActionKind, ActionRequest, Effect, TextChange};
use crate::finding::{Edit, Finding, Fix};
use crate::ide::completion::cursor::Cursor;
use crate::ide::completion::types::Importers;
use crate::project::Project;
use crate::rules::compile::{COMPILE_IMPORT_DUPLICATE, COMPILE_UNRESOLVED_NAME};
use crate::run::Rules;
use crate::schema::{File, NameUse, Names, Target, built_in_types};
use crate::source::{FileId, Place, Span};
use crate::syntax::{self, Repair, Tree, edit};

/// So many files are offered for one name.
const MAX_OFFERED: usize = 8;

/// How often a text is looked at again: one edit may make room for the next.
const MAX_PASSES: usize = 10;

/// An import that a name lacks, with how the name is then written.
struct Candidate {
    path: String,
    written: String,
}

/// The actions that import what a name may stand for: one for each file that declares it.
pub(super) fn missing(request: &ActionRequest<'_>, file: File<'_>, tree: &Tree<'_>, finding: &Finding) -> Vec<Action> {
    let Some(used) = Used::at(request.text(), tree, file, finding) else { return Vec::new() };
    let candidates = used.candidates(file);
    let action = |Candidate { path, written }: &Candidate| {
        let mut edits = vec![import(request.file, tree, path)];
        let mut title = format!("import \"{path}\"");
        if *written != used.name {
            edits.push(Edit { place: Place { file: request.file, span: used.span }, text: written.clone() });
            title.push_str(&format!(" and write `{written}`"));
        }
        let is_preferred = candidates.len() == 1;
        Action { is_preferred, ..Action::new(title, ActionKind::QuickFix, Effect::Edits(edits)) }
    };
    candidates.iter().map(action).collect()
}

fn import(file: FileId, tree: &Tree<'_>, path: &str) -> Edit {
    let Repair { span, text } = edit::add_import(tree, path);
    Edit { place: Place { file, span }, text }
}

/// A name that stands for nothing.
struct Used {
    name: String,
    span: Span,
    scope: String,
    name_use: NameUse,
}

impl Used {
    /// The name that a finding is about: of an option the one in its message.
    fn at(text: &str, tree: &Tree<'_>, file: File<'_>, finding: &Finding) -> Option<Used> {
        let Place { span, .. } = finding.place?;
        let name = finding.message.split('`').nth(1)?.to_owned();
        let at = span.slice(text).find(&name)? as u32;
        let span = Span::new(span.start + at, span.start + at + name.len() as u32);
        let cursor = Cursor::new(tree, span.start);
        let scope = cursor.scope(file.package().unwrap_or_default(), true);
        let name_use = match cursor.innermost().map(|frame| frame.open) {
            Some(open) if tree.tokens()[open].is(b'(') => match cursor.header(cursor.innermost()?).first() {
                Some(first) if cursor.slice(*first) == "rpc" => NameUse::Message,
                _ => NameUse::Extension,
            },
            _ if cursor.before().first().is_some_and(|first| cursor.slice(*first) == "extend") => NameUse::Message,
            _ => NameUse::FieldType,
        };
        Some(Used { name, span, scope, name_use })
    }

    fn fits(&self, full_name: &str) -> bool {
        let wanted = self.name.trim_start_matches('.');
        full_name == wanted || full_name.strip_suffix(wanted).is_some_and(|scope| scope.ends_with('.'))
    }

    /// The files that declare it, each with the name that leads there once it is imported.
    fn candidates(&self, file: File<'_>) -> Vec<Candidate> {
        let schema = file.schema;
        let mut importers = Importers::new(file);
        let found: Vec<(File<'_>, String, Target)> = schema
            .files()
            .flat_map(|other| self.declared(other).into_iter().map(move |(name, target)| (other, name, target)))
            .filter(|(other, ..)| importers.may_be_imported(*other))
            .take(MAX_OFFERED)
            .collect();
        let files: Vec<u32> = found.iter().map(|(other, ..)| other.index).collect();
        let names = schema.names_seen_by(file, &files);
        let mut candidates: Vec<Candidate> = Vec::new();
        for (other, full_name, target) in found {
            let written = names.with(other.index, |names| self.written(names, &full_name, target));
            let is_new = !candidates.iter().any(|known| known.path == other.name());
            if let Some(written) = written.filter(|_| is_new) {
                candidates.push(Candidate { path: other.name().to_owned(), written });
            }
        }
        if candidates.is_empty() && self.name_use != NameUse::Extension {
            let seen = schema.names_seen_by(file, &[]);
            let well_known = built_in_types().filter(|(full_name, _)| self.fits(full_name));
            candidates.extend(well_known.map(|(full_name, path)| Candidate {
                path: path.to_owned(),
                written: seen.now(|names| names.of_new(&self.scope, full_name)),
            }));
        }
        candidates
    }

    /// What a file declares that may be meant.
    fn declared<'s>(&self, file: File<'s>) -> Vec<(String, Target)> {
        if self.name_use == NameUse::Extension {
            let extensions = file.all_fields().filter(|field| field.is_extension());
            let named = extensions.map(|field| (field.full_name(), Target::Field(file.index, field.index)));
            return named.filter(|(full_name, _)| self.fits(full_name)).collect();
        }
        let messages = file.all_messages().filter(|message| !message.is_map_entry() && !message.is_local());
        let messages = messages.map(|message| (message.full_name(), Target::Message(file.index, message.index)));
        let enums = file.all_enums().filter(|own| self.name_use == NameUse::FieldType && !own.is_local());
        let enums = enums.map(|own| (own.full_name(), Target::Enum(file.index, own.index)));
        let found = messages.chain(enums).filter(|(full_name, _)| self.fits(full_name));
        found.map(|(full_name, target)| (full_name.to_owned(), target)).collect()
    }

    /// The name as it is if that leads there, else the shortest one that does.
    fn written(&self, names: &mut Names<'_>, full_name: &str, target: Target) -> Option<String> {
        match names.get(&self.scope, &self.name, self.name_use) == Some(target) {
            true => Some(self.name.clone()),
            false => names.shortest(&self.scope, full_name, target, self.name_use),
        }
    }
}

/// Removes imports that are unused or there twice, adds those that are missing where only one file can be meant, and
/// sorts them.
///
/// # Errors
///
/// Why that cannot be done.
pub(super) fn organize(project: &Project, file: FileId) -> Result<Vec<TextChange>, String> {
    let path = project.absolute(file).ok_or("the file is not a schema")?.to_owned();
    let old = project.sources().get(file).text();
    let mut text = old.to_owned();
    for edits_of in [used_only, sorted] {
        for _ in 0..MAX_PASSES {
            let now = project.with_texts([(path.clone(), text.clone())]).map_err(|error| error.message)?;
            let found = now.sources().iter().find(|(id, _)| now.absolute(*id) == Some(&path));
            let edits = found.map(|(id, _)| edits_of(&now, id)).unwrap_or_default();
            if edits.is_empty() {
                break;
            }
            text = with_edits(&text, edits);
        }
    }
    Ok(if text == old { Vec::new() } else { vec![TextChange::between(path, old, &text)] })
}

/// What the rules of that name find in a file.
fn found(project: &Project, file: FileId, rules: &[&str]) -> Vec<Finding> {
    let rules = Rules::named(rules.iter().copied()).expect("the rules are known");
    let report = project.lint(&rules);
    report.findings.into_iter().filter(|finding| finding.place.is_some_and(|place| place.file == file)).collect()
}

/// The edits that remove imports which nothing needs, and add those that are missing.
fn used_only(project: &Project, file: FileId) -> Vec<Edit> {
    let text = project.sources().get(file).text();
    let tree = syntax::parse(text);
    let mut edits = Vec::new();
    let request = ActionRequest { project, findings: &[], file, range: Span::new(0, 0) };
    let mut added: Vec<String> = Vec::new();
    for finding in found(project, file, &["IMPORT_USED"]) {
        match finding.fix.as_deref() {
            Some(Fix::Edits(own)) => edits.extend(own.iter().cloned()),
            _ if finding.rule == COMPILE_IMPORT_DUPLICATE.id => {
                let Some(place) = finding.place else { continue };
                let Repair { span, text } = edit::remove_statement(&tree, place.span);
                edits.push(Edit { place: Place { file, span }, text });
            }
            _ if finding.rule == COMPILE_UNRESOLVED_NAME.id => {
                let Some(own) = request.schema_file() else { continue };
                let used = Used::at(text, &tree, own, &finding);
                let mut candidates = used.as_ref().map(|used| used.candidates(own)).unwrap_or_default();
                if let (Some(only), true, Some(used)) = (candidates.pop(), candidates.is_empty(), used) {
                    if only.written != used.name {
                        edits.push(Edit { place: Place { file, span: used.span }, text: only.written });
                    }
                    if !added.contains(&only.path) {
                        edits.push(import(file, &tree, &only.path));
                        added.push(only.path);
                    }
                }
            }
            _ => {}
        }
    }
    edits
}

fn sorted(project: &Project, file: FileId) -> Vec<Edit> {
    let findings = found(project, file, &["IMPORT_SORTED"]);
    let sorts = findings.iter().filter(|finding| finding.rule == "IMPORT_SORTED");
    let edits = sorts.filter_map(|finding| match finding.fix.as_deref() {
        Some(Fix::Edits(edits)) => Some(edits.clone()),
        _ => None,
    });
    edits.flatten().collect()
}

/// A text after edits; of those that overlap the first is made.
fn with_edits(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort();
    edits.dedup();
    let (mut new, mut end) = (String::with_capacity(text.len()), 0);
    for Edit { place: Place { span, .. }, text: come } in edits {
        let range = span.range();
        if range.start < end {
            continue;
        }
        new.push_str(&text[end..range.start]);
        new.push_str(&come);
        end = range.end;
    }
    new.push_str(&text[end..]);
    new
}
