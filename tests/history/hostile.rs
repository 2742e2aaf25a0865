//! Repositories that lack something, or are damaged: a result, or a message with the command that helps, and never a
//! panic.

use super::{Printed, history, lines};
use crate::support::repository::Scratch;

const PATH: &str = "proto/shop/v1/order.proto";

fn order(field: &str) -> String {
    format!("syntax = \"proto3\";\npackage shop.v1;\nmessage Order {{\n  string id = 1;\n{field}}}\n")
}

/// Field 7 was a string, was deleted, and is a bool since: one reuse.
fn reused() -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    scratch.git("r", "config uploadpack.allowFilter true");
    for (tag, field) in [("v1.0.0", "  string note = 7;\n"), ("v1.1.0", ""), ("v1.2.0", "  bool paid = 7;\n")] {
        scratch.commit("r", &[(PATH, &order(field))]);
        scratch.git("r", &format!("tag {tag}"));
    }
    Some(scratch)
}

#[track_caller]
fn is_reused(scratch: &Scratch, at: &str) -> Printed {
    let printed = history(scratch, at, "--reused --format json");
    assert_eq!((printed.status, printed.lines.len()), (0, 1), "{}{}", printed.stdout, printed.stderr);
    printed
}

/// The command that a run names.
#[track_caller]
fn help(printed: &Printed) -> &str {
    let help = printed.stderr.lines().find_map(|line| line.trim_start().strip_prefix("help: "));
    help.unwrap_or_else(|| panic!("no help: {}{}", printed.stdout, printed.stderr))
}

#[test]
fn a_shallow_clone_says_where_it_ends() {
    let Some(scratch) = reused() else { return };
    for depth in [1, 2] {
        let at = format!("shallow{depth}");
        scratch.git("", &format!("clone -q --depth={depth} {} {at}", scratch.url("r")));
        let printed = history(&scratch, &at, "--reused --format json");
        assert!(printed.stderr.contains("shallow"), "{depth}: {}", printed.stderr);
        let command = help(&printed).replacen("git ", "", 1);
        assert!(command.starts_with("fetch "), "{command}");
        scratch.git(&at, &command);
        is_reused(&scratch, &at);
    }
}

#[test]
fn a_partial_clone_says_what_is_missing() {
    let Some(scratch) = reused() else { return };
    for filter in ["blob:none", "tree:0"] {
        let at = filter.replace(':', "");
        scratch.git("", &format!("clone -q --filter={filter} {} {at}", scratch.url("r")));
        std::fs::rename(scratch.path("r"), scratch.path("away")).unwrap();
        let printed = history(&scratch, &at, "--reused --format json");
        assert!(printed.stderr.contains("partial clone"), "{filter}: {}{}", printed.stdout, printed.stderr);
        let command = help(&printed).replacen("git ", "", 1);
        std::fs::rename(scratch.path("away"), scratch.path("r")).unwrap();
        scratch.git(&at, &command);
        is_reused(&scratch, &at);
    }
}

#[test]
fn without_tags_it_says_how_to_go_on() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    // No commit at all.
    let printed = history(&scratch, "r", "--reused");
    assert!(printed.status == 2 && printed.stderr.starts_with("error: "), "{}{}", printed.stdout, printed.stderr);
    scratch.commit("r", &[(PATH, &order(""))]);
    let printed = history(&scratch, "r", "--reused");
    assert!(printed.stderr.contains("tag"), "{}", printed.stderr);
    assert!(help(&printed).contains("--commits"), "{}", printed.stderr);
    let printed = history(&scratch, "r", "--tags x*");
    assert!(printed.stderr.contains("`x*`"), "{}", printed.stderr);
    assert_eq!(lines(&scratch, "r", "--commits").len(), 1);
    // No repository.
    std::fs::create_dir(scratch.path("none")).unwrap();
    scratch.write("none/a.proto", &order(""));
    let printed = history(&scratch, "none", "--reused");
    assert!(printed.status == 2 && printed.stderr.contains("git repository"), "{}", printed.stderr);
}

