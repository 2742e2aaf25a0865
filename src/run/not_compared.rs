//! What a comparison could not compare: types that are known by name only, HTTP bindings that no router takes, and files
//! that do not parse.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::compare::http::{self, Bindings, Malformed};
use crate::compare::names::{TypeName, are_unknown_and_differ};
use crate::compare::pairing::Comparison;
use crate::finding::{Finding, Severity};
use crate::project::base::Uncompared;
use crate::rules::compile::{COMPILE_EDITION, COMPILE_ENCODING, COMPILE_NESTING, COMPILE_SYNTAX, NOT_COMPARED};
use crate::schema::{Element, Field, File, Import, Method, Part, Schema};
use crate::source::{FileId, Place};

/// How many elements are named.
const NAMED: usize = 3;

/// What is missing: an import of a side, or where no import is, a name that stands for nothing.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Missing {
    is_before: bool,
    is_import: bool,
    name: String,
}

/// What could not be compared for it, and where that is said.
struct Affected {
    place: Option<Place>,
    held_by: Option<String>,
    elements: Vec<String>,
}

/// The fields and rpcs whose types changed their names, where one of the types is not known; one finding an import.
pub(super) fn types(comparison: &Comparison<'_>, severity: Severity) -> Vec<Finding> {
    if ![comparison.before, comparison.after].into_iter().any(has_unknown_names) {
        return Vec::new();
    }
    let fields = comparison.fields.par_iter().filter(|pair| are_unknown_and_differ(pair.before, pair.after));
    let fields: Vec<(Side<'_>, Side<'_>)> =
        fields.map(|pair| (Side::of_field(pair.before), Side::of_field(pair.after))).collect();
    let rpcs = comparison.methods.iter().flat_map(|pair| {
        [TypeName::of_request, TypeName::of_response].map(|name_of| {
            let sides = [pair.before, pair.after].map(|method| Side::of_rpc(method, name_of(method)));
            (sides[0], sides[1])
        })
    });
    let rpcs = rpcs
        .filter(|(before, after)| !(before.name.may_be(after.name) || before.name.is_known() && after.name.is_known()));
    let mut missing: BTreeMap<Missing, Affected> = BTreeMap::new();
    for (before, after) in fields.into_iter().chain(rpcs) {
        for (is_before, side) in [(true, before), (false, after)] {
            if side.name.is_known() || !after.element.file().is_target() {
                continue;
            }
            let (key, affected) = side.missing(is_before);
            missing.entry(key).or_insert(affected).elements.push(after.element.full_name());
        }
    }
    missing.into_iter().filter_map(|(missing, affected)| finding(&missing, affected, severity)).collect()
}

/// Whether any file names what nothing declares.
fn has_unknown_names(schema: &Schema) -> bool {
    schema.files().filter(|file| file.is_target()).any(|file| {
        let links = file.links();
        links.incomplete || !links.unresolved.is_empty()
    })
}

/// One side of a field or an rpc whose type may not be known.
#[derive(Clone, Copy)]
struct Side<'s> {
    element: Element<'s>,
    name: TypeName<'s>,
}

impl<'s> Side<'s> {
    fn of_field(field: Field<'s>) -> Side<'s> {
        let name = TypeName::of_field(field).expect("a scalar is known");
        Side { element: field.into(), name }
    }

    fn of_rpc(method: Method<'s>, name: TypeName<'s>) -> Side<'s> {
        Side { element: method.into(), name }
    }

    /// What would have to be there, and where that is missed.
    fn missing(self, is_before: bool) -> (Missing, Affected) {
        let (file, name) = (self.element.file(), self.name.shown());
        match import_of(file, name) {
            Some((import, held_by)) => {
                let missing = Missing { is_before, is_import: true, name: import.path().to_owned() };
                (
                    missing,
                    Affected { place: Element::from(import).locate(Part::Declaration), held_by, elements: vec![] },
                )
            }
            None => {
                let missing = Missing { is_before, is_import: false, name: name.to_owned() };
                (missing, Affected { place: self.element.locate(Part::Name), held_by: None, elements: vec![] })
            }
        }
    }
}

