//! Configurations: the cases of `testdata/config`, what values mean, which rules are on, where files are found, what
//! is written for other tools, and the JSON Schema for editors.

#![allow(clippy::unwrap_used)]

#[path = "config/cases.rs"]
mod cases;
#[path = "config/converted.rs"]
mod converted;
#[path = "config/files.rs"]
mod files;
#[path = "config/schema.rs"]
mod schema;
#[path = "config/selection.rs"]
mod selection;
#[path = "config/values.rs"]
mod values;

use protolint::config::{self, Config};
use protolint::finding::Finding;
use protolint::source::{FileId, SourceFile, Sources};

type Parse = fn(&str, FileId) -> Result<Config, Vec<Finding>>;

fn parse(text: &str) -> (Sources, Result<Config, Vec<Finding>>) {
    parse_as(config::parse, text)
}

fn parse_as(parse: Parse, text: &str) -> (Sources, Result<Config, Vec<Finding>>) {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("protolint.yaml".to_owned(), text.to_owned()));
    let result = parse(sources.get(file).text(), file);
    (sources, result)
}

fn good(text: &str) -> Config {
    parse(text).1.unwrap_or_else(|findings| panic!("{findings:#?}\n{text}"))
}

fn faults(text: &str) -> Vec<Finding> {
    parse(text).1.err().unwrap_or_default()
}
