//! One word for one thing: the texts that users read, messages and help among them, use the words of the project, and
//! none of the words that [`WORDS`] lists. `CONTRIBUTING.md` says which words to use.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use protolint::rules;
use rayon::prelude::*;
use regex::Regex;

/// A word to avoid.
struct Word {
    /// A regular expression for whole words, of any case.
    pattern: &'static str,
    /// What to write instead, or why the word is unclear.
    instead: &'static str,
    /// Texts around the word in which it is right.
    allowed: &'static [&'static str],
}

const fn word(pattern: &'static str, instead: &'static str, allowed: &'static [&'static str]) -> Word {
    Word { pattern, instead, allowed }
}

static WORDS: [Word; 27] = [
    word("mend(s|ed|ing|able)?", "`--fix` fixes, and a finding is fixable", &[]),
    word("tell(s|ing)?|told", "a rule reports", &["tell apart", "tell the two apart", "tell them apart"]),
    word("speaks?|spoken|speaking", "a rule reports, or runs", &[]),
    word("silen(ce[sd]?|cing|t|tly)", "a comment suppresses; a change is not reported", &["curl --fail --silent"]),
    word("known findings?", "findings in the baseline file", &[]),
    word(
        "baselines?",
        "`breaking` compares with a base; existing findings are in the baseline file",
        &[
            "baseline file",
            "protolint.baseline.yaml",
            "the baseline only shrinks",
            "baseline and accepted files",
            "stale baseline entry",
            "--baseline",
            "--no-baseline",
            "--write-baseline",
        ],
    ),
    word("images?", "a descriptor set", &[":-image"]),
    word("asked about|ask(s|ed)? (for|of|that|the same)", "a rule checks or requires; target files are checked", &[]),
    word("survival|surviv(e|es|ed|ing)", "the impact is compatible, lossy or incompatible", &[]),
    word("judge(d|s|ment)?", "the impact of a change", &[]),
    word("verdicts?", "the impact of a change, or the layers that it breaks", &[]),
    word("glances?|stocks?|outlines?|claims?", "parse, lower, link, pair, render", &[]),
    word("directives?", "an ignore comment", &["`directives`"]),
    word("faults?", "an error, a finding, a mistake", &["`faults`"]),
    word("look(s|ed|ing)? at", "a rule checks or compares; files are read", &["Readers look at the top of a file"]),
    word("pass(es|ed)? over", "skipped", &[]),
    word("nobody|somebody|anybody|everybody|who(so)?ever", "name who: readers, callers, old clients", &[]),
    word("knows", "a program has, reads or accepts something", &[]),
    word("stands? (at|by|in|for itself)|stood", "the finding is at a place", &[]),
    word("goes by|go by", "uses", &[]),
    word("is a matter of|the question of|same question", "say which rule reports it", &[]),
    word("seldom|all the same|for good|in the end", "rarely, still, permanently, effectively", &[]),
    word("suffer(s|ed)?", "affected", &[]),
    word("cannot be had|way out", "not available; help", &[]),
    word("could not do (its|the) job|job could not be done", "failed", &[]),
    word("writes? down|written down", "list, record", &[]),
    word("honou?red|understood too", "supported, used", &[]),
];

/// More words to avoid in messages and helps.
static IN_MESSAGES: [Word; 6] = [
    word(
        "behind",
        "after",
        &["commit behind", "commits behind", "commits or more behind", "is behind", "is not behind"],
    ),
    word("(is|are) (not )?known( to)?", "unknown, not supported, not defined", &[]),
    word("refus(e|es|ed|ing)", "rejected", &[]),
    word("is no (name|number|list|path|default|message|descriptor set|UTF-8)", "is not a …", &[]),
    word("(is|are) no (more|longer called)|any more|gave up|got", "was renamed, was deleted, no longer has", &[]),
    word(
        "is (there|in there|in it) (now|too)|takes or gives|come(s|ing)? (back|together)",
        "a sentence with a subject",
        &[],
    ),
];

/// The words to avoid with their patterns.
type Patterns = Vec<(&'static Word, Regex)>;

/// The patterns of [`WORDS`]. Boundaries of ASCII words keep the search fast in a build without optimization.
static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns(WORDS.iter()));

/// The patterns for messages.
static MESSAGE_PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns(WORDS.iter().chain(&IN_MESSAGES)));

fn patterns(rows: impl Iterator<Item = &'static Word>) -> Patterns {
    let pattern = |row: &Word| Regex::new(&format!(r"(?i)(?-u:\b)(?:{})(?-u:\b)", row.pattern)).unwrap();
    rows.map(|row| (row, pattern(row))).collect()
}

