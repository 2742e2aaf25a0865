//! Lints a schema in memory and applies the fixes: `cargo run --example lint_in_memory`.

use std::io::stdout;

use protolint::{FixSession, Format, Project, Rules, differences, render};

const USER: &str = "\
syntax = \"proto3\";

package acme.v1;

import \"google/protobuf/timestamp.proto\";
import \"google/protobuf/any.proto\";

message User {
  string userName = 1;
  google.protobuf.Timestamp created = 2;
}
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let project = Project::in_memory([("acme/v1/user.proto", USER)]);
    let rules = Rules::named(["STANDARD", "IMPORT_SORTED"])?;
    render(Format::Human, &project.lint(&rules), &mut stdout())?;

    let fixes = FixSession::new(&project, &rules).with_renames()?;
    print(&differences(&fixes.texts))?;
    for skipped in &fixes.skipped {
        print(&format!("skipped {}: {}\n", skipped.finding, skipped.reason))?;
    }
    print(&format!("fixed {} of {} findings\n", fixes.fixed, fixes.fixed + fixes.report.findings.len()))?;
    Ok(())
}

fn print(text: &str) -> std::io::Result<()> {
    use std::io::Write;
    stdout().write_all(text.as_bytes())
}
