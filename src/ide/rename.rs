//! New names, in all files of a project that use the old ones.

use std::fmt;

use rustc_hash::FxHashSet;

use super::names::{self, Meaning, Name};
use super::references::{in_damaged_files, name_of};
use super::{Cursor, file_of};
use crate::finding::{Edit, Finding, Layer};
use crate::fix::mentions::Named;
use crate::fix::{self, Renamed};
use crate::project::Project;
use crate::run::{Policy, compare};
use crate::schema::{Element, Field, FieldType, Message};
use crate::source::Span;

/// The state that others have, which new names are held against.
pub(crate) struct PublishedBase<'a> {
    pub(crate) base: &'a Project,
    /// What it is called, such as `main (3f2c1a9)`.
    pub(crate) name: &'a str,
    /// What is a break.
    pub(crate) policy: &'a Policy,
}

/// What a new name changes, in texts of the project.
#[derive(Clone, Debug)]
pub(crate) struct RenameEdits {
    /// Sorted by file and place, and none meets another.
    pub(crate) edits: Vec<Edit>,
}

/// Why something does not get a new name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It cannot have it: why.
    Impossible(String),
    /// It can, but others know the old name. Without [`PublishedBase`] it is given all the same.
    Breaks {
        /// The old name.
        name: String,
        /// What the new name would break.
        layers: Vec<Layer>,
        /// What knows the old name.
        base: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Impossible(why) => f.write_str(why),
            Refusal::Breaks { name, layers, base } => {
                let layers: Vec<&str> = layers.iter().map(|layer| layer.name()).collect();
                write!(f, "renaming `{name}` breaks {} against {base}", layers.join(", "))
            }
        }
    }
}

/// The word at a place that can get a new name.
///
/// # Errors
///
/// Why it cannot.
pub(crate) fn prepare_rename(project: &Project, at: Cursor) -> Result<(Span, String), String> {
    let (name, _) = renamable(project, at)?;
    let text = project.sources().get(at.file).text();
    Ok((name.span, name.span.slice(text).to_owned()))
}

/// Gives what stands at a place a new name, wherever the project uses the old one: also in option values, in paths of
/// `google.api.http` and in expressions of protovalidate.
///
/// # Errors
///
/// Why it does not get it.
pub(crate) fn rename(
    project: &Project,
    at: Cursor,
    to: &str,
    published: Option<&PublishedBase<'_>>,
) -> Result<RenameEdits, Refusal> {
    let (name, named) = renamable(project, at).map_err(Refusal::Impossible)?;
    let symbol = named.full_name();
    let is_package = matches!(named, Named::Package(_));
    if symbol.rsplit('.').next() == Some(to) {
        return Ok(RenameEdits { edits: Vec::new() });
    }
    let renamed = fix::rename(project, &symbol, is_package, to).map_err(Refusal::Impossible)?;
    if let Some(published) = published {
        let layers = broken(project, &renamed, published);
        if !layers.is_empty() {
            let name = symbol.rsplit('.').next().unwrap_or(&symbol).to_owned();
            return Err(Refusal::Breaks { name, layers, base: published.name.to_owned() });
        }
    }
    let mut edits = renamed.edits;
    // Damaged statements are not checked, but follow.
    for place in in_damaged_files(project, name.of) {
        if !edits.iter().any(|edit| edit.place == place) {
            edits.push(Edit { place, text: to.to_owned() });
        }
    }
    edits.sort();
    Ok(RenameEdits { edits })
}

/// What stands at a place, if its declaration is in a text that can be changed.
fn renamable(project: &Project, at: Cursor) -> Result<(Name<'_>, Named<'_>), String> {
    let file = file_of(project, at.file).ok_or("the file is not part of the project")?;
    if !project.sources().get(at.file).has_text() {
        return Err(format!("`{}` has no text", file.name()));
    }
    let name = names::at(project, at).ok_or("no name that can be changed is here")?;
    let named = match name.of {
        Meaning::Named(Named::Element(element)) => Named::Element(names::in_project(project, element)),
        Meaning::Named(package) => package,
        Meaning::File(file) => return Err(format!("`{}` is the path of a file: move the file instead", file.name())),
        Meaning::Scalar(scalar) => return Err(format!("`{}` is a type of the language", scalar.name())),
        Meaning::Reserved(_) => return Err("a reserved name belongs to nothing".to_owned()),
    };
    if let Named::Element(element) = named {
        let declared = element.file();
        if declared.source().is_none() {
            return Err(format!("`{}` is declared in `{}`, which is built in", element.full_name(), declared.name()));
        }
        if let Element::Message(message) = element
            && message.file().all_fields().any(|field| field.is_group() && is_of(field, message))
        {
            return Err("a group and its field share the name".to_owned());
        }
        if name_of(element).is_none() {
            return Err("no name that can be changed is here".to_owned());
        }
    }
    Ok((name, named))
}

fn is_of(field: Field<'_>, message: Message<'_>) -> bool {
    field.field_type() == FieldType::Message(message)
}

/// The layers in which new changes break the published state.
fn broken(project: &Project, renamed: &Renamed, published: &PublishedBase<'_>) -> Vec<Layer> {
    let policy = published.policy.clone().with_evidence(0);
    let changes = |after: &Project| -> Vec<Finding> {
        let found = compare(published.base, after, &policy).findings;
        found.into_iter().filter(|finding| finding.change.is_some()).collect()
    };
    let known: FxHashSet<String> = changes(project).iter().map(Finding::fingerprint).collect();
    let new = changes(&renamed.project).into_iter().filter(|finding| !known.contains(&finding.fingerprint()));
    let verdicts = new.filter_map(|finding| Some(finding.change?.verdict));
    let layers: FxHashSet<Layer> = verdicts.flat_map(|verdict| verdict.layers().collect::<Vec<_>>()).collect();
    Layer::ALL.into_iter().filter(|layer| layers.contains(layer)).collect()
}
