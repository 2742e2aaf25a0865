//! What the rules find in a project, kept file by file: after an edit only what it reaches is checked again. The outcome
//! is that of [`Project::lint`], which does less where there was nothing before.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::lint::Layouts;
use super::suppress::{self, UnusedOf};
use super::{Checker, Plan, Rules, Sectioned, lint};
use crate::finding::Finding;
use crate::project::Project;
use crate::rules::Reach;
use crate::schema::{File, FileIndex, Reached};
use crate::source::{FILES_OF_A_TASK, FileId};

/// What the rules find in a project, file by file.
pub(crate) struct Checked {
    project: Project,
    rules: Rules,
    /// For each text, by its index, its path as the patterns of the configuration mean it.
    relative: Arc<Vec<String>>,
    layouts: Arc<Layouts>,
    /// For each file of the schema, what is found by the rules that look at one file at a time; nothing is suppressed
    /// yet.
    own: Vec<Arc<Own>>,
    /// What the rules over roots find, by their reach.
    of_roots: [Arc<ByFile>; Reach::ALL.len()],
    /// What other rules find, and what those that look at one file find elsewhere.
    others: ByFile,
    /// What could not be read, by file.
    faults: FxHashMap<FileId, Vec<Finding>>,
    reported: FxHashMap<FileId, Arc<Vec<Finding>>>,
    /// What is in no file.
    nowhere: Vec<Finding>,
}

/// What is found by looking at one file.
#[derive(Default)]
struct Own {
    here: Sectioned,
    elsewhere: Sectioned,
}

/// Findings by the file that they are in.
type ByFile = FxHashMap<FileId, Sectioned>;

impl Checked {
    /// Holds a project to rules. What nothing has changed for since `before`, by the same rules, is taken over.
    pub(crate) fn new(project: Project, rules: &Rules, before: Option<&Checked>) -> Checked {
        let before = before.filter(|before| Arc::ptr_eq(&before.rules.config, &rules.config));
        let has_same_paths = |before: &&Checked| Arc::ptr_eq(&before.project.loaded.absolute, &project.loaded.absolute);
        let (relative, layouts) = match before.filter(has_same_paths) {
            Some(before) => (Arc::clone(&before.relative), Arc::clone(&before.layouts)),
            None => {
                let relative = project.relative();
                let layouts = Layouts::new(rules, &relative);
                (Arc::new(relative), Arc::new(layouts))
            }
        };
        let plan = lint::plan(rules, project.sources(), &relative, &layouts);
        let since = before.and_then(|before| Some((before, Reached::new(project.schema(), before.project.schema())?)));
        let checker = Checker::new(&plan);
        let (own, (of_roots, of_schema)) = rayon::join(
            || in_files(&project, &checker, since.as_ref()),
            || rayon::join(|| in_roots(&project, &checker, since.as_ref()), || checker.in_schema(project.schema())),
        );
        let elsewhere = own.iter().flat_map(|own| own.elsewhere.iter().cloned());
        let others = by_file(of_schema.into_iter().chain(elsewhere), |(_, finding)| finding);
        let faults = project.loaded.findings.iter().cloned();
        let faults = faults.chain(lint::unused_in_configuration(&project, rules, &relative));
        let (faults, nowhere): (Vec<Finding>, Vec<Finding>) = faults.partition(|fault| fault.place.is_some());
        let faults = by_file(faults.into_iter(), |finding| finding);
        let checked = Checked {
            project: project.clone(),
            rules: rules.clone(),
            relative: Arc::clone(&relative),
            layouts: Arc::clone(&layouts),
            own,
            of_roots,
            others,
            faults,
            reported: FxHashMap::default(),
            nowhere,
        };
        let since = since.as_ref().map(|(before, edited)| (*before, edited.reached()));
        let reported = checked.report(&plan, since);
        Checked { reported, ..checked }
    }

    /// What is reported of each file, with what is suppressed taken out.
    fn report(&self, plan: &Plan<'_>, since: Option<(&Checked, &[bool])>) -> FxHashMap<FileId, Arc<Vec<Finding>>> {
        let targets = self.project.schema().files().enumerate().filter(|(_, file)| file.is_target());
        let targets: Vec<(usize, FileId)> = targets.filter_map(|(at, file)| Some((at, file.source()?))).collect();
        let of_target = |&(at, id): &(usize, FileId)| {
            let is_same = |(before, reached): &(&Checked, &[bool])| !reached[at] && self.has_same_between(before, id);
            let known = since.filter(is_same).and_then(|(before, _)| before.reported.get(&id));
            (id, known.map_or_else(|| Arc::new(self.of_file(at, id, plan)), Arc::clone))
        };
        let mut reported: FxHashMap<FileId, Arc<Vec<Finding>>> =
            targets.par_iter().with_max_len(FILES_OF_A_TASK).map(of_target).collect();
        let of_others = self.faults.iter().filter(|(id, _)| !reported.contains_key(id));
        let of_others: Vec<_> = of_others.map(|(id, faults)| (*id, Arc::new(sorted(faults.clone())))).collect();
        reported.extend(of_others);
        reported
    }

    /// Whether all that was found by looking at several files, and all that is wrong with it, is as it was `before`.
    fn has_same_between(&self, before: &Checked, id: FileId) -> bool {
        let is_same =
            |(now, then): (&Arc<ByFile>, &Arc<ByFile>)| Arc::ptr_eq(now, then) || now.get(&id) == then.get(&id);
        self.of_roots.iter().zip(&before.of_roots).all(is_same)
            && self.others.get(&id) == before.others.get(&id)
            && self.faults.get(&id) == before.faults.get(&id)
    }

