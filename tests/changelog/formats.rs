//! The formats, over changes of schemas that mean harm too.

use protolint::{Changelog, ChangelogFormat, ChangelogStyle};
use pulldown_cmark::{Event, Parser, Tag};
use rayon::prelude::*;
use serde_json::Value;

use super::laws::{changelog, pairs};
use super::support::cases::Files;

fn written(changelog: &Changelog, format: ChangelogFormat) -> String {
    let mut out = Vec::new();
    changelog.write(format, ChangelogStyle::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const ALL: [ChangelogFormat; 4] =
    [ChangelogFormat::Human, ChangelogFormat::Markdown, ChangelogFormat::Html, ChangelogFormat::Json];

#[test]
fn every_entry_is_in_every_format() {
    let faults = pairs().into_par_iter().flat_map_iter(|(name, before, after)| {
        let changelog = changelog(&before, &after);
        ALL.map(|format| {
            let text = written(&changelog, format);
            let count = match format {
                ChangelogFormat::Html => text.matches("<article ").count(),
                ChangelogFormat::Json => text.lines().count(),
                ChangelogFormat::Markdown => text.lines().filter(|line| line.starts_with("- ")).count(),
                _ => text.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).count(),
            };
            (count != changelog.entries.len()).then(|| format!("{name}: {format:?} has {count}\n"))
        })
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
    });
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "\n{}", faults.concat());
}

#[test]
fn json_has_these_keys() {
    let keys = [
        "change",
        "kind",
        "symbol",
        "before",
        "after",
        "layers",
        "directions",
        "path",
        "line",
        "revision",
        "evidence",
        "rules",
        "package",
        "former_symbol",
        "properties",
    ];
    for (name, before, after) in pairs() {
        for line in written(&changelog(&before, &after), ChangelogFormat::Json).lines() {
            let entry: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
            let found: std::collections::BTreeSet<&str> = entry.keys().map(String::as_str).collect();
            assert_eq!(found, keys.into_iter().collect(), "{name}");
            let (change, before, after) = (entry["change"].as_str().unwrap(), &entry["before"], &entry["after"]);
            assert!(change != "added" || before.is_null(), "{name}: {line}");
            assert!(change != "deleted" || after.is_null(), "{name}: {line}");
            let is_breaking = !entry["layers"].as_array().unwrap().is_empty();
            assert!(!is_breaking || !entry["rules"].as_array().unwrap().is_empty(), "{name}: {line}");
            assert!(entry["line"].is_u64() && entry["path"].is_string(), "{name}: {line}");
        }
    }
}

/// Comments, names and options that try to be something else.
fn hostile() -> (Files, Files) {
    let file = |text: &str| Files::from([("a/v1/<img src=x onerror=alert(1)>.proto".to_owned(), text.to_owned())]);
    let after = "syntax = \"proto3\";\npackage a.v1;\n// </pre><script>alert(1)</script> [x](javascript:alert(1)) `~~~\n\
                 // ``` \u{202e}evil ##[error]x ::error::y \u{1b}[31m\nmessage M {\n  \
                 string s = 1 [json_name = \"\\\"><script>alert(2)</script>&amp;\"];\n}\n";
    (file("syntax = \"proto3\";\npackage a.v1;\nmessage M {\n  string s = 1;\n}\n"), file(after))
}

#[test]
fn nothing_of_a_schema_breaks_out_of_a_format() {
    let (before, after) = hostile();
    let changelog = changelog(&before, &after);
    assert!(changelog.entries.len() >= 2);
    for format in ALL {
        let text = written(&changelog, format);
        assert!(!text.contains(['\u{202e}', '\u{1b}']), "{format:?}");
        assert!(!text.lines().any(|line| line.starts_with("::")) && !text.contains("##[error]"), "{format:?}");
    }
    let html = written(&changelog, ChangelogFormat::Html);
    assert_eq!(html.matches("<script>").count(), 1);
    assert!(!html.contains("<img") && !html.contains("alert(1)</script>") && !html.contains("http://"));
    assert!(!html.contains("https://") && html.contains("default-src 'none'"));
    let markdown = written(&changelog, ChangelogFormat::Markdown);
    for event in Parser::new(&markdown) {
        let is_harmful =
            matches!(event, Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. }));
        assert!(!is_harmful, "{event:?}\n{markdown}");
    }
}
