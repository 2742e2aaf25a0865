//! Configurations: the cases of `testdata/config`, what values mean, and where files are found.
//!
//! A line of a case on which a finding starts ends in markers such as ``# error at `TOKEN`: MESSAGE help: HELP``. TOKEN
//! is the text labelled, MESSAGE and HELP are parts of what is said; each may be left out.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use protolint::config::{self, Config, Selection};
use protolint::finding::{Finding, Layer, Severity};
use protolint::pattern::{NamePatterns, PathPatterns};
use protolint::rules::settings::{Commented, Indent, NameCase, Quote};
use protolint::rules::{self, Settings};
use protolint::source::{SourceFile, Sources};

fn parse(text: &str) -> (Sources, Result<Config, Vec<Finding>>) {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("protolint.yaml".to_owned(), text.to_owned()));
    let result = config::parse(sources.get(file).text(), file);
    (sources, result)
}

fn good(text: &str) -> Config {
    parse(text).1.unwrap_or_else(|findings| panic!("{findings:#?}\n{text}"))
}

fn faults(text: &str) -> Vec<Finding> {
    parse(text).1.err().unwrap_or_default()
}

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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/config");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 30);
    let mut wrong = String::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let (sources, result) = parse(&text);
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
    assert_eq!(labelled("# ü\nversion: 1\nexclude: [\"gen/**]\n"), [(26, "in what starts here".to_owned())]);
    assert_eq!(labelled("\u{feff}a: [b\n: : ["), [(6, "in what starts here".to_owned())]);
    assert_eq!(labelled("version: 1\nroots: [a]\nroots: [b]"), [(11, "first given here".to_owned())]);
    assert_eq!(labelled("version: 1\nroots: [a, b, a]"), [(19, "first listed here".to_owned())]);
}

#[test]
fn an_absent_file_means_what_init_writes() {
    let written = good(&config::init_text());
    assert_eq!(Config { source: None, ..written }, Config::default());
    assert_eq!(Config { source: None, ..good("version: 1") }, Config::default());
    for group in [rules::Family::Lint, rules::Family::Breaking].into_iter().flat_map(rules::Family::groups) {
        assert!(config::init_text().contains(group));
    }
}

#[test]
fn values_mean_what_they_say() {
    let text = include_str!("../testdata/config/valid_full.yaml");
    let config = good(text);
    assert_eq!(config.roots, ["proto", "./api/"]);
    assert_eq!(config.includes, ["third_party"]);
    assert_eq!(config.exclude, PathPatterns::new(vec!["gen/**".to_owned(), "legacy/old.proto".to_owned()]).unwrap());
    let shown = |place: &protolint::source::Place| place.span.slice(text).to_owned();
    assert_eq!(config.places.roots.iter().map(shown).collect::<Vec<_>>(), ["proto", "./api/"]);
    assert_eq!(config.places.includes.iter().map(shown).collect::<Vec<_>>(), ["third_party"]);
    assert_eq!(config.places.exclude.iter().map(shown).collect::<Vec<_>>(), ["\"gen/**\"", "legacy/old.proto"]);
    assert_eq!(config.check.uses, ["STANDARD", "FIELD_HOT_NUMBER", "COMMENT_FIELD"]);
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
        plurals: vec!["path".to_owned()],
        syntax: "2023".to_owned(),
        prepositions: vec!["of".to_owned()],
        preposition_exceptions: vec!["end_of_life".to_owned()],
        rpc_name_case: NameCase::LowerCamel,
        comment_starts_with_name: vec![Commented::EnumValue, Commented::Rpc],
    };
    assert_eq!(config.check.settings, settings);
    let breaking = &config.breaking;
    assert_eq!((breaking.against.as_deref(), breaking.tag_pattern.as_deref()), (Some("release"), Some("api/v*")));
    assert_eq!(breaking.layers.as_deref(), Some(&[Layer::Wire, Layer::Json][..]));
    assert_eq!(
        (breaking.uses.join(" "), breaking.except.join(" ")),
        ("FILE FIELD_REUSED".into(), "FILE_SAME_GO_PACKAGE".into())
    );
    assert_eq!(breaking.severity, [("FIELD_SAME_NAME", Severity::Warning)].into());
    assert!(breaking.ignore[0].rules.contains(&"FIELD_NO_DELETE") && breaking.ignore_unstable_packages);
    assert!(breaking.ignore_packages.matches("acme.internal.v1") && !breaking.ignore_packages.matches("acme.v1"));
    let [store, scratch] = &breaking.policies[..] else { panic!("{:?}", breaking.policies) };
    assert!(store.pattern.matches("acme.store.v1.Item") && store.layers == [Layer::Wire] && scratch.layers.is_empty());
    let groups = good("version: 1\nbreaking: {use: [FILE]}").breaking;
    assert_eq!(groups.layers, None);
    let forms = good(include_str!("../testdata/config/valid_forms.yaml"));
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
fn selection() {
    let select = |uses: &[&str], except: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let rules = config::select(rules::Family::Lint, &owned(uses), &owned(except))?;
        Ok::<_, Vec<config::UnknownName>>(rules.iter().map(|rule| rule.id).collect::<Vec<_>>())
    };
    let known = ["ACCEPTED_EXPIRED", "ACCEPTED_STALE", "BASELINE_STALE"];
    let warnings = [&known[..], &["COMPILE_IMPORT_NOT_FOUND", "CONFIG_UNUSED_IGNORE", "UNUSED_IGNORE"]].concat();
    assert_eq!(select(&[], &[]).unwrap(), warnings);
    assert_eq!(
        select(&["UNARY_RPC"], &["UNUSED_IGNORE", "RPC_NO_SERVER_STREAMING", "COMMENTS"]).unwrap(),
        [&known[..], &["COMPILE_IMPORT_NOT_FOUND", "CONFIG_UNUSED_IGNORE", "RPC_NO_CLIENT_STREAMING"]].concat()
    );
    assert_eq!(select(&["ALL"], &[]).unwrap().len(), rules::lint_rules().len() + warnings.len());
    assert!(select(&["ALL"], &["ALL"]).unwrap().is_empty());
    let unknown = select(&["STANDARD", "BASICS"], &["COMPILE_SYNTAX", "nothing like it"]).unwrap_err();
    let places: Vec<_> = unknown.iter().map(|name| (name.list, name.index)).collect();
    assert_eq!(places, [(Selection::Use, 1), (Selection::Except, 0), (Selection::Except, 1)]);
    assert_eq!(unknown[0].message, "there is no rule or group `BASICS`");
    assert_eq!(unknown[0].help, "did you mean `BASIC`?");
    assert_eq!(unknown[1].message, "`COMPILE_SYNTAX` is always on");
}

