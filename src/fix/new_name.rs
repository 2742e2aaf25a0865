//! Gives one element, or a package, a new name that a person chose: with the edits and by the checks of renames that
//! rules propose. It writes nothing.

use std::collections::BTreeMap;

use super::quoted::Quoted;
use super::session::unreachable;
use super::{Changes, Names, Rename, means_the_same, rename_edits};
use crate::finding::{Edit, Finding, Severity};
use crate::project::Project;
use crate::project::view::Edited;
use crate::rules::{self, Family};
use crate::run::Rules;
use crate::schema::File;

/// Gives what has a full name the new last component `to`, wherever the project names it: edits, sorted, none
/// of which meets another.
///
/// # Errors
///
/// Why it cannot have that name: the name is none or taken, a text names it that cannot be changed with certainty, or
/// something would not compile or mean something else then.
pub(crate) fn rename(project: &Project, symbol: &str, is_package: bool, to: &str) -> Result<Vec<Edit>, String> {
    let schema = project.schema();
    if to.contains('.') {
        return Err(format!("`{to}` is not a name"));
    }
    let mut names = Names::of(schema);
    if is_package {
        names.take_for_package(symbol, to)?
    } else {
        names.take_for(symbol, to)?
    }
    let renames = [Rename { symbol: symbol.to_owned(), to: to.to_owned() }];
    let edits = rename_edits(schema, project.sources(), &renames).pop().unwrap_or_default();
    let declared = declaring(project, symbol);
    let quoted =
        || Quoted::new(schema, project.sources(), &renames).objection(&renames[0], declared, project.sources());
    if let Some(why) = unreachable(project, &edits).or_else(quoted) {
        return Err(why);
    }
    let mut changes = Changes::default();
    if !changes.add(&edits) {
        return Err("two edits would meet".to_owned());
    }
    let mut edited = Edited::default();
    for (file, text) in changes.texts(project.sources()) {
        edited.insert(project.absolute(file).ok_or("a file has no path")?.to_owned(), text);
    }
    let after = project.edited_further(&edited).map_err(|error| error.to_string())?;
    if let Some(fault) = new_fault(project, &after) {
        return Err(format!("the rename would cause {}: {}", fault.rule, fault.message));
    }
    if !means_the_same(schema, after.schema()) {
        return Err("another name would then refer to a different element".to_owned());
    }
    Ok(edits)
}

/// The file that declares what has a full name; `None` for a package, which many do.
fn declaring<'p>(project: &'p Project, symbol: &str) -> Option<File<'p>> {
    let mut files = project.schema().files().filter(|file| file.source().is_some());
    files.find(|file| {
        let is_in = file.package().is_none_or(|package| symbol.starts_with(package));
        is_in && file.elements().any(|element| element.full_name() == symbol)
    })
}

/// What the language forbids after edits and did not before: where a file has more findings of a rule, the first whose
/// message is new. Messages quote names, so that they alone do not say whether a finding is new.
fn new_fault(before: &Project, after: &Project) -> Option<Finding> {
    let rules = Rules::of_language();
    let faults = |project: &Project| -> Vec<Finding> {
        let is_fault = |finding: &Finding| {
            finding.severity == Severity::Error
                && rules::rule_of(finding.rule).is_none_or(|rule| Family::of(rule).is_none())
        };
        project.lint(&rules).findings.into_iter().filter(is_fault).collect()
    };
    let key = |finding: &Finding| (finding.rule, finding.place.map(|place| place.file));
    let old = faults(before);
    let mut counts: BTreeMap<_, i64> = BTreeMap::new();
    for finding in &old {
        *counts.entry(key(finding)).or_default() += 1;
    }
    let new = faults(after);
    for finding in &new {
        *counts.entry(key(finding)).or_default() -= 1;
    }
    let is_more = |finding: &&Finding| counts.get(&key(finding)).is_some_and(|count| *count < 0);
    let is_new = |finding: &&Finding| !old.iter().any(|old| old.message == finding.message);
    let more = || new.iter().filter(is_more);
    more().find(is_new).or_else(|| more().next()).cloned()
}
