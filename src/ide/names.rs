//! What the words of a file stand for: declarations, references, imports, scalar types and reserved names. Where the
//! schema lacks a damaged statement, the types that it names are resolved by the scopes around it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Cursor, file_of, text_of};
use crate::project::Project;
use crate::rules::mentions::{Named, mentions};
use crate::schema::{Element, File, Scalar};
use crate::source::Span;
use crate::syntax::{self, Node, NodeKind, Tree, words};

/// What a word stands for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Meaning<'s> {
    Named(Named<'s>),
    /// The file that an import brings.
    File(File<'s>),
    Scalar(Scalar),
    /// A name that a message or an enum reserves.
    Reserved(Element<'s>),
}

impl<'s> From<Element<'s>> for Meaning<'s> {
    fn from(element: Element<'s>) -> Meaning<'s> {
        Meaning::Named(Named::Element(element))
    }
}

/// A word of a file, or a path that is imported.
#[derive(Clone, Copy)]
pub(super) struct Name<'s> {
    pub(super) span: Span,
    pub(super) of: Meaning<'s>,
    /// Whether that is declared here.
    pub(super) is_declaration: bool,
}

/// What stands at a place: the name that the offset is in, or else the one that ends there.
pub(super) fn at(project: &Project, at: Cursor) -> Option<Name<'_>> {
    let names = all(project, file_of(project, at.file)?);
    let touching = |name: &&Name<'_>| name.span.start <= at.offset && at.offset <= name.span.end;
    names.iter().filter(touching).max_by_key(|name| (at.offset < name.span.end, name.is_declaration)).copied()
}

/// All names of a file, by their places.
pub(super) fn all<'p>(project: &'p Project, file: File<'p>) -> Vec<Name<'p>> {
    let text = text_of(project, file);
    let mut names = resolved(file, text);
    let tree = syntax::parse(text);
    imports(file, &tree, &mut names);
    types(file, &tree, &mut names);
    reserved(file, &mut names);
    // The extensions of one block share the place of what they extend.
    names.sort_by_key(|name| (name.span, !name.is_declaration));
    names.dedup_by_key(|name| name.span);
    names
}

/// The words that the schema resolves: those of a name with dots one by one.
fn resolved<'s>(file: File<'s>, text: &str) -> Vec<Name<'s>> {
    let mut names = Vec::new();
    mentions(file, text, &mut |mention| {
        let (mut of, mut is_declaration) = (Some(mention.of), mention.is_declaration);
        for span in words(text, mention.span).into_iter().rev() {
            let Some(named) = of else { break };
            names.push(Name { span, of: Meaning::Named(named), is_declaration });
            // All components of a `package` statement are declared there.
            is_declaration &= matches!(named, Named::Package(_));
            of = named.enclosing();
        }
    });
    names
}

fn imports<'s>(file: File<'s>, tree: &Tree<'_>, names: &mut Vec<Name<'s>>) {
    let statements = tree.root().children().filter(|node| node.kind() == NodeKind::Import);
    let paths: FxHashMap<Span, Span> =
        statements.filter_map(|node| Some((node.span(), node.child(NodeKind::Strings)?.span()))).collect();
    for import in file.imports() {
        if let (Some(target), Some(&span)) = (import.target(), paths.get(&import.span())) {
            names.push(Name { span, of: Meaning::File(target), is_declaration: false });
        }
    }
}

/// Scalar types, and the types that damaged statements name.
fn types<'s>(file: File<'s>, tree: &Tree<'_>, names: &mut Vec<Name<'s>>) {
    let known: FxHashSet<u32> = names.iter().map(|name| name.span.end).collect();
    let mut scopes = Scopes::new(file);
    for node in tree.nodes() {
        scopes.enter(node);
        if node.kind() != NodeKind::TypeName || known.contains(&node.span().end) {
            continue;
        }
        let written = syntax::ast::plain_text(node);
        if let Some(scalar) = Scalar::find(&written) {
            names.push(Name { span: node.span(), of: Meaning::Scalar(scalar), is_declaration: false });
            continue;
        }
        let mut of = file.type_from(scopes.innermost(), &written).map(Named::Element);
        for span in words(tree.source(), node.span()).into_iter().rev() {
            let Some(named) = of else { break };
            names.push(Name { span, of: Meaning::Named(named), is_declaration: false });
            of = named.enclosing();
        }
    }
}

/// The messages around the nodes of a walk.
struct Scopes {
    package: String,
    /// The full names of the messages that are open, each with the token after it.
    open: Vec<(String, u32)>,
}

impl Scopes {
    fn new(file: File<'_>) -> Scopes {
        Scopes { package: file.package().unwrap_or_default().to_owned(), open: Vec::new() }
    }

    fn enter(&mut self, node: Node<'_>) {
        while self.open.last().is_some_and(|(_, end)| *end <= node.first()) {
            self.open.pop();
        }
        if !matches!(node.kind(), NodeKind::Message | NodeKind::Group) {
            return;
        }
        let Some(name) = node.child(NodeKind::Name) else { return };
        let scope = self.innermost();
        let full_name = if scope.is_empty() { name.text().to_owned() } else { format!("{scope}.{}", name.text()) };
        self.open.push((full_name, node.end()));
    }

    fn innermost(&self) -> &str {
        self.open.last().map_or(&self.package, |(name, _)| name)
    }
}

fn reserved<'s>(file: File<'s>, names: &mut Vec<Name<'s>>) {
    let messages = file.all_messages().map(|message| (message.into(), message.reserved()));
    let enums = file.all_enums().map(|enumeration| (enumeration.into(), enumeration.reserved()));
    for (holder, reserved) in messages.chain(enums) {
        let spans = reserved.names().map(|(_, span)| span);
        names.extend(spans.map(|span| Name { span, of: Meaning::Reserved(holder), is_declaration: false }));
    }
}

/// Whether two names stand for the same, also where one of them is that of a built-in file that another schema has.
pub(super) fn is_same(one: Meaning<'_>, other: Meaning<'_>) -> bool {
    match (one, other) {
        (Meaning::Named(Named::Element(one)), Meaning::Named(Named::Element(other))) => is_same_element(one, other),
        _ => one == other,
    }
}

fn is_same_element(one: Element<'_>, other: Element<'_>) -> bool {
    let is_built_in = || one.file().source().is_none() || other.file().source().is_none();
    one == other
        || std::mem::discriminant(&one) == std::mem::discriminant(&other)
            && is_built_in()
            && one.file().name() == other.file().name()
            && one.full_name() == other.full_name()
}

/// The same element as the project has it: options are resolved by the built-in files, of which the project may hold
/// one of its own.
pub(super) fn in_project<'p>(project: &'p Project, element: Element<'p>) -> Element<'p> {
    if element.file().source().is_some() {
        return element;
    }
    let mut files = project.schema().files().filter(|file| file.source().is_some());
    let Some(file) = files.find(|file| file.name() == element.file().name()) else { return element };
    let found = file.elements().find(|own| {
        std::mem::discriminant(own) == std::mem::discriminant(&element) && own.full_name() == element.full_name()
    });
    found.unwrap_or(element)
}
