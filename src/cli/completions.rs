//! `protolint completions` and `protolint man`: what packages ship beside the program, written from the description of
//! the command line. It uses no subcommand by name.

use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::CLEAN;
use super::args::{self, CompletionsArgs, ManArgs, ShellArg};
use super::environment::{EXIT_STATUS, variables};
use super::print::print;
use crate::error::Error;
use crate::project::path;
use crate::report::Format;
use crate::rules::{Family, compile_rules};
use crate::source::reason;

/// Prints the completions for a shell, of the names of rules and formats too.
pub(super) fn completions(args: &CompletionsArgs) -> Result<u8, Error> {
    let shell = match args.shell {
        ShellArg::Bash => Shell::Bash,
        ShellArg::Zsh => Shell::Zsh,
        ShellArg::Fish => Shell::Fish,
        ShellArg::PowerShell => Shell::PowerShell,
        ShellArg::Elvish => Shell::Elvish,
    };
    // Written to memory first: the generator panics where a reader has gone away.
    let mut script = Vec::new();
    let mut description = args::description_with_names(rules_of, &Format::NAMES);
    clap_complete::generate(shell, &mut description, "protolint", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(CLEAN)
}

/// The ids and groups that a subcommand takes: those of its family, else all.
fn rules_of(subcommand: &str) -> Vec<&'static str> {
    let families = [Family::Lint, Family::Breaking];
    let own = families.into_iter().find(|family| family.command() == subcommand);
    let named = own.map_or(families.to_vec(), |family| vec![family]);
    let mut names: Vec<&'static str> = named.iter().flat_map(|family| family.groups()).collect();
    names.extend(named.iter().flat_map(|family| family.rules()).map(|rule| rule.id));
    if own.is_none() {
        names.extend(compile_rules().iter().map(|rule| rule.id));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Writes `protolint.1`, and `protolint-check.1` and so on for the subcommands that help shows.
pub(super) fn man(args: &ManArgs) -> Result<u8, Error> {
    std::fs::create_dir_all(&args.directory).map_err(|error| unwritten(&args.directory, &error))?;
    let mut program = args::description().disable_help_subcommand(true);
    program.build();
    let name = program.get_name().to_owned();
    let subcommands = program.get_subcommands().filter(|subcommand| !subcommand.is_hide_set());
    let subcommands = subcommands.map(|subcommand| (format!("{name}-{}", subcommand.get_name()), subcommand.clone()));
    let mut pages: Vec<(String, _)> = subcommands.collect();
    pages.insert(0, (name, program));
    let mut written = String::new();
    for (name, description) in pages {
        let mut page = Vec::new();
        let is_about_runs = description.has_subcommands() || args::reports(&description);
        let mut rendered = Man::new(description).title(name.to_uppercase()).render(&mut page);
        if is_about_runs {
            rendered = rendered.and_then(|()| about_runs().to_writer(&mut page));
        }
        let file = args.directory.join(format!("{name}.1"));
        rendered.and_then(|()| std::fs::write(&file, page)).map_err(|error| unwritten(&file, &error))?;
        written.push_str(&format!("wrote {}\n", path::shown(&file)));
    }
    print(&written)?;
    Ok(CLEAN)
}

/// Sections about exit statuses and the environment.
fn about_runs() -> Roff {
    let mut sections = Roff::new();
    sections.control("SH", ["EXIT STATUS"]);
    for (status, meaning) in EXIT_STATUS {
        sections.control("TP", []).text([bold(status)]).text([roman(meaning)]);
    }
    sections.control("SH", ["ENVIRONMENT"]);
    for (names, meaning) in variables() {
        sections.control("TP", []).text([bold(names)]).text([roman(meaning)]);
    }
    sections
}

fn unwritten(file: &std::path::Path, error: &std::io::Error) -> Error {
    Error::new(format!("`{}` cannot be written: {}", path::shown(file), reason(error)))
}
