//! Laws over random small histories: what is found through git, where only what changed is read, is what is found between
//! the two trees checked out into directories, where everything is; what is found with several releases is what is found
//! with each; and what another branch has already is what is found there.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::repository::{Run, Scratch};

/// A small generator of numbers, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// A project: messages spread over files of two packages.
#[derive(Clone)]
struct Project {
    root: &'static str,
    /// For each message the file it is in, below a package; none where it was deleted.
    files: [Option<usize>; MESSAGES],
    /// For each message the types of its fields; a number is that of a message.
    fields: Vec<Vec<String>>,
}

const MESSAGES: usize = 6;
const FILES: usize = 3;

/// The package of a message.
fn package(message: usize) -> &'static str {
    if message.is_multiple_of(2) { "one.v1" } else { "two.v1" }
}

fn path(message: usize, file: usize) -> String {
    format!("{}/f{file}.proto", package(message).replace('.', "/"))
}

impl Project {
    fn new(random: &mut Random) -> Project {
        let files = std::array::from_fn(|_| Some(random.below(FILES)));
        let fields = (0..MESSAGES).map(|_| (0..random.below(4)).map(|_| kind(random)).collect()).collect();
        Project { root: "proto", files, fields }
    }

    fn edit(&mut self, random: &mut Random) {
        let message = random.below(MESSAGES);
        match random.below(7) {
            0 => self.files[message] = None,
            1 => self.files[message] = Some(random.below(FILES)),
            2 => self.fields[message].push(kind(random)),
            3 => drop(self.fields[message].pop()),
            4 => self.root = if self.root == "proto" { "api" } else { "proto" },
            _ => {
                let count = self.fields[message].len().max(1);
                let at = random.below(count);
                if let Some(field) = self.fields[message].get_mut(at) {
                    *field = kind(random);
                }
            }
        }
    }

    /// The files with their texts.
    fn texts(&self) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        for file in 0..FILES {
            for parity in 0..2 {
                let own: Vec<usize> = (0..MESSAGES)
                    .filter(|&message| message % 2 == parity && self.files[message] == Some(file))
                    .collect();
                if !own.is_empty() {
                    texts.push((format!("{}/{}", self.root, path(parity, file)), self.text(parity, file, &own)));
                }
            }
        }
        texts
    }

    fn text(&self, parity: usize, file: usize, own: &[usize]) -> String {
        let (mut imports, mut body) = (Vec::new(), String::new());
        for &message in own {
            body.push_str(&format!("message M{message} {{\n"));
            for (field, number) in self.fields[message].iter().zip(1..) {
                let of = field.parse::<usize>().ok();
                let kind = match of.map(|of| (of, self.files[of])) {
                    None => field.clone(),
                    Some((_, None)) => "bytes".to_owned(),
                    Some((of, Some(at))) => {
                        // Files must not import each other in a circle: types come from later ones only.
                        let (there, here) = (path(of, at), path(parity, file));
                        if there < here {
                            "bytes".to_owned()
                        } else {
                            imports.extend((there != here).then_some(there));
                            format!("{}.M{of}", package(of))
                        }
                    }
                };
                body.push_str(&format!("  {kind} f{number} = {number};\n"));
            }
            body.push_str("}\n");
        }
        let rpcs = own.iter().skip(1).map(|of| format!("  rpc Get{of}(M{of}) returns (stream M{of});\n"));
        body.push_str(&format!("service S{file} {{\n{}}}\n", rpcs.collect::<String>()));
        imports.sort();
        imports.dedup();
        let imports: String = imports.iter().map(|import| format!("import \"{import}\";\n")).collect();
        format!("syntax = \"proto3\";\npackage {};\n{imports}{body}", package(parity))
    }

    /// Lays the files into a directory in the place of others.
    fn write(&self, scratch: &Scratch, at: &str) {
        for root in ["proto", "api"] {
            let _ = std::fs::remove_dir_all(scratch.path(&format!("{at}/{root}")));
        }
        for (path, text) in self.texts() {
            scratch.write(&format!("{at}/{path}"), &text);
        }
    }
}

fn kind(random: &mut Random) -> String {
    random.one(&["int32", "string", "bytes", "sint64", "0", "1", "2", "3", "4", "5"]).to_owned()
}

