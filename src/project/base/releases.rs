//! Release tags as the earlier sides of a comparison: the newest one, the last few, or all that match a pattern. Only
//! releases whose schemas differ are compared; each is known by its tag.

use std::sync::{Arc, Mutex};

use rustc_hash::FxHashSet;

use super::commit::{self, Later, Settled, Tree};
use super::mainline::{self, Left};
use super::submodules::{self, Mounted};
use super::{Base, Mainline, ReleaseSet, Unread};
use crate::error::Error;
use crate::project::git::{BaseKind, CommitId, GitFault, GitFaultKind, Release, Releases, Repository};
use crate::project::settings::Settings;
use crate::report::summary::counted;

/// The name that stands for the newest release.
const NEWEST: &str = "release";
/// What precedes the number of the last releases.
const LAST: &str = "last:";
/// What precedes a pattern of tags.
const MATCHING: &str = "tags:";

/// How many tags are named that cannot be read.
const MAX_NAMED: usize = 3;

/// Which releases are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selected {
    /// The newest one.
    Newest,
    /// So many, the newest first.
    Last(usize),
    /// All that match a pattern.
    Matching(String),
}

impl Selected {
    /// What `release`, `last:3` and `tags:v1.*` select; `None` for other names.
    ///
    /// # Errors
    ///
    /// The number or the pattern is missing or invalid; `command` begins the line that helps.
    pub(super) fn parse(base: &str, command: &str) -> Result<Option<Selected>, Error> {
        if base == NEWEST {
            return Ok(Some(Selected::Newest));
        }
        if let Some(number) = base.strip_prefix(LAST) {
            let count = number.parse().ok().filter(|count| *count > 0);
            let invalid = || Error::new(format!("invalid number of releases in `{base}`"));
            return match count {
                Some(count) => Ok(Some(Selected::Last(count))),
                None => Err(invalid().help(format!("{command} --against {LAST}3"))),
            };
        }
        match base.strip_prefix(MATCHING) {
            Some("") => {
                let error = Error::new(format!("`{base}` has no pattern of tags"));
                Err(error.help(format!("{command} --against '{MATCHING}v1.*'")))
            }
            pattern => Ok(pattern.map(|pattern| Selected::Matching(pattern.to_owned()))),
        }
    }

    /// Whether a name selects releases.
    pub(super) fn is_one(base: &str) -> bool {
        base == NEWEST || [LAST, MATCHING].iter().any(|start| base.starts_with(start))
    }

    /// What such a name is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        if self.are_several() { "name of several version tags" } else { "newest version tag" }
    }

    /// Whether more than one may be selected.
    pub(super) fn are_several(&self) -> bool {
        *self != Selected::Newest
    }

    /// What the tags look like.
    fn pattern<'s>(&'s self, settings: &'s Settings) -> &'s str {
        match self {
            Selected::Matching(pattern) => pattern,
            Selected::Newest | Selected::Last(_) => commit::tags(settings),
        }
    }

    /// How many are compared with at most.
    fn most(&self) -> usize {
        match self {
            Selected::Newest => 1,
            Selected::Last(count) => *count,
            Selected::Matching(_) => usize::MAX,
        }
    }
}

/// Why there is no such release.
pub(super) fn failure(fault: GitFault, asked: &str) -> Error {
    let others = match asked.strip_prefix(MATCHING) {
        Some(_) => format!("pass another pattern of tags: --against '{MATCHING}GLOB'"),
        None => "pass a pattern of tags: --tag-pattern GLOB".to_owned(),
    };
    let others = (fault.kind == GitFaultKind::NoTag).then_some(others);
    Error { message: fault.message, help: fault.help.or(others) }
}

