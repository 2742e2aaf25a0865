//! The schemas of one release, as far as some files and what they import go.

use std::path::PathBuf;
use std::sync::Arc;

use super::Releases;
use crate::error::Error;
use crate::project::base::{Side, side_of_commit};
use crate::project::excluded;
use crate::project::load::{self, AlreadyRead, Loaded, Request};
use crate::project::path;
use crate::project::settings::Settings;
use crate::source::Sources;

impl Releases {
    /// The files of a state, given as the history calls them, with what they import, linked; their texts are added to
    /// `sources`. The number of releases stands for the present. What cannot be read is among the findings.
    ///
    /// # Errors
    ///
    /// The repository cannot list the files of the state.
    pub(crate) fn load(
        &self,
        settings: &Settings,
        at: u32,
        files: &[&str],
        sources: &mut Sources,
    ) -> Result<Loaded, Error> {
        let side = self.side(at)?;
        let paths: Vec<PathBuf> =
            files.iter().map(|file| PathBuf::from(path::shown_from_here(&self.absolute(file)))).collect();
        let request = Request {
            paths: &paths,
            stdin: None,
            roots: Vec::new(),
            includes: settings.all_includes(),
            project: settings.project(),
            exclude: excluded(&self.scope.config, &self.scope.config.directory),
            view: side.view(),
            skip: None,
            may_lack: None,
            progress: &|| (),
        };
        let (shared, none) = (Vec::new(), AlreadyRead::default());
        Ok(load::start(&request)?.finish(&shared, Default::default(), none, sources).link())
    }

    fn side(&self, at: u32) -> Result<Side, Error> {
        let plain = |fault: crate::project::git::GitFault| Error { message: fault.message, help: fault.help };
        let (commit, label) = match self.commits.get(at as usize) {
            Some(release) => (release.commit, release.name.as_str()),
            None if self.repository.is_bare() => (self.repository.tip("HEAD").map_err(plain)?.commit, "HEAD"),
            None => return Ok(Side::default()),
        };
        side_of_commit(&Arc::clone(&self.repository), commit, label).map_err(plain)
    }
}
