//! The trees of the texts that rules ask for: each text is read when a rule first asks, and once.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::schema::File;
use crate::source::{FileId, Sources};
use crate::syntax::{self, Tree};

/// Texts, and their trees so far.
pub(super) struct Trees<'a> {
    sources: &'a Sources,
    read: RefCell<FxHashMap<Option<FileId>, Rc<Tree<'a>>>>,
}

impl<'a> Trees<'a> {
    pub(super) fn new(sources: &'a Sources) -> Trees<'a> {
        Trees { sources, read: RefCell::default() }
    }

    /// The text of a file; empty for built-in ones.
    pub(super) fn text(&self, file: File<'_>) -> &'a str {
        file.source().map_or("", |source| self.sources.get(source).text())
    }

    /// Whether there is a text that can be looked at.
    pub(super) fn has_text(&self, file: FileId) -> bool {
        self.sources.get(file).has_text()
    }

    /// The tree of that text.
    pub(super) fn tree(&self, file: File<'_>) -> Rc<Tree<'a>> {
        let mut read = self.read.borrow_mut();
        Rc::clone(read.entry(file.source()).or_insert_with(|| Rc::new(syntax::parse(self.text(file)))))
    }
}