/// What was found, without the directory of a base.
fn findings(run: &Run) -> Vec<String> {
    let told = run.findings.iter().map(|finding| {
        let path = finding.path.as_deref().unwrap_or_default().trim_start_matches("../old/");
        format!(
            "{path}:{:?} {} {} {:?} {}",
            finding.start_line, finding.rule, finding.message, finding.layers, finding.severity
        )
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}

#[test]
fn reading_what_changed_finds_what_reading_everything_does() {
    let Some(scratch) = Scratch::new() else { return };
    let cases = std::env::var("PROTOLINT_HISTORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(25);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    scratch.git("", "init -q r");
    let mut with_findings = 0;
    for case in 0..cases {
        let mut project = Project::new(&mut random);
        project.write(&scratch, "r");
        project.write(&scratch, "old");
        scratch.commit("r", &[("case.txt", &case.to_string())]);
        for _ in 0..1 + random.below(4) {
            project.edit(&mut random);
        }
        project.write(&scratch, "r");
        project.write(&scratch, "new");
        let line = random.one(&["", "--use FILE", "--use PACKAGE", "--use WIRE", "--layers source", "--layers grpc"]);
        let of_directories = scratch.breaking("new", &format!("--against ../old {line}"));
        let through_git = scratch.breaking("r", &format!("--against HEAD {line}"));
        assert!(of_directories.status < 2, "{}", of_directories.stderr);
        let (expected, found) = (findings(&of_directories), findings(&through_git));
        assert_eq!(found, expected, "case {case}, {line}: {}{}", through_git.stderr, of_directories.stderr);
        scratch.git("r", "add -A");
        assert_eq!(
            findings(&scratch.breaking("r", &format!("--against HEAD --index {line}"))),
            expected,
            "case {case}, staged, {line}"
        );
        with_findings += usize::from(!expected.is_empty());
    }
    assert!(with_findings * 4 > cases, "{with_findings} of {cases} have findings");
}

/// How many releases a history has.
const RELEASES: usize = 4;

/// By fingerprint the layers that are broken.
fn layers(run: &Run) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in run.findings.iter().filter(|finding| !finding.layers.is_empty()) {
        let fingerprint = finding.fingerprint.clone().unwrap_or_default();
        found.entry(fingerprint).or_default().extend(finding.layers.iter().cloned());
    }
    found
}

fn tag(release: usize) -> String {
    format!("v1.{release}.0")
}

/// Runs `breaking` with each release alone, the oldest first.
fn with_each(scratch: &Scratch, line: &str) -> Vec<BTreeMap<String, BTreeSet<String>>> {
    let with = |release| layers(&scratch.breaking("r", &format!("--against {} {line}", tag(release))));
    (0..RELEASES).map(with).collect()
}

/// Holds a run with several releases to what each of them shows, here and on the branch that was left.
#[track_caller]
fn holds(run: &Run, here: &[BTreeMap<String, BTreeSet<String>>], there: &[BTreeMap<String, BTreeSet<String>>]) {
    let all: BTreeSet<&String> = here.iter().flat_map(BTreeMap::keys).collect();
    assert_eq!(layers(run).keys().collect::<BTreeSet<_>>(), all, "{}", run.stderr);
    for finding in run.findings.iter().filter(|finding| !finding.layers.is_empty()) {
        let fingerprint = finding.fingerprint.clone().unwrap_or_default();
        let with: Vec<usize> = (0..here.len()).filter(|at| here[*at].contains_key(&fingerprint)).collect();
        let releases = finding.releases.as_ref().unwrap();
        assert_eq!(
            (&releases.oldest, &releases.newest, releases.count),
            (&tag(with[0]), &tag(with[with.len() - 1]), with.len()),
            "{} {}",
            finding.message,
            run.stderr
        );
        let is_there =
            |at: &usize| there[*at].get(&fingerprint).is_some_and(|known| here[*at][&fingerprint].is_subset(known));
        if finding.inherited_from.is_some() {
            assert!(with.iter().all(is_there), "{} is not on the branch", finding.message);
        } else if let Some(known) = with.iter().map(|at| there[*at].get(&fingerprint)).collect::<Option<Vec<_>>>() {
            // The same change, which breaks more than it did.
            let is_as_bad = with.iter().zip(known).all(|(at, known)| here[*at][&fingerprint] == *known);
            assert!(!is_as_bad || finding.severity == "error", "{} is on the branch", finding.message);
        }
    }
}

#[test]
fn several_releases_find_what_each_of_them_does() {
    let Some(scratch) = Scratch::new() else { return };
    let cases = std::env::var("PROTOLINT_HISTORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(6);
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut inherited, mut new) = (0, 0);
    for case in 0..cases {
        let _ = std::fs::remove_dir_all(scratch.path("r"));
        scratch.git("", "init -q r");
        // These compare with releases whatever the base is.
        let ever_used =
            "[FIELD_NUMBER_EVER_USED, FIELD_NAME_EVER_USED, ENUM_VALUE_NUMBER_EVER_USED, RPC_NAME_EVER_USED]";
        scratch.write("r/protolint.yaml", &format!("version: 1\nbreaking:\n  except: {ever_used}\n"));
        let mut project = Project::new(&mut random);
        let mut commit = |project: &mut Project, edits: usize, what: &str| {
            (0..edits).for_each(|_| project.edit(&mut random));
            project.write(&scratch, "r");
            scratch.commit("r", &[("case.txt", what)]);
        };
        for release in 0..RELEASES {
            commit(&mut project, release, &tag(release));
            scratch.git("r", &format!("tag {}", tag(release)));
        }
        commit(&mut project, 2, "main");
        let there = with_each(&scratch, "");
        scratch.git("r", "checkout -q -b feature");
        commit(&mut project, 6, "feature");
        let here = with_each(&scratch, "");
        let run = scratch.breaking("r", "--against tags:v1.*");
        holds(&run, &here, &there);
        let is_inherited = run.findings.iter().filter(|finding| finding.inherited_from.is_some()).count();
        (inherited, new) = (inherited + is_inherited, new + run.findings.len() - is_inherited);
        let [backward, forward] = ["backward", "forward"].map(|direction| {
            layers(&scratch.breaking("r", &format!("--against last:{RELEASES} --direction {direction}")))
        });
        let either: BTreeSet<&String> = backward.keys().chain(forward.keys()).collect();
        assert_eq!(layers(&run).keys().collect::<BTreeSet<_>>(), either, "case {case}");
    }
    assert!(inherited >= cases && new >= cases, "{inherited} inherited, {new} new in {cases} cases");
}
