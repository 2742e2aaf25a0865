//! The file of accepted changes: finds it, takes out what it lists, reports what it lists in vain, and adds lines to
//! it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::may_be_accepted;
use crate::config::{self, Acceptance, Accepted};
use crate::date::Date;
use crate::error::Error;
use crate::finding::{Finding, order};
use crate::nearest::nearest;
use crate::project::base::Base;
use crate::project::project_file::project_file;
use crate::project::settings::Settings;
use crate::project::sides::Sides;
use crate::project::{path, replace};
use crate::report::{Report, escape, summary};
use crate::rules::compile::{ACCEPTED_EXPIRED, ACCEPTED_STALE};
use crate::run::Policy;
use crate::source::{self, SourceFile, Sources};

const FILE_NAME: &str = "protolint.accepted.yaml";
/// What the ids of rules begin with that report what could not be compared.
const FAULTS: [&str; 2] = ["COMPILE_", "INPUT_"];
/// How many changes are listed if none of them is named.
const MAX_LISTED: usize = 5;

/// The file of accepted changes.
pub struct AcceptedFile {
    /// Absolute.
    file: PathBuf,
    shown: String,
    accepted: Accepted,
    /// Its text; empty where there is no file.
    text: String,
}

/// What is to be accepted.
#[derive(Clone, Debug)]
pub struct AcceptRequest {
    fingerprints: Vec<String>,
    reason: String,
    until: Option<Date>,
    by: Option<String>,
}

impl AcceptRequest {
    /// Asks to accept the changes of these fingerprints, up to the day `until`, as `2027-01-31`.
    ///
    /// # Errors
    ///
    /// There is no reason, or no such day to come.
    pub fn new(
        fingerprints: &[String],
        reason: &str,
        until: Option<&str>,
        by: Option<String>,
    ) -> Result<AcceptRequest, Error> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(
                Error::new("`--reason` is empty").help("give the reason why the change is acceptable: --reason TEXT")
            );
        }
        let day = |text: &str| {
            let failure = |what: &str| {
                Error::new(format!("{what} in `--until {text}`"))
                    .help("use a date in the future, such as --until 2027-01-31")
            };
            let date = Date::parse(text).ok_or_else(|| failure("invalid date"))?;
            if date < Date::today() { Err(failure("past date")) } else { Ok(date) }
        };
        let until = until.map(day).transpose()?;
        Ok(AcceptRequest { fingerprints: fingerprints.to_vec(), reason: reason.to_owned(), until, by })
    }
}

/// The absolute path of the file: beside the configuration or at the top of the repository.
pub(crate) fn path(settings: &Settings) -> PathBuf {
    project_file(FILE_NAME, settings)
}

impl AcceptedFile {
    /// Reads the file beside the configuration or at the top of the repository, if there is one.
    ///
    /// # Errors
    ///
    /// The file has faults: a report of all of them.
    pub fn read(settings: &mut Settings) -> Result<AcceptedFile, Box<Report>> {
        let file = path(settings);
        let shown = path::shown_from_here(&file);
        if !file.exists() {
            return Ok(AcceptedFile { file, shown, accepted: Accepted::default(), text: String::new() });
        }
        let accepted = config::load_accepted(&file, shown.clone(), &mut settings.sources);
        let accepted = accepted.map_err(|faults| settings.faults(faults))?;
        let text = settings.sources.iter().last().map_or(String::new(), |(_, file)| file.text().to_owned());
        Ok(AcceptedFile { file, shown, accepted, text })
    }

