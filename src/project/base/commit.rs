//! Commits and the index as sides of a comparison, read from the object database without a checkout.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Asked, Base, Side, TIP, Tip, Unread};
use crate::project::ReadFault;
use crate::project::git::{BaseCommit, BaseKind, BlobId, Entry, GitFault, Listing, MOST_BEHIND, Repository};
use crate::project::path::{self, PathSet};
use crate::project::settings::Settings;
use crate::project::view::{Kind, Snapshot, View};
use crate::project::walk::Exclude;

/// The name that stands for the newest version tag.
const RELEASE: &str = "release";
/// What version tags look like where nobody says.
const TAGS: &str = "v*";

/// Files of a commit or of the index by path, relative to the top, `/` between components.
type Blobs = BTreeMap<String, BlobId>;

/// A commit against the work tree, the index, or in a bare repository `HEAD`.
pub(super) fn base(settings: &Settings, repository: Repository, asked: &Asked) -> Result<Base, GitFault> {
    let tags = settings
        .base
        .tag_pattern
        .as_ref()
        .or(settings.config.breaking.tag_pattern.as_ref())
        .map_or(TAGS, String::as_str);
    let base = match (asked.base.strip_prefix(TIP), asked.base.as_str()) {
        (Some(reference), _) => repository.tip(reference)?,
        (None, RELEASE) => repository.newest_tag(tags)?,
        (None, reference) => repository.merge_base(reference)?,
    };
    let repository = Arc::new(repository);
    let (before, (later, branch)) = rayon::join(
        || Tree::of(&repository, &repository.files(base.commit)?),
        || rayon::join(|| Later::of(&repository, settings.base.index), || branch(&repository, &base)),
    );
    let (before, Later { tree: after, left_out, files }) = (before?, later?);
    let after_label = if after.is_some() && !settings.base.index { "HEAD" } else { "index" };
    let unchanged = before.common(after.as_ref().map_or(&files, |after| &after.blobs));
    let unread = Unread::default();
    let tip = branch?.and_then(|tree| tip(tree, &base, &before, &unread));
    // Nobody stands in a bare repository's tree.
    let top = PathBuf::from(path::shown_from_here(repository.top()));
    let paths = (repository.is_bare() && settings.paths.is_empty()).then(|| vec![top]);
    let side = |tree: Tree, label: &str| Side {
        snapshot: Some(tree.snapshot(label, &unread)),
        paths: paths.clone(),
        ..Side::default()
    };
    let mut before = side(before, &base.short);
    let beside_disk =
        |tree: Tree| Side { snapshot: Some(tree.snapshot(after_label, &unread).beside_disk()), ..Side::default() };
    let after = after.map(|tree| side(tree, after_label)).or_else(|| left_out.map(beside_disk)).unwrap_or_default();
    let exclude = Exclude::new(&settings.config.directory, &settings.config.exclude).only(&settings.config.only);
    let old_files: Vec<PathBuf> = match settings.paths.is_empty() {
        true => Vec::new(),
        false => before.snapshot.iter().flat_map(Snapshot::files).collect(),
    };
    let old = |asked: &PathBuf| former(asked, &old_files, after.view(), &exclude).unwrap_or(asked.clone());
    before.paths =
        if settings.paths.is_empty() { paths.clone() } else { Some(settings.paths.iter().map(old).collect()) };
    let described = described(&base, asked, tags);
    Ok(Base { described, before, after, unchanged, moved: None, tip, unread, asked: None })
}

/// The later side, as far as git knows it.
struct Later {
    /// What is compared instead of the work tree.
    tree: Option<Tree>,
    /// What the work tree leaves out.
    left_out: Option<Tree>,
    /// Where the work tree is compared, what it holds as it is staged.
    files: Blobs,
}

impl Later {
    fn of(repository: &Arc<Repository>, index: bool) -> Result<Later, GitFault> {
        let listing = match (index, repository.is_bare()) {
            (true, _) => repository.staged()?,
            (false, true) => repository.files(repository.tip("HEAD")?.commit)?,
            (false, false) => {
                let left_out = left_out(repository)?;
                let others =
                    left_out.iter().flat_map(|tree| tree.blobs.iter().map(|(file, blob)| (file.clone(), *blob)));
                let files = repository.unmodified()?.into_iter().chain(others).collect();
                return Ok(Later { tree: None, left_out, files });
            }
        };
        Ok(Later { tree: Some(Tree::of(repository, &listing)?), left_out: None, files: Blobs::default() })
    }
}

