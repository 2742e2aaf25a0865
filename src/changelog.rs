//! All changes between two states of schemas, breaking or not: what `breaking` pairs is compared property by property,
//! and what it reports is laid beside it. It reads no files, prints nothing, and has no pairing of its own.

mod breaks;
mod bump;
mod comments;
mod declaration;
mod details;
mod differences;
mod members;
mod next_version;
mod options;
mod properties;
mod whole;

pub use bump::{Bump, BumpReason};
pub use next_version::NextVersion;

use rayon::prelude::*;

use crate::compare::pairing::{Comparison, RootPairs};
use crate::project::Project;
use crate::project::sides::Sides;
use crate::report::changelog::{ChangeKind, Changelog, Detail, ElementKind, Entry};
use crate::schema::{Element, Part};
use breaks::Breaks;
use differences::Differences;

/// A change that was found, before anything is said of it.
struct Draft<'s> {
    change: ChangeKind,
    kind: ElementKind,
    /// The element as it was; of a package any of its files.
    before: Option<Element<'s>>,
    /// The element as it is.
    after: Option<Element<'s>>,
    /// Where it is added or deleted: the element, or the files of the package.
    whole: Vec<Element<'s>>,
    details: Vec<Detail>,
    /// What was there before, and what is there now.
    texts: (Option<String>, Option<String>),
}

impl Sides {
    /// Every change between both sides, with what it breaks: those that break something first, then by package,
    /// container and name. What lies inside of something that is added or deleted has no entry of its own.
    ///
    /// ```
    /// use protolint::{ChangeKind, Project, Sides};
    ///
    /// let text = |fields| format!("syntax = \"proto3\";\npackage a.v1;\nmessage User {{\n{fields}}}\n");
    /// let before = Project::in_memory([("a/v1/a.proto", text("  string name = 1;\n"))]);
    /// let after = Project::in_memory([("a/v1/a.proto", text("  string name = 1;\n  string email = 2;\n"))]);
    /// let changelog = Sides::new(&before, &after).changelog();
    /// let [entry] = &changelog.entries[..] else { panic!("one field was added") };
    /// assert_eq!((entry.change, entry.symbol.as_str()), (ChangeKind::Added, "a.v1.User.email"));
    /// assert_eq!(entry.after.as_deref(), Some("string email = 2;"));
    /// ```
    pub fn changelog(&self) -> Changelog {
        let roots = RootPairs::new(&self.roots.later, self.roots.count);
        let comparison = Comparison::new(&self.before.schema, &self.after.schema, roots, true);
        let (drafts, (breaks, faults)) =
            rayon::join(|| Differences::new(&comparison, self).all(), || Breaks::new(self));
        let entries = sorted(breaks.entries(drafts, &comparison));
        Changelog { from: self.base.clone(), to: String::new(), entries, faults, sources: self.sources.clone() }
    }
}

/// What became of one file of which nothing else is known.
pub(crate) enum FileChange {
    /// The schema is another one, as far as one file shows.
    Schema(Box<Changelog>),
    /// Only the text is another one, or one of both is not there or no schema.
    Text,
}

impl FileChange {
    /// Compares two texts of a file; none where it is not there.
    pub(crate) fn new(name: &str, before: Option<String>, after: Option<String>) -> FileChange {
        let (Some(before), Some(after)) = (before, after) else { return FileChange::Text };
        let [before, after] = [before, after].map(|text| Project::in_memory([(name.to_owned(), text)]));
        let is_damaged = |project: &Project| project.schema().files().any(|file| file.is_target() && file.has_faults());
        if is_damaged(&before) || is_damaged(&after) {
            return FileChange::Text;
        }
        let changelog = Sides::new(&before, &after).changelog();
        if changelog.entries.is_empty() { FileChange::Text } else { FileChange::Schema(Box::new(changelog)) }
    }
}

/// Those that break something first, then by package, container, kind and name; files before what is in them.
fn sorted(entries: Vec<Entry>) -> Vec<Entry> {
    let rank = |change: ChangeKind| ChangeKind::ALL.iter().position(|known| *known == change);
    let mut entries: Vec<(bool, Entry)> = entries.into_iter().map(|entry| (!entry.is_breaking(), entry)).collect();
    entries.par_sort_by(|(is_harmless, one), (other_is_harmless, other)| {
        is_harmless
            .cmp(other_is_harmless)
            .then_with(|| one.package.cmp(&other.package))
            .then_with(|| (one.kind > ElementKind::File).cmp(&(other.kind > ElementKind::File)))
            .then_with(|| one.container.cmp(&other.container))
            .then_with(|| rank(one.change).cmp(&rank(other.change)))
            .then_with(|| one.kind.cmp(&other.kind))
            .then_with(|| one.symbol.cmp(&other.symbol))
            .then_with(|| one.details.cmp(&other.details))
    });
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// What an element is called in entries.
fn kind_of(element: Element<'_>) -> ElementKind {
    match element {
        Element::File(_) | Element::Import(_) => ElementKind::File,
        Element::Message(_) => ElementKind::Message,
        Element::Field(field) if field.is_extension() => ElementKind::Extension,
        Element::Field(_) => ElementKind::Field,
        Element::Oneof(_) => ElementKind::Oneof,
        Element::Enum(_) => ElementKind::Enum,
        Element::EnumValue(_) => ElementKind::EnumValue,
        Element::Service(_) => ElementKind::Service,
        Element::Method(_) => ElementKind::Rpc,
    }
}

/// The message, enum or service that something is, or is a part of.
fn container_of(element: Element<'_>) -> Option<String> {
    match element {
        Element::File(_) | Element::Import(_) => None,
        Element::Message(_) | Element::Enum(_) | Element::Service(_) => Some(element.full_name()),
        Element::Field(field) => field.parent().map(|message| message.full_name().to_owned()),
        Element::Oneof(oneof) => Some(oneof.parent().full_name().to_owned()),
        Element::EnumValue(value) => Some(value.parent().full_name().to_owned()),
        Element::Method(method) => Some(method.parent().full_name().to_owned()),
    }
}

/// The draft as an entry, without what it breaks.
fn entry(draft: Draft<'_>) -> Entry {
    let Draft { change, kind, before, after, whole: _, details, texts: (old_text, new_text) } = draft;
    let element = after.or(before).expect("a change has at least one side");
    let symbol = match kind {
        ElementKind::Package => element.file().package().unwrap_or_default().to_owned(),
        _ => element.symbol(),
    };
    let former_symbol = before.filter(|_| after.is_some()).map(Element::symbol).filter(|former| *former != symbol);
    let part = if kind == ElementKind::File { Part::Declaration } else { Part::Name };
    Entry {
        change,
        kind,
        symbol,
        former_symbol,
        package: element.file().package().unwrap_or_default().to_owned(),
        container: container_of(element),
        before: old_text,
        after: new_text,
        details,
        findings: Vec::new(),
        place: element.locate(part),
    }
}
