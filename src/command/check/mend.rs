//! Applies fixes in memory, pass by pass, and keeps those after which all names stand for what they stood for, no fault
//! is new, and less is found. It writes nothing.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::published::{Broken, Published};
use super::{Found, Run};
use crate::command::Failure;
use crate::finding::{Edit, Finding, Fix, Severity};
use crate::fix::{self, Changes, Names, Rename};
use crate::project::path;
use crate::project::view::Edited;
use crate::rules::{self, Family};
use crate::source::{FileId, SourceFile, Sources};

/// How far mending has come.
pub(super) struct Mending<'a> {
    run: &'a Run<'a>,
    first: &'a Found,
    /// What is found now; nothing where that is what was found first.
    now: Option<Found>,
    edited: Edited,
    /// The fingerprints of what is not to be mended.
    spared: FxHashSet<String>,
    refusals: Vec<String>,
    /// Whether texts changed since the first of the refusals, so that what was refused may be possible now.
    went_on: bool,
    /// What new names are held against, once there are any.
    published: Option<Option<Published<'a>>>,
}

/// A fix that may be tried.
struct Candidate {
    /// Index among the findings.
    finding: usize,
    edits: Vec<Edit>,
    /// The old full name and the new last component, where it is a new name.
    renames: Option<(String, String)>,
}

