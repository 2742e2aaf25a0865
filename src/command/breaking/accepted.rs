//! Accepted changes: reads the file that lists them, takes them out of what is told, and adds lines to the file.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::baseline::Baseline;
use crate::cli::BreakingArgs;
use crate::command::report::note;
use crate::command::setup::Selection;
use crate::command::{CLEAN, Failure, beside, print, summary};
use crate::config::{self, Config};
use crate::date::Date;
use crate::finding::Finding;
use crate::project::{path, replace};
use crate::report::escape;
use crate::rules::compile::{ACCEPTED_EXPIRED, ACCEPTED_STALE};
use crate::rules::nearest::nearest;
use crate::run::suppress::{Acceptance, Accepted, may_be_accepted};
use crate::source::{self, SourceFile, Sources};

const FILE_NAME: &str = "protolint.accepted.yaml";
/// What the ids of rules begin with that tell what could not be compared.
const FAULTS: [&str; 2] = ["COMPILE_", "INPUT_"];
/// How many changes are listed for somebody who named none of them.
const MOST_LISTED: usize = 5;

/// The file of accepted changes.
pub(super) struct AcceptedFile {
    /// Absolute.
    file: PathBuf,
    shown: String,
    accepted: Accepted,
    /// Its text; empty where there is no file.
    text: String,
}

/// Reads the file, if there is one.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn read(config: &Config, start: &Path, sources: &mut Sources) -> Result<AcceptedFile, Vec<Finding>> {
    let file = beside::place_of(FILE_NAME, config, start);
    let shown = path::shown_from_here(&file);
    if !file.exists() {
        return Ok(AcceptedFile { file, shown, accepted: Accepted::default(), text: String::new() });
    }
    let accepted = config::load_accepted(&file, shown.clone(), sources)?;
    let text = sources.iter().last().map_or(String::new(), |(_, file)| file.text().to_owned());
    Ok(AcceptedFile { file, shown, accepted, text })
}

/// What is to be accepted.
pub(super) struct Request<'a> {
    fingerprints: &'a [String],
    reason: &'a str,
    until: Option<Date>,
    by: Option<&'a String>,
}

impl Request<'_> {
    /// What the command line asks for; `None` if nothing.
    ///
    /// # Errors
    ///
    /// There is no reason, or no such day to come.
    pub(super) fn of(args: &BreakingArgs) -> Result<Option<Request<'_>>, Failure> {
        if args.accept.is_empty() {
            return Ok(None);
        }
        let reason = args.reason.as_deref().unwrap_or_default().trim();
        if reason.is_empty() {
            return Err(Failure::new("`--reason` says nothing").help("say why nobody suffers, or why that is right"));
        }
        let day = |text: &String| {
            let failure = |what: &str| {
                Failure::new(format!("`--until {text}` {what}")).help("name a day to come, such as --until 2027-01-31")
            };
            let date = Date::parse(text).ok_or_else(|| failure("is no day of the calendar"))?;
            if date < Date::today() { Err(failure("is over")) } else { Ok(date) }
        };
        let until = args.until.as_ref().map(day).transpose()?;
        Ok(Some(Request { fingerprints: &args.accept, reason, until, by: args.by.as_ref() }))
    }
}

/// What a run was asked to compare.
pub(super) struct Job<'a> {
    pub(super) args: &'a BreakingArgs,
    pub(super) config: &'a Config,
    pub(super) selection: &'a Selection,
    pub(super) baseline: &'a Baseline,
}

impl Job<'_> {
    /// Whether everything was compared that the configuration speaks of, and by all its rules.
    fn is_full(&self, file: &Path) -> bool {
        let Job { args, config, .. } = self;
        let scope = match config.source {
            Some(_) => path::absolute(&config.directory),
            None => file.parent().map(Path::to_owned).unwrap_or_default(),
        };
        let covers = |given: &Path| scope.starts_with(path::absolute(given));
        let has_all_rules = args.layers.is_empty() && args.config.uses.is_empty() && args.config.except.is_empty();
        let has_all_files = match args.paths.is_empty() {
            true => config.source.is_some() || covers(Path::new(".")),
            false => args.paths.iter().any(|given| covers(given)),
        };
        has_all_rules && has_all_files
    }
}

impl AcceptedFile {
    /// Takes out what is accepted and adds what of that is no longer so; the accepted changes, a line each, and how many
    /// they are.
    pub(super) fn silence(&self, job: &Job<'_>, findings: &mut Vec<Finding>, sources: &Sources) -> String {
        let is_faulty = |finding: &Finding| FAULTS.iter().any(|start| finding.rule.starts_with(start));
        let misses_nothing = !findings.iter().any(is_faulty) && job.is_full(&self.file);
        let judgement = self.accepted.silence(findings, Date::today());
        if let Some(severity) = job.selection.severity_of(ACCEPTED_EXPIRED.id) {
            findings.extend(judgement.expired.iter().map(|entry| entry.expired(severity)));
        }
        if let Some(severity) = job.selection.severity_of(ACCEPTED_STALE.id).filter(|_| misses_nothing) {
            let stale = judgement.unused.iter().filter(|entry| entry.against == job.baseline.asked);
            findings.extend(stale.map(|entry| entry.stale(severity)));
        }
        let mut told = String::new();
        for (finding, entry) in &judgement.accepted {
            let place = finding.place.map_or(String::new(), |place| {
                let file = sources.get(place.file);
                format!("{}:{} ", escape(&file.title()), file.position(place.span.start).line)
            });
            let until = entry.until.map_or(String::new(), |until| format!("until {until}: "));
            let (message, reason) = (escape(&finding.message), escape(&entry.reason));
            let _ = writeln!(told, "accepted {until}{place}{} {message} ({reason})", finding.rule);
        }
        if !judgement.accepted.is_empty() {
            let count = summary::counted(judgement.accepted.len(), "accepted change");
            let _ = writeln!(told, "{count} in {}", escape(&self.shown));
        }
        told
    }

