//! All changes between two states of schemas, and how they are written: entries that come sorted, in one of several
//! formats, each a file of its own. It compares nothing and decides nothing about an entry.

mod html;
mod human;
mod json;
mod markdown;

use std::io::{self, BufWriter, Write};

use super::summary::{counted, grouped};
use crate::finding::{Change, Direction, Evidence, Finding, Layer, Verdict};
use crate::source::{Place, Sources};

/// What happened to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// It is another one than before.
    Changed,
    /// It has `deprecated = true` and had not.
    Deprecated,
    /// The comment on it says something else.
    Documented,
}

impl ChangeKind {
    /// All of them, in the order in which entries are listed.
    pub const ALL: [ChangeKind; 5] =
        [ChangeKind::Deleted, ChangeKind::Changed, ChangeKind::Deprecated, ChangeKind::Added, ChangeKind::Documented];

    /// The word that output uses.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Deleted => "deleted",
            ChangeKind::Changed => "changed",
            ChangeKind::Deprecated => "deprecated",
            ChangeKind::Documented => "documented",
        }
    }
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ElementKind {
    Package,
    File,
    Message,
    Field,
    Oneof,
    Extension,
    Enum,
    EnumValue,
    Service,
    Rpc,
}

impl ElementKind {
    /// All of them, the largest first.
    pub const ALL: [ElementKind; 10] = [
        ElementKind::Package,
        ElementKind::File,
        ElementKind::Message,
        ElementKind::Field,
        ElementKind::Oneof,
        ElementKind::Extension,
        ElementKind::Enum,
        ElementKind::EnumValue,
        ElementKind::Service,
        ElementKind::Rpc,
    ];

    /// The word that output uses.
    pub fn name(self) -> &'static str {
        match self {
            ElementKind::Package => "package",
            ElementKind::File => "file",
            ElementKind::Message => "message",
            ElementKind::Field => "field",
            ElementKind::Oneof => "oneof",
            ElementKind::Extension => "extension",
            ElementKind::Enum => "enum",
            ElementKind::EnumValue => "enum_value",
            ElementKind::Service => "service",
            ElementKind::Rpc => "rpc",
        }
    }

    /// The words that messages use.
    pub(super) fn words(self) -> &'static str {
        if self == ElementKind::EnumValue { "enum value" } else { self.name() }
    }
}

/// One property of an element, and what became of it.
///
/// The properties of an element are those of its descriptor, each as a text: of a field `in` (the message that declares
/// it), `name`, `number`, `type`, `presence`, `oneof`, `json_name`, `default` and `option NAME` for each option. `import`,
/// `reserved`, `reserved_name` and `extensions` can be there several times, each with one value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Detail {
    /// What the element is that has it.
    pub kind: ElementKind,
    /// Its full name, as it is later unless it is gone.
    pub symbol: String,
    /// The name of the property.
    pub property: String,
    /// Its value before; none where it is new.
    pub before: Option<String>,
    /// Its value now; none where it is gone.
    pub after: Option<String>,
}

/// One change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// What happened.
    pub change: ChangeKind,
    /// What it happened to.
    pub kind: ElementKind,
    /// Its full name: `package.Message.field`, `package.Enum.VALUE`, `package.Service.Rpc`, or the path of a file; of
    /// what was renamed the new one.
    pub symbol: String,
    /// Its full name before, where that was another one.
    pub former_symbol: Option<String>,
    /// The package it is in.
    pub package: String,
    /// The message, enum or service that it is, or is a part of; none for packages, files and extensions.
    pub container: Option<String>,
    /// What was there before, as a declaration or a comment; none where there was nothing.
    pub before: Option<String>,
    /// What is there now.
    pub after: Option<String>,
    /// The properties that changed; of what is added or deleted, all of it and of what lies in it.
    pub details: Vec<Detail>,
    /// What `breaking` reports of it, whatever is suppressed, with evidence.
    pub findings: Vec<Finding>,
    /// Where it stands: what is gone, where it stood.
    pub place: Option<Place>,
}

impl Entry {
    /// What it breaks.
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.findings.iter().filter_map(|finding| finding.change.as_ref()).map(|change| change.verdict);
        verdicts.fold(Verdict::NONE, Verdict::and)
    }

    /// Whether it breaks anything for certain.
    pub fn is_breaking(&self) -> bool {
        !self.verdict().is_empty()
    }

    /// Payloads that prove what it breaks.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.findings.iter().filter_map(|finding| finding.change.as_ref()).flat_map(|change| &change.evidence)
    }

    /// The layers that it breaks.
    pub fn layers(&self) -> Vec<Layer> {
        self.verdict().layers().collect()
    }

    /// The directions in which it breaks data or calls.
    pub fn directions(&self) -> Vec<Direction> {
        self.verdict().directions().collect()
    }
}