/// The words of [`WORDS`] in the lines of a text, with their line numbers.
fn found(lines: &[(usize, String)]) -> Vec<String> {
    found_of(&PATTERNS, lines)
}

fn found_of(patterns: &Patterns, lines: &[(usize, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (row, pattern) in patterns {
        for (number, line) in lines {
            for hit in pattern.find_iter(line) {
                let covers = |at: usize, context: &str| at <= hit.start() && hit.end() <= at + context.len();
                let mut contexts = row.allowed.iter().flat_map(|text| line.match_indices(text));
                if !contexts.any(|(at, text)| covers(at, text)) {
                    found.push(format!("{number}: `{}` in \"{}\": {}", hit.as_str(), line.trim(), row.instead));
                }
            }
        }
    }
    found
}

/// All lines, numbered.
fn lines(text: &str) -> Vec<(usize, String)> {
    (1..).zip(text.lines().map(str::to_owned)).collect()
}

/// The prose of a Markdown text: without examples in protobuf, targets of links, and code in the line except for
/// [`Word::allowed`]. Of other fences only the comments remain.
fn prose(markdown: &str) -> Vec<(usize, String)> {
    static TARGET: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\]\([^)]*\)").unwrap());
    static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"`[^`]*`").unwrap());
    let is_allowed = |text: &str| WORDS.iter().any(|row| row.allowed.contains(&text));
    let mut fence: Option<&str> = None;
    let mut kept = Vec::new();
    for (number, line) in (1..).zip(markdown.lines()) {
        match (line.strip_prefix("```"), fence) {
            (Some(language), None) => fence = Some(language),
            (Some(_), Some(_)) => fence = None,
            (None, Some(language)) if language.starts_with("proto ") || language == "proto" => {}
            (None, Some(_)) => kept.extend(line.split_once("# ").map(|(_, comment)| (number, comment.to_owned()))),
            (None, None) => {
                let line = TARGET.replace_all(line, "]");
                let keep_allowed = |code: &regex::Captures<'_>| match is_allowed(&code[0]) {
                    true => code[0].to_owned(),
                    false => "`_`".to_owned(),
                };
                kept.push((number, CODE.replace_all(&line, keep_allowed).into_owned()));
            }
        }
    }
    kept
}

