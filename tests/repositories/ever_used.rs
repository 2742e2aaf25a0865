//! What earlier releases had: `FIELD_NUMBER_EVER_USED`, `FIELD_NAME_EVER_USED`, `ENUM_VALUE_NUMBER_EVER_USED`,
//! `RPC_NAME_EVER_USED` and `RESERVED_DROPPED_EVER`.

use crate::support::repository::{Run, Scratch, schema};

const PATH: &str = "proto/shop/v1/card.proto";

/// A schema of one message, one enum and one service.
fn card(fields: &str, values: &str, rpcs: &str) -> String {
    let messages = "message Note {\n  string text = 1;\n}\n";
    schema(&format!(
        "message Card {{\n  string holder = 1;\n{fields}}}\n{messages}enum Kind {{\n  KIND_NONE = 0;\n{values}}}\n\
         service Cards {{\n{rpcs}}}\n"
    ))
}

/// Releases with these texts, the last of which is `main`; `HEAD` is on a branch with the same.
fn released(texts: &[&str]) -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    for (index, text) in texts.iter().enumerate() {
        scratch.write(&format!("r/{PATH}"), text);
        scratch.git("r", "add -A");
        scratch.git("r", "commit -q --allow-empty -m release");
        scratch.git("r", &format!("tag v1.{index}.0"));
    }
    scratch.git("r", "checkout -q -b feature");
    Some(scratch)
}

/// What `breaking` says once the branch has this text.
fn with(scratch: &Scratch, text: &str) -> Run {
    scratch.write(&format!("r/{PATH}"), text);
    scratch.breaking("r", "--against main")
}

#[track_caller]
fn says(run: &Run, expected: &[(&str, &str, &str)]) {
    let found: Vec<(&str, &str, &str)> = run
        .findings
        .iter()
        .map(|finding| (finding.rule.as_str(), finding.severity.as_str(), finding.message.as_str()))
        .collect();
    assert_eq!(found, expected, "{}", run.stderr);
}

#[test]
fn a_number_of_an_old_release_comes_back_as_something_else() {
    let (old, gone) = (card("  Note note = 7;\n", "", ""), card("", "", ""));
    let Some(scratch) = released(&[&gone, &old, &old, &gone, &gone]) else { return };
    let run = with(&scratch, &card("  string code = 7;\n", "", ""));
    let message =
        "field `code` takes number 7 of message `Card`, which was `note`, a `shop.v1.Note`, in v1.1.0 to v1.2.0";
    says(&run, &[("FIELD_NUMBER_EVER_USED", "error", message)]);
    let finding = &run.findings[0];
    assert_eq!(finding.evidence.len(), 1, "{finding:?}");
    assert_eq!(run.status, 1);
    // Without the release that had it there is nothing to report.
    scratch.git("r", "tag -d v1.1.0");
    scratch.git("r", "tag -d v1.2.0");
    scratch.breaking("r", "--against main").is_silent("0 breaking");
}

