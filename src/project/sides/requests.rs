//! Which files that did not change have HTTP bindings that a change reaches: rpcs whose requests hold a message with
//! other parameters now, and rpcs beside new bindings, which may take their requests.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Sides;
use crate::project::base::Base;
use crate::project::load::Loaded;
use crate::schema::{self, Annotations, Element, Field, File, Message, Method};

/// What the text of a file with HTTP bindings has.
const ANNOTATIONS: &str = "google/api/annotations.proto";

/// What other files with HTTP bindings may notice.
#[derive(PartialEq, Eq)]
pub(super) struct ChangedRequests {
    /// The names of files with messages that lost names of fields.
    files: FxHashSet<String>,
    /// The packages of rpcs that have other bindings now.
    packages: FxHashSet<String>,
}

impl Sides {
    /// Files of the later side that were not read, as they did not change, and have HTTP bindings that a change reaches.
    pub(super) fn files_with_other_requests(&self, base: &Base) -> Vec<PathBuf> {
        let changed = self.changed_requests();
        if changed.files.is_empty() && changed.packages.is_empty() {
            return Vec::new();
        }
        let view = base.after.view();
        let texts = self.after.unread.par_iter().filter(|path| base.unchanged.contains(path));
        let texts: Vec<(&PathBuf, Text)> =
            texts.filter_map(|path| Some((path, Text::of(&view.read(path).ok()?)))).collect();
        if texts.iter().all(|(_, text)| !text.has_bindings) {
            return Vec::new();
        }
        let importers = importers(&texts, changed.files);
        let is_beside = |text: &Text| changed.packages.contains(&text.package);
        let is_reached = |(path, text): &(&PathBuf, Text)| {
            text.has_bindings && (importers.contains(path.as_path()) || is_beside(text))
        };
        texts.iter().filter(|found| is_reached(found)).map(|(path, _)| (*path).clone()).collect()
    }

    /// What changed of requests.
    pub(super) fn changed_requests(&self) -> ChangedRequests {
        let after: FxHashMap<&str, Message<'_>> =
            messages(&self.after).map(|message| (message.full_name(), message)).collect();
        let lost =
            |message: &Message<'_>| after.get(message.full_name()).is_some_and(|now| loses_names(*message, *now));
        let files = messages(&self.before).filter(lost).map(|message| message.file().name().to_owned()).collect();
        let old: FxHashMap<String, String> = bindings(&self.before).collect();
        let is_new = |method: &Method<'_>| {
            let text = written(*method);
            !text.is_empty() && old.get(&Element::Method(*method).full_name()) != Some(&text)
        };
        let packages =
            methods(&self.after).filter(is_new).map(|method| method.file().package().unwrap_or_default().to_owned());
        ChangedRequests { files, packages: packages.collect() }
    }
}

fn own(side: &Loaded) -> impl Iterator<Item = File<'_>> {
    side.schema.files().filter(|file| file.is_target())
}

fn messages(side: &Loaded) -> impl Iterator<Item = Message<'_>> {
    own(side).flat_map(File::all_messages).filter(|message| !message.is_map_entry())
}

fn methods(side: &Loaded) -> impl Iterator<Item = Method<'_>> {
    own(side).flat_map(File::services).flat_map(|service| service.methods())
}

fn bindings(side: &Loaded) -> impl Iterator<Item = (String, String)> {
    methods(side).map(|method| (Element::Method(method).full_name(), written(method)))
}

/// The bindings of an rpc, as one text.
fn written(method: Method<'_>) -> String {
    let has_any = method.options().iter().next().is_some();
    let options = has_any.then(|| Annotations::of_element(Element::Method(method)));
    options.and_then(|options| Some(options.get("(google.api.http)")?.to_string())).unwrap_or_default()
}

/// Whether a name that a query parameter can have is not that of a field any more.
fn loses_names(before: Message<'_>, after: Message<'_>) -> bool {
    let is_known = |name: &str| after.field_named(name).is_some() || after.field_keyed(name).is_some();
    before.fields().any(|field: Field<'_>| !is_known(field.name()) || !is_known(&field.json_name()))
}

/// What the text of a file says of these things.
struct Text {
    imports: Vec<String>,
    has_bindings: bool,
    /// Empty where there are no bindings.
    package: String,
}

impl Text {
    fn of(text: &str) -> Text {
        let quoted = |rest: &str| Some(rest.split(['"', '\'']).nth(1)?.to_owned());
        let imports = text.split("import").skip(1).filter_map(|rest| quoted(rest.split(';').next()?)).collect();
        let has_bindings = text.contains(ANNOTATIONS);
        let package = if has_bindings { schema::package(text) } else { String::new() };
        Text { imports, has_bindings, package }
    }
}

/// The files that import files of these names, directly or not.
fn importers<'t>(texts: &'t [(&PathBuf, Text)], mut names: FxHashSet<String>) -> FxHashSet<&'t Path> {
    let mut found: FxHashSet<&Path> = FxHashSet::default();
    loop {
        let imports = |text: &Text| text.imports.iter().any(|import| names.contains(import));
        let new = texts.iter().filter(|(path, text)| !found.contains(path.as_path()) && imports(text));
        let new: Vec<&Path> = new.map(|(path, _)| path.as_path()).collect();
        if new.is_empty() {
            return found;
        }
        for path in new {
            found.insert(path);
            // Its name in whichever root.
            let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            names.extend((0..parts.len()).map(|at| parts[at..].join("/")));
        }
    }
}
