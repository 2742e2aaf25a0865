//! The configuration: what `protolint.yaml` or buf's `buf.yaml` says, found and checked. It knows rules by their ids and
//! groups, and nothing of schemas, of running rules or of output.

mod breaking;
mod buf;
mod check;
mod convert;
mod discover;
mod exceptions;
mod init;
mod names;
mod raw;
mod reader;
mod selection;
mod sets;
mod spans;
mod text;
mod validate;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub use breaking::{BreakingConfig, LayerPolicy};
pub use buf::BufVersion;
pub use check::{CheckConfig, Ignore};
pub use convert::converted;
use convert::converted_text;
pub use discover::{FILE_NAMES, discover};
use exceptions::parse_baseline;
pub(crate) use exceptions::{Acceptance, Accepted, Baseline, Entry};
pub(crate) use exceptions::{load_accepted, load_baseline, parse_accepted};
pub use init::init_text;
pub use names::{ALL, RuleList, UnknownName, select};
pub use selection::RuleNames;
pub(crate) use selection::Selection;
pub use sets::{PRESETS, Preset, Sets};
pub use text::{ReadText, read_text};

use crate::finding::Finding;
use crate::pattern::PathPatterns;
use crate::rules::Rule;
use crate::rules::compile::{CONFIG_INVALID, INPUT_UNREADABLE};
use crate::rules::nearest::nearest;
use crate::source::{FileId, Place, SourceFile, Sources, Span, link_elsewhere, reason};

/// What a run is told by its configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The directory that all relative paths and patterns start from.
    pub directory: PathBuf,
    /// The text it was read from, if there is one.
    pub source: Option<FileId>,
    /// Directories that imports count from; none if they are to be found from what the files say.
    pub roots: Vec<String>,
    /// Directories that only supply imports.
    pub includes: Vec<String>,
    /// What is not walked.
    pub exclude: PathPatterns,
    /// The files that alone are looked at; all where there are none.
    pub only: PathPatterns,
    /// Where entries stand, for findings about them.
    pub places: Places,
    /// What `check` is told.
    pub check: CheckConfig,
    /// What `breaking` is told.
    pub breaking: BreakingConfig,
    /// Other sections for some files; the last that covers a file counts.
    pub scopes: Vec<Scope>,
    /// What has no effect, and what follows from that.
    pub notes: Vec<Note>,
}

/// What holds for some files instead of the sections for all.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The files.
    pub paths: PathPatterns,
    /// Where each of the patterns stands, as far as it stands anywhere.
    pub places: Vec<Place>,
    /// What `check` is told about them, unless it is what it is told about all.
    pub check: Option<CheckConfig>,
    /// What `breaking` is told about them, unless it is what it is told about all.
    pub breaking: Option<BreakingConfig>,
}

/// The most scopes, or modules of buf, that one configuration may have.
pub const MOST_SCOPES: usize = 1000;

/// Something in a configuration that has no effect here; it is told, and fails nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Where it stands.
    pub place: Place,
    /// What it is, and what follows.
    pub text: String,
}

impl Config {
    /// What `check` is told about the files of a scope.
    pub fn check_in<'c>(&'c self, scope: &'c Scope) -> &'c CheckConfig {
        scope.check.as_ref().unwrap_or(&self.check)
    }

    /// What `breaking` is told about the files of a scope.
    pub fn breaking_in<'c>(&'c self, scope: &'c Scope) -> &'c BreakingConfig {
        scope.breaking.as_ref().unwrap_or(&self.breaking)
    }

    /// The index of the scope that a path is in, which counts from the configuration's directory; none for the sections for
    /// all.
    pub fn scope_of(&self, path: &str) -> Option<usize> {
        self.scopes.iter().rposition(|scope| scope.paths.matches(path))
    }
}

/// Where the entries of a configuration stand: an item for each entry, in the same order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    /// Of [`Config::roots`].
    pub roots: Vec<Place>,
    /// Of [`Config::includes`].
    pub includes: Vec<Place>,
    /// Of the patterns of [`Config::exclude`].
    pub exclude: Vec<Place>,
    /// Of the patterns of [`Config::only`].
    pub only: Vec<Place>,
}

