//! `protolint breaking`.

mod accepted;
pub(super) mod baseline;
mod fix;
pub(super) mod sides;

use std::io::IsTerminal;
use std::time::Instant;

use super::progress::Progress;
use super::report::{evidence_wanted, is_drawn, note, render, status, unusable};
use super::setup::{self, Selection, SetupError};
use super::{CLEAN, Failure, scopes, summary};
use crate::cli::{BreakingArgs, LayerArg};
use crate::config::{BreakingConfig, Config};
use crate::engine::{self, Extent, PathIgnore, Plan, Policy, Selected};
use crate::finding::{Finding, Layer, Severity};
use crate::load::Loaded;
use crate::pair::Comparison;
use crate::rules::Rule;
use crate::rules::compile::{INPUT_UNREADABLE, UNUSED_IGNORE};
use crate::rules::version::is_unstable;
use crate::source::Sources;
use baseline::{Baseline, Found, Wanted};
use fix::Outcome;
use sides::Sides;

/// Compares, reports, and says how it ended.
pub(super) fn run(args: &BreakingArgs) -> Result<u8, Failure> {
    compare(args, args.fix.fix || args.fix.diff)
}

/// The same; where something is to be mended that is done first, and then compared again.
fn compare(args: &BreakingArgs, mends: bool) -> Result<u8, Failure> {
    let start = Instant::now();
    let mut sources = Sources::new();
    let above = setup::start_of(&args.paths, None);
    let config = match setup::configuration(&args.config, &above, &mut sources) {
        Ok(config) => config,
        Err(SetupError::Failure(failure)) => return Err(failure),
        Err(SetupError::Findings(findings)) => return unusable(&args.output, &sources, findings),
    };
    let selection = setup::breaking_selection(&args.config, &config)?;
    setup::tell_notes(&args.output, &config, &sources);
    let request = accepted::Request::of(args)?;
    let known = match accepted::read(&config, &above, &mut sources) {
        Ok(known) => known,
        Err(findings) => return unusable(&args.output, &sources, findings),
    };
    let layers = layers(Some(args), &config.breaking);
    setup::check_includes(&args.includes)?;
    let wanted = Wanted::from(args);
    let mut baseline = match baseline::find(&wanted, &config)? {
        Found::Baseline(baseline) => baseline,
        Found::Nothing(why) if request.is_some() => {
            return Err(Failure::new(format!("{why}: there is no change to accept")));
        }
        Found::Nothing(why) => {
            render(&args.output, &sources, &[])?;
            note(&args.output, &format!("{why}: nothing to compare with\n"));
            return Ok(CLEAN);
        }
    };
    let progress = Progress::new(args.output.quiet || !std::io::stderr().is_terminal());
    let mut sides = Sides::load(&wanted, &config, &baseline, &mut sources, &|| progress.advance())?;
    if sides.changes_other_files() && !baseline.unchanged.is_empty() {
        baseline.unchanged.clear();
        sides = Sides::load(&wanted, &config, &baseline, &mut sources, &|| progress.advance())?;
    }
    progress.finish();
    baseline.unread.check()?;
    let compared = accepted::Run { args, config: &config, selection: &selection, baseline: &baseline };
    let run = Run { args: Some(args), config: &config, selection: &selection, sources: &sources };
    let evidence = if request.is_some() || mends { 0 } else { evidence_wanted(&args.output) };
    let mut findings = run.findings(&sides, baseline.tip.as_ref().map(|tip| tip.name.as_str()), evidence);
    if let Some(request) = request {
        return known.accept(&request, &compared, &findings, &mut sources);
    }
    let accepted = known.silence(&compared, &mut findings, &sources);
    engine::sort(&mut findings, &sources);
    if mends {
        match fix::run(args, &findings, &sides.after, &sources)? {
            Outcome::Written | Outcome::Nothing => return compare(args, false),
            Outcome::Shown(status) => return Ok(status),
        }
    }
    render(&args.output, &sources, &findings)?;
    if args.output.statistics {
        note(&args.output, &summary::statistics(&findings));
    }
    if sides.after.targets == 0 && sides.before.targets == 0 {
        return Err(Failure::new("there is no .proto file on either side").help("name the directory of the schemas"));
    }
    let lacks = match (sides.before.targets, args.paths.is_empty()) {
        (0, true) => ", which has no .proto file,",
        (0, false) => ", which has no .proto file there,",
        _ => "",
    };
    let summary = Summary { baseline: &baseline, lacks, files: sides.after.targets, selection: &selection, layers };
    note(&args.output, &format!("{accepted}{}", summary.line(&findings, start)));
    if is_drawn(&args.output) {
        accepted::hint(args, &findings);
    }
    // The process is about to end: giving back so much memory piece by piece would only take time.
    std::mem::forget((sides, sources));
    Ok(status(&findings, args.output.fail_on))
}

