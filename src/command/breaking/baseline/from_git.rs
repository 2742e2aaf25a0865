//! Commits and the index as sides of a comparison, read from the object database without a checkout.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Asked, Baseline, Side, Tip};
use crate::cli::BreakingArgs;
use crate::config::Config;
use crate::input::git::{Base, BaseKind, BlobId, GitFault, Listing, MOST_BEHIND, Repository};
use crate::input::view::Snapshot;
use crate::input::{ReadFault, path};

/// The name that stands for the newest version tag.
const RELEASE: &str = "release";
/// What version tags look like where nobody says.
const TAGS: &str = "v*";

/// Files of a commit or of the index, absolute.
type Blobs = BTreeMap<PathBuf, BlobId>;

/// A commit against the work tree, the index, or in a bare repository `HEAD`.
pub(super) fn baseline(
    args: &BreakingArgs,
    config: &Config,
    repository: Repository,
    asked: &Asked,
) -> Result<Baseline, GitFault> {
    let tags = args.tag_pattern.as_ref().or(config.breaking.tag_pattern.as_ref()).map_or(TAGS, String::as_str);
    let base = match (asked.baseline.strip_prefix("tip:"), asked.baseline.as_str()) {
        (Some(reference), _) => repository.tip(reference)?,
        (None, RELEASE) => repository.newest_tag(tags)?,
        (None, reference) => repository.merge_base(reference)?,
    };
    let repository = Arc::new(repository);
    let old = repository.files(base.commit)?;
    let before = Tree::of(&repository, &old)?;
    let after = match (args.index, repository.is_bare()) {
        (true, _) => Some(repository.staged()?),
        (false, true) => Some(repository.files(repository.tip("HEAD")?.commit)?),
        (false, false) => None,
    };
    let after_label = if args.index { "index" } else { "HEAD" };
    let after = after.map(|listing| Tree::of(&repository, &listing)).transpose()?;
    let unchanged = match &after {
        Some(after) => before.common(&after.blobs),
        None => {
            let top = repository.top();
            let current: Blobs =
                repository.unmodified()?.into_iter().map(|(file, blob)| (top.join(file), blob)).collect();
            before.common(&current)
        }
    };
    let tip = tip(&repository, &base, &before)?;
    // Nobody stands in a bare repository's tree.
    let paths = (repository.is_bare() && args.paths.is_empty()).then(|| vec![repository.top().to_owned()]);
    let side = |tree: Tree, label: &str| Side { snapshot: Some(tree.snapshot(label)), paths: paths.clone() };
    Ok(Baseline {
        described: described(&base, asked, tags),
        before: side(before, &base.short),
        after: after.map(|tree| side(tree, after_label)).unwrap_or_default(),
        unchanged,
        moved: None,
        tip,
    })
}

/// The branch as it is now, where it has changed schemas since the merge base.
fn tip(repository: &Arc<Repository>, base: &Base, before: &Tree) -> Result<Option<Tip>, GitFault> {
    if base.kind != BaseKind::MergeBase || base.tip == base.commit {
        return Ok(None);
    }
    let tree = Tree::of(repository, &repository.files(base.tip)?)?;
    let unchanged = before.common(&tree.blobs);
    if unchanged.len() == tree.blobs.len() {
        return Ok(None);
    }
    let side = Side { snapshot: Some(tree.snapshot(&base.reference)), paths: None };
    Ok(Some(Tip { side, name: base.reference.clone(), unchanged }))
}

/// As the summary says it: `3f2c1a9 (merge base of HEAD and main, 4 commits behind main)`.
fn described(base: &Base, asked: &Asked, tags: &str) -> String {
    let reference = &base.reference;
    let mut about = match base.kind {
        BaseKind::MergeBase => format!("merge base of HEAD and {reference}"),
        BaseKind::Tip => reference.clone(),
        BaseKind::Tag => format!("{reference}, the newest tag like {tags}"),
    };
    if base.kind == BaseKind::MergeBase {
        match base.behind {
            Some(0) | None => {}
            Some(1) => about.push_str(&format!(", 1 commit behind {reference}")),
            Some(MOST_BEHIND..) => about.push_str(&format!(", {MOST_BEHIND} commits or more behind {reference}")),
            Some(count) => about.push_str(&format!(", {count} commits behind {reference}")),
        }
    }
    if let Some(by) = &asked.by {
        about.push_str(&format!(", by {by}"));
    }
    format!("{} ({about})", base.short)
}

/// The files of a commit or of the index.
struct Tree {
    repository: Arc<Repository>,
    blobs: Blobs,
    submodules: Vec<PathBuf>,
}

impl Tree {
    fn of(repository: &Arc<Repository>, listing: &Listing) -> Result<Tree, GitFault> {
        let top = repository.top();
        let mut blobs: Blobs = listing.files.iter().map(|file| (top.join(&file.path), file.blob)).collect();
        follow_links(repository, listing, &mut blobs)?;
        let submodules = listing.submodules.iter().map(|directory| top.join(directory)).collect();
        Ok(Tree { repository: Arc::clone(repository), blobs, submodules })
    }

    /// The files that are the same in both.
    fn common(&self, other: &Blobs) -> FxHashSet<PathBuf> {
        let same = other.iter().filter(|(file, blob)| self.blobs.get(*file) == Some(*blob));
        same.map(|(file, _)| file.clone()).collect()
    }

    fn snapshot(self, label: &str) -> Snapshot {
        let Tree { repository, blobs, submodules } = self;
        let (top, files) = (repository.top().to_owned(), blobs.keys().cloned().collect());
        let snapshot = Snapshot::new(top, label.to_owned(), files, move |file| match blobs.get(file) {
            Some(blob) => repository.read(*blob).map_err(unreadable),
            None => Err(ReadFault::Unreadable("the commit has no such file".to_owned())),
        });
        snapshot.except(submodules)
    }
}

fn unreadable(fault: GitFault) -> ReadFault {
    ReadFault::Unreadable(match fault.help {
        Some(help) => format!("{}: {help}", fault.message),
        None => fault.message,
    })
}

/// How many links of a commit are followed, and how many files they may add.
const MOST_LINKS: usize = 1000;
const MOST_LINKED: usize = 100_000;

/// Adds the files that symbolic links within the tree lead to, as a walk over the disk finds them.
fn follow_links(repository: &Repository, listing: &Listing, blobs: &mut Blobs) -> Result<(), GitFault> {
    let top = repository.top();
    let mut linked = Blobs::new();
    for link in listing.links.iter().take(MOST_LINKS) {
        let place = top.join(&link.path);
        let bytes = repository.read(link.blob)?;
        let Ok(target) = std::str::from_utf8(&bytes) else { continue };
        let target = path::absolute(&place.parent().unwrap_or(top).join(Path::new(target)));
        if !target.starts_with(top) || place.starts_with(&target) {
            continue;
        }
        let below = blobs.range(target.clone()..).take_while(|(file, _)| file.starts_with(&target));
        for (file, blob) in below.take(MOST_LINKED.saturating_sub(linked.len())) {
            let rest = file
                .strip_prefix(&target)
                .map(|rest| if rest.as_os_str().is_empty() { place.clone() } else { place.join(rest) });
            linked.insert(rest.unwrap_or_else(|_| place.clone()), *blob);
        }
    }
    blobs.extend(linked);
    Ok(())
}
