//! Runs the checks of `check` where a configuration has sections of their own for some files.

use super::setup::Selection;
use crate::config::{CheckConfig, Config, Sets};
use crate::finding::Finding;
use crate::rules::compile::UNUSED_IGNORE;
use crate::run::{self, Extent, PathIgnore, Plan};
use crate::schema::{File, Schema};
use crate::source::Sources;

/// Which texts are in which scope: by the index of the scope, or last those in none, for each text whether it is there.
/// Nothing where the configuration has no scopes. `paths` are those of the texts, relative to the configuration.
pub(super) fn extents(config: &Config, paths: &[String]) -> Option<Vec<Vec<bool>>> {
    if config.scopes.is_empty() {
        return None;
    }
    let mut extents = vec![vec![false; paths.len()]; config.scopes.len() + 1];
    for (index, path) in paths.iter().enumerate() {
        extents[config.scope_of(path).unwrap_or(config.scopes.len())][index] = true;
    }
    Some(extents)
}

/// Adds the files that those of an extent import: buf holds what is imported to the rules of the importing module too.
pub(super) fn with_imports(extent: &[bool], schemas: [&Schema; 2], has_scope: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut extent = extent.to_vec();
    for schema in schemas {
        let index = |file: File<'_>| file.source().map(|source| source.index());
        let is_in = |file: &File<'_>| index(*file).is_some_and(|index| extent[index]);
        let mut waiting: Vec<File<'_>> = schema.files().filter(is_in).collect();
        while let Some(file) = waiting.pop() {
            for imported in file.imports().filter_map(|import| import.target()) {
                if let Some(index) = index(imported).filter(|&index| !extent[index] && has_scope(index)) {
                    extent[index] = true;
                    waiting.push(imported);
                }
            }
        }
    }
    extent
}

/// What the rules of each section find in its files.
pub(super) fn check(
    config: &Config,
    selection: &Selection,
    schema: &Schema,
    sources: &Sources,
    paths: &[String],
) -> Vec<Finding> {
    let run = |check: &CheckConfig, selection: &Selection, texts: Option<&[bool]>| {
        let plan = Plan {
            rules: selection.always.iter().chain(&selection.selected).copied().collect(),
            settings: &check.settings,
            sources,
            ignores: check.ignore.iter().map(|i| PathIgnore { pattern: &i.pattern, rules: &i.rules }).collect(),
            ignore_paths: paths,
            unused_ignores: selection.severity_of(UNUSED_IGNORE.id),
            extent: Extent { texts, without_buf_comments: !check.buf_ignore_comments },
        };
        run::check(schema, &plan)
    };
    let Some(extents) = extents(config, paths) else { return run(&config.check, selection, None) };
    let checks = config.scopes.iter().map(|scope| config.check_in(scope)).zip(&selection.scopes);
    let checks = checks.chain([(&config.check, selection)]).zip(&extents);
    let inhabited = checks.filter(|(_, texts)| texts.contains(&true));
    inhabited.flat_map(|((check, selection), texts)| run(check, selection, Some(texts))).collect()
}

/// Whether buf decides: then imported files are compared with the rules of whoever imports them.
pub(super) fn is_of_buf(config: &Config) -> bool {
    matches!(config.breaking.sets, Sets::Buf(_))
}
