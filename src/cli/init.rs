//! `protolint init`.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::CLEAN;
use super::args::{ColorArg, InitArgs};
use super::print::{invalid, print};
use crate::config::{self, FILE_NAMES};
use crate::error::Error;
use crate::project::path;
use crate::report::Report;
use crate::source::Sources;

/// Writes a configuration: a new one, or what another program's says. Or prints what editors check it by.
pub(super) fn run(args: &InitArgs) -> Result<u8, Error> {
    if args.schema {
        return print(&config::json_schema()).map(|()| CLEAN);
    }
    let Some(from) = &args.from else {
        return write(&args.file, &if args.full { config::full_text() } else { config::short_text() });
    };
    let mut sources = Sources::new();
    let file = beside(from, &args.file)?;
    match config::converted(from, &path::shown(from), &mut sources) {
        Ok(text) => write(&file, &text),
        Err(findings) => {
            // Nothing is written to stdout, which may be a file.
            Ok(invalid(&Report::sorted(findings, sources), ColorArg::Auto))
        }
    }
}

/// The file to write for what another one says: beside that one, as paths count from there.
fn beside(from: &Path, file: &Path) -> Result<PathBuf, Error> {
    let directory = from.parent().unwrap_or(Path::new(""));
    let own = directory.join(FILE_NAMES[0]);
    let asked = path::absolute(file);
    if file == Path::new("-") || asked.parent() == Some(&path::absolute(directory)) {
        return Ok(file.to_owned());
    }
    if file == Path::new(FILE_NAMES[0]) {
        return Ok(own);
    }
    let message =
        format!("paths are relative to the directory of the file, which is not that of `{}`", path::shown(from));
    Err(Error::new(message).help(format!("protolint init --from {} {}", path::shown(from), path::shown(&own))))
}

/// Writes the text to a file that is not there yet, or prints it.
fn write(file: &Path, text: &str) -> Result<u8, Error> {
    if file.as_os_str() == "-" {
        print(text)?;
        return Ok(CLEAN);
    }
    let shown = file.display();
    let mut options = std::fs::OpenOptions::new();
    let mut created = options.write(true).create_new(true).open(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Error::new(format!("`{shown}` already exists")).help("protolint init - prints the file instead")
        }
        _ => Error::new(format!("`{shown}` cannot be written: {}", crate::source::reason(&error))),
    })?;
    created
        .write_all(text.as_bytes())
        .map_err(|error| Error::new(format!("`{shown}` cannot be written: {}", crate::source::reason(&error))))?;
    print(&format!("wrote {shown}\n"))?;
    Ok(CLEAN)
}
