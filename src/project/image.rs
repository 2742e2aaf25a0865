//! Descriptor sets as input: a serialized `google.protobuf.FileDescriptorSet`, as `protoc -o` and `buf build -o` write
//! it, becomes a source text for each of its files. It parses no texts and reads no paths.

mod decode;
mod guess;
mod literal;
mod model;
mod names;
mod options;
mod print;
mod standard;
mod symbols;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use decode::quoted;
use model::File;
use standard::Standard;
use symbols::Symbols;
use wire::{Part, Value};

/// A file of a descriptor set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageFile {
    /// As imports name it; where it is no such name, what can be shown of it.
    pub(crate) name: String,
    /// The source it stands for, or why it stands for none.
    pub(crate) text: Result<String, ImageFault>,
    /// Whether the set says that it is only imported.
    pub(crate) is_import: bool,
}

/// Why a set, or a file of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageFault {
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
pub(crate) fn files(bytes: &[u8]) -> Result<Vec<ImageFile>, ImageFault> {
    static STANDARD: OnceLock<Vec<Standard>> = OnceLock::new();
    let standard = STANDARD.get_or_init(standard::standard);
    let parts = parts(bytes).map_err(|message| guess::fault(bytes, message))?;
    let decoded: Vec<Result<File<'_>, String>> = parts.par_iter().map(|part| decode::file(*part)).collect();
    if let Some(Err(message)) = decoded.first()
        && decoded.iter().all(Result::is_err)
    {
        return Err(guess::fault(bytes, format!("none of its files can be read; of the first, {message}")));
    }
    let sound: Vec<&File<'_>> = decoded.iter().filter_map(|file| file.as_ref().ok()).collect();
    let symbols = Symbols::of(standard, &sound);
    let printed: Vec<ImageFile> = decoded
        .par_iter()
        .zip(&parts)
        .enumerate()
        .map(|(index, (file, part))| match file {
            Ok(file) => image_file(index, file, &symbols),
            Err(message) => broken_file(index, *part, message),
        })
        .collect();
    Ok(without_repetitions(printed))
}

/// The bytes of each file.
fn parts(bytes: &[u8]) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    for record in (Part { bytes, offset: 0 }).records() {
        match record.map_err(|fault| fault.words())? {
            (1, Value::Bytes(part)) => parts.push(part),
            (1, _) => return Err("its first field holds no files".to_owned()),
            _ => {}
        }
    }
    if parts.is_empty() { Err("it holds no files".to_owned()) } else { Ok(parts) }
}

fn image_file<'f>(index: usize, file: &'f File<'f>, symbols: &Symbols<'f>) -> ImageFile {
    let text = name_fault(file.name).map_or_else(|| print::print(file, symbols), Err);
    ImageFile { name: shown_name(index, file.name), text: text.map_err(of_file), is_import: file.is_import }
}

fn broken_file(index: usize, part: Part<'_>, message: &str) -> ImageFile {
    let mut names = part.records().map_while(Result::ok).filter_map(|record| match record {
        (1, Value::Bytes(part)) => std::str::from_utf8(part.bytes).ok(),
        _ => None,
    });
    let name = shown_name(index, names.next().unwrap_or_default());
    ImageFile { name, text: Err(of_file(message.to_owned())), is_import: false }
}

fn of_file(message: String) -> ImageFault {
    let help = "write the set again: `protoc --include_imports -o schema.binpb …` or `buf build -o schema.binpb`";
    ImageFault { message, help: Some(help.to_owned()) }
}

/// The name, as far as it is one.
fn shown_name(index: usize, name: &str) -> String {
    match name {
        "" => format!("file {} of the set", index + 1),
        _ if name_fault(name).is_none() => name.to_owned(),
        _ => quoted(name).trim_matches('`').to_owned(),
    }
}

/// What keeps `name` from being a path that imports could give.
fn name_fault(name: &str) -> Option<String> {
    let is_path = !name.contains('\\')
        && !name.contains(char::is_control)
        && name.as_bytes().get(1) != Some(&b':')
        && !name.split('/').any(|part| matches!(part, "" | "." | ".."));
    match name {
        "" => Some("the file has no name".to_owned()),
        _ if is_path => None,
        _ => Some(format!("{} is no path relative to a root, which imports could give", quoted(name))),
    }
}

/// Sets that were joined hold the files that both import twice.
fn without_repetitions(files: Vec<ImageFile>) -> Vec<ImageFile> {
    let mut kept: Vec<ImageFile> = Vec::with_capacity(files.len());
    let mut by_name: FxHashMap<String, usize> = FxHashMap::default();
    for mut file in files {
        match by_name.get(&file.name).and_then(|&first| kept.get_mut(first)) {
            Some(first) if first.text == file.text => first.is_import &= file.is_import,
            Some(_) => {
                file.text = Err(of_file("the set holds another file of that name".to_owned()));
                kept.push(file);
            }
            None => {
                by_name.insert(file.name.clone(), kept.len());
                kept.push(file);
            }
        }
    }
    kept
}