#[test]
fn what_only_has_another_name_is_suspicious() {
    let (old, gone) = (card("  string note = 7;\n", "", ""), card("", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    let run = with(&scratch, &card("  string code = 7;\n", "", ""));
    let message = "field `code` takes number 7 of message `Card`, which was `note`, a `string`, in v1.0.0";
    says(&run, &[("FIELD_NUMBER_EVER_USED", "warning", message)]);
    assert_eq!(run.status, 0);
    with(&scratch, &card("  string note = 7;\n", "", "")).is_silent("0 breaking");
}

#[test]
fn a_name_of_an_old_release_comes_back_with_other_json() {
    let (old, gone) = (card("  Note note = 7;\n", "", ""), card("  reserved 7;\n", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    let run = with(&scratch, &card("  reserved 7;\n  string note = 8;\n", "", ""));
    let message = "field `note` of message `Card` takes the JSON name that number 7 had in v1.0.0, a `shop.v1.Note`";
    says(&run, &[("FIELD_NAME_EVER_USED", "error", message)]);
    assert!(run.findings[0].layers == ["json"] && run.findings[0].evidence.len() == 1, "{:?}", run.findings);
    // The same JSON is no break.
    with(&scratch, &card("  reserved 7;\n  Note note = 8;\n", "", "")).is_silent("0 breaking");
}

#[test]
fn a_number_of_an_old_value_comes_back_as_another_one() {
    let (old, gone) = (card("", "  KIND_GOLD = 1;\n", ""), card("", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    let run = with(&scratch, &card("", "  KIND_BLACK = 1;\n", ""));
    let message = "enum value `KIND_BLACK` takes number 1 of enum `Kind`, which was `KIND_GOLD` in v1.0.0";
    says(&run, &[("ENUM_VALUE_NUMBER_EVER_USED", "warning", message)]);
    let run = with(&scratch, &card("", "  KIND_BLACK = 1;\n  KIND_GOLD = 2;\n", ""));
    says(&run, &[("ENUM_VALUE_NUMBER_EVER_USED", "error", message)]);
    assert_eq!(run.findings[0].evidence.len(), 1, "{:?}", run.findings);
    with(&scratch, &card("", "  KIND_GOLD_CARD = 1;\n", "")).is_silent("0 breaking");
}

#[test]
fn a_name_of_an_old_rpc_comes_back_with_another_signature() {
    let (old, gone) = (card("", "", "  rpc Get(Card) returns (Note);\n"), card("", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    let run = with(&scratch, &card("", "", "  rpc Get(Card) returns (stream Note);\n"));
    let message = "rpc `Get` of service `Cards` takes the name of an rpc that was \
                   `(shop.v1.Card) returns (shop.v1.Note)` in v1.0.0, and is `(shop.v1.Card) returns (stream shop.v1.Note)`";
    says(&run, &[("RPC_NAME_EVER_USED", "error", message)]);
    with(&scratch, &card("", "", "  rpc Get(Card) returns (Note);\n")).is_silent("0 breaking");
}

#[test]
fn a_reservation_is_removed_that_a_release_makes_necessary() {
    let (old, gone) = (card("  Note note = 7;\n", "", ""), card("  reserved 7, 9;\n  reserved \"note\";\n", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    let run = with(&scratch, &card("  reserved 9;\n  reserved \"note\";\n", "", ""));
    let message = "message `Card` no longer reserves number 7, which was `note`, a `shop.v1.Note`, in v1.0.0";
    says(&run, &[("RESERVED_DROPPED_EVER", "error", message)]);
    let run = with(&scratch, &card("  reserved 7, 9;\n", "", ""));
    let message = "message `Card` no longer reserves the name `note`, which number 7 had in v1.0.0";
    says(&run, &[("RESERVED_DROPPED_EVER", "error", message)]);
    // No release had this one.
    let run = with(&scratch, &card("  reserved 7;\n  reserved \"note\";\n", "", ""));
    says(&run, &[("RESERVED_MESSAGE_NO_DELETE", "error", "message `Card` no longer reserves 9")]);
}

#[test]
fn a_message_that_was_gone_has_its_old_numbers() {
    let (old, gone) = (card("", "", ""), schema("message Other {}\n"));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    let run = with(&scratch, &schema("message Other {}\nmessage Card {\n  int64 amount = 1;\n}\n"));
    let message = "field `amount` takes number 1 of message `Card`, which was `holder`, a `string`, in v1.0.0";
    says(&run, &[("FIELD_NUMBER_EVER_USED", "error", message)]);
}

#[test]
fn fixes_give_free_numbers_and_reserve_the_old_ones() {
    let (old, gone) = (card("  Note note = 7;\n  Note more = 12;\n", "  KIND_GOLD = 4;\n", ""), card("", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    with(&scratch, &card("  string code = 7;\n  bool paid = 12;\n", "  KIND_BLACK = 4;\n", ""));
    let run = scratch.breaking("r", "--against main --fix");
    run.is_silent("0 breaking");
    let text = std::fs::read_to_string(scratch.path(&format!("r/{PATH}"))).unwrap();
    for expected in
        ["string code = 13;", "bool paid = 14;", "KIND_BLACK = 5;", "reserved 7;", "reserved 12;", "reserved 4;"]
    {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
}

#[test]
fn configuration_selects_releases_and_elements() {
    let (old, gone) = (card("  Note note = 7;\n", "", ""), card("", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    let run = with(&scratch, &card("  string code = 7;\n", "", ""));
    assert_eq!(run.findings.len(), 1, "{}", run.stderr);
    for history in ["since: v1.1.0", "tags: \"release-*\"", "ignore: [shop.v1]"] {
        scratch.write("r/protolint.yaml", &format!("version: 1\nhistory:\n  {history}\n"));
        scratch.breaking("r", "--against main").is_silent("0 breaking");
    }
    scratch.write("r/protolint.yaml", "version: 1\nhistory:\n  since: v9.9.9\n");
    scratch.breaking("r", "--against main").is(2, &[], "`v9.9.9` is not a release of this branch");
    scratch.write("r/protolint.yaml", "version: 1\nbreaking:\n  except: [FIELD_NUMBER_EVER_USED]\n");
    scratch.breaking("r", "--against main").is_silent("0 breaking");
}

#[test]
fn an_accepted_reuse_is_not_reported() {
    let (old, gone) = (card("  Note note = 7;\n", "", ""), card("", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    let run = with(&scratch, &card("  string code = 7;\n", "", ""));
    let fingerprint = run.findings[0].fingerprint.clone().unwrap();
    scratch.breaking("r", &format!("--against main --accept {fingerprint} --reason unused"));
    scratch.breaking("r", "--against main").is_silent("0 breaking");
}

#[test]
fn what_the_target_branch_has_taken_already_is_inherited() {
    let (old, gone) = (card("  Note note = 7;\n  Note more = 8;\n", "", ""), card("", "", ""));
    let Some(scratch) = released(&[&old, &gone]) else { return };
    scratch.git("r", "checkout -q main");
    let taken = card("  string code = 7;\n", "", "");
    scratch.commit("r", &[(PATH, &taken)]);
    scratch.git("r", "checkout -q -B feature");
    scratch.write(&format!("r/{PATH}"), &card("  string code = 7;\n  bool paid = 8;\n", "", ""));
    let run = scratch.breaking("r", "--against release");
    let inherited: Vec<_> = run.findings.iter().map(|finding| finding.inherited_from.as_deref()).collect();
    assert_eq!(run.told().len(), 2, "{:?}", run.told());
    assert_eq!(inherited, [Some("main"), None]);
    let severities: Vec<&str> = run.findings.iter().map(|finding| finding.severity.as_str()).collect();
    assert_eq!(severities, ["warning", "error"]);
    // Against the branch itself only what is added is new.
    assert_eq!(scratch.breaking("r", "--against main").told().len(), 1);
}
