//! What differs between two schemas: files and packages first, then what is declared in both. What pairs with what is
//! known already.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::comments::Comments;
use super::members::Members;
use super::whole::{self, Side};
use super::{Draft, declaration, kind_of};
use crate::compare::pairing::{Comparison, Pair, own_files};
use crate::project::sides::Sides;
use crate::report::changelog::{ChangeKind, Detail, ElementKind};
use crate::schema::{Element, File, FileIndex, Message};

/// Elements of both schemas that are the same one.
pub(super) type Same<'s> = (Element<'s>, Element<'s>);

/// What is known of files and names before elements are compared.
pub(super) struct Differences<'s> {
    pub(super) comparison: &'s Comparison<'s>,
    sides: &'s Sides,
    /// What an earlier file is now, also where it has another path.
    files: FxHashMap<FileIndex, File<'s>>,
    /// Files that have another path now.
    renamed: Vec<Pair<File<'s>>>,
    /// The elements of the later schema that the earlier one has too: by the root that they lie in, their kind and their
    /// name, which damaged schemas declare twice.
    paired: FxHashSet<(u32, ElementKind, String)>,
}

impl<'s> Differences<'s> {
    pub(super) fn new(comparison: &'s Comparison<'s>, sides: &'s Sides) -> Differences<'s> {
        let messages = comparison.messages.iter().map(|pair| Element::from(pair.after));
        let enums = comparison.enums.iter().map(|pair| Element::from(pair.after));
        let services = comparison.services.iter().map(|pair| Element::from(pair.after));
        let extensions = comparison.fields.iter().filter(|pair| pair.after.is_extension());
        let extensions = extensions.map(|pair| Element::from(pair.after));
        let paired = messages.chain(enums).chain(services).chain(extensions).map(named).collect();
        let mut files: FxHashMap<FileIndex, File<'s>> =
            comparison.files.iter().map(|pair| (pair.before.index, pair.after)).collect();
        let renamed = renamed_files(comparison);
        files.extend(renamed.iter().map(|pair| (pair.before.index, pair.after)));
        Differences { comparison, sides, files, renamed, paired }
    }

    /// Every difference, in no particular order.
    pub(super) fn all(&self) -> Vec<Draft<'s>> {
        let members = Members { differences: self };
        let of_messages = self.comparison.messages.par_iter().map(|pair| members.of_messages(*pair));
        let of_enums = self.comparison.enums.par_iter().map(|pair| members.of_enums(*pair));
        let of_services = self.comparison.services.par_iter().map(|pair| members.of_services(*pair));
        let of_files = self.file_pairs().into_par_iter().map(|pair| members.of_files(pair));
        let found: Vec<(Vec<Draft<'s>>, Vec<Same<'s>>)> =
            of_messages.chain(of_enums).chain(of_services).chain(of_files).collect();
        let (drafts, same): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let mut drafts: Vec<Draft<'s>> = drafts.into_iter().flatten().collect();
        let (extensions, same_extensions) = members.of_extensions();
        drafts.extend(extensions);
        let same = same.into_iter().flatten().chain(same_extensions);
        drafts.extend(Comments::new(&self.sides.sources).differences(same));
        drafts.extend(self.files_on_one_side());
        drafts
    }

