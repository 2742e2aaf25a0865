//! What strangers can hand to the tool, over texts and descriptor sets in memory: checked, compared, mended and read as
//! configurations, with everything switched on. Fuzzing drives it; it reads and writes no files.

use std::path::Path;

pub use crate::command::in_memory::{Checked, Files, check, mend};

use crate::command::in_memory::{self, NOW};
use crate::compare::pairing::Comparison;
use crate::config::{self, Sets};
use crate::finding::{Finding, Layer};
use crate::pattern::PathPatterns;
use crate::project::descriptor_set;
use crate::project::load::{self, Request};
use crate::project::path;
use crate::project::view::View;
use crate::project::walk::Exclude;
use crate::report::{Format, Report, RuleText, render};
use crate::rules::{self, Family, Settings};
use crate::run::{self, Concerns, Plan};
use crate::schema::Schema;
use crate::source::{SourceFile, Sources};

/// Two states of the same files.
pub struct Sides {
    /// The texts of both.
    pub(super) sources: Sources,
    pub(super) before: Schema,
    pub(super) after: Schema,
}

impl Sides {
    /// Reads both; nothing where one has no file.
    pub fn of(before: &Files, after: &Files) -> Option<Sides> {
        let mut sources = Sources::new();
        let after = in_memory::load(after, NOW, &mut sources)?.schema;
        let before = in_memory::load(before, "before", &mut sources)?.schema;
        Some(Sides { sources, before, after })
    }

    /// Reads a descriptor set as both; nothing where it is none.
    pub fn of_set(bytes: &[u8]) -> Option<Sides> {
        let mut sources = Sources::new();
        let after = load_set(bytes, NOW, &mut sources)?;
        let before = load_set(bytes, "before", &mut sources)?;
        Some(Sides { sources, before, after })
    }

    /// Checks the later state with all rules.
    pub fn check(&self) -> Vec<Finding> {
        let all = config::select(Sets::default(), Family::Lint, &[config::ALL.to_owned()], &[])
            .expect("the group of all is known");
        let all = all.into_iter().chain(rules::compile_rules());
        let settings = Settings::default();
        let rules = all.map(|rule| (rule, rule.page.severity)).collect();
        let unused_ignores = Some(rules::compile::UNUSED_IGNORE.page.severity);
        let plan = Plan { unused_ignores, ..Plan::plain(rules, &settings, &self.sources) };
        let mut findings = run::check(&self.after, &plan);
        run::sort(&mut findings, &self.sources);
        findings
    }

    /// What both were read from, each under the name of its state.
    pub fn labelled_sources(&self) -> &Sources {
        &self.sources
    }

    /// The texts of both, for places in them.
    pub fn sources(&self) -> Sources {
        in_memory::on_disk(&self.sources)
    }

    /// Compares by the rules that `uses` names; where it names none by what changes break, on every layer. All findings
    /// come with evidence.
    ///
    /// # Panics
    ///
    /// If a name is neither a rule nor a group.
    pub fn compare(&self, uses: &[String]) -> Vec<Finding> {
        let by_layers = uses.is_empty();
        let names = if by_layers { vec![config::ALL.to_owned()] } else { uses.to_vec() };
        let chosen = config::select(Sets::default(), Family::Breaking, &names, &[]).expect("the names are known");
        let is_told = |rule: &&rules::Rule| !by_layers || rule.page.covered_by().is_none();
        let rules = chosen.into_iter().filter(is_told).map(|rule| (rule, rule.page.severity)).collect();
        let settings = Settings::default();
        let unused_ignores = Some(rules::compile::UNUSED_IGNORE.page.severity);
        let plan = Plan { unused_ignores, ..Plan::plain(rules, &settings, &self.sources) };
        let layers = by_layers.then_some(&Layer::ALL[..]);
        let concerns = Concerns { layers, policies: Vec::new(), is_ignored: &|_| false, with_evidence: usize::MAX };
        let comparison = Comparison::new(&self.before, &self.after, by_layers);
        let mut findings = run::compare(&comparison, &plan, &concerns);
        run::sort(&mut findings, &self.sources);
        findings
    }
}

/// Renders findings in a format.
pub fn print(sources: &Sources, findings: &[Finding], format: Format) -> Vec<u8> {
    let rules = |id: &str| {
        let page = &rules::find(id)?.page;
        let (summary, groups, severity) = (page.summary, page.groups().collect(), page.severity);
        Some(RuleText { summary, groups, severity, page: page.body() })
    };
    let mut out = Vec::new();
    let report = Report { sources, findings, max_snippets: 100, color: false, width: 100, rules };
    render(format, &report, &mut out).expect("memory takes what is written");
    out
}

/// What came of a configuration.
pub struct Configured {
    /// Its text.
    pub sources: Sources,
    /// What is wrong with it.
    pub faults: Vec<Finding>,
    /// What the tool writes for it, where that is anything: the name of a file, and its text.
    pub written: Option<(&'static str, String)>,
}

/// Reads a text as the configuration of that file name: this tool's, buf's, the Go tool's, or a file of what is known.
pub fn configure(name: &str, text: &str) -> Configured {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new(name.to_owned(), text.to_owned()));
    let converted = |sources: &mut Sources| config::converted_text(&Path::new("in_memory").join(name), file, sources);
    let as_own = |text: String| Some(("protolint.yaml", text));
    let read = match name {
        "protolint.yaml" => config::parse(text, file).map(|_| None),
        "protolint.accepted.yaml" => config::parse_accepted(text, file).map(|_| None),
        "protolint.baseline.yaml" => {
            config::parse_baseline(text, file).map(|baseline| Some(("protolint.baseline.yaml", baseline.text())))
        }
        "buf.yaml" => config::parse_buf(text, file).and_then(|_| converted(&mut sources).map(as_own)),
        _ => converted(&mut sources).map(as_own),
    };
    let (written, faults) = match read {
        Ok(written) => (written, Vec::new()),
        Err(faults) => (None, faults),
    };
    Configured { sources, faults, written }
}

/// Reads and links a descriptor set, whose files are called `label` where their paths alone would be taken for those on
/// disk; nothing where it is none.
pub(super) fn load_set(bytes: &[u8], label: &str, sources: &mut Sources) -> Option<Schema> {
    let (top, none) = (path::absolute(Path::new("in_memory")), PathPatterns::default());
    let (snapshot, paths) = descriptor_set::snapshot(bytes, top.clone(), label.to_owned()).ok()?;
    let request = Request {
        paths: &paths,
        stdin: None,
        roots: vec![top.clone()],
        includes: Vec::new(),
        exclude: Exclude::new(&top, &none),
        view: View::of(&snapshot),
        skip: None,
        may_lack: None,
        progress: &|| (),
    };
    load::load(&request, sources).ok().map(|loaded| loaded.schema)
}
