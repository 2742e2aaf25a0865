//! `protolint payload`: what it counts and explains is what Python's runtime and protoc have, inputs of all formats are
//! one input, and the page works in a browser.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

#[path = "payload/blog.rs"]
mod blog;
#[path = "payload/browser.rs"]
mod browser;
#[path = "payload/formats.rs"]
mod formats;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A program that is named by a variable, or found by its name. Where the variable is set it may not be missing.
fn program(variable: &str, name: &str, test: &[&str]) -> Option<OsString> {
    let named = std::env::var_os(variable);
    let program = named.clone().unwrap_or_else(|| name.into());
    let works = Command::new(&program).args(test).output().is_ok_and(|output| output.status.success());
    assert!(works || named.is_none(), "{variable} does not work");
    works.then_some(program)
}

#[test]
fn python_and_protoc_agree() {
    let python = program(
        "PROTOLINT_PYTHON",
        "python3",
        &["-c", "import google.protobuf.message_factory as m; m.GetMessageClass"],
    );
    let protoc = program("PROTOLINT_PROTOC", "protoc", &["--version"]);
    let (Some(python), Some(protoc)) = (python, protoc) else {
        eprintln!("skipped: there is no Python with protobuf 5 or later, or no protoc");
        return;
    };
    let mut command = Command::new(python);
    command.arg(folder("tests/payload/compare.py")).arg(env!("CARGO_BIN_EXE_protolint")).arg(protoc);
    let output = command.arg(folder("tests/payload/schemas")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout);
    for kind in ["enum", "fixed", "packed", "swap", "zigzag"] {
        assert!(said.contains(&format!("'{kind}': ")), "no advice of kind {kind}: {said}");
    }
}
