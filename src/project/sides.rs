//! Reads what is compared, before and after, into one set of sources.

mod base_roots;
mod complete;
mod deletions;
mod past;
mod reach;
mod reading;
mod requests;
mod roots;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::base::{Base, ReleaseSet, Uncompared};
use super::releases::Releases;
use super::settings::Settings;
use super::view::{Edited, Known};
use super::{Project, excluded};
use crate::error::Error;
use crate::finding::Layer;
use crate::project::load::{self, AlreadyRead, LeftOut, Loaded, Request, Started};
use crate::project::path;
use crate::project::view::Kind;
use crate::schema::ParsedFile;
use crate::source::{FileId, Sources};
use base_roots::BaseRoots;
use complete::{Completed, complete};
pub(crate) use deletions::{Deletion, Deletions};
pub(crate) use past::{Past, PastLife, PastRelease, Taken};
pub(crate) use reading::MainlineSides;
use reading::{Parsed, Reading};
pub(crate) use roots::RootMatches;

/// The earlier and the later state of schemas, read together.
///
/// ```
/// use protolint::{Policy, Project, Sides};
///
/// let text = |number| format!("syntax = \"proto3\";\npackage a.v1;\nmessage User {{\n  string name = {number};\n}}\n");
/// let (before, after) = (Project::in_memory([("a/v1/a.proto", text(1))]), Project::in_memory([("a/v1/a.proto", text(2))]));
/// let report = Sides::new(&before, &after).compare(&Policy::default());
/// assert!(!report.findings.is_empty());
/// ```
pub struct Sides {
    pub(crate) settings: Arc<Settings>,
    pub(crate) before: Arc<Loaded>,
    pub(crate) after: Arc<Loaded>,
    /// The texts of both.
    pub(crate) sources: Sources,
    /// Where the branch compared with has moved on: what it is called, and what it has changed since, before and after.
    pub(crate) moved_on: Option<Arc<MovedOn>>,
    /// Packages that only files are left in which are the same on both sides and were not read, with their later roots.
    pub(crate) unread_packages: FxHashSet<(u32, String)>,
    /// How many files of the later side are target files and are not compared, as they do not parse on one side.
    pub(crate) unparsed: usize,
    /// Which root of one side is which of the other.
    pub(crate) roots: RootMatches,
    /// The same later state with the other bases, where there are several: merge bases or releases.
    pub(crate) others: Vec<Sides>,
    /// Which of several releases the earlier state is.
    pub(crate) releases: Option<ReleaseSet>,
    /// What the branch has already that this one will be merged into.
    pub(crate) mainline: Option<Arc<MainlineSides>>,
    /// What the earlier state is called.
    pub(crate) base: String,
    /// What could not be compared.
    pub(crate) uncompared: Vec<Uncompared>,
    /// What earlier releases had of what is new, where that was looked for.
    pub(crate) past: Option<Arc<Past>>,
    /// The releases that it was found in.
    pub(crate) history: Option<Arc<Releases>>,
    /// What the deprecation policy says of what is gone, where it says anything.
    pub(crate) deletions: Option<Arc<Deletions>>,
    /// For each text, by its index, its path as the patterns of the configuration mean it.
    pub(crate) relative: Vec<String>,
}

/// What a branch has changed since the state that is compared with.
pub(crate) struct MovedOn {
    pub(crate) branch: String,
    pub(crate) base: Loaded,
    pub(crate) tip: Loaded,
    pub(crate) roots: RootMatches,
}

impl Sides {
    /// Reads what the settings name, and the base it is compared with: all of both where what changed reaches files
    /// that did not. `on_read` is called once for each file that was read, on any thread.
    ///
    /// # Errors
    ///
    /// A path cannot be walked, or the repository cannot give a file.
    pub fn open(settings: &Settings, base: &mut Base, on_read: &(dyn Fn() + Sync)) -> Result<Sides, Error> {
        let mut reading = Reading {
            settings,
            progress: on_read,
            sources: settings.sources.clone(),
            parsed: Parsed::default(),
            keeps: !base.others.is_empty() || base.mainline.is_some(),
        };
        let mut sides = reading.open(base)?;
        sides.others = base.others.iter_mut().map(|other| reading.open(other)).collect::<Result<_, Error>>()?;
        sides.share(&reading.sources);
        let settings = &sides.settings;
        let mainline = base.mainline.as_ref().map(|mainline| MainlineSides::new(mainline, settings, reading));
        sides.mainline = mainline.map(Arc::new);
        base.unread.check()?;
        Ok(sides)
    }