/// All changes between two states.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Changelog {
    /// What the earlier state is called.
    pub from: String,
    /// What the later state is called.
    pub to: String,
    /// The changes: those that break something first, then by package, container and symbol.
    pub entries: Vec<Entry>,
    /// What could not be read, resolved or compared.
    pub faults: Vec<Finding>,
    /// The texts that places are in.
    pub sources: Sources,
}

/// A way to write a changelog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangelogFormat {
    /// Text for people at a terminal.
    Human,
    /// Markdown, for release notes.
    Markdown,
    /// One page of HTML without references to anything else.
    Html,
    /// One JSON object a line, for programs.
    Json,
}

/// How much room there is for a changelog.
#[derive(Clone, Copy, Debug)]
pub struct ChangelogStyle {
    /// Whether [`ChangelogFormat::Human`] may use colors.
    pub color: bool,
    /// The columns that [`ChangelogFormat::Human`] may fill.
    pub width: usize,
}

impl Default for ChangelogStyle {
    fn default() -> ChangelogStyle {
        ChangelogStyle { color: false, width: 100 }
    }
}

impl Changelog {
    /// Writes it. No control or bidirectional formatting character of a schema reaches `out` as it is, and nothing of a
    /// schema breaks out of the format.
    ///
    /// # Errors
    ///
    /// Only those of `out`.
    pub fn write(&self, format: ChangelogFormat, style: ChangelogStyle, out: &mut dyn Write) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        match format {
            ChangelogFormat::Human => human::write(self, style, &mut out)?,
            ChangelogFormat::Markdown => markdown::write(self, &mut out)?,
            ChangelogFormat::Html => html::write(self, &mut out)?,
            ChangelogFormat::Json => json::write(self, &mut out)?,
        }
        out.flush()
    }

    /// How many entries break something.
    pub fn breaking(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_breaking()).count()
    }
}

/// Entries that stand together: those that break something or not, of one package.
struct Group<'c> {
    is_breaking: bool,
    package: &'c str,
    entries: &'c [Entry],
}

impl Group<'_> {
    fn new(entries: &[Entry]) -> Group<'_> {
        Group { is_breaking: entries[0].is_breaking(), package: &entries[0].package, entries }
    }
}

/// The groups of a changelog, in its order.
fn groups(changelog: &Changelog) -> Vec<Group<'_>> {
    let alike = |one: &Entry, other: &Entry| one.is_breaking() == other.is_breaking() && one.package == other.package;
    changelog.entries.chunk_by(alike).map(Group::new).collect()
}

/// Entries of one message, enum or service; or of none, where they are about packages, files and extensions.
struct InContainer<'c> {
    /// The kind of the container, and its full name.
    container: Option<(&'static str, &'c str)>,
    entries: &'c [Entry],
}

impl InContainer<'_> {
    fn new(entries: &[Entry]) -> InContainer<'_> {
        let kind = match entries[0].kind {
            ElementKind::Enum | ElementKind::EnumValue => "enum",
            ElementKind::Service | ElementKind::Rpc => "service",
            _ => "message",
        };
        InContainer { container: entries[0].container.as_deref().map(|name| (kind, name)), entries }
    }
}

/// The entries of a group by container, in its order.
fn of_containers<'c>(group: &Group<'c>) -> Vec<InContainer<'c>> {
    group.entries.chunk_by(|one, other| one.container == other.container).map(InContainer::new).collect()
}

/// What a package is called; files may have none.
fn package_name(package: &str) -> &str {
    if package.is_empty() { "(no package)" } else { package }
}

/// Whether the properties that changed are listed: not those of what is there only once.
fn has_properties(entry: &Entry) -> bool {
    matches!(entry.change, ChangeKind::Changed | ChangeKind::Deprecated)
}

/// `3 changes, 1 of them breaking`
fn counts(changelog: &Changelog) -> String {
    match (changelog.entries.len(), changelog.breaking()) {
        (0, _) => "no changes".to_owned(),
        (1, 1) => "1 change, which is breaking".to_owned(),
        (all, 0) => format!("{}, none of them breaking", counted(all, "change")),
        (all, breaking) => format!("{}, {} of them breaking", counted(all, "change"), grouped(breaking)),
    }
}

/// What a change breaks, or may break, in words; with the reports of rules where these say more than the texts.
fn breaks(entry: &Entry) -> Option<String> {
    let changes: Vec<&Change> = entry.findings.iter().filter_map(|finding| finding.change.as_deref()).collect();
    let carried_by = changes.iter().find_map(|change| change.carried_by.clone());
    let verdict = entry.verdict();
    Change { before: None, verdict, carried_by, evidence: Vec::new(), releases: None, inherited_from: None }.breaks()
}

/// The lines of what was there before, and of what is there now.
fn lines(entry: &Entry) -> (Vec<&str>, Vec<&str>) {
    (text_lines(entry.before.as_deref()), text_lines(entry.after.as_deref()))
}

fn text_lines(text: Option<&str>) -> Vec<&str> {
    text.map_or_else(Vec::new, |text| text.lines().collect())
}
