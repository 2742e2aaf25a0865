//! Patterns of the configuration that match no file: they protect nothing, and that is easy to miss.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::PathBuf;

use crate::config::{Config, Ignore};
use crate::finding::{Finding, Severity};
use crate::project::settings::Settings;
use crate::project::{path, walk};
use crate::rules::compile::CONFIG_UNUSED_IGNORE;
use crate::source::{Place, Sources};

/// Whether a run looks at every file the configuration applies to, so that a pattern without a match proves something.
pub(super) fn are_all_tried(settings: &Settings) -> bool {
    let is_top = |path: &PathBuf| settings.config.directory.starts_with(path::absolute(path));
    let is_all = match &settings.paths[..] {
        [] => !settings.config.roots.is_empty() || is_top(&PathBuf::from(".")),
        paths => paths.iter().any(is_top),
    };
    settings.stdin.is_none() && is_all
}

/// Directories that package managers and builds make: a fresh clone has none of them.
const MADE_LATER: [&str; 7] = ["vendor", "venv", "build", "dist", "out", "Pods", "__pycache__"];

/// Whether what a pattern of `exclude:` names is not looked at anyway, or not always there: that is no mistake.
fn may_be_absent(pattern: &str) -> bool {
    let is_such = |name: &str| !walk::is_wanted_name(OsStr::new(name)) || MADE_LATER.contains(&name);
    pattern.split('/').any(|name| !matches!(name, "" | "." | "..") && is_such(name))
}

/// The pattern as the file has it, where this was turned into a longer one.
fn as_written<'a>(pattern: &'a str, place: Place, sources: &'a Sources) -> &'a str {
    let text = sources.get(place.file).text().get(place.span.range()).unwrap_or_default();
    let text = text.trim_matches(['"', '\'']);
    if !text.is_empty() && pattern.ends_with(text.trim_start_matches("./").trim_end_matches('/')) {
        text
    } else {
        pattern
    }
}

/// A finding for each entry of `exclude:` that is not among the used ones, and for each of `ignore:` that covers none
/// of `files`, which are relative to the configuration's directory.
pub(super) fn find(
    config: &Config,
    used_excludes: &[bool],
    files: &[String],
    (severity, sources): (Severity, &Sources),
) -> Vec<Finding> {
    let tell = |pattern: &str, place: Place| {
        let pattern = as_written(pattern, place, sources);
        let finding = Finding::error(CONFIG_UNUSED_IGNORE.id, place, format!("`{pattern}` matches no file"));
        Finding { severity, ..finding }
            .help("remove or correct it: patterns are relative to the directory of this file")
    };
    let excludes = config.exclude.patterns().iter().zip(&config.places.exclude).zip(used_excludes);
    let unused_excludes = excludes.filter(|((pattern, _), used)| !**used && !may_be_absent(pattern));
    let is_unused = |ignore: &&Ignore| !files.iter().any(|file| ignore.pattern.matches(file));
    let scoped = config.scopes.iter().filter_map(|scope| scope.check.as_ref()).flat_map(|check| &check.ignore);
    let by_place: BTreeMap<Place, &Ignore> =
        config.check.ignore.iter().chain(scoped).filter(is_unused).map(|ignore| (ignore.place, ignore)).collect();
    let ignores = by_place.into_values();
    let of_files = [(&config.only, &config.places.only)];
    let of_files = of_files.into_iter().chain(config.scopes.iter().map(|scope| (&scope.paths, &scope.places)));
    let unmatched = of_files.flat_map(|(patterns, places)| {
        let matched: BTreeSet<usize> = files.iter().flat_map(|file| patterns.matching(file)).collect();
        let all = patterns.patterns().iter().zip(places).enumerate();
        all.filter(move |(index, _)| !matched.contains(index)).map(|(_, unmatched)| unmatched)
    });
    unused_excludes
        .map(|((pattern, place), _)| tell(pattern, *place))
        .chain(unmatched.map(|(pattern, place)| tell(pattern, *place)))
        .chain(ignores.map(|ignore| tell(ignore.pattern.patterns().first().map_or("", String::as_str), ignore.place)))
        .collect()
}
