//! What an editor shows of a name: its declaration, the comment on it, and what follows from it on the wire and in JSON.
//! All is Markdown.

mod encoding;
mod scalar;
mod signature;

use super::names::{self, Meaning};
use super::{Cursor, text_of};
use crate::project::Project;
use crate::rules::mentions::Named;
use crate::schema::{Element, Field, File, without_directives};
use crate::source::Span;
use crate::syntax;

/// What to show.
#[derive(Clone, Debug)]
pub(crate) struct Hover {
    /// What it is about.
    pub(crate) span: Span,
    pub(crate) markdown: String,
}

/// Elements of a list beyond these are counted.
const MAX_LISTED: usize = 12;

/// What there is to say of what stands at a place.
pub(crate) fn hover(project: &Project, at: Cursor) -> Option<Hover> {
    let name = names::at(project, at)?;
    let markdown = match name.of {
        Meaning::Named(Named::Element(element)) => of_element(project, names::in_project(project, element)),
        Meaning::Named(Named::Package(package)) => of_package(project, package),
        Meaning::File(file) => of_file(file),
        Meaning::Scalar(scalar) => scalar::describe(scalar),
        Meaning::Reserved(holder) => {
            let text = project.sources().get(at.file).text();
            let reserved = name.span.slice(text).trim_matches(['"', '\'']);
            let member = if matches!(holder, Element::Enum(_)) { "value" } else { "field" };
            format!("`{reserved}` is reserved: no {member} of `{}` can have this name", holder.full_name())
        }
    };
    Some(Hover { span: name.span, markdown })
}

fn of_element(project: &Project, element: Element<'_>) -> String {
    let mut parts = vec![fenced("proto", &signature::of(element, text_of(project, element.file())))];
    parts.extend(comment(project, element));
    let mut facts = vec![format!("`{}` in `{}`", element.full_name(), element.file().name())];
    facts.extend(encoding::facts(element));
    let facts: Vec<String> = facts.into_iter().map(|fact| format!("- {fact}")).collect();
    parts.push(facts.join("\n"));
    parts.join("\n\n")
}

/// The text in a block of code of a language that it cannot end.
pub(super) fn fenced(language: &str, code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{code}\n{fence}")
}

/// What the comments say that belong to a declaration, ignore comments left out.
fn comment(project: &Project, element: Element<'_>) -> Option<String> {
    let (text, place) = (text_of(project, element.file()), place_of(element)?);
    let texts = syntax::parse(text).comments_on(place.start)?;
    let texts: Vec<String> =
        texts.iter().map(|text| without_directives(text)).filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn place_of(element: Element<'_>) -> Option<Span> {
    let is_named = !matches!(element, Element::File(_) | Element::Import(_));
    is_named.then(|| element.declaration()).filter(|span| !span.is_none())
}

/// The files of a package.
fn of_package(project: &Project, package: &str) -> String {
    let is_in = |file: &File<'_>| super::definition::is_within(file.package().unwrap_or_default(), package);
    let (own, within): (Vec<File<'_>>, Vec<File<'_>>) =
        project.schema().files().filter(is_in).partition(|file| file.package() == Some(package));
    let mut markdown = fenced("proto", &format!("package {package};"));
    if own.is_empty() {
        let mut packages: Vec<&str> = within.iter().filter_map(|file| file.package()).collect();
        packages.sort_unstable();
        packages.dedup();
        markdown.push_str(&format!("\n\nPackages in it: {}", listed(packages.into_iter())));
    } else {
        markdown.push_str(&format!("\n\nFiles: {}", listed(own.iter().map(|file| file.name()))));
    }
    markdown
}

/// The package of a file, and what it declares.
fn of_file(file: File<'_>) -> String {
    let head = match file.package() {
        Some(package) => format!("import \"{}\";\npackage {package};", file.name()),
        None => format!("import \"{}\";", file.name()),
    };
    let mut facts = Vec::new();
    let mut add = |what: &str, names: Vec<&str>| {
        if !names.is_empty() {
            facts.push(format!("- {what}: {}", listed(names.into_iter())));
        }
    };
    add("messages", file.messages().map(|message| message.name()).collect());
    add("enums", file.enums().map(|enumeration| enumeration.name()).collect());
    add("services", file.services().map(|service| service.name()).collect());
    add("extensions", file.extensions().map(Field::name).collect());
    add("public imports", public_imports(file));
    format!("{}\n\n{}", fenced("proto", &head), facts.join("\n")).trim_end().to_owned()
}

fn public_imports(file: File<'_>) -> Vec<&str> {
    let public = file.imports().filter(|import| import.kind() == crate::schema::ImportKind::Public);
    public.map(|import| import.path()).collect()
}

/// The first names in backticks, and how many more there are.
fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(MAX_LISTED);
    let mut listed: Vec<String> = names.take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    if more > 0 {
        listed.push(format!("{more} more"));
    }
    listed.join(", ")
}
