//! Changes of the methods that clients get for rpcs: their parameters by `google.api.method_signature`, and what an
//! operation ends with by `google.longrunning.operation_info`.

use super::{listed, strings};
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::Verdict;
use crate::rules::breaking::rpcs::described;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Annotation, Annotations, Element, FieldType, Message, Method, Part};
use crate::source::Span;

pub(in crate::rules::breaking) const RULES: &[&Rule] = &[
    &LRO_METADATA_TYPE_CHANGED,
    &LRO_OPERATION_INFO_ADDED,
    &LRO_OPERATION_INFO_REMOVED,
    &LRO_RESPONSE_TYPE_CHANGED,
    &METHOD_SIGNATURE_REMOVED,
    &METHOD_SIGNATURE_REORDERED,
];

const METHOD_SIGNATURE: &str = "google.api.method_signature";
const OPERATION_INFO: &str = "google.longrunning.operation_info";
const OPERATION: &str = "google.longrunning.Operation";

rule!(breaking LRO_METADATA_TYPE_CHANGED: Check::MethodPair(|pair, cx| lro_type_changed(pair, "metadata", cx)));
rule!(breaking LRO_OPERATION_INFO_ADDED: Check::MethodPair(lro_operation_info_added));
rule!(breaking LRO_OPERATION_INFO_REMOVED: Check::MethodPair(lro_operation_info_removed));
rule!(breaking LRO_RESPONSE_TYPE_CHANGED: Check::MethodPair(|pair, cx| lro_type_changed(pair, "response", cx)));
rule!(breaking METHOD_SIGNATURE_REMOVED: Check::MethodPair(method_signature_removed));
rule!(breaking METHOD_SIGNATURE_REORDERED: Check::MethodPair(method_signature_reordered));

/// A signature: the paths of its fields, and the option.
struct Signature<'s> {
    fields: Vec<&'s str>,
    span: Span,
}

fn signatures(method: Method<'_>) -> Vec<Signature<'_>> {
    let strings = strings(method.options(), METHOD_SIGNATURE);
    strings
        .into_iter()
        .map(|(text, option)| Signature { fields: listed(text).collect(), span: option.span() })
        .collect()
}

/// The signatures of both sides, with what those of the earlier one are called now.
struct Signatures<'s> {
    before: Vec<Signature<'s>>,
    after: Vec<Signature<'s>>,
    /// The position of each earlier one among the later ones.
    now: Vec<Option<usize>>,
}

impl<'s> Signatures<'s> {
    fn new(pair: Pair<Method<'s>>) -> Option<Signatures<'s>> {
        let (before, after) = (signatures(pair.before), signatures(pair.after));
        let is_same = |at: usize, old: &Signature<'_>| after.get(at).is_some_and(|new| new.fields == old.fields);
        if before.iter().enumerate().all(|(at, old)| is_same(at, old)) {
            return None;
        }
        let inputs = pair.before.input().zip(pair.after.input());
        let now = |old: &Signature<'_>| {
            let renamed: Vec<String> = old.fields.iter().map(|path| renamed(path, inputs)).collect();
            let is_it = |new: &Signature<'_>| new.fields == old.fields || new.fields == renamed;
            after.iter().position(is_it)
        };
        let now = before.iter().map(now).collect();
        Some(Signatures { before, after, now })
    }
}

/// What the path of a field of the request is called now: that a field was renamed is reported of the field.
fn renamed(path: &str, inputs: Option<(Message<'_>, Message<'_>)>) -> String {
    let mut names = Vec::new();
    let mut inputs = inputs;
    for name in path.split('.') {
        let fields = inputs.and_then(|(before, after)| {
            let old = before.field_named(name)?;
            Some((old, after.field_numbered(old.number())?))
        });
        names.push(fields.map_or(name, |(_, new)| new.name()));
        inputs = fields.and_then(|(old, new)| match (old.field_type(), new.field_type()) {
            (FieldType::Message(old), FieldType::Message(new)) => Some((old, new)),
            _ => None,
        });
    }
    names.join(".")
}

/// `option (google.api.method_signature) = "name,book";`, ready to paste.
fn statement(fields: &[&str]) -> String {
    format!("option (google.api.method_signature) = \"{}\";", fields.join(","))
}

fn method_signature_removed<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    let Some(signatures) = Signatures::new(pair) else { return };
    let Signatures { before, after, now } = &signatures;
    let is_new = |at: usize| !now.contains(&Some(at));
    let mut reported: Vec<&Vec<&str>> = Vec::new();
    for (at, old) in before.iter().enumerate().filter(|(at, _)| now[*at].is_none()) {
        if reported.contains(&&old.fields) {
            continue;
        }
        reported.push(&old.fields);
        let was = old.fields.join(",");
        // What stands in its place and was not there before is what became of it.
        let heir = after.get(at).filter(|_| is_new(at));
        let message = match heir {
            Some(new) => {
                let is = new.fields.join(",");
                format!("method signature of {} changed from `\"{was}\"` to `\"{is}\"`", described(pair.after))
            }
            None => format!("method signature `\"{was}\"` of {} was removed", described(pair.after)),
        };
        cx.report(pair.after, heir.map_or(Part::Name, |new| Part::Exactly(new.span)), message)
            .before(pair.before, Part::Exactly(old.span))
            .help(format!("keep `{}`, and add other signatures after it", statement(&old.fields)))
            .breaks(Verdict::source());
    }
}

