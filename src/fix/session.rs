//! Applies fixes in memory, pass by pass, and keeps those after which all names stand for what they stood for, no fault
//! is new, and less is found. It writes nothing.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::objection::{Objection, is_syntax_error, syntax_errors, to_fixes, to_repair};
use super::published::{Broken, Guard, Published};
use super::quoted::Quoted;
use super::{Changes, Names, Rename, TextEdit, rename_edits};
use crate::error::Error;
use crate::finding::{Edit, Finding, Fix};
use crate::project::settings::Settings;
use crate::project::view::Edited;
use crate::project::{Project, path};
use crate::report::Report;
use crate::run::Rules;
use crate::source::FileId;

/// Fixes for what rules find in a project, tried in memory: a fix is kept only if what compiled still compiles, every
/// name still stands for what it stood for, and less is found.
///
/// ```
/// use protolint::{FixSession, Project, Rules};
///
/// let project = Project::in_memory([("a/v1/user.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage user {}\n")]);
/// let rules = Rules::default();
/// assert!(FixSession::new(&project, &rules).safe().expect("nothing has to be read").texts.is_empty());
/// let fixes = FixSession::new(&project, &rules).with_renames().expect("nothing has to be read");
/// assert!(fixes.texts[0].new.contains("message User {}"));
/// assert!(fixes.report.findings.is_empty());
/// ```
pub struct FixSession<'a> {
    rules: &'a Rules,
    first: State,
    /// What is found now; nothing where that is what was found first.
    now: Option<State>,
    edited: Edited,
    /// The fingerprints of what is not to be fixed.
    spared: FxHashSet<String>,
    skipped: Vec<Skipped>,
    /// How many syntax errors were fixed, and how many findings there were then: what was damaged before may have more.
    repaired: Option<(usize, usize)>,
    /// How many findings came in the place of others.
    brought: usize,
    /// Whether texts changed since the first fix was skipped, so that what was skipped may be possible now.
    went_on: bool,
    renames: bool,
    held_to: Option<&'a Settings>,
    /// Which findings are to be fixed, where that is not all.
    only: Option<Only>,
    /// What is found in a project, where that is known without the rules.
    check: Option<&'a dyn Fn(&Project) -> Report>,
    /// What new names are held against, once there are any.
    guard: Option<Guard<'a>>,
}

/// What came of fixes.
#[non_exhaustive]
pub struct Fixes {
    /// The texts that change, sorted by the path they are shown by.
    pub texts: Vec<TextEdit>,
    /// What could not be fixed, and why.
    pub skipped: Vec<Skipped>,
    /// How many findings are fixed.
    pub fixed: usize,
    /// What is left to find.
    pub report: Report,
    /// The project with the new texts.
    pub project: Project,
}

/// A finding that was not fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// Where, which rule, and what it says, in one line.
    pub finding: String,
    /// Why its fix was not applied.
    pub reason: String,
}

/// Some of the findings of a session.
pub(crate) enum Only {
    /// Those of a fingerprint.
    Fingerprint(String),
    /// Those in the text of that absolute path.
    Text(PathBuf),
}

impl Only {
    fn has(&self, finding: &Finding, project: &Project) -> bool {
        match self {
            Only::Fingerprint(fingerprint) => finding.fingerprint() == *fingerprint,
            Only::Text(path) => finding.place.and_then(|place| project.absolute(place.file)) == Some(path),
        }
    }
}

/// A project, and what is found in it.
pub(super) struct State {
    pub(super) project: Project,
    pub(super) report: Report,
}

/// A fix that may be tried.
struct Candidate {
    /// Index among the findings.
    finding: usize,
    edits: Vec<Edit>,
    /// The old full name and the new last component, where it is a new name.
    renames: Option<(String, String)>,
    is_placeholder: bool,
}