/// The missing import that most likely declares a name: the one whose path shares the most with it.
fn import_of<'s>(file: File<'s>, name: &str) -> Option<(Import<'s>, Option<String>)> {
    let alike = |import: &Import<'_>| {
        let path = import.path().split('/');
        path.zip(name.split('.')).take_while(|(one, other)| one == other).count()
    };
    let missing = file.missing_imports().enumerate();
    let most = missing.max_by_key(|(at, (import, _))| (alike(import), usize::MAX - at));
    most.map(|(_, (import, missing))| (import, missing.held_by.clone()))
}

fn finding(missing: &Missing, affected: Affected, severity: Severity) -> Option<Finding> {
    let Affected { place, held_by, mut elements } = affected;
    elements.sort_unstable();
    elements.dedup();
    let more = elements.len().saturating_sub(NAMED);
    let named: Vec<String> = elements.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let named = match more {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    };
    let (name, side) = (&missing.name, if missing.is_before { " in the base" } else { "" });
    let what = match missing.is_import {
        true => format!("import `{name}` was not found{side}"),
        false => format!("type `{name}` was not found{side}"),
    };
    let help = match (&held_by, missing.is_import) {
        (Some(directory), _) => format!("it is in `{directory}`: pass -I {directory}"),
        (None, true) => {
            "pass the directory that contains it: -I DIR, or `includes: [DIR]` in protolint.yaml".to_owned()
        }
        (None, false) => "import the file that declares it".to_owned(),
    };
    let message = format!("{what}: the data of {named} was not compared");
    Some(Finding { severity, ..Finding::error(NOT_COMPARED.id, place?, message) }.help(help))
}

/// The HTTP bindings of rpcs that no router takes, where the bindings of an rpc are other ones than before.
pub(super) fn bindings(comparison: &Comparison<'_>, severity: Severity) -> Vec<Finding> {
    let mut found = Vec::new();
    for pair in comparison.methods.iter().filter(|pair| [pair.before, pair.after].into_iter().any(http::has_any)) {
        let [before, after] = [pair.before, pair.after].map(Bindings::of_method);
        if before.is_alike(&after) {
            continue;
        }
        let of_base = before.malformed.iter().filter(|old| after.malformed.iter().all(|new| new.shown != old.shown));
        let of_base = of_base.map(|one| (pair.before, one, " in the base"));
        for (rpc, Malformed { shown, fault, span }, side) in
            of_base.chain(after.malformed.iter().map(|one| (pair.after, one, "")))
        {
            let Some(place) = Element::from(rpc).locate(Part::Exactly(*span)) else { continue };
            let name = Element::from(rpc).full_name();
            let message = format!("binding `{shown}` of rpc `{name}`{side} was not compared: it {fault}");
            let help = "correct the binding: google/api/http.proto documents paths and fields";
            found.push(Finding { severity, ..Finding::error(NOT_COMPARED.id, place, message) }.help(help));
        }
    }
    found
}

/// A directory that is the same on both sides as far as is known.
pub(super) fn directory(what: &Uncompared, severity: Severity) -> Finding {
    let finding = Finding::nowhere(NOT_COMPARED.id, what.message.as_str()).help(what.help.as_str());
    Finding { severity, symbol: Some(what.path.clone()), ..finding }
}

/// Whether a finding says that its file cannot be taken for what it is meant to be.
pub(super) fn is_of_parsing(finding: &Finding) -> bool {
    [COMPILE_SYNTAX.id, COMPILE_EDITION.id, COMPILE_NESTING.id, COMPILE_ENCODING.id].contains(&finding.rule)
}

/// Files that were not compared as they do not parse, by what is wrong with them; one finding a file.
pub(super) fn files(faults: &[Finding], is_base: bool, severity: Severity) -> Vec<Finding> {
    let mut known: FxHashSet<FileId> = FxHashSet::default();
    let first = faults.iter().filter(|fault| is_of_parsing(fault)).filter_map(|fault| Some((fault, fault.place?)));
    let mut first: Vec<(&Finding, Place)> = first.collect();
    first.sort_by_key(|(_, place)| (place.file, place.span.start));
    first.retain(|(_, place)| known.insert(place.file));
    let finding = |(fault, place): (&Finding, Place)| {
        let (message, help) = match is_base {
            true => (
                format!("this file was not compared, as it does not parse in the base: {}", fault.message),
                "compare with a base where it parses",
            ),
            false => ("this file was not compared, as it does not parse".to_owned(), "fix it, and compare again"),
        };
        Finding { severity, ..Finding::error(NOT_COMPARED.id, place, message) }.help(help)
    };
    first.into_iter().map(finding).collect()
}
