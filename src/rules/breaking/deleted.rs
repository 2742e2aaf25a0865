//! What a file no longer declares. A file that is gone itself is one finding, not one for each thing in it.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::compare::impact::{self, Impact};
use crate::compare::pairing::{Comparison, Pair, nearest_survivor, nested_name};
use crate::finding::Verdict;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Element, Field, File, Part};

pub(super) const RULES: &[&Rule] =
    &[&ENUM_NO_DELETE, &EXTENSION_NO_DELETE, &FILE_NO_DELETE, &MESSAGE_NO_DELETE, &SERVICE_NO_DELETE];

rule!(breaking ENUM_NO_DELETE: Check::FilePair(|pair, cx| gone(pair, "enum", enums, cx)));
rule!(breaking EXTENSION_NO_DELETE: Check::FilePair(|pair, cx| gone(pair, "extension", extensions, cx)));
rule!(breaking FILE_NO_DELETE: Check::Comparison(file_no_delete));
rule!(breaking MESSAGE_NO_DELETE: Check::FilePair(|pair, cx| gone(pair, "message", messages, cx)));
rule!(breaking SERVICE_NO_DELETE: Check::FilePair(|pair, cx| gone(pair, "service", services, cx)));

/// Things with their names within the package.
pub(super) type Named<'s> = Vec<(Cow<'s, str>, Element<'s>)>;

pub(super) fn messages(file: File<'_>) -> Named<'_> {
    file.all_messages().map(|message| (nested_name(message.full_name(), file).into(), message.into())).collect()
}

pub(super) fn enums(file: File<'_>) -> Named<'_> {
    file.all_enums().map(|found| (nested_name(found.full_name(), file).into(), found.into())).collect()
}

pub(super) fn extensions(file: File<'_>) -> Named<'_> {
    let extensions = file.all_fields().filter(|field| field.is_extension());
    extensions.map(|field| (nested_name(&field.full_name(), file).to_owned().into(), field.into())).collect()
}

pub(super) fn services(file: File<'_>) -> Named<'_> {
    file.services().map(|service| (service.name().into(), service.into())).collect()
}

/// What the lack of something breaks that a file declared.
pub(super) fn impact<'s>(element: Element<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    match element {
        Element::Message(message) => impact::message_deleted(message, comparison).into(),
        Element::Enum(enumeration) => impact::enum_deleted(enumeration, comparison).into(),
        Element::Service(service) if comparison.service(service).is_some() => Verdict::source().into(),
        Element::Field(extension) => impact::extension_deleted(extension, comparison),
        _ => impact::element_deleted().into(),
    }
}

/// What to do instead of deleting.
const KEEP: &str = "keep it, with `option deprecated = true;`, until nobody uses it any more";

fn gone<'s>(pair: Pair<File<'s>>, what: &str, named: fn(File<'s>) -> Named<'s>, cx: &mut ChangeCx<'s>) {
    let (old, after) = (named(pair.before), named(pair.after));
    if old.iter().map(|(name, _)| name).eq(after.iter().map(|(name, _)| name)) {
        return;
    }
    let kept: FxHashSet<&str> = after.iter().map(|(name, _)| &**name).collect();
    for (name, element) in old.iter().filter(|(name, _)| !kept.contains(&**name)) {
        let survivor = nearest_survivor(name, pair.after);
        let impact = impact(*element, cx.comparison);
        let help = moved(*element, cx.comparison).map(|file| format!("it is in `{}` now", file.name()));
        let help = help.unwrap_or_else(|| KEEP.to_owned());
        cx.report(survivor, Part::Declaration, format!("{what} `{name}` was deleted"))
            .before(*element, Part::Declaration)
            .help(help)
            .breaks(impact);
    }
}

/// The file that declares it now.
fn moved<'s>(element: Element<'s>, comparison: &'s Comparison<'s>) -> Option<File<'s>> {
    match element {
        Element::Message(message) => comparison.message(message).map(|found| found.file()),
        Element::Enum(enumeration) => comparison.enumeration(enumeration).map(|found| found.file()),
        Element::Service(service) => comparison.service(service).map(|found| found.file()),
        Element::Field(extension) => comparison.extension(extension).map(Field::file),
        _ => None,
    }
}

/// A file that is gone breaks what the lack of its contents breaks, and whoever imports it.
fn file_no_delete<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    for &file in &comparison.gone_files {
        let everything = [messages, enums, services, extensions].into_iter().flat_map(|named| named(file));
        let impact = everything
            .fold(Impact::from(Verdict::source()), |whole, (_, element)| whole.merge(impact(element, comparison)));
        cx.report_gone(file, format!("file `{}` was deleted", file.name())).help(KEEP).breaks(impact);
    }
}
