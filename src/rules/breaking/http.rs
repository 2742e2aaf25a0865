//! Changes of the HTTP bindings of rpcs, as clients of these notice them.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::rpcs::described;
use crate::compare::http::{self, Binding, Bindings, Reason};
use crate::compare::impact::{self, BrokenRoute, Impact};
use crate::compare::pairing::{Comparison, Pair};
use crate::rules::{Aspect, ChangeCx, Check, Rule, rule};
use crate::schema::{Method, Part};

pub(super) const RULES: &[&Rule] = &[&HTTP_SAME_BINDING];

rule!(breaking HTTP_SAME_BINDING: Check::Each(&[Check::Comparison(bindings), Check::Comparison(parameters)]));

/// How many rpcs are named whose requests another one takes.
const NAMED: usize = 3;
/// How many of them are shown with their requests.
const SHOWN: usize = 20;

/// An rpc of both schemas, and a binding of it some of whose requests another rpc takes.
type Taken<'s> = (Pair<Method<'s>>, BrokenRoute<'s, 's>);

/// An rpc of both schemas, with what is broken of its bindings.
type Broken<'s> = (Pair<Method<'s>>, Vec<BrokenRoute<'s, 's>>);

fn bindings<'s>(comparison: &'s Comparison<'s>, cx: &mut ChangeCx<'s>) {
    let with_bindings = comparison.methods.par_iter().filter(|pair| http::has_any(pair.before));
    let broken = with_bindings.map(|pair| (*pair, impact::broken_routes(pair.before, comparison)));
    let mut taken: BTreeMap<(u32, u32), Vec<Taken<'s>>> = BTreeMap::new();
    for (pair, broken) in broken.collect::<Vec<Broken<'s>>>() {
        let (partial, whole): (Vec<_>, Vec<_>) = broken.into_iter().partition(|broken| broken.broken.is_partial);
        of_rpc(pair, &whole, cx);
        for broken in partial {
            if let Reason::OtherRpc(taker) = broken.broken.reason {
                taken.entry((taker.file().index, taker.index)).or_default().push((pair, broken));
            }
        }
    }
    for taken in taken.values_mut() {
        // What is certain is shown first.
        taken.sort_by_key(|(_, broken)| !broken.broken.is_certain);
        takes(taken, cx);
    }
}

/// An rpc takes some of the requests of others: one finding, at that rpc.
fn takes<'s>(taken: &[Taken<'s>], cx: &mut ChangeCx<'s>) {
    let Some((first, broken)) = taken.first() else { return };
    let Reason::OtherRpc(taker) = broken.broken.reason else { return };
    let mut names: Vec<String> = taken.iter().map(|(pair, _)| described(pair.after)).collect();
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let message = format!("{} takes requests of {}{more}", described(taker), names.join(", "));
    let impact = taken.iter().fold(Impact::default(), |impact, (_, broken)| impact.merge(broken.impact()));
    let mut report = cx
        .report(taker, place(taker), message)
        .before(first.before, place(first.before))
        .help("give its binding another path")
        .breaks(impact);
    for (pair, broken) in taken.iter().take(SHOWN) {
        let rpc = pair.before;
        let sometimes = if broken.broken.is_certain { "" } else { ", and may still, depending on the router" };
        let name = format!("{}.{}", rpc.parent().full_name(), rpc.name());
        let text = format!("`{}` reached `{name}`{sometimes}", broken.broken.request);
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
    // As many as are gone: each has become another one, in order.
    let replaced = |at: usize| new.get(at).copied().filter(|_| new.len() == broken.len());
    for (at, broken) in broken.iter().enumerate() {
        let is_kept =
            |now: &Binding| now.method == broken.route.binding.method && now.path == broken.route.binding.path;
        let fate = match replaced(at) {
            _ if after.iter().any(is_kept) => Fate::Kept,
            Some(new) => Fate::Replaced(new),
            None => Fate::Removed,
        };
        let (message, help) = message_and_help(broken, pair.after, fate);
        report(pair, broken, message, help, cx);
    }
}

/// What became of a binding.
enum Fate<'b> {
    /// Its method and its path are those of a binding now.
    Kept,
    Replaced(&'b Binding),
    Removed,
}

/// What is said of a binding whose requests are answered otherwise, and what to do.
fn message_and_help(broken: &BrokenRoute<'_, '_>, after: Method<'_>, fate: Fate<'_>) -> (String, String) {
    let (binding, rpc) = (&broken.route.binding, described(after));
    let shown = binding.shown();
    let keep = || "keep the binding as it was, and add the new one with another path".to_owned();
    let keep_old = || format!("keep the old binding, as `{}`", binding.written());
    match (&broken.broken.reason, fate) {
        (Reason::NotFound | Reason::OtherMethod(_) | Reason::OtherRpc(_), Fate::Replaced(new)) => {
            (format!("binding of {rpc} changed from `{shown}` to `{}`", new.shown()), keep_old())
        }
        (Reason::NotFound | Reason::OtherMethod(_), _) | (Reason::OtherRpc(_), Fate::Removed) => {
            (format!("binding `{shown}` of {rpc} was removed"), keep_old())
        }
        (Reason::OtherRpc(other), _) => {
            let other = described(*other);
            (format!("requests of binding `{shown}` of {rpc} reach {other}"), format!("give {other} another path"))
        }
        (Reason::Captured(_), _) => (format!("variables of binding `{shown}` of {rpc} are bound otherwise"), keep()),
        (Reason::Moved(_), _) => (format!("binding `{shown}` of {rpc} maps requests to fields otherwise"), keep()),
        (Reason::Response(_), _) => (format!("response body of binding `{shown}` of {rpc} changed"), keep()),
    }
}

fn report<'s>(
    pair: Pair<Method<'s>>,
    broken: &BrokenRoute<'_, 's>,
    message: String,
    help: String,
    cx: &mut ChangeCx<'s>,
) {
    cx.report(pair.after, place(pair.after), message)
        .before(pair.before, place(pair.before))
        .help(help)
        .breaks(broken.impact());
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
