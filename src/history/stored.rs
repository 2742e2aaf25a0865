//! A history as bytes: what a cache keeps. One container is found and read without the rest. Bytes may be anything: what
//! is damaged is not there.

use super::{Container, ContainerKind, History, Key, Life, Release, Slot, UnreadFile};
use crate::date::Date;

/// What the bytes begin with; another number for each form.
const MAGIC: &[u8; 12] = b"protolint-h1";

/// A history in bytes: a header, the index of the containers by name, the containers.
#[derive(Debug)]
pub(crate) struct Stored {
    bytes: Vec<u8>,
    pub(crate) releases: Vec<Release>,
    pub(crate) unread: Vec<UnreadFile>,
    files: Vec<(Box<str>, Box<str>)>,
    /// For each container where its entry in the index begins, sorted by name.
    index: Vec<u32>,
    /// Where the containers begin.
    start: usize,
}

impl Stored {
    /// Writes a history.
    pub(crate) fn encode(history: &History) -> Vec<u8> {
        let mut out = Writer(MAGIC.to_vec());
        out.number(history.releases.len() as u64);
        for release in &history.releases {
            out.text(&release.name);
            out.number(release.others.len() as u64);
            release.others.iter().for_each(|other| out.text(other));
            out.text(&release.day.to_string());
        }
        out.number(history.unread.len() as u64);
        for file in &history.unread {
            out.text(&file.path);
            out.number(u64::from(file.first));
            out.number(u64::from(file.last));
        }
        out.number(history.files.len() as u64);
        for (path, package) in &history.files {
            out.text(path);
            out.text(package);
        }
        let (mut index, mut containers) = (Writer(Vec::new()), Writer(Vec::new()));
        index.number(history.containers.len() as u64);
        for container in &history.containers {
            index.text(container.name());
            index.number(containers.0.len() as u64);
            containers.container(container);
        }
        out.0.extend(index.0);
        out.0.extend(containers.0);
        out.0
    }

    /// Takes bytes for a history; `None` where they are none of this form.
    pub(crate) fn new(bytes: Vec<u8>) -> Option<Stored> {
        let mut reader = Reader { bytes: &bytes, at: MAGIC.len() };
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        let mut releases = Vec::new();
        for _ in 0..reader.count()? {
            let name = reader.text()?.to_owned();
            let others = (0..reader.count()?).map(|_| reader.text().map(str::to_owned)).collect::<Option<_>>()?;
            releases.push(Release { name, others, day: Date::parse(reader.text()?)? });
        }
        let mut unread = Vec::new();
        for _ in 0..reader.count()? {
            unread.push(UnreadFile { path: reader.text()?.into(), first: reader.index()?, last: reader.index()? });
        }
        let mut files = Vec::new();
        for _ in 0..reader.count()? {
            files.push((reader.text()?.into(), reader.text()?.into()));
        }
        let mut index = Vec::new();
        for _ in 0..reader.count()? {
            index.push(u32::try_from(reader.at).ok()?);
            reader.text()?;
            reader.number()?;
        }
        let start = reader.at;
        Some(Stored { bytes, releases, unread, files, index, start })
    }

    /// What had that full name in the last state that had it: that of the file at `path` where several files declared it,
    /// else the one that was there last.
    pub(crate) fn container(&self, kind: ContainerKind, name: &str, path: Option<&str>) -> Option<Container> {
        let first = self.index.partition_point(|entry| self.entry(*entry).is_some_and(|(known, _)| known < name));
        let entries = self.index[first..].iter().map_while(|entry| self.entry(*entry));
        let named = entries.take_while(|(known, _)| *known == name).filter_map(|(_, at)| self.read(at));
        History::best(named.filter(|container| container.kind == kind), path, |container| container)
    }

    /// All of it; `None` where it is damaged.
    pub(crate) fn history(&self) -> Option<History> {
        let containers = self.index.iter().map(|entry| self.read(self.entry(*entry)?.1)).collect::<Option<_>>()?;
        let history = History::new(self.releases.clone(), self.files.clone(), containers);
        Some(History { unread: self.unread.clone(), ..history })
    }

    /// The name of a container, and where it is.
    fn entry(&self, at: u32) -> Option<(&str, usize)> {
        let mut reader = Reader { bytes: &self.bytes, at: at as usize };
        Some((reader.text()?, self.start.checked_add(usize::try_from(reader.number()?).ok()?)?))
    }

