//! Which files have payloads, how they are written, and of which types they are.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::super::args::{InputFormatArg, PayloadInputArgs};
use crate::error::Error;
use crate::payload::input::{Input, InputFormat, Source};
use crate::payload::types;
use crate::project::{Project, path, walk};
use crate::source::reason;

/// How much of standard input is kept in memory, to be read twice.
const MAX_KEPT: u64 = 64 << 20;

/// A file with payloads.
struct OnDisk {
    path: PathBuf,
    name: String,
}

impl Source for OnDisk {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self) -> std::io::Result<Box<dyn Read + Send + '_>> {
        let file = File::open(&self.path)?;
        if file.metadata()?.is_dir() {
            return Err(std::io::Error::other("it is a directory"));
        }
        Ok(Box::new(file))
    }

    fn can_be_read_again(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|metadata| metadata.is_file())
    }
}

/// What standard input brings.
struct Stdin {
    /// The start of it, or all.
    kept: Vec<u8>,
    is_whole: bool,
}

impl Stdin {
    fn read() -> Result<Stdin, Error> {
        let mut kept = Vec::new();
        let read = std::io::stdin().lock().take(MAX_KEPT).read_to_end(&mut kept);
        read.map_err(|error| Error::new(format!("standard input cannot be read: {}", reason(&error))))?;
        Ok(Stdin { is_whole: (kept.len() as u64) < MAX_KEPT, kept })
    }
}

impl Source for Stdin {
    fn name(&self) -> &str {
        "standard input"
    }

    fn open(&self) -> std::io::Result<Box<dyn Read + Send + '_>> {
        let kept = Cursor::new(&self.kept);
        Ok(if self.is_whole { Box::new(kept) } else { Box::new(kept.chain(std::io::stdin())) })
    }

    fn can_be_read_again(&self) -> bool {
        self.is_whole
    }
}

/// The payloads that the arguments name, those of directories sorted by path.
pub(super) fn inputs(args: &PayloadInputArgs, project: &Project) -> Result<Vec<Input>, Error> {
    let mut inputs = Vec::new();
    let mut folders = Folders::default();
    for given in &args.paths {
        if given.as_os_str() == "-" {
            let format = args.input_format.map_or(InputFormat::Binary, format_of);
            inputs.push(Input { source: Box::new(Stdin::read()?), format, type_name: args.type_name.clone() });
            continue;
        }
        let shown = path::shown(given);
        let metadata = std::fs::metadata(given)
            .map_err(|error| Error::new(format!("`{shown}` cannot be read: {}", reason(&error))))?;
        if !metadata.is_dir() {
            inputs.push(input(args, project, given.clone(), &mut folders));
            continue;
        }
        let files = walk::all_files(given)?;
        if files.is_empty() {
            return Err(Error::new(format!("`{shown}` has no files")).help("pass a directory of payloads"));
        }
        inputs.extend(files.into_iter().map(|file| input(args, project, file, &mut folders)));
    }
    Ok(inputs)
}

/// For each folder, the type that it is called like.
type Folders = FxHashMap<PathBuf, Option<String>>;

fn input(args: &PayloadInputArgs, project: &Project, file: PathBuf, folders: &mut Folders) -> Input {
    let by_name = || {
        let extension = file.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        InputFormat::of_extension(&extension.unwrap_or_default())
    };
    let format = args.input_format.map_or_else(by_name, format_of);
    let absolute = path::absolute(&file);
    let folder = absolute.parent().unwrap_or(&absolute);
    let mut by_folder = || folders.entry(folder.to_owned()).or_insert_with(|| type_of_folder(project, folder)).clone();
    let type_name = args.type_name.clone().or_else(&mut by_folder);
    let name = path::shown(&file);
    Input { source: Box::new(OnDisk { path: file, name }), format, type_name }
}

/// The innermost folder around files that is called like a type.
fn type_of_folder(project: &Project, folder: &Path) -> Option<String> {
    let folders = folder.ancestors().filter_map(|folder| folder.file_name()?.to_str());
    let is_type = |name: &&str| *name != "google.protobuf.Any" && types::find(project.schema(), name).is_ok();
    folders.filter(|name| name.contains('.')).find(is_type).map(str::to_owned)
}

fn format_of(format: InputFormatArg) -> InputFormat {
    match format {
        InputFormatArg::Binary => InputFormat::Binary,
        InputFormatArg::Delimited => InputFormat::Delimited,
        InputFormatArg::Grpc => InputFormat::Grpc,
        InputFormatArg::Json => InputFormat::Json,
        InputFormatArg::Hex => InputFormat::Hex,
        InputFormatArg::Base64 => InputFormat::Base64,
    }
}