impl<'a> Mending<'a> {
    pub(super) fn new(run: &'a Run<'a>, first: &'a Found) -> Mending<'a> {
        let (spared, refusals) = (FxHashSet::default(), Vec::new());
        Mending { run, first, now: None, edited: Edited::default(), spared, refusals, went_on: false, published: None }
    }

    /// What is found in the texts as they are now.
    pub(super) fn found(&self) -> &Found {
        self.now.as_ref().unwrap_or(self.first)
    }

    /// The same; nothing where that is what was found first.
    pub(super) fn into_found(self) -> Option<Found> {
        self.now
    }

    /// The texts that were edited, by absolute path.
    pub(super) fn edited(&self) -> &Edited {
        &self.edited
    }

    /// Why some findings were not mended: a line each.
    pub(super) fn refused(&self) -> String {
        self.refusals.iter().fold(String::new(), |mut text, refusal| {
            let _ = writeln!(text, "not mended: {}", crate::report::escape(refusal));
            text
        })
    }

    /// Tries what is left to mend; whether there was anything.
    pub(super) fn pass(&mut self) -> Result<bool, Failure> {
        let mut candidates = self.candidates();
        if candidates.is_empty() && self.went_on {
            self.went_on = false;
            self.spared.clear();
            self.refusals.clear();
            candidates = self.candidates();
        }
        if candidates.is_empty() {
            return Ok(false);
        }
        self.attempt(&candidates)?;
        Ok(true)
    }

    /// Makes the edits of all candidates that do not meet, and keeps them if the outcome is good; if not, tries half of
    /// them. What is not kept is there to be tried again, until it was alone.
    fn attempt(&mut self, candidates: &[Candidate]) -> Result<(), Failure> {
        let mut changes = Changes::default();
        let taken: Vec<&Candidate> = candidates.iter().filter(|candidate| changes.add(&candidate.edits)).collect();
        let mut edited = self.edited.clone();
        for (file, text) in changes.texts(&self.found().sources) {
            edited.insert(self.found().loaded.absolute[file.index()].clone(), text);
        }
        let found = self.run.find(self.sources(), &edited, &|| ())?;
        match (objection(self.found(), &found), &taken[..]) {
            (None, _) => {
                if self.breaks_others(&taken, &edited)? {
                    return Ok(());
                }
                self.went_on = !self.refusals.is_empty();
                self.edited = edited;
                self.now = Some(found);
            }
            (Some(why), [only]) => self.refuse(only.finding, &why),
            (Some(_), _) => self.attempt(&candidates[..candidates.len().div_ceil(2)])?,
        }
        Ok(())
    }

    /// Refuses the new names that `breaking` would tell of; whether there are any.
    fn breaks_others(&mut self, taken: &[&Candidate], edited: &Edited) -> Result<bool, Failure> {
        let renames: Vec<&&Candidate> = taken.iter().filter(|candidate| candidate.renames.is_some()).collect();
        if renames.is_empty() {
            return Ok(false);
        }
        if self.published.is_none() {
            self.published = Some(Published::of(self.run)?);
        }
        let Some(Some(published)) = &mut self.published else { return Ok(false) };
        let broken = published.broken(edited)?;
        let baseline = published.described().to_owned();
        let names = NewNames::of(renames.iter().filter_map(|candidate| candidate.renames.as_ref()));
        let mut refused: Vec<(usize, String)> = Vec::new();
        for candidate in &renames {
            let finding = &self.found().findings[candidate.finding];
            let path = finding.place.map_or("", |place| self.found().sources.get(place.file).path());
            let renames = candidate.renames.as_ref().expect("only new names are looked at");
            if let Some(broken) = broken.iter().find(|broken| names.bring(renames, path, broken)) {
                refused.push((candidate.finding, why(broken, &baseline)));
            }
        }
        if let (true, Some(first)) = (refused.is_empty(), broken.first()) {
            refused = renames.iter().map(|candidate| (candidate.finding, why(first, &baseline))).collect();
        }
        for (finding, why) in &refused {
            self.refuse(*finding, why);
        }
        Ok(!refused.is_empty())
    }

    /// Texts that hold what places in the configuration point into.
    fn sources(&self) -> Sources {
        let mut sources = Sources::new();
        let is_schema = |file: FileId| {
            self.first.loaded.absolute.get(file.index()).is_some_and(|path| !path.as_os_str().is_empty())
        };
        for (_, file) in self.first.sources.iter().take_while(|(file, _)| !is_schema(*file)) {
            sources.add(SourceFile::new(file.path().to_owned(), file.text().to_owned()));
        }
        sources
    }

    fn refuse(&mut self, finding: usize, why: &str) {
        let Found { sources, findings, .. } = self.found();
        let finding = &findings[finding];
        let place = finding.place.map(|place| (sources.get(place.file), place.span.start));
        let at = place.map_or_else(String::new, |(file, start)| {
            let position = file.position(start);
            format!("{}:{}:{}: ", file.path(), position.line, position.column)
        });
        let refusal = format!("{at}{} {}: {why}", finding.rule, finding.message);
        self.spared.insert(finding.fingerprint());
        self.refusals.push(refusal);
    }

    /// The fixes that may be applied to what is found now.
    fn candidates(&mut self) -> Vec<Candidate> {
        let (mut candidates, mut renames, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
        let mut refused: Vec<(usize, String)> = Vec::new();
        let Found { sources, loaded, findings, .. } = self.found();
        let mut names = None;
        for (index, finding) in findings.iter().enumerate() {
            match finding.fix.as_deref().filter(|_| !self.spared.contains(&finding.fingerprint())) {
                Some(Fix::Edits(edits)) => {
                    candidates.push(Candidate { finding: index, edits: edits.clone(), renames: None })
                }
                Some(Fix::Rename(to)) if self.run.args.fix.unsafe_too => {
                    let names: &mut Names<'_> = names.get_or_insert_with(|| Names::of(&loaded.schema));
                    match names.take(finding, to) {
                        Ok(None) => {}
                        Ok(Some(symbol)) => {
                            renames.push(Rename { symbol, to: to.clone() });
                            renamed.push(index);
                        }
                        Err(why) => refused.push((index, why)),
                    }
                }
                _ => {}
            }
        }
        if !renames.is_empty() {
            let edits = fix::edits(&loaded.schema, sources, &renames);
            for ((finding, edits), Rename { symbol, to }) in renamed.into_iter().zip(edits).zip(renames) {
                match self.unreachable(&edits) {
                    Some(why) => refused.push((finding, why)),
                    None => candidates.push(Candidate { finding, edits, renames: Some((symbol, to)) }),
                }
            }
        }
        for (finding, why) in refused {
            self.refuse(finding, &why);
        }
        candidates
    }

    /// Why edits cannot be made where they are needed.
    fn unreachable(&self, edits: &[Edit]) -> Option<String> {
        if edits.is_empty() {
            return Some("its name belongs to something else too".to_owned());
        }
        let Found { sources, loaded, .. } = self.found();
        let stdin = self.run.stdin.as_ref().map(|(file, _)| path::absolute(file));
        let includes = self.run.includes();
        let is_foreign = |file: FileId| {
            let absolute: &Path = &loaded.absolute[file.index()];
            let is_included = includes.iter().any(|include| absolute.starts_with(include));
            stdin.as_ref().is_some_and(|stdin| stdin != absolute) || (is_included && !self.is_target(file))
        };
        let foreign = edits.iter().map(|edit| edit.place.file).find(|file| is_foreign(*file))?;
        Some(format!("`{}` uses the name, and is not to be changed", sources.get(foreign).path()))
    }

    fn is_target(&self, file: FileId) -> bool {
        let mut files = self.found().loaded.schema.files();
        files.any(|known| known.source() == Some(file) && known.is_target())
    }
}

/// Why a name stays as it is.
fn why(broken: &Broken, baseline: &str) -> String {
    let Broken { finding, .. } = broken;
    format!("others may know it: compared with {baseline}, that would be {}: {}", finding.rule, finding.message)
}

/// The new names of one pass.
struct NewNames<'c>(FxHashMap<&'c str, &'c str>);

impl<'c> NewNames<'c> {
    fn of(renames: impl Iterator<Item = &'c (String, String)>) -> NewNames<'c> {
        NewNames(renames.map(|(symbol, to)| (symbol.as_str(), to.as_str())).collect())
    }

    /// The full name that something has after the pass.
    fn new_name(&self, symbol: &str) -> String {
        let ends = symbol.match_indices('.').map(|(at, _)| at).chain([symbol.len()]);
        let mut start = 0;
        let components = ends.map(|end| {
            let old = &symbol[start..end];
            start = end + 1;
            self.0.get(&symbol[..end]).copied().unwrap_or(old)
        });
        components.collect::<Vec<_>>().join(".")
    }

    /// Whether a change comes from a rename in the file at `path`: it is about what has the new name, or speaks of the old.
    fn bring(&self, (symbol, _): &(String, String), path: &str, broken: &Broken) -> bool {
        let old = symbol.rsplit('.').next().unwrap_or(symbol);
        let about = broken.finding.symbol.as_deref();
        let speaks_of = || broken.finding.message.split('`').any(|quoted| quoted.rsplit('.').next() == Some(old));
        about == Some(self.new_name(symbol).as_str()) || (broken.path == path && speaks_of())
    }
}

/// What speaks against what was found after an edit.
fn objection(before: &Found, after: &Found) -> Option<String> {
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in &before.findings {
        *known.entry((finding.rule, &finding.message)).or_default() += 1;
    }
    let mut new: Vec<&Finding> = Vec::new();
    for finding in &after.findings {
        match known.get_mut(&(finding.rule, finding.message.as_str())) {
            Some(count @ 1..) => *count -= 1,
            _ => new.push(finding),
        }
    }
    let is_fault = |finding: &&&Finding| {
        finding.severity == Severity::Error && rules::find(finding.rule).is_none_or(|rule| Family::of(rule).is_none())
    };
    if let Some(fault) = new.iter().find(is_fault) {
        return Some(format!("that would bring {}: {}", fault.rule, fault.message));
    }
    if after.findings.len() >= before.findings.len() {
        let told = new.first().map(|finding| format!("that would bring {}: {}", finding.rule, finding.message));
        return Some(told.unwrap_or_else(|| "that would mend nothing".to_owned()));
    }
    let is_same = fix::means_the_same(&before.loaded.schema, &after.loaded.schema);
    (!is_same).then(|| "another name would then stand for something else".to_owned())
}
