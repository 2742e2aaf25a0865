//! What the values of a configuration mean, and what is meant where there are none.

use protolint::config::{self, Config, HistoryConfig, Preset, Sets};
use protolint::finding::{Layer, Severity};
use protolint::pattern::{NamePatterns, PathPatterns};
use protolint::rules::settings::{Commented, DeprecationTerms, GivenLayout, Indent, NameCase, Quote, Requirement};
use protolint::rules::{self, Settings};

use super::{faults, good};

/// A configuration with every key.
const FULL: &str = include_str!("../../testdata/config/valid_full.yaml");

#[test]
fn an_absent_file_means_what_init_writes() {
    let mut full = good(&config::full_text());
    // An absent file leaves open the preset, and layout to `.editorconfig` files.
    assert!(matches!(full.check.sets, Sets::Preset(_)));
    (full.check.sets, full.breaking.sets) = (Sets::Newest, Sets::Newest);
    assert_ne!(std::mem::take(&mut full.check.settings.given), GivenLayout::default());
    assert_eq!(Config { source: None, ..full }, Config::default());
    assert_eq!(Config { source: None, ..good(&config::short_text()) }, Config::default());
    assert_eq!(Config { source: None, ..good("version: 1") }, Config::default());
    for group in [rules::Family::Lint, rules::Family::Breaking].into_iter().flat_map(rules::Family::groups) {
        assert!(config::full_text().contains(group));
    }
    assert!(config::short_text().lines().count() <= 20);
}

#[test]
fn values_mean_what_they_say() {
    let config = good(FULL);
    assert_eq!(config.roots, ["proto", "./api/"]);
    assert_eq!(config.includes, ["third_party"]);
    assert_eq!(config.exclude, PathPatterns::new(vec!["gen/**".to_owned(), "legacy/old.proto".to_owned()]).unwrap());
    let shown = |place: &protolint::source::Place| place.span.slice(FULL).to_owned();
    assert_eq!(config.places.roots.iter().map(shown).collect::<Vec<_>>(), ["proto", "./api/"]);
    assert_eq!(config.places.includes.iter().map(shown).collect::<Vec<_>>(), ["third_party"]);
    assert_eq!(config.places.exclude.iter().map(shown).collect::<Vec<_>>(), ["\"gen/**\"", "legacy/old.proto"]);
    assert_eq!(config.check.uses, ["STANDARD", "FIELD_HOT_NUMBER", "COMMENT_FIELD", "DEPRECATED_HAS_REASON"]);
    assert_eq!(config.check.except, ["PACKAGE_VERSION_SUFFIX", "UNUSED_IGNORE"]);
    let severities = [("COMMENT_FIELD", Severity::Warning), ("COMPILE_IMPORT_NOT_FOUND", Severity::Error)];
    assert_eq!(config.check.severity, severities.into());
    let [legacy, vendor] = &config.check.ignore[..] else { panic!("{:?}", config.check.ignore) };
    assert!(legacy.pattern.matches("legacy/a/b.proto") && !legacy.pattern.matches("new/legacy/b.proto"));
    assert_eq!((legacy.rules.len(), legacy.rules[0]), (8, "COMMENT_ENUM"));
    assert_eq!(shown(&legacy.place), "\"legacy/**\"");
    assert!(vendor.pattern.matches("vendor/a.proto") && vendor.rules.contains(&"UNUSED_IGNORE"));
    assert!(!vendor.rules.contains(&"COMPILE_SYNTAX"));
    let settings = Settings {
        comment_exempt_requests_and_responses: true,
        enum_zero_value_suffix: vec!["_UNSPECIFIED".to_owned(), "_UNKNOWN".to_owned()],
        service_suffix: "API".to_owned(),
        rpc_allow_same_request_response: true,
        rpc_allow_google_protobuf_empty_requests: true,
        rpc_allow_google_protobuf_empty_responses: true,
        hot_fields: NamePatterns::new(vec!["acme.user.v1.User.*".to_owned()]).unwrap(),
        quote: Quote::Single,
        indent: Indent::Tab,
        line_length: 100,
        tab_width: 8,
        given: GivenLayout { indent: true, line_length: true, tab_width: true },
        plurals: vec!["path".to_owned()],
        syntax: "2023".to_owned(),
        prepositions: vec!["of".to_owned()],
        preposition_exceptions: vec!["end_of_life".to_owned()],
        rpc_name_case: NameCase::LowerCamel,
        comment_starts_with_name: vec![Commented::EnumValue, Commented::Rpc],
        deprecation: config.deprecation().clone(),
    };
    assert_eq!(config.check.settings, settings);
    assert!(
        !config.check.buf_ignore_comments && config.only.matches("proto/a.proto") && !config.only.matches("a.proto")
    );
    assert!(matches!(config.check.sets, Sets::Preset(Preset { year: 2026, .. })));
    assert_eq!(config.breaking.sets, config.check.sets);
}

#[test]
fn a_scope_has_sections_of_its_own() {
    let config = good(FULL);
    let [old, older] = &config.scopes[..] else { panic!("{:?}", config.scopes) };
    let (check, breaking) = (config.check_in(old), config.breaking_in(older));
    assert_eq!(
        (check.uses.join(" "), breaking.uses.join(" ")),
        ("MINIMAL DEPRECATED_HAS_REASON".into(), "WIRE DELETED_BEFORE_DEPRECATION_ENDS".into())
    );
    assert!(config.check_in(older) == &config.check && config.breaking_in(old) == &config.breaking);
    let settings = Settings { deprecation: config.deprecation().clone(), ..Settings::default() };
    assert!(check.settings == settings && check.sets == config.check.sets);
    let scope = |path| config.scope_of(path);
    assert_eq!([scope("old/a.proto"), scope("old/er/a.proto"), scope("a.proto")], [Some(0), Some(1), None]);
}

