//! Commits and the index as sides of a comparison, read from the object database without a checkout.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::choice::{Choice, TIP, Wanted};
use super::submodules::{self, Mounted};
use super::{Base, Side, Since, Tip, Unread, releases};
use crate::project::ReadFault;
use crate::project::git::{BaseCommit, BaseKind, BlobId, CommitId, Entry, GitFault, Listing, MAX_BEHIND, Repository};
use crate::project::path::{self, PathSet};
use crate::project::settings::Settings;
use crate::project::view::{Kind, Snapshot, View};
use crate::project::walk::Exclude;

/// The pattern of release tags unless another is given.
const TAGS: &str = "v*";

/// Files of a commit or of the index by path, relative to the top, `/` between components.
type Blobs = BTreeMap<String, BlobId>;

/// A commit against the work tree, the index, or in a bare repository `HEAD`.
pub(super) fn base(settings: &Settings, repository: Repository, choice: &Choice) -> Result<Base, GitFault> {
    if let Wanted::Releases(selected) = &choice.wanted {
        return releases::base(settings, repository, selected, choice.by.as_deref());
    }
    let (base, described) = chosen(settings, &repository, choice)?;
    let repository = Arc::new(repository);
    let to = settings.base.to.as_deref();
    let (before, (later, moved_on)) = rayon::join(
        || Tree::of(&repository, &repository.files(base.commit)?),
        || rayon::join(|| Later::of(&repository, settings.base.index, to), || branch(&repository, &base)),
    );
    let (mut before, later, unread) = (before?, later?, Unread::default());
    let gitlinks = gitlinks(&later);
    let mounted = Mounted { listed: gitlinks.as_deref() };
    let uncompared = submodules::mount(settings, &repository, &mut before, &mounted);
    let moved_on = moved_on?.and_then(|tree| tip(tree, &base, &before, &unread));
    let sides = Settled::of_later(settings, &repository, later, &unread);
    let others = base.others.iter().map(|other| {
        let mut tree = Tree::of(&repository, &repository.files(*other)?)?;
        let uncompared = submodules::mount(settings, &repository, &mut tree, &mounted);
        let tip = branch(&repository, &base)?.and_then(|branch| tip(branch, &base, &tree, &unread));
        Ok(Base { tip, uncompared, ..sides.base(settings, tree, &repository.short(*other), &unread) })
    });
    let others = others.collect::<Result<_, GitFault>>()?;
    let name = base.reference.clone();
    Ok(Base {
        name,
        described,
        tip: moved_on,
        others,
        uncompared,
        ..sides.base(settings, before, &base.short, &unread)
    })
}

/// The commit that is chosen, and what the summary says of it.
fn chosen(settings: &Settings, repository: &Repository, choice: &Choice) -> Result<(BaseCommit, String), GitFault> {
    let (index, by) = (settings.base.index, choice.by.as_deref());
    let base = match &choice.wanted {
        Wanted::Branch(full) => repository.merge_base(full)?,
        Wanted::Reference(reference) => match reference.strip_prefix(TIP) {
            Some(reference) => repository.tip(reference)?,
            None => repository.merge_base(reference)?,
        },
        Wanted::Releases(_) => unreachable!("they are several commits"),
        Wanted::OwnBranch(name, since) => {
            let Some(base) = repository.last_commit(index, *since == Since::LastCommit)? else {
                return Err(GitFault::nothing("this is the first commit, and no schema was changed since"));
            };
            let part = if repository.is_on(name) { "this is" } else { "HEAD is part of" };
            let changes = match (base.reference == "HEAD", index) {
                _ if repository.is_bare() => "",
                (true, false) => " and the work tree has changes",
                (true, true) => " and there are staged changes",
                (false, false) => " and the work tree has no changes",
                (false, true) => " and nothing is staged",
            };
            let by = by.map(|by| format!(", by {by}")).unwrap_or_default();
            let described = format!("{} ({}, as {part} {name}{changes}{by})", base.short, base.reference);
            return Ok((base, described));
        }
    };
    let described = described(repository, &base, by, tags(settings));
    Ok((base, described))
}

/// What version tags look like.
pub(super) fn tags(settings: &Settings) -> &str {
    let configured = settings.config.breaking.tag_pattern.as_ref();
    settings.base.tag_pattern.as_ref().or(configured).map_or(TAGS, String::as_str)
}

