//! What earlier runs found out about releases, kept in the directory `protolint` of the repository. It may be deleted at
//! any time. Where it cannot be written, the next run does the work again.

use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::time::SystemTime;

use rustc_hash::FxHasher;

use crate::history::Stored;
use crate::project::git::{ReleaseCommit, Repository};
use crate::project::replace::replace;

/// How many files are kept, and how many bytes they may have together.
const MAX_FILES: usize = 16;
const MAX_BYTES: u64 = 256 << 20;

/// How far back releases are looked for with which an earlier run ended.
const MAX_BACK: usize = 1000;

/// What files begin with; another for each release of this program, which may see more in the same text.
const HEADER: &str = concat!("protolint ", env!("CARGO_PKG_VERSION"), " history\n");

/// The cache of one repository, for one choice of releases and files.
pub(super) struct Cache {
    directory: PathBuf,
    scope: String,
}

impl Cache {
    pub(super) fn new(repository: &Repository, commits: bool, scope: &str) -> Cache {
        let directory = repository.common_directory().join("protolint");
        Cache { directory, scope: format!("{}\n{scope}", if commits { "commits" } else { "tags" }) }
    }

    /// What is known of exactly these releases.
    pub(super) fn whole(&self, list: &[ReleaseCommit]) -> Option<Stored> {
        self.read(list)
    }

    /// What is known of the first of these releases, and how many that are.
    pub(super) fn beginning(&self, list: &[ReleaseCommit]) -> Option<(Stored, usize)> {
        let lengths = (1..list.len()).rev().take(MAX_BACK);
        lengths.filter(|length| self.file(&list[..*length]).exists()).find_map(|length| {
            let stored = self.read(&list[..length])?;
            Some((stored, length))
        })
    }

    /// Keeps what is known of some releases.
    pub(super) fn keep(&self, list: &[ReleaseCommit], history: &[u8]) {
        if list.is_empty() || std::fs::create_dir_all(&self.directory).is_err() {
            return;
        }
        let (file, key) = (self.file(list), self.key(list));
        let written = replace(&file, |out| {
            out.write_all(HEADER.as_bytes())?;
            out.write_all(&(key.len() as u64).to_le_bytes())?;
            out.write_all(key.as_bytes())?;
            out.write_all(&checksum(history).to_le_bytes())?;
            out.write_all(history)
        });
        if written.is_ok() {
            self.shrink();
        }
    }

    fn read(&self, list: &[ReleaseCommit]) -> Option<Stored> {
        if list.is_empty() {
            return None;
        }
        let file = self.file(list);
        let bytes = std::fs::read(file).ok()?;
        let rest = bytes.strip_prefix(HEADER.as_bytes())?;
        let (length, rest) = rest.split_at_checked(8)?;
        let length = usize::try_from(u64::from_le_bytes(length.try_into().ok()?)).ok()?;
        let (key, rest) = rest.split_at_checked(length)?;
        let (sum, history) = rest.split_at_checked(8)?;
        let is_whole = u64::from_le_bytes(sum.try_into().ok()?) == checksum(history);
        (is_whole && key == self.key(list).as_bytes()).then(|| Stored::new(history.to_vec())).flatten()
    }

    /// All that the answer depends on.
    fn key(&self, list: &[ReleaseCommit]) -> String {
        let mut key = self.scope.clone();
        for release in list {
            key.push_str(&format!(
                "\n{} {} {} {}",
                release.commit,
                release.time,
                release.name,
                release.others.join(" ")
            ));
        }
        key
    }

    /// Files are named by the last release, so that those of other branches stay.
    fn file(&self, list: &[ReleaseCommit]) -> PathBuf {
        let mut hasher = FxHasher::default();
        self.scope.hash(&mut hasher);
        list.len().hash(&mut hasher);
        list.last().map(|release| release.commit.to_string()).hash(&mut hasher);
        self.directory.join(format!("history-{:016x}", hasher.finish()))
    }

    /// Deletes the files that were written first, where there are more than may be.
    fn shrink(&self) {
        let Ok(entries) = std::fs::read_dir(&self.directory) else { return };
        let mut files: Vec<(SystemTime, u64, PathBuf)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let metadata = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
                Some((metadata.modified().ok()?, metadata.len(), entry.path()))
            })
            .collect();
        files.sort_unstable_by(|one, other| other.cmp(one));
        let mut bytes = 0;
        for (index, (_, length, file)) in files.into_iter().enumerate() {
            bytes += length;
            // The one that was just written is needed, however large it is.
            if index > 0 && (index >= MAX_FILES || bytes > MAX_BYTES) {
                let _ = std::fs::remove_file(file);
            }
        }
    }
}

/// Whether bytes are those that were written, and not what a full disk left of them.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    bytes.hash(&mut hasher);
    hasher.finish()
}
