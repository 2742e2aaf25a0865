//! Findings that are new: checks what the schemas were like before too, and takes out what was found there already.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cli::CheckArgs;
use crate::command::breaking::baseline::{self, Against, Wanted};
use crate::command::breaking::sides::Sides;
use crate::command::progress::Progress;
use crate::command::report::note;
use crate::command::setup::Selection;
use crate::command::{Failure, scopes, setup, summary};
use crate::config::Config;
use crate::finding::Finding;
use crate::project::load::Loaded;
use crate::run;
use crate::run::suppress::{Older, may_be_known};
use crate::schema::{File, Schema};
use crate::source::Sources;

/// What there was before.
pub(super) struct Since {
    /// What is compared with, as the summary of a comparison says it.
    described: String,
    older: Older,
}

/// Checks what is there now and what was before; `None` where all there is is to be told.
pub(super) fn find(
    args: &CheckArgs,
    config: &Config,
    selection: &Selection,
    sources: &mut Sources,
) -> Result<Option<(Loaded, Vec<Finding>, Since)>, Failure> {
    if !args.new_only {
        return Ok(None);
    }
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::new("`--new-only` compares files, and standard input is none"));
    }
    setup::check_includes(&args.includes)?;
    let wanted = Wanted::from(args);
    let mut baseline = match baseline::find(&wanted, config)? {
        Against::Baseline(baseline) => baseline,
        Against::Nothing(why) => {
            note(&args.output, &format!("{why}: every finding is new\n"));
            return Ok(None);
        }
    };
    // Rules look across files, so those that did not change count too.
    baseline.unchanged.clear();
    baseline.tip = None;
    let progress = Progress::new(args.output.quiet || !std::io::stderr().is_terminal());
    let Sides { before, after, relative, .. } =
        Sides::load(&wanted, config, &baseline, sources, &|| progress.advance())?;
    progress.finish();
    baseline.unread.check()?;
    let check = |side: &Loaded| scopes::check(config, selection, &side.schema, sources, &relative);
    let (mut findings, mut older) = rayon::join(|| check(&after), || check(&before));
    run::sort(&mut older, sources);
    let renamed = renamed(&before.schema, &after.schema);
    for symbol in older.iter_mut().filter_map(|finding| finding.symbol.as_mut()) {
        if let Some(now) = renamed.get(symbol.as_str()) {
            (*now).clone_into(symbol);
        }
    }
    findings.extend(after.findings.iter().cloned());
    let since = Since { described: baseline.described.clone(), older: Older::new(&older) };
    Ok(Some((after, findings, since)))
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
    pub(super) fn silence(self, findings: &mut Vec<Finding>) -> String {
        let older = self.older.silence(findings);
        let new = findings.iter().filter(|finding| may_be_known(finding)).count();
        let new = summary::counted(new, "new finding");
        let older = match older {
            0 => String::new(),
            1 => "; 1 older one not told".to_owned(),
            older => format!("; {} older ones not told", summary::grouped(older)),
        };
        format!("{new} since {}{older}\n", self.described)
    }
}