fn method_signature_reordered<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    let Some(Signatures { before, after, now }) = Signatures::new(pair) else { return };
    // A signature that is gone is reported itself.
    let Some(now) = now.into_iter().collect::<Option<Vec<usize>>>() else { return };
    let moved = before.iter().zip(&now).enumerate().find(|(at, (_, now))| at != *now);
    if let Some((at, (old, now))) = moved {
        let was = old.fields.join(",");
        let rpc = described(pair.after);
        let message = match after.get(at).filter(|_| at < *now) {
            Some(other) => {
                let other = other.fields.join(",");
                format!("method signature `\"{was}\"` of {rpc} is now after `\"{other}\"`")
            }
            None => format!("method signature `\"{was}\"` of {rpc} changed its place"),
        };
        let place = after.get(*now).map_or(Part::Name, |new| Part::Exactly(new.span));
        cx.report(pair.after, place, message)
            .before(pair.before, Part::Exactly(old.span))
            .help("keep the signatures in their order, and add new ones at the end")
            .breaks(Verdict::source());
    }
}

/// What an rpc says of the operation that it returns.
fn operation_info(method: Method<'_>) -> Option<Annotation<'_>> {
    if returns_operation(method) { Annotations::of_extension(method.into(), OPERATION_INFO) } else { None }
}

fn returns_operation(method: Method<'_>) -> bool {
    method.output().map_or(method.written_output().trim_start_matches('.'), Message::full_name) == OPERATION
}

fn lro_operation_info_added<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    let Some(new) = operation_info(pair.after).filter(|_| returns_operation(pair.before)) else { return };
    if operation_info(pair.before).is_none() {
        let message = format!("{} now says what its operation returns", described(pair.after));
        cx.report(pair.after, Part::Exactly(new.statement), message)
            .before(pair.before, Part::Name)
            .help("remove `(google.longrunning.operation_info)`, or add a new rpc that has it")
            .breaks(Verdict::source());
    }
}

fn lro_operation_info_removed<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    let Some(old) = operation_info(pair.before).filter(|_| returns_operation(pair.after)) else { return };
    if operation_info(pair.after).is_none() {
        let message = format!("{} no longer says what its operation returns", described(pair.after));
        cx.report(pair.after, Part::Name, message)
            .before(pair.before, Part::Exactly(old.statement))
            .help(format!("keep `option (google.longrunning.operation_info) = {old};`"))
            .breaks(Verdict::source());
    }
}

fn lro_type_changed<'s>(pair: Pair<Method<'s>>, what: &str, cx: &mut ChangeCx<'s>) {
    let (Some(old), Some(new)) = (operation_info(pair.before), operation_info(pair.after)) else { return };
    let key = format!("{what}_type");
    let name = |info: &Annotation<'s>| info.field(&key).and_then(Annotation::text).unwrap_or_default();
    let [was, is] = [&old, &new].map(name);
    if is_same_type(pair, was, is, cx.comparison) {
        return;
    }
    let shown = |name: &str| if name.is_empty() { "no type".to_owned() } else { format!("`{name}`") };
    let of = described(pair.after);
    let message = format!("operation {what} of {of} changed from {} to {}", shown(was), shown(is));
    let [before, after] = [&old, &new].map(|info| info.field(&key).map_or(info.statement, |found| found.span));
    cx.report(pair.after, Part::Exactly(after), message)
        .before(pair.before, Part::Exactly(before))
        .help("keep the old type and add fields to it, or add a new rpc with another name")
        .breaks(Verdict::source());
}

/// Whether two names, one of each schema, are of one message: names count from the package of the rpc.
fn is_same_type<'s>(pair: Pair<Method<'s>>, was: &str, is: &str, comparison: &Comparison<'s>) -> bool {
    if was.is_empty() || is.is_empty() {
        return was == is;
    }
    let message = |method: Method<'s>, name: &str| match method
        .file()
        .type_from(method.file().package().unwrap_or_default(), name)?
    {
        Element::Message(message) => Some(message),
        _ => None,
    };
    let full = |method: Method<'s>, name: &str| {
        let (package, name) = (method.file().package().unwrap_or_default(), name.trim_start_matches('.'));
        if name.contains('.') || package.is_empty() { name.to_owned() } else { format!("{package}.{name}") }
    };
    match (message(pair.before, was), message(pair.after, is)) {
        (Some(before), Some(after)) => comparison.is_same_message(before, after),
        _ => {
            // What is not known may be what it was, also under the new name of the package.
            let [old, new] = [pair.before, pair.after].map(|method| method.file().package().unwrap_or_default());
            let (was, is) = (full(pair.before, was), full(pair.after, is));
            let moved = was.strip_prefix(old).filter(|rest| rest.starts_with('.')).map(|rest| format!("{new}{rest}"));
            was == is || moved.is_some_and(|moved| moved == is)
        }
    }
}
