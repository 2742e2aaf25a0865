//! `check` and `check --fix` with all rules over files in memory: nothing is read from the disk or written to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::mend::Mending;
use super::{Found, Run};
use crate::cli::{CheckArgs, ColorArg, ConfigArgs, FailOn, FixArgs, OutputArgs};
use crate::command::setup;
use crate::config::{ALL, Config};
use crate::finding::Finding;
use crate::pattern::PathPatterns;
use crate::project::load::{self, Loaded, Request};
use crate::project::path;
use crate::project::view::{Edited, Snapshot, View};
use crate::project::walk::Exclude;
use crate::source::{FileId, SourceFile, Sources};

/// The directory that stands for the root of the files; none of that name needs to exist.
const TOP: &str = "in_memory";

/// What the texts are called that stand for those on disk.
pub(crate) const NOW: &str = "now";

/// Files by the path that imports use, `/` between components.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What came of files.
#[derive(Debug)]
pub struct Checked {
    /// Their texts.
    pub sources: Sources,
    /// What was found in them, sorted.
    pub findings: Vec<Finding>,
    /// Those that could not be read or parsed.
    pub unparsed: Vec<FileId>,
}

/// Checks files with all rules.
pub fn check(files: &Files) -> Checked {
    with_run(files, false, |run| run.find(Sources::new(), &Edited::default(), &|| ()).ok())
}

/// Mends files, new names included where that is asked for, and checks the outcome.
pub fn mend(files: &Files, gives_names: bool) -> Checked {
    with_run(files, gives_names, |run| {
        let first = run.find(Sources::new(), &Edited::default(), &|| ()).ok()?;
        let mut mending = Mending::new(run, &first);
        while mending.pass().ok()? {}
        let mended = mending.into_found();
        Some(mended.unwrap_or(first))
    })
}

fn with_run(files: &Files, gives_names: bool, find: impl FnOnce(&Run<'_>) -> Option<Found>) -> Checked {
    let args = arguments(gives_names);
    let config = Config { directory: top(), roots: vec![".".to_owned()], ..Config::default() };
    let selection = setup::selection(&args.config, &config, false).unwrap_or_else(|_| unreachable!("`ALL` is known"));
    let snapshot = snapshot(files, NOW);
    let run = Run {
        args: &args,
        stdin: None,
        config: &config,
        selection: &selection,
        known: None,
        view: View::of(&snapshot),
    };
    match find(&run) {
        Some(Found { sources, loaded, findings }) => {
            Checked { unparsed: unparsed(&loaded, &sources), sources: on_disk(&sources), findings }
        }
        // Only a directory without a file is none.
        None => Checked { sources: Sources::new(), findings: Vec::new(), unparsed: Vec::new() },
    }
}

/// Reads and links files, whose texts are called `label` where their paths alone would be taken for those on disk;
/// nothing where there is none.
pub(crate) fn load(files: &Files, label: &str, sources: &mut Sources) -> Option<Loaded> {
    let (snapshot, top, none) = (snapshot(files, label), top(), PathPatterns::default());
    let request = Request {
        paths: &[PathBuf::from(TOP)],
        stdin: None,
        roots: vec![top.clone()],
        includes: Vec::new(),
        exclude: Exclude::new(&top, &none),
        view: View::of(&snapshot),
        skip: None,
        may_lack: None,
        progress: &|| (),
    };
    load::load(&request, sources).ok()
}

fn top() -> PathBuf {
    path::absolute(Path::new(TOP))
}

fn snapshot(files: &Files, label: &str) -> Snapshot {
    let (names, texts): (Vec<String>, Vec<Vec<u8>>) = files.clone().into_iter().unzip();
    Snapshot::new(top(), label.to_owned(), names, move |index, _| Ok(texts[index].clone()))
}

fn unparsed(loaded: &Loaded, sources: &Sources) -> Vec<FileId> {
    let parsed: Vec<Option<FileId>> = loaded.schema.files().map(|file| file.source()).collect();
    sources.iter().map(|(id, _)| id).filter(|id| !parsed.contains(&Some(*id))).collect()
}

/// The texts as if those called [`NOW`] were on the disk.
pub(crate) fn on_disk(sources: &Sources) -> Sources {
    let mut shown = Sources::new();
    for (_, file) in sources.iter() {
        let text = SourceFile::new(file.path().to_owned(), file.text().to_owned());
        shown.add(match file.revision().filter(|revision| *revision != NOW) {
            Some(revision) => text.of_revision(revision),
            None => text,
        });
    }
    shown
}

fn arguments(gives_names: bool) -> CheckArgs {
    CheckArgs {
        paths: vec![PathBuf::from(TOP)],
        stdin_file_path: None,
        includes: Vec::new(),
        strict_imports: false,
        fix: FixArgs { fix: true, unsafe_too: gives_names, rename_published: true, diff: false },
        baseline: None,
        no_baseline: true,
        write_baseline: None,
        grow: false,
        new_only: false,
        against: None,
        tag_pattern: None,
        config: ConfigArgs { config: None, no_config: true, uses: vec![ALL.to_owned()], except: Vec::new() },
        output: OutputArgs {
            formats: Vec::new(),
            output: None,
            fail_on: FailOn::Never,
            color: ColorArg::Never,
            quiet: true,
            statistics: false,
            max_findings: usize::MAX,
        },
    }
}
