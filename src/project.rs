//! What to read: paths, commits, descriptor sets and edited texts become files with the names findings show, parsed and
//! linked. It uses no rules but by their ids, and nothing of how findings are made.

pub(crate) mod base;
pub(crate) mod descriptor_set;
mod edit;
mod file;
pub(crate) mod git;
pub(crate) mod load;
mod memory;
pub(crate) mod path;
pub(crate) mod project_file;
pub(crate) mod releases;
pub(crate) mod replace;
pub(crate) mod roots;
pub(crate) mod settings;
pub(crate) mod sides;
pub(crate) mod targets;
pub(crate) mod view;
pub(crate) mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub(crate) use file::{InputFile, ReadFault, decode, read, read_all, read_file_or_pipe, read_regular};
pub use memory::Parsed;
pub(crate) use memory::plain_name;

use crate::config::{Config, Styles};
use crate::error::Error;
use crate::format::Style;
use crate::schema::Schema;
use crate::source::{FileId, Sources};
use base::{Base, FoundBase, Side};
use load::{Loaded, Request};
use settings::{Settings, StdinText};
use view::{Edited, Known, Snapshot, View};
use walk::Exclude;

/// Schemas that were read, parsed and linked, with all they import.
///
/// A project never changes. [`Project::with_texts`] makes another one of it in which some texts are others, and shares
/// with it whatever stayed the same: so an editor keeps one project and lays its open buffers over it.
///
/// ```
/// use protolint::{Project, Rules};
///
/// let project = Project::in_memory([("a/v1/user.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage user {}\n")]);
/// let report = project.lint(&Rules::default());
/// assert_eq!(report.findings[0].rule, "MESSAGE_PASCAL_CASE");
/// ```
#[derive(Clone)]
pub struct Project {
    pub(crate) settings: Arc<Settings>,
    /// What is read instead of the disk.
    snapshot: Option<Arc<Snapshot>>,
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) sources: Sources,
    /// Texts that are others than those that were found.
    edited: Arc<Edited>,
    /// For each pattern of what is not walked, whether it left anything out.
    pub(crate) used_excludes: Arc<[bool]>,
}

impl Project {
    /// Reads what the settings name, what stands beside it in its import roots, and what all of that imports. The only
    /// path may be a descriptor set.
    ///
    /// What cannot be read or parsed is no error: the reports of the project say so.
    ///
    /// # Errors
    ///
    /// The only path there is does not exist, or cannot be walked.
    pub fn open(settings: &Settings) -> Result<Project, Error> {
        Project::open_watched(settings, &|| ())
    }

    /// The same; `on_read` is called once for each file that was read, on any thread.
    ///
    /// # Errors
    ///
    /// As those of [`Project::open`].
    pub fn open_watched(settings: &Settings, on_read: &(dyn Fn() + Sync)) -> Result<Project, Error> {
        let mut settings = settings.clone();
        let set = descriptor_set::given(&settings)?;
        let snapshot = set.map(|(snapshot, targets)| {
            settings.paths = targets;
            Arc::new(snapshot)
        });
        Project::read(Arc::new(settings), snapshot, &Edited::default(), on_read)
    }

    /// Reads the earlier state of what the settings name, as [`Settings::base`] has it: that of a commit, a directory
    /// or a descriptor set. `None` where there is nothing to compare with yet.
    ///
    /// # Errors
    ///
    /// What was asked for is not there, cannot be read, or nothing says what to compare with.
    pub fn open_base(settings: &Settings) -> Result<Option<Project>, Error> {
        match Base::find(settings)? {
            FoundBase::Base(base) => Project::open_earlier(settings, *base).map(Some),
            FoundBase::Nothing(_) => Ok(None),
        }
    }

    /// Reads the earlier state of a base.
    ///
    /// # Errors
    ///
    /// A path cannot be walked, or the repository cannot give a file.
    pub(crate) fn open_earlier(settings: &Settings, base: Base) -> Result<Project, Error> {
        let Base { before: Side { snapshot, paths, .. }, unread, .. } = base;
        let mut settings = settings.clone();
        if let Some(paths) = paths {
            settings.paths = paths;
        }
        let project = Project::read(Arc::new(settings), snapshot, &Edited::default(), &|| ())?;
        unread.check()?;
        Ok(project)
    }

    fn read(
        settings: Arc<Settings>,
        snapshot: Option<Arc<Snapshot>>,
        edited: &Edited,
        on_read: &(dyn Fn() + Sync),
    ) -> Result<Project, Error> {
        Project::read_after(settings, snapshot, edited, (&Known::default(), &Schema::default()), on_read)
    }

