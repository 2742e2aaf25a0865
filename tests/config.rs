//! Configurations: the cases of `testdata/config`, what values mean, and where files are found.
//!
//! A line of a case on which a finding starts ends in markers such as ``# error at `TOKEN`: MESSAGE help: HELP``. TOKEN
//! is the text labelled, MESSAGE and HELP are parts of what is said; each may be left out.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use protolint::config::{self, Config, Preset, RuleList, Sets};
use protolint::finding::{Finding, Layer, Severity};
use protolint::pattern::{NamePatterns, PathPatterns};
use protolint::rules::settings::{Commented, Indent, NameCase, Quote};
use protolint::rules::{self, Settings};
use protolint::source::{SourceFile, Sources};

fn parse(text: &str) -> (Sources, Result<Config, Vec<Finding>>) {
    parse_as(config::parse, text)
}

fn parse_as(parse: Parse, text: &str) -> (Sources, Result<Config, Vec<Finding>>) {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("protolint.yaml".to_owned(), text.to_owned()));
    let result = parse(sources.get(file).text(), file);
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
    in_folder("config", config::parse);
    in_folder("config_of_buf", config::parse_buf);
}

type Parse = fn(&str, protolint::source::FileId) -> Result<Config, Vec<Finding>>;

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
    assert_eq!(labelled("# ü\nversion: 1\nexclude: [\"gen/**]\n"), [(26, "in what starts here".to_owned())]);
    assert_eq!(labelled("\u{feff}a: [b\n: : ["), [(6, "in what starts here".to_owned())]);
    assert_eq!(labelled("version: 1\nroots: [a]\nroots: [b]"), [(11, "first given here".to_owned())]);
    assert_eq!(labelled("version: 1\nroots: [a, b, a]"), [(19, "first listed here".to_owned())]);
}

