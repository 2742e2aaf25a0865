//! Changes that reach HTTP bindings in files that did not change.

use std::collections::BTreeMap;

use crate::support;

const SERVICE: &str = "import \"google/api/annotations.proto\";\nimport \"a/v1/request.proto\";\n\
    service Library {\n  rpc Get(Request) returns (Request) {\n    option (google.api.http).get = \"/v1/{name}\";\n  }\n}\n";
const REQUEST: &str = "import \"a/v1/filter.proto\";\nmessage Request {\n  string name = 1;\n  string view = 2;\n  Filter filter = 3;\n}\n";
const FILTER: &str = "message Filter {\n  string title = 1;\n  string theme = 2;\n}\n";

/// The findings, each with its layers, where these files of a package become others.
fn found(changed: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    found_with(None, changed, arguments)
}

/// The same with a configuration.
fn found_with(configuration: Option<&str>, changed: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let text = |body: &str| format!("syntax = \"proto3\";\npackage a.v1;\n{body}");
    let before = [("service", SERVICE), ("request", REQUEST), ("filter", FILTER)];
    let mut files: BTreeMap<String, String> =
        before.iter().map(|(name, body)| (format!("a/v1/{name}.proto"), text(body))).collect();
    let directory = tempfile::tempdir().unwrap();
    support::write(&directory.path().join("before"), &files);
    files.extend(changed.iter().map(|(name, body)| (format!("a/v1/{name}.proto"), text(body))));
    files.extend(configuration.map(|text| ("protolint.yaml".to_owned(), text.to_owned())));
    support::write(&directory.path().join("after"), &files);
    let arguments: Vec<&str> = ["--against", "../before"].iter().chain(arguments).copied().collect();
    let findings = support::breaking(&directory.path().join("after"), &arguments);
    let shown = |finding: support::Finding| {
        let request = finding.evidence.iter().find(|shown| shown.layer == "rest").map(|shown| shown.payload.as_str());
        format!("{} {} {} {:?}", finding.path.unwrap(), finding.rule, finding.layers.join(","), request.unwrap_or(""))
    };
    findings.into_iter().map(shown).collect()
}

#[test]
fn parameters_are_lost_in_the_file_of_a_request() {
    let request = REQUEST.replace("  string view = 2;\n", "  reserved 2;\n  reserved \"view\";\n");
    let expected = ["a/v1/request.proto FIELD_NO_DELETE rest,source \"GET /v1/1?view=x\""];
    assert_eq!(found(&[("request", &request)], &[]), expected);
    let filter = FILTER.replace("  string theme = 2;\n", "  reserved 2;\n  reserved \"theme\";\n");
    let expected = ["a/v1/filter.proto FIELD_NO_DELETE rest,source \"GET /v1/1?filter.theme=x\""];
    assert_eq!(found(&[("filter", &filter)], &[]), expected);
    let renamed = FILTER.replace("theme = 2", "themes = 2 [json_name = \"theme\"]");
    assert_eq!(found(&[("filter", &renamed)], &[]), [] as [&str; 0], "the key is the name that it had");
    let renamed = FILTER.replace("theme = 2", "themes = 2");
    let expected = ["a/v1/filter.proto FIELD_SAME_JSON_NAME json,rest,source \"GET /v1/1?filter.theme=x\""];
    assert_eq!(found(&[("filter", &renamed)], &[]), expected);
}

#[test]
fn a_new_binding_takes_requests_of_a_file_beside_it() {
    let other = "import \"google/api/annotations.proto\";\nmessage Mine {}\nservice Other {\n  rpc Mine(a.v1.Mine) \
        returns (a.v1.Mine) {\n    option (google.api.http).get = \"/v1/mine\";\n  }\n}\n";
    let before = found(&[("other", other)], &[]);
    // The evidence of what only some routers do is a warning.
    assert_eq!(before, ["a/v1/other.proto HTTP_SAME_BINDING  \"GET /v1/mine\""]);
}

#[test]
fn json_of_requests_counts_for_rest_alone() {
    let filter = FILTER.replace("string theme", "int32 theme");
    let findings = found(&[("filter", &filter)], &["--layers", "rest"]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].starts_with("a/v1/filter.proto FIELD_SAME_TYPE"), "{findings:?}");
    assert!(findings[0].contains("rest"), "{findings:?}");
}

#[test]
fn parameters_count_where_names_or_scopes_alone_have_the_layer() {
    let filter = FILTER.replace("  string theme = 2;\n", "  reserved 2;\n  reserved \"theme\";\n");
    let expected = ["a/v1/filter.proto FIELD_NO_DELETE rest,source \"GET /v1/1?filter.theme=x\""];
    let policy = "version: 1\nbreaking:\n  layers: [wire]\n  policies: [{match: a.v1.**, layers: [rest]}]\n";
    assert_eq!(found_with(Some(policy), &[("filter", &filter)], &[]), expected);
    let scope = "version: 1\nbreaking: {layers: [wire]}\nscopes: [{paths: [\"a/**\"], breaking: {layers: [rest]}}]\n";
    assert_eq!(found_with(Some(scope), &[("filter", &filter)], &[]), expected);
    let wire = "version: 1\nbreaking: {layers: [wire]}\n";
    assert_eq!(found_with(Some(wire), &[("filter", &filter)], &[]), [] as [&str; 0]);
}
