//! What an editor asks of a project at a place: in byte offsets of texts, with spans, edits and Markdown as answers. It
//! knows nothing of the editor's protocol, of threads, or of the disk.

pub(crate) mod actions;
pub(crate) mod completion;
pub(crate) mod config_file;
