//! The sections of a configuration: their keys with the values these take, and what sections mean where they say nothing.
//! What reads a configuration and the JSON Schema for editors both come from here.

use std::ops::RangeInclusive;

use crate::config::breaking::BreakingConfig;
use crate::config::check::CheckConfig;
use crate::config::model::MAX_SCOPES;
use crate::config::reader::Section;
use crate::config::sets::Sets;
use crate::finding::{DirectionFilter, Layer, Severity};
use crate::rules::settings::{Commented, NameCase, Quote, Requirement};
use crate::rules::{Family, own};

pub(in crate::config) const FILE: usize = 0;
pub(in crate::config) const CHECK: usize = 1;
pub(in crate::config) const OPTIONS: usize = 2;
pub(in crate::config) const BREAKING: usize = 3;
pub(in crate::config) const POLICY: usize = 4;
pub(in crate::config) const SCOPE: usize = 5;
pub(in crate::config) const HISTORY: usize = 6;
pub(in crate::config) const DEPRECATION: usize = 7;
pub(in crate::config) const PER_STABILITY: usize = 8;
/// The first of the sections for each of [`Stability::ALL`], in that order.
pub(in crate::config) const OF_STABILITY: usize = 9;
pub(in crate::config) const BREAKING_OPTIONS: usize = 13;
/// A rule of one's own.
pub(in crate::config) const RULE: usize = 14;
/// An example of a rule about changes.
pub(in crate::config) const CHANGE: usize = 15;
/// A file that a configuration extends.
pub(in crate::config) const SHARED: usize = 16;

/// A key, and what values it takes.
pub(in crate::config) struct Key {
    pub(in crate::config) name: &'static str,
    pub(in crate::config) kind: Kind,
}

/// What values a key takes.
pub(in crate::config) enum Kind {
    /// The version of the format.
    Version,
    /// The year of a preset.
    Preset,
    /// A string that is not empty.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A number within bounds.
    Number(RangeInclusive<usize>),
    /// A number of spaces, or `tab`.
    Indent,
    /// One of some words.
    Choice(fn() -> Vec<&'static str>),
    /// A list of such words.
    Choices(fn() -> Vec<&'static str>),
    /// Such a list, or one word.
    ChoiceOrChoices(fn() -> Vec<&'static str>),
    /// The same, but not an empty list.
    SomeChoices(fn() -> Vec<&'static str>),
    /// What files are written in.
    Syntax,
    /// The end of a name.
    Suffix,
    /// The end of a name, or a list of some.
    Suffixes,
    /// Words in lower snake case.
    Words,
    /// Directories, or patterns of paths.
    Paths,
    /// The same, but not an empty list.
    SomePaths,
    /// Patterns of tags, or one of them.
    Tags,
    /// Patterns of full names or of paths.
    NamesOrPaths,
    /// A pattern of full names.
    NamePattern,
    /// Patterns of full names.
    NamePatterns,
    /// Names of options, extensions in parentheses.
    OptionNames,
    /// Rules and groups that are on.
    Use(Family),
    /// Rules and groups that are off.
    Except(Family),
    /// By rule or group, a severity.
    Severities(Family),
    /// By pattern, rules and groups.
    Ignores(Family),
    /// YAML files, or one of them.
    SharedFiles,
    /// The text of a file, which may be empty.
    FileText,
    /// An expression of CEL.
    Expression,
    /// A part of an element.
    Part,
    /// Texts of files, mappings of the section of this index, or one of either.
    Examples(usize),
    /// By id, a mapping: the section of this index.
    Rules(usize),
    /// A mapping: the section of this index.
    Section(usize),
    /// A list of such mappings, so many at most.
    Sections(usize, usize),
}

const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind }
}

/// The bounds of `line_length`.
pub(super) const LINE_LENGTH: RangeInclusive<usize> = 20..=10_000;
/// The bounds of `tab_width`.
pub(super) const TAB_WIDTH: RangeInclusive<usize> = 1..=16;
/// The bounds of `min_releases`.
pub(super) const MIN_RELEASES: RangeInclusive<usize> = 0..=1_000;
/// The bounds of `min_days`.
pub(super) const MIN_DAYS: RangeInclusive<usize> = 0..=10_000;
/// The most spaces that a level can be indented by.
pub(in crate::config) const MAX_SPACES: u8 = 8;

fn requirements() -> Vec<&'static str> {
    Requirement::ALL.map(Requirement::name).to_vec()
}

fn layers() -> Vec<&'static str> {
    Layer::ALL.map(Layer::name).to_vec()
}

