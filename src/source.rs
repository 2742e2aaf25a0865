//! Source texts and places in them: the bottom layer, for schemas and configuration files alike.
//! It does not depend on what the texts mean.

use std::num::NonZeroU32;
use std::sync::Arc;

/// A half-open range of byte offsets in one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span of something that does not stand in the text, such as a generated element.
    pub const NONE: Span = Span { start: u32::MAX, end: u32::MAX };

    /// The span of `start..end`, in bytes.
    pub fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The span of a byte range of a text; texts are at most 2 GiB, so offsets fit.
    pub fn of(range: std::ops::Range<usize>) -> Span {
        let fit = |offset: usize| u32::try_from(offset).expect("texts are shorter than 4 GiB");
        Span { start: fit(range.start), end: fit(range.end) }
    }

    /// The same as a range of `usize`.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether this is [`Span::NONE`].
    pub fn is_none(self) -> bool {
        self == Span::NONE
    }

    /// This span, or `other` if there is none.
    pub fn or(self, other: Span) -> Span {
        if self.is_none() { other } else { self }
    }

    /// Whether `inner` lies within this span.
    pub fn contains(self, inner: Span) -> bool {
        !self.is_none() && self.start <= inner.start && inner.end <= self.end
    }

    /// The part of `text` the span covers; empty where it does not fit the text.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// How many texts one task takes where many are looked at: files differ in size a thousand times, and few large tasks
/// end with one core that works and others that wait.
pub(crate) const FILES_OF_A_TASK: usize = 8;

/// Names a text held by [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(NonZeroU32);

impl FileId {
    fn new(index: usize) -> FileId {
        let number = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
        FileId(number.expect("fewer than 2^32 texts"))
    }

    /// Position in [`Sources`], 0-based.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A span in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The text.
    pub file: FileId,
    /// The bytes meant.
    pub span: Span,
}

/// A line and a column as editors count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters (Unicode scalar values); a byte order mark is not counted.
    pub column: u32,
}

/// A text with its name; or, of a file that came without a text, where things stand in it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: String,
    revision: Option<String>,
    text: String,
    line_starts: Vec<u32>,
    /// What spans are indexes into where there is no text.
    positions: Option<Vec<Position>>,
}

impl SourceFile {
    /// A text under the path that findings show, `/` between components.
    pub fn new(path: String, text: String) -> SourceFile {
        let line_starts = line_starts(&text);
        SourceFile { path, revision: None, text, line_starts, positions: None }
    }

    /// A file of which only positions are known, as of one in a descriptor set: spans in it are indexes into them. Its
    /// text is empty, and nothing can be shown of it or edited in it.
    pub fn without_text(path: String, positions: Vec<Position>) -> SourceFile {
        SourceFile { positions: Some(positions), ..SourceFile::new(path, String::new()) }
    }

    /// Whether there is a text, even an empty one.
    pub fn has_text(&self) -> bool {
        self.positions.is_none()
    }

    /// The same, as it stands in a commit or another place that is not the disk.
    pub fn of_revision(self, revision: &str) -> SourceFile {
        SourceFile { revision: Some(revision.to_owned()), ..self }
    }

    /// What to call the text where the path alone would be taken for a file on disk: `3f2c1a9:a/b.proto`.
    pub fn title(&self) -> String {
        self.revision.as_ref().map_or_else(|| self.path.clone(), |revision| format!("{revision}:{}", self.path))
    }

    /// The commit, or other place that is not the disk, which it was read from.
    pub fn revision(&self) -> Option<&str> {
        self.revision.as_deref()
    }

    /// The path as findings show it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text; empty where there is none.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte offset at which each line starts; the first is 0.
    pub fn line_starts(&self) -> &[u32] {
        &self.line_starts
    }

    /// Whether a span lies in the file, in a text on boundaries of characters.
    pub fn contains(&self, span: Span) -> bool {
        match &self.positions {
            Some(positions) => span.start <= span.end && span.end as usize <= positions.len(),
            None => self.text.get(span.range()).is_some(),
        }
    }

    /// The position of a byte offset; offsets beyond the end, or within a character, are moved back onto one. Without a
    /// text, the position of that index.
    pub fn position(&self, offset: u32) -> Position {
        if let Some(positions) = &self.positions {
            let start = Position { line: 1, column: 1 };
            return positions.get(offset as usize).or(positions.last()).copied().unwrap_or(start);
        }
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|&start| start as usize <= offset);
        let start = self.line_starts[line - 1] as usize;
        let before = &self.text[start..offset];
        let characters = before.strip_prefix('\u{feff}').filter(|_| start == 0).unwrap_or(before).chars().count();
        Position { line: clamp(line), column: clamp(characters + 1) }
    }
}

fn clamp(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The byte offset at which each line of `text` starts; the first is 0.
pub(crate) fn line_starts(text: &str) -> Vec<u32> {
    let mut starts = Vec::with_capacity(text.len() / 32 + 1);
    starts.push(0);
    starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| clamp(at + 1)));
    starts
}

/// All texts of a run. A copy shares them.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

impl Sources {
    /// No texts.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Takes a text in and names it.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.share(Arc::new(file))
    }

    /// Takes a text in that others hold too, and names it.
    pub(crate) fn share(&mut self, file: Arc<SourceFile>) -> FileId {
        self.files.push(file);
        FileId::new(self.files.len() - 1)
    }

    /// The text of that name, to be held by others too.
    pub(crate) fn shared(&self, id: FileId) -> Arc<SourceFile> {
        Arc::clone(&self.files[id.index()])
    }

    /// Puts another text in the place of one; what was found in the old one has no place in it.
    pub(crate) fn replace(&mut self, id: FileId, file: SourceFile) {
        self.files[id.index()] = Arc::new(file);
    }

    /// The text of that name.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.index()]
    }

    /// All texts with their names.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId::new(index), &**file))
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Why the operating system refuses something, in words, without the number of the operating system's error.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

/// Where `path` leads if it is a link to a file whose extension is none of `extensions`. A tree may come from a
/// stranger: no link in it makes the tool read, and show, what is no schema or configuration at all.
pub(crate) fn link_elsewhere(path: &std::path::Path, extensions: &[&str]) -> Option<std::path::PathBuf> {
    std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_symlink)?;
    let target = path.canonicalize().ok()?;
    let is_one_of = |extension: &std::ffi::OsStr| extensions.iter().any(|known| extension == *known);
    (!target.extension().is_some_and(is_one_of)).then_some(target)
}
