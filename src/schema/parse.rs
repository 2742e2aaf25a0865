//! Reads one file: its text into a tree, and the tree into what the schema keeps. The tree is gone afterwards. Files that
//! are built in are read here too.

mod builtin;

use std::sync::{Arc, OnceLock};

use protox::file::{File, FileResolver, GoogleFileResolver};

use super::comment;
use super::data::FileData;
use super::lower;
pub(super) use builtin::{WELL_KNOWN, built_in_names};
pub(crate) use builtin::{is_built_in, is_common, is_of_protobuf};

use crate::source::{FileId, SourceFile};
use crate::syntax::{self, Fault, NodeKind, ast};

/// A file that was read. A copy shares what was read.
#[derive(Clone, Debug)]
pub(crate) struct ParsedFile {
    pub(super) data: Arc<FileData>,
}

impl ParsedFile {
    /// The paths it imports, as written.
    pub(crate) fn imports(&self) -> impl Iterator<Item = &str> {
        self.data.imports.iter().map(|import| self.data.text(import.path))
    }

    /// Its package; `None` without a `package` statement.
    pub(crate) fn package(&self) -> Option<&str> {
        self.data.package.map(|package| self.data.text(package))
    }

    /// Whether anything is wrong with its text.
    pub(crate) fn has_faults(&self) -> bool {
        self.data.has_faults
    }

    /// Gives it the name that imports use and the text that findings show.
    pub(crate) fn identify(&mut self, name: String, source: Option<FileId>) {
        if self.data.name == name && self.data.source == source {
            return;
        }
        // The files of descriptor sets are shared before, and those of earlier projects: both may be read again.
        let data = Arc::make_mut(&mut self.data);
        data.name = name;
        data.source = source;
    }

    /// The text that findings show, if there is one.
    pub(crate) fn source(&self) -> Option<FileId> {
        self.data.source
    }

    /// The path relative to its root.
    pub(crate) fn name(&self) -> &str {
        &self.data.name
    }
}

/// Reads a text. What is damaged in it is a fault, and no part of the file; the rest is.
pub(crate) fn parse(source: &SourceFile) -> (ParsedFile, Vec<Fault>) {
    let tree = syntax::parse(source.text());
    let (mut data, more) = lower::tree::lower(&tree);
    let mut faults = tree.faults().to_vec();
    if !more.is_empty() {
        faults.extend(more);
        faults.sort_by_key(|fault| fault.span);
    }
    data.has_faults = !faults.is_empty();
    data.directives = comment::directives(&tree);
    data.hot = comment::hot(&data.directives);
    (ParsedFile { data: Arc::new(data) }, faults)
}

/// The package that a text names, empty where it names none.
pub(crate) fn package(text: &str) -> String {
    let tree = syntax::parse(text);
    let statement = tree.root().child(NodeKind::Package).map(ast::Package);
    statement.and_then(ast::Package::name).unwrap_or_default().0.into_owned()
}

/// The well-known file of that name: those of protobuf itself, protovalidate's options, and what generators declare.
pub(crate) fn built_in(name: &str) -> Option<ParsedFile> {
    if !is_built_in(name) {
        return None;
    }
    static GOOGLE: OnceLock<GoogleFileResolver> = OnceLock::new();
    let mut data = match builtin::own(name) {
        Some(text) => lower::tree::lower(&syntax::parse(text)).0.without_places(),
        None => {
            let mut proto = GOOGLE.get_or_init(GoogleFileResolver::new).open_file(name).ok()?.into();
            if let Some(text) = builtin::later(name) {
                builtin::join(&mut proto, File::from_source(name, text).ok()?.into());
            }
            lower::descriptor::lower(&proto)
        }
    };
    data.name = name.to_owned();
    Some(ParsedFile { data: Arc::new(data) })
}
