//! What is found in descriptor sets, against what is found in the sources they were made of.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use protolint::config::ALL;
use protolint::finding::{Finding, Layer};
use protolint::{Format, Policy, Project, Report, Rules, Sides, render};

const ITEM: (&str, &str) = (
    "acme/shop/v1/item.proto",
    r#"// Owned by the shop.

syntax = "proto3";

package acme.shop.v1;

option java_package = "com.acme.shop";

message Item {
  string id = 1;
}
"#,
);

const ORDER: (&str, &str) = (
    "acme/shop/v1/order.proto",
    r#"// Owned by the shop.

syntax = "proto3";

package acme.shop.v1;

import "acme/shop/v1/item.proto";
import "google/protobuf/empty.proto";

option java_package = "com.acme.order";

// An order.
message order {
  reserved 9;

  // The id.
  string orderId = 1;
  repeated Item item = 2;
  map<string, int32> Counts = 3;
  oneof Choice {
    string a_b = 4;
    int32 B = 5;
  }
  // protolint:ignore FIELD_LOWER_SNAKE_CASE kept for old clients
  string Kept = 6;
  string Also = 7; // protolint:ignore FIELD_LOWER_SNAKE_CASE
  status state = 8 [deprecated = true];

  enum status {
    ACTIVE = 0;
    status_gone = 1;
  }
}

service Orders {
  // protolint:ignore RPC_PASCAL_CASE
  rpc get(order) returns (order);
  rpc put(order) returns (stream Item);
}
"#,
);

/// Rules that look at texts.
const OF_TEXTS: [&str; 9] = [
    "COMMENT_FILE",
    "COMMENT_RESERVED",
    "COMMENT_STARTS_WITH_NAME",
    "DEPRECATED_HAS_REASON",
    "FILE_LAYOUT",
    "IMPORT_SORTED",
    "INDENT",
    "LINE_LENGTH",
    "QUOTE_CONSISTENT",
];

struct Texts;

impl FileResolver for Texts {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        let found = [ITEM, ORDER].into_iter().find(|(known, _)| *known == name);
        let (_, text) = found.ok_or_else(|| protox::Error::file_not_found(name))?;
        File::from_source(name, text)
    }
}

fn set(has_places: bool) -> Vec<u8> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(Texts);
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_source_info(has_places);
    for (name, _) in [ITEM, ORDER] {
        compiler.open_file(name).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }
    compiler.encode_file_descriptor_set()
}

fn of_texts() -> Project {
    Project::in_memory([ITEM, ORDER])
}

fn of_set(has_places: bool) -> Project {
    Project::from_descriptor_set(&set(has_places)).unwrap()
}

fn lint(project: &Project) -> Report {
    project.lint(&Rules::named([ALL]).unwrap())
}

/// Rule, symbol and line of what is found.
fn lines(project: &Project) -> BTreeSet<(&'static str, String, u32)> {
    let report = lint(project);
    let line = |finding: &Finding| {
        let place = finding.place.unwrap();
        report.sources.get(place.file).position(place.span.start).line
    };
    report.findings.iter().map(|found| (found.rule, found.symbol.clone().unwrap(), line(found))).collect()
}

#[test]
fn what_needs_no_text_is_found_as_in_the_sources() {
    let (found, mut wanted) = (lines(&of_set(true)), lines(&of_texts()));
    wanted.retain(|(rule, ..)| !OF_TEXTS.contains(rule));
    assert!(wanted.len() > 10, "{wanted:#?}");
    let missed: Vec<_> = wanted.difference(&found).collect();
    let more: Vec<_> = found.difference(&wanted).collect();
    assert!(missed.is_empty() && more.is_empty(), "missed: {missed:#?}, more: {more:#?}");
}

#[test]
fn ignore_comments_of_places_suppress() {
    let of_set = of_set(true);
    let symbols = |rule: &str| {
        let found = lines(&of_set).into_iter().filter(|(known, ..)| *known == rule);
        found.map(|(_, symbol, _)| symbol).collect::<Vec<_>>()
    };
    let names = ["acme.shop.v1.order.B", "acme.shop.v1.order.Counts", "acme.shop.v1.order.orderId"];
    assert_eq!(symbols("FIELD_LOWER_SNAKE_CASE"), names);
    assert_eq!(symbols("RPC_PASCAL_CASE"), ["acme.shop.v1.Orders.put"]);
    assert!(symbols("UNUSED_IGNORE").is_empty());
}