/// The changes that the configuration asks about, without evidence.
pub(super) fn changes(
    wanted: &Wanted,
    config: &Config,
    selection: &Selection,
    baseline: &Baseline,
    sources: &mut Sources,
) -> Result<Vec<Finding>, Failure> {
    let sides = Sides::load(wanted, config, baseline, sources, &|| ())?;
    baseline.unread.check()?;
    let run = Run { args: None, config, selection, sources };
    Ok(run.findings(&sides, None, 0))
}

/// The layers that changes have to break; `None` where rules select.
fn layers(args: Option<&BreakingArgs>, breaking: &BreakingConfig) -> Option<Vec<Layer>> {
    let Some(args) = args else { return breaking.layers.clone() };
    let given: Vec<Layer> = args.layers.iter().map(|layer| layer_of(*layer)).collect();
    match (given.is_empty(), args.config.uses.is_empty()) {
        (false, _) => Some(Layer::ALL.into_iter().filter(|layer| given.contains(layer)).collect()),
        // Rules named on the command line stand for the whole of the configured selection.
        (true, false) => None,
        (true, true) => breaking.layers.clone(),
    }
}

fn layer_of(layer: LayerArg) -> Layer {
    match layer {
        LayerArg::Wire => Layer::Wire,
        LayerArg::Json => Layer::Json,
        LayerArg::Grpc => Layer::Grpc,
        LayerArg::Source => Layer::Source,
    }
}

/// What is compared by what.
struct Run<'a> {
    /// The command line, where that has a say.
    args: Option<&'a BreakingArgs>,
    config: &'a Config,
    selection: &'a Selection,
    sources: &'a Sources,
}

/// What holds for some of the files.
#[derive(Clone, Copy)]
struct Section<'a> {
    breaking: &'a BreakingConfig,
    selection: &'a Selection,
    /// For each text, by its index, whether it is one of these files; all are where there is none.
    texts: Option<&'a [bool]>,
}

