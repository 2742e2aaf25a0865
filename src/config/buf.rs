//! Reads `buf.yaml` and `buf.work.yaml`, and says in the terms of [`Config`] what they say. What has no counterpart
//! here becomes a note. It uses no schemas, and asks no registry.

mod document;
mod policies;
mod section;
mod source;
mod workspace;

use std::collections::BTreeSet;
use std::path::Path;

pub(super) use document::keys;
pub(super) use workspace::holds;

use self::document::{Document, Module};
use self::source::{Located, Source, is_within};
use super::buf_version::BufVersion;
use super::files::{FILE_NAMES, MAX_BYTES, MODULE_FILE, WORKSPACE_FILE, take_in};
use super::model::{Config, Note, Places, Scope};
use super::raw::{self, Node, Value};
use super::reader::Word;
use crate::finding::Finding;
use crate::pattern::PathPatterns;
use crate::source::{FileId, Sources};

/// Dependencies whose files are all built in.
const BUILT_IN: [&str; 2] = ["buf.build/bufbuild/protovalidate", "buf.build/envoyproxy/protoc-gen-validate"];

/// Whether a configuration is one of buf: by the name of its file, or by how its version is written.
pub(super) fn is_of_buf(path: &Path, text: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name == MODULE_FILE || name == WORKSPACE_FILE || FILE_NAMES.contains(&name) {
        return name == MODULE_FILE || name == WORKSPACE_FILE;
    }
    let Ok(Node { value: Value::Mapping(entries), .. }) = raw::read(text) else { return false };
    entries.iter().any(|entry| {
        matches!((&entry.key.value, &entry.value.value), (Value::Text(key), Value::Text(version))
            if key == "version" && BufVersion::of(version).is_some())
    })
}

/// Reads the configuration at `path` whose text is `file`, and those of the modules it names.
pub(super) fn load(path: &Path, file: FileId, sources: &mut Sources) -> (Config, Vec<Finding>) {
    let directory = path.parent().unwrap_or(Path::new(""));
    let mut documents = Vec::new();
    let mut findings = Vec::new();
    let text = sources.get(file).text().to_owned();
    let mut first = Source::new(file, ".");
    match workspace::directories(&mut first, path, &text) {
        None => {
            let mut document = document::read(&mut first, &text);
            policies::apply(&mut first, &mut document, directory, sources);
            documents.push(document);
        }
        Some(members) => {
            for Located { path: member, place } in members {
                let own = directory.join(&member).join(MODULE_FILE);
                if !own.is_file() {
                    documents.push(Document::absent(Located { path: member, place }));
                    continue;
                }
                let shown = Path::new(sources.get(file).path()).with_file_name("").join(&member).join(MODULE_FILE);
                match take_in(&own, shown.to_string_lossy().replace('\\', "/"), MAX_BYTES, sources) {
                    Err(fault) => findings.push(*fault),
                    Ok(inner) => {
                        let text = sources.get(inner).text().to_owned();
                        let mut source = Source::new(inner, &member);
                        let document = document::read(&mut source, &text);
                        policies::skip(&mut source, &document);
                        documents.push(document);
                        findings.append(&mut source.reader.findings);
                        first.notes.append(&mut source.notes);
                    }
                }
            }
        }
    }
    findings.append(&mut first.reader.findings);
    (Config { source: Some(file), ..assemble(documents, first.notes) }, findings)
}

/// Reads one `buf.yaml`, without a look at the file system.
pub(super) fn parse(text: &str, file: FileId) -> (Config, Vec<Finding>) {
    let mut source = Source::new(file, ".");
    let document = document::read(&mut source, text);
    policies::skip(&mut source, &document);
    (Config { source: Some(file), ..assemble(vec![document], source.notes) }, source.reader.findings)
}

/// The roots of the modules of a `buf.work.yaml`; `read` gives the text of the `buf.yaml` at a path below its
/// directory.
pub(super) fn workspace_roots(text: &str, file: FileId, read: &dyn Fn(&Path) -> Option<String>) -> Vec<String> {
    let mut source = Source::new(file, ".");
    let members = workspace::directories(&mut source, Path::new(WORKSPACE_FILE), text).unwrap_or_default();
    let roots = members.into_iter().flat_map(|member| {
        let document = match read(&Path::new(&member.path).join(MODULE_FILE)) {
            Some(text) => document::read(&mut Source::new(file, &member.path), &text),
            None => Document::absent(member),
        };
        document.modules.into_iter().flat_map(|module| module.roots).map(|root| root.path)
    });
    roots.collect()
}

