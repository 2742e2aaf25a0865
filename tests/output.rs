//! Every output format renders the same reports, and the result is compared with files under `testdata/output`.
//! `UPDATE_EXPECT=1 cargo test --test output` rewrites these. Then come laws that hold for any report.

#[path = "output/fixtures.rs"]
mod fixtures;
#[path = "output/github.rs"]
mod github;
#[path = "output/markdown.rs"]
mod markdown;
#[path = "output/sarif.rs"]
mod sarif;
#[path = "output/xml.rs"]
mod xml;

use std::path::Path;

use fixtures::{Fixture, every, fixtures};
use protolint::finding::{Finding, Severity};
use protolint::report::{Format, Rendering, RuleText};
use protolint::source::{Place, SourceFile, Sources, Span};
use serde_json::Value;

/// A format, and how its report is shown, in a file of expectations.
#[derive(Clone, Copy)]
struct View {
    file: &'static str,
    format: Format,
    color: bool,
    unicode: bool,
    width: usize,
    max_snippets: usize,
}

const HUMAN: View =
    View { file: "human", format: Format::Human, color: false, unicode: false, width: 80, max_snippets: usize::MAX };
const CONCISE: View = View { file: "concise", format: Format::Concise, ..HUMAN };
const JSON: View = View { file: "json", format: Format::Json, ..HUMAN };
const GITHUB: View = View { file: "github", format: Format::Github, ..HUMAN };

const SARIF: View = View { file: "sarif", format: Format::Sarif, ..HUMAN };
const JUNIT: View = View { file: "junit", format: Format::Junit, ..HUMAN };
const GITLAB: View = View { file: "gitlab", format: Format::Gitlab, ..HUMAN };
const CHECKSTYLE: View = View { file: "checkstyle", format: Format::Checkstyle, ..HUMAN };
const MARKDOWN: View = View { file: "markdown", format: Format::Markdown, ..HUMAN };

const VIEWS: [View; 13] = [
    HUMAN,
    View { file: "human-color", color: true, unicode: true, ..HUMAN },
    View { file: "human-unicode", unicode: true, ..HUMAN },
    View { file: "human-narrow", width: 40, ..HUMAN },
    View { file: "human-few", max_snippets: 1, ..HUMAN },
    CONCISE,
    JSON,
    GITHUB,
    SARIF,
    JUNIT,
    GITLAB,
    CHECKSTYLE,
    MARKDOWN,
];

/// What there is to say of the one rule that has a page here.
fn rule_text(id: &str) -> Option<RuleText> {
    (id == "FIELD_LOWER_SNAKE_CASE").then(|| RuleText {
        summary: "fields are in lower_snake_case",
        groups: vec!["BASIC", "STANDARD"],
        severity: Severity::Error,
        url: Some("https://protolint.example/rules/FIELD_LOWER_SNAKE_CASE.md".to_owned()),
        page: "# FIELD_LOWER_SNAKE_CASE\n\nGenerators expect it, as [ENUM](ENUM.md) says.\n\nSee \
               [the guide](https://protobuf.dev/style).\n\n## Bad\n\n```proto a.proto\nint32 userName = 1; // error\n```\n",
    })
}

/// How a text prints where nothing in it may act on a terminal or a CI system.
fn visible(text: &str) -> String {
    let order = regex::Regex::new(r"##[A-Za-z]*\[").expect("the pattern is valid");
    let ends: Vec<usize> = order.find_iter(text).map(|found| found.end() - 1).collect();
    let is_unsafe = |c: char| c.is_control() || "\u{61c}\u{200e}\u{200f}".contains(c) || is_directional(c);
    let is_colon =
        |at: usize| text[at..].starts_with("::") && text[..at].chars().next_back().is_none_or(char::is_whitespace);
    let shown = |(at, c): (usize, char)| match is_unsafe(c) || ends.contains(&at) || is_colon(at) {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    };
    text.char_indices().map(shown).collect()
}

fn is_directional(c: char) -> bool {
    ('\u{2028}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)
}

fn rendered(fixture: &Fixture, view: View) -> String {
    let report = Rendering {
        sources: &fixture.sources,
        findings: &fixture.findings,
        max_snippets: view.max_snippets,
        color: view.color,
        unicode: view.unicode,
        width: view.width,
        rules: rule_text,
    };
    let mut out = Vec::new();
    report.write(view.format, &mut out).expect("a vector takes any output");
    String::from_utf8(out).expect("output is UTF-8")
}

/// A file with one text, and a finding for each span.
fn spans_in(text: &str, spans: &[(usize, usize)]) -> Fixture {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("a.proto".to_owned(), text.to_owned()));
    let fit = |offset: usize| u32::try_from(offset).expect("the text is small");
    let place = |&(start, end): &(usize, usize)| Place { file, span: Span::new(fit(start), fit(end)) };
    let findings = spans.iter().map(|span| Finding::error("RULE", place(span), "wrong").label(place(span), "here"));
    Fixture { name: "spans", findings: findings.collect(), sources }
}

