//! Real repositories, made with the `git` program away from any configuration, and what `protolint` says in them.

#![allow(clippy::print_stderr)]

use std::cell::Cell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use regex::Regex;

use super::Finding;

/// Two files of one package, the second of which imports the first.
pub const ORDER: &str = "message Order {\n  string id = 1;\n  int32 count = 2;\n}\n";
pub const ITEM: &str = "import \"shop/v1/order.proto\";\nmessage Item {\n  Order order = 1;\n  string name = 2;\n}\n";
pub const ORDER_PATH: &str = "proto/shop/v1/order.proto";
pub const ITEM_PATH: &str = "proto/shop/v1/item.proto";

/// [`ORDER`] with a field of another type, which breaks its readers: on line 5 of the file.
pub const BROKEN_ORDER: &str = "message Order {\n  string id = 1;\n  string count = 2;\n}\n";
pub const BROKEN: &[&str] = &["FIELD_SAME_TYPE proto/shop/v1/order.proto:5"];

/// A schema of package `shop.v1`.
pub fn schema(body: &str) -> String {
    format!("syntax = \"proto3\";\npackage shop.v1;\n{body}")
}

/// A directory for repositories; they are made with fixed dates, each commit a minute after the one before.
pub struct Scratch {
    directory: tempfile::TempDir,
    minutes: Cell<u64>,
}

/// What a run of `protolint` came to.
pub struct Run {
    pub findings: Vec<Finding>,
    /// Commits are `COMMIT`, the directory for repositories is `SCRATCH`, and durations are left out.
    pub stderr: String,
    pub status: i32,
}

impl Scratch {
    /// `None` where there is no `git` to make repositories with.
    pub fn new() -> Option<Scratch> {
        let git = Command::new("git").arg("--version").stdout(Stdio::null()).status();
        if !git.is_ok_and(|status| status.success()) {
            eprintln!("skipped: there is no `git`");
            return None;
        }
        Some(Scratch { directory: tempfile::tempdir().unwrap(), minutes: Cell::new(0) })
    }

    /// The repository `r`: the two files on `main`, and nothing changed since on `feature`, which is `HEAD`.
    pub fn shop() -> Option<Scratch> {
        let scratch = Scratch::new()?;
        scratch.git("", "init -q r");
        scratch.commit("r", &[(ORDER_PATH, &schema(ORDER)), (ITEM_PATH, &schema(ITEM))]);
        scratch.git("r", "checkout -q -b feature");
        Some(scratch)
    }

    /// The same with a commit on `feature` that breaks [`BROKEN`].
    pub fn broken_shop() -> Option<Scratch> {
        let scratch = Scratch::shop()?;
        scratch.commit("r", &[(ORDER_PATH, &schema(BROKEN_ORDER))]);
        Some(scratch)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        let top = self.directory.path().canonicalize().unwrap();
        if name.is_empty() { top } else { top.join(name) }
    }

