//! Changes of the HTTP bindings of rpcs, as clients of these notice them.

use rustc_hash::FxHashSet;

use super::rpcs::described;
use crate::compare::http::{self, Binding, Bindings, Reason};
use crate::compare::impact::{self, BrokenRoute};
use crate::compare::pairing::{Comparison, Pair};
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Method, Part};

pub(super) const RULES: &[&Rule] = &[&HTTP_SAME_BINDING];

rule!(breaking HTTP_SAME_BINDING: Check::Each(&[
    Check::MethodPair(http_same_binding),
    Check::Comparison(parameters),
]));

fn http_same_binding<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    if !http::has_any(pair.before) {
        return;
    }
    let broken = impact::broken_routes(pair.before, cx.comparison);
    if broken.is_empty() {
        return;
    }
    let after = Bindings::of_method(pair.after).bindings;
    if after.is_empty() {
        let names: Vec<String> = broken.iter().map(|broken| format!("`{}`", broken.route.binding.shown())).collect();
        let message = format!("{} no longer has HTTP bindings; it had {}", described(pair.after), names.join(", "));
        return report(pair, &broken[0], message, "declare `option (google.api.http)` again".to_owned(), cx);
    }
    let before = Bindings::of_method(pair.before).bindings;
    let new: Vec<&Binding> = after.iter().filter(|now| !before.contains(now)).collect();
    let replaced = match (new.as_slice(), broken.as_slice()) {
        ([new], [_]) => Some(*new),
        _ => None,
    };
    for broken in &broken {
        let (message, help) = message_and_help(broken, pair.after, replaced);
        report(pair, broken, message, help, cx);
    }
}

/// What is said of a binding whose requests are answered otherwise, and what to do.
fn message_and_help(broken: &BrokenRoute<'_, '_>, after: Method<'_>, replaced: Option<&Binding>) -> (String, String) {
    let (binding, rpc) = (&broken.route.binding, described(after));
    let (shown, keep) =
        (binding.shown(), "keep the binding as it was, and add the new one with another path".to_owned());
    match &broken.broken.reason {
        Reason::NotFound | Reason::OtherMethod(_) => {
            let help = format!("keep the old binding: add `{}`", binding.written());
            match replaced {
                Some(new) => (format!("binding of {rpc} changed from `{shown}` to `{}`", new.shown()), help),
                None => (format!("binding `{shown}` of {rpc} was removed"), help),
            }
        }
        Reason::OtherRpc(other) => {
            let other = format!("rpc `{}` of service `{}`", other.name(), other.parent().name());
            (format!("requests of binding `{shown}` of {rpc} reach {other}"), format!("give {other} another path"))
        }
        Reason::Captured(_) => (format!("variables of binding `{shown}` of {rpc} are bound otherwise"), keep),
        Reason::Moved(_) => (format!("binding `{shown}` of {rpc} maps requests to fields otherwise"), keep),
        Reason::Response(_) => (format!("response body of binding `{shown}` of {rpc} changed"), keep),
    }
}

fn report<'s>(
    pair: Pair<Method<'s>>,
    broken: &BrokenRoute<'_, 's>,
    message: String,
    help: String,
    cx: &mut ChangeCx<'s>,
) {
    let [old, new] = [pair.before, pair.after].map(|rpc| http::statement(rpc).map_or(Part::Declaration, Part::Exactly));
    cx.report(pair.after, new, message).before(pair.before, old).help(help).breaks(broken.impact());
}

/// Query parameters that are lost, each reported once, however many rpcs have it.
fn parameters<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    let mut seen = FxHashSet::default();
    for pair in comparison.methods.iter().filter(|pair| http::has_any(pair.before)) {
        let requests = pair.before.input().zip(pair.after.input());
        let is_same = requests.is_some_and(|(before, after)| comparison.is_same_message(before, after));
        // Where layers select, this is part of the change of the type.
        if !is_same && cx.by_layers {
            continue;
        }
        for (route, lost) in impact::lost_parameters(pair.before, comparison) {
            if !seen.insert((lost.before.file().index, lost.before.index)) {
                continue;
            }
            let impact = impact::lost_parameter(route, &lost);
            let message = format!("`{}` is no longer a query parameter of `{}`", lost.name, route.binding.shown());
            let report = match lost.after {
                _ if !is_same => cx.report(pair.after, Part::Input, message),
                Some(field) => cx.report(field, Part::Name, message),
                None => cx.report(lost.holder, Part::Declaration, message),
            };
            let help = format!("keep field `{}`, with `[deprecated = true]`", lost.before.name());
            report
                .before(lost.before, Part::Declaration)
                .help(help)
                .about(lost.before, Aspect::Parameter)
                .breaks(impact);
        }
    }
}
