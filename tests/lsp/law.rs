//! After any edit the server reports what a run of the command line reports over the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::cases::{self, Files};
use crate::support::client::{Client, program, uri};
use crate::support::repository::{Scratch, isolated};

/// How many edits are made where the environment says nothing else; `PROTOLINT_TEST_EDITS` does.
const EDITS: usize = 120;
/// How many are made in one tree.
const EDITS_OF_A_TREE: usize = 12;

/// What is reported, with all that a user sees of it: path, line, column, severity, rule and message.
type Told = BTreeSet<OneTold>;
/// One of them.
type OneTold = (String, u64, u64, String, String, String);

#[test]
fn after_any_edit_the_server_reports_what_the_command_line_reports() {
    let edits = std::env::var("PROTOLINT_TEST_EDITS").map_or(EDITS, |count| count.parse().unwrap());
    let all = cases::all();
    let mut random = Random(std::env::var("PROTOLINT_TEST_SEED").map_or(7, |seed| seed.parse().unwrap()));
    let mut pool: Vec<String> =
        all.iter().flat_map(|(_, _, after)| after.values()).flat_map(|text| lines(text)).collect();
    pool.sort();
    pool.dedup();
    for tree in 0..edits.div_ceil(EDITS_OF_A_TREE) {
        let (name, before, after) = random.choose(&all);
        if !after.values().any(|text| !text.is_empty()) {
            continue;
        }
        // A third of them with several releases as the base.
        let bases = if tree % 3 == 2 { Bases::Releases } else { Bases::Commit };
        let Some(mut twin) = Twin::new(before, after, bases) else { return };
        twin.compare(name);
        for _ in 0..EDITS_OF_A_TREE {
            let (path, old) = twin.random_file(&mut random);
            let (start, end, text) = random.edit(&old, after, &pool);
            let new = format!("{}{text}{}", &old[..start], &old[end..]);
            let what = format!("{name}: {path} {start}..{end} {text:?}");
            twin.edit(&path, &old, (start, end), &text, &new);
            twin.compare(&what);
        }
        assert_eq!(twin.client.end(), Some(0), "{name}");
    }
}

/// The same over a real tree, whose path `PROTOLINT_TEST_TREE` names.
#[test]
fn after_any_edit_of_a_real_tree_the_server_reports_what_the_command_line_reports() {
    let Some(tree) = std::env::var_os("PROTOLINT_TEST_TREE") else {
        return eprintln!("skipped: PROTOLINT_TEST_TREE names no tree");
    };
    let edits = std::env::var("PROTOLINT_TEST_EDITS").map_or(500, |count| count.parse().unwrap());
    let mut random = Random(11);
    let files = crate::support::tree::files(Path::new(&tree));
    let files: Files = files.into_iter().filter(|(path, _)| path.ends_with(".proto")).collect();
    let pool: Vec<String> = files.values().take(50).flat_map(|text| lines(text)).collect();
    let Some(mut twin) = Twin::new(&files, &files, Bases::Commit) else { return };
    let some: Vec<String> =
        (0..20).map(|_| random.choose(&files.keys().cloned().collect::<Vec<_>>()).clone()).collect();
    for number in 0..edits {
        let path = random.choose(&some).clone();
        let old = twin.texts[&path].clone();
        let (start, end, text) = random.edit(&old, &files, &pool);
        let new = format!("{}{text}{}", &old[..start], &old[end..]);
        twin.edit(&path, &old, (start, end), &text, &new);
        twin.compare(&format!("edit {number}: {path} {start}..{end} {text:?}"));
    }
    assert_eq!(twin.client.end(), Some(0));
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| format!("{line}\n")).collect()
}

/// Two copies of a repository: one is edited in the server only, the other on the disk.
struct Twin {
    scratch: Scratch,
    client: Client,
    texts: Files,
    opened: BTreeSet<String>,
}

/// What is compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bases {
    /// The last commit.
    Commit,
    /// Two releases, the newer of which is on the branch that the one that is checked out will be merged into.
    Releases,
}

