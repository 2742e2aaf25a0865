//! Whether anything was changed since the last commit.

use rustc_hash::FxHashSet;

use super::fault::GitFault;
use super::{BaseCommit, Entry, Repository};

impl Repository {
    /// Whether schemas that the last commit holds are staged or, unless only the `index` counts, in the work tree with
    /// another text, or not at all. Files that git does not know yet are no change.
    ///
    /// # Errors
    ///
    /// There is no commit, or it or the index cannot be read.
    pub(crate) fn has_changes(&self, index: bool) -> Result<bool, GitFault> {
        let head = self.tip("HEAD")?.commit;
        if self.is_bare() {
            return Ok(false);
        }
        let (head, staged) = (self.files(head)?, self.staged()?);
        if head.files != staged.files || head.links != staged.links {
            return Ok(true);
        }
        if index {
            return Ok(false);
        }
        let same: FxHashSet<String> = self.unmodified()?.into_iter().map(|(path, _)| path).collect();
        let rest: Vec<Entry> = head.files.into_iter().filter(|file| !same.contains(&file.path)).collect();
        if rest.is_empty() {
            return Ok(false);
        }
        let left_out: FxHashSet<String> = self.left_out()?.files.into_iter().map(|file| file.path).collect();
        Ok(rest.iter().any(|file| !left_out.contains(&file.path) && !self.is_on_disk(file)))
    }

    /// Whether the work tree has the text of a file, line ends aside. A name that is not Unicode cannot be looked up.
    fn is_on_disk(&self, file: &Entry) -> bool {
        let lines = |bytes: Vec<u8>| bytes.into_iter().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
        let on_disk = || std::fs::read(self.top().join(&file.path)).ok().map(lines);
        file.path.contains(char::REPLACEMENT_CHARACTER) || self.read(file.blob).ok().map(lines) == on_disk()
    }

    /// What a commit on the default branch itself is compared with: `HEAD` where there are changes since, or `is_head`
    /// asks for it, else its first parent. `None` where `HEAD` is the first commit and nothing was changed since.
    ///
    /// # Errors
    ///
    /// There is no commit, or the parent is not in this clone.
    pub(crate) fn last_commit(&self, index: bool, is_head: bool) -> Result<Option<BaseCommit>, GitFault> {
        if is_head || self.has_changes(index)? {
            return self.tip("HEAD").map(Some);
        }
        let handle = self.handle();
        let head = self.head(&handle)?;
        let commit = self.object(&handle, head.0)?.try_into_commit();
        let is_first = commit.is_ok_and(|commit| commit.parent_ids().next().is_none());
        if is_first { Ok(None) } else { self.tip("HEAD~1").map(Some) }
    }
}
