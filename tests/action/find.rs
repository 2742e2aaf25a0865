//! Which program is run: a released one whose checksum is pinned, else one that is built once and kept.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::runner::{Job, Outcome};
use crate::support::repository::{ORDER, ORDER_PATH, Scratch, isolated, schema};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The documents that are packed with a release.
const DOCUMENTS: [&str; 5] = ["README.md", "CHANGELOG.md", "VERSIONING.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// A copy of the action that pins no checksums, a repository `w`, and a cargo that builds in no time.
fn workshop() -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q w");
    scratch.commit("w", &[(ORDER_PATH, &schema(ORDER))]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files_in = |folder: &'static str| {
        let entries = std::fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap);
        entries.map(move |entry| format!("{folder}/{}", entry.file_name().display()))
    };
    for file in ["src/main.rs", "rules/README.md", "action/checksums.txt", ".ci/pin"] {
        scratch.write(&format!("copy/{file}"), "text");
    }
    for file in files_in("action")
        .chain(files_in(".ci"))
        .chain(["action.yml", "Cargo.toml", "Cargo.lock"].into_iter().chain(DOCUMENTS).map(str::to_owned))
    {
        std::fs::copy(root.join(&file), scratch.path("copy").join(&file)).unwrap();
    }
    std::fs::write(scratch.path("copy/action/checksums.txt"), "").unwrap();
    // As good as a copy of the program under test, and much smaller.
    program(&scratch, "built/protolint", &format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_protolint")));
    let cargo = format!(
        "#!/bin/sh\necho \"cargo $*\" >> '{log}'\nwhile [ \"$1\" != --target-dir ]; do shift; done\n\
         mkdir -p \"$2/release\" && cp '{program}' \"$2/release/protolint\"\n",
        log = scratch.path("cargo.log").display(),
        program = scratch.path("built/protolint").display(),
    );
    program(&scratch, "programs/cargo", &cargo);
    Some(scratch)
}

