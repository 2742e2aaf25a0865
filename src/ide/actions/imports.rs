//! Imports: the one that a name lacks, and all of a file put in order.

use super::{Action, ActionKind, ActionRequest, Effect, TextChange};
use crate::finding::{Edit, Finding, Fix};
use crate::ide::completion::cursor::Cursor;
use crate::ide::completion::types::Importers;
use crate::project::Project;
use crate::rules::compile::{COMPILE_IMPORT_DUPLICATE, used_at};
use crate::rules::{Rule, find, findings_in};
use crate::schema::{File, NameUse, Names, Site, Target, Unresolved, built_in_types};
use crate::source::{FileId, Place, Sources, Span};
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
    let is_meant = |unresolved: &&Unresolved| {
        let (element, part, _) = used_at(file, unresolved.site);
        element.locate(part) == finding.place
    };
    let unresolved = file.unresolved().iter().find(is_meant);
    let Some(used) = unresolved.and_then(|own| Used::new(tree, file, own.site)) else { return Vec::new() };
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
    /// The name at a site of a file.
    fn new(tree: &Tree<'_>, file: File<'_>, site: Site) -> Option<Used> {
        let (element, part, name) = used_at(file, site);
        let around = match site {
            Site::Option(_, part) => file.data().option_parts[part as usize].span,
            _ => element.locate(part)?.span,
        };
        // The type of a map is all of it.
        let at = around.slice(tree.source()).find(name)? as u32;
        let span = Span::new(around.start + at, around.start + at + name.len() as u32);
        let cursor = Cursor::new(tree, span.start);
        let scope = cursor.scope(file.package().unwrap_or_default(), true);
        let name_use = match site {
            Site::FieldType(_) => NameUse::FieldType,
            Site::Extendee(_) | Site::Input(_) | Site::Output(_) => NameUse::Message,
            Site::Option(..) => NameUse::Extension,
        };
        Some(Used { name: name.to_owned(), span, scope, name_use })
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
    let steps: [fn(File<'_>, &Sources) -> Vec<Edit>; 2] = [used_only, sorted];
    for edits_of in steps {
        for _ in 0..MAX_PASSES {
            let now = project.with_texts([(path.clone(), text.clone())]).map_err(|error| error.message)?;
            let is_own = |file: &File<'_>| file.source().and_then(|id| now.absolute(id)) == Some(&path);
            let file = now.schema().files().find(is_own);
            let edits = file.map(|file| edits_of(file, now.sources())).unwrap_or_default();
            if edits.is_empty() {
                break;
            }
            text = with_edits(&text, edits);
        }
    }
    Ok(if text == old { Vec::new() } else { vec![TextChange::between(path, old, &text)] })
}

/// The edits that remove imports which nothing needs, and add those that are missing.
fn used_only(file: File<'_>, sources: &Sources) -> Vec<Edit> {
    let Some(id) = file.source() else { return Vec::new() };
    let tree = syntax::parse(sources.get(id).text());
    let mut edits: Vec<Edit> = fixes(find("IMPORT_USED"), file, sources);
    for place in findings_in(&COMPILE_IMPORT_DUPLICATE, file, sources).into_iter().filter_map(|finding| finding.place) {
        let Repair { span, text } = edit::remove_statement(&tree, place.span);
        edits.push(Edit { place: Place { span, ..place }, text });
    }
    let mut added: Vec<String> = Vec::new();
    for used in file.unresolved().iter().filter_map(|own| Used::new(&tree, file, own.site)) {
        let mut candidates = used.candidates(file);
        let (Some(only), true) = (candidates.pop(), candidates.is_empty()) else { continue };
        if only.written != used.name {
            edits.push(Edit { place: Place { file: id, span: used.span }, text: only.written });
        }
        if !added.contains(&only.path) {
            edits.push(import(id, &tree, &only.path));
            added.push(only.path);
        }
    }
    edits
}

fn sorted(file: File<'_>, sources: &Sources) -> Vec<Edit> {
    fixes(find("IMPORT_SORTED"), file, sources)
}

/// The edits of the fixes of what a rule finds in a file.
fn fixes(rule: Option<&'static Rule>, file: File<'_>, sources: &Sources) -> Vec<Edit> {
    let findings = rule.map(|rule| findings_in(rule, file, sources)).unwrap_or_default();
    let edits = findings.into_iter().filter_map(|finding| match finding.fix.map(|fix| *fix) {
        Some(Fix::Edits(edits)) => Some(edits),
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
