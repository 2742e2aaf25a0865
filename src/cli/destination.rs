//! Which reports a command line asks for, and where each goes. It writes nothing.

use std::io::IsTerminal;
use std::path::{Path, PathBuf, absolute};

use super::args::OutputArgs;
use crate::error::Error;
use crate::nearest::nearest;
use crate::project::path;
use crate::report::Format;

/// One report to write.
#[derive(Debug)]
pub(super) struct Destination {
    pub(super) format: Format,
    /// None for standard output.
    pub(super) file: Option<PathBuf>,
}

/// The reports, in the order they were asked for.
///
/// # Errors
///
/// A format that is unknown, or two reports for one place.
pub(super) fn destinations(args: &OutputArgs) -> Result<Vec<Destination>, Error> {
    let mut all = args.formats.iter().map(|given| parsed(given)).collect::<Result<Vec<_>, _>>()?;
    if all.is_empty() && args.go_reports_only {
        return Ok(all);
    }
    if all.is_empty() {
        let is_for_people = args.output.is_none() && std::io::stdout().is_terminal();
        all.push(Destination { format: if is_for_people { Format::Human } else { Format::Concise }, file: None });
    }
    if let Some(file) = &args.output {
        let mut unnamed = all.iter_mut().filter(|one| one.file.is_none()).peekable();
        if unnamed.peek().is_none() {
            let message = format!("`--output {}` has no effect: each format has its own file", path::shown(file));
            return Err(Error::new(message).help("remove it, or add a `--format` without a file"));
        }
        unnamed.for_each(|one| one.file = Some(file.clone()));
    }
    apart(&all)?;
    Ok(all)
}

/// `FORMAT` or `FORMAT=FILE`.
fn parsed(given: &str) -> Result<Destination, Error> {
    let (name, file) = match given.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (given, None),
    };
    let Some(format) = Format::find(name) else {
        let failure = Error::new(format!("unknown format `{name}`"));
        return Err(match nearest(&name.to_ascii_lowercase(), Format::NAMES) {
            Some(near) => failure.help(format!("did you mean {near}?")),
            None => failure.help(format!("formats are {}", Format::NAMES.join(", "))),
        });
    };
    if file == Some("") {
        return Err(Error::new(format!("`--format {given}` has no file name"))
            .help(format!("--format {name} prints to standard output, --format {name}=FILE to a file")));
    }
    Ok(Destination { format, file: file.map(PathBuf::from) })
}

/// Whether no two reports go to one place.
fn apart(all: &[Destination]) -> Result<(), Error> {
    let places: Vec<Option<PathBuf>> = all.iter().map(|one| one.file.as_deref().map(resolved)).collect();
    for (index, one) in all.iter().enumerate() {
        let Some(other) = places[..index].iter().position(|other| *other == places[index]) else { continue };
        let (name, other) = (one.format.name(), all[other].format.name());
        let to = one.file.as_deref().map_or("standard output".to_owned(), |file| format!("`{}`", path::shown(file)));
        return Err(Error::new(format!("`{other}` and `{name}` would both be written to {to}"))
            .help(format!("write one of them to its own file: --format {name}=FILE")));
    }
    Ok(())
}

/// The file that is meant, however it is spelled.
fn resolved(file: &Path) -> PathBuf {
    file.canonicalize().or_else(|_| absolute(file)).unwrap_or_else(|_| file.to_owned())
}
