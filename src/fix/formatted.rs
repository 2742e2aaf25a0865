//! Formats the target files of a run, each for itself.

use rayon::prelude::*;

use super::TextEdit;
use crate::config::Styles;
use crate::error::Error;
use crate::format::{applied, whole};
use crate::project::InputFile;
use crate::project::load::LeftOut;
use crate::project::settings::Settings;
use crate::project::targets::{Targets, text};
use crate::source::{Position, SourceFile};

/// What formatting the target files comes to; nothing is written yet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FormattedFiles {
    /// The texts that change, by path.
    pub texts: Vec<TextEdit>,
    /// How many do not.
    pub unchanged: usize,
    /// The files with syntax errors: declarations with errors are left as they are.
    pub damaged: Vec<DamagedFile>,
    /// What is wrong with files that cannot be read.
    pub unread: Vec<String>,
    /// What was given and is not looked at.
    pub(crate) left_out: Vec<LeftOut>,
}

/// A file with a syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DamagedFile {
    /// Its path as findings show it.
    pub shown: String,
    /// Where the first error is.
    pub position: Position,
    /// What is wrong there.
    pub message: String,
}

/// What comes of one file.
struct Outcome {
    text: TextEdit,
    damaged: Option<DamagedFile>,
}

impl FormattedFiles {
    /// Formats the files that the settings name; `on_read` is called once for each, on any thread.
    ///
    /// # Errors
    ///
    /// The only path there is does not exist, cannot be walked, or is a descriptor set.
    pub fn of(settings: &Settings, on_read: &(dyn Fn() + Sync)) -> Result<FormattedFiles, Error> {
        let Targets { files, left_out } = Targets::find(settings)?;
        let styles = Styles::new(&settings.config);
        let outcomes: Vec<Result<Outcome, String>> = files
            .into_par_iter()
            .map(|file| {
                let outcome = formatted(settings, &styles, file);
                on_read();
                outcome
            })
            .collect();
        let mut all =
            FormattedFiles { texts: Vec::new(), unchanged: 0, damaged: Vec::new(), unread: Vec::new(), left_out };
        for outcome in outcomes {
            match outcome {
                Ok(Outcome { text, damaged }) => {
                    all.damaged.extend(damaged);
                    if text.old == text.new {
                        all.unchanged += 1;
                    } else {
                        all.texts.push(text);
                    }
                }
                Err(fault) => all.unread.push(fault),
            }
        }
        Ok(all)
    }

    /// How many files were formatted or could not be read.
    pub fn files(&self) -> usize {
        self.texts.len() + self.unchanged + self.unread.len()
    }
}

fn formatted(settings: &Settings, styles: &Styles<'_>, file: InputFile) -> Result<Outcome, String> {
    let old = text(settings, &file).map_err(|reason| format!("`{}` cannot be formatted: {reason}", file.shown))?;
    let formatted = whole(&old, &settings.style_in(styles, &file.absolute));
    let damaged = formatted.damage.map(|damage| DamagedFile {
        shown: file.shown.clone(),
        position: SourceFile::new(file.shown.clone(), old.clone()).position(damage.span.start),
        message: damage.message,
    });
    let new = applied(&old, &formatted.edits);
    Ok(Outcome { text: TextEdit { path: file.absolute, shown: file.shown, old, new }, damaged })
}
