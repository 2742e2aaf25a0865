//! Imports that lead nowhere, twice to one file, or in a circle.

use rustc_hash::FxHashMap;

use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{File, FileIndex, Import, Part, Schema};

pub(super) const RULES: &[&Rule] =
    &[&COMPILE_IMPORT_AMBIGUOUS, &COMPILE_IMPORT_CYCLE, &COMPILE_IMPORT_DUPLICATE, &COMPILE_IMPORT_NOT_FOUND];

rule!(compile COMPILE_IMPORT_AMBIGUOUS: Check::Schema(compile_import_ambiguous));
rule!(compile COMPILE_IMPORT_CYCLE: Check::Schema(compile_import_cycle));
rule!(compile COMPILE_IMPORT_DUPLICATE: Check::File(compile_import_duplicate));
rule!(compile COMPILE_IMPORT_NOT_FOUND: Check::File(compile_import_not_found));

fn compile_import_duplicate(file: File<'_>, cx: &mut Cx<'_>) {
    let mut first = FxHashMap::default();
    for import in file.imports() {
        let earlier = *first.entry(import.path()).or_insert(import);
        if earlier != import {
            cx.report(import, Part::Declaration, format!("`{}` is imported twice", import.path()))
                .label(earlier, Part::Declaration, "first imported here")
                .help("remove the import");
        }
    }
}

fn compile_import_not_found(file: File<'_>, cx: &mut Cx<'_>) {
    // The faults of target files are reported where they are.
    let is_broken = |import: &Import<'_>| import.target().is_some_and(|to| to.is_damaged() && !to.is_target());
    for import in file.imports().filter(is_broken) {
        let path = import.path();
        cx.report(import, Part::Declaration, format!("import `{path}` does not parse"))
            .help(format!("check {path} to see why; code that depends on it was not checked"));
    }
    for (import, missing) in file.missing_imports() {
        let path = import.path();
        if let Some(broken) = &missing.broken {
            cx.report(import, Part::Declaration, format!("import `{path}` does not parse"))
                .help(format!("fix {broken} first; code that depends on it was not checked"));
            continue;
        }
        let searched: Vec<String> = missing.searched.iter().map(|directory| format!("`{directory}`")).collect();
        let more =
            if missing.more_searched > 0 { format!(" and {} more", missing.more_searched) } else { String::new() };
        let message = format!("import `{path}` was not found in {}{more}", searched.join(", "));
        cx.report(import, Part::Declaration, message).help(match &missing.held_by {
            Some(directory) => format!("it is in `{directory}`: pass -I {directory}"),
            None => "pass the directory that contains it: -I DIR, or `includes: [DIR]` in protolint.yaml".to_owned(),
        });
    }
}

/// How many files of a cycle are named.
const NAMED_FILES: usize = 8;

fn compile_import_cycle(schema: &Schema, cx: &mut Cx<'_>) {
    for cycle in &schema.faults().cycles {
        let Some(import) = schema.file_at(cycle.file).imports().nth(cycle.import as usize) else { continue };
        let name = |&at: &FileIndex| format!("`{}`", schema.file_at(at).name());
        let mut names: Vec<String> = cycle.way.iter().take(NAMED_FILES).map(name).collect();
        if cycle.way.len() > NAMED_FILES || cycle.way.first() != cycle.way.last() {
            names.push("…".to_owned());
        }
        let message = format!("files import each other in a cycle: {}", names.join(" -> "));
        cx.report(import, Part::Declaration, message)
            .help("move the shared declarations into a file that imports none of them");
    }
}

fn compile_import_ambiguous(schema: &Schema, cx: &mut Cx<'_>) {
    for meeting in &schema.faults().ambiguities {
        let importer = schema.file_at(meeting.importer);
        let Some(import) = importer.imports().nth(meeting.import as usize) else { continue };
        let [one, other] = meeting.files.map(|at: FileIndex| schema.file_at(at));
        let message =
            format!("two different files have the path `{}` among the imports of `{}`", one.name(), importer.name());
        cx.report(import, Part::Declaration, message)
            .label(one, Part::Package, "one of them")
            .label(other, Part::Package, "the other")
            .help("delete one of them, or give them different paths below their import roots");
    }
}
