//! What GitHub's runner makes of output: written after the rules that the runner reads by.

use protolint::finding::Severity;

use crate::{Fixture, GITHUB, VIEWS, every, fixtures, rendered, visible};

/// A command as the runner reads it off a line.
struct Command {
    name: String,
    properties: Vec<(String, String)>,
    data: String,
}

impl Command {
    /// `::name key=value,…::data` at the start of a line, spaces aside; the name can be any.
    fn of_line(line: &str) -> Option<Command> {
        let (command, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
        let (name, properties) = command.split_once(' ').unwrap_or((command, ""));
        let unescaped = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
        let pairs = properties.split(',').filter_map(|pair| pair.split_once('='));
        let property = |text: &str| unescaped(text).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
        Some(Command {
            name: name.to_owned(),
            properties: pairs.map(|(key, value)| (key.to_owned(), property(value))).collect(),
            data: unescaped(data).replace("%25", "%"),
        })
    }

    fn property(&self, key: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

/// Whether the runner, or Azure's, looks for an older command anywhere in a line.
fn has_bracketed_command(line: &str) -> bool {
    regex::Regex::new(r"##[A-Za-z]*\[").expect("the pattern is valid").is_match(line)
}

#[test]
fn no_format_gives_orders() {
    for fixture in every() {
        for view in VIEWS {
            for line in rendered(&fixture, view).lines() {
                assert!(!has_bracketed_command(line), "{}: {line}", view.file);
                assert!(view.file == "github" || Command::of_line(line).is_none(), "{}: {line}", view.file);
            }
        }
    }
}

#[test]
fn all_findings_are_reported_and_as_many_annotated_as_github_shows() {
    for fixture in every() {
        let (annotations, log) = read(&fixture);
        for severity in [Severity::Error, Severity::Warning] {
            let findings: Vec<_> = fixture.findings.iter().filter(|finding| finding.severity == severity).collect();
            let of: Vec<&Command> = annotations.iter().filter(|one| one.name == severity.name()).collect();
            let (shown, more) = if findings.len() > 10 { (9, findings.len() - 9) } else { (findings.len(), 0) };
            assert_eq!(of.len(), shown + usize::from(more > 0), "{}", fixture.name);
            for (finding, annotation) in findings.iter().zip(&of).take(shown) {
                let path = finding.place.map(|place| visible(fixture.sources.get(place.file).path()));
                assert_eq!(annotation.property("title"), Some(finding.rule));
                assert_eq!(annotation.property("file").map(visible), path);
                let message = visible(&finding.message);
                assert!(annotation.data.starts_with(&message), "{:?} in {:?}", message, annotation.data);
                for evidence in finding.change.iter().flat_map(|change| &change.evidence) {
                    assert!(annotation.data.contains(&visible(&evidence.read)), "{}", annotation.data);
                }
                let (line, end) = (annotation.property("line"), annotation.property("endLine"));
                let columns = ["col", "endColumn"].map(|key| annotation.property(key).is_some());
                assert!(columns == [false; 2] || columns == [true; 2] && line == end, "{}", fixture.name);
            }
            if more > 0 {
                assert_eq!(of[9].property("title"), Some(format!("{more} more {}s", severity.name()).as_str()));
                assert!(of[9].data.contains(&log.title), "{}", of[9].data);
            }
            for finding in &findings[shown..] {
                let path = fixture.sources.get(finding.place.expect("the fixture has places").file).path();
                let told = format!("{} {} {}", finding.severity.name(), finding.rule, finding.message);
                assert!(log.lines.iter().any(|line| line.starts_with(path) && line.ends_with(&told)), "{told}");
            }
        }
    }
}

/// The group of plain lines.
#[derive(Default)]
struct Log {
    title: String,
    lines: Vec<String>,
}

fn read(fixture: &Fixture) -> (Vec<Command>, Log) {
    let output = rendered(fixture, GITHUB);
    let (mut annotations, mut log, mut is_open) = (Vec::new(), Log::default(), false);
    for line in output.lines() {
        match Command::of_line(line) {
            Some(command) if command.name == "group" => {
                assert!(!is_open && log.lines.is_empty(), "{output}");
                (log.title, is_open) = (command.data, true);
            }
            Some(command) if command.name == "endgroup" => is_open = false,
            Some(command) => annotations.push(command),
            None => {
                assert!(is_open, "{line}");
                log.lines.push(line.to_owned());
            }
        }
    }
    assert!(!is_open, "{output}");
    (annotations, log)
}

#[test]
fn what_the_runner_would_cut_is_reported_in_the_log() {
    let mut fixture = fixtures().into_iter().find(|fixture| fixture.name == "one").expect("it is there");
    fixture.findings[0].help = Some("x".repeat(5_000));
    let (annotations, log) = read(&fixture);
    assert_eq!(annotations.len(), 1);
    assert!(log.lines.iter().any(|line| line.ends_with(&"x".repeat(5_000))), "{:?}", log.lines);
}