impl Run<'_> {
    fn findings(&self, sides: &Sides, branch: Option<&str>, with_evidence: usize) -> Vec<Finding> {
        let always = self.plan(&self.config.breaking, self.selection.always.clone(), sides, (None, None));
        let changes = || self.changes(sides, branch, with_evidence);
        let faults = |side: &Loaded| {
            let mut faults = engine::check(&side.schema, &always);
            faults.extend(side.findings.iter().cloned());
            faults
        };
        let both = || rayon::join(|| faults(&sides.after), || faults(&sides.before));
        let (mut findings, (of_after, of_baseline)) = rayon::join(changes, both);
        findings.extend(of_after);
        findings.extend(of_baseline.into_iter().filter_map(as_of_baseline));
        engine::sort(&mut findings, self.sources);
        findings
    }

    fn plan<'a>(
        &'a self,
        breaking: &'a BreakingConfig,
        rules: Vec<(&'static Rule, Severity)>,
        sides: &'a Sides,
        (texts, unused_ignores): (Option<&'a [bool]>, Option<Severity>),
    ) -> Plan<'a> {
        Plan {
            rules,
            settings: &self.config.check.settings,
            sources: self.sources,
            ignores: breaking.ignore.iter().map(|i| PathIgnore { pattern: &i.pattern, rules: &i.rules }).collect(),
            ignore_paths: &sides.relative,
            unused_ignores,
            extent: Extent { texts, without_buf_comments: false },
        }
    }

    /// What the rules of each section tell of the changes of its files.
    fn changes(&self, sides: &Sides, branch: Option<&str>, with_evidence: usize) -> Vec<Finding> {
        let all = Section { breaking: &self.config.breaking, selection: self.selection, texts: None };
        let Some(mut extents) = scopes::extents(self.config, &sides.relative) else {
            return self.changes_in(all, sides, branch, with_evidence);
        };
        if scopes::is_of_buf(self.config) {
            let schemas = [&sides.after.schema, &sides.before.schema];
            let has_scope = |index: usize| self.config.scope_of(&sides.relative[index]).is_some();
            extents = extents.iter().map(|extent| scopes::with_imports(extent, schemas, has_scope)).collect();
        }
        let own = self.config.scopes.iter().map(|scope| self.config.breaking_in(scope)).zip(&self.selection.scopes);
        let sections = own.chain([(&self.config.breaking, self.selection)]).zip(&extents);
        let inhabited = sections.filter(|(_, texts)| texts.contains(&true));
        let findings = inhabited.flat_map(|((breaking, selection), texts)| {
            self.changes_in(Section { breaking, selection, texts: Some(texts) }, sides, branch, with_evidence)
        });
        findings.collect()
    }

    fn changes_in(
        &self,
        section: Section<'_>,
        sides: &Sides,
        branch: Option<&str>,
        with_evidence: usize,
    ) -> Vec<Finding> {
        let Section { breaking, selection, texts } = section;
        let layers = layers(self.args, breaking);
        let is_ignored = |package: &str| {
            breaking.ignore_packages.matches(package) || (breaking.ignore_unstable_packages && is_unstable(package))
        };
        let selected = Selected {
            layers: layers.as_deref(),
            policies: breaking.policies.iter().map(|p| Policy { pattern: &p.pattern, layers: &p.layers }).collect(),
            is_ignored: &is_ignored,
            with_evidence,
        };
        let follow_renames = layers.is_some();
        let unused_ignores = selection.severity_of(UNUSED_IGNORE.id);
        let chosen = self.plan(breaking, selection.selected.clone(), sides, (texts, unused_ignores));
        let comparison = Comparison::new(&sides.before.schema, &sides.after.schema, follow_renames)
            .beside_packages(sides.unread_packages.clone());
        let mut findings = engine::compare(&comparison, &chosen, &selected);
        if let (Some((base, tip)), Some(branch)) = (&sides.moved_on, branch) {
            let theirs = Comparison::new(&base.schema, &tip.schema, follow_renames);
            findings.extend(engine::collide(&comparison, &theirs, branch, &chosen, &selected));
        }
        if !breaking.policies.is_empty() || !breaking.ignore_packages.is_empty() {
            findings.extend(engine::reached(&sides.after.schema, &chosen, &selected));
        }
        findings
    }
}

/// What is wrong with the baseline can be mended by nobody here; but what does not compile there is not compared. What
/// cannot even be read keeps the job from being done.
fn as_of_baseline(finding: Finding) -> Option<Finding> {
    if finding.severity < Severity::Error {
        return None;
    }
    let message = format!("in the baseline, {}", finding.message);
    let severity = if finding.rule == INPUT_UNREADABLE.id { Severity::Error } else { Severity::Warning };
    Some(Finding { severity, message, help: None, ..finding })
}

/// The last line of a run.
struct Summary<'a> {
    baseline: &'a Baseline,
    /// What the baseline lacks for a comparison.
    lacks: &'static str,
    files: usize,
    selection: &'a Selection,
    layers: Option<Vec<Layer>>,
}

impl Summary<'_> {
    /// `compared 214 files with 3f2c1a9 (merge base of HEAD and main) for wire, json, grpc in 40 ms: 2 breaking`.
    fn line(&self, findings: &[Finding], start: Instant) -> String {
        let (names, _) = self.selection.summary();
        let layers = |layers: &[Layer]| layers.iter().map(|layer| layer.name()).collect::<Vec<_>>().join(", ");
        let chosen = match &self.layers {
            Some(chosen) if names.is_empty() => format!("for {}", layers(chosen)),
            Some(chosen) => format!("for {} by {names}", layers(chosen)),
            None => format!("by {names}"),
        };
        let is_breaking = |finding: &&Finding| finding.change.is_some() && finding.severity == Severity::Error;
        let breaking = findings.iter().filter(is_breaking).count();
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count() - breaking;
        let warnings = findings.len() - breaking - errors;
        let mut verdict = format!("{} breaking", summary::grouped(breaking));
        for (count, noun) in [(errors, "error"), (warnings, "warning")] {
            if count > 0 {
                verdict.push_str(&format!(", {}", summary::counted(count, noun)));
            }
        }
        format!(
            "compared {} with {}{} {chosen} in {}: {verdict}{}\n",
            summary::counted(self.files, "file"),
            self.baseline.described,
            self.lacks,
            summary::took(start.elapsed()),
            summary::mendable(findings),
        )
    }
}
