//! Names in the texts of custom options (signatures, and whatever else leads to fields by their names) and in the comments
//! of field masks. Nothing here reads these languages, so that what is named there keeps its name. Of the texts that
//! mentions are found in, only what these leave open counts.

use rustc_hash::{FxHashMap, FxHashSet};

use super::rename::{Rename, steps};
use crate::rules::mentions::{options_of, texts_read};
use crate::schema::{Element, Field, FieldType, File, OptionValue, Part, Schema};
use crate::source::{self, Sources, Span};

/// Where texts hold names that renames would change.
#[derive(Default)]
pub(super) struct Quoted<'s> {
    /// By the old last component; of packages by all components.
    places: FxHashMap<String, Vec<Place<'s>>>,
    packages: FxHashSet<&'s str>,
}

struct Place<'s> {
    file: File<'s>,
    span: Span,
    /// What holds the text.
    holder: String,
}

impl<'s> Quoted<'s> {
    /// What is found of the old names of `renames`.
    pub(super) fn new(schema: &'s Schema, sources: &'s Sources, renames: &[Rename]) -> Quoted<'s> {
        let mut quoted = Quoted { packages: packages(schema), ..Quoted::default() };
        let steps = renames.iter().flat_map(steps);
        let (packages, elements): (Vec<_>, Vec<_>) =
            steps.map(|(symbol, _)| symbol).partition(|symbol| quoted.packages.contains(symbol.as_str()));
        let words_of = |symbols: Vec<String>| symbols.into_iter().map(|symbol| last(&symbol).to_owned());
        let old = Old { words: words_of(elements).collect(), packages };
        for file in schema.files() {
            let Some(source) = file.source() else { continue };
            let text = sources.get(source).text();
            // Most files have none of the names.
            if old.all().any(|name| text.contains(name)) {
                quoted.add_options(file, text, &old);
                quoted.add_comments(file, sources, &old);
            }
        }
        quoted
    }

    /// The texts of custom options.
    fn add_options(&mut self, file: File<'s>, text: &str, old: &Old) {
        let read = texts_read(file, text);
        for option in options_of(file).filter(|option| option.parts().any(|(_, is_extension)| is_extension)) {
            texts(option.value(), option.value_span(), &mut |text, span| {
                let is_open = |word: &&str| read.get(&span).is_none_or(|open| open.iter().any(|open| open == word));
                let words = words(text).filter(|word| old.words.contains(*word)).filter(is_open);
                let packages = old.packages.iter().map(String::as_str).filter(|package| names_package(text, package));
                for name in words.chain(packages) {
                    let holder = format!("a text in option `{}`", option.name());
                    self.places.entry(name.to_owned()).or_default().push(Place { file, span: option.span(), holder });
                }
            });
        }
    }

    /// The comments of field masks, which name fields.
    fn add_comments(&mut self, file: File<'s>, sources: &Sources, old: &Old) {
        for field in file.all_fields().filter(|field| is_mask(*field)) {
            let Some(place) = Element::Field(field).locate(Part::Declaration) else { continue };
            for word in words(comment_above(sources, place)).filter(|word| old.words.contains(*word)) {
                let holder = format!("the comment on field `{}`", field.name());
                self.places.entry(word.to_owned()).or_default().push(Place { file, span: place.span, holder });
            }
        }
    }

    /// Why a rename of what is declared in `declared` would leave a text behind.
    pub(super) fn objection(&self, rename: &Rename, declared: Option<File<'s>>, sources: &Sources) -> Option<String> {
        steps(rename).into_iter().find_map(|(symbol, _)| {
            let is_package = self.packages.contains(symbol.as_str());
            let old = if is_package { symbol.as_str() } else { last(&symbol) };
            let mut places = self.places.get(old)?.iter();
            // A file that cannot see it names something else.
            let place =
                places.find(|place| is_package || declared.is_none_or(|declared| sees(place.file, declared)))?;
            let source = sources.get(place.file.source()?);
            let (path, line) = (source.path(), source.position(place.span.start).line);
            Some(format!("{} at {path}:{line} has `{old}`: rename it by hand in both places", place.holder))
        })
    }
}

/// Names that renames change.
struct Old {
    words: FxHashSet<String>,
    packages: Vec<String>,
}

impl Old {
    fn all(&self) -> impl Iterator<Item = &str> {
        self.words.iter().chain(&self.packages).map(String::as_str)
    }
}

/// The packages of all files, and those around them.
fn packages(schema: &Schema) -> FxHashSet<&str> {
    let all = schema.files().filter_map(File::package);
    all.flat_map(|package| {
        let ends = package.match_indices('.').map(|(at, _)| at).chain([package.len()]);
        ends.map(move |end| &package[..end])
    })
    .collect()
}

/// Whether a text holds a package as a name, or as the beginning of one.
fn names_package(text: &str, package: &str) -> bool {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    text.match_indices(package).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + package.len()..]);
        let begins = !before.trim_end_matches('.').ends_with(is_inside) || before.is_empty();
        begins && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn is_mask(field: Field<'_>) -> bool {
    matches!(field.field_type(), FieldType::Message(message) if message.full_name() == "google.protobuf.FieldMask")
}

/// The lines of comments right above a declaration.
fn comment_above(sources: &Sources, place: source::Place) -> &str {
    let text = sources.get(place.file).text();
    let before = text.get(..place.span.start as usize).unwrap_or_default();
    let own = before.rfind('\n').map_or(0, |at| at + 1);
    let mut start = own;
    while start > 0 {
        let line_start = before[..start - 1].rfind('\n').map_or(0, |at| at + 1);
        let line = before[line_start..start].trim_start();
        if !line.starts_with("//") && !line.starts_with('*') && !line.starts_with("/*") {
            break;
        }
        start = line_start;
    }
    &before[start..own]
}

fn sees(file: File<'_>, declared: File<'_>) -> bool {
    file.closure().iter().any(|reached| reached.name() == declared.name())
}

fn last(symbol: &str) -> &str {
    symbol.rsplit('.').next().unwrap_or(symbol)
}

/// The texts in a value, with their places.
fn texts<'s>(value: OptionValue<'s>, span: Span, visit: &mut dyn FnMut(&'s str, Span)) {
    for (value, span) in value.elements(span) {
        match value {
            OptionValue::String(text) => visit(text, span),
            OptionValue::Message(message) => {
                message.fields().for_each(|field| texts(field.value(), field.value_span(), visit));
            }
            _ => {}
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
