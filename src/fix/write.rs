//! Texts that fixes changed: shown as differences, or written in the place of the old ones.

use std::io;
use std::path::PathBuf;

use super::unified;
use crate::error::Error;
use crate::project::path;
use crate::project::replace::{Prepared, prepare};
use crate::project::view::View;
use crate::source;

/// The change of one file's text, as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextEdit {
    /// The file's absolute path.
    pub path: PathBuf,
    /// Its path as findings show it.
    pub shown: String,
    /// The text that was read.
    pub old: String,
    /// The text that it becomes.
    pub new: String,
}

/// How texts differ, as `diff -u` and `git diff` show it.
pub fn differences(texts: &[TextEdit]) -> String {
    texts.iter().map(|text| unified(&text.shown, &text.old, &text.new)).collect()
}

/// Writes each text in the place of the old one. A file that is not what was read any more is left alone, and with it
/// all others where they belong `together`.
///
/// # Errors
///
/// A file cannot be written, or is not what was read any more.
pub fn write_texts(texts: &[TextEdit], together: bool) -> Result<(), Error> {
    let is_as_read = |text: &&TextEdit| View::default().read(&text.path).is_ok_and(|now| now == text.old);
    let (as_read, changed): (Vec<&TextEdit>, Vec<&TextEdit>) = texts.iter().partition(is_as_read);
    let names: Vec<String> = changed.iter().map(|text| format!("`{}`", text.shown)).collect();
    let why = format!("{} has changed since it was read", names.join(", "));
    if together && !changed.is_empty() {
        return Err(Error::new(why).help("nothing was written; run protolint again"));
    }
    let failed = if together { write_together(&as_read) } else { write_each(&as_read) };
    if !failed.is_empty() {
        let help = match as_read.len() - failed.len() {
            _ if together => "nothing was written; run protolint again".to_owned(),
            0 => "nothing was written".to_owned(),
            1 => "the other file was written".to_owned(),
            others => format!("the other {others} files were written"),
        };
        return Err(Error::new(failed.join("; ")).help(help));
    }
    if changed.is_empty() { Ok(()) } else { Err(Error::new(why).help("it was not written; run protolint again")) }
}

/// Writes each text that can be written; what is wrong with the others.
fn write_each(texts: &[&TextEdit]) -> Vec<String> {
    let write = |text: &&TextEdit| Some(cannot_write(text, &prepared(text).and_then(Prepared::put).err()?));
    texts.iter().filter_map(write).collect()
}

/// Writes all of the texts, or none where one cannot be written; what is wrong with that.
fn write_together(texts: &[&TextEdit]) -> Vec<String> {
    let mut all = Vec::with_capacity(texts.len());
    for text in texts {
        match prepared(text) {
            Ok(prepared) => all.push(prepared),
            Err(error) => return vec![cannot_write(text, &error)],
        }
    }
    let put = |(prepared, text): (Prepared, &&TextEdit)| Some(cannot_write(text, &prepared.put().err()?));
    all.into_iter().zip(texts).filter_map(put).collect()
}

fn prepared(text: &TextEdit) -> io::Result<Prepared> {
    prepare(&text.path, |out| out.write_all(text.new.as_bytes()))
}

fn cannot_write(text: &TextEdit, error: &io::Error) -> String {
    format!("`{}` cannot be written: {}", path::shown_from_here(&text.path), source::reason(error))
}
