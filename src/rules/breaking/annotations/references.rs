//! Changes of what fields refer to: `google.api.resource_reference`. `type` and `child_type` are the same where the one
//! is the parent of the other by the patterns of both.

use crate::compare::pairing::Pair;
use crate::finding::Verdict;
use crate::rules::breaking::field_types::described;
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Field, Message, Part, ResourceReference, Schema};

pub(in crate::rules::breaking) const RULES: &[&Rule] = &[&RESOURCE_REFERENCE_CHANGED, &RESOURCE_REFERENCE_REMOVED];

rule!(breaking RESOURCE_REFERENCE_CHANGED: Check::FieldPair(resource_reference_changed));
rule!(breaking RESOURCE_REFERENCE_REMOVED: Check::FieldPair(resource_reference_removed));

/// `(google.api.resource_reference).child_type = "pubsub.googleapis.com/Topic"`, ready to paste.
fn written(reference: ResourceReference<'_>) -> String {
    format!("[(google.api.resource_reference).{} = \"{}\"]", key(reference), reference.kind)
}

fn key(reference: ResourceReference<'_>) -> &'static str {
    if reference.is_child { "child_type" } else { "type" }
}

fn resource_reference_removed<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let Some(old) = pair.before.resource_reference() else { return };
    if pair.after.resource_reference().is_some() {
        return;
    }
    // The name of a resource needs no reference to what the message is.
    if let Some(own) = pair.after.parent().and_then(Message::resource) {
        let is_own =
            if old.is_child { is_parent(own.kind, old.kind, cx.comparison.after) } else { own.kind == old.kind };
        if is_own {
            return;
        }
    }
    let message = format!("{} no longer refers to `{}`", described(pair.after), old.kind);
    cx.report(pair.after, Part::Name, message)
        .before(pair.before, Part::Exactly(old.span))
        .help(format!("keep `{}`", written(old)))
        .about(pair.before, Aspect::Annotation)
        .breaks(Verdict::source());
}

fn resource_reference_changed<'s>(pair: Pair<Field<'s>>, cx: &mut ChangeCx<'s>) {
    let (Some(old), Some(new)) = (pair.before.resource_reference(), pair.after.resource_reference()) else { return };
    let is_same = match (old.is_child, new.is_child) {
        (false, true) => is_parent(old.kind, new.kind, cx.comparison.after),
        (true, false) => is_parent(new.kind, old.kind, cx.comparison.before),
        _ => old.kind == new.kind,
    };
    if is_same {
        return;
    }
    let [was, is] = [old, new].map(|found| match found.is_child {
        true => format!("the parent of `{}`", found.kind),
        false => format!("`{}`", found.kind),
    });
    let message = format!("{} now refers to {is}, not to {was}", described(pair.after));
    cx.report(pair.after, Part::Exactly(new.span), message)
        .before(pair.before, Part::Exactly(old.span))
        .help(format!("keep `{}`, or add a new field with the other reference", written(old)))
        .about(pair.before, Aspect::Annotation)
        .breaks(Verdict::source());
}

/// Whether the patterns of a schema say that one kind of resource is the parent of another.
fn is_parent(parent: &str, child: &str, schema: &Schema) -> bool {
    let patterns = |kind: &str| -> Vec<&str> {
        let all = schema.files().flat_map(|file| file.resources()).filter(|found| found.kind == kind);
        all.flat_map(|found| found.patterns).map(|(pattern, _)| pattern).collect()
    };
    let parents = patterns(parent);
    parent != child && patterns(child).into_iter().filter_map(around).any(|pattern| parents.contains(&pattern))
}

/// The pattern of the parent: `projects/{project}` of `projects/{project}/topics/{topic}`.
fn around(pattern: &str) -> Option<&str> {
    let mut rest = pattern;
    loop {
        rest = rest.rsplit_once('/')?.0;
        if rest.ends_with('}') {
            return Some(rest);
        }
    }
}