/// What a sparse checkout leaves out of the work tree, and nobody put there nevertheless: it is as it is staged.
fn left_out(repository: &Arc<Repository>) -> Result<Option<Tree>, GitFault> {
    let mut listing = repository.left_out()?;
    let is_absent = |entry: &Entry| repository.top().join(&entry.path).symlink_metadata().is_err();
    listing.files.retain(is_absent);
    listing.links.retain(is_absent);
    let tree = Tree::of(repository, &listing)?;
    Ok((!tree.blobs.is_empty()).then_some(tree))
}

/// Where a directory lay that the earlier side does not have, such as a root that was renamed: the directory with the
/// most of its files that are no longer there.
fn former(asked: &Path, before: &[PathBuf], after: View<'_>, exclude: &Exclude<'_>) -> Option<PathBuf> {
    let directory = path::absolute(asked);
    let is_directory = matches!(after.kind(&directory), Ok(Kind::Directory));
    if !is_directory || before.iter().any(|file| file.starts_with(&directory)) {
        return None;
    }
    let files = after.protos(&directory, exclude, true).ok()?;
    let names: FxHashSet<&Path> = files.iter().filter_map(|file| file.absolute.strip_prefix(&directory).ok()).collect();
    let mut found: BTreeMap<&Path, usize> = BTreeMap::new();
    for file in before.iter().filter(|file| !after.is_file(file)) {
        let above = file.ancestors().skip(1);
        for above in above.filter(|above| file.strip_prefix(above).is_ok_and(|name| names.contains(name))) {
            *found.entry(above).or_default() += 1;
        }
    }
    let (most, _) = found.into_iter().max_by_key(|&(_, count)| count)?;
    Some(PathBuf::from(path::shown_from_here(most)))
}

/// The branch as it is now, where it has moved on since the merge base.
fn branch(repository: &Arc<Repository>, base: &BaseCommit) -> Result<Option<Tree>, GitFault> {
    if base.kind != BaseKind::MergeBase || base.tip == base.commit {
        return Ok(None);
    }
    Tree::of(repository, &repository.files(base.tip)?).map(Some)
}

/// The branch as it is now, where it has changed schemas.
fn tip(tree: Tree, base: &BaseCommit, before: &Tree, unread: &Unread) -> Option<Tip> {
    let unchanged = before.common(&tree.blobs);
    if unchanged.len() == tree.blobs.len() {
        return None;
    }
    let side = Side { snapshot: Some(tree.snapshot(&base.reference, unread)), ..Side::default() };
    Some(Tip { side, name: base.reference.clone(), unchanged })
}

/// As the summary says it: `3f2c1a9 (merge base of HEAD and main, 4 commits behind main)`.
fn described(base: &BaseCommit, asked: &Asked, tags: &str) -> String {
    let reference = &base.reference;
    let mut about = Vec::new();
    match base.kind {
        // The commit says that already.
        _ if reference.starts_with(&base.short) => {}
        BaseKind::MergeBase if !matches!(reference.as_str(), "HEAD" | "@") => {
            about.push(format!("merge base of HEAD and {reference}"));
        }
        BaseKind::MergeBase | BaseKind::Tip => about.push(reference.clone()),
        BaseKind::Tag => about.push(format!("{reference}, the newest tag like {tags}")),
    }
    match base.behind.filter(|_| base.kind == BaseKind::MergeBase) {
        Some(0) | None => {}
        Some(1) => about.push(format!("1 commit behind {reference}")),
        Some(MOST_BEHIND..) => about.push(format!("{MOST_BEHIND} commits or more behind {reference}")),
        Some(count) => about.push(format!("{count} commits behind {reference}")),
    }
    about.extend(asked.by.as_ref().map(|by| format!("by {by}")));
    if about.is_empty() { base.short.clone() } else { format!("{} ({})", base.short, about.join(", ")) }
}

