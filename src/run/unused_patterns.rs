//! Patterns of the configuration that match no file: they protect nothing, and nobody would notice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::config::{Config, Ignore};
use crate::finding::{Finding, Severity};
use crate::project::path;
use crate::project::settings::Settings;
use crate::rules::compile::CONFIG_UNUSED_IGNORE;
use crate::source::Place;

/// Whether a run looks at every file the configuration speaks about, so that a pattern without a match proves something.
pub(super) fn are_all_tried(settings: &Settings) -> bool {
    let is_top = |path: &PathBuf| settings.config.directory.starts_with(path::absolute(path));
    settings.stdin.is_none() && (settings.paths.is_empty() || settings.paths.iter().any(is_top))
}

/// A finding for each entry of `exclude:` that is not among the used ones, and for each of `ignore:` that covers none of
/// `files`, which are relative to the configuration's directory.
pub(super) fn find(config: &Config, used_excludes: &[bool], files: &[String], severity: Severity) -> Vec<Finding> {
    let tell = |pattern: &str, place: Place| {
        let finding = Finding::error(CONFIG_UNUSED_IGNORE.id, place, format!("`{pattern}` matches no file"));
        Finding { severity, ..finding }.help("remove it, or correct it: patterns count from the directory of this file")
    };
    let excludes = config.exclude.patterns().iter().zip(&config.places.exclude).zip(used_excludes);
    let unused_excludes = excludes.filter(|(_, used)| !**used);
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
