//! What happened in real repositories, in small.

use serde_json::json;

use super::{by_protoc, history, lines};
use crate::support::repository::Scratch;

const PATH: &str = "proto/poll/v1/poll.proto";

/// A request with these lines in it.
fn poll(fields: &str) -> String {
    format!(
        "syntax = \"proto3\";\npackage poll.v1;\nmessage Heartbeat {{\n  string worker = 1;\n}}\nmessage PollRequest {{\n  \
         string queue = 1;\n{fields}}}\n"
    )
}

/// A number that was a message, was deleted without `reserved`, came back as a string and was repaired.
fn temporal() -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    let heartbeat = poll("  Heartbeat heartbeat = 7;\n");
    let states = [
        ("v1.9.0", poll("")),
        ("v1.50.0", heartbeat.clone()),
        ("v1.54.0", heartbeat),
        ("v1.55.0", poll("")),
        ("v1.62.0", poll("  string instance = 7;\n")),
        ("v1.62.1", poll("  reserved 7;\n  string instance = 8;\n")),
    ];
    for (tag, text) in &states {
        scratch.commit("r", &[(PATH, text), ("version.txt", tag)]);
        scratch.git("r", &format!("tag {tag}"));
    }
    Some(scratch)
}

#[test]
fn a_number_that_came_back_is_found() {
    let Some(scratch) = temporal() else { return };
    let lives = json!([
        {"name": "heartbeat", "type": "poll.v1.Heartbeat", "from": "v1.50.0", "to": "v1.54.0"},
        {"name": "instance", "type": "string", "from": "v1.62.0", "to": "v1.62.0", "after_gap": true},
    ]);
    let expected = json!({"container": "poll.v1.PollRequest", "kind": "field", "number": 7, "lives": lives});
    assert_eq!(lines(&scratch, "r", "--reused"), std::slice::from_ref(&expected));
    // The keys are in the order of the documentation.
    let text = history(&scratch, "r", "--reused --format json").stdout;
    assert!(
        text.starts_with(r#"{"container":"poll.v1.PollRequest","kind":"field","number":7,"lives":[{"name":"#),
        "{text}"
    );
    for symbol in ["poll.v1.PollRequest.7", "poll.v1.PollRequest.heartbeat"] {
        assert_eq!(lines(&scratch, "r", symbol), std::slice::from_ref(&expected), "{symbol}");
    }
    // The name now is that of another number too.
    assert_eq!(lines(&scratch, "r", "poll.v1.PollRequest.instance").len(), 2);
    let found = history(&scratch, "r", "--reused");
    for text in ["poll.v1.PollRequest", "heartbeat", "v1.50.0", "v1.54.0", "instance", "v1.62.0"] {
        assert!(found.stdout.contains(text), "{text}: {}", found.stdout);
    }
    // Before it came back, it was shipped, gone and not reserved.
    scratch.git("r", "checkout -q --detach v1.55.0");
    assert_eq!(lines(&scratch, "r", "--reused"), Vec::<serde_json::Value>::new());
    let unreserved = lines(&scratch, "r", "--unreserved");
    assert_eq!(unreserved.len(), 1, "{unreserved:?}");
    assert_eq!(unreserved[0]["number"], 7);
    let diff = history(&scratch, "r", "--unreserved --fix --diff");
    assert!(diff.stdout.contains("+  reserved 7;"), "{}{}", diff.stdout, diff.stderr);
    assert_eq!(scratch.git("r", "status --porcelain"), "");
    let fixed = history(&scratch, "r", "--unreserved --fix");
    assert_eq!(fixed.status, 0, "{}{}", fixed.stdout, fixed.stderr);
    assert!(scratch.git("r", "diff").contains("+  reserved 7;"), "{}", scratch.git("r", "diff"));
    assert_eq!(lines(&scratch, "r", "--unreserved"), Vec::<serde_json::Value>::new());
    // With the number back in the work tree alone, nothing was released with it.
    scratch.write(&format!("r/{PATH}"), &poll("  string instance = 7;\n"));
    let lives = &lines(&scratch, "r", "--reused")[0]["lives"];
    assert_eq!(lives[1], json!({"name": "instance", "type": "string", "from": null, "to": null, "after_gap": true}));
}

#[test]
fn commits_are_states_too() {
    let Some(scratch) = temporal() else { return };
    let found = lines(&scratch, "r", "--reused --commits");
    assert_eq!(found.len(), 1);
    let short = |revision: &str| scratch.git("r", &format!("rev-parse --short {revision}"));
    assert_eq!(found[0]["lives"][0]["from"], short("v1.50.0"));
    assert_eq!(found[0]["lives"][1]["to"], short("v1.62.0"));
    // Tags by a pattern of their own.
    assert_eq!(lines(&scratch, "r", "--reused --tags v1.6*"), Vec::<serde_json::Value>::new());
    // A tag that is not behind `HEAD`.
    scratch.git("r", "checkout -q -b old v1.55.0");
    assert_eq!(lines(&scratch, "r", "--reused"), Vec::<serde_json::Value>::new());
    assert_eq!(lines(&scratch, "r", "--reused --all-tags").len(), 1);
}

#[test]
fn a_misspelt_symbol_has_a_nearest_name() {
    let Some(scratch) = temporal() else { return };
    for (symbol, near) in [
        ("poll.v1.PolRequest", "poll.v1.PollRequest"),
        ("PollRequest", "poll.v1.PollRequest"),
        ("poll.v1.PollRequest.quue", "poll.v1.PollRequest.queue"),
        ("pol.v1", "poll.v1"),
    ] {
        let printed = history(&scratch, "r", symbol);
        assert_eq!(printed.status, 2, "{symbol}: {}{}", printed.stdout, printed.stderr);
        assert!(printed.stderr.contains(&format!("`{near}`")), "{symbol}: {}", printed.stderr);
    }
    // A package and a file list what they have.
    for symbol in ["poll.v1", PATH] {
        let printed = history(&scratch, "r", symbol);
        assert!(printed.stdout.contains("PollRequest") && printed.stdout.contains("Heartbeat"), "{}", printed.stdout);
    }
}

#[test]
fn where_a_trail_ends_it_says_what_may_go_on() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let text = |package: &str, name: &str| {
        format!(
            "syntax = \"proto3\";\npackage {package};\nmessage {name} {{\n  string id = 1;\n  int32 count = 2;\n}}\n"
        )
    };
    // A package that is followed, then a message that is not.
    for (tag, text) in [
        ("v1.0.0", text("shop.v1beta1", "Order")),
        ("v1.1.0", text("shop.v1", "Order")),
        ("v1.2.0", text("shop.v1", "Purchase")),
    ] {
        scratch.commit("r", &[("proto/shop.proto", &text)]);
        scratch.git("r", &format!("tag {tag}"));
    }
    let old = history(&scratch, "r", "shop.v1.Order").stdout;
    assert!(old.contains("called shop.v1beta1.Order only in v1.0.0"), "{old}");
    assert!(old.contains("2 of its 2 elements are in shop.v1.Purchase, since v1.2.0, if it was renamed"), "{old}");
    assert_eq!(history(&scratch, "r", "shop.v1beta1.Order").stdout, old);
    let new = history(&scratch, "r", "shop.v1.Purchase").stdout;
    assert!(new.contains("were in shop.v1.Order, v1.0.0 to v1.1.0, if that was renamed"), "{new}");
}

#[test]
fn protoc_and_the_script_find_the_same() {
    let Some(scratch) = temporal() else { return };
    let Some(found) = by_protoc(&scratch, "r") else { return };
    assert_eq!(lines(&scratch, "r", ""), found);
}

#[test]
fn values_that_change_places_are_reused_and_renamed_ones_are_not() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let text = |values: [&str; 3]| {
        let [one, two, three] = values;
        format!(
            "syntax = \"proto3\";\npackage shop.v1;\nenum State {{\n  STATE_NONE = 0;\n  STATE_{one} = 1;\n  STATE_{two} = 2;\n  \
             STATE_{three} = 3;\n}}\n"
        )
    };
    for (tag, values) in [("v1.0.0", ["PAID", "PAID_LATE", "SENT"]), ("v1.1.0", ["PAID_LATE", "PAID", "SENT_OUT"])] {
        scratch.commit("r", &[("proto/shop.proto", &text(values))]);
        scratch.git("r", &format!("tag {tag}"));
    }
    let numbers: Vec<_> = lines(&scratch, "r", "--reused").iter().map(|line| line["number"].clone()).collect();
    assert_eq!(numbers, [1, 2]);
}