#[test]
fn tags_of_all_kinds_are_read() {
    let Some(scratch) = reused() else { return };
    let expected = is_reused(&scratch, "r").stdout;
    let blob = scratch.git("r", &format!("rev-parse v1.0.0:{PATH}"));
    scratch.git("r", &format!("tag v1.0.1 {blob}"));
    scratch.git("r", "tag v1.0.2 v1.0.0^{tree}");
    scratch.git("r", "tag -a -m one v1.1.1 v1.1.0");
    scratch.git("r", "tag -a -m two v1.1.2 v1.1.1");
    scratch.git("r", "tag -a -m file v1.1.3 v1.0.1");
    // A name that git itself would not take, and one in no encoding; both are no versions.
    let head = scratch.git("r", "rev-parse HEAD");
    for name in ["v1.3.0 final", "v 1.4.0", "v1.5.0\u{7f}", "..", "versions/v1.6.0", "v1.7.0.lock"] {
        let path = scratch.path("r/.git/refs/tags").join(name);
        let _ = std::fs::create_dir_all(path.parent().unwrap());
        let _ = std::fs::write(path, format!("{head}\n"));
    }
    // One that points nowhere, one that is no id, and one that is empty.
    for (name, text) in [("v1.8.0", "1".repeat(40)), ("v1.8.1", "none".to_owned()), ("v1.8.2", String::new())] {
        scratch.write(&format!("r/.git/refs/tags/{name}"), &(text + "\n"));
    }
    let printed = history(&scratch, "r", "--reused --format json");
    assert_eq!((printed.status, printed.lines.len()), (0, 1), "{}{}", printed.stdout, printed.stderr);
    let renamed = expected.replace("v1.1.0", "v1.1.2");
    assert_eq!(printed.stdout, renamed, "{}", printed.stderr);
    let printed = history(&scratch, "r", "--reused --format json --all-tags --tags v*");
    assert!(printed.status < 2, "{}{}", printed.stdout, printed.stderr);
}

#[test]
fn two_thousand_tags_are_no_problem() {
    let Some(scratch) = reused() else { return };
    let commits: Vec<String> =
        ["v1.0.0", "v1.1.0", "v1.2.0"].iter().map(|tag| scratch.git("r", &format!("rev-parse {tag}"))).collect();
    let mut packed = "# pack-refs with: peeled fully-peeled sorted \n".to_owned();
    let mut names: Vec<String> = (0..2000).map(|number| format!("v1.{}.{}", number / 700, number % 700)).collect();
    names.sort();
    for name in &names {
        let minor = name.as_bytes()[3] - b'0';
        packed += &format!("{} refs/tags/{name}\n", commits[usize::from(minor)]);
    }
    scratch.git("r", "pack-refs --all");
    let heads = std::fs::read_to_string(scratch.path("r/.git/packed-refs")).unwrap();
    let heads: String =
        heads.lines().filter(|line| line.contains("refs/heads/")).map(|line| format!("{line}\n")).collect();
    let (first, rest) = packed.split_once('\n').unwrap();
    scratch.write("r/.git/packed-refs", &format!("{first}\n{heads}{rest}"));
    let began = std::time::Instant::now();
    let printed = is_reused(&scratch, "r");
    assert!(printed.stdout.contains("\"v1.0.699\"") && printed.stdout.contains("\"v1.2.599\""), "{}", printed.stdout);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn damaged_objects_are_named() {
    let Some(scratch) = reused() else { return };
    let damage = |at: &str, revision: &str, text: Option<&[u8]>| {
        scratch.git("", &format!("clone -q --no-local {} {at}", scratch.url("r")));
        // Loose objects can be damaged one by one.
        let pack = scratch.path(&format!("{at}/.git/objects/pack"));
        std::fs::rename(&pack, scratch.path(&format!("{at}-pack"))).unwrap();
        std::fs::create_dir(&pack).unwrap();
        for file in std::fs::read_dir(scratch.path(&format!("{at}-pack"))).unwrap().flatten() {
            if file.path().extension().is_some_and(|extension| extension == "pack") {
                let input = std::fs::File::open(file.path()).unwrap();
                let mut git = std::process::Command::new("git");
                let git = git.args(["unpack-objects", "-q"]).current_dir(scratch.path(at)).stdin(input);
                assert!(git.status().unwrap().success());
            }
        }
        let id = scratch.git(at, &format!("rev-parse {revision}"));
        let object = scratch.path(&format!("{at}/.git/objects/{}/{}", &id[..2], &id[2..]));
        std::fs::remove_file(&object).unwrap();
        if let Some(text) = text {
            std::fs::write(object, text).unwrap();
        }
        id
    };
    for (number, text) in [None, Some(&b""[..]), Some(b"no object"), Some(b"x\x9c")].into_iter().enumerate() {
        for (what, revision) in [("blob", format!("v1.1.0:{PATH}")), ("tree", "v1.1.0:proto".to_owned())] {
            let at = format!("{what}{number}");
            let id = damage(&at, &revision, text);
            let printed = history(&scratch, &at, "--reused --format json");
            let names_it = printed.stderr.contains(&id[..7]) || printed.stderr.contains("v1.1.0");
            assert!(names_it, "{at}: {} {}{}", printed.status, printed.stdout, printed.stderr);
        }
        let at = format!("commit{number}");
        damage(&at, "v1.1.0^{commit}", text);
        let printed = history(&scratch, &at, "--reused --format json");
        assert!(!printed.stderr.is_empty(), "{at}: {} {}", printed.status, printed.stdout);
    }
}

#[test]
fn a_file_that_does_not_parse_in_a_release_ends_no_trail_unsaid() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let states = [order("  string note = 7;\n"), "<<<<<<< ours\n}}}}\0\n".to_owned(), order("  string note = 7;\n")];
    for (number, text) in states.iter().enumerate() {
        scratch.commit("r", &[(PATH, text)]);
        scratch.git("r", &format!("tag v1.{number}.0"));
    }
    let printed = history(&scratch, "r", "shop.v1.Order");
    assert_eq!(printed.status, 0, "{}{}", printed.stdout, printed.stderr);
    let all = format!("{}{}", printed.stdout, printed.stderr);
    assert!(all.contains("v1.1.0") && all.contains(PATH), "{all}");
}

