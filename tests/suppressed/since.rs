//! `check --new-only`: what a branch has added.

use crate::support::repository::Scratch;

const USER: &str = "syntax = \"proto3\";\npackage a.v1;\nmessage User {\n  string aB = 1;\n}\n";
const USER_PATH: &str = "a/v1/user.proto";

/// The repository `r` with findings on `main`, and `feature` checked out.
fn repository() -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q r");
    let role =
        "package a.v2;\nimport \"a/v1/user.proto\";\nimport \"google/protobuf/any.proto\";\nenum role { A = 1; }\n";
    scratch.commit("r", &[(USER_PATH, USER), ("a/v1/role.proto", role)]);
    scratch.git("r", "checkout -q -b feature");
    Some(scratch)
}

#[test]
fn what_was_there_is_not_reported() {
    let Some(scratch) = repository() else { return };
    assert!(scratch.check("r", "--use ALL").findings.len() > 8);
    let old = scratch.check("r", "");
    scratch.check("r", "--new-only --against main").is(
        0,
        &[],
        "0 new findings since COMMIT (merge base of HEAD and main)",
    );
    // Lines move, and a file is called otherwise.
    for (path, line) in [(USER_PATH, "\n// Moved.\n\n"), ("a/v1/role.proto", "\n\n")] {
        let text = std::fs::read_to_string(scratch.path("r").join(path)).unwrap();
        scratch.write(&format!("r/{path}"), &format!("{line}{text}"));
    }
    scratch.git("r", "mv a/v1/role.proto a/v1/roles.proto");
    scratch.git("r", "commit -q -a -m moved");
    let now = scratch.check("r", "");
    assert_eq!(now.findings.len(), old.findings.len());
    assert_ne!(now.told(), old.told());
    for line in ["--new-only", "--new-only a", "--new-only a/v1", "--new-only --use ALL"] {
        scratch.check("r", line).is(0, &[], "0 new findings since COMMIT (merge base of HEAD and main); ");
    }
    scratch.check("r/a", "--new-only v1").is(0, &[], "0 new findings since COMMIT");
}

#[test]
fn what_is_new_is_reported() {
    let Some(scratch) = repository() else { return };
    scratch.write(&format!("r/{USER_PATH}"), &USER.replace("string aB = 1;", "string aB = 1;\n  string cD = 2;"));
    scratch.check("r", "--new-only").is(1, &["FIELD_LOWER_SNAKE_CASE a/v1/user.proto:5"], "1 new finding since COMMIT");
    scratch.check("r", "--new-only a/v1/role.proto").is(0, &[], "0 new findings");
    // What a change makes wrong elsewhere is new there: the import is of no use any more.
    scratch.git("r", "checkout -q .");
    scratch.write(
        "r/a/v1/use.proto",
        "syntax = \"proto3\";\npackage a.v1;\nimport \"a/v1/user.proto\";\nmessage Use { User user = 1; }\n",
    );
    scratch.git("r", "add -A");
    scratch.git("r", "commit -q -m used");
    scratch.write(
        "r/a/v1/use.proto",
        "syntax = \"proto3\";\npackage a.v1;\nimport \"a/v1/user.proto\";\nmessage Use {}\n",
    );
    scratch.check("r", "--new-only --against HEAD").is(
        1,
        &["IMPORT_USED a/v1/use.proto:3"],
        "1 new finding since COMMIT (HEAD)",
    );
    // One more of what was there is reported alone where it can be distinguished from the others.
    let role = std::fs::read_to_string(scratch.path("r/a/v1/role.proto")).unwrap();
    scratch.git("r", "checkout -q .");
    let more = role.replace("enum", "import \"google/protobuf/empty.proto\";\nenum");
    scratch.write("r/a/v1/role.proto", &more);
    scratch.check("r", "--new-only --against HEAD").is(1, &["IMPORT_USED a/v1/role.proto:4"], "1 new finding since");
    // What does not compile is reported, however old it is.
    scratch.write("r/a/v1/role.proto", "syntax = \"proto3\";\npackage a.v1;\nmessage {");
    scratch.check("r", "--new-only").is(1, &["COMPILE_SYNTAX a/v1/role.proto:3"], "0 new findings since");
}

/// What was there, and what only the other branch has: neither is this branch's doing.
#[test]
fn other_files_with_the_same_findings_count_too() {
    let Some(scratch) = repository() else { return };
    scratch.check("r", "--write-baseline").is(0, &[], "wrote protolint.baseline.yaml");
    scratch.check("r", "--new-only").is(0, &[], "0 new findings since COMMIT (merge base of HEAD and main)\n");
    scratch.check("r", "--new-only --no-baseline").is(0, &[], "older findings suppressed\n");
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[(USER_PATH, &USER.replace("aB", "a_b"))]);
    scratch.git("r", "checkout -q feature");
    scratch.check("r", "--new-only --no-baseline").is(0, &[], "1 commit behind main");
}

#[test]
fn what_cannot_be_compared_is_reported() {
    let Some(scratch) = repository() else { return };
    let more = |package: &str| format!("syntax = \"proto3\";\npackage {package}.v1;\n");
    scratch.commit("r", &[("b/v1/more.proto", &more("b"))]);
    scratch.git("r", "checkout -q main");
    scratch.commit("r", &[("c/v1/more.proto", &more("c"))]);
    scratch.git("r", "checkout -q feature");
    scratch.check("r", "--new-only --against nope").is(2, &[], "there is no branch, tag or commit `nope`");
    scratch.check("r", "--new-only -").is(2, &[], "cannot be used with standard input");
    scratch.git("", &format!("clone -q --depth 1 --no-single-branch {} shallow", scratch.url("r")));
    let shallow = scratch.check("shallow", "--new-only --against main");
    assert_eq!(shallow.status, 2, "{}", shallow.stderr);
    let arguments = shallow.help().strip_prefix("git ").expect("a command that fixes it").to_owned();
    let head = scratch.git("shallow", "rev-parse HEAD");
    let arguments = arguments.split(' ').map(|word| if word == "COMMIT" { head.as_str() } else { word });
    scratch.git("shallow", &arguments.collect::<Vec<_>>().join(" "));
    scratch.check("shallow", "--new-only --against main").is(0, &[], "0 new findings since");
    // Of the first commit everything is new.
    scratch.git("", "init -q first");
    scratch.commit("first", &[(USER_PATH, USER)]);
    let told = ["FIELD_LOWER_SNAKE_CASE a/v1/user.proto:4"];
    scratch.check("first", "--new-only").is(
        1,
        &told,
        "this is the first commit, and no schema was changed since: every finding is new\n",
    );
}
