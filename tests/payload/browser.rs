//! The page of costs in Chromium: what it looks like, and what its controls do.

use std::path::PathBuf;
use std::process::Command;

use super::{folder, support};

/// The browser, where it and what drives it are installed. `.ci/browser` names it, and there it may not be missing.
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("PROTOLINT_BROWSER").map(PathBuf::from);
    let is_required = named.is_some();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|directory| directory.join("chromium")).find(|file| file.is_file())
    };
    let has_driver = folder("tests/changelog/browser/node_modules/playwright-core").is_dir();
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    let found = named.or_else(on_path).filter(|_| has_driver && has_node);
    assert!(found.is_some() || !is_required, "the browser or what drives it is missing");
    if found.is_none() {
        eprintln!("skipped: there is no `chromium`, no `node` or no `playwright-core`; .ci/browser installs them");
    }
    found
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(chromium) = chromium() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let page = scratch.path().join("cost.html");
    let arguments = ["payload", "cost", "testdata/payload", "--schema", "testdata/blog", "--assume-unreleased"];
    let format = ["--format", "html", "--output", page.to_str().unwrap()];
    let written = support::protolint(&folder("."), &[&arguments[..], &format].concat());
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let mut node = Command::new("node");
    node.arg(folder("tests/changelog/browser/cost.mjs")).arg(&page).arg(chromium);
    // `PICTURES=DIRECTORY` keeps what it looks like.
    node.args(std::env::var_os("PICTURES"));
    let output = node.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
