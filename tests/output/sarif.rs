//! The SARIF format, read back by a reader that has every property of the standard.

use std::collections::HashSet;

use protolint::finding::Fix;
use serde_json::Value;

use crate::{Fixture, JSON, SARIF, every, fixtures, rendered, visible};

fn run(fixture: &Fixture) -> Value {
    let output = rendered(fixture, SARIF);
    let log: Value = serde_json::from_str(&output).expect("the output is JSON");
    log["runs"][0].clone()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A value without empty lists and objects, which say nothing.
fn without_empty(value: &Value) -> Value {
    let is_empty = |value: &Value| {
        value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(|o| o.is_empty())
    };
    match value {
        Value::Array(values) => values.iter().map(without_empty).collect(),
        Value::Object(map) => {
            let kept = map.iter().map(|(key, value)| (key.clone(), without_empty(value)));
            kept.filter(|(_, value)| !is_empty(value)).collect()
        }
        _ => value.clone(),
    }
}

#[test]
fn a_reader_of_the_standard_loses_nothing() {
    for fixture in every() {
        let output = rendered(&fixture, SARIF);
        let read: serde_sarif::sarif::Sarif = serde_json::from_str(&output).expect("it has the shape of SARIF");
        let again = serde_json::to_value(&read).expect("what was read can be written");
        let written: Value = serde_json::from_str(&output).expect("the output is JSON");
        assert_eq!(without_empty(&again), without_empty(&written));
    }
}

#[test]
fn results_name_their_rules_and_places() {
    for fixture in every() {
        let run = run(&fixture);
        let rules = list(&run["tool"]["driver"]["rules"]);
        let results = list(&run["results"]);
        let names: HashSet<_> = results.iter().map(|one| one["partialFingerprints"]["protolint/v1"].as_str()).collect();
        assert_eq!((results.len(), names.len()), (fixture.findings.len(), fixture.findings.len()));
        let lines = rendered(&fixture, JSON);
        for ((finding, result), line) in fixture.findings.iter().zip(results).zip(lines.lines()) {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("it is a number")).expect("it is small");
            assert_eq!((&rules[index]["id"], &result["ruleId"]), (&finding.rule.into(), &finding.rule.into()));
            assert_eq!(result["level"].as_str(), Some(finding.severity.name()));
            let json: Value = serde_json::from_str(line).expect("a line is JSON");
            let location = &result["locations"][0]["physicalLocation"];
            if finding.place.is_some_and(|place| !place.span.is_none()) {
                for (key, of) in [("startLine", "start_line"), ("startColumn", "start_column"), ("endLine", "end_line")]
                {
                    assert_eq!(location["region"][key], json[of]);
                }
                assert_eq!(location["region"]["endColumn"], json["end_column"]);
            }
            let uri = location["artifactLocation"]["uri"].as_str().expect("it has a URI");
            let path = finding.place.map_or("protolint.yaml", |place| fixture.sources.get(place.file).path());
            assert_eq!(percent_decoded(uri), path);
            assert_eq!(location["artifactLocation"]["uriBaseId"].as_str().is_some(), !uri.starts_with("file:"));
        }
    }
}

/// The text behind a URI without a scheme; panics at what may not stand in one.
fn percent_decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        assert!(byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte), "{uri}");
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|digit| char::from(digit.expect("two digits follow")));
                u8::from_str_radix(&String::from_iter(digits), 16).expect("the digits are hexadecimal")
            }
            _ => byte,
        });
    }
    String::from_utf8(bytes).expect("paths are UTF-8")
}

#[test]
fn the_only_links_lead_to_related_places() {
    // A link as plain text has it, and the brackets that would make one.
    let link = regex::Regex::new(r"\[((?:\\.|[^\[\]\\])*)\]\(([^)]*)\)").expect("the pattern is valid");
    for fixture in every() {
        for (finding, result) in fixture.findings.iter().zip(list(&run(&fixture)["results"])) {
            let text = result["message"]["text"].as_str().expect("it has a text");
            let targets: Vec<u64> =
                link.captures_iter(text).map(|found| found[2].parse().expect("it is an id")).collect();
            let ids: Vec<u64> = list(&result["relatedLocations"]).iter().filter_map(|one| one["id"].as_u64()).collect();
            assert_eq!(targets, ids, "{text}");
            assert_eq!(text.matches("](").count(), ids.len(), "{text}");
            let before = finding.change.as_ref().is_some_and(|change| change.before.is_some());
            assert_eq!(ids.len(), finding.labels.len() + usize::from(before));
            assert!(text.starts_with(&visible(&finding.message).replace("](", "] (")), "{text}");
        }
    }
}

#[test]
fn fixes_change_what_the_edits_change() {
    let mut count = 0;
    for fixture in every() {
        for (finding, result) in fixture.findings.iter().zip(list(&run(&fixture)["results"])) {
            let Some(Fix::Edits(edits)) = finding.fix.as_deref() else {
                assert!(result["fixes"].is_null());
                continue;
            };
            let text = fixture.sources.get(edits[0].place.file).text();
            let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
            let mut expected = text.to_owned();
            let mut edits = edits.clone();
            edits.sort();
            for edit in edits.iter().rev() {
                expected.replace_range(edit.place.span.range(), &edit.text.replace('\n', line_end));
            }
            let replacements = list(&result["fixes"][0]["artifactChanges"][0]["replacements"]);
            let mut changed = text.to_owned();
            let mut ranges: Vec<_> = replacements.iter().map(|one| (range(text, &one["deletedRegion"]), one)).collect();
            ranges.sort_by_key(|(range, _)| range.start);
            for (range, replacement) in ranges.into_iter().rev() {
                changed.replace_range(range, replacement["insertedContent"]["text"].as_str().unwrap_or_default());
            }
            assert_eq!(changed, expected);
            count += 1;
        }
    }
    assert!(count > 1);
}

/// The bytes of a region, by counting characters.
fn range(text: &str, region: &Value) -> std::ops::Range<usize> {
    let number = |key: &str| usize::try_from(region[key].as_u64().expect("it is a number")).expect("it is small");
    let offset = |line: usize, column: usize| {
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let mark = if start == 0 && text.starts_with('\u{feff}') { 3 } else { 0 };
        let characters = text[start + mark..].chars().take(column - 1);
        start + mark + characters.map(char::len_utf8).sum::<usize>()
    };
    offset(number("startLine"), number("startColumn"))..offset(number("endLine"), number("endColumn"))
}

#[test]
fn a_rule_is_explained_by_its_page() {
    let fixture = fixtures().into_iter().find(|fixture| fixture.name == "one").expect("it is there");
    let rule = &run(&fixture)["tool"]["driver"]["rules"][0];
    assert_eq!(rule["shortDescription"]["text"], "fields are in lower_snake_case");
    assert_eq!(rule["fullDescription"]["text"], "Generators expect it, as ENUM says.");
    let help = "Generators expect it, as ENUM says.\n\nSee [the guide](https://protobuf.dev/style).";
    assert_eq!(rule["help"]["text"], help);
    assert!(rule["help"]["markdown"].as_str().is_some_and(|page| page.contains("```proto a.proto\nint32 userName")));
    assert_eq!(rule["properties"]["tags"], serde_json::json!(["BASIC", "STANDARD"]));
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
}