/// The files of a commit or of the index.
struct Tree {
    repository: Arc<Repository>,
    blobs: Blobs,
    /// Links to directories, sorted, with where they lead.
    links: Vec<(PathBuf, PathBuf)>,
    submodules: Vec<PathBuf>,
}

impl Tree {
    fn of(repository: &Arc<Repository>, listing: &Listing) -> Result<Tree, GitFault> {
        let top = repository.top();
        let mut blobs: Blobs = listing.files.iter().map(|file| (file.path.clone(), file.blob)).collect();
        let links = follow_links(repository, listing, &mut blobs)?;
        let submodules = listing.submodules.iter().map(|directory| top.join(directory)).collect();
        Ok(Tree { repository: Arc::clone(repository), blobs, links, submodules })
    }

    /// The files that are the same in both, absolute.
    fn common(&self, other: &Blobs) -> PathSet {
        let top = self.repository.top();
        let mut own = self.blobs.iter().peekable();
        // Both are sorted.
        let same = other.iter().filter(|(file, blob)| {
            while own.next_if(|(known, _)| known < file).is_some() {}
            own.peek().is_some_and(|known| *known == (*file, *blob))
        });
        let mut common = PathSet::with_room(other.len());
        common.extend(same.map(|(file, _)| top.join(file)));
        common
    }

    fn snapshot(self, label: &str, unread: &Unread) -> Snapshot {
        let Tree { repository, blobs, links, submodules } = self;
        let top = repository.top().to_owned();
        let (files, blobs): (Vec<String>, Vec<BlobId>) = blobs.into_iter().unzip();
        let (revision, unread) = (label.to_owned(), unread.clone());
        let snapshot = Snapshot::new(top, Some(label.to_owned()), files, move |index, file| {
            repository.read(blobs[index]).map_err(|fault| {
                let reason = fault.message.clone();
                unread.note(file, &revision, fault);
                ReadFault::Unreadable(reason)
            })
        });
        snapshot.except(submodules).linked(links)
    }
}

/// How many links of a commit are followed, how many one after the other, and how many files they may add.
const MOST_LINKS: usize = 1000;
const MOST_STEPS: usize = 40;
const MOST_LINKED: usize = 100_000;

/// Adds the files that symbolic links within the tree lead to, as a walk over the disk finds them; the links that lead
/// to directories, with these.
fn follow_links(
    repository: &Repository,
    listing: &Listing,
    blobs: &mut Blobs,
) -> Result<Vec<(PathBuf, PathBuf)>, GitFault> {
    let top = repository.top();
    let mut links: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for link in listing.links.iter().take(MOST_LINKS) {
        let place = top.join(&link.path);
        let bytes = repository.read(link.blob)?;
        if let Ok(target) = std::str::from_utf8(&bytes) {
            let target = path::absolute(&place.parent().unwrap_or(top).join(target));
            links.insert(place, target);
        }
    }
    let (mut linked, mut directories) = (Blobs::new(), Vec::new());
    for (place, target) in &links {
        let Some(target) = behind_links(target, &links) else { continue };
        if !target.starts_with(top) || place.starts_with(&target) {
            continue;
        }
        let (Some(own), Some(inner)) = (path::below(place, top), path::below(&target, top)) else { continue };
        if let Some(blob) = blobs.get(&inner) {
            linked.insert(own, *blob);
            continue;
        }
        let prefix = format!("{inner}/");
        let below = blobs.range(prefix.clone()..).take_while(|(file, _)| file.starts_with(&prefix));
        for (file, blob) in below.take(MOST_LINKED.saturating_sub(linked.len())) {
            linked.insert(format!("{own}/{}", &file[prefix.len()..]), *blob);
        }
        directories.push((place.clone(), target));
    }
    blobs.extend(linked);
    Ok(directories)
}

/// Where a path leads if links are on its way; `None` where it goes in circles.
fn behind_links(path: &Path, links: &BTreeMap<PathBuf, PathBuf>) -> Option<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_STEPS {
        let link = path.ancestors().find_map(|above| links.get_key_value(above));
        let Some((above, target)) = link else { return Some(path) };
        path = match path.strip_prefix(above) {
            Ok(rest) if !rest.as_os_str().is_empty() => target.join(rest),
            _ => target.clone(),
        };
    }
    None
}
