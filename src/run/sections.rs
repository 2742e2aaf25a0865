//! What runs: the sections of a configuration, which of them each text belongs to, and what each makes of a finding.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::compare::ChangeFilter;
use crate::config::{CheckConfig, Config, Ignore, OwnRules, Sets};
use crate::finding::Severity;
use crate::rules::{Rule, Settings};
use crate::schema::{File, Schema};
use crate::source::{FileId, Sources};

/// What to run, and what to make of it.
pub(crate) struct Plan<'a> {
    pub(crate) sections: Vec<Section<'a>>,
    pub(crate) members: Members,
    pub(crate) sources: &'a Sources,
    /// For each text, by its index, the path that patterns mean.
    pub(crate) paths: &'a [String],
    /// The rules of one's own that ignore comments can name.
    pub(crate) own: Option<&'a OwnRules>,
}

/// What holds for some of the files.
pub(crate) struct Section<'a> {
    /// The rules that are on, each with how much it matters.
    pub(crate) rules: Vec<(&'static Rule, Severity)>,
    /// The same by the rules' ids.
    pub(super) on: FxHashMap<&'static str, Severity>,
    pub(crate) settings: &'a Settings,
    /// What is not reported about some files.
    pub(crate) ignores: &'a [Ignore],
    /// How much directives that suppress nothing matter; `None` where that is off.
    pub(crate) unused_ignores: Option<Severity>,
    /// Whether directives have no effect.
    pub(crate) without_comments: bool,
    /// Whether `buf:lint:ignore` has no effect.
    pub(crate) without_buf_comments: bool,
    /// Which changes are reported.
    pub(crate) changes: ChangeFilter<'a>,
}

/// Which sections each text belongs to, by its index.
#[derive(Clone)]
pub(crate) enum Members {
    /// All to the only one there is.
    All,
    /// Each to one.
    One(Vec<u32>),
    /// Some to several; that of their own comes first.
    Several(Vec<Vec<u32>>),
}

impl Members {
    pub(super) fn sections_of(&self, file: Option<FileId>) -> &[u32] {
        match (self, file) {
            (Members::All, _) => &[0],
            (_, None) => &[],
            (Members::One(own), Some(file)) => own.get(file.index()).map_or(&[], std::slice::from_ref),
            (Members::Several(own), Some(file)) => own.get(file.index()).map_or(&[], Vec::as_slice),
        }
    }

    /// The first section that the text of an index belongs to.
    pub(super) fn section_at(&self, index: usize) -> u32 {
        match self {
            Members::All => 0,
            Members::One(own) => own.get(index).copied().unwrap_or_default(),
            Members::Several(own) => own.get(index).and_then(|own| own.first()).copied().unwrap_or_default(),
        }
    }

    /// The scope that each text is in, or else the section for all, which is the last. `paths` are those of the texts,
    /// relative to the configuration.
    pub(super) fn of(config: &Config, paths: &[String]) -> Members {
        if config.scopes.is_empty() {
            return Members::All;
        }
        let rest = config.scopes.len();
        let section = |path: &String| u32::try_from(config.scope_of(path).unwrap_or(rest)).unwrap_or(u32::MAX);
        Members::One(paths.iter().map(section).collect())
    }

    /// The same where files belong to the scopes of their importers too, as buf has it; those in no scope aside.
    pub(super) fn with_imports(self, config: &Config, schemas: [&Schema; 2]) -> Members {
        let (Members::One(own), true) = (&self, matches!(config.breaking.sets, Sets::Buf(_))) else { return self };
        let rest = config.scopes.len();
        let mut by_section: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, section) in own.iter().enumerate() {
            by_section.entry(*section).or_default().push(index);
        }
        let mut all: Vec<Vec<u32>> = own.iter().map(|section| vec![*section]).collect();
        for section in by_section.into_keys() {
            for schema in schemas {
                let index = |file: File<'_>| file.source().map(|source| source.index());
                let is_in = |file: &File<'_>| index(*file).is_some_and(|index| all[index].contains(&section));
                let mut waiting: Vec<File<'_>> = schema.files().filter(is_in).collect();
                while let Some(file) = waiting.pop() {
                    for imported in file.imports().filter_map(|import| import.target()) {
                        let new = |&index: &usize| own[index] as usize != rest && !all[index].contains(&section);
                        if let Some(index) = index(imported).filter(new) {
                            all[index].push(section);
                            waiting.push(imported);
                        }
                    }
                }
            }
        }
        Members::Several(all)
    }
}

impl<'a> Section<'a> {
    /// These rules for all files, of which nothing is suppressed but by directives.
    pub(crate) fn plain(rules: Vec<(&'static Rule, Severity)>, settings: &'a Settings) -> Section<'a> {
        Section {
            on: rules.iter().map(|&(rule, severity)| (rule.id, severity)).collect(),
            rules,
            settings,
            ignores: &[],
            unused_ignores: None,
            without_comments: false,
            without_buf_comments: false,
            changes: ChangeFilter::default(),
        }
    }

    /// The settings of `check` for some files.
    pub(super) fn of_check(
        check: &'a CheckConfig,
        rules: Vec<(&'static Rule, Severity)>,
        unused_ignores: Option<Severity>,
    ) -> Section<'a> {
        Section {
            ignores: &check.ignore,
            unused_ignores,
            without_comments: !check.ignore_comments,
            without_buf_comments: !check.buf_ignore_comments,
            ..Section::plain(rules, &check.settings)
        }
    }

    /// Whether any rule reads how lines are indented, or how long they may be.
    pub(super) fn reads_layout(&self) -> bool {
        ["INDENT", "LINE_LENGTH"].iter().any(|rule| self.on.contains_key(rule))
    }

    /// How much a rule matters, if it is on.
    pub(super) fn severity_of(&self, rule: &str) -> Option<Severity> {
        self.on.get(rule).copied()
    }
}

impl<'a> Plan<'a> {
    /// One section for all files.
    pub(crate) fn whole(section: Section<'a>, sources: &'a Sources, paths: &'a [String]) -> Plan<'a> {
        Plan { sections: vec![section], members: Members::All, sources, paths, own: None }
    }

    /// All rules of some sections, each once.
    pub(super) fn rules_of(&self, sections: impl Iterator<Item = u32>) -> Vec<(&'static Rule, Severity)> {
        let rules = sections.flat_map(|at| &self.sections[at as usize].rules);
        let by_id: BTreeMap<&str, &'static Rule> = rules.map(|(rule, _)| (rule.id, *rule)).collect();
        by_id.into_values().map(|rule| (rule, rule.page.severity)).collect()
    }

    /// The sections that any text belongs to.
    pub(super) fn inhabited(&self) -> Vec<u32> {
        let mut inhabited: Vec<u32> = match &self.members {
            Members::All => vec![0],
            Members::One(own) => own.clone(),
            Members::Several(own) => own.iter().flatten().copied().collect(),
        };
        inhabited.sort_unstable();
        inhabited.dedup();
        inhabited
    }
}
