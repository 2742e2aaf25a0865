//! `breaking --accept`, and what becomes of an accepted change: `ACCEPTED_STALE`, `ACCEPTED_EXPIRED`; comments that
//! ignore a change until a day.

use crate::support::repository::{BROKEN, BROKEN_ORDER, ITEM, ITEM_PATH, ORDER, ORDER_PATH, Run, Scratch, schema};

const FILE: &str = "r/protolint.accepted.yaml";

fn text(scratch: &Scratch) -> String {
    std::fs::read_to_string(scratch.path(FILE)).unwrap_or_default()
}

fn fingerprints(run: &Run) -> Vec<String> {
    run.findings.iter().map(|finding| finding.fingerprint.clone().unwrap()).collect()
}

fn accept(scratch: &Scratch, fingerprint: &str, more: &str) -> Run {
    let mut arguments = vec!["--accept", fingerprint, "--reason", "it's \"fine\": {no} reader # yet"];
    arguments.extend(more.split_whitespace());
    scratch.breaking_with("r", &arguments, &[])
}

#[test]
fn a_change_is_accepted_until_the_base_has_it() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let found = scratch.breaking("r", "");
    found.is(1, BROKEN, "1 breaking");
    let fingerprint = fingerprints(&found).remove(0);
    accept(&scratch, &fingerprint, "--by Ann").is(0, &[], "");
    let written = text(&scratch);
    assert_eq!(written.lines().last().unwrap().matches(&fingerprint).count(), 1, "{written}");
    accept(&scratch, &fingerprint, "").is(0, &[], "");
    assert_eq!(text(&scratch), written, "it is accepted already");
    for line in ["", "--index", "--against main", "proto/shop", "--layers wire"] {
        scratch.breaking("r", line).is(0, &[], "1 accepted change in protolint.accepted.yaml\ncompared");
    }
    assert!(scratch.breaking("r", "").stderr.starts_with("accepted proto/shop/v1/order.proto:5 FIELD_SAME_TYPE"));
    // Another type is another change.
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(&BROKEN_ORDER.replace("string count", "bytes count")));
    let stale = "ACCEPTED_STALE protolint.accepted.yaml:6";
    scratch.breaking("r", "").is(1, &[BROKEN[0], stale], "1 breaking, 1 warning");
    scratch.git("r", "checkout -q .");
    // Merged: only a comparison with the branch it went to shows that.
    scratch.git("r", "add -A");
    scratch.git("r", "commit -q -m accepted");
    scratch.breaking("r", "--against HEAD").is_silent("");
    scratch.breaking("r", "--against feature").is_silent("");
    scratch.git("r", "checkout -q main");
    scratch.git("r", "merge -q feature");
    scratch.git("r", "checkout -q -b next");
    scratch.breaking("r", "").is(0, &[stale], "");
    scratch.breaking("r", "--against main").is(0, &[stale], "");
    // Where a part is compared, only if that has what the entry is about.
    scratch.write(&format!("r/{ORDER_PATH}"), &schema(&BROKEN_ORDER.replace("}", "  // more\n}")));
    scratch.breaking("r", "proto/shop").is(0, &[stale], "");
    scratch.git("r", "checkout -q .");
    for line in ["--against HEAD", "--against HEAD~1", "--layers wire", "--use FIELD_SAME_TYPE", "proto/shop"] {
        let run = scratch.breaking("r", line);
        assert!(!run.told().contains(&stale.to_owned()), "{line}: {:?}", run.told());
    }
    scratch.breaking("r", "--except ACCEPTED_STALE").is_silent("");
    scratch.write(&format!("r/{ITEM_PATH}"), "message {");
    let broken = ["COMPILE_SYNTAX proto/shop/v1/item.proto:1", "NOT_COMPARED proto/shop/v1/item.proto:1"];
    scratch.breaking("r", "").is(1, &broken, "");
}

