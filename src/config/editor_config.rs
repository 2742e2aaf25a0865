//! `.editorconfig`, <https://spec.editorconfig.org>: how files are indented and how long lines are, where
//! `protolint.yaml` does not say so. It reads the files in the directories above a schema, up to the top of its
//! repository, and nothing of rules but the settings that these files fill in.

#[cfg(test)]
mod tests;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

use super::model::Config;
use crate::format::{Indent, LineEnd, Style};
use crate::pattern::PathPatterns;
use crate::rules::Settings;

const FILE_NAME: &str = ".editorconfig";

/// Longer files are not read.
const MAX_BYTES: u64 = 1 << 20;

/// What stands for lines of any length.
const UNLIMITED: usize = 10_000;

/// What `.editorconfig` files say of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EditorStyle {
    indent: Option<Indent>,
    line_length: Option<usize>,
    tab_width: Option<usize>,
    line_end: Option<LineEnd>,
}

impl EditorStyle {
    /// Whether rules have nothing of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.indent.is_none() && self.line_length.is_none() && self.tab_width.is_none()
    }

    /// Settings with what the configuration does not set.
    pub(crate) fn fill_in(&self, settings: &Settings) -> Settings {
        let mut filled = settings.clone();
        let given = settings.given;
        filled.indent = self.indent.filter(|_| !given.indent).unwrap_or(settings.indent);
        filled.line_length = self.line_length.filter(|_| !given.line_length).unwrap_or(settings.line_length);
        filled.tab_width = self.tab_width.filter(|_| !given.tab_width).unwrap_or(settings.tab_width);
        filled
    }
}

/// A file, read.
struct EditorConfig {
    directory: PathBuf,
    /// Whether none above counts.
    is_root: bool,
    sections: Vec<Section>,
}

/// What holds for the files that a glob matches: keys and values in lower case.
struct Section {
    files: PathPatterns,
    pairs: Vec<(String, String)>,
}

/// The `.editorconfig` files of a tree, each read once.
#[derive(Default)]
pub(crate) struct EditorConfigs {
    /// By directory, those that count there, the nearest last.
    read: RwLock<FxHashMap<PathBuf, Arc<Chain>>>,
}

type Chain = Vec<Arc<EditorConfig>>;

impl EditorConfigs {
    /// What they say of a file, given by its absolute path.
    pub(crate) fn style_of(&self, file: &Path) -> EditorStyle {
        let Some(directory) = file.parent() else { return EditorStyle::default() };
        let mut pairs: FxHashMap<&str, &str> = FxHashMap::default();
        let chain = self.chain(directory);
        for config in chain.iter() {
            let Ok(relative) = file.strip_prefix(&config.directory) else { continue };
            let relative = relative.to_string_lossy().replace('\\', "/");
            let sections = config.sections.iter().filter(|section| section.files.matches(&relative));
            pairs.extend(sections.flat_map(|section| &section.pairs).map(|(key, value)| (&**key, &**value)));
        }
        style(&pairs)
    }

    /// The files that count in a directory.
    fn chain(&self, directory: &Path) -> Arc<Chain> {
        let known = |directory: &Path| self.read.read().ok()?.get(directory).cloned();
        if let Some(chain) = known(directory) {
            return chain;
        }
        let own = read(directory).map(Arc::new);
        let is_top = own.as_ref().is_some_and(|own| own.is_root) || directory.join(".git").exists();
        let above = directory.parent().filter(|_| !is_top).map(|above| self.chain(above));
        let mut chain = above.map(|above| Chain::clone(&above)).unwrap_or_default();
        chain.extend(own);
        let chain = Arc::new(chain);
        if let Ok(mut read) = self.read.write() {
            read.insert(directory.to_owned(), Arc::clone(&chain));
        }
        chain
    }
}

fn read(directory: &Path) -> Option<EditorConfig> {
    let path = directory.join(FILE_NAME);
    path.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() <= MAX_BYTES)?;
    let mut text = String::new();
    std::fs::File::open(&path).ok()?.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    Some(parse(&text, directory))
}