    /// The same where some files are known, and linked in a schema.
    fn read_after(
        settings: Arc<Settings>,
        snapshot: Option<Arc<Snapshot>>,
        edited: &Edited,
        (known, before): (&Known, &Schema),
        on_read: &(dyn Fn() + Sync),
    ) -> Result<Project, Error> {
        let view = snapshot.as_deref().map_or_else(View::default, View::of).with(edited).knowing(known);
        let request = request(&settings, view, stdin_with(&settings, edited), on_read);
        let mut sources = settings.sources.clone();
        let loaded = load::load(&request, before, &mut sources)?;
        let used_excludes = request.exclude.used.iter().map(|used| used.load(Ordering::Relaxed)).collect();
        drop(request);
        let (loaded, edited) = (Arc::new(loaded), Arc::new(edited.clone()));
        Ok(Project { settings, snapshot, loaded, sources, edited, used_excludes })
    }

    /// What the project was opened by.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// All texts: those of the configuration first, then the schemas.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The linked schemas.
    pub fn schema(&self) -> &Schema {
        &self.loaded.schema
    }

    /// How many files findings are wanted on, those that cannot be read included.
    pub fn target_files(&self) -> usize {
        self.loaded.targets
    }

    /// The path of the descriptor set that the project is made of.
    pub(crate) fn set(&self) -> Option<&Path> {
        self.snapshot.as_ref()?.set()
    }

    /// What was given and is not looked at, as it lies in no root or only supplies imports.
    pub(crate) fn left_out(&self) -> &[load::LeftOut] {
        &self.loaded.left_out
    }

    /// The schemas that could not be read, or not without faults.
    pub fn unparsed(&self) -> Vec<FileId> {
        let mut parsed = vec![false; self.sources.len()];
        for source in self.loaded.schema.files().filter(|file| !file.has_faults()).filter_map(|file| file.source()) {
            parsed[source.index()] = true;
        }
        self.sources.iter().map(|(id, _)| id).filter(|id| self.absolute(*id).is_some() && !parsed[id.index()]).collect()
    }

    /// The absolute path of a schema's text.
    pub fn absolute(&self, text: FileId) -> Option<&Path> {
        self.loaded.absolute.get(text.index()).map(PathBuf::as_path).filter(|path| !path.as_os_str().is_empty())
    }

    /// How a schema is formatted, by the configuration and by `.editorconfig` files.
    pub(crate) fn style_of(&self, text: FileId) -> Style {
        let config = &self.settings.config;
        let path = self.absolute(text).unwrap_or(&config.directory);
        let relative = path::below(path, &config.directory).unwrap_or_else(|| path::shown(path));
        Styles::new(config).style_of(path, &relative)
    }

    /// The text of standard input as it was read; empty where there is none.
    pub fn stdin_text(&self) -> &str {
        let path = self.settings.stdin.as_ref().map(|stdin| path::absolute(&stdin.path));
        let file = self.sources.iter().find(|(id, _)| path.is_some() && self.absolute(*id) == path.as_deref());
        file.map_or("", |(_, file)| file.text())
    }

    /// For each text, by its index, its path as the patterns of the configuration mean it.
    pub(crate) fn relative(&self) -> Vec<String> {
        let directory = &self.settings.config.directory;
        // The files of a set are as they are named.
        let set = self.set();
        let relative = |file: &PathBuf| {
            let named = set.and_then(|set| path::below(file, set)).or_else(|| path::below(file, directory));
            named.unwrap_or_else(|| path::shown(file))
        };
        self.loaded.absolute.iter().map(relative).collect()
    }
}

/// What the settings ask to read.
fn request<'a>(
    settings: &'a Settings,
    view: View<'a>,
    stdin: Option<StdinText>,
    progress: &'a (dyn Fn() + Sync),
) -> Request<'a> {
    // The names in a set count from the set, whatever lies around it.
    let set = view.set().map(Path::to_owned);
    let exclude = match set {
        Some(_) => Exclude::nothing(&settings.config.directory),
        None => excluded(&settings.config, &settings.config.directory),
    };
    Request {
        paths: if stdin.is_some() { &[] } else { &settings.paths },
        stdin,
        roots: set.map_or_else(|| settings.roots(), |set| vec![set]),
        includes: settings.all_includes(),
        project: settings.project(),
        exclude,
        view,
        skip: None,
        may_lack: None,
        progress,
    }
}

/// What is not walked, where the configuration is about a tree at `directory`.
pub(crate) fn excluded<'a>(config: &'a Config, directory: &'a Path) -> Exclude<'a> {
    Exclude::new(directory, &config.exclude).only(&config.only)
}

/// What standard input brought, or what that was edited to.
fn stdin_with(settings: &Settings, edited: &Edited) -> Option<StdinText> {
    let stdin = settings.stdin.as_ref()?;
    let text = edited.get(&path::absolute(&stdin.path)).map(|text| text.clone().into_bytes());
    Some(StdinText { path: stdin.path.clone(), bytes: text.unwrap_or_else(|| stdin.bytes.clone()) })
}