/// What is accepted for a comparison with a release is needed until the next one.
#[test]
fn an_entry_may_be_for_another_comparison() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "tag v1.0.0");
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
    scratch.git("r", "checkout -q -B feature");
    let found = scratch.breaking("r", "--against release");
    found.is(0, BROKEN, "1 already on main");
    accept(&scratch, &fingerprints(&found)[0], "--against release").is(0, &[], "");
    scratch.breaking("r", "--against release").is(0, &[], "1 accepted change");
    scratch.breaking("r", "").is_silent("");
    scratch.git("r", "tag v1.1.0");
    scratch.breaking("r", "--against release").is(0, &[], "1 accepted change");
    scratch.commit("r", &[("README.md", "x")]);
    scratch.breaking("r", "--against release").is(0, &["ACCEPTED_STALE protolint.accepted.yaml:6"], "v1.1.0");
    scratch.breaking("r", "").is_silent("");
}

#[test]
fn an_entry_runs_out() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let fingerprint = fingerprints(&scratch.breaking("r", "")).remove(0);
    accept(&scratch, &fingerprint, "--until 2999-12-31").is(0, &[], "");
    scratch.breaking("r", "").is(0, &[], "accepted until 2999-12-31: proto/shop/v1/order.proto:5 ");
    scratch.write(FILE, &text(&scratch).replace("2999-12-31", "2020-02-29"));
    let told = [BROKEN[0], "ACCEPTED_EXPIRED protolint.accepted.yaml:6"];
    scratch.breaking("r", "").is(1, &told, "1 breaking, 1 warning");
    scratch.breaking("r", "--except ACCEPTED_EXPIRED").is(1, BROKEN, "1 breaking\n");
    accept(&scratch, &fingerprint, "--until 2999-11-30").is(0, &[], "");
    assert_eq!(text(&scratch).matches("fingerprint:").count(), 1);
    scratch.breaking("r", "").is(0, &[], "accepted until 2999-11-30: ");
}

/// Lines stand sorted wherever they were added, and what others wrote between them stays.
#[test]
fn lines_are_sorted() {
    let Some(scratch) = Scratch::shop() else { return };
    let order = ORDER.replace("string id", "bytes id").replace("int32", "string");
    scratch.commit(
        "r",
        &[(ORDER_PATH, &schema(&order)), (ITEM_PATH, &schema(&ITEM.replace("string name", "int32 name")))],
    );
    let found = fingerprints(&scratch.breaking("r", ""));
    assert_eq!(found.len(), 3);
    accept(&scratch, &found[2], "").is(0, &[], "");
    scratch.write(FILE, &text(&scratch).replace("accepted:\n", "accepted:\n  # Ours.\n").replace('\n', "\r\n"));
    accept(&scratch, &format!("{},{}", found[0], found[1]), "").is(0, &[], "");
    let text = text(&scratch);
    let entries: Vec<&str> = text.lines().filter(|line| line.contains("symbol:")).collect();
    let symbols = entries.iter().map(|line| line.split("symbol: ").nth(1).unwrap().split(',').next().unwrap());
    assert_eq!(symbols.collect::<Vec<_>>(), ["shop.v1.Item.name", "shop.v1.Order.count", "shop.v1.Order.id"]);
    assert!(text.contains("  # Ours.\r\n") && text.matches('\n').count() == text.matches("\r\n").count(), "{text}");
    scratch.breaking("r", "").is(0, &[], "3 accepted changes");
}

