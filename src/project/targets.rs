//! The target files of a run as texts, without what they import: for what changes texts one by one. Nothing is parsed.

use super::load::{LeftOut, target_files};
use super::settings::Settings;
use super::view::View;
use super::{InputFile, ReadFault, decode, descriptor_set, path, request};
use crate::error::Error;

/// The target files of a run.
pub(crate) struct Targets {
    /// Sorted by path, each once.
    pub(crate) files: Vec<InputFile>,
    /// What was given and is not looked at.
    pub(crate) left_out: Vec<LeftOut>,
}

impl Targets {
    /// Finds the target files.
    ///
    /// # Errors
    ///
    /// The only path there is does not exist, cannot be walked, or is a descriptor set.
    pub(crate) fn find(settings: &Settings) -> Result<Targets, Error> {
        if descriptor_set::given(settings)?.is_some() {
            let message = "a descriptor set has no text to format";
            return Err(Error::new(message).help("pass the .proto files that the set was compiled from"));
        }
        let (files, left_out) = target_files(&request(settings, View::default(), settings.stdin.clone(), &|| ()))?;
        Ok(Targets { files, left_out })
    }
}

/// Reads a target file, or takes what standard input brought; `Err` says what is wrong.
pub(crate) fn text(settings: &Settings, file: &InputFile) -> Result<String, String> {
    let read = match settings.stdin.as_ref().filter(|stdin| path::absolute(&stdin.path) == file.absolute) {
        Some(stdin) => decode(stdin.bytes.clone()),
        None => View::default().read_found(file),
    };
    read.map_err(|fault| match fault {
        ReadFault::Unreadable(message) => message,
        ReadFault::LeadsOut(target) => {
            format!("the directory is a link to `{}`, outside of the repository", path::shown(&target))
        }
        ReadFault::NotUtf8 { encoding: Some(encoding), .. } => format!("the file is {encoding}, not UTF-8"),
        ReadFault::NotUtf8 { offset, .. } => format!("the file is not UTF-8: invalid byte at offset {offset}"),
    })
}