impl Twin {
    /// Repositories with `before` committed, and `after` in the work tree; `None` where there is no git.
    fn new(before: &Files, after: &Files, bases: Bases) -> Option<Twin> {
        let scratch = Scratch::new()?;
        scratch.git("", "init -q of_server");
        let files = |files: &Files| {
            files.iter().map(|(path, text)| (path.clone(), text.clone())).collect::<Vec<(String, String)>>()
        };
        let old = files(before);
        let old: Vec<(&str, &str)> = old.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        scratch.git("of_server", "commit -q --allow-empty -m first");
        let old: Vec<(&str, &str)> = old.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        if !old.is_empty() {
            scratch.commit("of_server", &old);
        }
        let is_configured = before.keys().chain(after.keys()).any(|path| path.ends_with(".yaml"));
        if bases == Bases::Releases && !is_configured {
            let config = ("protolint.yaml", "version: 1\nbreaking: {against: last:2}\n");
            scratch.commit("of_server", &[config]);
            scratch.git("of_server", "tag v1.0.0");
            let half = files(after).into_iter().filter(|(_, text)| !text.is_empty()).step_by(2).collect::<Vec<_>>();
            let half = half.iter().map(|(path, text)| (path.as_str(), text.as_str())).chain([("released", "1.1.0\n")]);
            scratch.commit("of_server", &half.collect::<Vec<_>>());
            scratch.git("of_server", "tag v1.1.0");
            scratch.git("of_server", "checkout -q -b feature");
            scratch.git("of_server", "commit -q --allow-empty -m next");
        }
        for path in before.keys().filter(|path| !after.contains_key(*path)) {
            let _ = std::fs::remove_file(scratch.path("of_server").join(path));
        }
        for (path, text) in files(after) {
            let path = scratch.path("of_server").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let copied = Command::new("cp").arg("-rp").arg(scratch.path("of_server")).arg(scratch.path("of_disk")).status();
        assert!(copied.unwrap().success());
        let client = Client::start(&[&scratch.path("of_server")]);
        Some(Twin { scratch, client, texts: after.clone(), opened: BTreeSet::new() })
    }

    fn random_file(&self, random: &mut Random) -> (String, String) {
        let paths: Vec<&String> = self.texts.keys().filter(|path| path.ends_with(".proto")).collect();
        let path = (*random.choose(&paths)).clone();
        let text = self.texts[&path].clone();
        (path, text)
    }

    fn of_server(&self, path: &str) -> PathBuf {
        self.scratch.path("of_server").join(path)
    }

    fn edit(&mut self, path: &str, old: &str, (start, end): (usize, usize), text: &str, new: &str) {
        let of_server = self.of_server(path);
        if self.opened.insert(path.to_owned()) {
            self.client.open(&of_server, old);
        }
        let range = json!({"start": position(old, start), "end": position(old, end)});
        self.client.change(&of_server, json!([{"range": range, "text": text}]));
        std::fs::write(self.scratch.path("of_disk").join(path), new).unwrap();
        self.texts.insert(path.to_owned(), new.to_owned());
    }

    /// Holds what the server reports against what the command line does.
    fn compare(&mut self, what: &str) {
        let of_server = self.told_by_server();
        let of_disk = self.told_by_command_line();
        let only =
            |one: &Told, other: &Told| one.difference(other).map(|told| format!("  {told:?}\n")).collect::<String>();
        assert!(
            of_server == of_disk,
            "{what}\nonly the server:\n{}only the command line:\n{}texts: {:#?}",
            only(&of_server, &of_disk),
            only(&of_disk, &of_server),
            if self.texts.len() < 10 { self.texts.clone() } else { BTreeMap::new() },
        );
    }

    fn told_by_server(&mut self) -> Told {
        let top = format!("{}/", uri(&self.scratch.path("of_server")));
        let all = self.client.all_diagnostics();
        let told = |(path, diagnostic): (&str, &Value)| {
            let start = &diagnostic["range"]["start"];
            let (line, column) = (start["line"].as_u64().unwrap() + 1, start["character"].as_u64().unwrap() + 1);
            let severity = if diagnostic["severity"] == 1 { "error" } else { "warning" };
            let message = diagnostic["message"].as_str().unwrap();
            let (rule, message) = (diagnostic["code"].as_str().unwrap(), message.lines().next().unwrap_or_default());
            told(path, (line, column), severity, rule, message)
        };
        let all = all.iter().flat_map(|(path, own)| own.iter().map(move |one| (path.as_str(), one)));
        all.map(|(path, one)| told((path.strip_prefix(&top).unwrap_or(path), one))).collect()
    }

    fn told_by_command_line(&self) -> Told {
        ["check", "breaking"].into_iter().flat_map(|subcommand| self.told_by(subcommand)).collect()
    }

    fn told_by(&self, subcommand: &str) -> Told {
        let directory = self.scratch.path("of_disk");
        let mut command = isolated(&program(), &directory);
        let output = command
            .args([subcommand, "--format", "json", "--fail-on", "never"])
            .current_dir(&directory)
            .output()
            .unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let told = |line: &str| {
            let finding: Value = serde_json::from_str(line).unwrap();
            let number = |key: &str| finding[key].as_u64().unwrap_or(1);
            let text = |key: &str| finding[key].as_str().unwrap_or_default();
            // What is only in the base has no place in a file of now.
            let at = match text("message").contains("in the base")
                || finding.get("revision").is_some_and(Value::is_string)
            {
                true => (1, 1),
                false => (number("start_line"), number("start_column")),
            };
            let path = if text("path").is_empty() { "protolint.yaml" } else { text("path") };
            told(path, at, text("severity"), text("rule"), text("message").lines().next().unwrap_or_default())
        };
        stdout.lines().map(told).collect()
    }
}

/// What is reported somewhere. An import that is not found is told once for all files by the command line, and in each
/// file by the server: which files is left out.
fn told(path: &str, (line, column): (u64, u64), severity: &str, rule: &str, message: &str) -> OneTold {
    let (path, line, column, message) = match rule {
        "COMPILE_IMPORT_NOT_FOUND" => ("", 0, 0, message.split("; ").next().unwrap_or_default()),
        "UNUSED_IGNORE" if message.starts_with("comments for `") => ("", 0, 0, "comments for another linter"),
        _ => (path, line, column, message),
    };
    (path.to_owned(), line, column, severity.to_owned(), rule.to_owned(), message.to_owned())
}

/// A position in characters.
fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({"line": before.matches('\n').count(), "character": before[start..].chars().count()})
}