/// One configuration of what several files say.
fn assemble(documents: Vec<Document>, mut notes: Vec<Note>) -> Config {
    let names: Vec<String> = documents.iter().flat_map(|document| document.names.iter().cloned()).collect();
    notes.extend(documents.iter().filter_map(|document| dependencies(document, &names)));
    notes.sort_by_key(|note| note.place);
    let is_workspace = documents.len() > 1;
    let mut config = Config { notes, ..Config::default() };
    let mut modules: Vec<Module> = Vec::new();
    for (index, document) in documents.into_iter().enumerate() {
        let Document { modules: own, check, breaking, .. } = document;
        if is_workspace {
            // Each file configures its own module only.
            let with = |module| Module { check: Some(check.clone()), breaking: Some(breaking.clone()), ..module };
            modules.extend(own.into_iter().map(with));
        } else {
            modules.extend(own);
        }
        if index == 0 {
            (config.check, config.breaking) = (check, breaking);
        }
    }
    // What is chosen among the files of another module counts before that one.
    modules.sort_by_key(|module| (!module.only.is_empty(), module.roots.first().map_or(0, |root| root.path.len())));
    let (mut roots, mut places): (Vec<String>, Places) = Default::default();
    let mut known = BTreeSet::new();
    for root in modules.iter().flat_map(|module| &module.roots) {
        if known.insert(&root.path) {
            roots.push(root.path.clone());
            places.roots.push(root.place);
        }
    }
    let excluded = excluded(&modules);
    places.exclude = excluded.iter().map(|path| path.place).collect();
    config.exclude = PathPatterns::literal(excluded.iter().map(|path| path.path.clone()).collect());
    if modules.iter().any(|module| !module.only.is_empty()) {
        config.only = PathPatterns::literal(modules.iter().flat_map(Module::paths).collect());
    }
    (config.roots, config.places) = (roots, places);
    scopes(modules, &mut config);
    config
}

/// What modules leave out and no other one has.
fn excluded(modules: &[Module]) -> Vec<&Located> {
    let paths: Vec<(usize, String)> = modules
        .iter()
        .enumerate()
        .flat_map(|(index, module)| module.paths().into_iter().map(move |path| (index, path)))
        .collect();
    let is_of_another =
        |own: usize, path: &str| paths.iter().any(|(index, other)| *index != own && is_within(other, path));
    let all = modules.iter().enumerate();
    all.flat_map(|(index, module)| module.exclude.iter().map(move |excluded| (index, excluded)))
        .filter(|(index, excluded)| !is_of_another(*index, &excluded.path))
        .map(|(_, excluded)| excluded)
        .collect()
}

/// Gives modules that differ their own sections.
fn scopes(modules: Vec<Module>, config: &mut Config) {
    let is_like = |scope: &Scope, module: &Module| scope.check == module.check && scope.breaking == module.breaking;
    let mut scopes: Vec<(Vec<String>, Scope)> = Vec::new();
    for module in modules {
        match scopes.iter_mut().find(|(_, scope)| is_like(scope, &module)) {
            Some((paths, _)) => paths.extend(module.paths()),
            None => {
                let paths = module.paths();
                let Module { check, breaking, .. } = module;
                scopes.push((paths, Scope { paths: PathPatterns::default(), places: Vec::new(), check, breaking }));
            }
        }
    }
    if let [(_, Scope { check, breaking, .. })] = &mut scopes[..] {
        config.check = check.take().unwrap_or_else(|| std::mem::take(&mut config.check));
        config.breaking = breaking.take().unwrap_or_else(|| std::mem::take(&mut config.breaking));
        return;
    }
    let finished = scopes.into_iter().map(|(paths, scope)| Scope { paths: PathPatterns::literal(paths), ..scope });
    config.scopes = finished.collect();
}

/// What follows from dependencies that are no modules of the workspace.
fn dependencies(document: &Document, names: &[String]) -> Option<Note> {
    let bare = |name: &str| name.split(':').next().unwrap_or_default().to_owned();
    let is_foreign =
        |word: &&Word| !names.contains(&bare(&word.text)) && !BUILT_IN.contains(&bare(&word.text).as_ref());
    let foreign: Vec<String> = document.deps.iter().filter(is_foreign).map(|word| format!("`{word}`")).collect();
    let shown = match foreign.len() {
        0 => return None,
        count @ 4.. => format!("{} and {} more", foreign[..3].join(", "), count - 3),
        _ => foreign.join(", "),
    };
    let text = format!(
        "`deps` are not downloaded: imports from {shown} are found only in directories passed with `--include`"
    );
    Some(Note { place: document.deps_place, text })
}
