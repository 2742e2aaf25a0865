//! The configuration: what `protolint.yaml` or buf's `buf.yaml` says, found and checked. It has rules by their ids and
//! groups, and nothing of schemas, of running rules or of output.

mod breaking;
mod buf;
mod buf_version;
mod check;
mod convert;
mod discover;
mod earlier;
mod editor_config;
mod exceptions;
mod files;
mod history;
mod init;
mod json_schema;
mod keys;
mod model;
mod names;
mod own;
mod raw;
mod reader;
mod selection;
mod sets;
mod shared;
mod spans;
mod validate;

use std::io;
use std::path::{Path, PathBuf};

pub use breaking::{BreakingConfig, LayerPolicy};
pub use buf_version::BufVersion;
pub use check::{CheckConfig, Ignore};
pub use convert::converted;
use convert::converted_text;
pub(crate) use convert::counterpart_of_go_tool;
pub use discover::discover;
pub(crate) use earlier::{is_found_by_name, roots_in};
pub(crate) use editor_config::{EditorStyle, Styles};
use exceptions::parse_baseline;
pub(crate) use exceptions::{Acceptance, Accepted, Baseline, Entry};
pub(crate) use exceptions::{load_accepted, load_baseline, parse_accepted};
pub use files::{FILE_NAMES, MAX_BYTES};
pub use history::{HistoryConfig, HistoryIgnore};
pub use init::{full_text, short_text};
pub use json_schema::json_schema;
pub(crate) use keys::{ConfigKind, Expected, Form, KeyOf, description, expected};
pub use model::{Config, MAX_SCOPES, Note, Places, Scope};
pub(crate) use names::rule_names;
pub use names::{ALL, Names, RuleList, UnknownName, select};
pub use own::{DeclaredRule, OwnRules};
pub use selection::RuleNames;
pub(crate) use selection::Selection;
pub(crate) use sets::select_alone;
pub use sets::{PRESETS, Preset, Sets};

use crate::finding::Finding;
use crate::nearest::nearest;
use crate::rules::compile::CONFIG_INVALID;
use crate::source::{FileId, Place, SourceFile, Sources, reason};
use files::take_in;
use shared::SharedFiles;

/// Reads the configuration at `path`, which findings show as `shown_path`, and takes its text into `sources`.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the text: `CONFIG_INVALID` at the place of each fault, or
/// `INPUT_UNREADABLE` without a place.
pub fn load(path: &Path, shown_path: String, sources: &mut Sources) -> Result<Config, Vec<Finding>> {
    let file = take_in(path, shown_path, MAX_BYTES, sources).map_err(|fault| vec![*fault])?;
    read_at(path, file, sources)
}

/// What is wrong with a text that is that of the file at `path`, which is not read; where it leads is looked at.
pub(crate) fn faults_of_text(path: &Path, shown_path: String, text: String) -> (Sources, Vec<Finding>) {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new(shown_path, text));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let text = sources.get(file).text();
    let read = match name {
        "protolint.accepted.yaml" => parse_accepted(text, file).map(|_| ()),
        "protolint.baseline.yaml" => parse_baseline(text, file, &own_rules_near(path)).map(|_| ()),
        _ => read_at(path, file, &mut sources).map(|_| ()),
    };
    (sources, read.err().unwrap_or_default())
}

/// The rules that the configuration declares which holds where a file is; none where that cannot be read.
fn own_rules_near(path: &Path) -> OwnRules {
    path.parent().and_then(discover).map(|file| own_rules_of(&file)).unwrap_or_default()
}

/// The rules that the configuration at a path declares; none where that cannot be read.
pub(crate) fn own_rules_of(path: &Path) -> OwnRules {
    load(path, String::new(), &mut Sources::new()).map(|config| config.own).unwrap_or_default()
}