fn directions() -> Vec<&'static str> {
    DirectionFilter::ALL.map(DirectionFilter::name).to_vec()
}

const FILE_KEYS: [Key; 14] = [
    key("version", Kind::Version),
    key("required-version", Kind::Text),
    key("extends", Kind::SharedFiles),
    key("preset", Kind::Preset),
    key("roots", Kind::Paths),
    key("includes", Kind::Paths),
    key("exclude", Kind::Paths),
    key("only", Kind::Paths),
    key("check", Kind::Section(CHECK)),
    key("breaking", Kind::Section(BREAKING)),
    key("history", Kind::Section(HISTORY)),
    key("deprecation", Kind::Section(DEPRECATION)),
    key("rules", Kind::Rules(RULE)),
    key("scopes", Kind::Sections(SCOPE, MAX_SCOPES)),
];

const CHECK_KEYS: [Key; 7] = [
    key("use", Kind::Use(Family::Lint)),
    key("except", Kind::Except(Family::Lint)),
    key("severity", Kind::Severities(Family::Lint)),
    key("ignore", Kind::Ignores(Family::Lint)),
    key("ignore_comments", Kind::Boolean),
    key("buf_ignore_comments", Kind::Boolean),
    key("options", Kind::Section(OPTIONS)),
];

const OPTION_KEYS: [Key; 17] = [
    key("enum_zero_value_suffix", Kind::Suffixes),
    key("service_suffix", Kind::Suffix),
    key("rpc_allow_same_request_response", Kind::Boolean),
    key("rpc_allow_google_protobuf_empty_requests", Kind::Boolean),
    key("rpc_allow_google_protobuf_empty_responses", Kind::Boolean),
    key("hot_fields", Kind::NamePatterns),
    key("quote", Kind::Choice(|| Quote::ALL.map(Quote::name).to_vec())),
    key("indent", Kind::Indent),
    key("line_length", Kind::Number(LINE_LENGTH)),
    key("tab_width", Kind::Number(TAB_WIDTH)),
    key("plurals", Kind::Words),
    key("syntax", Kind::Syntax),
    key("prepositions", Kind::Words),
    key("preposition_exceptions", Kind::Words),
    key("rpc_name_case", Kind::Choice(|| NameCase::ALL.map(NameCase::name).to_vec())),
    key("comment_exempt_requests_and_responses", Kind::Boolean),
    key("comment_starts_with_name", Kind::Choices(|| Commented::ALL.map(Commented::name).to_vec())),
];

const BREAKING_KEYS: [Key; 13] = [
    key("against", Kind::Text),
    key("tag_pattern", Kind::Text),
    key("layers", Kind::SomeChoices(layers)),
    key("direction", Kind::Choice(directions)),
    key("use", Kind::Use(Family::Breaking)),
    key("except", Kind::Except(Family::Breaking)),
    key("severity", Kind::Severities(Family::Breaking)),
    key("ignore", Kind::Ignores(Family::Breaking)),
    key("ignore_comments", Kind::Boolean),
    key("ignore_packages", Kind::NamePatterns),
    key("ignore_unstable_packages", Kind::Boolean),
    key("options", Kind::Section(BREAKING_OPTIONS)),
    key("policies", Kind::Sections(POLICY, usize::MAX)),
];

const BREAKING_OPTION_KEYS: [Key; 1] = [key("unchanged", Kind::OptionNames)];

const POLICY_KEYS: [Key; 3] = [
    key("match", Kind::NamePattern),
    key("layers", Kind::ChoiceOrChoices(layers)),
    key("direction", Kind::Choice(directions)),
];

const SCOPE_KEYS: [Key; 4] = [
    key("paths", Kind::SomePaths),
    key("check", Kind::Section(CHECK)),
    key("breaking", Kind::Section(BREAKING)),
    key("rules", Kind::Rules(RULE)),
];

const RULE_KEYS: [Key; 10] = [
    key("on", Kind::Choice(|| own::Kind::ALL.map(own::Kind::name).to_vec())),
    key("where", Kind::Expression),
    key("require", Kind::Expression),
    key("message", Kind::Text),
    key("help", Kind::Text),
    key("at", Kind::Part),
    key("severity", Kind::Choice(|| vec![Severity::Warning.name(), Severity::Error.name()])),
    key("docs", Kind::Text),
    key("good", Kind::Examples(CHANGE)),
    key("bad", Kind::Examples(CHANGE)),
];