/// Nothing is said of comments there, which are lost.
#[test]
fn without_places_findings_name_the_symbol() {
    let found = lines(&of_set(false));
    assert!(found.iter().all(|(_, _, line)| *line == 1), "{found:#?}");
    let named = |found: &BTreeSet<(&'static str, String, u32)>| {
        let named = found.iter().map(|(rule, symbol, _)| (*rule, symbol.clone()));
        named.filter(|(rule, _)| !rule.starts_with("COMMENT_")).collect::<BTreeSet<_>>()
    };
    assert!(!found.iter().any(|(rule, ..)| rule.starts_with("COMMENT_")), "{found:#?}");
    let with_places = named(&lines(&of_set(true)));
    let missed: Vec<_> = with_places.difference(&named(&found)).cloned().collect();
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(found.contains(&("FIELD_LOWER_SNAKE_CASE", "acme.shop.v1.order.Kept".to_owned(), 1)), "{found:#?}");
}

#[test]
fn a_set_does_not_differ_from_its_sources() {
    let by_rules = |group: &str| Policy::by_rules([group]).unwrap();
    let policies = [Policy::by_layers(&Layer::ALL), by_rules("FILE"), by_rules("PACKAGE"), by_rules("WIRE_JSON")];
    for has_places in [true, false] {
        let (set, texts) = (of_set(has_places), of_texts());
        for policy in &policies {
            for sides in [Sides::new(&set, &texts), Sides::new(&texts, &set)] {
                let mut found = sides.compare(policy).findings;
                found.retain(|finding| finding.rule != "UNUSED_IGNORE");
                assert!(found.is_empty(), "{found:#?}");
            }
        }
    }
}

/// A place without a text is shown as path, line and column, in every format.
#[test]
fn formats_show_places_without_snippets() {
    for has_places in [true, false] {
        let report = lint(&of_set(has_places));
        let rendered = |format: Format| {
            let mut out = Vec::new();
            render(format, &report, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        for format in Format::ALL {
            assert!(!rendered(format).is_empty());
        }
        let human = rendered(Format::Human);
        let place = if has_places { "acme/shop/v1/order.proto:17:10]" } else { "acme/shop/v1/order.proto:1:1]" };
        assert!(human.contains(place), "{human}");
        assert!(!human.contains(" | "), "{human}");
    }
}

/// On the command line a set is a path like others, but stands alone, and has no text to fix.
#[test]
fn a_set_that_is_named_is_checked() {
    let project = tempfile::tempdir().unwrap();
    let top = project.path();
    std::fs::write(top.join("shop.binpb"), set(true)).unwrap();
    std::fs::create_dir(top.join("proto")).unwrap();
    std::fs::write(top.join("proto/item.proto"), ITEM.1).unwrap();
    let use_one = ["--use", "MESSAGE_PASCAL_CASE"];
    let found = support::check(top, &[&["shop.binpb"], &use_one[..]].concat());
    let places: Vec<_> = found.iter().map(|finding| (finding.path.as_deref(), finding.start_line)).collect();
    assert_eq!(places, [(Some("acme/shop/v1/order.proto"), Some(13))], "{found:?}");
    let refused = |arguments: &[&str], message: &str, help: &str| {
        let output = support::protolint(top, &[&["check"], arguments, &use_one[..]].concat());
        let stderr = String::from_utf8(output.stderr).unwrap();
        let is_refused = output.status.code() == Some(2) && output.stdout.is_empty();
        assert!(is_refused && stderr.contains(message) && stderr.contains(help), "{arguments:?}: {stderr}");
    };
    let has_no_text = "`shop.binpb` is a descriptor set, and --fix changes .proto files";
    refused(&["shop.binpb", "--fix"], has_no_text, "check the .proto files that the set was compiled from");
    refused(&["shop.binpb", "--diff"], has_no_text, "check the .proto files that the set was compiled from");
    let stands_alone = "`shop.binpb` is a descriptor set, and cannot be combined with other paths";
    refused(&["proto", "shop.binpb"], stands_alone, "help: protolint check shop.binpb");
    refused(&["shop.binpb", "proto/item.proto", "--fix"], stands_alone, "help: protolint check shop.binpb");
}