#[test]
fn the_settings_of_breaking() {
    let config = good(FULL);
    let breaking = &config.breaking;
    assert_eq!((breaking.against.as_deref(), breaking.tag_pattern.as_deref()), (Some("release"), Some("api/v*")));
    assert_eq!(breaking.layers.as_deref(), Some(&[Layer::Wire, Layer::Json][..]));
    assert_eq!(
        (breaking.uses.join(" "), breaking.except.join(" ")),
        ("FILE FIELD_REUSED OPTION_UNCHANGED DELETED_BEFORE_DEPRECATION_ENDS".into(), "FILE_SAME_GO_PACKAGE".into())
    );
    assert_eq!(breaking.severity, [("FIELD_SAME_NAME", Severity::Warning)].into());
    let unchanged: Vec<&str> = breaking.unchanged.iter().map(|name| name.text.as_str()).collect();
    assert_eq!(unchanged, ["deprecated", "(acme.authz)", "(acme.authz).permission"]);
    assert!(breaking.ignore[0].rules.contains(&"FIELD_NO_DELETE") && breaking.ignore_unstable_packages);
    assert!(breaking.ignore_packages.matches("acme.internal.v1") && !breaking.ignore_packages.matches("acme.v1"));
    let [store, scratch] = &breaking.policies[..] else { panic!("{:?}", breaking.policies) };
    assert!(store.pattern.matches("acme.store.v1.Item") && store.layers == [Layer::Wire] && scratch.layers.is_empty());
    let groups = good("version: 1\nbreaking: {use: [FILE]}").breaking;
    assert_eq!(groups.layers, None);
}

#[test]
fn the_settings_of_history_and_deprecation() {
    let config = good(FULL);
    let HistoryConfig { tags, since, ignore } = &config.history;
    assert!(tags.matches("api/v1.2.0") && !tags.matches("v1.2.0") && since.as_deref() == Some("api/v1.0.0"));
    let covered = ["acme.internal", "acme.internal.v1.Order.id", "acme", "acme.internals"];
    assert_eq!(covered.map(|name| ignore.covers_name(name)), [true, true, false, false]);
    let covered = ["legacy/a/b.proto", "old.proto", "acme/old.proto", "acme.internal/a.proto"];
    assert_eq!(covered.map(|path| ignore.covers_path(path)), [true, true, false, false]);
    let listed = good("version: 1\nhistory: {tags: [v1.*, v2.*]}").history;
    assert!(listed.tags.matches("v2.0.0") && !listed.tags.matches("v3.0.0") && !listed.ignore.covers_name("a"));
    let both = vec![Requirement::Reason, Requirement::Replacement];
    let terms = DeprecationTerms { min_releases: Some(2), min_days: Some(180), require: Some(both.clone()) };
    let of = |package| config.deprecation().terms_of(package);
    assert_eq!([of("acme.v1"), of("acme")], [terms.clone(), terms.clone()]);
    assert_eq!(of("acme.v1beta1"), DeprecationTerms { min_days: Some(30), ..terms.clone() });
    assert_eq!(of("acme.v1test"), DeprecationTerms { require: Some(Vec::new()), ..terms });
    assert_eq!(good("version: 1\ndeprecation: {require: [], per_stability: {}}"), good("version: 1\n# deprecation"));
}

#[test]
fn lists_may_have_other_forms() {
    let forms = good(include_str!("../../testdata/config/valid_forms.yaml"));
    assert_eq!(forms.exclude.patterns(), ["gen/**", "gen's/**", "gen2"]);
    assert_eq!((forms.includes.len(), forms.check.uses.len(), forms.check.except.len()), (3, 2, 1));
    let single = good("version: 1\ncheck: {options: {enum_zero_value_suffix: _NONE}}");
    assert_eq!(single.check.settings.enum_zero_value_suffix, ["_NONE"]);
}

#[test]
fn the_more_exact_name_decides_the_severity() {
    for order in
        ["COMMENT_FIELD: error, COMMENTS: warning, ALL: error", "ALL: error, COMMENTS: warning, COMMENT_FIELD: error"]
    {
        let check = good(&format!("version: 1\ncheck: {{severity: {{{order}}}}}")).check;
        let of = |id| check.severity_of(rules::find(id).unwrap());
        assert_eq!(
            [of("COMMENT_FIELD"), of("COMMENT_RPC"), of("UNUSED_IGNORE")],
            [Severity::Error, Severity::Warning, Severity::Error]
        );
    }
    let check = Config::default().check;
    assert_eq!(check.severity_of(rules::find("UNUSED_IGNORE").unwrap()), Severity::Warning);
}

#[test]
fn another_version_reads_nothing() {
    let told = |text: &str| faults(text).into_iter().map(|finding| finding.message).collect::<Vec<_>>();
    assert!(told("version: 1\nrequired-version: \">=0.1, <99\"").is_empty());
    let other = told("version: 2\nrequired-version: \">=99\"\nunknown: 1");
    assert_eq!(other, [format!("this is protolint {}, but `>=99` is required", env!("CARGO_PKG_VERSION"))]);
}
