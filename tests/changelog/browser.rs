//! The page in Chromium: what it looks like, and what its filters show.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The browser, where it and what drives it are installed. `.ci/browser` names it, and there it may not be missing.
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("PROTOLINT_BROWSER").map(PathBuf::from);
    let is_required = named.is_some();
    let found = named.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|directory| directory.join("chromium")).find(|file| file.is_file())
    });
    let driver = folder().join("node_modules/playwright-core");
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    let found = found.filter(|_| driver.is_dir() && has_node);
    assert!(found.is_some() || !is_required, "the browser or what drives it is missing");
    if found.is_none() {
        eprintln!("skipped: there is no `chromium`, no `node` or no `playwright-core`; .ci/browser installs them");
    }
    found
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/changelog/browser")
}

#[test]
fn filters_of_the_page_work_in_a_browser() {
    let Some(chromium) = chromium() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let page = scratch.path().join("changes.html");
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cli/changelog.in");
    let file = page.to_str().unwrap();
    let written = super::support::protolint(&schemas, &["changelog", "v1..v2", "--format", "html", "--output", file]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let mut node = Command::new("node");
    node.arg(folder().join("page.mjs")).arg(&page).arg(chromium);
    // `PICTURES=DIRECTORY` keeps what it looks like.
    node.args(std::env::var_os("PICTURES"));
    let output = node.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.trim(), "13 entries, 6 of them breaking");
}
