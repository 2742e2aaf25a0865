//! The names of fields in JSON, <https://protobuf.dev/programming-guides/json/>.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::data::{Syntax, derived_json_name};
use super::element::{Field, Message};
use super::features;

impl Field<'_> {
    /// The name that JSON has for the field unless it chooses one.
    pub(crate) fn derived_json_name(self) -> String {
        derived_json_name(self.name()).collect()
    }

    /// A hash of the derived JSON name, made without building it.
    pub(crate) fn derived_json_name_hash(self) -> u64 {
        let mut hasher = FxHasher::default();
        for c in derived_json_name(self.name()) {
            hasher.write_u32(u32::from(c));
        }
        hasher.finish()
    }

    /// The name in JSON: the one written, else the derived one.
    pub(crate) fn json_name(self) -> String {
        self.written_json_name().map_or_else(|| self.derived_json_name(), str::to_owned)
    }
}

impl Message<'_> {
    /// Whether its JSON form is only a best effort, as in proto2, so that names may clash.
    pub(crate) fn is_legacy_json(self) -> bool {
        match self.file().syntax() {
            Syntax::Proto2 | Syntax::Unspecified => true,
            Syntax::Proto3 => false,
            Syntax::Edition(_) => features::of_message(self, "json_format") == Some("LEGACY_BEST_EFFORT"),
        }
    }
}
