//! What one `buf.yaml` says: its modules, each with what holds for it. It reads no files.

use std::collections::BTreeSet;

use super::policies::Policy;
use super::section::{Bases, defaults};
use super::source::{Located, Source, is_within};
use crate::config::breaking::BreakingConfig;
use crate::config::buf_version::BufVersion;
use crate::config::check::CheckConfig;
use crate::config::model::MAX_SCOPES;
use crate::config::names::listed;
use crate::config::raw::{self, Entry, Node, Value};
use crate::config::reader::{Fields, Section, Word};
use crate::finding::Label;
use crate::source::{Place, Span};

/// A module, and what holds for it.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) roots: Vec<Located>,
    /// What alone is part of it; everything where there is none.
    pub(super) only: Vec<Located>,
    pub(super) exclude: Vec<Located>,
    /// Its own sections; where there is none, that of the file holds.
    pub(super) check: Option<CheckConfig>,
    pub(super) breaking: Option<BreakingConfig>,
}

impl Module {
    /// The paths that it is made of.
    pub(super) fn paths(&self) -> Vec<String> {
        let made_of = if self.only.is_empty() { &self.roots } else { &self.only };
        made_of.iter().map(|located| located.path.clone()).collect()
    }
}

/// What one file says.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) modules: Vec<Module>,
    /// What its modules are called.
    pub(super) names: Vec<String>,
    pub(super) deps: Vec<Word>,
    pub(super) deps_place: Place,
    /// What holds for modules that say nothing of their own.
    pub(super) check: CheckConfig,
    pub(super) breaking: BreakingConfig,
    /// What holds in addition; nothing of it is read yet.
    pub(super) policies: Vec<Policy>,
}

impl Document {
    /// The module of a workspace that has no file of its own.
    pub(super) fn absent(root: Located) -> Document {
        let deps_place = root.place;
        let (check, breaking) = defaults(BufVersion::V1);
        let module = Module { roots: vec![root], only: Vec::new(), exclude: Vec::new(), check: None, breaking: None };
        let (names, deps, policies) = (Vec::new(), Vec::new(), Vec::new());
        Document { modules: vec![module], names, deps, deps_place, check, breaking, policies }
    }
}

/// The most roots of one module: each ignored path is meant in all of them.
const MAX_ROOTS: usize = 20;

const FILE: usize = 0;
const PART: usize = 1;
const POLICY: usize = 2;

const V1: [Section; 2] = [
    Section { path: "", keys: &["version", "name", "deps", "build", "lint", "breaking"] },
    Section { path: "build", keys: &["excludes", "roots"] },
];
const V2: [Section; 3] = [
    Section { path: "", keys: &["version", "name", "modules", "deps", "lint", "breaking", "plugins", "policies"] },
    Section { path: "modules", keys: &["path", "name", "includes", "excludes", "lint", "breaking"] },
    Section { path: "policies", keys: &["policy", "ignore", "ignore_only"] },
];

/// The keys below a path of keys; none where that is no section.
pub(in crate::config) fn keys(is_v2: bool, path: &[&str]) -> &'static [&'static str] {
    let sections: &[Section] = if is_v2 { &V2 } else { &V1 };
    let (section, last) = (path.join("."), path.last().copied().unwrap_or_default());
    match sections.iter().find(|known| known.path == section) {
        Some(known) => known.keys,
        // A module of v2 has sections of its own.
        None if path.len() == 1 || (path.len() == 2 && path[0] == "modules") => super::section::keys(is_v2, last),
        None => &[],
    }
}

/// Reads the text of a `buf.yaml`.
pub(super) fn read(source: &mut Source, text: &str) -> Document {
    let start = Span::new(0, 0);
    let (check, breaking) = defaults(source.version);
    let mut document = Document {
        modules: Vec::new(),
        names: Vec::new(),
        deps: Vec::new(),
        deps_place: source.reader.place(start),
        check,
        breaking,
        policies: Vec::new(),
    };
    match raw::read(text) {
        Ok(root) => {
            if let Some(version) = version(source, &root, "version: v2") {
                source.version = version;
                (document.check, document.breaking) = defaults(version);
                whole(source, &root, &mut document);
            }
        }
        Err(fault) => {
            let label =
                |span| Label { place: source.reader.place(span), text: "in the value that starts here".to_owned() };
            let began = fault.began.map(label);
            source.reader.fault(fault.span, fault.message, fault.help).labels.extend(began);
        }
    }
    document
}

