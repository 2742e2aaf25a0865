//! Policies that a `buf.yaml` of v2 names: files beside it with rules that hold in addition. One of a registry becomes a
//! note, as no registry is asked.

use std::collections::BTreeSet;
use std::path::Path;

use super::document::{Document, version};
use super::section::Bases;
use super::source::Source;
use crate::config::breaking::BreakingConfig;
use crate::config::buf_version::BufVersion;
use crate::config::check::{CheckConfig, Ignore};
use crate::config::files::{MAX_BYTES, take_in};
use crate::config::names::select;
use crate::config::raw;
use crate::config::reader::{Section, Word};
use crate::config::sets::Sets;
use crate::rules::Family;
use crate::source::{Sources, Span};

const SECTIONS: [Section; 1] = [Section { path: "", keys: &["version", "name", "lint", "breaking", "plugins"] }];

/// A policy as it is listed.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) file: Word,
    /// Where its rules report nothing.
    pub(super) ignore: Vec<Ignore>,
}

/// What a policy asks for.
struct Demands {
    check: CheckConfig,
    breaking: BreakingConfig,
    ignore: Vec<Ignore>,
}

/// Notes that the policies of a document are not read.
pub(super) fn skip(source: &mut Source, document: &Document) {
    for Policy { file, .. } in &document.policies {
        source.note(file.span, format!("policy `{file}` cannot be read: its rules are skipped"));
    }
}

/// Reads the policies of a document whose file is in `directory`, and joins their rules with those of its modules.
pub(super) fn apply(source: &mut Source, document: &mut Document, directory: &Path, sources: &mut Sources) {
    for Policy { file, ignore } in std::mem::take(&mut document.policies) {
        if !directory.join(&file.text).is_file() {
            let text =
                format!("policy `{file}` is not a local file, and policies are not downloaded: its rules are skipped");
            source.note(file.span, text);
            continue;
        }
        let Some(demands) = read(source, &file, ignore, directory, sources) else { continue };
        join(&mut document.check, &mut document.breaking, &demands);
        for module in &mut document.modules {
            let (mut check, mut breaking) = (document.check.clone(), document.breaking.clone());
            if let Some(own) = &mut module.check {
                join(own, &mut breaking, &demands);
            }
            if let Some(own) = &mut module.breaking {
                join(&mut check, own, &demands);
            }
        }
    }
}

fn read(
    source: &mut Source,
    file: &Word,
    ignore: Vec<Ignore>,
    directory: &Path,
    sources: &mut Sources,
) -> Option<Demands> {
    let shown = Path::new(sources.get(source.reader.file).path()).with_file_name(&file.text);
    let shown = shown.to_string_lossy().replace('\\', "/");
    let text = match take_in(&directory.join(&file.text), shown, MAX_BYTES, sources) {
        Ok(text) => text,
        Err(fault) => {
            source.reader.findings.push(*fault);
            return None;
        }
    };
    let mut inner = Source::new(text, &source.base);
    let demands = demands(&mut inner, sources.get(text).text(), ignore);
    source.reader.findings.append(&mut inner.reader.findings);
    source.notes.append(&mut inner.notes);
    demands
}

fn demands(source: &mut Source, text: &str, ignore: Vec<Ignore>) -> Option<Demands> {
    let root = match raw::read(text) {
        Ok(root) => root,
        Err(fault) => {
            source.reader.fault(fault.span, fault.message, fault.help);
            return None;
        }
    };
    if version(source, &root, "version: v2")? != BufVersion::V2 {
        source.reader.fault(Span::new(0, 0), "a policy must have version v2", "version: v2");
        return None;
    }
    let fields = source.reader.fields(&root, Span::new(0, 0), &SECTIONS[0], &SECTIONS);
    if let Some(entry) = fields.get("plugins") {
        source.note(entry.key.span, "`plugins` are not supported: their rules are skipped");
        source.has_plugins = true;
    }
    let base = source.base.clone();
    let bases = Bases { from: std::slice::from_ref(&base), within: None };
    let check = source.lint(fields.get("lint").copied(), &bases);
    let breaking = source.breaking(fields.get("breaking").copied(), &bases);
    Some(Demands { check, breaking, ignore })
}

