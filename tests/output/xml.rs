//! The formats that are XML, read by parsers of XML and of JUnit.

use std::collections::HashSet;

use roxmltree::{Document, Node};

use crate::{CHECKSTYLE, JUNIT, every, rendered, visible};

fn named<'a>(document: &'a Document<'a>, name: &'a str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name(name)).collect()
}

/// The text as it prints in XML, which cannot write two characters at all.
fn printed(text: &str) -> String {
    visible(text).replace('\u{fffe}', r"\u{fffe}").replace('\u{ffff}', r"\u{ffff}")
}

#[test]
fn junit_is_read_back() {
    for fixture in every() {
        let output = rendered(&fixture, JUNIT);
        let document = Document::parse(&output).unwrap_or_else(|error| panic!("{error}: {output}"));
        let failures = named(&document, "failure");
        assert_eq!(failures.len(), fixture.findings.len(), "{output}");
        for (finding, failure) in fixture.findings.iter().zip(failures) {
            let message = format!("{}: {}", finding.severity.name(), printed(&finding.message));
            assert_eq!(failure.attribute("message"), Some(message.as_str()));
            assert_eq!(failure.attribute("type"), Some(finding.rule));
            let text = failure.text().expect("a failure has a text");
            for help in finding.help.iter().flat_map(|help| help.lines()) {
                assert!(text.contains(&printed(help)), "{text}");
            }
        }
        for suite in named(&document, "testsuite") {
            let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
            let names: HashSet<_> = cases.iter().map(|case| case.attribute("name")).collect();
            assert_eq!(names.len(), cases.len(), "{output}");
        }

        let report = junit_parser::from_reader(output.as_bytes()).expect("a reader of JUnit takes it");
        let cases: Vec<_> = report.suites.iter().flat_map(|suite| &suite.cases).collect();
        let count = fixture.findings.len() as u64;
        assert_eq!((report.tests, report.failures, report.errors), (count.max(1), count, 0));
        assert_eq!(report.suites.iter().map(|suite| suite.tests).sum::<u64>(), count.max(1));
        assert_eq!(cases.iter().filter(|case| case.status.is_failure()).count(), fixture.findings.len());
        assert_eq!(cases.iter().filter(|case| case.status.is_success()).count(), usize::from(count == 0));
    }
}

#[test]
fn checkstyle_is_read_back() {
    for fixture in every() {
        let output = rendered(&fixture, CHECKSTYLE);
        let document = Document::parse(&output).unwrap_or_else(|error| panic!("{error}: {output}"));
        assert!(document.root_element().attribute("version").is_some());
        let errors = named(&document, "error");
        assert_eq!(errors.len(), fixture.findings.len(), "{output}");
        for (finding, error) in fixture.findings.iter().zip(errors) {
            let path = finding.place.map_or("protolint.yaml", |place| fixture.sources.get(place.file).path());
            let file = error.parent().and_then(|file| file.attribute("name"));
            assert_eq!(file, Some(printed(path).as_str()));
            assert_eq!(error.attribute("severity"), Some(finding.severity.name()));
            assert_eq!(error.attribute("source"), Some(format!("protolint.{}", finding.rule).as_str()));
            let message = error.attribute("message").expect("it has a message");
            assert!(message.starts_with(&printed(&finding.message)), "{message}");
            let line = error.attribute("line").and_then(|line| line.parse::<u32>().ok());
            assert_eq!(line.is_some_and(|line| line > 0), finding.place.is_some());
        }
    }
}
