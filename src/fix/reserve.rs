//! Fixes of changes: reserves what was deleted, as the findings of a comparison propose.

use super::{Changes, TextEdit};
use crate::error::Error;
use crate::finding::{Finding, Fix};
use crate::project::base::Base;
use crate::project::sides::Sides;
use crate::project::view::Edited;
use crate::report::Report;
use crate::schema;
use crate::source::SourceFile;

/// What fixes of changes make of the later side.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Reserved {
    /// The files on disk that change.
    pub texts: Vec<TextEdit>,
    /// How many findings are fixed.
    pub fixed: usize,
}

impl Sides {
    /// Makes the fixes that a report of these sides proposes for files on disk, in memory.
    pub fn reserve(&self, report: &Report) -> Reserved {
        let is_on_disk = |finding: &&Finding| {
            let file = finding.place.map(|place| place.file);
            let path = file.and_then(|file| self.absolute(file));
            file.is_some_and(|file| self.sources.get(file).revision().is_none())
                && path.is_some_and(|path| path.is_file())
        };
        let (mut changes, mut reserved) = (Changes::default(), Reserved::default());
        for finding in report.findings.iter().filter(is_on_disk) {
            if let Some(Fix::Edits(edits)) = finding.fix.as_deref() {
                reserved.fixed += usize::from(changes.add(edits));
            }
        }
        for (file, new) in changes.texts(&self.sources) {
            let old = self.sources.get(file);
            let (_, faults) = schema::parse(&SourceFile::new(old.path().to_owned(), new.clone()));
            if let Some(path) = self.absolute(file).filter(|_| faults.is_empty()) {
                let (path, shown) = (path.to_owned(), old.path().to_owned());
                reserved.texts.push(TextEdit { path, shown, old: old.text().to_owned(), new });
            }
        }
        reserved
    }

    /// The sides with some texts of the later one changed, without a look at what did not: these files alone are parsed
    /// again.
    ///
    /// # Errors
    ///
    /// As those of [`Sides::open`].
    pub fn with_texts(self, texts: &[TextEdit], base: &mut Base) -> Result<Sides, Error> {
        let edited: Edited = texts.iter().map(|text| (text.path.clone(), text.new.clone())).collect();
        match self.with_edited(&edited) {
            Some(sides) => Ok(sides),
            None => {
                base.edit(edited);
                Sides::open(&self.settings, base, &|| ())
            }
        }
    }
}