/// The version that a file is of; reports one that is none.
pub(super) fn version(source: &mut Source, root: &Node, example: &str) -> Option<BufVersion> {
    let Value::Mapping(entries) = &root.value else {
        source.reader.fault(root.span, "the file is not a mapping", example);
        return None;
    };
    let is_version = |entry: &&Entry| matches!(&entry.key.value, Value::Text(key) if key == "version");
    let Some(entry) = entries.iter().find(is_version) else {
        source.reader.fault(Span::new(0, 0), "`version` is missing", example);
        return None;
    };
    let word = source.reader.word(entry)?;
    let version = BufVersion::of(&word.text);
    if version.is_none() {
        let known = [BufVersion::V1Beta1, BufVersion::V1, BufVersion::V2].map(BufVersion::name);
        let message = format!("unsupported version `{word}`");
        source.reader.fault(word.span, message, format!("supported are {}", listed(&known)));
    }
    version
}

fn whole(source: &mut Source, root: &Node, document: &mut Document) {
    let sections: &[Section] = if source.version == BufVersion::V2 { &V2 } else { &V1 };
    let fields = source.reader.fields(root, Span::new(0, 0), &sections[FILE], sections);
    document.names.extend(name(source, &fields));
    if let Some(entry) = fields.get("deps") {
        document.deps = source.reader.words(entry);
        document.deps_place = source.reader.place(entry.key.span);
    }
    let is_empty = |entry: &&&Entry| matches!(&entry.value.value, Value::List(items) if items.is_empty());
    if let Some(entry) = fields.get("plugins").filter(|entry| !is_empty(entry)) {
        source.note(entry.key.span, "`plugins` are not supported: their rules are skipped");
        source.has_plugins = true;
    }
    match source.version {
        BufVersion::V2 => modules(source, &fields, document),
        _ => build(source, &fields, document),
    }
    if let Some(entry) = fields.get("policies") {
        document.policies = policies(source, entry, &document.modules);
    }
}

/// The policies of a list; none of their files is read. What they ignore counts from each module.
fn policies(source: &mut Source, entry: &Entry, modules: &[Module]) -> Vec<Policy> {
    let Value::List(items) = &entry.value.value else {
        source.reader.wrong(entry, "a list of policies", "- policy: buf.policy.yaml");
        return Vec::new();
    };
    if items.len() > MAX_SCOPES {
        let message = format!("too many policies: {}, at most {MAX_SCOPES} are supported", items.len());
        source.reader.fault(entry.key.span, message, "combine their rules in fewer files");
        return Vec::new();
    }
    let base = source.base.clone();
    let from: BTreeSet<&String> = modules.iter().flat_map(|module| &module.roots).map(|root| &root.path).collect();
    let from: Vec<String> = from.into_iter().take(MAX_ROOTS).cloned().collect();
    if modules.len() > MAX_ROOTS {
        let text = format!("`ignore` of policies has no effect in modules after the first {MAX_ROOTS}, sorted by path");
        source.note(entry.key.span, text);
    }
    let bases = Bases { from: &from, within: None };
    let mut found = Vec::new();
    for item in items {
        let fields = source.reader.fields(item, item.span, &V2[POLICY], &V2);
        let Some(word) = fields.get("policy").and_then(|entry| source.reader.word(entry)) else {
            source.reader.fault(item.span, "a policy has no file", "policy: buf.policy.yaml");
            continue;
        };
        // Its rules are those of policies in any case, which may be those of plugins.
        if source.path(&word, &base).is_some() {
            found.push(Policy { ignore: source.policy_ignores(&fields, &bases), file: word });
        }
    }
    found
}

fn name(source: &mut Source, fields: &Fields<'_>) -> Option<String> {
    fields.get("name").and_then(|entry| source.reader.word(entry)).map(|word| word.text)
}