/// What an absent file means.
impl Default for Config {
    fn default() -> Config {
        Config {
            directory: PathBuf::from("."),
            source: None,
            roots: Vec::new(),
            includes: Vec::new(),
            exclude: PathPatterns::default(),
            only: PathPatterns::default(),
            places: Places::default(),
            check: CheckConfig::default(),
            breaking: BreakingConfig::default(),
            scopes: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// The largest configuration that is read, in bytes.
pub const MOST_BYTES: u64 = 1 << 20;

/// Reads the configuration at `path`, which findings show as `shown_path`, and takes its text into `sources`.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the text: `CONFIG_INVALID` at the place of each fault, or
/// `INPUT_UNREADABLE` without a place.
pub fn load(path: &Path, shown_path: String, sources: &mut Sources) -> Result<Config, Vec<Finding>> {
    let file = take_in(path, shown_path, MOST_BYTES, sources).map_err(|fault| vec![*fault])?;
    let is_of_buf = buf::is_of_buf(path, sources.get(file).text());
    let (mut config, mut findings) = match is_of_buf {
        true => buf::load(path, file, sources),
        false => validate::validate(sources.get(file).text(), file),
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    config.directory = parent.map_or_else(|| PathBuf::from("."), Path::to_owned);
    let entries =
        config.roots.iter().zip(&config.places.roots).chain(config.includes.iter().zip(&config.places.includes));
    findings.extend(entries.filter_map(|(name, place)| not_a_directory(&config.directory, name, *place)));
    in_order(config, findings)
}

/// Reads the text of a configuration, which `sources` names `file`, without a look at the file system.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the text: `CONFIG_INVALID` at the place of each fault.
pub fn parse(text: &str, file: FileId) -> Result<Config, Vec<Finding>> {
    let (config, findings) = validate::validate(text, file);
    in_order(config, findings)
}

/// The same for the text of a `buf.yaml`.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the text: `CONFIG_INVALID` at the place of each fault.
pub fn parse_buf(text: &str, file: FileId) -> Result<Config, Vec<Finding>> {
    let (config, findings) = buf::parse(text, file);
    in_order(config, findings)
}

fn in_order(config: Config, mut findings: Vec<Finding>) -> Result<Config, Vec<Finding>> {
    findings.sort_by_key(|finding| finding.place);
    if findings.is_empty() { Ok(config) } else { Err(findings) }
}

/// Reads the file, of at most so many bytes, into `sources`.
fn take_in(path: &Path, shown_path: String, most: u64, sources: &mut Sources) -> Result<FileId, Box<Finding>> {
    let nowhere = |rule: &Rule, message: String| Finding::nowhere(rule.id, message);
    let bytes = read(path, most)
        .map_err(|error| nowhere(&INPUT_UNREADABLE, format!("`{shown_path}` cannot be read: {}", reason(&error))))?;
    if bytes.len() as u64 > most {
        let message = format!("`{shown_path}` is larger than {} MiB", most >> 20);
        let finding = nowhere(&CONFIG_INVALID, message);
        return Err(Box::new(finding.help("name files by patterns that cover more of them")));
    }
    String::from_utf8(bytes).map(|text| sources.add(SourceFile::new(shown_path.clone(), text))).map_err(|error| {
        // Up to the first fault the text is what it was, so places in it hold.
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let span = Span::of(at..at + '\u{fffd}'.len_utf8());
        let place = Place { file: sources.add(SourceFile::new(shown_path, text)), span };
        Box::new(Finding::error(CONFIG_INVALID.id, place, "the file is not UTF-8 text").help("save it as UTF-8"))
    })
}

fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // A pipe or a device is read only where it is named as such, as shells do: `--config <(…)`.
    let refused = match link_elsewhere(path, &["yaml", "yml"]) {
        _ if path.starts_with("/dev") => None,
        _ if !path.metadata()?.is_file() => Some("it is not a regular file".to_owned()),
        elsewhere => elsewhere.map(|file| format!("it is a link to `{}`, which is no YAML file", file.display())),
    };
    if let Some(refused) = refused {
        return Err(io::Error::other(refused));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn not_a_directory(base: &Path, name: &str, place: Place) -> Option<Finding> {
    let path = base.join(name);
    let message = match path.metadata() {
        Ok(metadata) if metadata.is_dir() => return None,
        Ok(_) => format!("`{name}` is not a directory"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => format!("directory `{name}` does not exist"),
        Err(error) => format!("directory `{name}` cannot be read: {}", reason(&error)),
    };
    let help = match near_directory(&path) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "directories are relative to that of this file".to_owned(),
    };
    Some(Finding::error(CONFIG_INVALID.id, place, message).help(help))
}

/// How many entries of a directory are looked at for a name that was meant.
const MOST_ENTRIES: usize = 10_000;

/// The directory beside `path` whose name is closest to that of `path`.
fn near_directory(path: &Path) -> Option<String> {
    let entries = path.parent()?.read_dir().ok()?.take(MOST_ENTRIES).flatten();
    let directories = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = directories.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str)).map(str::to_owned)
}