    /// Writes a line for each change that is to be accepted.
    ///
    /// # Errors
    ///
    /// There is no such change, or the file cannot be written; then nothing is.
    pub(super) fn accept(
        &self,
        request: &Request<'_>,
        job: &Job<'_>,
        findings: &[Finding],
        sources: &mut Sources,
    ) -> Result<u8, Failure> {
        let (mut text, mut accepted, mut told) = (self.text.clone(), None, String::new());
        for fingerprint in request.fingerprints {
            let fingerprint = fingerprint.trim().to_ascii_lowercase();
            let known = accepted.as_ref().unwrap_or(&self.accepted);
            if let Some(entry) = known.find(&fingerprint).filter(|entry| request.adds_nothing_to(entry)) {
                let reason = escape(&entry.reason);
                let _ = writeln!(told, "{} {} is accepted already ({reason})", entry.rule, escape(&entry.symbol));
                continue;
            }
            let finding = findings.iter().find(|found| may_be_accepted(found) && found.fingerprint() == fingerprint);
            let finding = finding.ok_or_else(|| unknown(&fingerprint, findings))?;
            let entry = request.entry(fingerprint, finding, job.baseline);
            text = known.text_with(&text, &entry);
            let file = sources.add(SourceFile::new(self.shown.clone(), text.clone()));
            let read = config::parse_accepted(&text, file).ok().filter(|read| read.find(&entry.fingerprint).is_some());
            accepted = Some(read.ok_or_else(|| self.uneditable(&entry))?);
            let _ = writeln!(told, "accepted in {}: {} {}", self.shown, finding.rule, escape(&finding.message));
        }
        if text != self.text {
            replace::replace(&self.file, |out| out.write_all(text.as_bytes())).map_err(|error| {
                Failure::new(format!("`{}` cannot be written: {}", self.shown, source::reason(&error)))
            })?;
        }
        if !job.args.output.quiet {
            print(&told)?;
        }
        Ok(CLEAN)
    }

    fn uneditable(&self, entry: &Acceptance) -> Failure {
        let message = format!("`{}` is not written with a line for each entry under `accepted`", self.shown);
        Failure::new(message).help(format!("add this one: {}", entry.line().trim_start()))
    }
}

impl Request<'_> {
    fn adds_nothing_to(&self, entry: &Acceptance) -> bool {
        !entry.is_over(Date::today()) && (self.until.is_none() || self.until == entry.until)
    }

    fn entry(&self, fingerprint: String, finding: &Finding, baseline: &Baseline) -> Acceptance {
        Acceptance {
            fingerprint,
            rule: finding.rule.to_owned(),
            symbol: finding.symbol.clone().unwrap_or_default(),
            change: finding.message.clone(),
            reason: self.reason.to_owned(),
            until: self.until,
            by: self.by.cloned(),
            against: baseline.asked.clone(),
            place: None,
        }
    }
}

/// No change of a run has the fingerprint.
fn unknown(fingerprint: &str, findings: &[Finding]) -> Failure {
    let failure = Failure::new(format!("no change here has the fingerprint `{fingerprint}`"));
    let mut found: Vec<(String, &Finding)> = findings
        .iter()
        .filter(|finding| may_be_accepted(finding))
        .map(|finding| (finding.fingerprint(), finding))
        .collect();
    found.dedup_by(|one, other| one.0 == other.0);
    if found.is_empty() {
        return failure.help("nothing is told that could be accepted");
    }
    let line =
        |(fingerprint, finding): &(String, &Finding)| format!("{fingerprint} {} {}", finding.rule, finding.message);
    let near = nearest(fingerprint, found.iter().map(|(known, _)| known.as_str()));
    match near.and_then(|near| found.iter().find(|(known, _)| known == near)) {
        Some(near) => failure.help(format!("did you mean {}?", line(near))),
        None if found.len() <= MOST_LISTED => {
            let lines: Vec<String> = found.iter().map(line).collect();
            failure.help(format!("there are {}", lines.join("; ")))
        }
        None => failure.help(format!(
            "protolint breaking --format human tells those of the {} changes there are",
            summary::grouped(found.len())
        )),
    }
}

/// How a change is accepted, for somebody who reads what was found.
pub(super) fn hint(args: &BreakingArgs, findings: &[Finding]) {
    if findings.iter().any(may_be_accepted) {
        note(&args.output, "to accept a change: protolint breaking --accept FINGERPRINT --reason TEXT\n");
    }
}
