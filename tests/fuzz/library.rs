//! The library as every target uses it: over files in memory, with everything switched on.

use std::collections::BTreeMap;

use protolint::config::ALL;
use protolint::finding::{Finding, Layer};
use protolint::source::{FileId, Sources};
use protolint::{FixSession, Policy, Project, Report, Rules, Sides};

/// Files by the path that imports use, `/` between components.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What came of files.
pub struct Checked {
    pub report: Report,
    /// Those that could not be read or parsed.
    pub unparsed: Vec<FileId>,
}

impl Checked {
    pub fn of(project: &Project) -> Checked {
        Checked { report: project.lint(&all()), unparsed: project.unparsed() }
    }

    pub fn findings(&self) -> &[Finding] {
        &self.report.findings
    }

    pub fn sources(&self) -> &Sources {
        &self.report.sources
    }
}

fn all() -> Rules {
    Rules::named([ALL]).expect("it is known")
}

/// Checks files with all rules.
pub fn check(files: &Files) -> Checked {
    Checked::of(&Project::in_memory(files.clone()))
}

/// Fixes files, new names included where that is asked for, and checks the outcome.
pub fn fix(files: &Files, gives_names: bool) -> Checked {
    let (project, rules) = (Project::in_memory(files.clone()), all());
    let session = FixSession::new(&project, &rules);
    let fixes = if gives_names { session.with_renames() } else { session.safe() }.expect("nothing is read");
    Checked { report: fixes.report, unparsed: fixes.project.unparsed() }
}

/// Two states of the same files.
pub fn sides(before: &Files, after: &Files) -> Sides {
    Sides::new(&Project::in_memory(before.clone()), &Project::in_memory(after.clone()))
}

/// Compares by the rules that `uses` names; where it names none by what changes break, on every layer. All findings come
/// with evidence.
pub fn compare(sides: &Sides, uses: &[String]) -> Vec<Finding> {
    let policy = match uses {
        [] => Policy::by_layers(&Layer::ALL),
        names => Policy::by_rules(names.to_vec()).expect("the names are known"),
    };
    sides.compare(&policy).findings
}
