//! What files import.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::rules::edit::remove_statement;
use crate::rules::version::{Stability, stability};
use crate::rules::{Check, Cx, Reach, Rule, rule};
use crate::schema::{File, FileIndex, Import, ImportKind, Part, Root, graph};

pub(super) const RULES: &[&Rule] =
    &[&IMPORT_NO_PUBLIC, &IMPORT_USED, &PACKAGE_NO_IMPORT_CYCLE, &STABLE_PACKAGE_NO_IMPORT_UNSTABLE];

rule!(lint IMPORT_NO_PUBLIC: Check::Import(import_no_public));
rule!(lint IMPORT_USED: Check::Import(import_used));
rule!(lint PACKAGE_NO_IMPORT_CYCLE: Check::Root(Reach::Imports, package_no_import_cycle));
rule!(lint STABLE_PACKAGE_NO_IMPORT_UNSTABLE: Check::Import(stable_package_no_import_unstable));

fn import_no_public(import: Import<'_>, cx: &mut Cx<'_>) {
    if import.kind() == ImportKind::Public {
        let message = format!("import of `{}` should not be public", import.path());
        cx.report(import, Part::Declaration, message).help("import the declaring file directly instead");
    }
}

fn import_used(import: Import<'_>, cx: &mut Cx<'_>) {
    if import.kind() != ImportKind::Public && !import.is_used() {
        let tree = cx.tree(import.file());
        cx.report(import, Part::Declaration, format!("import `{}` is unused", import.path()))
            .help("remove the import")
            .fix(|place| vec![remove_statement(&tree, place)]);
    }
}

fn stable_package_no_import_unstable(import: Import<'_>, cx: &mut Cx<'_>) {
    let Some(target) = import.target() else { return };
    let stability_of = |file: File<'_>| file.package().and_then(stability);
    if stability_of(import.file()) != Some(Stability::Stable) {
        return;
    }
    if let Some(Stability::Alpha | Stability::Beta | Stability::Test) = stability_of(target) {
        let (own, other) = (import.file().package().unwrap_or_default(), target.package().unwrap_or_default());
        cx.report(
            import,
            Part::Declaration,
            format!("stable package `{own}` should not import unstable package `{other}`"),
        );
    }
}

/// The statements that lead from one package into another.
type Edges<'s> = BTreeMap<&'s str, BTreeMap<&'s str, Vec<Import<'s>>>>;

/// In a circle of more packages, ways around are not searched, so that the work stays linear.
const MAX_SEARCHED: usize = 64;

/// Each import that leads into another package from which a way leads back.
fn package_no_import_cycle(root: &Root<'_>, cx: &mut Cx<'_>) {
    let edges = package_edges(root);
    let circles = circles(&edges);
    for (package, targets) in edges.iter().filter(|(package, _)| root.packages.contains_key(*package)) {
        for (target, imports) in targets {
            let (Some(circle), Some(other)) = (circles.get(package), circles.get(target)) else { continue };
            if circle.0 != other.0 {
                continue;
            }
            let way = if circle.1 > MAX_SEARCHED { None } else { way_back(target, package, &edges) };
            let way = way.unwrap_or_else(|| vec![target, "…", package]);
            let cycle = std::iter::once(*package).chain(way).collect::<Vec<_>>().join(" -> ");
            for &import in imports {
                cx.report(import, Part::Declaration, format!("import creates a cycle of packages: {cycle}"));
            }
        }
    }
}

fn package_edges<'s>(root: &Root<'s>) -> Edges<'s> {
    let mut edges = Edges::default();
    let mut seen: FxHashSet<FileIndex> = root.files.iter().map(|file| file.index).collect();
    let mut stack = root.files.clone();
    stack.reverse();
    while let Some(file) = stack.pop() {
        let own = file.package().unwrap_or_default();
        for import in file.imports() {
            let Some(target) = import.target() else { continue };
            if seen.insert(target.index) {
                stack.push(target);
            }
            let package = target.package().unwrap_or_default();
            if !package.is_empty() && !own.is_empty() && package != own {
                edges.entry(own).or_default().entry(package).or_default().push(import);
            }
        }
    }
    edges
}

/// For each package that imports others, the number of the circle it is in, and how many packages that circle has.
fn circles<'s>(edges: &Edges<'s>) -> FxHashMap<&'s str, (u32, usize)> {
    let numbers: FxHashMap<&str, u32> = edges.keys().copied().zip(0..).collect();
    let targets = |targets: &BTreeMap<&'s str, Vec<Import<'s>>>| {
        targets.keys().filter_map(|target| numbers.get(target).copied()).collect()
    };
    let components = graph::components(&edges.values().map(targets).collect::<Vec<Vec<u32>>>());
    let mut sizes: FxHashMap<u32, usize> = FxHashMap::default();
    for &component in &components {
        *sizes.entry(component).or_default() += 1;
    }
    edges
        .keys()
        .copied()
        .zip(components)
        .map(|(package, component)| (package, (component, sizes[&component])))
        .collect()
}

/// The packages from `from` to `to`, both included, in the order of imports.
fn way_back<'s>(from: &'s str, to: &'s str, edges: &Edges<'s>) -> Option<Vec<&'s str>> {
    let mut came_from: FxHashMap<&str, &str> = FxHashMap::default();
    let mut stack = vec![from];
    while let Some(package) = stack.pop() {
        for &next in edges.get(package).into_iter().flat_map(BTreeMap::keys) {
            if next != from && !came_from.contains_key(next) {
                came_from.insert(next, package);
                stack.push(next);
            }
        }
        if came_from.contains_key(to) {
            let mut way = vec![to];
            while let Some(&before) = came_from.get(way[way.len() - 1]) {
                way.push(before);
            }
            way.reverse();
            return Some(way);
        }
    }
    None
}
