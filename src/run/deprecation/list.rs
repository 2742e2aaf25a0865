//! All deprecated elements of a project: since when, what refers to them, and when they may go.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Age, Ages, Due};
use crate::date::Date;
use crate::project::Project;
use crate::report::deprecated_list::{Entry, Place, Referrer, Since};
use crate::rules::deprecation::{
    MentionedName, NamesMeant, Notice, deprecated_by, is_marked, is_own_field, kind, marked_with_notices,
};
use crate::rules::mentions::{Named, mentions};
use crate::rules::settings::DeprecationPolicy;
use crate::schema::{Element, ElementKey, File, Part};
use crate::source::{FILES_OF_A_TASK, Span};

/// The elements of target files that have the option `deprecated` themselves, in the order of files and places. `ages` are
/// those at present; without them there are no ages, and nothing is said of when elements may go.
pub(crate) fn list(project: &Project, ages: Option<Ages<'_>>, today: Date) -> Vec<Entry> {
    let (schema, sources) = (project.schema(), project.sources());
    let mut elements: Vec<(Element<'_>, Notice)> = Vec::new();
    for file in schema.files().filter(|file| file.is_target()) {
        let text = file.source().map_or("", |source| sources.get(source).text());
        elements.extend(marked_with_notices(file, text));
    }
    let mut referrers = referrers(project, elements.iter().map(|(element, _)| *element));
    let names: Vec<_> = elements.iter().map(|(_, notice)| notice.names()).collect();
    let meant = NamesMeant::new(schema, names.iter().flatten().map(|name| name.name.as_str()));
    let policy = project.settings().config.deprecation();
    let entry = |((element, notice), names): ((Element<'_>, Notice), Vec<MentionedName>)| {
        let age = ages.and_then(|ages| Some((ages.of(element)?, ages)));
        let mut replacements: Vec<String> =
            names.iter().filter_map(|name| meant.full_name(&name.name, element)).collect();
        replacements.dedup();
        let entry = Entry {
            kind: kind(element),
            symbol: element.symbol(),
            place: place(project, element, element.locate(part(element)).map(|place| place.span)),
            reason: notice.short_reason(),
            replacements,
            referrers: referrers.remove(&element.key()).unwrap_or_default(),
            ..Entry::default()
        };
        match age {
            Some((age, ages)) => with_age(entry, element, age, (ages, policy, today)),
            None => entry,
        }
    };
    elements.into_iter().zip(names).map(entry).collect()
}

fn with_age(
    entry: Entry,
    element: Element<'_>,
    age: Age,
    (ages, policy, today): (Ages<'_>, &DeprecationPolicy, Date),
) -> Entry {
    let releases = ages.releases();
    let since = age.since.and_then(|since| Some((since, releases.get(since as usize)?)));
    let terms = policy.terms_of(element.file().package().unwrap_or_default());
    let due = Due::new(age, &terms, releases, today);
    let has_terms = terms.min_releases.is_some() || terms.min_days.is_some();
    let is_used = entry.referrers.iter().any(|referrer| !referrer.is_deprecated);
    let (from, left) = match due {
        Due::Later { from, releases } => (from.map(|day| day.to_string()), Some(releases)),
        Due::Unreleased { releases, .. } => (None, Some(releases.max(1))),
        Due::Now => (None, Some(0)),
    };
    Entry {
        is_known: true,
        since: since.map(|(at, release)| Since {
            release: release.name.clone(),
            date: release.day.to_string(),
            releases: releases.len() as u32 - at,
            days: today.days_since(release.day),
        }),
        may_go: has_terms.then_some(due == Due::Now && !is_used),
        may_go_from: from.filter(|_| has_terms),
        releases_left: left.filter(|_| has_terms),
        when: has_terms.then(|| match due {
            Due::Now if is_used => "deleted when nothing refers to it".to_owned(),
            due => due.when(),
        }),
        ..entry
    }
}

/// Where an element is shown.
fn part(element: Element<'_>) -> Part<'static> {
    if matches!(element, Element::File(_)) { Part::Option("deprecated") } else { Part::Name }
}

fn place(project: &Project, element: Element<'_>, span: Option<Span>) -> Place {
    let Some((source, span)) = element.file().source().zip(span) else {
        return Place { path: element.file().name().to_owned(), line: 1, column: 1 };
    };
    let file = project.sources().get(source);
    let position = file.position(span.start);
    Place { path: file.path().to_owned(), line: position.line, column: position.column }
}

/// What refers to each of some elements from outside of it, by the elements.
fn referrers<'s>(project: &'s Project, of: impl Iterator<Item = Element<'s>>) -> FxHashMap<ElementKey, Vec<Referrer>> {
    let mut referrers: FxHashMap<ElementKey, Vec<Referrer>> = of.map(|element| (element.key(), Vec::new())).collect();
    if referrers.is_empty() {
        return referrers;
    }
    let files: Vec<File<'_>> = project.schema().files().collect();
    let in_files = files.par_iter().with_max_len(FILES_OF_A_TASK).map(|file| references(project, *file));
    for (key, referrer) in in_files.collect::<Vec<_>>().into_iter().flatten() {
        if let Some(known) = referrers.get_mut(&key).filter(|known| !known.contains(&referrer)) {
            known.push(referrer);
        }
    }
    for of_one in referrers.values_mut() {
        of_one.sort_by(|one, other| one.place.cmp(&other.place));
    }
    referrers
}

/// The references of a file to deprecated elements, by these.
fn references(project: &Project, file: File<'_>) -> Vec<(ElementKey, Referrer)> {
    let text = file.source().map_or("", |source| project.sources().get(source).text());
    let referrer = |by: Element<'_>, span| Referrer {
        kind: kind(by),
        symbol: by.symbol(),
        is_deprecated: deprecated_by(by).is_some(),
        place: place(project, by, Some(span)),
    };
    let mut found: Vec<(ElementKey, Referrer)> = Vec::new();
    mentions(file, text, &mut |mention| {
        let (Named::Element(of), false) = (mention.of, mention.is_declaration) else { return };
        for cause in causes(of, mention.by) {
            found.push((cause.key(), referrer(mention.by, mention.span)));
        }
    });
    for import in file.imports() {
        let target = import.target().map(Element::File).filter(|target| is_marked(*target));
        // The import is named by its file.
        let by_file = || Referrer { kind: "file", ..referrer(import.into(), import.span()) };
        found.extend(target.map(|target| (target.key(), by_file())));
    }
    found
}

/// The deprecated elements that a reference to one of them keeps: itself, and for types and extensions what these are in,
/// as far as the reference comes from outside. A file is kept by what imports it.
fn causes<'s>(of: Element<'s>, by: Element<'s>) -> Vec<Element<'s>> {
    let is_member = match of {
        Element::Field(field) => !field.is_extension(),
        Element::EnumValue(_) | Element::Method(_) | Element::Oneof(_) => true,
        _ => false,
    };
    let mut causes = Vec::new();
    let mut around = Some(of);
    while let Some(here) = around.filter(|here| !matches!(here, Element::File(_))) {
        if is_marked(here) && !is_inside(by, here) && !is_own_field(by, here) {
            causes.push(here);
        }
        around = if is_member { None } else { here.around() };
    }
    causes
}

fn is_inside(inner: Element<'_>, outer: Element<'_>) -> bool {
    let mut around = Some(inner);
    while let Some(here) = around {
        if here == outer {
            return true;
        }
        around = here.around();
    }
    false
}