/// Releases against the work tree, the index, or in a bare repository `HEAD`: the newest one, and the others behind it.
pub(super) fn base(
    settings: &Settings,
    repository: Repository,
    selected: &Selected,
    by: Option<&str>,
) -> Result<Base, GitFault> {
    let (pattern, index) = (selected.pattern(settings), settings.base.index);
    let releases = repository.last_releases(pattern, settings.base.pre_releases, index, selected.most())?;
    // What a branch already has matters to what a change may break, and not to what changed.
    let (left, note) = if settings.base.exact { (None, None) } else { mainline::left(settings, &repository) };
    let repository = Arc::new(repository);
    let described = Described::new(&repository, selected, &releases, pattern, by);
    let commits: Vec<CommitId> = releases.found.iter().map(|release| release.commit).collect();
    let (files, later) =
        rayon::join(|| repository.files_of(&commits), || Later::of(&repository, index, settings.base.to.as_deref()));
    let ((listings, listing_of), later, unread) = (files?, later?, Unread::default());
    let gitlinks = commit::gitlinks(&later);
    let mounted = Mounted { listed: gitlinks.as_deref() };
    let sides = Settled::of_later(settings, &repository, later, &unread);
    let on_branch = left.iter().flat_map(|left| &left.commits).map(|commit| {
        let mut tree = Tree::of(&repository, &repository.files(*commit)?)?;
        submodules::mount(settings, &repository, &mut tree, &mounted);
        let short = repository.short(*commit);
        Ok((*commit, Settled::of_commit(settings, &repository, tree, (&short, &unread))))
    });
    let on_branch: Vec<(CommitId, Settled<'_>)> = on_branch.collect::<Result<_, GitFault>>()?;
    let contained: Vec<_> = on_branch.iter().map(|(commit, _)| repository.contained(*commit, &commits)).collect();
    let names: Arc<[String]> = releases.found.iter().map(|release| release.name.clone()).collect();
    let (mut bases, mut mainlines) = (Vec::new(), Vec::new());
    for (at, listing) in listings.iter().enumerate() {
        let own: Vec<usize> = (0..names.len()).filter(|release| listing_of[*release] == at).collect();
        let Some(&newest) = own.first() else { continue };
        let mut tree = Tree::of(&repository, listing)?;
        let uncompared = submodules::mount(settings, &repository, &mut tree, &mounted);
        let label = if selected.are_several() { names[newest].clone() } else { repository.short(commits[newest]) };
        let unchanged = sides.unchanged(&tree);
        // What came after the branch was left is not on it.
        let is_on = |known: &FxHashSet<CommitId>| own.iter().any(|release| known.contains(&commits[*release]));
        let there = on_branch.iter().zip(&contained).filter(|(_, known)| is_on(known));
        let there: Vec<_> = there.map(|((_, settled), _)| (settled, settled.unchanged(&tree))).collect();
        let snapshot = Arc::new(tree.snapshot(&label, &unread));
        let with =
            |(settled, unchanged): (&Settled<'_>, _)| settled.with(settings, (&snapshot, unchanged), &label, &unread);
        mainlines.push(there.into_iter().map(with).collect::<Vec<Base>>());
        let releases = selected.are_several().then(|| ReleaseSet { names: Arc::clone(&names), own });
        bases.push(Base { releases, uncompared, ..with((&sides, unchanged)) });
    }
    let mut bases = bases.into_iter();
    let first = bases.next().expect("there is a release");
    let is_left = mainlines.iter().any(|bases| !bases.is_empty());
    let mainline =
        left.filter(|_| is_left).map(|Left { name, .. }| Arc::new(Mainline { name, bases: Mutex::new(mainlines) }));
    let notes = described.notes.into_iter().chain(note).collect();
    let (described, alone) = (described.all, Some(described.newest));
    let name = names.first().cloned().unwrap_or_default();
    Ok(Base { name, described, alone, mainline, notes, others: bases.collect(), ..first })
}

/// What releases are called.
struct Described {
    all: String,
    /// The newest one alone.
    newest: String,
    /// What is not among them.
    notes: Vec<String>,
}

impl Described {
    fn new(
        repository: &Repository,
        selected: &Selected,
        releases: &Releases,
        pattern: &str,
        by: Option<&str>,
    ) -> Described {
        let kind = if releases.is_before_head { BaseKind::TagBefore } else { BaseKind::Tag };
        let [newest, .., oldest] = &releases.found[..] else {
            let only = releases.found.first().cloned().expect("there is a release");
            let newest = commit::described(repository, &repository.at_release(kind, only), by, pattern);
            return Described { all: newest.clone(), newest, notes: notes(selected, releases) };
        };
        let alone = commit::described(repository, &repository.at_release(kind, newest.clone()), by, pattern);
        let before = if releases.is_before_head { " before HEAD" } else { "" };
        let count = releases.found.len();
        let which = match selected {
            Selected::Last(most) if *most == count => format!("the last {count} releases matching {pattern}{before}"),
            Selected::Last(_) => format!("the only {count} releases matching {pattern}{before}"),
            Selected::Newest | Selected::Matching(_) => {
                format!("{} matching {pattern}{before}", counted(count, "release"))
            }
        };
        let by = by.map(|by| format!(", by {by}")).unwrap_or_default();
        let range = format!("{} to {}", oldest.name, newest.name);
        Described { all: format!("{range} ({which}, transitive{by})"), newest: alone, notes: notes(selected, releases) }
    }
}

/// What is to be said of releases that should be among those that are compared with, and are not.
fn notes(selected: &Selected, releases: &Releases) -> Vec<String> {
    let skipped = releases.skipped.iter().take(MAX_NAMED).map(|(name, fault)| {
        let help = fault.help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
        format!("tag `{name}` was skipped, as {}{help}", fault.message)
    });
    let more = releases.skipped.len().saturating_sub(MAX_NAMED);
    let more = (more > 0).then(|| format!("{} were skipped too", counted(more, "more tag")));
    let command = releases.missing.as_ref().filter(|_| selected.are_several());
    let missing = command.zip(releases.found.last()).map(|(command, Release { name, .. })| {
        format!("the history in this shallow clone ends before the releases older than `{name}`: {command}")
    });
    skipped.chain(more).chain(missing).collect()
}
