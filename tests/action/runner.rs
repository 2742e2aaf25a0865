//! A runner for the one composite action of this repository: expressions, conditions, the files by which steps
//! communicate, and a cache. What the cache actions do is done here; all else are the action's own scripts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::repository::{Scratch, isolated};

/// What a workflow says and what set it off.
pub struct Job<'s> {
    pub scratch: &'s Scratch,
    /// The repository that is checked out.
    pub workspace: &'s str,
    /// Where the action lies.
    pub action: PathBuf,
    pub event: Value,
    pub variables: BTreeMap<String, String>,
    pub inputs: BTreeMap<String, String>,
    /// Directories of programs that go before all others.
    pub programs: Vec<PathBuf>,
}

/// What came of it.
pub struct Outcome {
    pub succeeded: bool,
    /// What the steps printed.
    pub log: String,
    pub summary: String,
    pub outputs: BTreeMap<String, String>,
    /// The names of the steps that were not skipped.
    pub taken: Vec<String>,
}

impl<'s> Job<'s> {
    /// A job set off by an event, with the program under test as the installed one. `None` where there is no bash.
    pub fn new(scratch: &'s Scratch, workspace: &'s str, event: &str, payload: Value) -> Option<Job<'s>> {
        if !Command::new("bash").args(["-c", "command -v xargs awk"]).output().is_ok_and(|run| run.status.success()) {
            eprintln!("skipped: there is no `bash`");
            return None;
        }
        let mut job = Job {
            scratch,
            workspace,
            action: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
            event: payload,
            variables: BTreeMap::new(),
            inputs: BTreeMap::new(),
            programs: vec![Path::new(env!("CARGO_BIN_EXE_protolint")).parent().unwrap().to_owned()],
        };
        for (name, value) in [("GITHUB_EVENT_NAME", event), ("RUNNER_OS", "Linux"), ("RUNNER_ARCH", "X64")] {
            job.variables.insert(name.to_owned(), value.to_owned());
        }
        Some(job.with("version", "installed"))
    }

    pub fn with(mut self, input: &str, value: &str) -> Self {
        self.inputs.insert(input.to_owned(), value.to_owned());
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Takes all steps.
    pub fn run(&self) -> Outcome {
        let definition: Value =
            serde_yaml::from_str(&std::fs::read_to_string(self.action.join("action.yml")).unwrap()).unwrap();
        let mut run = Run { job: self, inputs: BTreeMap::new(), steps: BTreeMap::new(), log: String::new() };
        let known = definition["inputs"].as_object().unwrap();
        assert!(self.inputs.keys().all(|name| known.contains_key(name)), "{:?}", self.inputs);
        for (name, input) in known {
            let default = || run.filled(input["default"].as_str().unwrap());
            let value = self.inputs.get(name).cloned().unwrap_or_else(default);
            run.inputs.insert(name.clone(), value);
        }
        for directory in ["runner", "cache"] {
            std::fs::create_dir_all(self.scratch.path(directory)).unwrap();
        }
        for file in ["output", "summary", "env", "path", "state"] {
            std::fs::write(self.scratch.path(&format!("runner/{file}")), "").unwrap();
        }
        self.scratch.write("runner/event.json", &self.event.to_string());
        let (mut taken, mut succeeded) = (Vec::new(), true);
        for step in definition["runs"]["steps"].as_array().unwrap() {
            if step["if"].as_str().is_some_and(|condition| !run.holds(condition)) {
                continue;
            }
            taken.push(step["name"].as_str().unwrap().to_owned());
            succeeded = match step["uses"].as_str() {
                Some(uses) => run.cache(uses, step),
                None => run.script(step),
            };
            if !succeeded {
                break;
            }
        }
        let outputs = definition["outputs"].as_object().unwrap();
        let outputs =
            outputs.iter().map(|(name, output)| (name.clone(), run.filled(output["value"].as_str().unwrap())));
        let summary = std::fs::read_to_string(self.scratch.path("runner/summary")).unwrap();
        Outcome { succeeded, summary, outputs: outputs.collect(), taken, log: run.log }
    }
}

/// A job under way.
struct Run<'j> {
    job: &'j Job<'j>,
    inputs: BTreeMap<String, String>,
    steps: BTreeMap<String, BTreeMap<String, String>>,
    log: String,
}