const CHANGE_KEYS: [Key; 2] = [key("before", Kind::FileText), key("after", Kind::FileText)];

const SHARED_KEYS: [Key; 3] =
    [key("version", Kind::Version), key("extends", Kind::SharedFiles), key("rules", Kind::Rules(RULE))];

const HISTORY_KEYS: [Key; 3] = [key("tags", Kind::Tags), key("since", Kind::Text), key("ignore", Kind::NamesOrPaths)];

const DEPRECATION_KEYS: [Key; 4] = [
    key("min_releases", Kind::Number(MIN_RELEASES)),
    key("min_days", Kind::Number(MIN_DAYS)),
    key("require", Kind::Choices(requirements)),
    key("per_stability", Kind::Section(PER_STABILITY)),
];

const PER_STABILITY_KEYS: [Key; 4] = [
    key("stable", Kind::Section(OF_STABILITY)),
    key("beta", Kind::Section(OF_STABILITY + 1)),
    key("alpha", Kind::Section(OF_STABILITY + 2)),
    key("test", Kind::Section(OF_STABILITY + 3)),
];

const TERMS_KEYS: [Key; 3] = [
    key("min_releases", Kind::Number(MIN_RELEASES)),
    key("min_days", Kind::Number(MIN_DAYS)),
    key("require", Kind::Choices(requirements)),
];

/// The keys of each section.
pub(in crate::config) const KEYS: [&[Key]; 17] = [
    &FILE_KEYS,
    &CHECK_KEYS,
    &OPTION_KEYS,
    &BREAKING_KEYS,
    &POLICY_KEYS,
    &SCOPE_KEYS,
    &HISTORY_KEYS,
    &DEPRECATION_KEYS,
    &PER_STABILITY_KEYS,
    &TERMS_KEYS,
    &TERMS_KEYS,
    &TERMS_KEYS,
    &TERMS_KEYS,
    &BREAKING_OPTION_KEYS,
    &RULE_KEYS,
    &CHANGE_KEYS,
    &SHARED_KEYS,
];

/// The keys that a section cannot do without.
pub(in crate::config) const REQUIRED: [&[&str]; 17] = [
    &["version"],
    &[],
    &[],
    &[],
    &["match", "layers"],
    &["paths"],
    &[],
    &[],
    &[],
    &[],
    &[],
    &[],
    &[],
    &[],
    &["on", "require"],
    &["before", "after"],
    &[],
];

const fn names<const N: usize>(keys: &[Key; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = keys[at].name;
        at += 1;
    }
    names
}

pub(in crate::config) const SECTIONS: [Section; 17] = [
    Section { path: "", keys: &names(&FILE_KEYS) },
    Section { path: "check", keys: &names(&CHECK_KEYS) },
    Section { path: "check.options", keys: &names(&OPTION_KEYS) },
    Section { path: "breaking", keys: &names(&BREAKING_KEYS) },
    Section { path: "breaking.policies", keys: &names(&POLICY_KEYS) },
    Section { path: "scopes", keys: &names(&SCOPE_KEYS) },
    Section { path: "history", keys: &names(&HISTORY_KEYS) },
    Section { path: "deprecation", keys: &names(&DEPRECATION_KEYS) },
    Section { path: "deprecation.per_stability", keys: &names(&PER_STABILITY_KEYS) },
    Section { path: "deprecation.per_stability.stable", keys: &names(&TERMS_KEYS) },
    Section { path: "deprecation.per_stability.beta", keys: &names(&TERMS_KEYS) },
    Section { path: "deprecation.per_stability.alpha", keys: &names(&TERMS_KEYS) },
    Section { path: "deprecation.per_stability.test", keys: &names(&TERMS_KEYS) },
    Section { path: "breaking.options", keys: &names(&BREAKING_OPTION_KEYS) },
    Section { path: "rules", keys: &names(&RULE_KEYS) },
    Section { path: "rules.change", keys: &names(&CHANGE_KEYS) },
    Section { path: "extends", keys: &names(&SHARED_KEYS) },
];

/// Sections that say nothing.
pub(super) fn defaults(sets: Sets) -> (CheckConfig, BreakingConfig) {
    let check = CheckConfig { sets, uses: sets.default_use(), ..CheckConfig::default() };
    (check, BreakingConfig { sets, ..BreakingConfig::default() })
}