/// The one module of a file of v1, whose roots only v1beta1 can name.
fn build(source: &mut Source, fields: &Fields<'_>, document: &mut Document) {
    let (mut roots, mut exclude) = (Vec::new(), Vec::new());
    let base = source.base.clone();
    if let Some(entry) = fields.get("build") {
        let inner = source.reader.fields(&entry.value, entry.key.span, &V1[PART], &V1);
        if let Some(entry) = inner.get("roots") {
            if source.version == BufVersion::V1 {
                let help = "list the directories in a buf.work.yaml, or move buf.yaml into the directory";
                source.reader.fault(entry.key.span, "`roots` is supported only in v1beta1", help);
            }
            roots = paths(source, entry, &base, None);
            if roots.len() > MAX_ROOTS {
                let message = format!("too many roots: {}, at most {MAX_ROOTS} are supported", roots.len());
                source.reader.fault(entry.key.span, message, "make them modules, with a buf.work.yaml");
                return;
            }
        }
        if let Some(entry) = inner.get("excludes") {
            exclude = paths(source, entry, &base, None);
        }
    }
    if roots.is_empty() {
        roots.push(Located { path: base, place: source.reader.place(Span::new(0, 0)) });
    }
    let from: Vec<String> = roots.iter().map(|root| root.path.clone()).collect();
    let bases = Bases { from: &from, within: None };
    document.check = source.lint(fields.get("lint").copied(), &bases);
    document.breaking = source.breaking(fields.get("breaking").copied(), &bases);
    document.modules.push(Module { roots, only: Vec::new(), exclude, check: None, breaking: None });
}

/// Paths of a list; `within` is the module that they have to be in.
fn paths(source: &mut Source, entry: &Entry, from: &str, within: Option<&str>) -> Vec<Located> {
    let mut found = Vec::new();
    for word in source.reader.words(entry) {
        let Some(path) = source.path(&word, from) else { continue };
        if source.is_outside(&path, &word, within) {
            continue;
        }
        found.push(source.located(path, &word));
    }
    found
}

impl Source {
    /// Whether a path is not in the module it is written for; reports that.
    pub(super) fn is_outside(&mut self, path: &str, word: &Word, within: Option<&str>) -> bool {
        let Some(module) = within.filter(|module| !is_within(path, module)) else { return false };
        let message = format!("`{word}` is not in `{module}`, the directory of the module");
        self.reader.fault(word.span, message, "paths are relative to the directory of this file");
        true
    }
}

fn modules(source: &mut Source, fields: &Fields<'_>, document: &mut Document) {
    let base = source.base.clone();
    let top = Bases { from: std::slice::from_ref(&base), within: None };
    document.check = source.lint(fields.get("lint").copied(), &top);
    document.breaking = source.breaking(fields.get("breaking").copied(), &top);
    let items = match fields.get("modules").map(|entry| (entry, &entry.value.value)) {
        Some((_, Value::List(items))) => items.as_slice(),
        Some((entry, _)) => {
            source.reader.wrong(entry, "a list of modules", "- path: proto");
            return;
        }
        None => &[],
    };
    if let Some(entry) = fields.get("modules").filter(|_| items.len() > MAX_SCOPES) {
        let message = format!("too many modules: {}, at most {MAX_SCOPES} are supported", items.len());
        source.reader.fault(entry.key.span, message, "split them into several files");
        return;
    }
    for item in items {
        module(source, item, document);
    }
    if items.is_empty() {
        let root = Located { path: base, place: source.reader.place(Span::new(0, 0)) };
        let roots = vec![root];
        document.modules.push(Module { roots, only: Vec::new(), exclude: Vec::new(), check: None, breaking: None });
    }
}

fn module(source: &mut Source, item: &Node, document: &mut Document) {
    let fields = source.reader.fields(item, item.span, &V2[PART], &V2);
    document.names.extend(name(source, &fields));
    let base = source.base.clone();
    let root = match fields.get("path").and_then(|entry| source.reader.word(entry)) {
        Some(word) => match source.path(&word, &base) {
            Some(path) => source.located(path, &word),
            None => return,
        },
        None => Located { path: base.clone(), place: source.reader.place(item.span) },
    };
    let mut own = |key: &str| {
        let entry = fields.get(key);
        entry.map_or_else(Vec::new, |entry| paths(source, entry, &base, Some(&root.path)))
    };
    let (only, exclude) = (own("includes"), own("excludes"));
    let bases = Bases { from: std::slice::from_ref(&base), within: Some(&root.path) };
    let check = fields.get("lint").map(|entry| source.lint(Some(entry), &bases));
    let breaking = fields.get("breaking").map(|entry| source.breaking(Some(entry), &bases));
    document.modules.push(Module { roots: vec![root], only, exclude, check, breaking });
}
