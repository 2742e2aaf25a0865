//! Findings that are new: lints what the schemas were like before too, and takes out what was found there already.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lint::Layouts;
use super::suppress::{Older, may_be_in_baseline};
use super::{Rules, lint, self_check};
use crate::error::Error;
use crate::finding::order;
use crate::project::Project;
use crate::project::base::Base;
use crate::project::load::Loaded;
use crate::project::settings::Settings;
use crate::project::sides::Sides;
use crate::report::{Report, summary};
use crate::schema::{File, Schema};

/// What there was before.
pub struct Since {
    /// What is compared with, as the summary of a comparison says it.
    described: String,
    older: Older,
}

/// Lints what is there now and what was before: the project as it is now, a report of all that is found in it, and what
/// to take out of that with [`Since::apply`].
///
/// # Errors
///
/// A path cannot be walked, the repository cannot give a file, or standard input is a target.
pub fn lint_since(
    settings: &Settings,
    rules: &Rules,
    mut base: Base,
    on_read: &(dyn Fn() + Sync),
) -> Result<(Project, Report, Since), Error> {
    // Rules look across files, so those that did not change count too.
    base.unchanged.clear();
    base.tip = None;
    // What was there is taken from the first of several merge bases, and from the newest of several releases.
    base.leave_first();
    let sides = Sides::read(settings, &base, on_read)?;
    base.unread.check()?;
    let layouts = Layouts::new(rules, &sides.relative);
    let plan = lint::plan(rules, &sides.sources, &sides.relative, &layouts);
    let lint = |side: &Loaded| super::check(&side.schema, &plan);
    let (mut findings, mut older) = rayon::join(|| lint(&sides.after), || lint(&sides.before));
    order::sort(&mut older, &sides.sources);
    let renamed = renamed(&sides.before.schema, &sides.after.schema);
    for symbol in older.iter_mut().filter_map(|finding| finding.symbol.as_mut()) {
        if let Some(now) = renamed.get(symbol.as_str()) {
            (*now).clone_into(symbol);
        }
    }
    findings.extend(sides.after.findings.iter().cloned());
    let self_check = settings.self_check.then(|| self_check::run(&sides.after.schema, &sides.sources, &mut findings));
    let since = Since { described: base.described().to_owned(), older: Older::new(&older) };
    let report = Report::sorted(findings, sides.sources.clone());
    let report = Report { files: sides.after.targets, self_check, ..report };
    Ok((sides.into_after(), report, since))
}

/// For each file of the earlier schema that is gone, the new one that declares the most of what it did.
fn renamed<'s>(before: &'s Schema, after: &'s Schema) -> FxHashMap<&'s str, &'s str> {
    let names = |schema: &'s Schema| schema.files().map(File::name).collect::<FxHashSet<&str>>();
    let (old, new) = (names(before), names(after));
    let mut declared: FxHashMap<String, &str> = FxHashMap::default();
    for file in after.files().filter(|file| !old.contains(file.name())) {
        declared.extend(top_level(file).map(|name| (name, file.name())));
    }
    let successor = |file: File<'s>| {
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for name in top_level(file).filter_map(|name| declared.get(&name)) {
            *votes.entry(*name).or_default() += 1;
        }
        let (now, _) = votes.into_iter().max_by_key(|&(_, votes)| votes)?;
        Some((file.name(), now))
    };
    before.files().filter(|file| !new.contains(file.name())).filter_map(successor).collect()
}

/// The full names of what a file declares, members left out.
fn top_level(file: File<'_>) -> impl Iterator<Item = String> {
    let messages = file.messages().map(|message| message.full_name().to_owned());
    let enums = file.enums().map(|enumeration| enumeration.full_name().to_owned());
    messages.chain(enums).chain(file.services().map(|service| service.full_name().to_owned()))
}

impl Since {
    /// Takes out what was there before; a line that says what was done.
    pub fn apply(self, report: &mut Report) -> String {
        let older = self.older.suppress(&mut report.findings);
        let new = report.findings.iter().filter(|finding| may_be_in_baseline(finding)).count();
        let new = summary::counted(new, "new finding");
        let older = match older {
            0 => String::new(),
            1 => "; 1 older finding suppressed".to_owned(),
            older => format!("; {} older findings suppressed", summary::grouped(older)),
        };
        format!("{new} since {}{older}\n", self.described)
    }
}
