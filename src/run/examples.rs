//! Runs the examples of rules of one's own: each is a file in memory that can use the options of the project, held to
//! its rule alone. It prints nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{Rules, compare};
use crate::config::{Config, OwnRules, RuleNames};
use crate::finding::{Finding, Severity};
use crate::project::Project;
use crate::project::settings::Settings;
use crate::report::Report;
use crate::rules::own::Example;
use crate::rules::{self, Family, Rule};
use crate::schema::{File, Schema};
use crate::source::Sources;

/// An example, and what came of it.
pub(crate) struct Tried {
    pub(crate) rule: &'static Rule,
    /// Whether the rule should report nothing.
    pub(crate) is_good: bool,
    /// Among the good ones, or the bad ones, of the rule; from 1.
    pub(crate) number: usize,
    pub(crate) outcome: TriedOutcome,
}

/// What came of an example.
pub(crate) enum TriedOutcome {
    /// What was expected.
    Passed,
    /// It is good, and the rule reports this.
    Reported(Report),
    /// It is bad, and the rule reports nothing; its text.
    NotReported(String),
    /// It is no schema.
    Invalid(Report),
}

/// Runs the examples of some rules among all that a configuration declares, in their order. `project` has the options that
/// they can use.
pub(crate) fn run(own: &OwnRules, rules: &[&'static Rule], project: Option<&Project>) -> Vec<Tried> {
    let options = project.map(|project| Options::new(project.schema(), project.sources())).unwrap_or_default();
    let examples = rules.iter().flat_map(|&rule| {
        let declaration = rule.own().map(|own| &own.declaration);
        let good = declaration.iter().flat_map(|own| &own.good).enumerate().map(move |(at, it)| (rule, true, at, it));
        let bad = declaration.iter().flat_map(|own| &own.bad).enumerate().map(move |(at, it)| (rule, false, at, it));
        good.chain(bad).collect::<Vec<_>>()
    });
    let examples: Vec<_> = examples.collect();
    let tried = |&(rule, is_good, at, example): &(&'static Rule, bool, usize, &Example)| {
        let outcome = outcome(rule, is_good, example, own, &options);
        Tried { rule, is_good, number: at + 1, outcome }
    };
    examples.par_iter().with_max_len(1).map(tried).collect()
}

fn outcome(
    rule: &'static Rule,
    is_good: bool,
    example: &Example,
    own: &OwnRules,
    options: &Options<'_>,
) -> TriedOutcome {
    let (report, name, text) = match example {
        Example::File(text) => {
            let (project, name) = options.project(text);
            (project.lint(&only(rule, own)), name, text.clone())
        }
        Example::Change { before, after } => {
            let ((before_project, name), (after_project, _)) = (options.project(before), options.project(after));
            let config = Config { own: own.clone(), ..Config::default() };
            let rule_names = RuleNames { uses: vec![rule.id.to_owned()], except: Vec::new() };
            let settings = Settings { config: Arc::new(config), rule_names, ..Settings::default() };
            let policy = settings.policy().expect("the rule is declared");
            let report = compare(&before_project, &after_project, &policy);
            (report, name, format!("before:\n{before}\n\nafter:\n{after}"))
        }
    };
    let is_here = |finding: &Finding| {
        finding.place.is_none_or(|place| report.sources.get(place.file).path().ends_with(name.as_str()))
    };
    let is_fault = |finding: &Finding| {
        finding.severity == Severity::Error
            && rules::rule_of(finding.rule).is_none_or(|rule| Family::of(rule).is_none())
    };
    let (own, faults): (Vec<Finding>, Vec<Finding>) =
        report.findings.iter().filter(|finding| is_here(finding)).cloned().partition(|finding| !is_fault(finding));
    let own: Vec<Finding> = own.into_iter().filter(|finding| finding.rule == rule.id).collect();
    match (faults.is_empty(), is_good, own.is_empty()) {
        (false, ..) => TriedOutcome::Invalid(Report::new(faults, report.sources)),
        (true, true, false) => TriedOutcome::Reported(Report::new(own, report.sources)),
        (true, false, true) => TriedOutcome::NotReported(text),
        _ => TriedOutcome::Passed,
    }
}

/// A rule alone, with the rules about what the language forbids. Ignore comments can name all rules.
fn only(rule: &'static Rule, own: &OwnRules) -> Rules {
    let mut rules = Rules::of_language();
    rules.selection.selected.push((rule, rule.page.severity));
    rules.config = Arc::new(Config { own: own.clone(), ..Config::default() });
    rules
}

/// The files of a project, and which of them declare options.
#[derive(Default)]
struct Options<'p> {
    /// By name, with what they import.
    files: BTreeMap<&'p str, (&'p str, Vec<&'p str>)>,
    /// The short names of extensions of options, with their files.
    declared: Vec<(&'p str, &'p str)>,
}