#[test]
fn an_absent_file_means_what_init_writes() {
    let mut written = good(&config::init_text());
    // The preset is the only thing that an absent file leaves open.
    assert!(matches!(written.check.sets, Sets::Preset(_)));
    (written.check.sets, written.breaking.sets) = (Sets::Newest, Sets::Newest);
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
    assert!(
        !config.check.buf_ignore_comments && config.only.matches("proto/a.proto") && !config.only.matches("a.proto")
    );
    assert!(matches!(config.check.sets, Sets::Preset(Preset { year: 2026, .. })));
    assert_eq!(config.breaking.sets, config.check.sets);
    let [old, older] = &config.scopes[..] else { panic!("{:?}", config.scopes) };
    let (check, breaking) = (config.check_in(old), config.breaking_in(older));
    assert_eq!((check.uses.join(" "), breaking.uses.join(" ")), ("MINIMAL".into(), "WIRE".into()));
    assert!(config.check_in(older) == &config.check && config.breaking_in(old) == &config.breaking);
    assert!(check.settings == Settings::default() && check.sets == config.check.sets);
    let scope = |path| config.scope_of(path);
    assert_eq!([scope("old/a.proto"), scope("old/er/a.proto"), scope("a.proto")], [Some(0), Some(1), None]);
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
        let rules = config::select(Sets::Newest, rules::Family::Lint, &owned(uses), &owned(except))?;
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
    assert_eq!(places, [(RuleList::Use, 1), (RuleList::Except, 0), (RuleList::Except, 1)]);
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

#[test]
fn a_preset_leaves_out_what_is_newer() {
    let older = Sets::Preset(Preset { year: 2025, version: "0.0.9" });
    let ids = |sets: Sets, family, uses: &[&str]| {
        let uses: Vec<String> = uses.iter().map(|&name| name.to_owned()).collect();
        let on = config::select(sets, family, &uses, &[]).unwrap();
        on.iter().map(|rule| rule.id).collect::<Vec<_>>()
    };
    assert!(ids(older, rules::Family::Lint, &["STANDARD", "COMMENTS", "ALL"]).is_empty());
    assert!(ids(older, rules::Family::Breaking, &["FILE", "ALL"]).is_empty());
    assert_eq!(ids(older, rules::Family::Lint, &["STANDARD", "COMMENT_FIELD"]), ["COMMENT_FIELD"]);
    assert_eq!(older.default_use(), ["STANDARD"]);
    let preset = Preset { year: 2026, version: "0.10.2" };
    assert!(["0.1.0", "0.9.9", "0.10.2"].iter().all(|since| preset.has(since)));
    assert!(["0.10.3", "0.11.0", "1.0.0"].iter().all(|since| !preset.has(since)));
}

/// A preset is made with a release; until then it has all rules there are, and none is newer than the program.
#[test]
fn the_newest_preset_has_every_rule() {
    let newest = config::PRESETS.last().unwrap();
    let release = Preset { year: 0, version: env!("CARGO_PKG_VERSION") };
    for rule in rules::lint_rules().into_iter().chain(rules::breaking_rules()).chain(rules::compile_rules()) {
        assert!(release.has(rule.page.since), "{} is there since {}", rule.id, rule.page.since);
        assert!(newest.has(rule.page.since) || newest.version != release.version, "{}", rule.id);
    }
    assert!(config::PRESETS.windows(2).all(|pair| pair[0].year < pair[1].year && pair[1].has(pair[0].version)));
    assert!(release.has(newest.version), "no preset is of a version to come");
}

#[test]
fn another_version_reads_nothing() {
    let told = |text: &str| faults(text).into_iter().map(|finding| finding.message).collect::<Vec<_>>();
    assert!(told("version: 1\nrequired-version: \">=0.1, <99\"").is_empty());
    let other = told("version: 2\nrequired-version: \">=99\"\nunknown: 1");
    assert_eq!(other, [format!("this is protolint {}, and `>=99` is required", env!("CARGO_PKG_VERSION"))]);
}

/// What the categories of buf hold: their sizes are printed by `buf config ls-lint-rules` and `ls-breaking-rules`.
#[test]
fn categories_of_buf() {
    use config::BufVersion::{V1, V1Beta1, V2};
    use rules::Family::{Breaking, Lint};
    for (version, family, sizes) in [
        (V2, Lint, "MINIMAL 5 BASIC 26 STANDARD 35 DEFAULT 35 COMMENTS 7 UNARY_RPC 2"),
        (V1, Lint, "MINIMAL 4 BASIC 24 STANDARD 33 DEFAULT 33 COMMENTS 7 UNARY_RPC 2"),
        (V1Beta1, Lint, "MINIMAL 14 BASIC 22 STANDARD 30 SENSIBLE 4 STYLE_BASIC 8 STYLE_DEFAULT 16 OTHER 1 COMMENTS 7"),
        (V2, Breaking, "FILE 51 PACKAGE 51 WIRE_JSON 22 WIRE 15 CSR 32"),
        (V1, Breaking, "FILE 49 PACKAGE 49 WIRE_JSON 21 WIRE 14"),
        (V1Beta1, Breaking, "FILE 49 PACKAGE 48 WIRE_JSON 21 WIRE 14"),
    ] {
        let words: Vec<&str> = sizes.split(' ').collect();
        for pair in words.chunks(2) {
            let on = config::select(Sets::Buf(version), family, &[pair[0].to_owned()], &[]).unwrap();
            let own = on.iter().filter(|rule| rules::Family::of(rule).is_some()).count();
            assert_eq!(own.to_string(), pair[1], "{} {}", version.name(), pair[0]);
        }
    }
}

/// What has no counterpart is told with its place, and is no fault.
#[test]
fn notes_on_a_configuration_of_buf() {
    let notes = |text: &str| {
        let (_, config) = parse_as(config::parse_buf, text);
        let notes = config.unwrap_or_else(|findings| panic!("{findings:#?}")).notes;
        notes.into_iter().map(|note| (note.place.span.slice(text).to_owned(), note.text)).collect::<Vec<_>>()
    };
    let full = notes(include_str!("../testdata/config_of_buf/v2_full.yaml"));
    let places: Vec<&str> = full.iter().map(|(place, _)| place.as_str()).collect();
    let expected = ["IMPORT_NO_WEAK", "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT", "disable_builtin", "deps", "plugins"];
    assert_eq!(places, expected);
    assert!(full[3].1.contains("`buf.build/googleapis/googleapis` is found only in directories"), "{}", full[3].1);
    let renamed = notes("version: v1\nbreaking: {use: [FIELD_SAME_LABEL, FIELD_SAME_CTYPE]}");
    assert!(renamed[0].1.contains("FIELD_SAME_CARDINALITY, FIELD_WIRE_COMPATIBLE_CARDINALITY"), "{renamed:?}");
    assert!(renamed[1].1.contains("FIELD_SAME_CPP_STRING_TYPE"), "{renamed:?}");
    assert!(notes("version: v1\ndeps: [\"buf.build/bufbuild/protovalidate:v1\"]").is_empty());
    let of_plugins = notes("version: v2\nplugins: [{plugin: x}]\nlint: {use: [STANDARD, THEIRS]}");
    assert!(of_plugins.len() == 2 && of_plugins[1].0 == "THEIRS", "{of_plugins:?}");
}

#[test]
fn discovery_knows_buf() {
    let top = tempfile::tempdir().unwrap();
    let at = |path: &str| top.path().join(path);
    for directory in ["one/acme", "two", "three", ".git"] {
        fs::create_dir_all(at(directory)).unwrap();
    }
    fs::write(at("buf.work.yaml"), "version: v1\ndirectories: [./one/, two]").unwrap();
    for directory in ["one", "three"] {
        fs::write(at(directory).join("buf.yaml"), "version: v1").unwrap();
    }
    assert_eq!(config::discover(&at("one/acme")), Some(at("buf.work.yaml")));
    assert_eq!(config::discover(&at("two")), Some(at("buf.work.yaml")));
    assert_eq!(config::discover(&at("three")), Some(at("three/buf.yaml")));
    fs::write(at("protolint.yaml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("two")), Some(at("protolint.yaml")));
    fs::write(at("one/acme/protolint.yml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("one/acme")), Some(at("one/acme/protolint.yml")));
}

/// Whatever is written for the Go tool's rules is read, and means these.
#[test]
fn what_the_go_tool_says_is_written_down() {
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
    let page = include_str!("../rules/README.md");
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