/// What cannot be read in a text has no effect, as in editors.
fn parse(text: &str, directory: &Path) -> EditorConfig {
    let mut config = EditorConfig { directory: directory.to_owned(), is_root: false, sections: Vec::new() };
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(glob) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            config.sections.push(Section { files: patterns(glob), pairs: Vec::new() });
            continue;
        }
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        let [key, value] = [key, value].map(|part| part.trim().to_ascii_lowercase());
        match config.sections.last_mut() {
            Some(section) => section.pairs.push((key, value)),
            None => config.is_root |= key == "root" && value == "true",
        }
    }
    config
}

/// The files that a glob means: without a slash, those of that name in any directory. None where it is malformed.
fn patterns(glob: &str) -> PathPatterns {
    let glob = with_numbers(glob);
    let pattern = match glob.split_once('/') {
        None => format!("**/{glob}"),
        Some(("", rest)) => rest.to_owned(),
        Some(_) => glob,
    };
    PathPatterns::new(vec![pattern]).unwrap_or_default()
}

/// A glob with `{1..3}` written out.
fn with_numbers(glob: &str) -> String {
    const MAX_NUMBERS: i64 = 1000;
    let range = |inner: &str| -> Option<String> {
        let (start, end) = inner.split_once("..")?;
        let (start, end): (i64, i64) = (start.parse().ok()?, end.parse().ok()?);
        let (start, end) = (start.min(end), start.max(end));
        let numbers = || (start..=end).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        (end.saturating_sub(start) <= MAX_NUMBERS).then(numbers)
    };
    let mut pieces = glob.split('{');
    let mut written = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let numbers = piece.split_once('}').and_then(|(inner, rest)| Some((range(inner)?, rest)));
        match numbers {
            Some((numbers, rest)) => written.push_str(&format!("{{{numbers}}}{rest}")),
            None => written.push_str(&format!("{{{piece}")),
        }
    }
    written
}

/// What pairs mean together.
fn style(pairs: &FxHashMap<&str, &str>) -> EditorStyle {
    let number = |key: &str, most: usize| {
        let number: usize = pairs.get(key)?.parse().ok()?;
        (1..=most).contains(&number).then_some(number)
    };
    let size = number("indent_size", usize::from(super::validate::MAX_SPACES));
    let is_tab = pairs.get("indent_style") == Some(&"tab");
    let indent = match size {
        _ if is_tab => Some(Indent::Tab),
        Some(size) => u8::try_from(size).ok().map(Indent::Spaces),
        None if pairs.get("indent_size") == Some(&"tab") => {
            number("tab_width", usize::from(super::validate::MAX_SPACES))
                .and_then(|width| u8::try_from(width).ok())
                .map(Indent::Spaces)
        }
        None => None,
    };
    EditorStyle {
        indent,
        line_length: match pairs.get("max_line_length") {
            Some(&"off") => Some(UNLIMITED),
            _ => number("max_line_length", UNLIMITED),
        },
        tab_width: number("tab_width", 16).or(size),
        line_end: match pairs.get("end_of_line") {
            Some(&"lf") => Some(LineEnd::Lf),
            Some(&"crlf") => Some(LineEnd::CrLf),
            _ => None,
        },
    }
}

/// How the files of a configuration are formatted.
pub(crate) struct Styles<'c> {
    config: &'c Config,
    editor_configs: EditorConfigs,
}

impl<'c> Styles<'c> {
    pub(crate) fn new(config: &'c Config) -> Styles<'c> {
        Styles { config, editor_configs: EditorConfigs::default() }
    }

    /// What `.editorconfig` files say of a file, given by its absolute path; nothing where they do not count.
    pub(crate) fn of_editor(&self, absolute: &Path) -> EditorStyle {
        match self.config.uses_editor_config {
            true => self.editor_configs.style_of(absolute),
            false => EditorStyle::default(),
        }
    }

    /// How a file is formatted; `relative` is its path as the patterns of the configuration mean it.
    pub(crate) fn style_of(&self, absolute: &Path, relative: &str) -> Style {
        let scope = self.config.scope_of(relative).map(|at| &self.config.scopes[at]);
        let check = scope.map_or(&self.config.check, |scope| self.config.check_in(scope));
        let editor = self.of_editor(absolute);
        let mut style = editor.fill_in(&check.settings).style();
        style.line_end = editor.line_end;
        style
    }
}