/// What is the same whatever the later side is compared with.
pub(super) struct Settled<'a> {
    /// The later side, where it is not the work tree alone.
    after: Option<Arc<Snapshot>>,
    /// What it holds, according to git.
    files: Blobs,
    /// What is compared where no path is named.
    paths: Option<Vec<PathBuf>>,
    exclude: Exclude<'a>,
}

impl<'a> Settled<'a> {
    /// With what is compared, whatever the base.
    pub(super) fn of_later(
        settings: &'a Settings,
        repository: &Repository,
        later: Later,
        unread: &Unread,
    ) -> Settled<'a> {
        let label = match &settings.base.to {
            Some(to) => to,
            None if later.tree.is_some() && !settings.base.index => "HEAD",
            None => "index",
        };
        Settled::new(settings, repository, later, (label, unread))
    }

    /// With a commit that is called `label`.
    pub(super) fn of_commit(
        settings: &'a Settings,
        repository: &Repository,
        tree: Tree,
        label_and_unread: (&str, &Unread),
    ) -> Settled<'a> {
        let later = Later { tree: Some(tree), left_out: None, files: Blobs::default() };
        Settled::new(settings, repository, later, label_and_unread)
    }

    fn new(
        settings: &'a Settings,
        repository: &Repository,
        later: Later,
        (label, unread): (&str, &Unread),
    ) -> Settled<'a> {
        let Later { tree, left_out, files } = later;
        let files = tree.as_ref().map_or(files, |tree| tree.blobs.clone());
        let whole = tree.map(|tree| tree.snapshot(label, unread));
        let after = whole.or_else(|| Some(left_out?.snapshot(label, unread).beside_disk()));
        // A bare repository has no current directory.
        let top = PathBuf::from(path::shown_from_here(repository.top()));
        let paths = (repository.is_bare() && settings.paths.is_empty()).then(|| vec![top]);
        let exclude = Exclude::new(&settings.config.directory, &settings.config.exclude).only(&settings.config.only);
        Settled { after: after.map(Arc::new), files, paths, exclude }
    }

    /// The files that are the same as in an earlier state.
    pub(super) fn unchanged(&self, tree: &Tree) -> PathSet {
        tree.common(&self.files)
    }

    /// The later side with this earlier one, which is called `short`.
    fn base(&self, settings: &Settings, tree: Tree, short: &str, unread: &Unread) -> Base {
        let unchanged = self.unchanged(&tree);
        self.with(settings, (&Arc::new(tree.snapshot(short, unread)), unchanged), short, unread)
    }

    /// The same where it is known already which files are the same.
    pub(super) fn with(
        &self,
        settings: &Settings,
        (snapshot, unchanged): (&Arc<Snapshot>, PathSet),
        described: &str,
        unread: &Unread,
    ) -> Base {
        let side = |snapshot| Side { snapshot, paths: self.paths.clone(), ..Side::default() };
        let (mut before, after) = (side(Some(Arc::clone(snapshot))), side(self.after.clone()));
        if !settings.paths.is_empty() {
            let old_files: Vec<PathBuf> = before.snapshot.iter().flat_map(|snapshot| snapshot.files()).collect();
            let (then, now) = (before.view(), after.view());
            let old = |asked: &PathBuf| match now.is_file(&path::absolute(asked)) {
                true => former_file(asked, &old_files, then, now).unwrap_or(asked.clone()),
                false => former(asked, &old_files, now, &self.exclude).unwrap_or(asked.clone()),
            };
            before.paths = Some(settings.paths.iter().map(old).collect());
        }
        Base { unchanged, unread: unread.clone(), ..Base::new(before, after, described.to_owned()) }
    }
}

/// The later side, according to git.
pub(super) struct Later {
    /// What is compared instead of the work tree.
    tree: Option<Tree>,
    /// What the work tree leaves out.
    left_out: Option<Tree>,
    /// Where the work tree is compared, what it holds as it is staged.
    files: Blobs,
}

