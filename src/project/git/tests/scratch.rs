//! Makes repositories with the `git` program.

use std::cell::Cell;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::project::git::Repository;

/// A directory for repositories; they are made with fixed dates, each commit a minute after the one before.
pub(in crate::project::git) struct Scratch {
    directory: tempfile::TempDir,
    minutes: Cell<u64>,
}

impl Scratch {
    /// `None` where there is no `git` to make repositories with.
    pub(in crate::project::git) fn new() -> Option<Scratch> {
        let git = Command::new("git").arg("--version").stdout(Stdio::null()).status();
        if !git.is_ok_and(|status| status.success()) {
            eprintln!("skipped: there is no `git`");
            return None;
        }
        Some(Scratch { directory: tempfile::tempdir().unwrap(), minutes: Cell::new(0) })
    }

    pub(in crate::project::git) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(name)
    }

    /// Runs git in the directory `at`; what it prints, without the line end.
    pub(in crate::project::git) fn git(&self, at: &str, line: &str) -> String {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        self.git_with(at, &arguments, None)
    }

    pub(in crate::project::git) fn git_with(&self, at: &str, arguments: &[&str], input: Option<&[u8]>) -> String {
        self.minutes.set(self.minutes.get() + 1);
        let date = format!("@{} +0000", 1_700_000_000 + self.minutes.get() * 60);
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        command.args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", "-c", "gc.auto=0"]);
        command.args(arguments).current_dir(self.path(at));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
        for person in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{person}_NAME"), "a").env(format!("GIT_{person}_EMAIL"), "a@example.com");
            command.env(format!("GIT_{person}_DATE"), &date);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.unwrap_or_default()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    pub(in crate::project::git) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Writes a file of the repository `at` and commits all there is; the commit.
    pub(in crate::project::git) fn commit(&self, at: &str, file: &str, text: &str) -> String {
        self.write(&format!("{at}/{file}"), text);
        self.git(at, "add -A");
        self.git(at, &format!("commit -qm {text}"));
        self.git(at, "rev-parse HEAD")
    }

    pub(in crate::project::git) fn open(&self, at: &str) -> Repository {
        Repository::discover(&self.path(at)).unwrap().expect("there is a repository")
    }

    /// `main` with two commits, and `feature` with one that leaves after the first, which is given. Feature is `HEAD`.
    pub(super) fn forked(&self) -> String {
        self.git("", "init -q r");
        let fork = self.commit("r", "a.proto", "one");
        self.git("r", "checkout -qb feature");
        self.commit("r", "b.proto", "two");
        self.git("r", "checkout -q main");
        self.commit("r", "c.proto", "three");
        self.git("r", "checkout -q feature");
        fork
    }
}