#[test]
fn what_cannot_be_accepted_is_reported_and_nothing_written() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let fingerprint = fingerprints(&scratch.breaking("r", "")).remove(0);
    accept(&scratch, "0123456789abcdef", "").is(2, &[], "no change has the fingerprint");
    let off = format!("{}{}", &fingerprint[..15], if fingerprint.ends_with('0') { '1' } else { '0' });
    accept(&scratch, &off, "").is(2, &[], "help: did you mean COMMIT FIELD_SAME_TYPE");
    accept(&scratch, &format!("{fingerprint},{off}"), "").is(2, &[], "no change has");
    accept(&scratch, &fingerprint, "--until 2020-01-01").is(2, &[], "past date in `--until 2020-01-01`");
    accept(&scratch, &fingerprint, "--until 2999-02-30").is(2, &[], "invalid date");
    scratch.breaking("r", &format!("--accept {fingerprint}")).is(2, &[], "--reason");
    scratch.breaking_with("r", &["--accept", &fingerprint, "--reason", " "], &[]).is(2, &[], "`--reason` is empty");
    assert!(!scratch.path(FILE).exists());
    // Written by hand in another way, it holds, but no line can be added.
    let entry = format!("version: 1\naccepted: [{{fingerprint: \"{fingerprint}\", reason: r}}]\n");
    scratch.write(FILE, &entry);
    scratch.breaking("r", "").is(0, &[], "1 accepted change");
    scratch.write(&format!("r/{ITEM_PATH}"), &schema(&ITEM.replace("string name", "int32 name")));
    let other = scratch.breaking("r", "");
    accept(&scratch, &fingerprints(&other)[0], "").is(2, &[], "help: add this one: - {fingerprint: ");
    assert_eq!(text(&scratch), entry);
}

#[test]
fn faults_are_reported_where_they_stand() {
    let Some(scratch) = Scratch::broken_shop() else { return };
    let good = "  - {fingerprint: \"0123456789abcdef\", reason: r}\n";
    let cases = [
        (format!("version: 1\naccepted:\n{good}{good}"), 4),
        ("version: 1\naccepted:\n  - {fingerprint: \"0123456789ABCDEF\", reason: r}\n".to_owned(), 3),
        ("version: 1\naccepted:\n  - {fingerprint: 1234567890123456, reason: r}\n".to_owned(), 3),
        ("version: 1\naccepted:\n  - {fingerprint: \"0123456789abcdef\"}\n".to_owned(), 3),
        ("version: 1\naccepted:\n  - {reason: r}\n".to_owned(), 3),
        (
            "version: 1\naccepted:\n  - {fingerprint: \"0123456789abcdef\", reason: r, until: 2027-13-01}\n".to_owned(),
            3,
        ),
        (
            "version: 1\naccepted:\n  - {fingerprint: \"0123456789abcdef\", reason: r, untli: 2027-12-01}\n".to_owned(),
            3,
        ),
        ("version: 1\naccepted:\n  - text\n".to_owned(), 3),
        ("version: 1\naccepted: {}\n".to_owned(), 2),
        ("accepted: []\n".to_owned(), 1),
    ];
    for (text, line) in cases {
        scratch.write(FILE, &text);
        let run = scratch.breaking("r", "");
        let first = run.told().first().cloned().unwrap_or_default();
        assert_eq!((run.status, first), (2, format!("CONFIG_INVALID protolint.accepted.yaml:{line}")), "{text}");
    }
}

/// A comment that ignores a change holds up to a day; `check` does not compare.
#[test]
fn a_comment_may_ignore_a_change_until_a_day() {
    let Some(scratch) = Scratch::shop() else { return };
    let with = |until: &str| {
        let comment = format!("  // protolint:ignore FIELD_SAME_TYPE {until} no one reads it\n  string count");
        schema(&BROKEN_ORDER.replace("  string count", &comment))
    };
    let broken = "FIELD_SAME_TYPE proto/shop/v1/order.proto:6";
    let unused = "UNUSED_IGNORE proto/shop/v1/order.proto:5";
    for (until, told, by_check) in [
        ("", &[][..], &[][..]),
        ("until=2999-01-31", &[], &[]),
        ("until=2020-01-31", &[unused, broken], &[]),
        ("until=31.1.2999", &[broken], &[unused]),
        ("until=", &[broken], &[unused]),
    ] {
        scratch.write(&format!("r/{ORDER_PATH}"), &with(until));
        let run = scratch.breaking("r", "");
        assert_eq!(run.told(), told, "{until}");
        assert_eq!(scratch.check("r", "--use PACKAGE_DEFINED").told(), by_check, "{until}");
    }
}