#[cfg(unix)]
fn program(scratch: &Scratch, path: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    scratch.write(path, text);
    std::fs::set_permissions(scratch.path(path), std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn program(scratch: &Scratch, path: &str, text: &str) {
    scratch.write(path, text);
}

fn run(scratch: &Scratch, version: &str) -> Option<Outcome> {
    let payload = json!({"before": "0".repeat(40)});
    let mut job = Job::new(scratch, "w", "push", payload)?.with("version", version).with("breaking", "false");
    job.action = scratch.path("copy");
    job.programs = vec![scratch.path("programs")];
    Some(job.run())
}

/// Forgets what a runner forgets between jobs.
fn next_machine(scratch: &Scratch) {
    std::fs::remove_dir_all(scratch.path("runner")).unwrap();
}

#[test]
fn what_has_no_pinned_checksum_is_built_once() {
    let Some(scratch) = workshop() else { return };
    let built = || std::fs::read_to_string(scratch.path("cargo.log")).unwrap_or_default().lines().count();
    let Some(outcome) = run(&scratch, "") else { return };
    outcome.is("0", &["checked 1 file"]);
    assert_eq!(
        outcome.taken,
        ["Find protolint", "Restore an earlier build", "Build protolint", "Save the build", "Run protolint"]
    );
    assert_eq!(built(), 1);
    next_machine(&scratch);
    let outcome = run(&scratch, &format!("v{VERSION}")).unwrap();
    outcome.is("0", &["checked 1 file"]);
    assert_eq!(outcome.taken, ["Find protolint", "Restore an earlier build", "Run protolint"]);
    assert_eq!(built(), 1);
    // Another source is another program.
    next_machine(&scratch);
    scratch.write("copy/src/main.rs", "another text");
    run(&scratch, "").unwrap().is("0", &[]);
    assert_eq!(built(), 2);
}

/// Puts the program under test where a release would be, packed as one, and says what is pinned of it.
fn release(scratch: &Scratch) -> Option<String> {
    let has_curl = Command::new("curl").arg("--version").output().is_ok_and(|curl| curl.status.success());
    if !has_curl {
        eprintln!("skipped: there is no `curl`");
        return None;
    }
    let packed = scratch.path(&format!("house/protolint/releases/download/v{VERSION}"));
    let script = |name: &str, arguments: &[&Path]| {
        let script = scratch.path("copy/.ci").join(name);
        let output = isolated("bash", &scratch.path("")).arg(script).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let archive =
        script("package", &[&scratch.path("built/protolint"), Path::new("x86_64-unknown-linux-musl"), &packed]);
    assert_eq!(archive, format!("protolint-v{VERSION}-x86_64-unknown-linux-musl.tar.gz"));
    let listed = isolated("tar", &packed).arg("-tzf").arg(packed.join(&archive)).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for document in DOCUMENTS {
        assert!(listed.lines().any(|line| line.ends_with(&format!("/{document}"))), "{document} is packed: {listed}");
    }
    script("pin", &[&packed.join(&archive)]);
    let pinned = std::fs::read_to_string(scratch.path("copy/action/checksums.txt")).unwrap();
    assert!(pinned.ends_with(&format!("  {archive}\n")) && pinned.len() == 64 + 3 + archive.len(), "{pinned}");
    Some(pinned)
}

/// What is released, what the action downloads and what `cargo binstall` downloads are called the same.
#[test]
fn the_names_of_releases_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    let (workflow, find, manifest) =
        (read(".github/workflows/release.yml"), read("action/find.sh"), read("Cargo.toml"));
    let workflow: serde_json::Value = serde_yaml::from_str(&workflow).unwrap();
    let builds = workflow["jobs"]["build"]["strategy"]["matrix"]["include"].as_array().unwrap();
    let mut built: Vec<&str> = builds.iter().map(|build| build["target"].as_str().unwrap()).collect();
    let looked_for = |line: &str| Some(line.split_once(") echo ")?.1.trim_end_matches(" ;;").to_owned());
    let mut wanted: Vec<String> = find.lines().filter_map(looked_for).collect();
    built.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(built, wanted);
    let names = "{ repo }/releases/download/v{ version }/protolint-v{ version }-{ target }.tar.gz";
    assert!(manifest.contains(&format!("pkg-url = \"{names}\"")));
    assert!(manifest.contains("bin-dir = \"protolint-v{ version }-{ target }/{ bin }{ binary-ext }\""));
    assert!(find.contains("name=protolint-v$version-$target\n"));
}

#[test]
fn a_release_has_to_be_what_was_pinned() {
    let Some(scratch) = workshop() else { return };
    let Some(pinned) = release(&scratch) else { return };
    let pin = |text: &str| std::fs::write(scratch.path("copy/action/checksums.txt"), text).unwrap();
    let Some(outcome) = run(&scratch, "") else { return };
    outcome.is("0", &["checked 1 file"]);
    assert_eq!(outcome.taken, ["Find protolint", "Run protolint"]);
    // An archive with another checksum is not run, and nothing is built instead.
    next_machine(&scratch);
    pin(&("0".repeat(64) + &pinned[64..]));
    let outcome = run(&scratch, "").unwrap();
    assert!(!outcome.succeeded && outcome.taken == ["Find protolint"], "{}", outcome.log);
    assert!(outcome.log.contains("the checksum of `"), "{}", outcome.log);
    // Without an archive, the same source is built.
    next_machine(&scratch);
    pin(&pinned);
    std::fs::remove_dir_all(scratch.path("house")).unwrap();
    run(&scratch, "").unwrap().is("0", &["checked 1 file", "built from source"]);
}

#[test]
fn a_missing_program_is_an_error_with_help() {
    let Some(scratch) = workshop() else { return };
    for (version, said) in [
        ("9.9.9", "protolint 9.9.9 for Linux X64 is not available"),
        ("newest", "invalid `version` `newest`, expected a version such as"),
        ("../../x", "invalid `version` `../../x`"),
    ] {
        let Some(outcome) = run(&scratch, version) else { return };
        assert!(!outcome.succeeded && outcome.log.contains(said), "{}", outcome.log);
    }
    // The Go tool of the same name.
    program(&scratch, "programs/protolint", "#!/bin/sh\necho 'protolint version 0.58.0(x)'\n");
    let outcome = run(&scratch, "installed").unwrap();
    assert!(!outcome.succeeded && outcome.log.contains("is another program of that name"), "{}", outcome.log);
}
