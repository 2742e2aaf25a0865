//! Loads what is compared, before and after, into one set of sources.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::baseline::Baseline;
use crate::cli::BreakingArgs;
use crate::command::Failure;
use crate::config::Config;
use crate::input::view::Kind;
use crate::input::walk::Exclude;
use crate::input::{InputFault, path};
use crate::load::{self, Loaded, Request};
use crate::schema::Enum;
use crate::source::Sources;

/// Both sides.
pub(super) struct Sides {
    pub(super) before: Loaded,
    pub(super) after: Loaded,
    /// Where the branch compared with has moved on: what it has changed since, before and after.
    pub(super) moved_on: Option<(Loaded, Loaded)>,
    /// For each text, by its index, its path as the patterns of the configuration mean it.
    pub(super) relative: Vec<String>,
}

impl Sides {
    /// Reads, parses and links both sides.
    pub(super) fn load(
        args: &BreakingArgs,
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
        let unchanged_before: FxHashSet<PathBuf> = baseline.unchanged.iter().map(moved).collect();
        let after = Request {
            paths: baseline.after.paths.as_deref().unwrap_or(&args.paths),
            stdin: None,
            roots: if baseline.after.paths.is_some() { Vec::new() } else { roots.clone() },
            includes: includes.clone(),
            exclude: Exclude::new(&config.directory, &config.exclude),
            view: after_view,
            skip: Some(&baseline.unchanged),
            progress,
        };
        let before = Request {
            paths: baseline.before.paths.as_deref().unwrap_or(&args.paths),
            stdin: None,
            roots: old_roots.collect(),
            includes: includes.clone(),
            exclude: Exclude::new(&before_directory, &config.exclude),
            view: before_view,
            skip: Some(&unchanged_before),
            progress,
        };
        let (after, before) = rayon::join(|| load::start(&after), || load::start(&before));
        let (after, before) = (after.map_err(failure)?, before.map_err(failure)?);
        // A file belongs to the same root on both sides, whatever made it a root.
        let old: FxHashSet<PathBuf> = before.roots().iter().cloned().collect();
        let shared_by_after: Vec<PathBuf> =
            after.roots().iter().map(&moved).filter(|root| !old.contains(root)).collect();
        let shared_by_before: Vec<PathBuf> = before.roots().iter().map(|root| baseline.after_of(root)).collect();
        let all_roots: Vec<PathBuf> = after.roots().iter().chain(&shared_by_before).cloned().collect();
        let after = after.finish(&shared_by_before, sources);
        let before = before.finish(&shared_by_after, sources);
        let moved_on = baseline.tip.as_ref().map(|tip| {
            let of = |view, roots: &[PathBuf], sources: &mut Sources| {
                let request = Request {
                    paths: tip.side.paths.as_deref().unwrap_or(&args.paths),
                    stdin: None,
                    roots: roots.to_vec(),
                    includes: includes.clone(),
                    exclude: Exclude::new(&config.directory, &config.exclude),
                    view,
                    skip: Some(&tip.unchanged),
                    progress,
                };
                load::load(&request, sources).map_err(failure)
            };
            Ok::<_, Failure>((of(before_view, &all_roots, sources)?, of(tip.side.view(), &all_roots, sources)?))
        });
        let moved_on = moved_on.transpose()?;
        let relative = relative(&after, &before, &config.directory, &before_directory, sources.len());
        Ok(Sides { before, after, moved_on, relative })
    }
}

impl Sides {
    /// Whether a change reaches files that did not change: fields read as the first value of a closed enum where they
    /// are not set, wherever they are declared.
    pub(super) fn changes_other_files(&self) -> bool {
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