    /// What is reported of a file.
    fn of_file(&self, at: usize, id: FileId, plan: &Plan<'_>) -> Vec<Finding> {
        let file = self.project.schema().file_at(at as FileIndex);
        let of_roots = self.of_roots.iter().filter_map(|found| found.get(&id)).flatten();
        let others = self.others.get(&id).into_iter().flatten();
        let mut found: Sectioned = self.own[at].here.iter().chain(of_roots).chain(others).cloned().collect();
        suppress::by_path(&mut found, plan);
        let mut found: Vec<Finding> = found.into_iter().map(|(_, finding)| finding).collect();
        let unused = suppress::by_directive(&mut found, std::iter::once(file), plan, UnusedOf::OneSchema);
        found.extend(unused);
        found.extend(self.faults.get(&id).into_iter().flatten().cloned());
        sorted(found)
    }

    /// The project that was checked.
    pub(crate) fn project(&self) -> &Project {
        &self.project
    }

    /// What is reported of each text, sorted by place, rule and message; nothing is there twice. Those of a text are
    /// the same vector as `before` where nothing has changed for it.
    pub(crate) fn reported(&self) -> &FxHashMap<FileId, Arc<Vec<Finding>>> {
        &self.reported
    }

    /// What is reported of no text.
    pub(crate) fn nowhere(&self) -> &[Finding] {
        &self.nowhere
    }
}

/// What is found by looking at each file; where an edit did not reach, what was found.
fn in_files(project: &Project, checker: &Checker<'_, '_>, since: Option<&(&Checked, Reached<'_>)>) -> Vec<Arc<Own>> {
    let files: Vec<File<'_>> = project.schema().files().collect();
    let of_file = |(at, file): (usize, &File<'_>)| match since.filter(|(_, edited)| !edited.reached()[at]) {
        Some((before, _)) => Arc::clone(&before.own[at]),
        None if file.is_target() => {
            let found = checker.in_file(*file);
            let (here, elsewhere) = found.into_iter().partition(|it| is_in(&it.1, *file));
            Arc::new(Own { here, elsewhere })
        }
        None => Arc::default(),
    };
    files.par_iter().enumerate().with_max_len(FILES_OF_A_TASK).map(of_file).collect()
}

/// What the rules over roots find; where an edit did not reach, what they found.
fn in_roots(
    project: &Project,
    checker: &Checker<'_, '_>,
    since: Option<&(&Checked, Reached<'_>)>,
) -> [Arc<ByFile>; Reach::ALL.len()] {
    let files = |found: Sectioned| Arc::new(by_file(found.into_iter(), |(_, finding)| finding));
    let Some((before, edited)) = since else {
        let roots = project.schema().roots();
        return checker.in_roots(&|_| &roots).map(files);
    };
    let is_same = |reach: Reach| match reach {
        Reach::Imports => edited.has_same_imports(),
        Reach::Rpcs => edited.has_same_rpcs(),
        Reach::Packages | Reach::Importers => false,
    };
    let roots = Reach::ALL.map(|reach| match reach {
        _ if is_same(reach) => Vec::new(),
        Reach::Packages => edited.neighbours(),
        Reach::Importers => edited.reached_roots(),
        Reach::Imports | Reach::Rpcs => project.schema().roots(),
    });
    let found = checker.in_roots(&|reach| &roots[reach as usize]).map(Some);
    let mut found = found;
    Reach::ALL.map(|reach| {
        let (roots, old) = (&roots[reach as usize], &before.of_roots[reach as usize]);
        let new = found[reach as usize].take().unwrap_or_default();
        match reach {
            Reach::Imports | Reach::Rpcs if is_same(reach) => Arc::clone(old),
            Reach::Imports | Reach::Rpcs => files(new),
            Reach::Packages | Reach::Importers => {
                let again: FxHashSet<FileId> =
                    roots.iter().flat_map(|root| &root.files).filter_map(|file| file.source()).collect();
                if new.is_empty() && !again.iter().any(|id| old.contains_key(id)) {
                    return Arc::clone(old);
                }
                let mut all: ByFile = old.as_ref().clone();
                all.retain(|id, _| !again.contains(id));
                all.extend(by_file(new.into_iter(), |(_, finding)| finding));
                Arc::new(all)
            }
        }
    })
}

fn is_in(finding: &Finding, file: File<'_>) -> bool {
    finding.place.is_some_and(|place| Some(place.file) == file.source())
}

/// What is in some file, by that.
fn by_file<T>(all: impl Iterator<Item = T>, finding: fn(&T) -> &Finding) -> FxHashMap<FileId, Vec<T>> {
    let mut found: FxHashMap<FileId, Vec<T>> = FxHashMap::default();
    for one in all {
        if let Some(place) = finding(&one).place {
            found.entry(place.file).or_default().push(one);
        }
    }
    found
}

fn sorted(mut found: Vec<Finding>) -> Vec<Finding> {
    let span = |finding: &Finding| finding.place.map(|place| place.span);
    found.sort_by(|one, other| {
        let by_place = span(one).cmp(&span(other)).then_with(|| one.rule.cmp(other.rule));
        by_place.then_with(|| one.message.cmp(&other.message))
    });
    found.dedup_by(|one, other| one.rule == other.rule && one.place == other.place && one.message == other.message);
    found
}
