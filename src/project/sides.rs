//! Reads what is compared, before and after, into one set of sources.

mod base_roots;
mod past;
mod roots;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::base::{Base, Uncompared};
use super::settings::Settings;
use super::view::Edited;
use super::{Project, excluded};
use crate::error::Error;
use crate::finding::Layer;
use crate::project::load::{self, AlreadyRead, LeftOut, Loaded, Request, Started};
use crate::project::path;
use crate::project::roots::Holders;
use crate::project::view::Kind;
use crate::schema::{Enum, FieldType, ParsedFile};
use crate::source::{FileId, Sources};
use base_roots::BaseRoots;
pub(crate) use past::{Past, PastLife, PastRelease, Taken};
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
    /// The same later state with the other merge bases, where there are several.
    pub(crate) others: Vec<Sides>,
    /// What the earlier state is called.
    pub(crate) base: String,
    /// What could not be compared.
    pub(crate) uncompared: Vec<Uncompared>,
    /// What earlier releases had of what is new, where that was looked for.
    pub(crate) past: Option<Arc<Past>>,
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
        if settings.looks_at_calls_alone() {
            // Rpcs of files that did not change carry messages of files that did.
            base.unchanged.clear();
        }
        let mut sides = Sides::read(settings, base, on_read)?;
        if sides.changes_other_files() && !base.unchanged.is_empty() {
            base.unchanged.clear();
            for other in &mut base.others {
                other.unchanged.clear();
            }
            sides = Sides::read(settings, base, on_read)?;
        }
        base.unread.check()?;
        Ok(sides)
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
            base: String::new(),
            uncompared: Vec::new(),
            past: None,
            unparsed: unparsed_targets.len(),
            roots,
            relative,
        }
    }

    /// The later side with some texts edited, which only takes a look at these; `None` where it takes more.
    pub(crate) fn with_edited(&self, edited: &Edited) -> Option<Sides> {
        if !self.others.is_empty() {
            return None;
        }
        let mut sources = self.sources.clone();
        let roots_are_fixed = !self.settings.config.roots.is_empty();
        let after = self.after.edited(edited, roots_are_fixed, &mut sources)?;
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
            sources,
            moved_on: self.moved_on.clone(),
            unread_packages: self.unread_packages.clone(),
            others: Vec::new(),
            base: self.base.clone(),
            uncompared: self.uncompared.clone(),
            past: self.past.clone(),
            unparsed: self.unparsed,
            roots: self.roots.clone(),
            relative: self.relative.clone(),
        })
    }

    /// The later side with some texts edited, those included that were edited before; `None` where that takes more than a
    /// look at these. `skips_unchanged` says that the base knows files which did not change.
    pub(crate) fn edited(&self, edited: &Edited, base: &Base, skips_unchanged: bool) -> Option<Sides> {
        let reads_all = base.unchanged.is_empty() && skips_unchanged;
        let is_enough = |sides: &Sides| !skips_unchanged || sides.changes_other_files() == reads_all;
        self.with_edited(edited).filter(is_enough)
    }

    /// Whether files that are the same on both sides are not looked at.
    pub(crate) fn skips_unchanged(&self) -> bool {
        !self.settings.looks_at_calls_alone() && !self.changes_other_files()
    }

    /// The later side as a project of its own.
    pub fn into_after(self) -> Project {
        Project::of_side(self.settings, self.after, self.sources)
    }

    /// The absolute path of a text of the later side.
    pub(crate) fn absolute(&self, text: FileId) -> Option<&Path> {
        self.after.absolute.get(text.index()).map(PathBuf::as_path).filter(|path| !path.as_os_str().is_empty())
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

    /// Reads, parses and links both sides, and so for each further base.
    pub(crate) fn read(settings: &Settings, base: &Base, progress: &(dyn Fn() + Sync)) -> Result<Sides, Error> {
        let mut sides = Sides::read_after(settings, base, settings.sources.clone(), progress)?;
        for other in &base.others {
            let next = Sides::read_after(settings, other, sides.sources.clone(), progress)?;
            sides.sources = next.sources.clone();
            sides.others.push(next);
        }
        Ok(sides)
    }

    /// The same for one base; the texts are numbered after these.
    fn read_after(
        settings: &Settings,
        base: &Base,
        mut sources: Sources,
        progress: &(dyn Fn() + Sync),
    ) -> Result<Sides, Error> {
        let (roots, includes) = (settings.roots(), settings.all_includes());
        let (after_view, before_view) = (base.after.view(), base.before.view());
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
            base: base.short().to_owned(),
            uncompared: base.uncompared.iter().cloned().chain(uncompared).collect(),
            past: None,
            unparsed,
            roots,
            relative,
        })
    }
}