    /// Where clones come from that go through the same as those from elsewhere.
    pub fn url(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    /// Runs git in the directory `at`, which must succeed; what it prints, without the line end.
    pub fn git(&self, at: &str, line: &str) -> String {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        self.minutes.set(self.minutes.get() + 1);
        let date = format!("@{} +0000", 1_700_000_000 + self.minutes.get() * 60);
        let mut git = isolated("git", &self.path(""));
        git.args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", "-c", "gc.auto=0"]);
        for person in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{person}_NAME"), "a").env(format!("GIT_{person}_EMAIL"), "a@example.com");
            git.env(format!("GIT_{person}_DATE"), &date);
        }
        let output = git.args(arguments).current_dir(self.path(at)).output().unwrap();
        assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Lets what git does next be on that day, counted from 1970.
    pub fn on_day(&self, day: u64) {
        self.minutes.set(day * 24 * 60 - 1_700_000_000 / 60);
    }

    /// Runs `protolint` in the directory `at`: its exit status, and what it prints to both outputs.
    pub fn printed(&self, at: &str, arguments: &[&str]) -> (i32, String, String) {
        let output = self.protolint(at, arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// Writes a file; an empty text removes it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        if text.is_empty() {
            return std::fs::remove_file(path).unwrap();
        }
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Writes files of the repository `at` and commits all there is; the commit.
    pub fn commit(&self, at: &str, files: &[(&str, &str)]) -> String {
        for (path, text) in files {
            self.write(&format!("{at}/{path}"), text);
        }
        self.git(at, "add -A");
        self.git(at, "commit -q -m change");
        self.git(at, "rev-parse HEAD")
    }

    /// Runs `protolint breaking` in the directory `at`, with arguments separated by blanks.
    pub fn breaking(&self, at: &str, line: &str) -> Run {
        self.breaking_with(at, &line.split_whitespace().collect::<Vec<_>>(), &[])
    }

    /// The same with variables in the environment.
    pub fn breaking_with(&self, at: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        self.run("breaking", at, arguments, variables)
    }

    /// Runs `protolint check` in the directory `at`, with arguments separated by blanks.
    pub fn check(&self, at: &str, line: &str) -> Run {
        self.run("check", at, &line.split_whitespace().collect::<Vec<_>>(), &[])
    }

    /// `protolint` in the directory `at`, not started yet.
    pub fn protolint(&self, at: &str, arguments: &[&str]) -> Command {
        let mut command = isolated(env!("CARGO_BIN_EXE_protolint"), &self.path(""));
        command.args(arguments).current_dir(self.path(at));
        command
    }

    fn run(&self, subcommand: &str, at: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.protolint(at, &[subcommand, "--format", "json"]);
        let output = command.args(arguments).envs(variables.iter().copied()).output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let findings = stdout.lines().filter(|line| line.starts_with('{'));
        let findings = findings.map(|line| serde_json::from_str(line).unwrap()).collect();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let stderr = stderr.replace(self.path("").to_str().unwrap(), "SCRATCH");
        let stderr = Regex::new(r"\b[0-9a-f]{7,40}\b").unwrap().replace_all(&stderr, "COMMIT").into_owned();
        let stderr = Regex::new(r" in [0-9.]+ m?s:").unwrap().replace_all(&stderr, ":").into_owned();
        Run { findings, stderr, status: output.status.code().unwrap() }
    }
}

/// A program that depends on nothing of who runs it: no variables of git or of CI, no configuration of git.
pub fn isolated(program: &str, home: &Path) -> Command {
    let mut command = Command::new(program);
    let kept = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"];
    let kept: Vec<(&str, OsString)> =
        kept.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect();
    command.env_clear().envs(kept).env("HOME", home).env("LC_ALL", "C");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").stdin(Stdio::null());
    command
}

impl Run {
    /// Each finding as `RULE path:line`.
    pub fn told(&self) -> Vec<String> {
        let told = |finding: &Finding| {
            let (path, line) = (finding.path.as_deref().unwrap_or("-"), finding.start_line.unwrap_or_default());
            format!("{} {path}:{line}", finding.rule)
        };
        self.findings.iter().map(told).collect()
    }

    /// Holds the run to its exit status, its findings and a part of what it says on stderr.
    #[track_caller]
    pub fn is(&self, status: i32, told: &[&str], said: &str) {
        let messages: Vec<&str> = self.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(
            self.status == status && self.told() == told && self.stderr.contains(said),
            "expected {status} {told:#?}\n{said}\nfound {} {:#?}\n{messages:#?}\n{}",
            self.status,
            self.told(),
            self.stderr
        );
    }

    /// Nothing is broken.
    #[track_caller]
    pub fn is_silent(&self, said: &str) {
        self.is(0, &[], said);
    }

    /// What follows `help: ` on stderr, for a command without the program.
    #[track_caller]
    pub fn help(&self) -> &str {
        let help = self.stderr.lines().find_map(|line| line.trim_start().strip_prefix("help: "));
        help.unwrap_or_else(|| panic!("no help: {}", self.stderr))
    }
}