/// Reads the configuration at `path` whose text is `file`.
fn read_at(path: &Path, file: FileId, sources: &mut Sources) -> Result<Config, Vec<Finding>> {
    let source = sources.shared(file);
    let is_of_buf = buf::is_of_buf(path, source.text());
    let (mut config, mut findings) = match is_of_buf {
        true => buf::load(path, file, sources),
        false => {
            let mut files = SharedFiles::beside(path, source.path(), sources);
            validate::validate(source.text(), file, Some(&mut files))
        }
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    config.directory = parent.map_or_else(|| PathBuf::from("."), Path::to_owned);
    let entries =
        config.roots.iter().zip(&config.places.roots).chain(config.includes.iter().zip(&config.places.includes));
    findings.extend(entries.filter_map(|(name, place)| not_a_directory(&config.directory, name, *place)));
    in_order(config, findings)
}

/// Reads the configuration of the Go tool at `path` as what `protolint init --from` makes of it, and any other one as
/// [`load`] does.
///
/// # Errors
///
/// As those of [`load`].
pub fn load_of_go_tool(path: &Path, shown_path: String, sources: &mut Sources) -> Result<Config, Vec<Finding>> {
    let Ok(text) = converted(path, &shown_path, &mut sources.clone()) else { return load(path, shown_path, sources) };
    let file = sources.add(SourceFile::new(shown_path, text.clone()));
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = parent.map_or_else(|| PathBuf::from("."), Path::to_owned);
    parse(&text, file).map(|config| Config { directory, ..config })
}

/// Reads the text of a configuration, which `sources` names `file`, without a look at the file system.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the text: `CONFIG_INVALID` at the place of each fault.
pub fn parse(text: &str, file: FileId) -> Result<Config, Vec<Finding>> {
    let (config, findings) = validate::validate(text, file, None);
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
        None => "directories are relative to the directory of this file".to_owned(),
    };
    Some(Finding::error(CONFIG_INVALID.id, place, message).help(help))
}

/// How many entries of a directory are looked at for a name that was meant.
const MAX_ENTRIES: usize = 10_000;

/// The directory beside `path` whose name is closest to that of `path`.
fn near_directory(path: &Path) -> Option<String> {
    let entries = path.parent()?.read_dir().ok()?.take(MAX_ENTRIES).flatten();
    let directories = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = directories.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str)).map(str::to_owned)
}

/// What came of a text.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReadText {
    /// The text.
    pub sources: Sources,
    /// What is wrong with it.
    pub faults: Vec<Finding>,
    /// What this tool writes for it, where that is anything: the name of a file, and its text.
    pub written: Option<(&'static str, String)>,
}

/// Reads a text as the file of that name: a configuration of this tool, of buf or of the Go tool of the same name, a
/// baseline file, or accepted changes.
///
/// ```
/// let read = protolint::config::read_text("protolint.yaml", "version: 1\nchek: {}\n");
/// assert_eq!(read.faults[0].help.as_deref(), Some("did you mean `check`?"));
/// ```
pub fn read_text(name: &str, text: &str) -> ReadText {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new(name.to_owned(), text.to_owned()));
    let converted = |sources: &mut Sources| converted_text(&Path::new("in_memory").join(name), file, sources);
    let as_own = |text: String| Some(("protolint.yaml", text));
    let read = match name {
        "protolint.yaml" => parse(text, file).map(|_| None),
        "protolint.accepted.yaml" => parse_accepted(text, file).map(|_| None),
        "protolint.baseline.yaml" => parse_baseline(text, file, &OwnRules::default())
            .map(|baseline| Some(("protolint.baseline.yaml", baseline.text()))),
        "buf.yaml" => parse_buf(text, file).and_then(|_| converted(&mut sources).map(as_own)),
        _ => converted(&mut sources).map(as_own),
    };
    let (written, faults) = match read {
        Ok(written) => (written, Vec::new()),
        Err(faults) => (None, faults),
    };
    ReadText { sources, faults, written }
}