/// Both sides, linked.
struct Completed {
    after: Loaded,
    before: Loaded,
    /// The roots that files of either count from.
    all_roots: Vec<PathBuf>,
    /// Packages that only unchanged files are left in, with their later roots.
    unread_packages: FxHashSet<(u32, String)>,
    /// How many files of the later side do not parse on one side.
    unparsed: usize,
    /// What the later side does not contain, though it may be there.
    uncompared: Vec<Uncompared>,
}

/// Reads what both sides import and links them.
fn complete(after: Started<'_>, before: Started<'_>, base: &Base, sources: &mut Sources) -> Completed {
    // A file belongs to the same root on both sides, whatever made it a root.
    let old: FxHashSet<PathBuf> = before.roots().iter().cloned().collect();
    let moved = after.roots().iter().map(|root| base.before_of(root));
    let shared_by_after: Vec<PathBuf> = moved.filter(|root| !old.contains(root)).collect();
    let shared_by_before: Vec<PathBuf> = before.roots().iter().map(|root| base.after_of(root)).collect();
    let all_roots: Vec<PathBuf> = after.roots().iter().chain(&shared_by_before).cloned().collect();
    let unread_packages = unread_packages(&after, &before, (&shared_by_after, &shared_by_before), base);
    // What a file with faults still declares, or declared, is not known.
    let unparsed: FxHashSet<PathBuf> = after.unparsed().map(Path::to_owned).collect();
    let mut unpaired: FxHashSet<PathBuf> = before.unparsed().map(Path::to_owned).collect();
    let holders = Holders::of(&all_roots);
    for file in &unparsed {
        let name = holders.holding(file).and_then(|(_, root)| path::below(file, root));
        unpaired.extend(before.formerly(base.before_of(file), name.as_deref()));
    }
    let uncompared = match base.after.view().set() {
        Some(set) => lacking(set, &after, &before, &mut unpaired),
        None => Vec::new(),
    };
    let mut of_either: FxHashSet<PathBuf> = unparsed.clone();
    of_either.extend(before.unparsed().flat_map(|file| after.formerly(base.after_of(file), None)));
    let of_either = of_either.iter().filter(|file| after.is_target(file)).count();
    let after = after.finish(&shared_by_before, unparsed, AlreadyRead::default(), sources);
    // What did not change is imported by both sides.
    let unchanged = after.read().filter(|(file, _)| base.unchanged.contains(file));
    let read = unchanged.map(|(file, parsed)| (base.before_of(file), parsed.clone())).collect();
    let before = before.finish(&shared_by_after, unpaired, read, sources);
    let (after, before) = rayon::join(|| after.link(), || before.link());
    Completed { after, before, all_roots, unread_packages, unparsed: of_either, uncompared }
}

