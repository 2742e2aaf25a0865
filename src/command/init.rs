//! `protolint init`.

use std::io::Write;
use std::path::Path;

use super::{CLEAN, Failure, print};
use crate::cli::InitArgs;
use crate::config;

/// Writes a configuration: a new one, or what another program's says.
pub(super) fn run(args: &InitArgs) -> Result<u8, Failure> {
    write(&args.file, &config::init_text())
}

/// Writes the text to a file that is not there yet, or prints it.
fn write(file: &Path, text: &str) -> Result<u8, Failure> {
    if file.as_os_str() == "-" {
        print(text)?;
        return Ok(CLEAN);
    }
    let shown = file.display();
    let mut options = std::fs::OpenOptions::new();
    let mut created = options.write(true).create_new(true).open(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::new(format!("`{shown}` exists already")).help("protolint init - prints the file instead")
        }
        _ => Failure::new(format!("`{shown}` cannot be written: {}", crate::input::reason(&error))),
    })?;
    created
        .write_all(text.as_bytes())
        .map_err(|error| Failure::new(format!("`{shown}` cannot be written: {}", crate::input::reason(&error))))?;
    print(&format!("wrote {shown}\n"))?;
    Ok(CLEAN)
}
