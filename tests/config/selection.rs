//! Which rules names, groups, presets and categories of buf stand for.

use protolint::config::{self, Preset, RuleList, Sets};
use protolint::rules;

#[test]
fn selection() {
    let select = |uses: &[&str], except: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let rules = config::select(Sets::Newest, rules::Family::Lint, &owned(uses), &owned(except))?;
        Ok::<_, Vec<config::UnknownName>>(rules.iter().map(|rule| rule.id).collect::<Vec<_>>())
    };
    let known = ["ACCEPTED_EXPIRED", "ACCEPTED_STALE", "BASELINE_STALE"];
    let warnings =
        [&known[..], &["COMPILE_IMPORT_NOT_FOUND", "CONFIG_UNUSED_IGNORE", "NOT_COMPARED", "UNUSED_IGNORE"]].concat();
    assert_eq!(select(&[], &[]).unwrap(), warnings);
    assert_eq!(
        select(&["UNARY_RPC"], &["UNUSED_IGNORE", "RPC_NO_SERVER_STREAMING", "COMMENTS"]).unwrap(),
        [&known[..], &["COMPILE_IMPORT_NOT_FOUND", "CONFIG_UNUSED_IGNORE", "NOT_COMPARED", "RPC_NO_CLIENT_STREAMING"]]
            .concat()
    );
    assert_eq!(select(&["ALL"], &[]).unwrap().len(), rules::lint_rules().len() + warnings.len());
    assert!(select(&["ALL"], &["ALL"]).unwrap().is_empty());
    let unknown = select(&["STANDARD", "BASICS"], &["COMPILE_SYNTAX", "nothing like it"]).unwrap_err();
    let places: Vec<_> = unknown.iter().map(|name| (name.list, name.index)).collect();
    assert_eq!(places, [(RuleList::Use, 1), (RuleList::Except, 0), (RuleList::Except, 1)]);
    assert_eq!(unknown[0].message, "unknown rule or group `BASICS`");
    assert_eq!(unknown[0].help, "did you mean `BASIC`?");
    assert_eq!(unknown[1].message, "`COMPILE_SYNTAX` is always on");
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