    fn file_pairs(&self) -> Vec<Pair<File<'s>>> {
        self.comparison.files.iter().chain(&self.renamed).copied().collect()
    }

    /// Whether two files, one of each schema, are the same one.
    pub(super) fn is_same_file(&self, before: File<'s>, after: File<'s>) -> bool {
        self.files.get(&before.index) == Some(&after)
    }

    /// Whether an element of the earlier schema is in the later one.
    pub(super) fn is_kept(&self, before: Element<'s>) -> bool {
        match before {
            Element::Message(message) => self.comparison.message(message).is_some(),
            Element::Enum(enumeration) => self.comparison.enumeration(enumeration).is_some(),
            Element::Service(service) => self.comparison.service(service).is_some(),
            Element::Field(field) if field.is_extension() => self.comparison.extension(field).is_some(),
            _ => false,
        }
    }

    /// Whether an element of the later schema was in the earlier one.
    pub(super) fn was_there(&self, after: Element<'s>) -> bool {
        self.paired.contains(&named(after))
    }

    /// Files and packages that only one of the schemas has.
    fn files_on_one_side(&self) -> Vec<Draft<'s>> {
        let renamed: FxHashSet<FileIndex> = self.renamed.iter().map(|pair| pair.before.index).collect();
        let gone = self.comparison.gone_files.iter().copied().filter(|file| !renamed.contains(&file.index));
        let known: FxHashSet<FileIndex> = self.files.values().map(|file| file.index).collect();
        // A file that does not parse on either side is not compared, and one that was only imported is not new.
        let old: FxHashSet<&str> = self.comparison.before.files().map(File::name).collect();
        let is_new = |file: &File<'s>| !known.contains(&file.index) && !file.has_faults() && !old.contains(file.name());
        let new = own_files(self.comparison.after).filter(is_new);
        let mut drafts = self.one_side(gone.collect(), Side::Before);
        drafts.extend(self.one_side(new.collect(), Side::After));
        drafts
    }

    fn one_side(&self, files: Vec<File<'s>>, side: Side) -> Vec<Draft<'s>> {
        let schema = if side == Side::Before { self.comparison.before } else { self.comparison.after };
        let alone: FxHashSet<FileIndex> = files.iter().map(|file| file.index).collect();
        let package = |file: &File<'s>| file.package().unwrap_or_default();
        let mut kept: FxHashSet<String> = own_files(schema)
            .filter(|file| !alone.contains(&file.index))
            .map(|file| package(&file).to_owned())
            .collect();
        // Both sides have the files that were not read.
        kept.extend(self.sides.unread_packages.iter().map(|(_, package)| package.clone()));
        let has_moved =
            |file: &File<'s>| whole::children((*file).into()).into_iter().any(|child| self.is_elsewhere(child, side));
        let mut by_package: FxHashMap<&str, Vec<File<'s>>> = FxHashMap::default();
        for file in &files {
            by_package.entry(package(file)).or_default().push(*file);
        }
        let mut drafts = Vec::new();
        for (name, files) in by_package {
            if !name.is_empty() && !kept.contains(name) && !files.iter().any(has_moved) {
                drafts.push(self.whole(ElementKind::Package, &files, side));
            } else {
                drafts.extend(files.iter().map(|file| self.whole(ElementKind::File, &[*file], side)));
            }
        }
        drafts
    }

    /// Whether the other schema has an element in another file.
    fn is_elsewhere(&self, element: Element<'s>, side: Side) -> bool {
        if side == Side::Before { self.is_kept(element) } else { self.was_there(element) }
    }

    fn whole(&self, kind: ElementKind, files: &[File<'s>], side: Side) -> Draft<'s> {
        let elements: Vec<Element<'s>> = files.iter().map(|file| Element::from(*file)).collect();
        let is_elsewhere = |element| self.is_elsewhere(element, side);
        let details = elements.iter().flat_map(|file| whole::details(*file, side, &is_elsewhere)).collect();
        let outline = declaration::outline(files, &is_elsewhere);
        one_sided(kind, elements, details, outline, side)
    }

    /// An element, with all in it, that only one of the schemas has.
    pub(super) fn alone(&self, element: Element<'s>, side: Side) -> Draft<'s> {
        let details = whole::details(element, side, &|element| self.is_elsewhere(element, side));
        one_sided(kind_of(element), vec![element], details, declaration::whole(element), side)
    }
}

/// What names an element of its root: of an extension what it extends, and its number.
fn named(element: Element<'_>) -> (u32, ElementKind, String) {
    let name = match element {
        Element::Field(field) => {
            let written = field.written_extendee().trim_start_matches('.');
            format!("{} {}", field.extendee().map_or(written, Message::full_name), field.number())
        }
        _ => element.full_name(),
    };
    (element.file().root(), kind_of(element), name)
}

fn one_sided<'s>(
    kind: ElementKind,
    elements: Vec<Element<'s>>,
    details: Vec<Detail>,
    text: String,
    side: Side,
) -> Draft<'s> {
    let first = elements.first().copied();
    let text = Some(text).filter(|text| !text.is_empty());
    let (change, before, after, texts) = match side {
        Side::Before => (ChangeKind::Deleted, first, None, (text, None)),
        Side::After => (ChangeKind::Added, None, first, (None, text)),
    };
    Draft { change, kind, before, after, whole: elements, details, texts }
}

/// Files that are gone, of which all that is left is in one new file that holds nothing from elsewhere.
fn renamed_files<'s>(comparison: &Comparison<'s>) -> Vec<Pair<File<'s>>> {
    let known: FxHashSet<FileIndex> = comparison.files.iter().map(|pair| pair.after.index).collect();
    let gone: FxHashSet<FileIndex> = comparison.gone_files.iter().map(|file| file.index).collect();
    let mut went: FxHashMap<FileIndex, FxHashSet<FileIndex>> = FxHashMap::default();
    let mut came: FxHashMap<FileIndex, FxHashSet<FileIndex>> = FxHashMap::default();
    let mut note = |before: File<'s>, after: File<'s>| {
        if !known.contains(&after.index) || gone.contains(&before.index) {
            went.entry(before.index).or_default().insert(after.index);
            came.entry(after.index).or_default().insert(before.index);
        }
    };
    let messages = comparison.messages.iter().filter(|pair| pair.before.parent().is_none());
    messages.for_each(|pair| note(pair.before.file(), pair.after.file()));
    let enums = comparison.enums.iter().filter(|pair| pair.before.parent().is_none());
    enums.for_each(|pair| note(pair.before.file(), pair.after.file()));
    comparison.services.iter().for_each(|pair| note(pair.before.file(), pair.after.file()));
    let only = |found: Option<&FxHashSet<FileIndex>>| found.filter(|found| found.len() == 1)?.iter().next().copied();
    let became = |before: &File<'s>| {
        let after = only(went.get(&before.index))?;
        let is_new = !known.contains(&after) && only(came.get(&after)) == Some(before.index);
        is_new.then(|| Pair { before: *before, after: comparison.after.file_at(after) })
    };
    comparison.gone_files.iter().filter_map(became).filter(|pair| pair.after.is_target()).collect()
}