fn join(check: &mut CheckConfig, breaking: &mut BreakingConfig, demands: &Demands) {
    let Demands { check: more, breaking: more_breaking, ignore } = demands;
    let lint = Names { sets: check.sets, family: Family::Lint };
    let added = lint.join((&mut check.uses, &mut check.except, &mut check.ignore), (&more.uses, &more.except), ignore);
    options(check, more, &added);
    let names = Names { sets: breaking.sets, family: Family::Breaking };
    names.join(
        (&mut breaking.uses, &mut breaking.except, &mut breaking.ignore),
        (&more_breaking.uses, &more_breaking.except),
        ignore,
    );
    // Where one of the two wants changes of unstable packages reported, they are.
    breaking.ignore_unstable_packages &= more_breaking.ignore_unstable_packages;
}

/// The options of a policy hold for the rules that it adds; those that both have are as strict as either wants.
fn options(check: &mut CheckConfig, more: &CheckConfig, added: &BTreeSet<&'static str>) {
    let (own, more) = (&mut check.settings, &more.settings);
    if added.contains("SERVICE_SUFFIX") {
        own.service_suffix.clone_from(&more.service_suffix);
    }
    if added.contains("ENUM_ZERO_VALUE_SUFFIX") {
        own.enum_zero_value_suffix.clone_from(&more.enum_zero_value_suffix);
    }
    let is_added = added.iter().any(|rule| rule.starts_with("RPC_"));
    for (own, more) in [
        (&mut own.rpc_allow_same_request_response, more.rpc_allow_same_request_response),
        (&mut own.rpc_allow_google_protobuf_empty_requests, more.rpc_allow_google_protobuf_empty_requests),
        (&mut own.rpc_allow_google_protobuf_empty_responses, more.rpc_allow_google_protobuf_empty_responses),
    ] {
        *own = if is_added { more } else { *own && more };
    }
}

/// What names of rules mean.
#[derive(Clone, Copy)]
struct Names {
    sets: Sets,
    family: Family,
}

impl Names {
    fn rules(self, uses: &[String], except: &[String]) -> BTreeSet<&'static str> {
        let rules = select(self.sets, self.family, uses, except).unwrap_or_default();
        rules.into_iter().filter(|rule| Family::of(rule) == Some(self.family)).map(|rule| rule.id).collect()
    }

    /// Adds the rules of a policy; those that are new. What the policy has reported is not ignored, unless it ignores
    /// that too.
    fn join(
        self,
        (uses, except, ignore): (&mut Vec<String>, &mut Vec<String>, &mut Vec<Ignore>),
        (more_uses, more_except): (&[String], &[String]),
        more_ignore: &[Ignore],
    ) -> BTreeSet<&'static str> {
        let (own, more) = (self.rules(uses, except), self.rules(more_uses, more_except));
        let added: BTreeSet<&'static str> = more.difference(&own).copied().collect();
        if !added.is_empty() {
            let all = own.union(&added).map(|rule| (*rule).to_owned());
            (*uses, *except) = (all.collect(), Vec::new());
        }
        for own in &mut *ignore {
            let paths = own.pattern.patterns();
            let is_ignored = |rule: &&'static str| {
                let by_policy = |other: &&Ignore| {
                    other.rules.contains(rule) && paths.iter().all(|path| other.pattern.matches(path))
                };
                !more.contains(rule) || more_ignore.iter().any(|other| by_policy(&other))
            };
            own.rules.retain(is_ignored);
        }
        ignore.extend(more_ignore.iter().map(|other| {
            let rules = other.rules.iter().copied().filter(|rule| added.contains(rule)).collect();
            Ignore { rules, ..other.clone() }
        }));
        added
    }
}
