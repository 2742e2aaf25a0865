//! All extensions of a schema by their full names, whoever imports them.

use rustc_hash::FxHashMap;

use super::element::Field;
use super::{FileIndex, Schema};

/// Where extensions are, by their full names.
pub(super) type Extensions = FxHashMap<String, (FileIndex, u32)>;

impl Schema {
    /// The extension of a full name, the first declared.
    pub(crate) fn extension_named(&self, full_name: &str) -> Option<Field<'_>> {
        let extensions = self.extensions.get_or_init(|| {
            let mut extensions = Extensions::default();
            for field in self.files().flat_map(|file| file.all_fields()).filter(|field| field.is_extension()) {
                extensions.entry(field.full_name()).or_insert((field.file.index, field.index));
            }
            extensions
        });
        let &(file, index) = extensions.get(full_name)?;
        Some(self.file_at(file).field_at(index))
    }
}