#[test]
fn fixtures_are_rendered_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/output");
    let mut wrong = Vec::new();
    for view in VIEWS {
        let section = |fixture: &Fixture| {
            let output = rendered(fixture, view);
            // What is one line for programs is read here by people.
            let output = if view.format == Format::Sarif { pretty(&output) } else { output };
            format!("==== {} ====\n{output}", visible(fixture.name))
        };
        let sections: Vec<String> = fixtures().iter().map(section).collect();
        // Colors stay readable in the file.
        let actual = sections.join("\n").replace('\u{1b}', "␛");
        let path = folder.join(view.file).with_extension("txt");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, &actual).expect("expectations can be written");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if expected != actual {
            let same = expected.lines().zip(actual.lines()).take_while(|(expected, actual)| expected == actual).count();
            let found = actual.lines().nth(same).unwrap_or("(nothing more)");
            wrong.push(format!("{}:{}: now {found}", path.display(), same + 1));
        }
    }
    assert!(wrong.is_empty(), "UPDATE_EXPECT=1 accepts these:\n{}", wrong.join("\n"));
}

fn pretty(json: &str) -> String {
    let value: Value = serde_json::from_str(json).expect("the output is JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("a value is plain data") + "\n";
    pretty.lines().map(|line| visible(line) + "\n").collect()
}

#[test]
fn formats_are_found_by_name() {
    for (format, name) in Format::ALL.into_iter().zip(Format::NAMES) {
        assert_eq!((format.name(), Format::find(name)), (name, Some(format)));
    }
    assert_eq!(Format::find("Human"), None);
}

#[test]
fn machine_formats_have_a_line_for_each_finding() {
    for fixture in every() {
        for view in [CONCISE, JSON] {
            let output = rendered(&fixture, view);
            assert_eq!(output.matches('\n').count(), fixture.findings.len(), "{}: {output}", fixture.name);
            assert!(output.is_empty() || output.ends_with('\n'), "{}: {output}", fixture.name);
        }
    }
}

#[test]
fn nothing_unsafe_is_printed() {
    let is_unsafe = |c: char| {
        let bidirectional =
            "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
        c != '\n' && (c.is_control() || bidirectional.contains(c))
    };
    for fixture in every() {
        for view in VIEWS {
            let mut output = rendered(&fixture, view);
            if view.color {
                for code in ["0", "1;31", "1;33", "2", "31", "33", "36"] {
                    output = output.replace(&format!("\u{1b}[{code}m"), "");
                }
            }
            assert_eq!(output.find(is_unsafe), None, "{} in {}: {output:?}", fixture.name, view.file);
        }
    }
}

#[test]
fn json_positions_name_the_characters_of_the_span() {
    const KEYS: [&str; 9] =
        ["path", "start_line", "start_column", "end_line", "end_column", "rule", "severity", "message", "help"];
    for fixture in every() {
        let output = rendered(&fixture, JSON);
        for (finding, line) in fixture.findings.iter().zip(output.lines()) {
            let json: Value = serde_json::from_str(line).expect("a line is JSON");
            let of_change = [
                "baseline",
                "layers",
                "directions",
                "lossy",
                "evidence",
                "suspected",
                "carried_by",
                "breaks",
                "releases",
                "inherited_from",
            ];
            let of_all = ["fingerprint", "labels", "url", "fix"];
            let own = if finding.place.is_some() { &KEYS[..] } else { &KEYS[5..] };
            let keys = [own, if finding.change.is_some() { &of_change[..] } else { &[] }, &of_all].concat();
            let ats: Vec<_> = keys.iter().map(|key| line.find(&format!("\"{key}\":"))).collect();
            assert!(ats.is_sorted() && ats[0] == Some(1), "{line}");
            assert_eq!(json.as_object().map(serde_json::Map::len), Some(keys.len()), "{line}");
            assert_eq!(json["message"].as_str(), Some(finding.message.as_str()));
            assert_eq!(json["help"].as_str(), finding.help.as_deref());
            let Some(place) = finding.place.filter(|place| !place.span.is_none()) else { continue };

            let file = fixture.sources.get(place.file);
            let text = file.text().trim_start_matches('\u{feff}');
            let character = |line: &str, column: &str, back: u64| {
                let number = |key: &str| json[key].as_u64().expect("positions are numbers");
                let index = |number: u64| usize::try_from(number).expect("texts are small");
                let line = text.split('\n').nth(index(number(line) - 1)).expect("the line exists");
                line.chars().chain(['\n']).nth(index(number(column) - 1 - back))
            };
            assert_eq!(json["path"].as_str(), Some(file.path()));
            let span = place.span.slice(file.text()).trim_start_matches('\u{feff}');
            if let Some(first) = span.chars().next() {
                assert_eq!(character("start_line", "start_column", 0), Some(first), "{line}");
            }
            if let Some(last) = span.chars().next_back().filter(|&last| last != '\n') {
                assert_eq!(character("end_line", "end_column", 1), Some(last), "{line}");
            }
        }
    }
}

#[test]
fn gitlab_issues_have_what_gitlab_asks_for() {
    for fixture in every() {
        let output = rendered(&fixture, GITLAB);
        let issues: Vec<Value> = serde_json::from_str(&output).expect("the output is a JSON array");
        assert_eq!(issues.len(), fixture.findings.len());
        let fingerprints: std::collections::HashSet<_> =
            issues.iter().map(|issue| issue["fingerprint"].as_str().expect("fingerprints are texts")).collect();
        assert_eq!(fingerprints.len(), issues.len(), "{output}");
        for (finding, issue) in fixture.findings.iter().zip(&issues) {
            let path = finding.place.map_or("protolint.yaml", |place| fixture.sources.get(place.file).path());
            assert_eq!(issue["location"]["path"].as_str(), Some(path));
            assert_eq!(issue["check_name"].as_str(), Some(finding.rule));
            let severity = if finding.severity == Severity::Error { "major" } else { "minor" };
            assert_eq!(issue["severity"].as_str(), Some(severity));
            let description = issue["description"].as_str().expect("descriptions are texts");
            assert!(description.starts_with(&visible(&finding.message)), "{description}");
            let line = |key: &str| issue["location"]["lines"][key].as_u64().expect("lines are numbers");
            assert!(1 <= line("begin") && line("begin") <= line("end"));
        }
    }
}

#[test]
fn source_lines_keep_within_the_width() {
    for fixture in every() {
        for (width, color) in (30..130).flat_map(|width| [(width, false), (width, true)]) {
            let output = rendered(&fixture, View { width, color, unicode: color, ..HUMAN });
            let output = ["0", "2", "31", "33", "36"]
                .iter()
                .fold(output, |output, code| output.replace(&format!("\u{1b}[{code}m"), ""));
            for line in output.lines().filter(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit())) {
                assert!(line.chars().count() <= width, "{} at {width}: {line}", fixture.name);
            }
        }
    }
}

