//! Descriptor sets as input: a serialized `google.protobuf.FileDescriptorSet`, as `protoc -o` and `buf build -o` write
//! it, is decoded and lowered file by file. It parses no texts and reads no paths.

mod builtin;
pub(super) mod decode;
mod guess;
pub(super) mod locations;
pub(super) mod model;
mod standard;
pub(super) mod symbols;
#[cfg(test)]
mod tests;
pub(super) mod values;
pub(super) mod wire;

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::lower::descriptor_set::{Lowered, lower};
use super::parse::ParsedFile;
use crate::source::Position;
use decode::{Fault, quoted};
use locations::Locations;
use model::File;
use standard::Standard;
use symbols::Symbols;
use wire::{Part, Value};

/// A file of a descriptor set.
#[derive(Debug)]
pub(crate) struct SetFile {
    /// As imports name it; where it is no such name, what can be shown of it.
    pub(crate) name: String,
    /// What was read of it, or why nothing could be.
    pub(crate) read: Result<DescribedFile, SetFault>,
    /// Whether the set says that it is only imported.
    pub(crate) is_import: bool,
}

/// A file that was read without a text.
#[derive(Clone, Debug)]
pub(crate) struct DescribedFile {
    pub(crate) parsed: ParsedFile,
    /// What spans in it are indexes into; see [`SourceFile::without_text`](crate::source::SourceFile::without_text).
    pub(crate) positions: Vec<Position>,
}

/// Why a set, or a file of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetFault {
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: Option<String>,
}

/// The files of a set in its order; a file that the set repeats comes once.
///
/// # Errors
///
/// What is wrong with the bytes: truncated, empty, or something else than a descriptor set. What is wrong with one file
/// is that file's fault.
pub(crate) fn files(bytes: &[u8]) -> Result<Vec<SetFile>, SetFault> {
    static STANDARD: OnceLock<Vec<Standard>> = OnceLock::new();
    let standard = STANDARD.get_or_init(standard::standard);
    let parts = parts(bytes).map_err(|message| guess::fault(bytes, message))?;
    let decoded: Vec<Result<File<'_>, Fault>> = parts.par_iter().map(|part| decode::file(*part)).collect();
    if let Some(Err(message)) = decoded.first()
        && decoded.iter().all(Result::is_err)
    {
        return Err(guess::fault(bytes, format!("none of its files can be read: of the first file, {message}")));
    }
    let mut sound: Vec<&File<'_>> = decoded.iter().filter_map(|file| file.as_ref().ok()).collect();
    // Definitions of the set itself come first.
    let lacking = builtin::lacking(&sound);
    sound.extend(lacking);
    let symbols = Symbols::new(standard, &sound);
    let lowered: Vec<SetFile> = decoded
        .par_iter()
        .zip(&parts)
        .enumerate()
        .map(|(index, (file, part))| match file {
            Ok(file) => set_file(index, file, &symbols),
            Err(message) => broken_file(index, *part, message),
        })
        .collect();
    Ok(without_repetitions(lowered, &decoded, &symbols))
}

/// The bytes of each file.
fn parts(bytes: &[u8]) -> Result<Vec<Part<'_>>, Fault> {
    let mut parts = Vec::new();
    for record in (Part { bytes, offset: 0 }).records() {
        match record.map_err(|fault| fault.words())? {
            (1, Value::Bytes(part)) => parts.push(part),
            (1, _) => return Err("its first field contains no files".to_owned()),
            _ => {}
        }
    }
    if parts.is_empty() { Err("it contains no files".to_owned()) } else { Ok(parts) }
}

fn set_file<'f>(index: usize, file: &'f File<'f>, symbols: &Symbols<'f>) -> SetFile {
    let read = match name_fault(file.name) {
        Some(fault) => Err(fault),
        None => Locations::decode(&file.source_info).and_then(|locations| lower(file, symbols, locations)),
    };
    let described = |Lowered { data, positions }| {
        let parsed = ParsedFile { data: Arc::new(data) };
        DescribedFile { parsed, positions }
    };
    SetFile {
        name: shown_name(index, file.name),
        read: read.map(described).map_err(of_file),
        is_import: file.is_import,
    }
}

fn broken_file(index: usize, part: Part<'_>, message: &str) -> SetFile {
    let mut names = part.records().map_while(Result::ok).filter_map(|record| match record {
        (1, Value::Bytes(part)) => std::str::from_utf8(part.bytes).ok(),
        _ => None,
    });
    let name = shown_name(index, names.next().unwrap_or_default());
    SetFile { name, read: Err(of_file(message.to_owned())), is_import: false }
}

fn of_file(message: String) -> SetFault {
    let help =
        "write the descriptor set again: `protoc --include_imports -o schema.binpb …` or `buf build -o schema.binpb`";
    SetFault { message, help: Some(help.to_owned()) }
}

/// The name, as far as it is one.
fn shown_name(index: usize, name: &str) -> String {
    match name {
        "" => format!("file {} of the descriptor set", index + 1),
        _ if name_fault(name).is_none() => name.to_owned(),
        _ => quoted(name).trim_matches('`').to_owned(),
    }
}

/// What keeps `name` from being a path that imports could give.
pub(super) fn name_fault(name: &str) -> Option<Fault> {
    let is_path = !name.contains('\\')
        && !name.contains(char::is_control)
        && name.as_bytes().get(1) != Some(&b':')
        && !name.split('/').any(|part| matches!(part, "" | "." | ".."));
    match name {
        "" => Some("the file has no name".to_owned()),
        _ if is_path => None,
        _ => Some(format!("{} is not a path relative to an import root", quoted(name))),
    }
}

/// Sets that were joined hold the files that both import twice; `decoded` is what the files were lowered from.
fn without_repetitions<'f>(
    files: Vec<SetFile>,
    decoded: &'f [Result<File<'f>, Fault>],
    symbols: &Symbols<'f>,
) -> Vec<SetFile> {
    let mut kept: Vec<SetFile> = Vec::with_capacity(files.len());
    // Where each name is among those kept, and in the set.
    let mut by_name: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    for (index, mut file) in files.into_iter().enumerate() {
        match by_name.get(&file.name) {
            Some(&(first, of)) if meaning(&decoded[of], symbols) == meaning(&decoded[index], symbols) => {
                kept[first].is_import &= file.is_import;
            }
            Some(_) => {
                file.read = Err(of_file("the descriptor set contains another file of that name".to_owned()));
                kept.push(file);
            }
            None => {
                by_name.insert(file.name.clone(), (kept.len(), index));
                kept.push(file);
            }
        }
    }
    kept
}

/// What a file says, whatever it says of places.
fn meaning<'f>(file: &'f Result<File<'f>, Fault>, symbols: &Symbols<'f>) -> Result<String, Fault> {
    let file = file.as_ref().map_err(Clone::clone)?;
    lower(file, symbols, Locations::default()).map(|lowered| format!("{:?}", lowered.data))
}
