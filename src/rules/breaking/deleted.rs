//! Deleted declarations of files. A deleted file is one finding, not one for each declaration in it.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compare::impact::{self, Heir, Impact};
use crate::compare::pairing::{Comparison, Pair, nearest_survivor, nested_name};
use crate::finding::Verdict;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Element, Field, File, Message, Part};

pub(super) const RULES: &[&Rule] =
    &[&ENUM_NO_DELETE, &EXTENSION_NO_DELETE, &FILE_NO_DELETE, &MESSAGE_NO_DELETE, &SERVICE_NO_DELETE];

rule!(breaking ENUM_NO_DELETE: Check::FilePair(|pair, cx| gone(pair, "enum", enums, cx)));
rule!(breaking EXTENSION_NO_DELETE: Check::Each(&[
    Check::FilePair(|pair, cx| gone(pair, "extension", extensions, cx)),
    Check::FilePair(extension_moved),
]));
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
        Element::Message(message) => impact::message_deleted(message, comparison),
        // Whatever held it has changed too.
        Element::Enum(_) => Verdict::source().into(),
        Element::Service(service) if comparison.service(service).is_some() => Verdict::source().into(),
        Element::Service(service) => impact::services_deleted([service], comparison),
        Element::Field(extension) => impact::extension_deleted(extension, comparison),
        _ => impact::element_deleted().into(),
    }
}

/// What to do instead of deleting.
const KEEP: &str = "keep it, with `option deprecated = true;`, until no code uses it";

fn gone<'s>(pair: Pair<File<'s>>, what: &str, named: fn(File<'s>) -> Named<'s>, cx: &mut ChangeCx<'s>) {
    let (old, after) = (named(pair.before), named(pair.after));
    if old.iter().map(|(name, _)| name).eq(after.iter().map(|(name, _)| name)) {
        return;
    }
    let kept: FxHashSet<&str> = after.iter().map(|(name, _)| &**name).collect();
    for (name, element) in old.iter().filter(|(name, _)| !kept.contains(&**name)) {
        // Where layers select, what is declared in a message goes with it.
        let around = if cx.by_layers { outer(*element) } else { None };
        if around.is_some_and(|outer| cx.comparison.message(outer).is_none()) || cx.by_layers && is_entry(*element) {
            continue;
        }
        let survivor = nearest_survivor(name, pair.after);
        let impact = impact(*element, cx.comparison);
        let (mut message, mut help) = match moved(*element, cx.comparison) {
            Some(file) => {
                let message = format!("{what} `{name}` moved to `{}`", file.name());
                (message, format!("move it back to `{}`", pair.before.name()))
            }
            None => (format!("{what} `{name}` was deleted"), KEEP.to_owned()),
        };
        if let Some((became, instead)) = heir_of(*element, cx.comparison) {
            (message, help) = (format!("{what} `{name}` {became}"), instead);
        }
        cx.report(survivor, Part::Declaration, message).before(*element, Part::Declaration).help(help).breaks(impact);
    }
}

/// The message that something is declared in.
fn outer(element: Element<'_>) -> Option<Message<'_>> {
    match element {
        Element::Message(message) => message.parent(),
        Element::Enum(enumeration) => enumeration.parent(),
        Element::Field(extension) => extension.parent(),
        _ => None,
    }
}

/// Whether it is the entry of a map, which goes with that.
fn is_entry(element: Element<'_>) -> bool {
    matches!(element, Element::Message(message) if message.is_map_entry())
}

/// What an extension became that is gone, and what to do instead.
fn heir_of<'s>(element: Element<'s>, comparison: &'s Comparison<'s>) -> Option<(String, String)> {
    let Element::Field(extension) = element else { return None };
    let extendee = comparison.message(extension.extendee()?)?;
    let (name, number) = (extension.name(), extension.number());
    if comparison.extension(extension).is_some() {
        return None;
    }
    match impact::heir(extension, extendee, comparison)? {
        Heir::OtherKind(field) => Some((
            format!("({number}) became field `{}`", field.full_name()),
            format!("keep `{name}` as an extension: JSON has the full name of an extension in brackets"),
        )),
        Heir::Renumbered(_) => None,
    }
}

/// An extension of the same name that has another number, or extends another message. buf's groups compare names only.
fn extension_moved<'s>(pair: Pair<File<'s>>, cx: &mut ChangeCx<'s>) {
    let extensions = |file: File<'s>| file.all_fields().filter(|field| field.is_extension());
    if !cx.by_layers || extensions(pair.before).next().is_none() {
        return;
    }
    let by_name: FxHashMap<String, Field<'s>> =
        extensions(pair.after).map(|field| (nested_name(&field.full_name(), pair.after).to_owned(), field)).collect();
    for old in extensions(pair.before).filter(|old| cx.comparison.extension(*old).is_none()) {
        let full_name = old.full_name();
        let Some(&new) = by_name.get(nested_name(&full_name, pair.before)) else { continue };
        let (name, number) = (old.name(), old.number());
        let extended = |field: Field<'s>| field.extendee().map_or("", |message| message.full_name());
        let is_same_message = old.extendee().and_then(|message| cx.comparison.message(message)) == new.extendee();
        let (change, instead) = match is_same_message {
            true => {
                let change = format!("changed its number from {number} to {}", new.number());
                (change, format!("give `{name}` its number {number} again"))
            }
            false => {
                let change = format!("({number}) now extends `{}` instead of `{}`", extended(new), extended(old));
                (change, format!("keep `{name}` as it was, and give the extension of `{}` another name", extended(new)))
            }
        };
        let impact = impact::extension_deleted(old, cx.comparison);
        cx.report(new, Part::Number, format!("extension `{name}` {change}"))
            .before(old, Part::Number)
            .help(instead)
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

/// A file that is gone breaks what the lack of its contents breaks, and its importers.
fn file_no_delete<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    for &file in &comparison.gone_files {
        let everything = [messages, enums, services, extensions].into_iter().flat_map(|named| named(file));
        let impact = everything
            .fold(Impact::from(Verdict::source()), |whole, (_, element)| whole.merge(impact(element, comparison)));
        let message = format!("file `{}` was deleted", file.name());
        cx.report_gone(file, message).gone([file.into()]).help(KEEP).breaks(impact);
    }
}
