//! Two branches that take the same thing for different purposes: `BASE_COLLISION`.

use crate::support::repository::{ITEM, ITEM_PATH, Scratch, schema};

/// Both branches add something to a message, an enum and a service that neither had before.
fn forked(ours: &str, theirs: &str) -> Option<Scratch> {
    let scratch = Scratch::shop()?;
    let base = "message Card {\n  string holder = 1;\n  // end of card\n}\nenum Kind {\n  KIND_NONE = 0;\n  // end of kind\n}\n";
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[("proto/shop/v1/card.proto", &schema(base))]);
    scratch.git("r", "checkout -q -B feature");
    let with = |added: &str| {
        let (card, kind) = added.split_once('|').unwrap_or((added, ""));
        schema(&base.replace("// end of card", card).replace("// end of kind", kind))
    };
    scratch.commit("r", &[("proto/shop/v1/card.proto", &with(ours))]);
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[("proto/shop/v1/card.proto", &with(theirs))]);
    scratch.git("r", "checkout -q feature");
    Some(scratch)
}

#[track_caller]
fn collide(ours: &str, theirs: &str, message: &str) {
    let Some(scratch) = forked(ours, theirs) else { return };
    let run = scratch.breaking("r", "--against main");
    let messages: Vec<&str> = run.findings.iter().map(|finding| finding.message.as_str()).collect();
    match message {
        "" => assert!(messages.is_empty(), "{messages:?}"),
        _ => assert_eq!(messages, [message]),
    }
    // Looked at as it is now, main has lost what only it has: another question.
    assert!(run.findings.iter().all(|finding| finding.rule == "BASE_COLLISION" && run.status == 1));
    for finding in &run.findings {
        let proven = ["wire", "json"].iter().filter(|layer| finding.layers.iter().any(|known| known == *layer));
        assert_eq!(proven.count(), finding.evidence.len(), "{finding:?}");
    }
}

#[test]
fn a_number_is_taken_twice() {
    collide("string nick = 2;", "string phone = 2;", "number 2 of `shop.v1.Card` is `string phone` on `main`");
    collide("int32 phone = 2;", "string phone = 2;", "number 2 of `shop.v1.Card` is `string phone` on `main`");
    collide("|KIND_GOLD = 1;", "|KIND_BLACK = 1;", "number 1 of `shop.v1.Kind` is `KIND_BLACK` on `main`");
}

#[test]
fn a_name_is_taken_twice() {
    collide("string phone = 2;", "string phone = 3;", "`phone` of `shop.v1.Card` has number 3 on `main`");
    collide("|KIND_GOLD = 1;", "|KIND_GOLD = 2;", "`KIND_GOLD` of `shop.v1.Kind` has number 2 on `main`");
}

#[test]
fn the_same_thing_added_twice_is_no_collision() {
    collide("string phone = 2;", "string phone = 2;", "");
    collide("string nick = 2;", "string phone = 3;", "");
    collide("|KIND_GOLD = 1;", "|KIND_GOLD = 1;", "");
}

#[test]
fn a_symbol_is_declared_twice() {
    let Some(scratch) = Scratch::shop() else { return };
    scratch.git("r", "checkout -q main");
    let added = format!("{ITEM}message Voucher {{\n  string code = 1;\n}}\n");
    scratch.commit("r", &[(ITEM_PATH, &schema(&added))]);
    scratch.git("r", "checkout -q feature");
    scratch.commit("r", &[("proto/shop/v1/voucher.proto", &schema("message Voucher {\n  int64 id = 1;\n}\n"))]);
    let run = scratch.breaking("r", "--against main");
    let told = "`shop.v1.Voucher` is also declared in `shop/v1/item.proto` on `main`";
    assert!(run.findings.iter().any(|finding| finding.message == told), "{:?}", run.findings);
}
