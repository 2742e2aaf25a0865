//! `protolint breaking`.

use std::time::Instant;

use super::args::BreakingArgs;
use super::print::{
    base_notes, built_in, configuration_notes, evidence_wanted, is_drawn, left_out, note, paint, print, render, status,
    unusable,
};
use super::progress::Progress;
use super::{CLEAN, FINDINGS, settings};
use crate::error::Error;
use crate::finding::{DirectionFilter, Finding, Layer};
use crate::fix::{differences, write_texts};
use crate::project::base::{Base, FoundBase};
use crate::project::releases::Releases;
use crate::project::settings::Settings;
use crate::project::sides::Sides;
use crate::report::{Report, summary};
use crate::run::Policy;
use crate::run::suppress::accepted_file::{AcceptRequest, AcceptedFile};
use crate::run::suppress::may_be_accepted;

/// What is compared by what.
struct Run<'a> {
    args: &'a BreakingArgs,
    settings: &'a Settings,
    policy: &'a Policy,
    accepted: AcceptedFile,
    start: Instant,
}

/// Compares, reports, and says how it ended.
pub(super) fn run(args: &BreakingArgs) -> Result<u8, Error> {
    let (start, output) = (Instant::now(), &args.output);
    let mut settings = settings::of_breaking(args);
    if let Err(report) = settings::configure(&mut settings, &args.config) {
        return unusable(output, &report);
    }
    if args.no_ignore_comments {
        settings::without_comments(&mut settings);
    }
    let policy = settings.policy()?.with_evidence(evidence_wanted(output));
    configuration_notes(output, &settings);
    let request = accept_request(args)?;
    let accepted = match AcceptedFile::read(&mut settings) {
        Ok(accepted) => accepted,
        Err(report) => return unusable(output, &report),
    };
    settings.check_includes()?;
    let base = match Base::find(&settings)? {
        FoundBase::Base(base) => *base,
        FoundBase::Nothing(why) if request.is_some() => {
            return Err(Error::new(format!("{why}: there is no change to accept")));
        }
        FoundBase::Nothing(why) => {
            render(output, &Report::default())?;
            note(output, &format!("{why}: nothing to compare with\n"));
            return Ok(CLEAN);
        }
    };
    base_notes(output, &base);
    Run { args, settings: &settings, policy: &policy, accepted, start }.against(base, request)
}

/// What is to be accepted, if anything.
fn accept_request(args: &BreakingArgs) -> Result<Option<AcceptRequest>, Error> {
    if args.accept.is_empty() {
        return Ok(None);
    }
    let reason = args.reason.as_deref().unwrap_or_default();
    AcceptRequest::new(&args.accept, reason, args.until.as_deref(), args.by.clone()).map(Some)
}

