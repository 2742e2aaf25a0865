//! What the rules find in a project, kept file by file: after an edit only what it reaches is checked again. The outcome
//! is that of [`Project::lint`], which does less where there was nothing before.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::suppress::{self, UnusedOf};
use super::{Checker, Plan, Rules, Sectioned, lint};
use crate::finding::Finding;
use crate::project::Project;
use crate::schema::{File, FileIndex};
use crate::source::{FILES_OF_A_TASK, FileId};

/// What the rules find in a project, file by file.
pub(crate) struct Checked {
    project: Project,
    rules: Rules,
    /// For each file of the schema, what is found in it by the rules that look at one file at a time; nothing is
    /// suppressed yet.
    own: Vec<Arc<Sectioned>>,
    /// What the other rules find, by file.
    between: FxHashMap<FileId, Sectioned>,
    /// What could not be read, by file.
    faults: FxHashMap<FileId, Vec<Finding>>,
    reported: FxHashMap<FileId, Arc<Vec<Finding>>>,
    /// What is in no file.
    nowhere: Vec<Finding>,
}

impl Checked {
    /// Holds a project to rules. What nothing has changed for since `before`, by the same rules, is taken over.
    pub(crate) fn new(project: Project, rules: &Rules, before: Option<&Checked>) -> Checked {
        let before = before.filter(|before| Arc::ptr_eq(&before.rules.config, &rules.config));
        let relative = project.relative();
        let plan = lint::plan(rules, project.sources(), &relative);
        let changed = match before {
            Some(before) => project.schema().changed_since(before.project.schema()),
            None => vec![true; project.schema().files().len()],
        };
        let checker = Checker::new(&plan);
        let files: Vec<File<'_>> = project.schema().files().collect();
        let of_file = |(at, file): (usize, &File<'_>)| match before.filter(|_| !changed[at]) {
            Some(before) => Arc::clone(&before.own[at]),
            None if file.is_target() => Arc::new(checker.in_file(*file)),
            None => Arc::default(),
        };
        let in_files = || files.par_iter().enumerate().with_max_len(FILES_OF_A_TASK).map(of_file).collect();
        let (own, between): (Vec<Arc<Sectioned>>, Sectioned) =
            rayon::join(in_files, || checker.between_files(project.schema()));
        let elsewhere =
            own.iter().zip(&files).flat_map(|(own, file)| own.iter().filter(move |it| !is_in(&it.1, *file)));
        let between = by_file(between.into_iter().chain(elsewhere.cloned()), |(_, finding)| finding);
        let faults = project.loaded.findings.iter().cloned();
        let faults = faults.chain(lint::unused_in_configuration(&project, rules, &relative));
        let (faults, nowhere): (Vec<Finding>, Vec<Finding>) = faults.partition(|fault| fault.place.is_some());
        let faults = by_file(faults.into_iter(), |finding| finding);
        let checked = Checked {
            own,
            between,
            faults,
            nowhere,
            rules: rules.clone(),
            reported: FxHashMap::default(),
            project: project.clone(),
        };
        let reported = checked.report(&plan, &changed, before);
        drop(files);
        Checked { reported, ..checked }
    }

    /// What is reported of each file, with what is suppressed taken out.
    fn report(
        &self,
        plan: &Plan<'_>,
        changed: &[bool],
        before: Option<&Checked>,
    ) -> FxHashMap<FileId, Arc<Vec<Finding>>> {
        let targets = self.project.schema().files().enumerate().filter(|(_, file)| file.is_target());
        let targets: Vec<(usize, FileId)> = targets.filter_map(|(at, file)| Some((at, file.source()?))).collect();
        let of_target = |&(at, id): &(usize, FileId)| {
            let is_same = |before: &&Checked| {
                !changed[at]
                    && before.between.get(&id) == self.between.get(&id)
                    && before.faults.get(&id) == self.faults.get(&id)
            };
            let known = before.filter(is_same).and_then(|before| before.reported.get(&id));
            (id, known.map_or_else(|| Arc::new(self.of_file(at, id, plan)), Arc::clone))
        };
        let mut reported: FxHashMap<FileId, Arc<Vec<Finding>>> =
            targets.par_iter().with_max_len(FILES_OF_A_TASK).map(of_target).collect();
        let of_others = self.faults.iter().filter(|(id, _)| !reported.contains_key(id));
        let of_others: Vec<_> = of_others.map(|(id, faults)| (*id, Arc::new(sorted(faults.clone())))).collect();
        reported.extend(of_others);
        reported
    }

    /// What is reported of a file.
    fn of_file(&self, at: usize, id: FileId, plan: &Plan<'_>) -> Vec<Finding> {
        let file = self.project.schema().file_at(at as FileIndex);
        let own = self.own[at].iter().filter(|it| is_in(&it.1, file));
        let mut found: Sectioned = own.chain(self.between.get(&id).into_iter().flatten()).cloned().collect();
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