/// The texts in a Rust file that read as messages: string literals with a space, without code in backticks and what is
/// filled in. Texts of `expect` and of the tests at the end of a file are no messages.
fn literals(source: &str) -> Vec<(usize, String)> {
    static LITERAL: LazyLock<Regex> = LazyLock::new(|| {
        let comment_or_character = r"//[^\n]*|'(?:\\.[^']*|[^'\\])'";
        let string = r##"r#"(.*?)"#|"((?:\\.|[^"\\])*)""##;
        Regex::new(&format!(r"(?s){comment_or_character}|(expect\(\s*)?(?:{string})")).unwrap()
    });
    static FILLED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{[^}]*\}|`[^`]*`").unwrap());
    static JOINED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\\\n\s*").unwrap());
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut line = (0, 1);
    let mut kept = Vec::new();
    for hit in LITERAL.captures_iter(source) {
        let start = hit.get(0).unwrap().start();
        line = (start, line.1 + source[line.0..start].matches('\n').count());
        let text = hit.get(2).or(hit.get(3)).map_or("", |text| text.as_str());
        if hit.get(1).is_none() && text.contains(' ') {
            kept.push((line.1, FILLED.replace_all(&JOINED.replace_all(text, ""), "`_`").into_owned()));
        }
    }
    kept
}

/// All files with Rust code below a folder, but those that only tests have.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_of_tests = ["tests", "tests.rs", "generated", "generated.rs", "laws.rs"].contains(&name.as_str());
        if path.is_dir() && !is_of_tests {
            sources(&path, files);
        } else if name.ends_with(".rs") && !is_of_tests {
            files.push(path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_in(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| extension.is_empty() || path.extension().is_some_and(|found| found == extension)).collect()
}

/// Fails with all words to avoid in all files.
fn assert_clean(files: &[PathBuf], read: fn(&str) -> Vec<(usize, String)>) {
    assert!(!files.is_empty());
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let name = file.strip_prefix(root()).unwrap_or(file).display();
        all.extend(found(&read(&text)).into_iter().map(|hit| format!("{name}:{hit}")));
    }
    assert!(all.is_empty(), "{} words to avoid:\n{}", all.len(), all.join("\n"));
}

#[test]
fn rule_pages() {
    let folders = ["rules", "rules/lint", "rules/breaking", "rules/compile"];
    assert_clean(&folders.into_iter().flat_map(|folder| files_in(folder, "md")).collect::<Vec<_>>(), prose);
}

#[test]
fn documents() {
    let mut files = files_in("", "md");
    files.extend(files_in("fuzz", "md"));
    assert_clean(&files, prose);
}

#[test]
fn action_hooks_and_workflows() {
    let mut files = vec![root().join("action.yml"), root().join(".pre-commit-hooks.yaml"), root().join("Cargo.toml")];
    files.extend(files_in(".github/workflows", "yml"));
    files.extend(files_in("action", "sh"));
    files.extend(files_in(".ci", ""));
    assert_clean(&files, lines);
}

/// What `protolint explain` prints for each rule.
#[test]
fn explanations() {
    let all: Vec<_> =
        rules::lint_rules().into_iter().chain(rules::breaking_rules()).chain(rules::compile_rules()).collect();
    let hits: Vec<String> = all
        .par_iter()
        .flat_map(|rule| {
            let output = Command::new(env!("CARGO_BIN_EXE_protolint"))
                .args(["explain", rule.id, "--format", "markdown"])
                .output()
                .unwrap();
            assert!(output.status.success(), "explain {}", rule.id);
            found(&prose(&String::from_utf8(output.stdout).unwrap()))
                .into_iter()
                .map(|hit| format!("{}:{hit}", rule.id))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(hits.is_empty(), "{} words to avoid:\n{}", hits.len(), hits.join("\n"));
}

/// Messages, helps and labels, as they are in the code.
#[test]
fn messages() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let hits: Vec<String> = files
        .par_iter()
        .flat_map_iter(|file| {
            let name = file.strip_prefix(root()).unwrap().display().to_string();
            let found = found_of(&MESSAGE_PATTERNS, &literals(&fs::read_to_string(file).unwrap()));
            found.into_iter().map(move |hit| format!("{name}:{hit}"))
        })
        .collect();
    assert!(files.len() > 200 && hits.is_empty(), "{} words to avoid:\n{}", hits.len(), hits.join("\n"));
}

/// What `--help` prints for the program and for each subcommand.
#[test]
fn help() {
    let help = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_protolint")).args(arguments).arg("--help").output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let program = help(&[]);
    let commands = program.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let mut commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    commands.retain(|command| *command != "help");
    commands.push("lint");
    assert!(commands.len() > 5, "{commands:?}");
    let texts = commands.iter().map(|command| (*command, help(&[*command]))).chain([("protolint", program.clone())]);
    let hits: Vec<String> = texts
        .flat_map(|(command, text)| {
            let found = found_of(&MESSAGE_PATTERNS, &lines(&text));
            found.into_iter().map(move |hit| format!("{command}:{hit}"))
        })
        .collect();
    assert!(hits.is_empty(), "{} words to avoid:\n{}", hits.len(), hits.join("\n"));
}

#[test]
fn words_in_messages_are_found() {
    let hits = |source: &str| found_of(&MESSAGE_PATTERNS, &literals(source)).len();
    assert_eq!(hits("let fault = \"expected `;` behind the field\";"), 1);
    assert_eq!(hits("format!(\"it is written in \\\n    an edition that it does not tell, {told}\")"), 1);
    assert_eq!(hits("let help = r#\"nobody reads \"it\"\"#; // behind it"), 1);
    assert_eq!(hits("rules(names).expect(\"the names are known\")"), 0);
    assert_eq!(hits("let quote = '\"'; // \"it is behind that\"\nlet word = \"behind\";"), 0);
    assert_eq!(hits("format!(\"{count} commits behind {reference}\")"), 0);
    assert_eq!(hits("fn f() {}\n#[cfg(test)]\nmod tests {\n    const TOLD: &str = \"it is told\";\n}\n"), 0);
}

#[test]
fn words_are_found_except_where_they_are_allowed() {
    let hits = |text: &str| found(&prose(text)).len();
    assert_eq!(hits("The rule tells it, and is silent otherwise."), 2);
    assert_eq!(hits("Two names that a reader cannot tell apart."), 0);
    assert_eq!(hits("Compared with the baseline."), 1);
    assert_eq!(hits("The baseline file, `--baseline FILE`, [a page](BASELINE_STALE.md#baseline)."), 0);
    assert_eq!(hits("```proto a.proto\n// Nobody knows.\n```\n"), 0);
    assert_eq!(hits("```sh\nprotolint check # tell known findings too\n```\n"), 2);
}
