//! Projects that lie on no disk: names with texts, or the files of a descriptor set.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::load::{self, Complete};
use super::settings::Settings;
use super::view::{Snapshot, View};
use super::{Project, ReadFault, descriptor_set, path, request};
use crate::config::Config;
use crate::error::Error;
use crate::source::Sources;

/// The directory that stands for the root of the files; none of that name needs to exist.
const TOP: &str = "in_memory";

/// The bytes of files by name, or why there are none.
type Bytes = BTreeMap<String, Result<Vec<u8>, String>>;

/// Files that were parsed and not linked yet: the first half of [`Project::in_memory`], for measuring both.
#[derive(Clone)]
pub struct Parsed {
    settings: Arc<Settings>,
    snapshot: Arc<Snapshot>,
    sources: Sources,
    files: Complete,
}

impl Parsed {
    /// Parses files, given by the names that imports use, with `/` between components.
    pub fn parse<N: Into<String>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (N, T)>) -> Parsed {
        let files: Bytes = files.into_iter().map(|(name, text)| (plain_name(name.into()), Ok(text.into()))).collect();
        let (names, texts): (Vec<String>, Vec<Result<Vec<u8>, String>>) = files.into_iter().unzip();
        let top = path::absolute(Path::new(TOP));
        let snapshot = Snapshot::new(top.clone(), None, names, move |index, _| {
            texts[index].clone().map_err(ReadFault::Unreadable)
        });
        Parsed::read(snapshot.shown_from_top(), vec![top])
    }

    fn read(snapshot: Snapshot, paths: Vec<PathBuf>) -> Parsed {
        let top = path::absolute(Path::new(TOP));
        let config = Config { directory: top.clone(), roots: vec![".".to_owned()], ..Config::default() };
        let settings = Settings { paths, config: Arc::new(config), ..Settings::default() };
        let snapshot = snapshot.alone();
        let mut sources = Sources::new();
        let files = load::read(&request(&settings, View::of(&snapshot), None, &|| ()), &mut sources);
        let files = files.expect("what is in memory can be walked");
        Parsed { settings: Arc::new(settings), snapshot: Arc::new(snapshot), sources, files }
    }

    /// Bytes of all texts.
    pub fn bytes(&self) -> usize {
        self.sources.iter().map(|(_, file)| file.text().len()).sum()
    }

    /// Links the files with each other and with the well-known files that they import.
    pub fn link(self) -> Project {
        Project {
            settings: self.settings,
            snapshot: Some(self.snapshot),
            loaded: Arc::new(self.files.link()),
            sources: self.sources,
            edited: Arc::default(),
            used_excludes: Arc::new([]),
        }
    }
}

impl Project {
    /// Takes files by the names that imports use, with `/` between components, and touches no disk.
    ///
    /// What cannot be parsed is no error: the reports of the project say so.
    pub fn in_memory<N: Into<String>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (N, T)>) -> Project {
        Parsed::parse(files).link()
    }

    /// Takes the files of a serialized `google.protobuf.FileDescriptorSet`, as `protoc -o` and `buf build -o` write it.
    /// Findings are about the files that the set holds, those aside that it only imports.
    ///
    /// # Errors
    ///
    /// The bytes are no descriptor set. What is wrong with one file of it is a finding.
    pub fn from_descriptor_set(bytes: &[u8]) -> Result<Project, Error> {
        let top = path::absolute(Path::new(TOP));
        let set = descriptor_set::snapshot(bytes, top, None);
        let (snapshot, targets) = set.map_err(|fault| Error { message: fault.message, help: fault.help })?;
        Ok(Parsed::read(snapshot, targets).link())
    }
}

/// A name that leads to no other directory: what is none is reported with the text.
pub(crate) fn plain_name(name: String) -> String {
    let is_plain = Path::new(&name).components().all(|part| matches!(part, Component::Normal(_)));
    if is_plain && !name.is_empty() { name } else { name.replace(['/', '\\'], "_") }
}
