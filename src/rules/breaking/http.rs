//! Changes of the HTTP bindings of rpcs, as clients of these notice them.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::rpcs::described;
use crate::compare::http::{self, Binding, Bindings, Reason};
use crate::compare::impact::{self, BrokenRoute};
use crate::compare::pairing::{Comparison, Pair};
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Method, Part};

pub(super) const RULES: &[&Rule] = &[&HTTP_SAME_BINDING];

rule!(breaking HTTP_SAME_BINDING: Check::Each(&[Check::Comparison(bindings), Check::Comparison(parameters)]));

/// How many rpcs are named whose requests another one takes.
const NAMED: usize = 3;
/// How many of them are shown with their requests.
const SHOWN: usize = 20;

/// An rpc of both schemas, with what is broken of its bindings.
type Broken<'s> = (Pair<Method<'s>>, Vec<BrokenRoute<'s, 's>>);

fn bindings<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    let with_bindings = comparison.methods.par_iter().filter(|pair| http::has_any(pair.before));
    let broken = with_bindings.map(|pair| (*pair, impact::broken_routes(pair.before, comparison)));
    let mut taken: BTreeMap<(u32, u32, bool), Vec<(Pair<Method<'s>>, BrokenRoute<'s, 's>)>> = BTreeMap::new();
    for (pair, broken) in broken.collect::<Vec<Broken<'s>>>() {
        let (partial, whole): (Vec<_>, Vec<_>) = broken.into_iter().partition(|broken| broken.broken.is_partial);
        of_rpc(pair, &whole, cx);
        for broken in partial {
            if let Reason::OtherRpc(taker) = broken.broken.reason {
                let key = (taker.file().index, taker.index, broken.broken.is_certain);
                taken.entry(key).or_default().push((pair, broken));
            }
        }
    }
    taken.values().for_each(|taken| takes(taken, cx));
}

/// An rpc takes some of the requests of others: one finding, at that rpc.
fn takes<'s>(taken: &[(Pair<Method<'s>>, BrokenRoute<'s, 's>)], cx: &mut ChangeCx<'s>) {
    let Some((first, broken)) = taken.first() else { return };
    let Reason::OtherRpc(taker) = broken.broken.reason else { return };
    let mut names: Vec<String> = taken.iter().map(|(pair, _)| described(pair.after)).collect();
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let message = format!("{} takes requests of {}{more}", described(taker), names.join(", "));
    let mut report = cx
        .report(taker, place(taker), message)
        .before(first.before, place(first.before))
        .help("give its binding another path")
        .breaks(broken.impact());
    for (pair, broken) in taken.iter().take(SHOWN) {
        let rpc = pair.before;
        let text = format!("`{}` reached `{}.{}`", broken.broken.request, rpc.parent().full_name(), rpc.name());
        report = report.beside(pair.after, place(pair.after), text);
    }
}

/// The statement of the bindings of an rpc.
fn place(rpc: Method<'_>) -> Part<'static> {
    http::statement(rpc).map_or(Part::Declaration, Part::Exactly)
}

/// The bindings of an rpc whose requests are answered otherwise, all of them or by itself.
fn of_rpc<'s>(pair: Pair<Method<'s>>, broken: &[BrokenRoute<'_, 's>], cx: &mut ChangeCx<'s>) {
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
    let replaced = match (new.as_slice(), broken) {
        ([new], [_]) => Some(*new),
        _ => None,
    };
    for broken in broken {
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
