//! Changes of where a service is, and of what calls of it have to be allowed: `google.api.default_host` and
//! `google.api.oauth_scopes`.

use super::{listed, place, strings};
use crate::compare::pairing::Pair;
use crate::finding::Verdict;
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{OptionEntry, Part, Service};

pub(in crate::rules::breaking) const RULES: &[&Rule] = &[&DEFAULT_HOST_CHANGED, &OAUTH_SCOPE_REMOVED];

const DEFAULT_HOST: &str = "google.api.default_host";
const OAUTH_SCOPES: &str = "google.api.oauth_scopes";

rule!(breaking DEFAULT_HOST_CHANGED: Check::ServicePair(default_host_changed));
rule!(breaking OAUTH_SCOPE_REMOVED: Check::ServicePair(oauth_scope_removed));

/// The last value of an option of a service, with the option.
fn last<'s>(service: Service<'s>, extension: &str) -> Option<(&'s str, OptionEntry<'s>)> {
    strings(service.options(), extension).pop()
}

fn default_host_changed<'s>(pair: Pair<Service<'s>>, cx: &mut ChangeCx<'s>) {
    let (old, new) = (last(pair.before, DEFAULT_HOST), last(pair.after, DEFAULT_HOST));
    let host = |found: Option<(&'s str, _)>| found.map(|(host, _)| host.trim()).filter(|host| !host.is_empty());
    let Some(before) = host(old) else { return };
    let after = host(new);
    if after == Some(before) {
        return;
    }
    let service = pair.after.name();
    let message = match after {
        Some(after) => format!("default host of service `{service}` changed from `{before}` to `{after}`"),
        None => format!("default host `{before}` of service `{service}` was removed"),
    };
    cx.report(pair.after, part(new.map(|(_, option)| option)), message)
        .before(pair.before, part(old.map(|(_, option)| option)))
        .help(format!("keep `option (google.api.default_host) = \"{before}\";` until no client calls that host"))
        .breaks(Verdict::source());
}

fn oauth_scope_removed<'s>(pair: Pair<Service<'s>>, cx: &mut ChangeCx<'s>) {
    let (old, new) = (last(pair.before, OAUTH_SCOPES), last(pair.after, OAUTH_SCOPES));
    let kept: Vec<&str> = new.iter().flat_map(|(scopes, _)| listed(scopes)).collect();
    let Some((scopes, option)) = old else { return };
    let mut seen: Vec<&str> = Vec::new();
    for scope in listed(scopes).filter(|scope| !kept.contains(scope)) {
        if seen.contains(&scope) {
            continue;
        }
        seen.push(scope);
        let message = format!("OAuth scope `{scope}` of service `{}` was removed", pair.after.name());
        cx.report(pair.after, part(new.map(|(_, option)| option)), message)
            .before(pair.before, part(Some(option)))
            .help(format!("keep the scope: `option (google.api.oauth_scopes) = \"{}\";`", with(&kept, scopes)))
            .breaks(Verdict::source());
    }
}

/// The scopes that are left, with all earlier ones in their order before those that are new.
fn with(kept: &[&str], old: &str) -> String {
    let mut all: Vec<&str> = listed(old).collect();
    for scope in kept {
        if !all.contains(scope) {
            all.push(scope);
        }
    }
    all.join(",")
}

fn part(option: Option<OptionEntry<'_>>) -> Part<'static> {
    place(option).map_or(Part::Name, Part::Exactly)
}