    /// Lets all bases have the texts of all.
    fn share(&mut self, sources: &Sources) {
        self.sources = sources.clone();
        self.others.iter_mut().for_each(|other| other.sources = sources.clone());
    }

    /// Brings two projects together. Projects number their texts each for itself, so those of the earlier one are
    /// parsed again, as texts that are not on the disk. What the patterns of the configuration mean is what they mean
    /// in the later one.
    pub fn new(before: &Project, after: &Project) -> Sides {
        let mut sources = after.sources.clone();
        let before_directory = before.settings.config.directory.clone();
        let unparsed_targets = after.unparsed_names();
        let before = before.numbered_after(&mut sources, &unparsed_targets);
        let settings = Arc::clone(&after.settings);
        let after = Arc::clone(&after.loaded);
        let relative = relative(&after, &before, &settings.config.directory, &before_directory, sources.len());
        let directory = &settings.config.directory;
        let after_of = |path: &Path| match path.strip_prefix(&before_directory) {
            Ok(rest) => directory.join(rest),
            Err(_) => path.to_owned(),
        };
        let roots = RootMatches::new(&before, &after, after_of);
        Sides {
            settings,
            before: Arc::new(before),
            after,
            sources,
            moved_on: None,
            unread_packages: FxHashSet::default(),
            others: Vec::new(),
            releases: None,
            mainline: None,
            base: String::new(),
            uncompared: Vec::new(),
            past: None,
            history: None,
            deletions: None,
            unparsed: unparsed_targets.len(),
            roots,
            relative,
        }
    }

    /// The later side with some texts edited, which only takes a look at these; `None` where it takes more.
    pub(crate) fn with_edited(&self, edited: &Edited) -> Option<Sides> {
        let mut sources = self.sources.clone();
        let mut sides = self.with_edited_in(edited, &mut sources)?;
        for other in &self.others {
            sides.others.push(other.with_edited_in(edited, &mut sources)?);
        }
        sides.share(&sources);
        Some(sides)
    }

    /// The same with one base; the texts go where those of all bases are.
    fn with_edited_in(&self, edited: &Edited, sources: &mut Sources) -> Option<Sides> {
        let roots_are_fixed = !self.settings.config.roots.is_empty();
        let after = self.after.edited(edited, roots_are_fixed, (&self.sources, sources))?;
        // The text of a file that both sides share would be another one on both.
        let shared: FxHashSet<FileId> = self.before.sources().collect();
        let is_edited = |(id, path): (FileId, &PathBuf)| edited.contains_key(path) && shared.contains(&id);
        if self.sources.iter().map(|(id, _)| id).zip(self.after.absolute.iter()).any(is_edited) {
            return None;
        }
        // Which files are compared, and which packages are left, is known for the old texts.
        let asks_as_before = |(old, new): (&ParsedFile, &ParsedFile)| {
            old.has_faults() == new.has_faults() && old.package() == new.package()
        };
        if !self.after.files.iter().zip(&after.files).all(asks_as_before) {
            return None;
        }
        Some(Sides {
            settings: Arc::clone(&self.settings),
            before: Arc::clone(&self.before),
            after: Arc::new(after),
            sources: Sources::new(),
            moved_on: self.moved_on.clone(),
            unread_packages: self.unread_packages.clone(),
            others: Vec::new(),
            releases: self.releases.clone(),
            mainline: self.mainline.clone(),
            base: self.base.clone(),
            uncompared: self.uncompared.clone(),
            past: self.past.clone(),
            history: self.history.clone(),
            deletions: self.deletions.clone(),
            unparsed: self.unparsed,
            roots: self.roots.clone(),
            relative: self.relative.clone(),
        })
    }

    /// The later side with some texts edited, those included that were edited before; `None` where that takes more than a
    /// look at these. `skips_unchanged` says that the base knows files which did not change.
    pub(crate) fn edited(&self, edited: &Edited, base: &Base, skips_unchanged: bool) -> Option<Sides> {
        let is_enough = |(sides, base): (&Sides, &Base)| sides.changes_other_files() == base.unchanged.is_empty();
        let each =
            |sides: &Sides| std::iter::once((sides, base)).chain(sides.others.iter().zip(&base.others)).all(is_enough);
        let reaches_as_before = |sides: &Sides| {
            let others = self.others.iter().zip(&sides.others);
            let mut all = std::iter::once((self, sides)).chain(others);
            all.all(|(known, edited)| known.changed_requests() == edited.changed_requests())
        };
        let edited = self.with_edited(edited);
        edited.filter(|sides| !skips_unchanged || each(sides) && reaches_as_before(sides))
    }

