//! What a run works on and by: made once, from arguments, environment and configuration, and only read afterwards. It
//! uses no command line and reads nothing but the configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::base::CompareRequest;
use super::{path, read_all};
use crate::config::{self, Config, RuleNames, Styles};
use crate::error::Error;
use crate::finding::{DirectionFilter, Finding, Layer};
use crate::format::Style;
use crate::report::Report;
use crate::source::{Sources, reason};

/// Which configuration holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConfigChoice {
    /// The nearest at or above the first path, up to the top of its repository; the default one if there is none.
    #[default]
    Nearest,
    /// That of this file.
    File(PathBuf),
    /// This one, which may be the Go tool's.
    OfGoTool(PathBuf),
    /// The default one, whatever lies around.
    Default,
}

/// A text that stands in for a file, such as what standard input or an editor brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StdinText {
    /// The path that it stands for; the file need not exist.
    pub path: PathBuf,
    /// The text; UTF-8, or findings say that it is not.
    pub bytes: Vec<u8>,
}

impl StdinText {
    /// Reads standard input to its end.
    ///
    /// # Errors
    ///
    /// It cannot be read, or has no end in sight.
    pub fn read(path: PathBuf) -> Result<StdinText, Error> {
        let cannot = |error| Error::new(format!("standard input cannot be read: {}", reason(&error)));
        Ok(StdinText { path, bytes: read_all(std::io::stdin().lock()).map_err(cannot)? })
    }
}

/// Directories for imports only, absolute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Includes {
    /// By the command line. Where one holds what is checked, that is checked nevertheless.
    pub(crate) given: Vec<PathBuf>,
    /// By the configuration.
    pub(crate) configured: Vec<PathBuf>,
}

impl Includes {
    /// In the order in which they are searched.
    pub(crate) fn all(&self) -> impl Iterator<Item = &PathBuf> {
        self.given.iter().chain(&self.configured)
    }
}

/// What a run works on and by.
///
/// ```
/// use protolint::{ConfigChoice, Settings};
///
/// let mut settings = Settings::default();
/// settings.paths.push("testdata/blog".into());
/// settings.configure(&ConfigChoice::Nearest).expect("its configuration has no faults");
/// settings.rule_names.except.push("COMMENTS".to_owned());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Directories and `.proto` files, counted from the current directory, or a descriptor set where schemas are
    /// compared. None stands for the configured roots, or else for the current directory.
    pub paths: Vec<PathBuf>,
    /// A text to check instead of `paths`.
    pub stdin: Option<StdinText>,
    /// Directories that only supply imports, in addition to the configured ones.
    pub includes: Vec<PathBuf>,
    /// The configuration; its directory is absolute. [`Settings::configure`] reads it.
    pub config: Arc<Config>,
    /// Names of rules given for this run.
    pub rule_names: RuleNames,
    /// Layers given for this run, which changes have to break; those of the configuration where there are none.
    pub layers: Vec<Layer>,
    /// The directions given for this run, in which changes have to break them; those of the configuration otherwise.
    pub direction: Option<DirectionFilter>,
    /// Whether an import that is not found is an error.
    pub strict_imports: bool,
    /// Whether what could not be compared is an error.
    pub strict: bool,
    /// Whether changes that the branch has already that this one will be merged into are as bad as new ones.
    pub fail_on_inherited: bool,
    /// Whether each proto2 and proto3 file is read by a second parser too, and what differs is reported.
    pub self_check: bool,
    /// What to compare with.
    pub base: CompareRequest,
    /// The texts that places in the configuration are in.
    pub(crate) sources: Sources,
}

/// The current directory, by the default configuration.
impl Default for Settings {
    fn default() -> Settings {
        Settings {
            paths: Vec::new(),
            stdin: None,
            includes: Vec::new(),
            config: Arc::new(Config { directory: path::absolute(Path::new(".")), ..Config::default() }),
            rule_names: RuleNames::default(),
            layers: Vec::new(),
            direction: None,
            strict_imports: false,
            strict: false,
            fail_on_inherited: false,
            self_check: false,
            base: CompareRequest::default(),
            sources: Sources::new(),
        }
    }
}

impl Settings {
    /// Reads the configuration that holds for the paths.
    ///
    /// # Errors
    ///
    /// The configuration has faults: a report of all of them.
    pub fn configure(&mut self, choice: &ConfigChoice) -> Result<(), Box<Report>> {
        let start = self.start();
        let found = match choice {
            ConfigChoice::File(file) | ConfigChoice::OfGoTool(file) => Some((file.clone(), path::shown(file))),
            ConfigChoice::Nearest => config::discover(&path::absolute(&start)).map(|file| {
                let shown = path::shown_from_here(&file);
                (file, shown)
            }),
            ConfigChoice::Default => None,
        };
        let config = match found {
            None => Config { directory: path::absolute(&start), ..Config::default() },
            Some((file, shown)) => {
                let config = match choice {
                    ConfigChoice::OfGoTool(_) => config::load_of_go_tool(&file, shown, &mut self.sources),
                    _ => config::load(&file, shown, &mut self.sources),
                };
                let config = config.map_err(|faults| self.faults(faults))?;
                Config { directory: path::absolute(&config.directory), ..config }
            }
        };
        let config = Config { uses_editor_config: *choice != ConfigChoice::Default, ..config };
        self.config = Arc::new(config);
        Ok(())
    }

    /// Checks that the directories given for imports are there.
    ///
    /// # Errors
    ///
    /// The first that is none.
    pub fn check_includes(&self) -> Result<(), Error> {
        match self.includes.iter().find(|include| !include.is_dir()) {
            Some(include) => Err(Error::new(format!("`-I {}` is not a directory", path::shown(include)))),
            None => Ok(()),
        }
    }

    /// The texts that places in the configuration are in.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Where the configuration is looked for: at the first path, or here.
    pub(crate) fn start(&self) -> PathBuf {
        let stdin = self.stdin.as_ref().map(|stdin| stdin.path.as_path());
        let first = stdin.or(self.paths.first().map(PathBuf::as_path)).unwrap_or(Path::new("."));
        if first.is_dir() {
            return first.to_owned();
        }
        first.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
    }

    /// The roots of the configuration, absolute.
    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        self.config.roots.iter().map(|root| self.in_config(root)).collect()
    }

    /// All directories for imports only.
    pub(crate) fn all_includes(&self) -> Includes {
        Includes {
            given: self.includes.iter().map(|include| path::absolute(include)).collect(),
            configured: self.config.includes.iter().map(|include| self.in_config(include)).collect(),
        }
    }

    /// The directory of the configuration, if there is one.
    pub(crate) fn project(&self) -> Option<PathBuf> {
        self.config.source.map(|_| self.config.directory.clone())
    }

    /// How a file is formatted, given by its absolute path: by the configuration, and by `.editorconfig` files where that
    /// sets nothing.
    pub fn style_of(&self, absolute: &Path) -> Style {
        self.style_in(&Styles::new(&self.config), absolute)
    }

    /// The same where many files are formatted.
    pub(crate) fn style_in(&self, styles: &Styles<'_>, absolute: &Path) -> Style {
        let relative = path::below(absolute, &self.config.directory).unwrap_or_else(|| path::shown(absolute));
        styles.style_of(absolute, &relative)
    }

    fn in_config(&self, relative: &str) -> PathBuf {
        path::absolute(&self.config.directory.join(relative))
    }

    /// What is wrong with a file of the configuration, as a report.
    pub(crate) fn faults(&self, findings: Vec<Finding>) -> Box<Report> {
        Box::new(Report::sorted(findings, self.sources.clone()))
    }
}
