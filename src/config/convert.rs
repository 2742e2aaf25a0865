//! What the configuration of another program says, written as a `protolint.yaml`: that of buf, and that of the Go tool
//! of this tool's name. What has no counterpart is reported in comments.

mod compact;
mod go_tool;
mod write;

use std::path::Path;

use super::buf;
use super::files::{MAX_BYTES, take_in};
use super::model::Note;
use super::raw::{self, Node, Value};
use crate::finding::Finding;
use crate::rules::compile::CONFIG_INVALID;
use crate::source::{FileId, Place, Sources, Span};
pub(crate) use go_tool::counterpart as counterpart_of_go_tool;
use write::Draft;

/// The text of a `protolint.yaml` that says what the configuration at `path` says, which findings show as `shown_path`.
///
/// # Errors
///
/// Everything that is wrong with it; also that it is none of those that are known.
pub fn converted(path: &Path, shown_path: &str, sources: &mut Sources) -> Result<String, Vec<Finding>> {
    let file = take_in(path, shown_path.to_owned(), MAX_BYTES, sources).map_err(|fault| vec![*fault])?;
    converted_text(path, file, sources)
}

/// The same for a text that `sources` name `file`, which would lie at `path`.
///
/// # Errors
///
/// As those of [`converted`].
pub(crate) fn converted_text(path: &Path, file: FileId, sources: &mut Sources) -> Result<String, Vec<Finding>> {
    let shown_path = sources.get(file).path().to_owned();
    let text = sources.get(file).text().to_owned();
    let draft = if buf::is_of_buf(path, &text) {
        let (config, findings) = buf::load(path, file, sources);
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut remarks: Vec<String> = config.notes.iter().map(|note| remark(note, sources)).collect();
        if config.scopes.windows(2).any(|pair| config.breaking_in(&pair[0]) != config.breaking_in(&pair[1])) {
            let imported =
                "a file is checked with the section of its own module only, also where another module imports it";
            remarks.push(imported.to_owned());
        }
        Draft { config, options: Vec::new(), remarks }
    } else {
        go_tool::draft(&settings_of(path, &text, file)?, file)?
    };
    Ok(write::text(&draft, &shown_path))
}

fn remark(note: &Note, sources: &Sources) -> String {
    let file = sources.get(note.place.file);
    format!("{}:{}: {}", file.path(), file.position(note.place.span.start).line, note.text)
}

/// What a file says for the Go tool: the whole of it, or a part of one that others read too.
fn settings_of(path: &Path, text: &str, file: FileId) -> Result<Node, Vec<Finding>> {
    let fault = |span: Span, message: String, help: &str| {
        vec![Finding::error(CONFIG_INVALID.id, Place { file, span }, message).help(help)]
    };
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let start = Span::new(0, 0);
    if name.ends_with(".toml") {
        let help = "copy `[tools.protolint]` into a .protolint.yaml, and pass that file";
        return Err(fault(start, "TOML is not supported".to_owned(), help));
    }
    let root = raw::read(text).map_err(|found| fault(found.span, found.message, &found.help))?;
    let known = "buf.yaml, buf.work.yaml, .protolint.yaml and a package.json with the key `protolint` are supported";
    let root = if name == "package.json" { child(root, "protolint") } else { Some(root) };
    match root {
        Some(root) if has(&root, "lint") => Ok(root),
        Some(root) if has(&root, "version") => {
            Err(fault(start, "this is already a configuration of this tool".to_owned(), known))
        }
        _ => Err(fault(
            start,
            "this is not a configuration of buf or of the Go tool yoheimuta/protolint".to_owned(),
            known,
        )),
    }
}

fn has(node: &Node, key: &str) -> bool {
    matches!(&node.value, Value::Mapping(entries)
        if entries.iter().any(|entry| matches!(&entry.key.value, Value::Text(own) if own == key)))
}

fn child(node: Node, key: &str) -> Option<Node> {
    let Value::Mapping(entries) = node.value else { return None };
    let is_it = |name: &Node| matches!(&name.value, Value::Text(own) if own == key);
    entries.into_iter().find(|entry| is_it(&entry.key)).map(|entry| entry.value)
}