#[test]
fn any_span_is_rendered_in_every_format() {
    for text in ["", "\u{feff}", "\u{feff}é\r\n\r\r\n\tx\u{1b}日\n", "a\n\n\n\n\n\u{301}b"] {
        let edges: Vec<usize> = (0..=text.len() + 2).chain([u32::MAX as usize]).collect();
        let spans: Vec<_> = edges.iter().flat_map(|&start| edges.iter().map(move |&end| (start, end))).collect();
        let fixture = spans_in(text, &spans);
        for view in VIEWS {
            assert!(!rendered(&fixture, view).is_empty());
        }
    }
}

#[test]
fn a_huge_line_with_many_findings_is_quick_and_right() {
    let unit = "/* é日 */ message M {} ";
    let text = format!("\u{feff}{}\n{}", unit.repeat(150_000), unit.repeat(1_000));
    let starts = || (3..text.len() - 40).step_by(131).filter(|&at| text.is_char_boundary(at));
    let spans: Vec<_> = starts().map(|at| (at, text.len() - 20)).collect();
    let fixture = spans_in(&text, &spans);
    let output = rendered(&fixture, CONCISE);
    assert_eq!(output.lines().count(), spans.len());
    let (mut counted, mut column) = (3, 1);
    let first_line = text.find('\n').expect("there are two lines");
    for (&(start, _), line) in spans.iter().zip(output.lines()).take_while(|((start, _), _)| *start <= first_line) {
        column += text[counted..start].chars().count();
        counted = start;
        assert!(line.starts_with(&format!("a.proto:1:{column}: ")), "{line} should be in column {column}");
    }
    assert!(rendered(&fixture, View { max_snippets: 100, ..HUMAN }).contains("more findings in 1 file not shown"));
    for view in VIEWS.into_iter().filter(|view| view.format != Format::Human) {
        assert!(!rendered(&fixture, view).is_empty());
    }
}