/// Numbers that look random, and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        // Marsaglia's xorshift.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap()
    }

    fn choose<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// An edit of a text: what goes, from where to where in bytes, and what comes.
    fn edit(&mut self, text: &str, originals: &Files, pool: &[String]) -> (usize, usize, String) {
        let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let line = *self.choose(&starts);
        let line_end = text[line..].find('\n').map_or(text.len(), |at| line + at + 1);
        let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = *self.choose(&boundaries);
        let word_end = text[at..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(text.len(), |end| at + end);
        let after = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        match self.below(9) {
            0 => (line, line_end, String::new()),
            1 => (line, line, text[line..line_end].to_owned()),
            2 => (line, line, self.choose(pool).clone()),
            3 => (line, line_end, self.choose(pool).clone()),
            4 => (at, after, String::new()),
            5 => (
                at,
                at,
                (*self.choose(&[";", "}", "{", "\"", "//", " ", "/*", "[", "1", "x", "\u{e4}", "\n"])).to_owned(),
            ),
            6 => (
                at,
                word_end,
                (*self.choose(&["string", "int32", "2", "Other", "bytes", "7", "repeated int64"])).to_owned(),
            ),
            7 => (at, word_end, String::new()),
            // Back to where one of the files began.
            _ => (0, text.len(), self.choose(&originals.values().collect::<Vec<_>>()).to_string()),
        }
    }
}
