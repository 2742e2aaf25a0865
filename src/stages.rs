//! The stages of a run one by one, over texts in memory: what the benchmarks measure.

pub mod fuzzing;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::compare::pairing::Comparison;
use crate::finding::Finding;
use crate::report::{Format, Report, render};
use crate::rules::{self, DEFAULT_LAYERS, DEFAULT_USE, Family, Rule, Settings};
use crate::run::{self, Concerns, Plan};
use crate::schema::{self, ParsedFile, Schema};
use crate::source::{SourceFile, Sources};

/// Files by the path that imports use.
pub struct Texts {
    sources: Sources,
}

/// Files that were parsed, sorted by name.
pub struct Parsed {
    files: Vec<ParsedFile>,
}

impl Texts {
    /// Takes paths and texts.
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Texts {
        let mut sources = Sources::new();
        for (path, text) in files {
            sources.add(SourceFile::new(path, text));
        }
        Texts { sources }
    }

    /// Bytes of all texts.
    pub fn bytes(&self) -> usize {
        self.sources.iter().map(|(_, file)| file.text().len()).sum()
    }

    /// Parses every text; those that do not parse are left out.
    pub fn parse(&self) -> Parsed {
        let files: Vec<_> = self.sources.iter().collect();
        let parsed = files.into_par_iter().filter_map(|(id, source)| {
            let mut file = schema::parse(source).0?;
            file.identify(source.path().to_owned(), Some(id));
            Some(file)
        });
        let mut files: Vec<ParsedFile> = parsed.collect();
        files.sort_by(|one, other| one.name().cmp(other.name()));
        Parsed { files }
    }

    /// Checks a schema of these texts with the default rules.
    pub fn check(&self, schema: &Schema) -> Vec<Finding> {
        let selected = DEFAULT_USE.iter().flat_map(|name| Family::Lint.named(name)).chain(rules::compile_rules());
        self.check_with(schema, &selected.collect::<Vec<_>>(), &Settings::default())
    }

    /// Checks a schema of these texts with some rules.
    pub fn check_with(&self, schema: &Schema, selected: &[&'static Rule], settings: &Settings) -> Vec<Finding> {
        let rules = selected.iter().map(|rule| (*rule, rule.page.severity)).collect();
        let plan = Plan::plain(rules, settings, &self.sources);
        let mut findings = run::check(schema, &plan);
        run::sort(&mut findings, &self.sources);
        findings
    }

    /// Compares two schemas with the default layers; the later one is of these texts.
    pub fn compare(&self, before: &Schema, after: &Schema) -> Vec<Finding> {
        let switched = rules::breaking_rules().into_iter().filter(|rule| rule.page.covered_by().is_none());
        let (rules, settings) = (switched.map(|rule| (rule, rule.page.severity)).collect(), Settings::default());
        let plan = Plan::plain(rules, &settings, &self.sources);
        let concerns = Concerns {
            layers: Some(&DEFAULT_LAYERS),
            policies: Vec::new(),
            is_ignored: &|_| false,
            with_evidence: usize::MAX,
        };
        run::compare(&Comparison::new(before, after, true), &plan, &concerns)
    }

    /// Renders findings into memory and gives the bytes written.
    pub fn print(&self, findings: &[Finding], format: Format) -> usize {
        let mut out = Vec::new();
        let report =
            Report { sources: &self.sources, findings, max_snippets: 100, color: false, width: 100, rules: |_| None };
        render(format, &report, &mut out).expect("memory takes what is written");
        out.len()
    }
}

impl Parsed {
    /// Links the files, all of one root.
    pub fn resolve(self) -> Schema {
        Schema::link_one_root(self.files)
    }
}
