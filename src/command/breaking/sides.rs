//! Loads what is compared, before and after, into one set of sources.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::baseline::{Baseline, Wanted};
use crate::command::Failure;
use crate::config::Config;
use crate::project::load::{self, AlreadyRead, Loaded, Request, Started};
use crate::project::view::Kind;
use crate::project::walk::Exclude;
use crate::project::{InputFault, path};
use crate::schema::Enum;
use crate::source::Sources;

/// Both sides.
pub(in crate::command) struct Sides {
    pub(in crate::command) before: Loaded,
    pub(in crate::command) after: Loaded,
    /// Where the branch compared with has moved on: what it has changed since, before and after.
    pub(in crate::command) moved_on: Option<(Loaded, Loaded)>,
    /// Packages that only files are left in which are the same on both sides and were not read.
    pub(in crate::command) unread_packages: FxHashSet<String>,
    /// For each text, by its index, its path as the patterns of the configuration mean it.
    pub(in crate::command) relative: Vec<String>,
}

impl Sides {
    /// Reads, parses and links both sides.
    pub(in crate::command) fn load(
        args: &Wanted,
        config: &Config,
        baseline: &Baseline,
        sources: &mut Sources,
        progress: &(dyn Fn() + Sync),
    ) -> Result<Sides, Failure> {
        let in_config = |relative: &String| path::absolute(&config.directory.join(relative));
        let roots: Vec<PathBuf> = config.roots.iter().map(in_config).collect();
        let own_includes = args.includes.iter().map(|include| path::absolute(include));
        let includes: Vec<PathBuf> = own_includes.chain(config.includes.iter().map(in_config)).collect();
        let (after_view, before_view) = (baseline.after.view(), baseline.before.view());
        let moved = |path: &PathBuf| baseline.before_of(path);
        // Roots that the baseline did not have are found anew there.
        let old_roots = roots.iter().map(&moved).filter(|root| matches!(before_view.kind(root), Ok(Kind::Directory)));
        let before_directory = moved(&path::absolute(&config.directory));
        let unchanged_before = baseline.unchanged_before();
        // What was deleted can still be asked about.
        let was_there = |asked: &Path| {
            let kind = before_view.kind(&baseline.before_of(&path::absolute(asked)));
            kind.is_ok_and(|kind| kind != Kind::NotYet)
        };
        let all = |exclude, view, skip| Request {
            paths: &args.paths,
            stdin: None,
            roots: Vec::new(),
            includes: includes.clone(),
            exclude,
            view,
            skip: Some(skip),
            may_lack: None,
            progress,
        };
        let after = Request {
            paths: baseline.after.paths.as_deref().unwrap_or(&args.paths),
            roots: if baseline.after.paths.is_some() { Vec::new() } else { roots.clone() },
            may_lack: Some(&was_there),
            ..all(excluded(config, &config.directory), after_view, &baseline.unchanged)
        };
        let before = Request {
            paths: baseline.before.paths.as_deref().unwrap_or(&args.paths),
            roots: old_roots.collect(),
            ..all(excluded(config, &before_directory), before_view, unchanged_before.as_ref())
        };
        // What the other branch has changed since, before and after.
        let on_branch = baseline.tip.as_ref().map(|tip| {
            [before_view, tip.side.view()].map(|view| Request {
                paths: tip.side.paths.as_deref().unwrap_or(&args.paths),
                ..all(excluded(config, &config.directory), view, &tip.unchanged)
            })
        });
        let both = |one, other| {
            let (one, other) = rayon::join(|| load::start(one), || load::start(other));
            Ok::<_, Failure>((one.map_err(failure)?, other.map_err(failure)?))
        };
        let moved_on = || on_branch.as_ref().map(|[base, tip]| both(base, tip)).transpose();
        let (pair, moved_on) = rayon::join(|| both(&after, &before), moved_on);
        let ((after, before), moved_on) = (pair?, moved_on?);
        let (after, before, roots, unread_packages) = complete(after, before, baseline, sources);
        let moved_on = moved_on.map(|(base, tip)| {
            let [base, tip] =
                [base, tip].map(|side| side.finish(&roots, FxHashSet::default(), AlreadyRead::default(), sources));
            (base.link(), tip.link())
        });
        let relative = relative(&after, &before, &config.directory, &before_directory, sources.len());
        Ok(Sides { before, after, moved_on, unread_packages, relative })
    }
}

/// What is not walked, where the configuration speaks of a tree at `directory`.
fn excluded<'a>(config: &'a Config, directory: &'a Path) -> Exclude<'a> {
    Exclude::new(directory, &config.exclude).only(&config.only)
}

/// Reads what both sides import and links them: the later side, the earlier one, the roots that files of either count
/// from, and the packages that only unchanged files are left in.
fn complete(
    after: Started<'_>,
    before: Started<'_>,
    baseline: &Baseline,
    sources: &mut Sources,
) -> (Loaded, Loaded, Vec<PathBuf>, FxHashSet<String>) {
    // A file belongs to the same root on both sides, whatever made it a root.
    let old: FxHashSet<PathBuf> = before.roots().iter().cloned().collect();
    let moved = after.roots().iter().map(|root| baseline.before_of(root));
    let shared_by_after: Vec<PathBuf> = moved.filter(|root| !old.contains(root)).collect();
    let shared_by_before: Vec<PathBuf> = before.roots().iter().map(|root| baseline.after_of(root)).collect();
    let roots: Vec<PathBuf> = after.roots().iter().chain(&shared_by_before).cloned().collect();
    let (old_packages, packages) = (before.packages(), after.packages());
    let missed: FxHashSet<&str> = old_packages.difference(&packages).copied().collect();
    let unread_packages = if missed.is_empty() { FxHashSet::default() } else { after.unread_in(&missed) };
    // What a file that cannot be parsed still declares, nobody knows.
    let unparsed = after.unparsed(&shared_by_before);
    let after = after.finish(&shared_by_before, FxHashSet::default(), AlreadyRead::default(), sources);
    // What did not change is imported by both sides.
    let unchanged = after.read().filter(|(file, _)| baseline.unchanged.contains(file));
    let read = unchanged.map(|(file, parsed)| (baseline.before_of(file), parsed.clone())).collect();
    let before = before.finish(&shared_by_after, unparsed, read, sources);
    let (after, before) = rayon::join(|| after.link(), || before.link());
    (after, before, roots, unread_packages)
}

impl Sides {
    /// Whether a change reaches files that did not change: fields read as the first value of a closed enum where they
    /// are not set, wherever they are declared.
    pub(in crate::command) fn changes_other_files(&self) -> bool {
        let first = |enumeration: Enum<'_>| enumeration.values().next().map(|value| value.number());
        let enums = |side: &Loaded| -> FxHashMap<String, Option<i32>> {
            let files = side.schema.files().filter(|file| file.is_target());
            let closed = files.flat_map(|file| file.all_enums()).filter(|enumeration| enumeration.is_closed());
            closed.map(|enumeration| (enumeration.full_name().to_owned(), first(enumeration))).collect()
        };
        let after = enums(&self.after);
        enums(&self.before).iter().any(|(name, first)| after.get(name).is_some_and(|now| now != first))
    }
}

fn failure(fault: InputFault) -> Failure {
    Failure { message: fault.message, help: fault.help }
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
