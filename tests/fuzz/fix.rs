//! `check --fix`, with and without new names.

use protolint::finding::{Finding, Severity};
use protolint::rules::{self, Family};

use super::input;
use super::library::{self, Checked, Files};

/// What compiled compiles afterwards, a second run changes nothing, and line ends and byte order marks stay.
pub fn fix(bytes: &[u8]) {
    let files = input::files(bytes);
    let first = library::check(&files);
    let compiled = !first.findings().iter().any(is_refused);
    for gives_names in [false, true] {
        let fixed = library::fix(&files, gives_names);
        if let Some(fault) = fixed.findings().iter().find(|finding| compiled && is_refused(finding)) {
            panic!("no longer compiles, with names {gives_names}: {fault:#?}\n{}", shown(&fixed));
        }
        let texts = texts(&fixed);
        for (path, text) in &files {
            let Some((old, new)) = std::str::from_utf8(text).ok().zip(texts.get(path)) else { continue };
            let new = std::str::from_utf8(new).unwrap();
            assert_eq!(old.starts_with('\u{feff}'), new.starts_with('\u{feff}'), "the byte order mark of {path}");
            if let Some(end) = line_end(old) {
                assert!(line_end(new).is_none_or(|new| new == end), "the line ends of {path}:\n{new:?}");
            }
        }
        // What is no text cannot be given to a second run as it is.
        if files.values().all(|text| std::str::from_utf8(text).is_ok()) {
            let again = library::fix(&texts, gives_names);
            assert_eq!(shown(&again), shown(&fixed), "a second run goes on, with names {gives_names}");
        }
    }
}

/// Whether the language forbids it.
fn is_refused(finding: &Finding) -> bool {
    finding.severity == Severity::Error && rules::find(finding.rule).is_none_or(|rule| Family::of(rule).is_none())
}

/// What ends the lines of a text, if it is the same for all.
fn line_end(text: &str) -> Option<&'static str> {
    let lines = text.matches('\n').count();
    match text.matches("\r\n").count() {
        _ if lines == 0 => None,
        0 if !text.contains('\r') => Some("\n"),
        ends if ends == lines => Some("\r\n"),
        _ => None,
    }
}

/// The files as they are afterwards.
fn texts(fixed: &Checked) -> Files {
    fixed.sources().iter().map(|(_, file)| (file.path().to_owned(), file.text().as_bytes().to_vec())).collect()
}

fn shown(fixed: &Checked) -> String {
    fixed.sources().iter().map(|(_, file)| format!("--- {}\n{}", file.path(), file.text())).collect()
}