impl Run<'_> {
    /// The value of a name such as `steps.run.outputs.exit-code`.
    fn value(&self, name: &str) -> String {
        let parts: Vec<&str> = name.trim().split('.').collect();
        match parts[..] {
            ["inputs", input] => self.inputs[input].clone(),
            ["steps", step, "outputs", output] => {
                self.steps.get(step).and_then(|outputs| outputs.get(output)).cloned().unwrap_or_default()
            }
            ["github", ref rest @ ..] => {
                let github = json!({
                    "server_url": self.job.scratch.url(""), "action_repository": "house/protolint", "token": "", "event": self.job.event,
                });
                let value = rest.iter().try_fold(&github, |value, part| value.get(part));
                value.and_then(Value::as_str).unwrap_or_default().to_owned()
            }
            _ => panic!("`{name}` is no expression of this runner"),
        }
    }

    /// A text with its `${{ … }}` replaced.
    fn filled(&self, text: &str) -> String {
        let mut pieces = text.split("${{");
        let mut filled = pieces.next().unwrap().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once("}}").unwrap();
            filled += &self.value(name);
            filled += rest;
        }
        filled
    }

    fn holds(&self, condition: &str) -> bool {
        condition.split("&&").all(|part| {
            let (name, operator, literal) = match part.split_once("!=") {
                Some((name, literal)) => (name, false, literal),
                None => part.split_once("==").map(|(name, literal)| (name, true, literal)).unwrap(),
            };
            (self.value(name) == literal.trim().trim_matches('\'')) == operator
        })
    }

    /// `actions/cache/restore` and `actions/cache/save`: a directory for each key.
    fn cache(&mut self, uses: &str, step: &Value) -> bool {
        let (action, commit) = uses.split_once('@').unwrap();
        assert!(commit.len() == 40 && commit.chars().all(|digit| digit.is_ascii_hexdigit()), "{uses} is not pinned");
        let with = |name: &str| self.filled(step["with"][name].as_str().unwrap());
        let (path, kept) = (with("path"), self.job.scratch.path("cache").join(with("key")));
        let (from, to) = match action {
            "actions/cache/restore" => (kept, PathBuf::from(path)),
            "actions/cache/save" => (PathBuf::from(path), kept),
            _ => panic!("{uses} is unknown to this runner"),
        };
        let is_there = from.is_dir();
        if is_there {
            std::fs::create_dir_all(&to).unwrap();
            for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
                std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
            }
        }
        if let Some(id) = step["id"].as_str() {
            self.steps.insert(id.to_owned(), BTreeMap::from([("cache-hit".to_owned(), is_there.to_string())]));
        }
        true
    }

    fn script(&mut self, step: &Value) -> bool {
        assert_eq!(step["shell"], "bash");
        let text = step["run"].as_str().unwrap();
        assert!(!text.contains("${{"), "an input would become a part of the script: {text}");
        let scratch = self.job.scratch;
        scratch.write("runner/step.sh", text);
        let mut bash = isolated("bash", &scratch.path(""));
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(scratch.path("runner/step.sh"));
        let inherited = std::env::var_os("PATH").unwrap();
        let paths = self.job.programs.iter().cloned().chain(std::env::split_paths(&inherited));
        bash.env("PATH", std::env::join_paths(paths).unwrap()).envs(&self.job.variables);
        bash.env("CI", "true").env("GITHUB_ACTIONS", "true").env("GITHUB_SERVER_URL", scratch.url(""));
        bash.env("GITHUB_ACTION_PATH", &self.job.action).env("RUNNER_TEMP", scratch.path("runner"));
        bash.env("GITHUB_WORKSPACE", scratch.path(self.job.workspace)).current_dir(scratch.path(self.job.workspace));
        for (name, file) in [
            ("GITHUB_OUTPUT", "output"),
            ("GITHUB_STEP_SUMMARY", "summary"),
            ("GITHUB_ENV", "env"),
            ("GITHUB_PATH", "path"),
            ("GITHUB_STATE", "state"),
            ("GITHUB_EVENT_PATH", "event.json"),
        ] {
            bash.env(name, scratch.path(&format!("runner/{file}")));
        }
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            bash.env(name, self.filled(value.as_str().unwrap()));
        }
        let output = bash.output().unwrap();
        self.log += &String::from_utf8(output.stdout).unwrap();
        self.log += &String::from_utf8(output.stderr).unwrap();
        let file = scratch.path("runner/output");
        let written = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, "").unwrap();
        let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
        if let Some(id) = step["id"].as_str() {
            self.steps.insert(id.to_owned(), written.lines().map(pair).collect());
        }
        output.status.success()
    }
}

impl Outcome {
    /// Holds the job to its end and to parts of its log.
    #[track_caller]
    pub fn is(&self, exit_code: &str, said: &[&str]) -> &Self {
        assert_eq!(self.outputs["exit-code"], exit_code, "{}", self.log);
        assert_eq!(self.succeeded, exit_code == "0", "{}", self.log);
        for said in said {
            assert!(self.log.contains(said), "expected {said}\nfound {}", self.log);
        }
        self
    }

    #[track_caller]
    pub fn lacks(&self, said: &str) -> &Self {
        assert!(!self.log.contains(said), "unexpected {said}\nfound {}", self.log);
        self
    }
}