/// What a set imports and does not contain is not gone, as the set was made without its imports; nor is it compared.
fn lacking(
    set: &Path,
    after: &Started<'_>,
    before: &Started<'_>,
    unpaired: &mut FxHashSet<PathBuf>,
) -> Vec<Uncompared> {
    let mut names: Vec<&str> = after.lacking().into_iter().collect();
    names.sort_unstable();
    let set = path::shown_from_here(set);
    let of_base = names.into_iter().map(|name| (name, before.formerly(PathBuf::new(), Some(name))));
    let not_compared = |(name, files): (&str, Vec<PathBuf>)| {
        unpaired.extend(files);
        let message = format!("`{name}` was not compared: `{set}` imports it and does not contain it");
        Uncompared { path: name.to_owned(), message, help: "make the set with --include_imports".to_owned() }
    };
    of_base.filter(|(_, files)| !files.is_empty()).map(not_compared).collect()
}

/// Packages that had files which changed, and now only have some that did not.
fn unread_packages(
    after: &Started<'_>,
    before: &Started<'_>,
    (shared_by_after, shared_by_before): (&[PathBuf], &[PathBuf]),
    base: &Base,
) -> FxHashSet<(u32, String)> {
    let (old_roots, roots) = (before.roots_with(shared_by_after), after.roots_with(shared_by_before));
    let packages = after.packages(&roots);
    let same: Vec<Option<usize>> = old_roots
        .iter()
        .map(|root| {
            let now = base.after_of(root);
            roots.iter().position(|other| *other == now)
        })
        .collect();
    let now = |(root, package): (u32, _)| Some((same[root as usize]? as u32, package));
    let old = before.packages(&old_roots);
    let missed: FxHashSet<(u32, &str)> =
        old.into_iter().filter_map(now).filter(|package| !packages.contains(package)).collect();
    if missed.is_empty() { FxHashSet::default() } else { after.unread_in(&missed, &roots) }
}

impl Settings {
    /// Whether a change counts by the rpcs that carry it, and not by the bytes that change.
    fn looks_at_calls_alone(&self) -> bool {
        let configured = || self.config.breaking.layers.clone().filter(|_| self.rule_names.uses.is_empty());
        let layers = if self.layers.is_empty() { configured().unwrap_or_default() } else { self.layers.clone() };
        layers.contains(&Layer::Grpc) && !layers.contains(&Layer::Wire)
    }
}

impl Sides {
    /// Whether a change reaches files that did not change, wherever they are: their fields read as the first value of a
    /// closed enum where they are not set, require one of its values, and their extensions are lost where a field holds
    /// another type than the one that they extend.
    fn changes_other_files(&self) -> bool {
        let (before, after) = (closed_enums(&self.before), closed_enums(&self.after));
        let reaches = |old: &ClosedEnum, new: &ClosedEnum| {
            old.first != new.first || new.numbers.iter().any(|number| old.numbers.binary_search(number).is_err())
        };
        before.iter().any(|(name, old)| after.get(name).is_some_and(|new| reaches(old, new)))
            || extendable_fields(&self.before) != extendable_fields(&self.after)
    }
}

/// What files that did not change make of a closed enum.
struct ClosedEnum {
    first: Option<i32>,
    /// Sorted.
    numbers: Vec<i32>,
}

fn closed_enums(side: &Loaded) -> FxHashMap<&str, ClosedEnum> {
    let files = side.schema.files().filter(|file| file.is_target());
    let closed = files.flat_map(|file| file.all_enums()).filter(|enumeration| enumeration.is_closed());
    let read = |enumeration: Enum<'_>| {
        let mut numbers: Vec<i32> = enumeration.values().map(|value| value.number()).collect();
        let first = numbers.first().copied();
        numbers.sort_unstable();
        ClosedEnum { first, numbers }
    };
    closed.map(|enumeration| (enumeration.full_name(), read(enumeration))).collect()
}

/// The fields that hold messages which may be extended, and these.
fn extendable_fields(side: &Loaded) -> FxHashSet<(String, &str)> {
    let files = side.schema.files().filter(|file| file.is_target());
    let fields = files.flat_map(|file| file.all_fields());
    let extendable = fields.filter_map(|field| match field.field_type() {
        FieldType::Message(message) if message.extension_ranges().next().is_some() => {
            Some((field.full_name(), message.full_name()))
        }
        _ => None,
    });
    extendable.collect()
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
