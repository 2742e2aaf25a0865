//! Changes of resources: what kinds there are, and the patterns of their names. A kind is looked for in its package,
//! where it may be declared by a message or by a file.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compare::pairing::{Comparison, Pair};
use crate::finding::Verdict;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Element, File, FileIndex, Message, Part, Resource};

pub(in crate::rules::breaking) const RULES: &[&Rule] =
    &[&RESOURCE_PATTERN_REMOVED, &RESOURCE_PATTERN_REORDERED, &RESOURCE_REMOVED, &RESOURCE_TYPE_CHANGED];

rule!(breaking RESOURCE_PATTERN_REMOVED: Check::Comparison(resource_pattern_removed));
rule!(breaking RESOURCE_PATTERN_REORDERED: Check::Comparison(resource_pattern_reordered));
rule!(breaking RESOURCE_REMOVED: Check::Comparison(resource_removed));
rule!(breaking RESOURCE_TYPE_CHANGED: Check::MessagePair(resource_type_changed));

/// A resource of the earlier schema with what is left of it.
struct Kept<'s> {
    before: Resource<'s>,
    /// What the same message or file declares of that kind now, else what another one in the package does.
    after: Option<Resource<'s>>,
    /// All patterns that the package has of that kind now.
    patterns: FxHashSet<&'s str>,
}

/// The resources of the earlier schema, but for those of packages that are gone.
fn kept<'s>(comparison: &'s Comparison<'s>) -> Vec<Kept<'s>> {
    let paired: FxHashMap<FileIndex, File<'s>> =
        comparison.files.iter().map(|pair| (pair.before.index, pair.after)).collect();
    let packages = comparison.kept_packages();
    let mut all = Vec::new();
    for (_, files) in comparison.old_packages() {
        let resources: Vec<Resource<'s>> = files.iter().flat_map(|file| file.resources()).collect();
        if resources.is_empty() {
            continue;
        }
        let in_package = files.first().and_then(|file| packages.of(*file)).unwrap_or_default();
        // A package may have another name now.
        let mut later: Vec<File<'s>> = files.iter().filter_map(|file| paired.get(&file.index).copied()).collect();
        later.extend(in_package);
        let mut seen = FxHashSet::default();
        later.retain(|file| seen.insert(file.index));
        if later.is_empty() {
            continue;
        }
        let now: Vec<Resource<'s>> = later.iter().flat_map(|file| file.resources()).collect();
        for before in resources {
            let of_kind = || now.iter().filter(|found| found.kind == before.kind);
            let heir: Option<Element<'s>> = match before.element {
                Element::Message(message) => comparison.message(message).map(Element::from),
                element => paired.get(&element.file().index).map(|file| Element::from(*file)),
            };
            let after = of_kind().find(|found| Some(found.element) == heir).or_else(|| of_kind().next()).cloned();
            let patterns = of_kind().flat_map(|found| &found.patterns).map(|(pattern, _)| *pattern).collect();
            all.push(Kept { before, after, patterns });
        }
    }
    all
}

fn resource_removed<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    let mut reported = FxHashSet::default();
    for Kept { before, .. } in kept(comparison).into_iter().filter(|kept| kept.after.is_none()) {
        let file = before.element.file();
        if !reported.insert((file.package(), file.root(), before.kind)) {
            continue;
        }
        let (message, help) = match before.element {
            Element::Message(message) => (
                format!("message `{}` is no longer the resource `{}`", message.name(), before.kind),
                format!("keep `option (google.api.resource) = {{{}}};`", fields(&before)),
            ),
            _ => (
                format!("definition of the resource `{}` was removed", before.kind),
                format!("keep `option (google.api.resource_definition) = {{{}}};`", fields(&before)),
            ),
        };
        let former = Part::Exactly(before.span);
        let report = match before.element {
            Element::Message(old) => match comparison.message(old) {
                // That the message has another type is reported itself; so is that it is gone.
                Some(after) if after.resource().is_none() => cx.report(after, Part::Name, message),
                _ => continue,
            },
            _ => match comparison.files.iter().find(|pair| pair.before.index == file.index) {
                Some(pair) => cx.report(pair.after, Part::Declaration, message),
                None => cx.report_gone(file, message),
            },
        };
        report.before(before.element, former).help(help).breaks(Verdict::source());
    }
}

/// `type: "…", pattern: "…"`.
fn fields(resource: &Resource<'_>) -> String {
    let patterns = resource.patterns.iter().map(|(pattern, _)| format!(" pattern: \"{pattern}\""));
    format!("type: \"{}\"{}", resource.kind, patterns.collect::<String>())
}

fn resource_type_changed<'s>(pair: Pair<Message<'s>>, cx: &mut ChangeCx<'s>) {
    let (Some(before), Some(after)) = (pair.before.resource(), pair.after.resource()) else { return };
    if before.kind != after.kind {
        let message = format!(
            "resource type of message `{}` changed from `{}` to `{}`",
            pair.after.name(),
            before.kind,
            after.kind
        );
        cx.report(pair.after, Part::Exactly(after.span), message)
            .before(pair.before, Part::Exactly(before.span))
            .help(format!("keep `type: \"{}\"`: names that are stored, and references, have it", before.kind))
            .breaks(Verdict::source());
    }
}

fn resource_pattern_removed<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    let mut reported = FxHashSet::default();
    for Kept { before, after, patterns } in kept(comparison) {
        let Some(after) = after else { continue };
        let file = before.element.file();
        for (pattern, span) in &before.patterns {
            if patterns.contains(pattern) || !reported.insert((file.package(), file.root(), before.kind, *pattern)) {
                continue;
            }
            let message = format!("pattern `{pattern}` of the resource `{}` was removed", before.kind);
            cx.report(after.element, Part::Exactly(after.span), message)
                .before(before.element, Part::Exactly(*span))
                .help(format!("keep `pattern: \"{pattern}\"`, and add other patterns after it"))
                .breaks(Verdict::source());
        }
    }
}

fn resource_pattern_reordered<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    for Kept { before, after, .. } in kept(comparison) {
        let Some(after) = after else { continue };
        let position = |(at, (pattern, _)): (usize, &(&'s str, _))| {
            let now = after.patterns.iter().position(|(new, _)| new == pattern)?;
            Some((at, now))
        };
        let kept: Vec<(usize, usize)> = before.patterns.iter().enumerate().filter_map(position).collect();
        // The first one that has another before it than before: one that is new, or that stood behind it.
        let is_behind =
            |at: usize, (was, now): (usize, usize)| now > was || kept[..at].iter().any(|other| other.1 > now);
        let Some((at, moved)) = kept.iter().copied().enumerate().find(|(at, kept)| is_behind(*at, *kept)) else {
            continue;
        };
        let (pattern, old) = before.patterns[moved.0];
        let others = after.patterns[..moved.1].iter().rev();
        let other =
            others.map(|(new, _)| *new).find(|new| !kept[..at].iter().any(|kept| before.patterns[kept.0].0 == *new));
        let message = match other {
            Some(other) => format!("pattern `{pattern}` of the resource `{}` is now after `{other}`", before.kind),
            None => format!("pattern `{pattern}` of the resource `{}` changed its place", before.kind),
        };
        cx.report(after.element, Part::Exactly(after.patterns[moved.1].1), message)
            .before(before.element, Part::Exactly(old))
            .help("keep the patterns in their order, and add new ones at the end")
            .breaks(Verdict::source());
    }
}
