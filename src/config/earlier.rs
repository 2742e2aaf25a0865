//! The roots that the configuration of an earlier state names. It reads by whatever it is given, and reports nothing:
//! what is wrong with an earlier configuration cannot be corrected any more.

use std::path::Path;

use super::files::{FILE_NAMES, MAX_BYTES, MODULE_FILE, WORKSPACE_FILE};
use super::{buf, validate};
use crate::source::{SourceFile, Sources};

/// Whether a file of that name is a configuration wherever it lies.
pub(crate) fn is_found_by_name(name: &str) -> bool {
    FILE_NAMES.contains(&name) || name == MODULE_FILE || name == WORKSPACE_FILE
}

/// The roots that the configuration in a directory names, below that directory; `None` where there is no configuration,
/// or it names none. `read` gives the text of a file, if there is one.
pub(crate) fn roots_in(directory: &Path, read: &dyn Fn(&Path) -> Option<String>) -> Option<Vec<String>> {
    let mut names = FILE_NAMES.into_iter().chain([WORKSPACE_FILE, MODULE_FILE]);
    let read = |path: &Path| read(path).filter(|text| text.len() as u64 <= MAX_BYTES);
    let (name, text) = names.find_map(|name| Some((name, read(&directory.join(name))?)))?;
    let file = Sources::new().add(SourceFile::new(name.to_owned(), text.clone()));
    let roots = match name {
        WORKSPACE_FILE => buf::workspace_roots(&text, file, &|module| read(&directory.join(module))),
        MODULE_FILE => buf::parse(&text, file).0.roots,
        _ => validate::validate(&text, file, None).0.roots,
    };
    Some(roots).filter(|roots| !roots.is_empty())
}
