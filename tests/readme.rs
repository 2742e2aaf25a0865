//! README.md and CONTRIBUTING.md are true: the commands of the README print what it shows, its command lines are
//! accepted, its configurations are valid, and the table of dependencies is complete.
//! `UPDATE_EXPECT=1 cargo test --test readme` rewrites the output in the README.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use clap::Parser;
use protolint::cli::Cli;
use protolint::config;
use protolint::source::{SourceFile, Sources};
use regex::Regex;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The whole set-up of a fresh clone. Both commands build the debug profile, so the second reuses the first build.
const SETUP: [&str; 2] = ["$ cargo run -- check testdata/blog --fail-on never", "$ cargo test"];

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(name)).unwrap()
}

/// The contents of all fences of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let opening = format!("\n```{language}\n");
    text.split(&opening).skip(1).map(|rest| rest.split_once("\n```\n").unwrap().0).collect()
}

/// What a command prints, run in the repository: standard output, then standard error.
fn output(command: &str) -> String {
    assert!(!command.contains(['"', '\'', '<', '>', '|', '$']), "there is no shell to read `{command}`");
    let arguments = command.split_whitespace().skip(1);
    let run = Command::new(env!("CARGO_BIN_EXE_protolint")).current_dir(ROOT).args(arguments).output().unwrap();
    String::from_utf8(run.stdout).unwrap() + &String::from_utf8(run.stderr).unwrap()
}

/// The text with the output of every `$ protolint …` line in a `console` fence put anew.
fn with_outputs(text: &str) -> String {
    let mut out = String::new();
    let mut in_console = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_console = line == "```console";
        }
        let command = line.strip_prefix("$ ").filter(|_| in_console);
        if !in_console || line.starts_with("```") || command.is_some() {
            out += line;
            out.push('\n');
        }
        match command {
            Some(command) if command.starts_with("protolint ") => out += &output(command),
            Some(command) => assert!(command.starts_with("cargo "), "`{command}` is neither protolint nor cargo"),
            None => {}
        }
    }
    out
}

#[test]
fn commands_print_what_the_readme_shows() {
    let written = read("README.md");
    let actual = with_outputs(&written);
    let took = Regex::new(r" in [0-9.]+ (ms|s):").unwrap();
    let timeless = |text: &str| took.replace_all(text, " in [TIME]:").into_owned();
    let (shown, printed) = (timeless(&written), timeless(&actual));
    if shown != printed && std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(Path::new(ROOT).join("README.md"), &actual).unwrap();
        return;
    }
    let same = shown.lines().zip(printed.lines()).take_while(|(shown, printed)| shown == printed).count();
    let line_of = |text: &str| text.lines().nth(same).unwrap_or("(nothing more)").to_owned();
    assert!(shown == printed, "line {}:\n  shown   {}\n  printed {}", same + 1, line_of(&shown), line_of(&printed));
}

#[test]
fn set_up_takes_two_commands() {
    let text = read("README.md");
    let first = blocks(&text, "console").first().copied().unwrap();
    assert_eq!(first.lines().collect::<Vec<_>>(), SETUP, "the first console fence holds the two set-up commands");
}

#[test]
fn command_lines_are_accepted() {
    let text = read("README.md");
    let lines = blocks(&text, "sh").into_iter().flat_map(str::lines).filter(|line| line.starts_with("protolint "));
    let mut count = 0;
    for line in lines {
        let command = line.split(" #").next().unwrap_or(line).split('<').next().unwrap_or(line);
        let parsed = Cli::try_parse_from(command.split_whitespace());
        assert!(parsed.is_ok(), "`{command}`: {}", parsed.unwrap_err());
        count += 1;
    }
    assert!(count > 0, "the README shows how to use the program");
}

#[test]
fn configurations_are_valid() {
    let text = read("README.md");
    let blocks = blocks(&text, "yaml");
    assert!(!blocks.is_empty(), "the README shows a configuration");
    for block in blocks {
        let directory = tempfile::tempdir().unwrap();
        let mut sources = Sources::new();
        let id = sources.add(SourceFile::new("protolint.yaml".to_owned(), block.to_owned()));
        let parsed = config::parse(block, id).unwrap_or_else(|findings| panic!("{findings:#?}\n{block}"));
        for name in parsed.roots.iter().chain(&parsed.includes) {
            fs::create_dir_all(directory.path().join(name)).unwrap();
        }
        let root = directory.path().join(parsed.roots.first().map_or(".", |root| root.as_str()));
        fs::write(root.join("note.proto"), "syntax = \"proto3\";\npackage note;\n").unwrap();
        let file = directory.path().join("protolint.yaml");
        fs::write(&file, block).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_protolint"));
        command.current_dir(directory.path()).arg("check").arg("--config").arg(&file);
        let run = command.args(["--fail-on", "never"]).output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{}\n{block}", String::from_utf8_lossy(&run.stderr));
    }
}

#[test]
fn documents_stay_short() {
    for (name, most) in [("README.md", 158), ("CONTRIBUTING.md", 80)] {
        let lines = read(name).lines().count();
        assert!(lines <= most, "{name} has {lines} lines; at most {most} are read");
    }
}

/// The direct dependencies that `Cargo.toml` lists, those of tests included.
fn dependencies(manifest: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut listed = false;
    for line in manifest.lines() {
        match line.strip_prefix('[') {
            Some(section) => listed = section.trim_end_matches(']').ends_with("dependencies"),
            None if listed => found.extend(line.split_once('=').map(|(name, _)| name.trim())),
            None => {}
        }
    }
    found
}

#[test]
fn every_dependency_is_justified() {
    let (text, manifest) = (read("CONTRIBUTING.md"), read("Cargo.toml"));
    let table = text.split_once("\n| dependency |").expect("CONTRIBUTING.md has a table of dependencies").1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with("| "));
    let named: BTreeSet<&str> = rows
        .flat_map(|row| row.split('|').nth(1))
        .flat_map(|names| names.split(", "))
        .map(|name| name.trim().trim_matches('`'))
        .collect();
    assert_eq!(named, dependencies(&manifest), "left: the table of CONTRIBUTING.md, right: Cargo.toml");
}