impl Later {
    pub(super) fn of(repository: &Arc<Repository>, index: bool, to: Option<&str>) -> Result<Later, GitFault> {
        let listing = match (to, index, repository.is_bare()) {
            (Some(to), ..) => repository.files(repository.tip(to)?.commit)?,
            (None, true, _) => repository.staged()?,
            (None, false, true) => repository.files(repository.tip("HEAD")?.commit)?,
            (None, false, false) => {
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

/// What a sparse checkout leaves out of the work tree, unless it is there nevertheless: it is as it is staged.
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
    let files = after.protos(&directory, exclude, true).ok()?.files;
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

/// How many files are read in search of what a file was called.
const MAX_FORMER: usize = 1000;

/// What a file was called that the earlier side does not have: of the files that are no longer there the one with the
/// most lines in common, if that is half of them.
fn former_file(asked: &Path, before: &[PathBuf], then: View<'_>, now: View<'_>) -> Option<PathBuf> {
    let file = path::absolute(asked);
    if before.binary_search(&file).is_ok() || before.contains(&file) {
        return None;
    }
    let text = now.read(&file).ok()?;
    let lines: FxHashSet<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let gone = before.iter().filter(|old| !now.is_file(old)).take(MAX_FORMER);
    let alike = gone.filter_map(|old| {
        let old_text = then.read(old).ok()?;
        let old_lines: FxHashSet<&str> = old_text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let shared = old_lines.intersection(&lines).count();
        (shared * 2 >= old_lines.len().max(1)).then_some((shared, old))
    });
    let (_, most) = alike.filter(|(shared, _)| *shared > 0).max_by_key(|(shared, _)| *shared)?;
    Some(PathBuf::from(path::shown_from_here(most)))
}

/// A commit as a side of its own, called `label`.
///
/// # Errors
///
/// The commit or one of its trees is missing or corrupt.
pub(in crate::project) fn side_of_commit(
    repository: &Arc<Repository>,
    commit: CommitId,
    label: &str,
) -> Result<Side, GitFault> {
    let tree = Tree::of(repository, &repository.files(commit)?)?;
    let snapshot = tree.snapshot(label, &Unread::default());
    Ok(Side { snapshot: Some(Arc::new(snapshot)), ..Side::default() })
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
    let snapshot = Some(Arc::new(tree.snapshot(&base.reference, unread)));
    let side = Side { snapshot, ..Side::default() };
    Some(Tip { side, name: base.reference.clone(), unchanged })
}

/// The submodules of the later side.
pub(super) fn gitlinks(later: &Later) -> Option<Vec<(String, CommitId)>> {
    later.tree.as_ref().map(|tree| tree.gitlinks.clone())
}

/// As the summary says it: `3f2c1a9 (merge base of HEAD and main, 4 commits behind main)`.
pub(super) fn described(repository: &Repository, base: &BaseCommit, by: Option<&str>, tags: &str) -> String {
    let reference = &base.reference;
    let mut about = Vec::new();
    match base.kind {
        // The commit says that already.
        _ if reference.starts_with(&base.short) => {}
        BaseKind::MergeBase if !matches!(reference.as_str(), "HEAD" | "@") => {
            let several = if base.others.is_empty() { "merge base" } else { "merge bases" };
            about.push(format!("{several} of HEAD and {reference}"));
        }
        BaseKind::MergeBase | BaseKind::Tip => about.push(reference.clone()),
        BaseKind::Tag => about.push(format!("{reference}, the newest tag matching {tags}")),
        BaseKind::TagBefore => about.push(format!("{reference}, the newest tag matching {tags} before HEAD")),
    }
    match base.behind.filter(|_| base.kind == BaseKind::MergeBase) {
        Some(0) | None => {}
        Some(1) => about.push(format!("1 commit behind {reference}")),
        Some(MAX_BEHIND..) => about.push(format!("{MAX_BEHIND} commits or more behind {reference}")),
        Some(count) => about.push(format!("{count} commits behind {reference}")),
    }
    about.extend(by.map(|by| format!("by {by}")));
    let others = base.others.iter().map(|other| format!(" and {}", repository.short(*other)));
    let commits = base.short.clone() + &others.collect::<String>();
    if about.is_empty() { commits } else { format!("{commits} ({})", about.join(", ")) }
}

/// The files of a commit or of the index.
pub(super) struct Tree {
    repository: Arc<Repository>,
    blobs: Blobs,
    /// Where submodules are mounted, and the commit of each.
    pub(super) gitlinks: Vec<(String, CommitId)>,
    /// Submodules whose files are among those here: the directory, relative to the top, with a `/` at its end.
    mounted: Vec<(String, Arc<Repository>)>,
    /// Links, sorted, with where they lead.
    links: Vec<(PathBuf, PathBuf)>,
    submodules: Vec<PathBuf>,
}

impl Tree {
    pub(super) fn of(repository: &Arc<Repository>, listing: &Listing) -> Result<Tree, GitFault> {
        let top = repository.top();
        let mut blobs: Blobs = listing.files.iter().map(|file| (file.path.clone(), file.blob)).collect();
        let links = follow_links(repository, listing, &mut blobs)?;
        let submodules = listing.submodules.iter().map(|(directory, _)| top.join(directory)).collect();
        let gitlinks = listing.submodules.clone();
        Ok(Tree { repository: Arc::clone(repository), blobs, gitlinks, mounted: Vec::new(), links, submodules })
    }

    /// Adds the files of a submodule.
    pub(super) fn mount(&mut self, directory: &str, repository: Arc<Repository>, files: &Listing) {
        let top = self.repository.top().join(directory);
        self.blobs.extend(files.files.iter().map(|file| (format!("{directory}/{}", file.path), file.blob)));
        self.submodules.retain(|submodule| *submodule != top);
        self.submodules.extend(files.submodules.iter().map(|(inner, _)| top.join(inner)));
        self.mounted.push((format!("{directory}/"), repository));
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

    pub(super) fn snapshot(self, label: &str, unread: &Unread) -> Snapshot {
        let Tree { repository, blobs, mounted, links, submodules, .. } = self;
        let top = repository.top().to_owned();
        let (files, blobs): (Vec<String>, Vec<BlobId>) = blobs.into_iter().unzip();
        let (revision, unread) = (label.to_owned(), unread.clone());
        let of =
            |file: &String| mounted.iter().find(|(start, _)| file.starts_with(start)).map(|(_, own)| Arc::clone(own));
        let contents = blobs.clone();
        let owners: Vec<_> = if mounted.is_empty() { Vec::new() } else { files.iter().map(of).collect() };
        let snapshot = Snapshot::new(top, Some(label.to_owned()), files, move |index, file| {
            let owner = owners.get(index).and_then(Option::as_ref).unwrap_or(&repository);
            owner.read(blobs[index]).map_err(|fault| {
                let reason = fault.message.clone();
                unread.note(file, &revision, fault);
                ReadFault::Unreadable(reason)
            })
        });
        snapshot.except(submodules).linked(links).with_contents(contents)
    }
}

/// How many links of a commit are followed, how many one after the other, and how many files they may add.
const MAX_LINKS: usize = 1000;
const MAX_STEPS: usize = 40;
const MAX_LINKED: usize = 100_000;

/// Adds the files that symbolic links within the tree lead to, as a walk over the disk finds them; the links that lead
/// to something, with that.
fn follow_links(
    repository: &Repository,
    listing: &Listing,
    blobs: &mut Blobs,
) -> Result<Vec<(PathBuf, PathBuf)>, GitFault> {
    let top = repository.top();
    let mut links: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for link in listing.links.iter().take(MAX_LINKS) {
        let place = top.join(&link.path);
        let bytes = repository.read(link.blob)?;
        if let Ok(target) = std::str::from_utf8(&bytes) {
            let target = path::absolute(&place.parent().unwrap_or(top).join(target));
            links.insert(place, target);
        }
    }
    let (mut linked, mut followed) = (Blobs::new(), Vec::new());
    for (place, target) in &links {
        let Some(target) = behind_links(target, &links) else { continue };
        if !target.starts_with(top) || place.starts_with(&target) {
            continue;
        }
        let (Some(own), Some(inner)) = (path::below(place, top), path::below(&target, top)) else { continue };
        if let Some(blob) = blobs.get(&inner) {
            linked.insert(own, *blob);
            followed.push((place.clone(), target));
            continue;
        }
        let prefix = format!("{inner}/");
        let below = blobs.range(prefix.clone()..).take_while(|(file, _)| file.starts_with(&prefix));
        for (file, blob) in below.take(MAX_LINKED.saturating_sub(linked.len())) {
            linked.insert(format!("{own}/{}", &file[prefix.len()..]), *blob);
        }
        followed.push((place.clone(), target));
    }
    blobs.extend(linked);
    Ok(followed)
}

/// Where a path leads if links are on its way; `None` where it goes in circles.
fn behind_links(path: &Path, links: &BTreeMap<PathBuf, PathBuf>) -> Option<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_STEPS {
        let link = path.ancestors().find_map(|above| links.get_key_value(above));
        let Some((above, target)) = link else { return Some(path) };
        path = match path.strip_prefix(above) {
            Ok(rest) if !rest.as_os_str().is_empty() => target.join(rest),
            _ => target.clone(),
        };
    }
    None
}