impl<'a> FixSession<'a> {
    /// Begins with what the rules find in the project.
    pub fn new(project: &Project, rules: &'a Rules) -> FixSession<'a> {
        FixSession::of_report(project, rules, project.lint(rules))
    }

    /// Begins with a report of the project by these rules that is there already.
    pub fn of_report(project: &Project, rules: &'a Rules, report: Report) -> FixSession<'a> {
        FixSession {
            rules,
            first: State { project: project.clone(), report },
            now: None,
            edited: Edited::default(),
            spared: FxHashSet::default(),
            skipped: Vec::new(),
            repaired: None,
            brought: 0,
            went_on: false,
            renames: false,
            held_to: None,
            only: None,
            check: None,
            guard: None,
        }
    }

    /// Skips new names for what has its old name in the base that the settings name already, as others may use it.
    #[must_use]
    pub fn held_to_base(self, settings: &'a Settings) -> FixSession<'a> {
        FixSession { held_to: Some(settings), ..self }
    }

    /// Fixes some of the findings; `check` finds what the rules find.
    #[must_use]
    pub(crate) fn only(self, only: Only, check: &'a dyn Fn(&Project) -> Report) -> FixSession<'a> {
        FixSession { only: Some(only), check: Some(check), ..self }
    }

    /// Applies the fixes that change nothing visible outside of the files.
    ///
    /// # Errors
    ///
    /// An edit calls for a look at what there is to read, and that cannot be read any more.
    pub fn safe(self) -> Result<Fixes, Error> {
        self.finish()
    }

    /// Applies these and gives new names, wherever the old ones are used in the project.
    ///
    /// # Errors
    ///
    /// As those of [`FixSession::safe`], and those of finding and reading the base.
    pub fn with_renames(self) -> Result<Fixes, Error> {
        FixSession { renames: true, ..self }.finish()
    }

    fn finish(mut self) -> Result<Fixes, Error> {
        while self.pass()? {}
        let FixSession { first, now, edited, skipped, repaired, brought, .. } = self;
        let texts = changed_texts(&first.project, &edited);
        let (repaired, before) = repaired.unwrap_or((0, first.report.findings.len()));
        let State { project, report } = now.unwrap_or(first);
        Ok(Fixes { texts, skipped, fixed: repaired + before + brought - report.findings.len(), report, project })
    }

    /// What is found in the texts as they are now.
    fn state(&self) -> &State {
        self.now.as_ref().unwrap_or(&self.first)
    }

    /// Tries what is left to fix; whether there was anything.
    fn pass(&mut self) -> Result<bool, Error> {
        let mut candidates = self.candidates();
        if candidates.is_empty() && self.went_on {
            self.went_on = false;
            self.spared.clear();
            self.skipped.clear();
            candidates = self.candidates();
        }
        if candidates.is_empty() {
            return Ok(false);
        }
        self.attempt(&candidates)?;
        Ok(true)
    }

    /// Makes the edits of all candidates that do not meet, and keeps them if the outcome is good; if not, skips those
    /// that are to blame, or tries half of them. What is not kept is there to be tried again, until it was alone.
    fn attempt(&mut self, candidates: &[Candidate]) -> Result<(), Error> {
        let mut changes = Changes::default();
        let taken: Vec<&Candidate> = candidates.iter().filter(|candidate| changes.add(&candidate.edits)).collect();
        let (mut state, mut edited) = self.changed(&self.state().project, &self.edited, &changes)?;
        let findings = &self.state().report.findings;
        let fixed: Vec<&Finding> = taken.iter().map(|candidate| &findings[candidate.finding]).collect();
        let is_repair = fixed.iter().all(|finding| is_syntax_error(finding));
        // New names are others' names too: what they bring is not asked for.
        let exchanged: &[&Finding] =
            if taken.iter().any(|candidate| candidate.renames.is_some()) { &[] } else { &fixed };
        let mut outcome = match is_repair {
            true => to_repair(self.state(), &state).map_or(Ok(0), Err),
            false => to_fixes(self.state(), &state, exchanged),
        };
        if let (Err(objection), false) = (&outcome, is_repair)
            && let Some(more) = follow_up(objection)
        {
            let (further, further_edited) = self.changed(&state.project, &edited, &more)?;
            if let Ok(brought) = to_fixes(self.state(), &further, exchanged) {
                (state, edited, outcome) = (further, further_edited, Ok(brought));
            }
        }
        match (outcome, &taken[..]) {
            (Ok(brought), _) => {
                if self.breaks_others(&taken, &edited)? {
                    return Ok(());
                }
                self.went_on = !self.skipped.is_empty();
                if is_repair {
                    let fixed = syntax_errors(self.state()).count() - syntax_errors(&state).count();
                    let (before, _) = self.repaired.unwrap_or_default();
                    self.repaired = Some((before + fixed, state.report.findings.len()));
                }
                self.brought += brought;
                self.edited = edited;
                self.now = Some(state);
            }
            (Err(objection), [only]) => self.skip(only.finding, &objection.why),
            (Err(objection), _) => {
                let blamed = self.blamed(&taken, &objection);
                blamed.iter().for_each(|(finding, why)| self.skip(*finding, why));
                if blamed.is_empty() {
                    self.attempt(&candidates[..candidates.len().div_ceil(2)])?;
                }
            }
        }
        Ok(())
    }

    /// What is found once texts of `project`, some of them `edited` already, change.
    fn changed(&self, project: &Project, edited: &Edited, changes: &Changes) -> Result<(State, Edited), Error> {
        let mut edited = edited.clone();
        for (file, text) in changes.texts(project.sources()) {
            edited.insert(project.absolute(file).expect("edits are made in schemas").to_owned(), text);
        }
        let project = project.with_edited(&edited)?;
        let report = self.check.map_or_else(|| project.lint(self.rules), |check| check(&project));
        Ok((State { project, report }, edited))
    }

    /// The fixes that bring what is new, where only one of them is about that element, and why each is skipped: that
    /// spares a try of each. Should one be to blame only beside another, it is tried again later.
    fn blamed(&self, taken: &[&Candidate], objection: &Objection) -> Vec<(usize, String)> {
        let findings = &self.state().report.findings;
        let symbol = |candidate: &Candidate| findings[candidate.finding].symbol.as_deref();
        let mut of_symbol: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for candidate in taken {
            of_symbol.entry(symbol(candidate).unwrap_or_default()).or_default().push(candidate.finding);
        }
        let blamed = objection.new.iter().filter_map(|new| match of_symbol.remove(new.symbol.as_deref()?)?[..] {
            [only] => Some((only, format!("the fix would cause {}: {}", new.rule, new.message))),
            _ => None,
        });
        let blamed: Vec<(usize, String)> = blamed.collect();
        // Where that is all of them, none is known to be good.
        if blamed.len() < taken.len() { blamed } else { Vec::new() }
    }

    /// Skips the new names that a comparison with the base would report; whether there are any.
    fn breaks_others(&mut self, taken: &[&Candidate], edited: &Edited) -> Result<bool, Error> {
        let renames: Vec<&&Candidate> = taken.iter().filter(|candidate| candidate.renames.is_some()).collect();
        let Some(settings) = self.held_to.filter(|_| !renames.is_empty()) else { return Ok(false) };
        if self.guard.is_none() {
            self.guard = Some(Published::find(settings, &Edited::default())?);
        }
        let published = match &mut self.guard {
            Some(Guard::Base(published)) => published,
            Some(Guard::Unknown(why)) => {
                let why = format!("other code may use the name: {why}; --rename-published renames it anyway");
                let unknown = renames.iter().filter(|candidate| !candidate.is_placeholder);
                let skipped: Vec<usize> = unknown.map(|candidate| candidate.finding).collect();
                skipped.iter().for_each(|finding| self.skip(*finding, &why));
                return Ok(!skipped.is_empty());
            }
            Some(Guard::Nothing) | None => return Ok(false),
        };
        let broken = published.broken(edited)?;
        let base = published.described().to_owned();
        let names = NewNames::new(renames.iter().filter_map(|candidate| candidate.renames.as_ref()));
        let mut skipped: Vec<(usize, String)> = Vec::new();
        for candidate in &renames {
            let State { project, report } = self.state();
            let place = report.findings[candidate.finding].place;
            let path = place.map_or("", |place| project.sources().get(place.file).path());
            let renames = candidate.renames.as_ref().expect("only new names are compared");
            if let Some(broken) = broken.iter().find(|broken| names.bring(renames, path, broken)) {
                skipped.push((candidate.finding, why(broken, &base)));
            }
        }
        if let (true, Some(first)) = (skipped.is_empty(), broken.first()) {
            skipped = renames.iter().map(|candidate| (candidate.finding, why(first, &base))).collect();
        }
        for (finding, why) in &skipped {
            self.skip(*finding, why);
        }
        Ok(!skipped.is_empty())
    }

    fn skip(&mut self, finding: usize, reason: &str) {
        let State { project, report } = self.state();
        let finding = &report.findings[finding];
        let place = finding.place.map(|place| (project.sources().get(place.file), place.span.start));
        let at = place.map_or_else(String::new, |(file, start)| {
            let position = file.position(start);
            format!("{}:{}:{}: ", file.path(), position.line, position.column)
        });
        let line = format!("{at}{} {}", finding.rule, finding.message);
        self.spared.insert(finding.fingerprint());
        self.skipped.push(Skipped { finding: line, reason: reason.to_owned() });
    }

    /// The fixes that may be applied to what is found now.
    fn candidates(&mut self) -> Vec<Candidate> {
        let (mut candidates, mut renames, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
        let mut skipped: Vec<(usize, String)> = Vec::new();
        let State { project, report } = self.state();
        let mut names = None;
        let is_wanted = |finding: &Finding| self.only.as_ref().is_none_or(|only| only.has(finding, project));
        for (index, finding) in report.findings.iter().enumerate().filter(|(_, finding)| is_wanted(finding)) {
            match finding.fix.as_deref().filter(|_| !self.spared.contains(&finding.fingerprint())) {
                Some(Fix::Edits(edits)) => {
                    let edits = edits.clone();
                    candidates.push(Candidate { finding: index, edits, renames: None, is_placeholder: false })
                }
                Some(Fix::Rename { to, is_placeholder }) if self.renames => {
                    let names: &mut Names<'_> = names.get_or_insert_with(|| Names::of(project.schema()));
                    match names.take(finding, to) {
                        Ok(None) => {}
                        Ok(Some(symbol)) => {
                            renames.push(Rename { symbol, to: to.clone() });
                            renamed.push((index, *is_placeholder));
                        }
                        Err(why) => skipped.push((index, why)),
                    }
                }
                _ => {}
            }
        }
        if !renames.is_empty() {
            let edits = rename_edits(project.schema(), project.sources(), &renames);
            let quoted = Quoted::new(project.schema(), project.sources(), &renames);
            for (((finding, is_placeholder), edits), Rename { symbol, to }) in
                renamed.into_iter().zip(edits).zip(renames)
            {
                let rename = Rename { symbol: symbol.clone(), to: to.clone() };
                let place = report.findings[finding].place;
                let declared = place.and_then(|place| {
                    let mut files = project.schema().files();
                    files.find(|file| file.source() == Some(place.file))
                });
                let objection = || quoted.objection(&rename, declared, project.sources());
                match unreachable(project, &edits).or_else(objection) {
                    Some(why) => skipped.push((finding, why)),
                    None => {
                        let renames = Some((symbol, to));
                        candidates.push(Candidate { finding, edits, renames, is_placeholder })
                    }
                }
            }
        }
        for (finding, why) in skipped {
            self.skip(finding, &why);
        }
        // Syntax errors come first: without them there is more to see.
        let findings = &self.state().report.findings;
        if candidates.iter().any(|candidate| is_syntax_error(&findings[candidate.finding])) {
            candidates.retain(|candidate| is_syntax_error(&findings[candidate.finding]));
        }
        candidates
    }
}

/// The edits that fix all that fixes bring; nothing where that cannot be done without a change that others could see.
fn follow_up(objection: &Objection) -> Option<Changes> {
    let mut changes = Changes::default();
    for finding in &objection.new {
        match finding.fix.as_deref() {
            Some(Fix::Edits(edits)) => _ = changes.add(edits),
            _ => return None,
        }
    }
    (!objection.new.is_empty()).then_some(changes)
}

/// The texts that are others than those of the project.
fn changed_texts(first: &Project, edited: &Edited) -> Vec<TextEdit> {
    let files = first.sources().iter().filter_map(|(id, file)| Some((first.absolute(id)?, file)));
    let changed = files.filter_map(|(path, file)| {
        let new = edited.get(path).filter(|new| file.text() != *new)?;
        let (shown, old) = (file.path().to_owned(), file.text().to_owned());
        Some(TextEdit { path: path.to_owned(), shown, old, new: new.clone() })
    });
    let mut texts: Vec<TextEdit> = changed.collect();
    texts.sort_by(|one, other| one.shown.cmp(&other.shown));
    texts
}

/// Why edits cannot be made where they are needed.
pub(super) fn unreachable(project: &Project, edits: &[Edit]) -> Option<String> {
    if edits.is_empty() {
        return Some("another element has the same name".to_owned());
    }
    let settings = project.settings();
    let stdin = settings.stdin.as_ref().map(|stdin| path::absolute(&stdin.path));
    let includes = settings.all_includes();
    let is_target = |file: FileId| {
        let mut files = project.schema().files();
        files.any(|known| known.source() == Some(file) && known.is_target())
    };
    let is_foreign = |file: FileId| {
        let absolute: &Path = project.absolute(file).unwrap_or(Path::new(""));
        let is_included = includes.all().any(|include| absolute.starts_with(include));
        stdin.as_ref().is_some_and(|stdin| stdin != absolute) || (is_included && !is_target(file))
    };
    let foreign = edits.iter().map(|edit| edit.place.file).find(|file| is_foreign(*file))?;
    Some(format!("`{}` uses the name, but must not be changed", project.sources().get(foreign).path()))
}

/// Why a name stays as it is.
fn why(broken: &Broken, base: &str) -> String {
    let Broken { finding, .. } = broken;
    format!("the rename would break the base {base}: {}: {}", finding.rule, finding.message)
}

/// The new names of one pass.
struct NewNames<'c>(FxHashMap<&'c str, &'c str>);

impl<'c> NewNames<'c> {
    fn new(renames: impl Iterator<Item = &'c (String, String)>) -> NewNames<'c> {
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

    /// Whether a change comes from a rename in the file at `path`: it is about what has the new name, or names the old.
    fn bring(&self, (symbol, _): &(String, String), path: &str, broken: &Broken) -> bool {
        let old = symbol.rsplit('.').next().unwrap_or(symbol);
        let about = broken.finding.symbol.as_deref();
        let names_old = || broken.finding.message.split('`').any(|quoted| quoted.rsplit('.').next() == Some(old));
        about == Some(self.new_name(symbol).as_str()) || (broken.path == path && names_old())
    }
}
