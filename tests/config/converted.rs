//! Configurations of other tools: what has no counterpart, and what is written for it.

use std::fs;

use protolint::config;
use protolint::finding::Severity;
use protolint::source::Sources;

use super::{good, parse_as};

/// What has no counterpart is reported with its place, and is no fault.
#[test]
fn notes_on_a_configuration_of_buf() {
    let notes = |text: &str| {
        let (_, config) = parse_as(config::parse_buf, text);
        let notes = config.unwrap_or_else(|findings| panic!("{findings:#?}")).notes;
        notes.into_iter().map(|note| (note.place.span.slice(text).to_owned(), note.text)).collect::<Vec<_>>()
    };
    let full = notes(include_str!("../../testdata/config_of_buf/v2_full.yaml"));
    let places: Vec<&str> = full.iter().map(|(place, _)| place.as_str()).collect();
    let expected = ["IMPORT_NO_WEAK", "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT", "disable_builtin", "deps", "plugins"];
    assert_eq!(places, expected);
    assert!(
        full[3].1.contains("imports from `buf.build/googleapis/googleapis` are found only in directories"),
        "{}",
        full[3].1
    );
    let renamed = notes("version: v1\nbreaking: {use: [FIELD_SAME_LABEL, FIELD_SAME_CTYPE]}");
    assert!(renamed[0].1.contains("FIELD_SAME_CARDINALITY, FIELD_WIRE_COMPATIBLE_CARDINALITY"), "{renamed:?}");
    assert!(renamed[1].1.contains("FIELD_SAME_CPP_STRING_TYPE"), "{renamed:?}");
    assert!(notes("version: v1\ndeps: [\"buf.build/bufbuild/protovalidate:v1\"]").is_empty());
    let of_plugins = notes("version: v2\nplugins: [{plugin: x}]\nlint: {use: [STANDARD, THEIRS]}");
    assert!(of_plugins.len() == 2 && of_plugins[1].0 == "THEIRS", "{of_plugins:?}");
}

/// Whatever is written for the Go tool's rules is read, and means these.
#[test]
fn what_the_go_tool_says_is_recorded() {
    let top = tempfile::tempdir().unwrap();
    let path = top.path().join(".protolint.yaml");
    let converted = |text: &str| {
        fs::write(&path, text).unwrap();
        let written = config::converted(&path, ".protolint.yaml", &mut Sources::new());
        let written = written.unwrap_or_else(|findings| panic!("{findings:#?}"));
        (good(&written), written)
    };
    let usual = converted("lint: {}").0;
    assert!(usual.check.uses.contains(&"FIELD_LOWER_SNAKE_CASE".to_owned()), "{:?}", usual.check.uses);
    assert_eq!(usual.check.settings.enum_zero_value_suffix, ["UNSPECIFIED"]);
    let all = converted("lint: {rules: {all_default: true, remove: [RPCS_HAVE_COMMENT]}}").0.check.uses;
    assert!(all.contains(&"COMMENT_FIELD".to_owned()) && !all.contains(&"COMMENT_RPC".to_owned()), "{all:?}");
    let text = "lint: {rules: {no_default: true, add: [SERVICE_NAMES_END_WITH, FIELDS_HAVE_COMMENT]}, \
                directories: {exclude: [./gen/]}, \
                ignores: [{id: FIELDS_HAVE_COMMENT, files: [\"a[1].proto\"]}], rules_option: \
                {service_names_end_with: {text: Api}, fields_have_comment: {severity: note, odd: 1}}}";
    let (config, written) = converted(text);
    assert_eq!(config.check.uses, ["COMMENT_FIELD", "SERVICE_SUFFIX"]);
    assert_eq!(config.check.settings.service_suffix, "Api");
    assert_eq!(config.check.severity, [("COMMENT_FIELD", Severity::Warning)].into());
    assert!(config.exclude.matches("gen/a.proto") && !config.exclude.matches("gen2/a.proto"));
    assert!(
        config.check.ignore[0].pattern.matches("a[1].proto") && !config.check.ignore[0].pattern.matches("a1.proto")
    );
    assert!(written.contains("# - the option `odd` of FIELDS_HAVE_COMMENT\n"), "{written}");
    assert_eq!(converted("lint: {rules: {no_default: true}}").0.check.except, ["UNARY_RPC"]);
}

/// The table for those who come from the Go tool says what its rules are written as.
#[test]
fn the_go_tools_rules_become_what_the_table_says() {
    let page = include_str!("../../rules/README.md");
    let table = page.split("<!-- go tool: begin -->").nth(1).unwrap().split("<!-- go tool: end -->").next().unwrap();
    let rows: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | ["))
        .map(|(theirs, rest)| (theirs, rest.split_once(']').unwrap().0))
        .collect();
    assert_eq!(rows.len(), 31);
    let top = tempfile::tempdir().unwrap();
    let path = top.path().join("protolint.yaml");
    for (theirs, ours) in rows {
        let options = "rules_option: {service_names_end_with: {text: Service}}";
        let text = format!("lint: {{rules: {{no_default: true, add: [{theirs}]}}, {options}}}");
        fs::write(&path, text).unwrap();
        let written = config::converted(&path, "protolint.yaml", &mut Sources::new()).unwrap();
        let uses = good(&written).check.uses;
        assert!(uses == [ours] || (ours.starts_with("COMPILE_") && uses == ["UNARY_RPC"]), "{theirs}: {uses:?}");
    }
    let options = "lint: {rules: {all_default: true}, rules_option: {indent: {style: tab}, max_line_length: \
                   {max_chars: 99, tab_chars: 8}, quote_consistent: {quote: single}, syntax_consistent: {version: proto2}, \
                   fields_have_comment: {should_follow_golang_style: true}, \
                   field_names_exclude_prepositions: {prepositions: [of], excludes: [end_of_line]}}}";
    fs::write(&path, options).unwrap();
    let written = config::converted(&path, "protolint.yaml", &mut Sources::new()).unwrap();
    assert!(!written.contains("has no option"), "{written}");
    let settings = good(&written).check.settings;
    assert_eq!((settings.line_length, settings.tab_width, settings.syntax.as_str()), (99, 8, "proto2"));
    assert_eq!(
        (settings.prepositions, settings.preposition_exceptions),
        (vec!["of".to_owned()], vec!["end_of_line".to_owned()])
    );
    assert_eq!(settings.comment_starts_with_name.len(), 1);
}
