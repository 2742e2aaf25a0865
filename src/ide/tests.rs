//! Questions to made up projects, whose texts have marks: `$0` is the cursor, `[|…|]` an expected range. A text starts
//! after a line `--- path`.

mod hover;
mod laws;
mod navigation;
mod rename;
mod structure;

use super::Cursor;
use crate::project::Project;
use crate::source::{Place, Span};

/// A project with the marks of its texts.
pub(super) struct Marked {
    pub(super) project: Project,
    cursor: Option<(String, u32)>,
    expected: Vec<(String, Span)>,
}

impl Marked {
    pub(super) fn new(texts: &str) -> Marked {
        let (mut files, mut cursor, mut expected) = (Vec::new(), None, Vec::new());
        for file in texts.split("--- ").skip(1) {
            let (path, marked) = file.split_once('\n').expect("a text follows its path");
            let (mut text, mut rest, mut start) = (String::new(), marked, 0);
            while let Some(at) = rest.find(['$', '[', '|']) {
                text.push_str(&rest[..at]);
                rest = &rest[at..];
                let here = text.len() as u32;
                let length = match rest {
                    _ if rest.starts_with("$0") => {
                        cursor = Some((path.to_owned(), here));
                        2
                    }
                    _ if rest.starts_with("[|") => {
                        start = here;
                        2
                    }
                    _ if rest.starts_with("|]") => {
                        expected.push((path.to_owned(), Span::new(start, here)));
                        2
                    }
                    _ => {
                        text.push_str(&rest[..1]);
                        1
                    }
                };
                rest = &rest[length..];
            }
            text.push_str(rest);
            files.push((path.to_owned(), text));
        }
        Marked { project: Project::in_memory(files), cursor, expected }
    }

    pub(super) fn cursor(&self) -> Cursor {
        let (path, offset) = self.cursor.as_ref().expect("a text has a cursor");
        self.at(path, *offset)
    }

    pub(super) fn at(&self, path: &str, offset: u32) -> Cursor {
        let mut sources = self.project.sources().iter();
        let (file, _) = sources.find(|(_, file)| file.path() == path).expect("the project has the file");
        Cursor { file, offset }
    }

    /// The ranges, as `path:text@offset`.
    pub(super) fn expected(&self) -> Vec<String> {
        let mut expected: Vec<String> = self
            .expected
            .iter()
            .map(|(path, span)| self.shown(Place { file: self.at(path, 0).file, span: *span }))
            .collect();
        expected.sort();
        expected
    }

    pub(super) fn shown(&self, place: Place) -> String {
        let file = self.project.sources().get(place.file);
        format!("{}:{}@{}", file.path(), place.span.slice(file.text()), place.span.start)
    }

    pub(super) fn all_shown(&self, places: impl IntoIterator<Item = Place>) -> Vec<String> {
        let mut shown: Vec<String> = places.into_iter().map(|place| self.shown(place)).collect();
        shown.sort();
        shown
    }
}