impl Run<'_> {
    fn against(self, mut base: Base, request: Option<AcceptRequest>) -> Result<u8, Error> {
        let output = &self.args.output;
        let progress = Progress::new(output.quiet);
        let mut sides = Sides::open(self.settings, &mut base, &|| progress.advance())?;
        progress.finish();
        let releases = if self.policy.looks_back() { self.settings.earlier_releases()? } else { None };
        if let Some(releases) = &releases {
            self.release_notes(releases, &base);
            sides.look_back(self.settings, releases)?;
        } else if self.policy.limits_deletions() {
            let what = "the deprecation policy is not applied, because there are no release tags";
            note(output, &format!("note: {what}: git fetch --tags\n"));
        }
        if let Some(request) = request {
            let changes = sides.compare(&self.policy.clone().with_evidence(0));
            let done = self.accepted.accept(&request, &base, &changes)?;
            return if output.quiet { Ok(CLEAN) } else { print(&done).map(|()| CLEAN) };
        }
        let (mut report, mut suppressed) = self.compare(&sides, &base);
        if self.args.fix.fix || self.args.fix.diff {
            let reserved = sides.reserve(&report);
            let (fixed, texts) = (summary::counted(reserved.fixed, "finding"), &reserved.texts);
            let count = format!("{fixed} in {}", summary::counted(texts.len(), "file"));
            if self.args.fix.diff {
                print(&differences(texts))?;
                note(output, &format!("--fix would reserve deleted names and numbers: {count}\n"));
                return Ok(if texts.is_empty() { CLEAN } else { FINDINGS });
            }
            if !texts.is_empty() {
                write_texts(texts, false)?;
                note(output, &format!("reserved deleted names and numbers: {count}\n"));
                sides = sides.with_texts(texts, &mut base)?;
                if let Some(releases) = &releases {
                    sides.look_back(self.settings, releases)?;
                }
                (report, suppressed) = self.compare(&sides, &base);
            }
        }
        report.join_repeated();
        let summary = self.summary(&sides, &base, &report);
        let status = self.finish(&sides, &report, &format!("{suppressed}{summary}"))?;
        // The process is about to end: giving back so much memory piece by piece would only take time.
        std::mem::forget((sides, report));
        Ok(status)
    }

    /// Says what is missing among the releases, unless the base lacks the same.
    fn release_notes(&self, releases: &Releases, base: &Base) {
        let is_said = |message: &str| {
            let mut notes = base.notes().iter();
            notes.any(|note| note.starts_with(message) || note.contains("shallow") && message.contains("shallow"))
        };
        for Error { message, help } in releases.notes.iter().filter(|note| !is_said(&note.message)) {
            let help = help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
            note(&self.args.output, &format!("note: {message}{help}\n"));
        }
    }

    /// What is found, without what is accepted, and lines that say what that is.
    fn compare(&self, sides: &Sides, base: &Base) -> (Report, String) {
        let mut report = sides.compare(self.policy);
        let suppressed = self.accepted.apply(self.settings, self.policy, base, sides, &mut report);
        (report, suppressed)
    }

    /// Prints what was found, and says how it ended.
    fn finish(&self, sides: &Sides, report: &Report, last_lines: &str) -> Result<u8, Error> {
        let output = &self.args.output;
        render(output, report)?;
        if output.statistics {
            note(output, &format!("{}\n", sides.paired()));
        }
        note(output, &left_out(self.settings, sides.left_out()));
        note(output, &built_in(&sides.common_built_in()));
        if sides.target_files() == 0 && sides.base_files() == 0 {
            let error = Error::new("neither the work tree nor the base has .proto files");
            return Err(error.help("pass the directory of the schemas"));
        }
        note(output, last_lines);
        if is_drawn(output) && report.findings.iter().any(may_be_accepted) {
            note(output, "to accept a change: protolint breaking --accept FINGERPRINT --reason TEXT\n");
        }
        // What is new fails; what the branch has already that this one will be merged into, only if it is to.
        let fails = |finding: &&Finding| {
            let is_inherited = finding.change.as_ref().is_some_and(|change| change.inherited_from.is_some());
            !is_inherited || self.args.fail_on_inherited
        };
        Ok(status(report.findings.iter().filter(fails), output.fail_on))
    }

    /// `compared 214 files with 3f2c1a9 (merge base of HEAD and main) for wire, json, grpc in 40 ms: 2 breaking`.
    fn summary(&self, sides: &Sides, base: &Base, report: &Report) -> String {
        let (names, _) = self.policy.summary();
        let layers = |layers: &[Layer]| layers.iter().map(|layer| layer.name()).collect::<Vec<_>>().join(", ");
        // Those that are on by default are named where the schemas have them.
        let is_shown = |layer: &Layer| self.policy.names_layers() || sides.can_break(*layer);
        let shown = |layers: Vec<Layer>| layers.into_iter().filter(is_shown).collect::<Vec<_>>();
        let chosen = match self.policy.layers().map(shown) {
            Some(chosen) if names.is_empty() => format!("for {}", layers(&chosen)),
            Some(chosen) if self.policy.adds_registries() => format!("for {} and by {names}", layers(&chosen)),
            Some(chosen) => format!("for {} by {names}", layers(&chosen)),
            None => format!("by {names}"),
        };
        let direction = match self.policy.direction() {
            DirectionFilter::Full => String::new(),
            direction => format!(" ({} only)", direction.name()),
        };
        let lacks = match (sides.base_files(), self.args.paths.is_empty()) {
            (0, true) => ", which has no .proto file,",
            (0, false) => ", which has no .proto file there,",
            _ => "",
        };
        let (files, took) = (summary::counted(sides.target_files(), "file"), summary::took(self.start.elapsed()));
        let verdict = summary::breaking_verdict(&report.findings, paint(&self.args.output));
        format!("compared {files} with {}{lacks} {chosen}{direction} in {took}: {verdict}\n", base.described())
    }
}
