//! What the command prints, and its exit status: transcripts in `testdata/cli/`, each run in the folder beside it.
//! `TRYCMD=overwrite cargo test --test cli` rewrites them.

#![allow(clippy::unwrap_used)]

mod support;

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("testdata/cli/*.trycmd").case("testdata/cli/*.toml");
}