impl<'p> Options<'p> {
    fn new(schema: &'p Schema, sources: &'p Sources) -> Options<'p> {
        let text = |file: File<'_>| Some(sources.get(file.source()?).text()).filter(|text| !text.is_empty());
        let with_text = schema.files().filter_map(|file| Some((file, text(file)?)));
        let is_option = |extendee: &str| extendee.starts_with("google.protobuf.") && extendee.ends_with("Options");
        // Those of built-in files need no text.
        let declared = schema.files().flat_map(|file| {
            let extensions = file.all_fields().filter(|field| field.is_extension());
            let of_options =
                extensions.filter(|field| field.extendee().is_some_and(|extendee| is_option(extendee.full_name())));
            of_options.map(|field| (field.name(), file.name())).collect::<Vec<_>>()
        });
        let declared = declared.collect();
        let imports = |file: File<'p>| file.imports().map(|import| import.path()).collect::<Vec<_>>();
        let files = with_text.map(|(file, text)| (file.name(), (text, imports(file)))).collect();
        Options { files, declared }
    }

    /// A project of the text of an example, with the files that it needs; and the name of its file.
    fn project(&self, text: &str) -> (Project, String) {
        let alone = Project::in_memory([("example.proto", text)]);
        let file = alone.schema().files().next();
        let header = match file.is_some_and(|file| !file.data().syntax_span.is_none()) {
            true => "",
            false => "syntax = \"proto3\";\n",
        };
        let imported: Vec<String> =
            file.iter().flat_map(|file| file.imports()).map(|import| import.path().to_owned()).collect();
        let directory = file.and_then(|file| file.package()).unwrap_or_default().replace('.', "/");
        let mut name = format!("{directory}/example.proto").trim_start_matches('/').to_owned();
        while self.files.contains_key(name.as_str()) {
            name.insert(name.len() - ".proto".len(), '_');
        }
        let used: FxHashSet<&str> = text
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .filter(|word| !word.is_empty())
            .collect();
        let mut added: Vec<&str> =
            self.declared.iter().filter(|(option, _)| used.contains(option)).map(|(_, file)| *file).collect();
        added.sort_unstable();
        added.dedup();
        added.retain(|file| imported.iter().all(|known| known != file));
        let imports: Vec<String> = added.iter().map(|file| format!("import \"{file}\";\n")).collect();
        // Imports may stand anywhere; the lines of the example keep their order.
        let whole = format!("{header}{}\n{}", text.trim_end(), imports.concat());
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut waiting: Vec<&str> = imported.iter().map(String::as_str).chain(added).collect();
        while let Some(needed) = waiting.pop() {
            if let Some((needed, (text, imports))) = self.files.get_key_value(needed)
                && files.insert((*needed).to_owned(), (*text).to_owned()).is_none()
            {
                waiting.extend(imports);
            }
        }
        files.insert(name.clone(), whole);
        (Project::in_memory(files), name)
    }
}