    /// Takes out of the report of a comparison what is accepted, and adds what of that is no longer so; the accepted
    /// changes, a line each, and how many they are.
    pub fn apply(
        &self,
        settings: &Settings,
        policy: &Policy,
        base: &Base,
        sides: &Sides,
        report: &mut Report,
    ) -> String {
        let is_faulty = |finding: &Finding| FAULTS.iter().any(|start| finding.rule.starts_with(start));
        let misses_nothing = !report.findings.iter().any(is_faulty) && policy.is_as_configured(&settings.rule_names);
        let outcome = self.accepted.suppress(&mut report.findings, Date::today());
        let mut more: Vec<Finding> = Vec::new();
        if let Some(severity) = policy.selection.severity_of(ACCEPTED_EXPIRED.id) {
            more.extend(outcome.expired.iter().map(|entry| entry.expired(severity)));
        }
        if let Some(severity) = policy.selection.severity_of(ACCEPTED_STALE.id).filter(|_| misses_nothing) {
            let has_all_files = self.has_all_files(settings);
            // Two directories are compared for the sake of what the file lists, if that is found at all.
            let is_used = !outcome.accepted.is_empty() || !outcome.expired.is_empty();
            let is_path = base.asked.as_ref().is_some_and(|asked| Path::new(asked).exists());
            let is_meant =
                |entry: &Acceptance| entry.against == base.asked || (entry.against.is_none() && is_used && is_path);
            let is_compared = |entry: &Acceptance| has_all_files || sides.declares(&entry.symbol);
            let stale = outcome.unused.iter().filter(|entry| is_meant(entry) && is_compared(entry));
            more.extend(stale.map(|entry| entry.stale(severity)));
        }
        order::merge(&mut report.findings, more, &report.sources);
        let mut lines = String::new();
        for (finding, entry) in &outcome.accepted {
            let place = finding.place.map_or(String::new(), |place| {
                let file = report.sources.get(place.file);
                format!("{}:{} ", escape(&file.title()), file.position(place.span.start).line)
            });
            let until = entry.until.map_or(String::new(), |until| format!("until {until}: "));
            let (message, reason) = (escape(&finding.message), escape(&entry.reason));
            let _ = writeln!(lines, "accepted {until}{place}{} {message} ({reason})", finding.rule);
        }
        if !outcome.accepted.is_empty() {
            let count = summary::counted(outcome.accepted.len(), "accepted change");
            let _ = writeln!(lines, "{count} in {}", escape(&self.shown));
        }
        lines
    }

    /// Whether everything was compared that the configuration is about.
    fn has_all_files(&self, settings: &Settings) -> bool {
        let scope = match settings.config.source {
            Some(_) => path::absolute(&settings.config.directory),
            None => self.file.parent().map(Path::to_owned).unwrap_or_default(),
        };
        let covers = |given: &Path| scope.starts_with(path::absolute(given));
        match settings.paths.is_empty() {
            true => settings.config.source.is_some() || covers(Path::new(".")),
            false => settings.paths.iter().any(|given| covers(given)),
        }
    }

    /// Writes a line for each change that is to be accepted; what was done, a line each.
    ///
    /// # Errors
    ///
    /// There is no such change, or the file cannot be written; then nothing is.
    pub fn accept(&self, request: &AcceptRequest, base: &Base, report: &Report) -> Result<String, Error> {
        let (text, done) = self.accepting(request, base.asked.as_deref(), &report.findings)?;
        if text != self.text {
            replace::replace(&self.file, |out| out.write_all(text.as_bytes())).map_err(|error| {
                Error::new(format!("`{}` cannot be written: {}", self.shown, source::reason(&error)))
            })?;
        }
        Ok(done)
    }

    /// The file of that text, which is absolute and may not exist; findings show it as `shown`.
    ///
    /// # Errors
    ///
    /// The text has faults.
    pub(crate) fn of_text(file: PathBuf, shown: String, text: String) -> Result<AcceptedFile, Vec<Finding>> {
        let mut texts = Sources::new();
        let id = texts.add(SourceFile::new(shown.clone(), text.clone()));
        let accepted = if text.is_empty() { Accepted::default() } else { config::parse_accepted(&text, id)? };
        Ok(AcceptedFile { file, shown, accepted, text })
    }

    /// Its absolute path, and its text as it is; empty where there is none.
    pub(crate) fn path_and_text(&self) -> (&Path, &str) {
        (&self.file, &self.text)
    }

