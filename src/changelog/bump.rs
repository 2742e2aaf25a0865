//! Which version comes next, by semantic versioning: the largest that any change asks for, and why. It reads no tags.

use crate::report::changelog::{ChangeKind, Changelog, ElementKind, Entry};
use crate::rules::version::{is_unstable, next_major};

/// Which part of a version grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing that code or data depend on changed.
    Patch,
    /// Something was added, deprecated or changed that breaks nothing.
    Minor,
    /// Something breaks.
    Major,
}

impl Bump {
    /// The word that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Bump::Patch => "patch",
            Bump::Minor => "minor",
            Bump::Major => "major",
        }
    }
}

/// Changes that ask for the same bump for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BumpReason {
    /// Why, in a line: how many changes there are, and the first of them.
    pub text: String,
}

/// How many changes a reason names.
const NAMED: usize = 3;

/// Which properties say nothing to code or data.
const INTERNAL: [&str; 4] = ["import", "reserved", "reserved_name", "comment"];

impl Entry {
    /// What the change asks for. Where `ignore_unstable`, packages such as `acme.v1beta1` may break.
    fn bump(&self, ignore_unstable: bool) -> Bump {
        match self.change {
            _ if self.is_breaking() && !(ignore_unstable && is_unstable(&self.package)) => Bump::Major,
            ChangeKind::Documented => Bump::Patch,
            ChangeKind::Changed
                if !self.is_breaking()
                    && !self.details.is_empty()
                    && self.details.iter().all(|detail| INTERNAL.contains(&detail.property.as_str())) =>
            {
                Bump::Patch
            }
            _ => Bump::Minor,
        }
    }
}

impl Changelog {
    /// Which part of a version has to grow, and why. Where `ignore_unstable`, breaking changes of packages such as
    /// `acme.v1beta1` are minor ones.
    pub fn bump(&self, ignore_unstable: bool) -> (Bump, Vec<BumpReason>) {
        let bump = self.entries.iter().map(|entry| entry.bump(ignore_unstable)).max().unwrap_or(Bump::Patch);
        let deciding: Vec<&Entry> = self.entries.iter().filter(|entry| entry.bump(ignore_unstable) == bump).collect();
        let mut reasons = Vec::new();
        if deciding.is_empty() {
            reasons.push(BumpReason { text: "no schema changed".to_owned() });
        }
        let (breaking, rest): (Vec<&Entry>, Vec<&Entry>) = deciding.into_iter().partition(|_| bump == Bump::Major);
        let mut by_layers: Vec<(String, Vec<&Entry>)> = Vec::new();
        for entry in breaking {
            let layers: Vec<&str> = entry.layers().into_iter().map(crate::finding::Layer::name).collect();
            let layers = layers.join(", ");
            match by_layers.iter_mut().find(|(known, _)| *known == layers) {
                Some((_, entries)) => entries.push(entry),
                None => by_layers.push((layers, vec![entry])),
            }
        }
        for (layers, entries) in &by_layers {
            reasons.push(reason(entries, &format!("break{} {layers}", if entries.len() == 1 { "s" } else { "" })));
            reasons.extend(next_packages(layers, entries));
        }
        for change in ChangeKind::ALL {
            let alike: Vec<&Entry> = rest.iter().filter(|entry| entry.change == change).copied().collect();
            if !alike.is_empty() {
                reasons.push(reason(&alike, if alike.len() == 1 { "is" } else { "are" }));
                if let Some(last) = reasons.last_mut() {
                    last.text = format!("{} {}", last.text, change.name());
                }
            }
        }
        (bump, reasons)
    }
}

/// `2 changes break wire: field `a.v1.A.b` (deleted), …`
fn reason(entries: &[&Entry], what: &str) -> BumpReason {
    let named: Vec<String> = entries
        .iter()
        .take(NAMED)
        .map(|entry| {
            let kind = if entry.kind == ElementKind::EnumValue { "enum value" } else { entry.kind.name() };
            format!("{kind} `{}`", entry.symbol)
        })
        .collect();
    let more = entries.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    BumpReason { text: format!("{}{more} {what}", named.join(", ")) }
}

/// Where what breaks generated code only would go instead: to the next version of its package.
fn next_packages(layers: &str, entries: &[&Entry]) -> Vec<BumpReason> {
    if layers != "source" {
        return Vec::new();
    }
    let mut packages: Vec<&str> = entries.iter().map(|entry| entry.package.as_str()).collect();
    packages.sort_unstable();
    packages.dedup();
    let next = packages.into_iter().filter_map(|package| Some((package, next_major(package)?)));
    next.map(|(package, next)| {
        let count = entries.iter().filter(|entry| entry.package == package).count();
        let what = if count == 1 { "this change".to_owned() } else { format!("these {count} changes") };
        BumpReason { text: format!("to keep code of `{package}` compiling, make {what} in `{next}`") }
    })
    .collect()
}
