//! What `extends` means: files whose rules hold as if they were declared here. They hold rules and nothing else.

use std::path::PathBuf;

use super::own::{self, DeclaredIn};
use super::patterns;
use super::sections::{SECTIONS, SHARED};
use crate::config::model::Config;
use crate::config::raw::{self, Entry, Node, Value};
use crate::config::reader::{Reader, Word};
use crate::config::shared::{MAX_FILES, SharedFiles, beside};
use crate::finding::{Finding, Label};
use crate::source::Span;

/// The files that are being read, and those that were.
pub(super) struct Extends<'f, 's> {
    /// None where there is no file system to look at.
    files: Option<&'f mut SharedFiles<'s>>,
    /// From the configuration down.
    open: Vec<PathBuf>,
    read: Vec<PathBuf>,
}

impl<'f, 's> Extends<'f, 's> {
    /// For the configuration itself.
    pub(super) fn new(files: Option<&'f mut SharedFiles<'s>>) -> Extends<'f, 's> {
        let open = files.iter().map(|files| files.own_identity()).collect();
        Extends { files, open, read: Vec::new() }
    }

    /// Adds the rules of the files that an entry lists; `path` is that of the file with the entry.
    pub(super) fn extend(&mut self, reader: &mut Reader, entry: &Entry, path: &str, config: &mut Config) {
        let mut listed: Vec<(PathBuf, Span)> = Vec::new();
        for word in reader.word_or_words(entry) {
            if !is_shared(reader, &word) {
                continue;
            }
            let file = beside(path, &word.text);
            let Some(files) = &self.files else {
                let message = format!("`{word}` is not read, as this text is not a file");
                reader.fault(word.span, message, "read the configuration from a file, or declare the rules here");
                continue;
            };
            let identity = files.identity(&file);
            if let Some((_, earlier)) = listed.iter().find(|(known, _)| *known == identity) {
                let label = Label { place: reader.place(*earlier), text: "first listed here".to_owned() };
                reader.fault(word.span, format!("`{word}` is listed twice"), "remove one of them").labels.push(label);
                continue;
            }
            listed.push((identity.clone(), word.span));
            if self.open.contains(&identity) {
                let message = format!("`{word}` extends this file, directly or through others");
                reader.fault(word.span, message, "remove one of the entries of the cycle");
            } else if !self.read.contains(&identity) {
                self.file(reader, &word, (file, identity), config);
            }
        }
    }

    /// Adds the rules of a file.
    fn file(&mut self, reader: &mut Reader, word: &Word, (path, identity): (String, PathBuf), config: &mut Config) {
        if self.read.len() >= MAX_FILES {
            let message = format!("too many files are extended, at most {MAX_FILES} are supported");
            reader.fault(word.span, message, "put the rules into fewer files");
            return;
        }
        let Some(files) = &mut self.files else { return };
        self.read.push(identity.clone());
        match files.read(&path) {
            Ok((file, text)) => {
                config.extended.push(identity.clone());
                let mut own = Reader { file, findings: Vec::new() };
                self.open.push(identity);
                match raw::read(&text) {
                    Ok(root) => self.whole(&mut own, &root, (&text, &path), config),
                    Err(fault) => super::unreadable(&mut own, fault),
                }
                self.open.pop();
                reader.findings.extend(own.findings);
            }
            // What is wrong inside the file stands there.
            Err(fault) if fault.place.is_some() => reader.findings.push(*fault),
            Err(fault) => {
                let Finding { message, help, .. } = *fault;
                let help = help.unwrap_or_else(|| "paths are relative to the directory of this file".to_owned());
                reader.fault(word.span, message, help);
            }
        }
    }

    fn whole(&mut self, reader: &mut Reader, root: &Node, (text, path): (&str, &str), config: &mut Config) {
        let start = Span::new(0, 0);
        let before = reader.findings.len();
        let fields = reader.fields(root, start, &SECTIONS[SHARED], &[]);
        for finding in &mut reader.findings[before..] {
            finding.help = Some("a file that is extended has only `rules`, `extends` and `version`".to_owned());
        }
        if let Some(entry) = fields.get("version")
            && !super::version::is_known(reader, entry)
        {
            return;
        }
        if fields.is_empty() && matches!(root.value, Value::Null | Value::Mapping(_)) && reader.findings.len() == before
        {
            reader.fault(start, "this file declares no rules", format!("rules:\n  {}", own::EXAMPLE));
        }
        if let Some(entry) = fields.get("extends") {
            self.extend(reader, entry, path, config);
        }
        if let Some(entry) = fields.get("rules") {
            own::rules(reader, entry, &DeclaredIn { text, path, scope: None }, &mut config.own);
        }
    }
}

/// Whether a path may be that of a shared file; reports it otherwise.
fn is_shared(reader: &mut Reader, word: &Word) -> bool {
    if !patterns::is_path(reader, word, "write the path of a YAML file") {
        return false;
    }
    let is_yaml = word.text.ends_with(".yaml") || word.text.ends_with(".yml");
    if word.text.contains("://") {
        let message = format!("`{word}` is not a path: nothing is read from the network");
        reader.fault(word.span, message, "copy the file into this repository");
    } else if !is_yaml {
        reader.fault(word.span, format!("`{word}` is not a YAML file"), "the name ends in .yaml or .yml");
    } else if word.text.starts_with('/') || word.text.get(1..2) == Some(":") {
        reader.fault(word.span, format!("`{word}` is not a relative path"), "start from the directory of this file");
    } else {
        return true;
    }
    false
}
