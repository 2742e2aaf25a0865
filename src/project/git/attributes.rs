//! Whether files of the work tree may hold other bytes than the repository does, and as many of them.

use gix::bstr::ByteSlice;
use gix::index;

use super::Repository;

/// The most bytes of one file of attributes.
const MAX_BYTES: u64 = 1 << 20;

impl Repository {
    /// Whether attributes make git run a filter over schemas, or to keep them in another encoding. What it does to
    /// line ends is no matter here: schemas are the same with others.
    pub(super) fn may_filter(&self, handle: &gix::Repository, index: &index::State) -> bool {
        let tracked = index.entries().iter().map(|entry| (entry.path(index), entry)).filter(|(path, _)| {
            path.strip_suffix(b".gitattributes").is_some_and(|above| above.is_empty() || above.ends_with(b"/"))
        });
        let from_index = |entry: &index::Entry| Some(handle.try_find_object(entry.id).ok()??.data.clone());
        let mut tracked = tracked.map(|(path, entry)| {
            let on_disk = path.to_path().ok().and_then(|path| small_file(&self.top.join(path)));
            on_disk.or_else(|| from_index(entry))
        });
        let own = small_file(&handle.common_dir().join("info").join("attributes"));
        // What cannot be read may say anything.
        tracked.any(|text| text.is_none_or(|text| filters_schemas(&text)))
            || own.is_some_and(|text| filters_schemas(&text))
    }
}

/// A file of modest size; `None` where there is none.
fn small_file(path: &std::path::Path) -> Option<Vec<u8>> {
    let metadata = std::fs::symlink_metadata(path).ok()?;
    (metadata.is_file() && metadata.len() <= MAX_BYTES).then(|| std::fs::read(path).ok())?
}

/// Whether a line may have to do with files named `*.proto`. Patterns that end in another extension have not.
fn filters_schemas(attributes: &[u8]) -> bool {
    attributes.lines().filter(|line| !line.trim_start().starts_with(b"#")).any(|line| {
        let pattern = line.fields().next().unwrap_or_default();
        let extension = pattern.rsplit_once_str(".").map_or(&b""[..], |(_, extension)| extension);
        let is_other =
            !extension.is_empty() && extension != b"proto" && extension.iter().all(u8::is_ascii_alphanumeric);
        !is_other && ["filter", "ident", "working-tree-encoding"].iter().any(|word| line.contains_str(word))
    })
}
