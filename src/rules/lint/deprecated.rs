//! What is deprecated: that comments say why, and that nothing alive refers to it.

use rustc_hash::FxHashSet;

use crate::nearest::nearest;
use crate::rules::deprecation::{
    MentionedName, NamesMeant, Notice, deprecated_by, is_marked, is_own_field, kind, marked, short_name,
};
use crate::rules::mentions::{Named, mentions};
use crate::rules::settings::Requirement;
use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{Element, File, Part, Schema};

pub(super) const RULES: &[&Rule] = &[&DEPRECATED_HAS_REASON, &DEPRECATED_USED];

rule!(lint DEPRECATED_HAS_REASON: Check::Schema(deprecated_has_reason));
rule!(lint DEPRECATED_USED: Check::File(deprecated_used));

/// An element, and what its comments say.
struct Deprecated<'s> {
    element: Element<'s>,
    required: Vec<Requirement>,
    notice: Notice,
    names: Vec<MentionedName>,
}

/// A replacement may be anywhere in the schema, so this looks at all files at once.
fn deprecated_has_reason(schema: &Schema, cx: &mut Cx<'_>) {
    let mut found = Vec::new();
    for file in schema.files().filter(|file| file.is_target() && cx.has_text(*file)) {
        let required = cx.settings.deprecation.required_in(file.package().unwrap_or_default());
        for element in marked(file).filter(|_| !required.is_empty()) {
            let notice = Notice::new(&cx.tree(file), element);
            let names = if required.contains(&Requirement::Replacement) { notice.names() } else { Vec::new() };
            found.push(Deprecated { element, required: required.clone(), notice, names });
        }
    }
    let names = found.iter().flat_map(|deprecated| &deprecated.names).map(|name| name.name.as_str());
    let meant = NamesMeant::new(schema, names);
    found.iter().for_each(|deprecated| deprecated.check(&meant, cx));
}

impl Deprecated<'_> {
    fn check(&self, meant: &NamesMeant<'_>, cx: &mut Cx<'_>) {
        let has_reason = self.notice.reason().is_some();
        let has_replacement = !self.required.contains(&Requirement::Replacement)
            || self.notice.is_without_replacement()
            || self.names.iter().any(|name| meant.has(&name.name, self.element));
        let part = if matches!(self.element, Element::File(_)) { Part::Option("deprecated") } else { Part::Name };
        let subject = format!("deprecated {} `{}`", kind(self.element), short_name(self.element));
        let lacks = match (has_reason || !self.required.contains(&Requirement::Reason), has_replacement) {
            (true, true) => return,
            (false, true) => "why it is deprecated",
            (false, false) => "why it is deprecated and what replaces it",
            (true, false) => "what replaces it",
        };
        if let Some(unknown) = self.names.iter().find(|name| name.is_marked).filter(|_| !has_replacement) {
            let message = format!("comment of {subject} names `{}`, which does not exist", unknown.name);
            let siblings = siblings(self.element);
            let near = nearest(&unknown.name, siblings.iter().copied());
            let help = near.map_or_else(
                || "name an element that exists, or write that there is no replacement".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            cx.report(self.element, part, message).help(help);
            return;
        }
        let help = match has_replacement {
            true => "add a comment: `// Deprecated: ` and the reason",
            false => "add a comment: `// Deprecated: use [NAME] instead.`, or `// Deprecated: …, no replacement.`",
        };
        cx.report(self.element, part, format!("comment of {subject} should say {lacks}")).help(help);
    }
}

/// The names of what is declared beside an element.
fn siblings(element: Element<'_>) -> Vec<&str> {
    let scope = |element: Element<'_>| element.full_name().rsplit_once('.').map(|(scope, _)| scope.to_owned());
    let own = scope(element);
    let beside = element.file().elements().filter(|other| *other != element && scope(*other) == own);
    beside.map(short_name).collect()
}

fn deprecated_used(file: File<'_>, cx: &mut Cx<'_>) {
    if !file.is_target() || is_marked(file.into()) {
        return;
    }
    let mut found = Vec::new();
    mentions(file, cx.text(file), &mut |mention| {
        if let (Named::Element(of), false) = (mention.of, mention.is_declaration) {
            found.push((mention.by, of, mention.span));
        }
    });
    // The extensions of one block share the place of what they extend.
    let mut seen = FxHashSet::default();
    for (by, of, span) in found {
        let Some(cause) = cause(of).filter(|_| deprecated_by(by).is_none() && !is_own_field(by, of)) else { continue };
        if !seen.insert(span) {
            continue;
        }
        let subject = match by {
            Element::File(_) => "the file".to_owned(),
            by => format!("{} `{}`", kind(by), short_name(by)),
        };
        let inherited = match cause {
            cause if cause == of => String::new(),
            Element::File(_) => ", whose file is deprecated".to_owned(),
            cause => format!(", which is in `{}`", cause.full_name()),
        };
        let message = format!("{subject} refers to deprecated {} `{}`{inherited}", kind(of), of.full_name());
        let reason = cx.has_text(cause.file()).then(|| Notice::new(&cx.tree(cause.file()), cause).short_reason());
        let label = reason.flatten().map_or_else(|| "deprecated here".to_owned(), |text| format!("deprecated: {text}"));
        let part = if matches!(cause, Element::File(_)) { Part::Option("deprecated") } else { Part::Name };
        cx.report(by, Part::Exactly(span), message).label(cause, part, label);
    }
}

/// What makes an element deprecated, where a reference to it counts. A field or a value is reached through its message or
/// enum, and that is reported where it is named.
fn cause(of: Element<'_>) -> Option<Element<'_>> {
    match of {
        Element::Field(field) if field.is_extension() => deprecated_by(of),
        Element::Message(_) | Element::Enum(_) | Element::Service(_) => deprecated_by(of),
        of => Some(of).filter(|of| is_marked(*of)),
    }
}