    /// Whether files that are the same on both sides are not looked at.
    pub(crate) fn skips_unchanged(&self) -> bool {
        let others = self.others.iter();
        !self.settings.looks_at_calls_alone() && !others.chain([self]).any(Sides::changes_other_files)
    }

    /// The later side as a project of its own.
    pub fn into_after(self) -> Project {
        Project::of_side(self.settings, self.after, self.sources)
    }

    /// The absolute path of a text of the later side.
    pub(crate) fn absolute(&self, text: FileId) -> Option<&Path> {
        let mut of_each =
            std::iter::once(self).chain(&self.others).filter_map(|sides| sides.after.absolute.get(text.index()));
        of_each.find(|path| !path.as_os_str().is_empty()).map(PathBuf::as_path)
    }

    /// The texts of both sides.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Whether a side declares what a finding about it would name: a file, an element, or a member of one.
    pub(crate) fn declares(&self, symbol: &str) -> bool {
        let is_it = |name: &str| symbol.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let sides = [&self.before.schema, &self.after.schema];
        let mut files = sides.into_iter().flat_map(|schema| schema.files()).filter(|file| file.is_target());
        files.any(|file| {
            file.name() == symbol
                || file.all_messages().any(|message| is_it(message.full_name()))
                || file.all_enums().any(|enumeration| is_it(enumeration.full_name()))
                || file.services().any(|service| is_it(service.full_name()))
        })
    }

    /// The built-in files that stand for those that the later side lacks, see [`Schema::common_built_in`].
    ///
    /// [`Schema::common_built_in`]: crate::schema::Schema::common_built_in
    pub(crate) fn common_built_in(&self) -> BTreeSet<&str> {
        self.after.schema.common_built_in()
    }

    /// Whether a change can break a layer: those of options need the file that declares them.
    pub(crate) fn can_break(&self, layer: Layer) -> bool {
        let Some(file) = layer.declared_in() else { return true };
        [&self.before, &self.after].iter().any(|side| side.schema.files().any(|read| read.name() == file))
    }

    /// How many files of the later side were compared: those findings are wanted on, without those that do not parse.
    pub fn target_files(&self) -> usize {
        self.after.targets.saturating_sub(self.unparsed)
    }

    /// How many files of the earlier side are target files.
    pub fn base_files(&self) -> usize {
        self.before.targets
    }

