//! Where something is used: in one file, or in all of a project.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::names::{self, Meaning, Name, is_same};
use super::{Cursor, file_of, text_of};
use crate::project::Project;
use crate::rules::mentions::Named;
use crate::schema::{Element, File};
use crate::source::{FILES_OF_A_TASK, Place, Span};

/// Where what stands at a place is used, in all files of the project, sorted by path and place; with its declarations,
/// where these are wanted.
pub(crate) fn references(project: &Project, at: Cursor, with_declarations: bool) -> Vec<Place> {
    let Some(name) = names::at(project, at) else { return Vec::new() };
    in_files(project, &files_that_may_use(project, name.of), name.of, with_declarations)
}

/// Where something is used in files with syntax errors: in damaged statements that no schema has, too.
pub(super) fn in_damaged_files(project: &Project, of: Meaning<'_>) -> Vec<Place> {
    let mut files = files_that_may_use(project, of);
    files.retain(|file| file.has_faults());
    in_files(project, &files, of, false)
}

fn in_files(project: &Project, files: &[File<'_>], of: Meaning<'_>, with_declarations: bool) -> Vec<Place> {
    let in_file = |file: &File<'_>| -> Vec<Place> {
        let Some(source) = file.source() else { return Vec::new() };
        let wanted = of_file(project, *file, of).into_iter();
        let wanted = wanted.filter(|found| with_declarations || !found.is_declaration);
        wanted.map(|found| Place { file: source, span: found.span }).collect()
    };
    let found: Vec<Vec<Place>> = files.par_iter().with_max_len(FILES_OF_A_TASK).map(in_file).collect();
    let mut places: Vec<Place> = found.into_iter().flatten().collect();
    places.sort_by_cached_key(|place| (project.sources().get(place.file).path().to_owned(), place.span));
    places
}

/// Where what stands at a place is named in the same file, its declaration included.
pub(crate) fn highlights(project: &Project, at: Cursor) -> Vec<Span> {
    let (Some(file), Some(name)) = (file_of(project, at.file), names::at(project, at)) else { return Vec::new() };
    let found = names::all(project, file).into_iter().filter(|other| is_same(other.of, name.of));
    found.map(|found| found.span).collect()
}

/// The names of a file that stand for something.
fn of_file<'p>(project: &'p Project, file: File<'p>, of: Meaning<'_>) -> Vec<Name<'p>> {
    let text = text_of(project, file);
    // A group is named as a field, in lower case.
    let holds = |word: &str| text.contains(word) || text.contains(&word.to_ascii_lowercase());
    if !last_word(of).is_none_or(holds) {
        return Vec::new();
    }
    names::all(project, file).into_iter().filter(|name| is_same(name.of, of)).collect()
}

/// The word that a text has to hold to use something.
fn last_word(of: Meaning<'_>) -> Option<&str> {
    match of {
        Meaning::Named(Named::Package(package)) => package.rsplit('.').next(),
        Meaning::Named(Named::Element(element)) => name_of(element),
        Meaning::File(file) => file.name().rsplit('/').next(),
        Meaning::Scalar(scalar) => Some(scalar.name()),
        Meaning::Reserved(_) => None,
    }
}

/// What an element is called.
pub(super) fn name_of(element: Element<'_>) -> Option<&str> {
    match element {
        Element::File(_) | Element::Import(_) => None,
        Element::Message(message) => Some(message.name()),
        Element::Field(field) => Some(field.name()),
        Element::Oneof(oneof) => Some(oneof.name()),
        Element::Enum(enumeration) => Some(enumeration.name()),
        Element::EnumValue(value) => Some(value.name()),
        Element::Service(service) => Some(service.name()),
        Element::Method(method) => Some(method.name()),
    }
}

/// The files that can name something: those that import what declares it, also over several steps, as option values
/// lead to types that a file need not import.
fn files_that_may_use<'p>(project: &'p Project, of: Meaning<'_>) -> Vec<File<'p>> {
    let source = match of {
        Meaning::Named(Named::Element(element)) => element.file().source(),
        Meaning::File(file) => file.source(),
        Meaning::Reserved(holder) => {
            return holder.file().source().and_then(|id| file_of(project, id)).into_iter().collect();
        }
        Meaning::Named(Named::Package(_)) | Meaning::Scalar(_) => None,
    };
    // What is built in needs no import where it is an option.
    match source.and_then(|id| file_of(project, id)) {
        Some(declared) => importers(project, declared),
        None => project.schema().files().collect(),
    }
}

/// A file, and all that import it, also through others.
pub(super) fn importers<'p>(project: &'p Project, file: File<'p>) -> Vec<File<'p>> {
    let schema = project.schema();
    let mut importers: Vec<Vec<File<'_>>> = schema.files().map(|_| Vec::new()).collect();
    for importer in schema.files() {
        for target in importer.imports().filter_map(|import| import.target()) {
            importers[target.index as usize].push(importer);
        }
    }
    let mut seen = FxHashSet::from_iter([file.index]);
    let mut reached = vec![file];
    let mut next = 0;
    while let Some(&at) = reached.get(next) {
        next += 1;
        reached.extend(importers[at.index as usize].iter().filter(|importer| seen.insert(importer.index)));
    }
    reached
}
