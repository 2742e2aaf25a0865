//! Where the paths of imports lead.

use super::file_of;
use super::names::{self, Meaning};
use crate::project::Project;
use crate::source::{FileId, Span};

/// A path that leads to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The path, quotes outside where it is one literal.
    pub(crate) span: Span,
    pub(crate) target: FileId,
}

/// The imports of a file whose files have texts.
pub(crate) fn links(project: &Project, file: FileId) -> Vec<Link> {
    let Some(schema_file) = file_of(project, file) else { return Vec::new() };
    let text = project.sources().get(file).text();
    let links = names::all(project, schema_file).into_iter().filter_map(|name| {
        let Meaning::File(target) = name.of else { return None };
        let target = target.source().filter(|source| project.sources().get(*source).has_text())?;
        let written = name.span.slice(text);
        let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let is_one = written.matches(quote).count() == 2;
        let inner = Span::new(name.span.start + 1, name.span.end - 1);
        Some(Link { span: if is_one { inner } else { name.span }, target })
    });
    links.collect()
}
