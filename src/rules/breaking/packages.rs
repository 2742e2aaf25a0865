//! What a package no longer declares, whichever of its files did. A package that is gone itself is one finding.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::deleted::{self, Named, enums, extensions, messages, services};
use crate::compare::impact;
use crate::compare::pairing::{Comparison, nearest_survivor, scopes};
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Element, File, Part};

pub(super) const RULES: &[&Rule] = &[
    &PACKAGE_ENUM_NO_DELETE,
    &PACKAGE_EXTENSION_NO_DELETE,
    &PACKAGE_MESSAGE_NO_DELETE,
    &PACKAGE_NO_DELETE,
    &PACKAGE_SERVICE_NO_DELETE,
];

rule!(breaking PACKAGE_ENUM_NO_DELETE: Check::Comparison(|comparison, cx| gone(comparison, "enum", enums, cx)));
rule!(breaking PACKAGE_EXTENSION_NO_DELETE: Check::Comparison(|c, cx| gone(c, "extension", extensions, cx)));
rule!(breaking PACKAGE_MESSAGE_NO_DELETE: Check::Comparison(|c, cx| gone(c, "message", messages, cx)));
rule!(breaking PACKAGE_NO_DELETE: Check::Comparison(package_no_delete));
rule!(breaking PACKAGE_SERVICE_NO_DELETE: Check::Comparison(|c, cx| gone(c, "service", services, cx)));

fn package_no_delete<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    let kept = comparison.kept_packages();
    for (package, files) in comparison.old_packages().into_iter().filter(|(_, files)| kept.of(files[0]).is_none()) {
        let gone = files.iter().map(|file| Element::File(*file));
        let message = format!("package `{package}` was deleted");
        let services = files.iter().flat_map(|file| file.services());
        cx.report_gone(files[0], message).gone(gone).breaks(impact::services_deleted(services, comparison));
    }
}

/// The things of one kind that a package still has, by their names within it.
type Kept<'s> = FxHashMap<Cow<'s, str>, Element<'s>>;

/// The innermost message around `nested` that the package still has, in whichever of its files. Of enums and extensions
/// no message is among what is kept: they are reported in their own file, as buf does.
fn moved_parent<'s>(nested: &str, kept: &Kept<'s>) -> Option<Element<'s>> {
    let mut around = scopes(nested).filter_map(|scope| kept.get(scope).copied());
    around.find(|element| matches!(element, Element::Message(_)))
}

fn gone<'s>(comparison: &'s Comparison<'s>, what: &str, named: fn(File<'s>) -> Named<'s>, cx: &mut ChangeCx<'s>) {
    let after = comparison.kept_packages();
    for (package, old_files) in comparison.old_packages() {
        let Some(files) = after.of(old_files[0]) else { continue };
        let kept: Kept<'s> = files.iter().flat_map(|&file| named(file)).collect();
        for old in old_files {
            for (name, element) in named(old).into_iter().filter(|(name, _)| !kept.contains_key(name)) {
                let message = format!("{what} `{name}` was deleted from package `{package}`");
                let report = match files.iter().find(|file| file.name() == old.name()) {
                    Some(&file) => {
                        let survivor = moved_parent(&name, &kept).unwrap_or_else(|| nearest_survivor(&name, file));
                        cx.report(survivor, Part::Declaration, message).before(element, Part::Declaration)
                    }
                    None => cx.report_gone(old, message),
                };
                report.gone([element]).breaks(deleted::impact(element, comparison));
            }
        }
    }
}
