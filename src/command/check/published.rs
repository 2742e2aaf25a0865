//! What `breaking` would say of new names: those that the baseline has under the old name are known to others.

use rustc_hash::FxHashSet;

use super::Run;
use crate::cli::ConfigArgs;
use crate::command::Failure;
use crate::command::breaking;
use crate::command::breaking::baseline::{self, Against, Baseline, Wanted};
use crate::command::setup;
use crate::finding::Finding;
use crate::project::view::Edited;
use crate::source::Sources;

/// A baseline that new names are held against.
pub(super) struct Published<'a> {
    run: &'a Run<'a>,
    wanted: Wanted,
    baseline: Baseline,
    /// The fingerprints of the changes that there are anyway.
    known: FxHashSet<String>,
}

/// A change that only new names bring.
pub(super) struct Broken {
    pub(super) finding: Finding,
    /// The file it is in, as findings show it.
    pub(super) path: String,
}

impl<'a> Published<'a> {
    /// The baseline that `breaking` would compare with; `None` where nobody knows one.
    pub(super) fn of(run: &'a Run<'a>) -> Result<Option<Published<'a>>, Failure> {
        if run.args.fix.rename_published || run.stdin.is_some() {
            return Ok(None);
        }
        let wanted = Wanted::from(run.args);
        let baseline = match baseline::find(&wanted, run.config) {
            Ok(Against::Baseline(baseline)) => *baseline,
            Err(failure) if run.args.against.is_some() => return Err(failure),
            Ok(Against::Nothing(_)) | Err(_) => return Ok(None),
        };
        let mut published = Published { run, wanted, baseline, known: FxHashSet::default() };
        let changes = published.changes(&Edited::default())?;
        published.known = changes.iter().map(|broken| broken.finding.fingerprint()).collect();
        Ok(Some(published))
    }

    /// What it is called in messages.
    pub(super) fn described(&self) -> &str {
        &self.baseline.described
    }

    /// The changes that come with edits.
    pub(super) fn broken(&mut self, edited: &Edited) -> Result<Vec<Broken>, Failure> {
        let changes = self.changes(edited)?;
        Ok(changes.into_iter().filter(|broken| !self.known.contains(&broken.finding.fingerprint())).collect())
    }

    fn changes(&mut self, edited: &Edited) -> Result<Vec<Broken>, Failure> {
        for path in edited.keys() {
            self.baseline.unchanged.remove(path);
        }
        self.baseline.after.edited.clone_from(edited);
        let no_options = ConfigArgs { config: None, no_config: false, uses: Vec::new(), except: Vec::new() };
        let selection = setup::breaking_selection(&no_options, self.run.config)?;
        let mut sources = Sources::new();
        let found = breaking::changes(&self.wanted, self.run.config, &selection, &self.baseline, &mut sources)?;
        let broken = found.into_iter().filter(|finding| finding.change.is_some()).map(|finding| {
            let path = finding.place.map(|place| sources.get(place.file).path().to_owned());
            Broken { finding, path: path.unwrap_or_default() }
        });
        Ok(broken.collect())
    }
}
