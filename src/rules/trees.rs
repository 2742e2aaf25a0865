//! The trees of the texts that rules ask for: each text is read when a rule first asks, and once.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::own::elements::Comments;
use crate::schema::{Element, File, without_directives};
use crate::source::{FileId, Sources};
use crate::syntax::{self, Tree};

/// Texts, and their trees so far.
pub(crate) struct Trees<'a> {
    sources: &'a Sources,
    read: RefCell<FxHashMap<Option<FileId>, Rc<Tree<'a>>>>,
}

impl<'a> Trees<'a> {
    pub(crate) fn new(sources: &'a Sources) -> Trees<'a> {
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

impl Comments for Trees<'_> {
    fn comments_on(&self, element: Element<'_>) -> Option<[String; 2]> {
        let file = element.file();
        if !self.has_text(file.source()?) {
            return None;
        }
        let tree = self.tree(file);
        let texts = match element {
            Element::File(_) => [tree.comment_text(tree.comments_before(0)), String::new()],
            element => tree.comments_on(element.declaration().start).unwrap_or_default(),
        };
        Some(texts.map(|text| without_directives(&text)))
    }
}