#[test]
fn discovery_goes_up_to_the_repository() {
    let top = tempfile::tempdir().unwrap();
    let at = |path: &str| top.path().join(path);
    fs::create_dir_all(at("repository/proto/acme")).unwrap();
    fs::create_dir_all(at("repository/.git")).unwrap();
    fs::create_dir_all(at("repository/proto/protolint.yaml")).unwrap();
    fs::write(at("protolint.yaml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("repository/proto/acme")), None);
    fs::write(at("repository/protolint.yml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("repository/proto/acme")), Some(at("repository/protolint.yml")));
    fs::write(at("repository/protolint.yaml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("repository")), Some(at("repository/protolint.yaml")));
    assert_eq!(config::discover(&at("")), Some(at("protolint.yaml")));
    let roundabout = config::discover(&at("repository/proto/acme/../..")).unwrap();
    assert_eq!(roundabout.canonicalize().unwrap(), at("repository/protolint.yaml").canonicalize().unwrap());
}

fn load(path: &Path) -> Result<Config, Vec<Finding>> {
    config::load(path, "shown.yaml".to_owned(), &mut Sources::new())
}

#[test]
fn loading_looks_at_directories() {
    let top = tempfile::tempdir().unwrap();
    let path = top.path().join("protolint.yaml");
    fs::create_dir_all(top.path().join("protos")).unwrap();
    fs::write(top.path().join("file"), "").unwrap();
    fs::write(&path, "version: 1\nroots: [protos]").unwrap();
    let config = load(&path).unwrap();
    assert_eq!((config.directory.as_path(), config.roots), (top.path(), vec!["protos".to_owned()]));
    fs::write(&path, "version: 1\nroots: [proto, protos, file]\nincludes: [vendor/x]\nchek: 1").unwrap();
    let findings = load(&path).unwrap_err();
    let told: Vec<_> = findings.iter().map(|finding| (&*finding.message, finding.help.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("directory `proto` does not exist", "did you mean `protos`?"),
            ("`file` is not a directory", "directories are relative to that of this file"),
            ("directory `vendor/x` does not exist", "directories are relative to that of this file"),
            ("unknown key `chek`", "did you mean `check`?"),
        ]
    );
}

#[test]
fn loading_what_is_no_text() {
    let top = tempfile::tempdir().unwrap();
    let path = top.path().join("protolint.yaml");
    let only = |path: &Path| {
        let [finding] = &load(path).unwrap_err()[..] else { panic!() };
        finding.clone()
    };
    let absent = only(&path);
    assert_eq!((absent.rule, absent.place), ("INPUT_UNREADABLE", None));
    assert_eq!(absent.message, "`shown.yaml` cannot be read: no such file or directory");
    assert_eq!(only(top.path()).rule, "INPUT_UNREADABLE");
    fs::write(&path, b"version: 1\nroots: [\xff]").unwrap();
    let encoding = only(&path);
    assert_eq!((encoding.message.as_str(), encoding.place.unwrap().span.start), ("the file is not UTF-8 text", 19));
    fs::write(&path, vec![b'#'; (1 << 20) + 1]).unwrap();
    assert_eq!(only(&path).message, "`shown.yaml` is larger than 1 MiB");
    fs::write(&path, format!("version: 1 #{}", "#".repeat((1 << 20) - 12))).unwrap();
    assert!(load(&path).is_ok());
}
