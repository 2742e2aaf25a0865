//! What may stand at a place of a configuration, for who writes one: the keys of a section with what they mean, and the
//! words that a key takes. It comes from the tables that reading one uses, and reads no text itself.

use super::buf;
use super::json_schema;
use super::sets::PRESETS;
use super::validate::{FILE, KEYS, Kind, MAX_SPACES, SECTIONS};
use crate::finding::Severity;
use crate::rules::Family;
use crate::rules::settings::SYNTAXES;

/// The file that a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConfigKind {
    Own,
    /// A `buf.yaml`, with whether it is of v2.
    Buf {
        is_v2: bool,
    },
}

/// A key of a section.
#[derive(Clone, Debug)]
pub(crate) struct KeyOf {
    pub(crate) name: &'static str,
    /// What it means, and what holds without it.
    pub(crate) description: Option<String>,
    pub(crate) form: Form,
}

/// What follows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A word, a number or a text.
    Scalar,
    List,
    Mapping,
    /// A list of mappings.
    Mappings,
}

/// What may stand at a path of keys.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    Keys(Vec<KeyOf>),
    /// Rules and groups, as the keys of a mapping whose values are severities.
    RuleKeys(Family),
    /// One of some words; in a list, where it `is_list`.
    Words {
        words: Vec<String>,
        is_list: bool,
    },
    /// Rules and groups of a family, and with those that no selection switches off.
    Rules {
        family: Family,
        with_all_compile_rules: bool,
    },
    /// A text of one's own.
    Anything,
}

/// What stands below a path of keys from the top of a file; list items are no part of it.
pub(crate) fn expected(kind: ConfigKind, path: &[&str]) -> Expected {
    match kind {
        ConfigKind::Own => own(path),
        ConfigKind::Buf { is_v2 } => of_buf(is_v2, path),
    }
}

/// What a key at the end of a path means.
pub(crate) fn description(kind: ConfigKind, path: &[&str]) -> Option<String> {
    let (key, section) = path.split_last()?;
    let Expected::Keys(keys) = expected(kind, section) else { return None };
    keys.into_iter().find(|known| known.name == *key)?.description
}

fn own(path: &[&str]) -> Expected {
    let mut section = FILE;
    let mut rest = path;
    while let [name, below @ ..] = rest {
        let Some(key) = KEYS[section].iter().find(|key| key.name == *name) else { return Expected::Anything };
        rest = below;
        section = match (&key.kind, below) {
            (Kind::Section(section) | Kind::Sections(section, _), _) => *section,
            // The id of a rule stands between.
            (Kind::Rules(section), [_, below @ ..]) => {
                rest = below;
                *section
            }
            (Kind::Examples(section), [_, ..]) => *section,
            (kind, _) => return self::below(kind, below),
        };
    }
    let described = json_schema::descriptions(SECTIONS[section].path);
    let keys = KEYS[section].iter().map(|key| KeyOf {
        name: key.name,
        description: described.iter().find(|(name, _)| name == key.name).map(|(_, text)| text.clone()),
        form: form(&key.kind),
    });
    Expected::Keys(keys.collect())
}

/// What a key of some kind takes; `rest` are the keys below it.
fn below(kind: &Kind, rest: &[&str]) -> Expected {
    let words = |words: Vec<&'static str>, is_list: bool| Expected::Words {
        words: words.into_iter().map(str::to_owned).collect(),
        is_list,
    };
    match (kind, rest) {
        (Kind::Severities(family), []) => Expected::RuleKeys(*family),
        (Kind::Severities(_), [_]) => words(vec![Severity::Warning.name(), Severity::Error.name()], false),
        (Kind::Ignores(family), [_]) => Expected::Rules { family: *family, with_all_compile_rules: true },
        (_, [_, ..]) => Expected::Anything,
        (Kind::Use(family) | Kind::Except(family), _) => {
            Expected::Rules { family: *family, with_all_compile_rules: false }
        }
        (Kind::Version, _) => words(vec!["1"], false),
        (Kind::Preset, _) => {
            Expected::Words { words: PRESETS.map(|preset| preset.year.to_string()).to_vec(), is_list: false }
        }
        (Kind::Boolean, _) => words(vec!["true", "false"], false),
        (Kind::Indent, _) => {
            let spaces = (1..=MAX_SPACES).map(|spaces| spaces.to_string());
            Expected::Words { words: spaces.chain(["tab".to_owned()]).collect(), is_list: false }
        }
        (Kind::Syntax, _) => words(SYNTAXES.to_vec(), false),
        (Kind::Choice(choices), _) => words(choices(), false),
        (Kind::Choices(choices) | Kind::ChoiceOrChoices(choices) | Kind::SomeChoices(choices), _) => {
            words(choices(), true)
        }
        _ => Expected::Anything,
    }
}

fn form(kind: &Kind) -> Form {
    match kind {
        Kind::Section(_) | Kind::Severities(_) | Kind::Ignores(_) | Kind::Rules(_) => Form::Mapping,
        Kind::Sections(..) => Form::Mappings,
        Kind::Choices(_)
        | Kind::ChoiceOrChoices(_)
        | Kind::SomeChoices(_)
        | Kind::Suffixes
        | Kind::Words
        | Kind::Paths
        | Kind::Tags
        | Kind::NamesOrPaths
        | Kind::SomePaths
        | Kind::NamePatterns
        | Kind::OptionNames
        | Kind::Use(_)
        | Kind::Except(_)
        | Kind::SharedFiles
        | Kind::Examples(_) => Form::List,
        _ => Form::Scalar,
    }
}

/// The keys of `buf.yaml` whose values are mappings or lists of them.
const MAPPINGS_OF_BUF: [&str; 6] = ["build", "breaking", "ignore_only", "lint", "modules", "policies"];

/// Those whose values are lists.
const LISTS_OF_BUF: [&str; 8] = ["deps", "except", "excludes", "ignore", "includes", "plugins", "roots", "use"];

fn of_buf(is_v2: bool, path: &[&str]) -> Expected {
    let words = |words: &[&str]| Expected::Words {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        is_list: false,
    };
    let section: Vec<&str> = path.iter().copied().filter(|key| *key != "modules").collect();
    let family = match section.first() {
        Some(&"lint") => Some(Family::Lint),
        Some(&"breaking") => Some(Family::Breaking),
        _ => None,
    };
    match (&section[..], family) {
        (["version"], _) => return words(&["v2", "v1", "v1beta1"]),
        ([_, "use" | "except"], Some(family)) => return Expected::Rules { family, with_all_compile_rules: false },
        // The rules are the keys, and paths the values.
        ([_, "ignore_only"], Some(family)) => return Expected::RuleKeys(family),
        ([_, key], Some(_))
            if key.contains("allow") || key.ends_with("unstable_packages") || *key == "disable_builtin" =>
        {
            return words(&["true", "false"]);
        }
        _ => {}
    }
    let keys = buf::keys(is_v2, path);
    let form = |name: &str| match name {
        "modules" | "policies" => Form::Mappings,
        name if MAPPINGS_OF_BUF.contains(&name) => Form::Mapping,
        name if LISTS_OF_BUF.contains(&name) => Form::List,
        _ => Form::Scalar,
    };
    match keys {
        [] => Expected::Anything,
        keys => Expected::Keys(keys.iter().map(|name| KeyOf { name, description: None, form: form(name) }).collect()),
    }
}