#[test]
fn two_runs_at_once_print_the_same() {
    let Some(scratch) = reused() else { return };
    for number in 0..40 {
        let (minor, text) = (number + 3, order(&format!("  int32 more{number} = {};\n", number + 10)));
        scratch.commit("r", &[(PATH, &text), ("proto/shop/v1/other.proto", &text.replace("Order", "Other"))]);
        scratch.git("r", &format!("tag v1.{minor}.0"));
    }
    let expected = history(&scratch, "r", "--format json").stdout;
    for _ in 0..3 {
        std::fs::remove_dir_all(scratch.path("r/.git/protolint")).unwrap();
        let start = || {
            let mut command = scratch.protolint("r", &["history", "--format", "json"]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        };
        let runs: Vec<_> = (0..4).map(|_| start()).collect();
        for run in runs {
            let output = run.wait_with_output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && output.stdout == expected.as_bytes(), "{stderr}");
        }
        // Nothing half written is left.
        let files: Vec<_> = std::fs::read_dir(scratch.path("r/.git/protolint")).unwrap().flatten().collect();
        assert!(files.iter().all(|file| !file.file_name().to_string_lossy().contains("tmp")), "{files:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_git_directory_that_is_read_only_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let Some(scratch) = reused() else { return };
    let git = scratch.path("r/.git");
    let set = |mode| std::fs::set_permissions(&git, std::fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    let printed = history(&scratch, "r", "--reused --format json");
    set(0o755);
    assert_eq!((printed.status, printed.lines.len()), (0, 1), "{}{}", printed.stdout, printed.stderr);
}

#[test]
fn the_history_is_the_same_from_everywhere() {
    let Some(scratch) = reused() else { return };
    let expected = is_reused(&scratch, "r").stdout;
    // A bare repository has no work tree: `HEAD` is the present.
    scratch.git("", &format!("clone -q --bare {} bare.git", scratch.url("r")));
    assert_eq!(is_reused(&scratch, "bare.git").stdout, expected);
    // A linked work tree shares the repository, and its cache.
    scratch.git("r", "worktree add -q ../linked HEAD");
    assert_eq!(is_reused(&scratch, "linked").stdout, expected);
    // A directory within.
    assert_eq!(is_reused(&scratch, "r/proto").stdout, expected);
    // Schemas in a part of a larger repository, of which only that part is checked out.
    scratch.git("", "init -q large");
    for (tag, field) in [("v1.0.0", "  string note = 7;\n"), ("v1.1.0", ""), ("v1.2.0", "  bool paid = 7;\n")] {
        scratch.commit("large", &[(&format!("services/shop/{PATH}"), &order(field)), ("services/mail/a.txt", tag)]);
        scratch.git("large", &format!("tag {tag}"));
    }
    assert_eq!(is_reused(&scratch, "large/services/shop").stdout, expected);
    assert_eq!(is_reused(&scratch, "large").stdout, expected);
    assert_eq!(is_reused(&scratch, "large/services/mail").stdout, expected);
    // A configuration says where the schemas are.
    scratch.write("large/services/mail/protolint.yaml", "exclude: []\n");
    let printed = history(&scratch, "large/services/mail", "--reused --format json");
    assert!(printed.lines.is_empty(), "{}{}", printed.stdout, printed.stderr);
}