    /// The text with a line for each change that is to be accepted, and what was done, a line each. `against` is what
    /// was asked to be compared with.
    ///
    /// # Errors
    ///
    /// There is no such change, or the text has no place for it.
    pub(crate) fn accepting(
        &self,
        request: &AcceptRequest,
        against: Option<&str>,
        findings: &[Finding],
    ) -> Result<(String, String), Error> {
        let (mut text, mut accepted, mut done) = (self.text.clone(), None, String::new());
        let mut texts = Sources::new();
        for fingerprint in &request.fingerprints {
            let fingerprint = fingerprint.trim().to_ascii_lowercase();
            let known = accepted.as_ref().unwrap_or(&self.accepted);
            if let Some(entry) = known.find(&fingerprint).filter(|entry| request.adds_nothing_to(entry)) {
                let reason = escape(&entry.reason);
                let _ = writeln!(done, "{} {} is already accepted ({reason})", entry.rule, escape(&entry.symbol));
                continue;
            }
            let finding = findings.iter().find(|found| may_be_accepted(found) && found.fingerprint() == fingerprint);
            let finding = finding.ok_or_else(|| unknown(&fingerprint, findings))?;
            let entry = request.entry(fingerprint, finding, against);
            text = known.text_with(&text, &entry);
            let file = texts.add(SourceFile::new(self.shown.clone(), text.clone()));
            let read = config::parse_accepted(&text, file).ok().filter(|read| read.find(&entry.fingerprint).is_some());
            accepted = Some(read.ok_or_else(|| self.uneditable(&entry))?);
            let _ = writeln!(done, "accepted in {}: {} {}", self.shown, finding.rule, escape(&finding.message));
        }
        Ok((text, done))
    }

    fn uneditable(&self, entry: &Acceptance) -> Error {
        let message = format!("`{}` does not have one entry on each line under `accepted`", self.shown);
        Error::new(message).help(format!("add this one: {}", entry.line().trim_start()))
    }
}

impl AcceptRequest {
    fn adds_nothing_to(&self, entry: &Acceptance) -> bool {
        !entry.is_over(Date::today()) && (self.until.is_none() || self.until == entry.until)
    }

    fn entry(&self, fingerprint: String, finding: &Finding, against: Option<&str>) -> Acceptance {
        Acceptance {
            fingerprint,
            rule: finding.rule.to_owned(),
            symbol: finding.symbol.clone().unwrap_or_default(),
            change: finding.message.clone(),
            reason: self.reason.clone(),
            until: self.until,
            by: self.by.clone(),
            against: against.map(str::to_owned),
            place: None,
        }
    }
}

/// No change of a run has the fingerprint.
fn unknown(fingerprint: &str, findings: &[Finding]) -> Error {
    let failure = Error::new(format!("no change has the fingerprint `{fingerprint}`"));
    let mut found: Vec<(String, &Finding)> = findings
        .iter()
        .filter(|finding| may_be_accepted(finding))
        .map(|finding| (finding.fingerprint(), finding))
        .collect();
    found.dedup_by(|one, other| one.0 == other.0);
    if found.is_empty() {
        return failure.help("there is no change to accept");
    }
    let line = |(fingerprint, finding): &(String, &Finding)| {
        format!("{fingerprint} {} {}", finding.rule, escape(&finding.message))
    };
    let near = nearest(fingerprint, found.iter().map(|(known, _)| known.as_str()));
    match near.and_then(|near| found.iter().find(|(known, _)| known == near)) {
        Some(near) => failure.help(format!("did you mean {}?", line(near))),
        None if found.len() <= MAX_LISTED => {
            let lines: String = found.iter().map(|found| format!("\n    {}", line(found))).collect();
            failure.help(format!("the changes are:{lines}"))
        }
        None => {
            let lines: String = found.iter().take(MAX_LISTED).map(|found| format!("\n    {}", line(found))).collect();
            let (rest, all) = (found.len() - MAX_LISTED, "protolint breaking --format human");
            failure.help(format!("the changes are:{lines}\n    and {} more: {all}", summary::grouped(rest)))
        }
    }
}
