//! No text is too much for the reader of configurations: it ends soon, and every fault has a place in the text.

use std::time::{Duration, Instant};

use protolint::config;
use protolint::finding::Finding;
use protolint::source::{SourceFile, Sources};

fn faults(text: &str) -> Vec<Finding> {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("protolint.yaml".to_owned(), text.to_owned()));
    config::parse(sources.get(file).text(), file).err().unwrap_or_default()
}

fn faults_of_buf(text: &str) -> Vec<Finding> {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("buf.yaml".to_owned(), text.to_owned()));
    config::parse_buf(sources.get(file).text(), file).err().unwrap_or_default()
}

/// A generator of numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// What mutations put in.
const PIECES: [&str; 40] = [
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "#",
    " # ",
    "&a ",
    "*a",
    "!t ",
    "? ",
    "|\n",
    ">\n",
    "\t",
    "\r",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "\u{feff}",
    "\u{1}",
    "ü",
    "日本",
    "\\",
    "version",
    "check:",
    "COMMENTS",
    "1",
    "~",
    "null",
    "true",
    "<<: *a",
    "@",
    "`",
];

#[test]
fn no_text_is_too_much() {
    let seeds = [
        config::full_text(),
        config::short_text(),
        include_str!("../testdata/config/valid_full.yaml").to_owned(),
        include_str!("../testdata/config/valid_forms.yaml").to_owned(),
        include_str!("../testdata/config/wrong_type.yaml").to_owned(),
        include_str!("../testdata/config/own_rules.yaml").to_owned(),
        include_str!("../testdata/config/valid_own_rules.yaml").to_owned(),
        include_str!("../testdata/config_of_buf/v2_full.yaml").to_owned(),
        include_str!("../testdata/config_of_buf/v1_faults.yaml").to_owned(),
    ];
    let mut numbers = Numbers(7);
    for round in 0..4_000 {
        let mut characters: Vec<char> = seeds[round % seeds.len()].chars().collect();
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(characters.len() + 1);
            let removed = at..(at + numbers.below(8)).min(characters.len());
            let piece = PIECES[numbers.below(PIECES.len())].chars().filter(|_| round % 3 > 0);
            characters.splice(removed, piece);
        }
        let text: String = characters.into_iter().collect();
        for finding in faults(&text).into_iter().chain(faults_of_buf(&text)) {
            let own = finding.place.expect("faults in a text have a place");
            for place in finding.labels.iter().map(|label| label.place).chain([own]) {
                let range = place.span.start as usize..place.span.end as usize;
                assert!(text.get(range).is_some(), "{place:?} in {text:?}");
            }
        }
    }
}

fn in_a_rule(require: &str) -> String {
    format!("version: 1\nrules: {{A: {{on: rpc, require: '{require}'}}}}")
}

#[test]
fn hostile_texts_are_refused_in_time() {
    let levels = |level: usize| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "));
    let laughs: String = std::iter::once("a0: &a0 lol\n".to_owned()).chain((1..40).map(levels)).collect();
    let texts = [
        laughs,
        format!("x: &a [{}]\nexclude: [{}]", "b,".repeat(10_000), "*a,".repeat(10_000)),
        format!("x: &a {}\nexclude: [{}]", "b".repeat(500_000), "*a,".repeat(1_000)),
        format!("%TAG !a! {}\n---\nexclude: [{}]", "b".repeat(500_000), "!a!b c,".repeat(1_000)),
        "[".repeat(1 << 20),
        "{a: ".repeat(1 << 18),
        "[a,#]\n".repeat(1 << 17),
        "[#\u{2028}".repeat(1 << 17),
        "[[!<]>x, ".repeat(1 << 16),
        "[".repeat(2_000),
        "- ".repeat(1 << 16),
        "? ".repeat(1 << 16),
        format!("version: 1\nexclude: [\"{}{}\"]", "{".repeat(100_000), "}".repeat(100_000)),
        format!("version: 1\nexclude: [\"{}{}\"]", "{".repeat(120), "}".repeat(120)),
        format!("version: 1\nexclude: [{}]", "\"*a*b*c\",".repeat(1_000)),
        format!("version: 1\ncheck: {{use: [{}]}}", "FIELD_LOWER_SNAKE_CAS,".repeat(5_000)),
        (0..20_000).map(|key| format!("key{key}: 1\n")).collect(),
        in_a_rule(&format!("{}true{}", "(".repeat(400_000), ")".repeat(400_000))),
        in_a_rule(&"!".repeat(1_000_000)),
        in_a_rule(&"rpc.nmae == 1 || ".repeat(50_000)),
        in_a_rule(&format!("{}1", "[1].map(x, ".repeat(50_000))),
        format!("version: 1\nrules: {{A: {{on: rpc, require: \"{}\"}}}}", "\\u0021".repeat(100_000)),
        (0..2_000).fold("version: 1\nrules:\n".to_owned(), |text, rule| {
            text + &format!("  R{rule}: {{on: rpc, require: rpc.nmae.size() == {rule}}}\n")
        }),
        format!("version: 1\nextends: [{}]", "a.yaml,".repeat(10_000)),
    ];
    for text in texts {
        let start = Instant::now();
        let findings = faults(&text);
        let shown: String = text.chars().take(30).collect();
        assert!(start.elapsed() < Duration::from_secs(20), "{shown}: {:?}", start.elapsed());
        assert!(!findings.is_empty() || text.contains("exclude: [\""), "{shown}");
    }
}

#[test]
fn hostile_modules_are_read_in_time() {
    let many = |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<String>();
    let paths = many(40_000, &|at| format!("p{at},"));
    let texts = [
        (true, format!("version: v2\nmodules:\n{}", many(50_000, &|at| format!("- path: m{at}\n")))),
        (
            false,
            format!(
                "version: v2\nmodules:\n{}",
                many(1_000, &|at| format!(
                    "- {{path: m{at}, lint: {{service_suffix: s{at}}}, excludes: [m{at}/x, m{at}/y]}}\n"
                )) + &format!("lint: {{ignore: [{paths}]}}\nbreaking: {{ignore: [{paths}]}}\n")
            ),
        ),
        (true, format!("version: v1beta1\nbuild: {{roots: [{paths}], excludes: [{paths}]}}\n")),
        (
            false,
            format!("version: v1beta1\nbuild: {{roots: [a, b], excludes: [{paths}]}}\nlint: {{ignore: [{paths}]}}\n"),
        ),
        (true, format!("version: v2\nlint: {{use: [{}]}}", many(5_000, &|at| format!("STANDARD{at},")))),
        (false, format!("version: v2\nlint: {{use: [{}]}}", "STANDARD,".repeat(50_000))),
        (true, format!("version: v2\nlint: {{ignore: [\"{}\"]}}", "../".repeat(100_000))),
    ];
    for (is_faulty, text) in texts {
        let start = Instant::now();
        let findings = faults_of_buf(&text);
        let shown: String = text.chars().take(60).collect();
        assert!(start.elapsed() < Duration::from_secs(20), "{shown}: {:?}", start.elapsed());
        assert!(!is_faulty || !findings.is_empty(), "{shown}");
    }
    let scopes = format!("version: 1\nscopes:\n{}", many(2_000, &|at| format!("- paths: [s{at}]\n")));
    assert_eq!(faults(&scopes).len(), 1);
}