    /// What was given and is not compared, as it lies in no root or only supplies imports.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = &LeftOut> {
        let after = &self.after.left_out;
        after.iter().chain(self.before.left_out.iter().filter(|left| !after.contains(left)))
    }

    /// Reads, parses and links both sides of a base, those files left out that it says are the same; and so for each other
    /// base.
    pub(crate) fn read(settings: &Settings, base: &Base, progress: &(dyn Fn() + Sync)) -> Result<Sides, Error> {
        let (sources, keeps) = (settings.sources.clone(), !base.others.is_empty());
        let mut reading = Reading { settings, progress, sources, parsed: Parsed::default(), keeps };
        let mut sides = reading.read(base)?;
        sides.others = base.others.iter().map(|other| reading.read(other)).collect::<Result<_, Error>>()?;
        sides.share(&reading.sources);
        Ok(sides)
    }

    /// The same for one base, where some files of each side are known; the texts are numbered after these.
    fn read_after(
        settings: &Settings,
        base: &Base,
        ([known_before, known_after], mut sources): (&[Known; 2], Sources),
        progress: &(dyn Fn() + Sync),
    ) -> Result<Sides, Error> {
        let (roots, includes) = (settings.roots(), settings.all_includes());
        let (after_view, before_view) =
            (base.after.view().knowing(known_after), base.before.view().knowing(known_before));
        let moved = |path: &PathBuf| base.before_of(path);
        let before_directory = moved(&path::absolute(&settings.config.directory));
        // Roots that the base did not have are found anew there.
        let later: Vec<PathBuf> = roots.iter().map(&moved).collect();
        let named = base_roots::configured(settings, base, &before_directory, &later);
        let is_there = |root: &PathBuf| matches!(before_view.kind(root), Ok(Kind::Directory));
        let BaseRoots { roots: old_roots, left_out } =
            named.unwrap_or(BaseRoots { roots: later, left_out: Vec::new() });
        let old_roots: Vec<PathBuf> = old_roots.into_iter().filter(is_there).collect();
        let unchanged_before = base.unchanged_before();
        // What was deleted can still be a target.
        let was_there = |asked: &Path| {
            let kind = before_view.kind(&base.before_of(&path::absolute(asked)));
            kind.is_ok_and(|kind| kind != Kind::NotYet)
        };
        let all = |exclude, view, skip| Request {
            paths: &settings.paths,
            stdin: None,
            roots: Vec::new(),
            includes: includes.clone(),
            project: None,
            exclude,
            view,
            skip: Some(skip),
            may_lack: None,
            progress,
        };
        let after = Request {
            paths: base.after.paths.as_deref().unwrap_or(&settings.paths),
            roots: if base.after.paths.is_some() { Vec::new() } else { roots.clone() },
            may_lack: Some(&was_there),
            project: base.later_top().map(Path::to_owned).or_else(|| settings.project()),
            ..all(excluded(&settings.config, &settings.config.directory), after_view, &base.unchanged)
        };
        let before = Request {
            paths: base.before.paths.as_deref().unwrap_or(&settings.paths),
            roots: old_roots,
            project: base.earlier_top().map(Path::to_owned).or_else(|| settings.project()),
            ..all(excluded(&settings.config, &before_directory), before_view, unchanged_before.as_ref())
        };
        // What the other branch has changed since, before and after.
        let on_branch = base.tip.as_ref().map(|tip| {
            [before_view, tip.side.view()].map(|view| Request {
                paths: tip.side.paths.as_deref().unwrap_or(&settings.paths),
                ..all(excluded(&settings.config, &settings.config.directory), view, &tip.unchanged)
            })
        });
        let both = |one, other| {
            let (one, other) = rayon::join(|| load::start(one), || load::start(other));
            Ok::<_, Error>((one?, other?))
        };
        let moved_on = || on_branch.as_ref().map(|[base, tip]| both(base, tip)).transpose();
        let (pair, moved_on) = rayon::join(|| both(&after, &before), moved_on);
        let ((after, before), moved_on) = (pair?, moved_on?);
        let Completed { mut after, before, all_roots, unread_packages, unparsed, uncompared } =
            complete(after, before, base, &mut sources);
        let left_out = left_out.iter().map(|root| LeftOut { path: path::shown_from_here(root), is_included: false });
        after.left_out.extend(left_out);
        let branch = base.tip.as_ref().map(|tip| tip.name.clone());
        let moved_on = moved_on.zip(branch).map(|((base, tip), branch)| {
            let mut finish = |side: Started<'_>| {
                side.finish(&all_roots, FxHashSet::default(), AlreadyRead::default(), &mut sources).link()
            };
            let (base, tip) = (finish(base), finish(tip));
            let roots = RootMatches::new(&base, &tip, Path::to_owned);
            Arc::new(MovedOn { branch, base, tip, roots })
        });
        let relative = relative(&after, &before, &settings.config.directory, &before_directory, sources.len());
        let (settings, before, after) = (Arc::new(settings.clone()), Arc::new(before), Arc::new(after));
        let roots = match base.has_descriptor_set() {
            // A set is of one root, whatever many its files were in.
            true => RootMatches::default(),
            false => RootMatches::new(&before, &after, |root| base.after_of(root)),
        };
        Ok(Sides {
            settings,
            before,
            after,
            sources,
            moved_on,
            unread_packages,
            others: Vec::new(),
            releases: base.releases.clone(),
            mainline: None,
            base: base.short().to_owned(),
            uncompared: base.uncompared.iter().cloned().chain(uncompared).collect(),
            past: None,
            history: None,
            deletions: None,
            unparsed,
            roots,
            relative,
        })
    }
}

fn relative(after: &Loaded, before: &Loaded, here: &Path, there: &Path, texts: usize) -> Vec<String> {
    let of = |file: &PathBuf, directory: &Path| path::below(file, directory).unwrap_or_else(|| path::shown(file));
    let known =
        |side: &Loaded, index: usize| side.absolute.get(index).filter(|path| !path.as_os_str().is_empty()).cloned();
    (0..texts)
        .map(|index| {
            let in_after = known(after, index).map(|file| of(&file, here));
            in_after.or_else(|| known(before, index).map(|file| of(&file, there))).unwrap_or_default()
        })
        .collect()
}