    fn read(&self, at: usize) -> Option<Container> {
        Reader { bytes: &self.bytes, at }.container()
    }
}

/// Appends numbers and texts.
struct Writer(Vec<u8>);

impl Writer {
    /// Seven bits a byte, the lowest first, as protobuf's varints.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn container(&mut self, container: &Container) {
        let mut texts: Vec<&str> = Vec::new();
        let lives = container.lives.iter().chain(container.slots.iter().flat_map(|slot| &slot.lives));
        for life in lives {
            texts.extend([&*life.name, &life.type_text, &life.path, &life.container]);
            texts.extend(life.json_name.as_deref());
        }
        texts.extend(container.slots.iter().filter_map(|slot| match &slot.key {
            Key::Name(name) => Some(&**name),
            Key::Number(_) => None,
        }));
        texts.sort_unstable();
        texts.dedup();
        self.number(texts.len() as u64);
        texts.iter().for_each(|text| self.text(text));
        self.number(match container.kind {
            ContainerKind::Message => 0,
            ContainerKind::Enum => 1,
            ContainerKind::Service => 2,
        });
        self.run(container.deprecated_since);
        self.lives(&container.lives, &texts);
        self.number(container.slots.len() as u64);
        for slot in &container.slots {
            match &slot.key {
                Key::Number(number) => self.number(u64::from(*number as u32) << 1),
                Key::Name(name) => self.number(at(&texts, name) << 1 | 1),
            }
            self.run(slot.deprecated_since);
            self.lives(&slot.lives, &texts);
        }
    }

    fn run(&mut self, since: Option<u32>) {
        self.number(since.map_or(0, |since| u64::from(since) + 1));
    }

    fn lives(&mut self, lives: &[Life], texts: &[&str]) {
        self.number(lives.len() as u64);
        for life in lives {
            for text in [&life.name, &life.type_text, &life.path, &life.container] {
                self.number(at(texts, text));
            }
            self.number(life.json_name.as_ref().map_or(0, |name| at(texts, name) + 1));
            self.number(u64::from(life.first));
            self.number(u64::from(life.last));
        }
    }
}

/// Where a text is in a sorted list that has it.
fn at(texts: &[&str], text: &str) -> u64 {
    texts.binary_search(&text).unwrap_or_default() as u64
}

/// Reads what [`Writer`] wrote.
struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number of things, each of which takes a byte at least.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.bytes.len().saturating_sub(self.at)).then_some(count)
    }

    fn index(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = self.count()?;
        let text = std::str::from_utf8(self.bytes.get(self.at..self.at + length)?).ok()?;
        self.at += length;
        Some(text)
    }

    fn container(&mut self) -> Option<Container> {
        let mut texts: Vec<&str> = Vec::new();
        for _ in 0..self.count()? {
            texts.push(self.text()?);
        }
        let kind = match self.number()? {
            0 => ContainerKind::Message,
            1 => ContainerKind::Enum,
            2 => ContainerKind::Service,
            _ => return None,
        };
        let (deprecated_since, lives) = (self.run()?, self.lives(&texts)?);
        let mut slots = Vec::new();
        for _ in 0..self.count()? {
            let key = self.number()?;
            let key = match key & 1 {
                0 => Key::Number(u32::try_from(key >> 1).ok()? as i32),
                _ => Key::Name((*texts.get(usize::try_from(key >> 1).ok()?)?).into()),
            };
            slots.push(Slot { key, deprecated_since: self.run()?, lives: self.lives(&texts)? });
        }
        (!lives.is_empty()).then_some(Container { kind, lives, slots, deprecated_since })
    }

    fn run(&mut self) -> Option<Option<u32>> {
        let since = self.number()?;
        since.checked_sub(1).map(u32::try_from).transpose().ok()
    }

    fn lives(&mut self, texts: &[&str]) -> Option<Vec<Life>> {
        let mut lives = Vec::new();
        for _ in 0..self.count()? {
            let mut text = || Some(*texts.get(self.index()? as usize)?);
            let (name, type_text, path, container) = (text()?.into(), text()?.into(), text()?.into(), text()?.into());
            let json_name = match self.index()?.checked_sub(1) {
                Some(at) => Some((*texts.get(at as usize)?).into()),
                None => None,
            };
            lives.push(Life { name, type_text, json_name, first: self.index()?, last: self.index()?, path, container });
        }
        Some(lives)
    }
}
