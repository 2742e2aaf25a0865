//! Compares two directories and prints the breaking changes: `cargo run --example compare_directories -- BEFORE AFTER`.

use std::io::stdout;
use std::process::ExitCode;

use protolint::finding::Severity;
use protolint::{ConfigChoice, Error, Format, Policy, Project, Settings, compare, render};

fn open(directory: &str) -> Result<Project, Error> {
    let mut settings = Settings::default();
    settings.paths.push(directory.into());
    settings.configure(&ConfigChoice::Default).map_err(|_| Error::new("the default configuration has no faults"))?;
    Project::open(&settings)
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let directories: Vec<String> = std::env::args().skip(1).collect();
    let [before, after] = &directories[..] else {
        return Err("two directories are needed: BEFORE and AFTER".into());
    };
    let report = compare(&open(before)?, &open(after)?, &Policy::default());
    render(Format::Human, &report, &mut stdout())?;
    let breaks = report.findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if breaks { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
