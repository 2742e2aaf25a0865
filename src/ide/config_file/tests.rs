//! Completions and hovers at the places of configurations that files below `testdata/ide/config` mark with `$0`.

use std::fmt::Write as _;
use std::path::Path;

use super::{completion, diagnostics, hover};
use crate::ide::completion::Insert;
use crate::ide::completion::tests::{Case, check_cases, testdata};

/// So many completions of a case are written down.
const MAX_SHOWN: usize = 12;

/// So many characters of what is said of one.
const MAX_SAID: usize = 60;

fn shown(case: &Case) -> String {
    let (path, text) = &case.files[0];
    let offset = text.find("$0").expect("a mark") as u32;
    let text = text.replacen("$0", "", 1);
    let mut shown = String::new();
    let found = completion(Path::new(path), &text, offset);
    for item in found.iter().take(MAX_SHOWN) {
        let insert = match &item.insert {
            Insert::Text(text) if *text == item.label => String::new(),
            Insert::Text(text) | Insert::Snippet(text) => format!(" {text:?}"),
        };
        let said = item.documentation.as_ref().map_or("", |said| said.lines().next().unwrap_or_default());
        let said: String = said.chars().take(MAX_SAID).collect();
        let replaced = item.replaced.slice(&text);
        let replaced = if replaced.is_empty() { String::new() } else { format!(" for {replaced:?}") };
        let _ = writeln!(shown, "{} {:?}{insert}{replaced} ({said})", item.label, item.kind);
    }
    if found.len() > MAX_SHOWN {
        let _ = writeln!(shown, "and {} more", found.len() - MAX_SHOWN);
    }
    if let Some(hover) = hover(Path::new(path), &text, offset) {
        let _ = writeln!(shown, "hover {:?}: {:?}", hover.span.slice(&text), hover.text);
    }
    if shown.is_empty() { "nothing\n".to_owned() } else { shown }
}

#[test]
fn marked_places_of_configurations_have_their_answers() {
    check_cases("ide/config", &shown);
}

#[test]
fn every_place_of_every_configuration_has_an_answer() {
    for folder in ["config", "config_of_buf", "buf"] {
        for entry in walkdir::WalkDir::new(testdata(folder)) {
            let entry = entry.expect("readable");
            let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
            for name in ["protolint.yaml", "buf.yaml"] {
                for offset in (0..=text.len().min(3000)).step_by(7) {
                    completion(Path::new(name), &text, offset as u32);
                    hover(Path::new(name), &text, offset as u32);
                }
            }
        }
    }
}

#[test]
fn faults_are_those_that_a_run_reports() {
    let (sources, faults) = diagnostics(Path::new("protolint.yaml"), "protolint.yaml", "version: 1\nchek: {}\n");
    assert_eq!(faults[0].help.as_deref(), Some("did you mean `check`?"));
    let place = faults[0].place.expect("a place");
    assert_eq!(place.span.slice(sources.get(place.file).text()), "chek");
    let (_, faults) = diagnostics(Path::new("protolint.accepted.yaml"), "protolint.accepted.yaml", "accepted: 5\n");
    assert!(!faults.is_empty());
    let (_, faults) = diagnostics(Path::new("buf.yaml"), "buf.yaml", "version: v2\nlint:\n  use: [NOTHING]\n");
    assert!(!faults.is_empty());
}
