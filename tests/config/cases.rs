//! The cases of `testdata/config` and `testdata/config_of_buf`, and what holds for every fault.
//!
//! A line of a case on which a finding starts ends in markers such as ``# error at `TOKEN`: MESSAGE help: HELP``. TOKEN
//! is the text labelled, MESSAGE and HELP are parts of what is said; each may be left out.

use std::fs;
use std::path::{Path, PathBuf};

use protolint::config;
use protolint::finding::{Finding, Severity};
use protolint::source::Sources;

use super::{Parse, faults, parse_as};

struct Marker<'t> {
    line: u32,
    token: Option<&'t str>,
    message: &'t str,
    help: &'t str,
}

fn markers(text: &str) -> Vec<Marker<'_>> {
    let mut markers = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        for marker in content.split("# error").skip(1) {
            let (token, rest) = match marker.strip_prefix(" at `").and_then(|rest| rest.split_once("`:")) {
                Some((token, rest)) => (Some(token), rest),
                None => (None, marker.strip_prefix(':').unwrap_or(marker)),
            };
            let (message, help) = rest.split_once(" help: ").unwrap_or((rest, ""));
            markers.push(Marker { line, token, message: message.trim(), help: help.trim() });
        }
    }
    markers
}

impl Marker<'_> {
    fn fits(&self, finding: &Finding, sources: &Sources) -> bool {
        let place = finding.place.expect("faults in a text have a place");
        let file = sources.get(place.file);
        file.position(place.span.start).line == self.line
            && self.token.is_none_or(|token| place.span.slice(file.text()) == token)
            && finding.message.contains(self.message)
            && finding.help.as_deref().unwrap_or_default().contains(self.help)
    }
}

#[test]
fn cases() {
    in_folder("config", config::parse);
    in_folder("config_of_buf", config::parse_buf);
}

fn in_folder(folder: &str, parse: Parse) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 3);
    let mut wrong = String::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let (sources, result) = parse_as(parse, &text);
        let mut findings = result.err().unwrap_or_default();
        for marker in markers(&text) {
            match findings.iter().position(|finding| marker.fits(finding, &sources)) {
                Some(index) => drop(findings.remove(index)),
                None => wrong += &format!("{}:{}: not told: {}\n", path.display(), marker.line, marker.message),
            }
        }
        for finding in findings {
            let place = finding.place.unwrap();
            let file = sources.get(place.file);
            let line = file.position(place.span.start).line;
            let (token, help) = (place.span.slice(file.text()), finding.help.unwrap_or_default());
            wrong +=
                &format!("{}:{line}: no marker for: at `{token}`: {} help: {help}\n", path.display(), finding.message);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_fault_says_what_to_do() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/config")).unwrap() {
        for finding in faults(&fs::read_to_string(entry.unwrap().path()).unwrap()) {
            assert_eq!((finding.rule, finding.severity), ("CONFIG_INVALID", Severity::Error));
            assert!(finding.help.is_some_and(|help| !help.is_empty() && !help.ends_with('.')), "{}", finding.message);
            assert!(!finding.message.ends_with('.') && !finding.message.contains('\n'), "{}", finding.message);
        }
    }
}

#[test]
fn labels_say_where_it_began() {
    let labelled = |text: &str| {
        let findings = faults(text);
        let labels = findings.iter().flat_map(|finding| &finding.labels);
        labels.map(|label| (label.place.span.start, label.text.clone())).collect::<Vec<_>>()
    };
    assert_eq!(labelled("# ü\nversion: 1\nexclude: [\"gen/**]\n"), [(26, "in the value that starts here".to_owned())]);
    assert_eq!(labelled("\u{feff}a: [b\n: : ["), [(6, "in the value that starts here".to_owned())]);
    assert_eq!(labelled("version: 1\nroots: [a]\nroots: [b]"), [(11, "first set here".to_owned())]);
    assert_eq!(labelled("version: 1\nroots: [a, b, a]"), [(19, "first listed here".to_owned())]);
}
