//! Makes a history, state by state, from what changed between them.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::outline::{ContainerOutline, FileOutline};
use super::resolve::State;
use super::track::{Present, Track};
use super::{ContainerKind, History, Release, UnreadFile};

/// A file that changed since the state before: its path from the top of the repository, and its outline; none where it is
/// gone.
pub(crate) type Changed = (String, Option<Arc<FileOutline>>);

/// What is known of the states so far.
#[derive(Default)]
pub(crate) struct Builder {
    releases: Vec<Release>,
    /// How many states there were.
    states: u32,
    state: State,
    unread: Vec<UnreadFile>,
    /// The files that the last state has and that were not read, as indexes into those.
    unread_now: FxHashMap<Box<str>, usize>,
    tracks: Vec<Track>,
    /// By the name that each had last.
    by_name: FxHashMap<Box<str>, Vec<usize>>,
}

/// A container of a state, and where it is declared.
struct Met<'o> {
    path: &'o str,
    file: &'o FileOutline,
    container: &'o ContainerOutline,
}

impl Builder {
    /// Takes in the next release.
    pub(crate) fn release(&mut self, release: Release, changed: Vec<Changed>) {
        self.releases.push(release);
        self.step(changed);
    }

    /// Takes in the present, after the last release.
    pub(crate) fn present(&mut self, changed: Vec<Changed>) {
        self.step(changed);
    }

    /// Goes on after the last release of a history. Only the names in its files are known, so that the next state has to be
    /// taken in with all its files, those included that did not change, and those that are gone.
    pub(crate) fn resume(history: History) -> Builder {
        let History { releases, unread, files, containers, .. } = history;
        let states = releases.len() as u32;
        let unread_now = unread.iter().enumerate().filter(|(_, file)| file.last + 1 == states);
        let unread_now = unread_now.map(|(index, file)| (file.path.clone(), index)).collect();
        let mut builder = Builder { releases, states, unread, unread_now, ..Builder::default() };
        let outline = |(path, package)| (path, FileOutline { package, ..FileOutline::default() });
        let mut outlines: FxHashMap<Box<str>, FileOutline> = files.into_iter().map(outline).collect();
        for (index, container) in containers.into_iter().enumerate() {
            let track = Track::resume(container, states);
            if let Some(outline) = outlines.get_mut(&track.path).filter(|_| track.is_open()) {
                let full_name = track.name().into();
                outline.containers.push(ContainerOutline {
                    kind: track.kind,
                    full_name,
                    is_deprecated: false,
                    elements: Vec::new(),
                });
            }
            builder.by_name.entry(track.name().into()).or_default().push(index);
            builder.tracks.push(track);
        }
        for (path, outline) in outlines {
            builder.state.replace(&path, Some(Arc::new(outline)), &mut FxHashSet::default());
        }
        builder
    }

    /// The files of the last state.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.state.files.keys().map(|path| &**path)
    }

    /// The history of all that was taken in.
    pub(crate) fn finish(self) -> History {
        let Builder { releases, states, state, unread, tracks, .. } = self;
        let mut files: Vec<(Box<str>, Box<str>)> =
            state.files.into_iter().map(|(path, outline)| (path, outline.package.clone())).collect();
        files.sort_unstable();
        let history = History::new(releases, files, tracks.into_iter().map(|track| track.finish(states)).collect());
        History { unread, ..history }
    }

    fn step(&mut self, mut changed: Vec<Changed>) {
        let at = self.states;
        self.states += 1;
        changed.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut touched = FxHashSet::default();
        let mut old: Vec<(String, Arc<FileOutline>)> = Vec::new();
        let mut paths: Vec<String> = Vec::new();
        for (path, outline) in changed {
            self.note(at, &path, outline.as_deref());
            // Of what does not parse a part may be gone only there: it is as it was, until it parses.
            let is_damaged = outline.as_ref().is_some_and(|outline| outline.is_damaged);
            if is_damaged && self.state.files.contains_key(path.as_str()) {
                continue;
            }
            let before = self.state.replace(&path, outline, &mut touched);
            old.extend(before.map(|before| (path.clone(), before)));
            paths.push(path);
        }
        for index in self.unread_now.values() {
            self.unread[*index].last = at;
        }
        let own: FxHashSet<&str> = paths.iter().map(String::as_str).collect();
        let mut more: Vec<String> = self.state.reached(&touched).into_iter().map(str::to_owned).collect();
        more.retain(|path| !own.contains(path.as_str()));
        more.sort_unstable();
        paths.extend(more);
        self.follow_packages(&old);
        let files: Vec<(String, Arc<FileOutline>)> = paths
            .into_iter()
            .filter_map(|path| Some((path.clone(), Arc::clone(self.state.files.get(path.as_str())?))))
            .collect();
        let met = files
            .iter()
            .flat_map(|(path, file)| file.containers.iter().map(move |container| Met { path, file, container }));
        // Those that stay where they are come first, so that what moves does not take their place.
        let (stays, moves): (Vec<Met<'_>>, Vec<Met<'_>>) =
            met.partition(|met| self.find(met, |track| *track.path == *met.path).is_some());
        for met in stays {
            let track = self.find(&met, |track| *track.path == *met.path);
            self.meet(at, &met, track);
        }
        for met in moves {
            let left = |track: &Track| !track.is_open() || !self.state.declares(&track.path, &met.container.full_name);
            let track = self.find(&met, |track| track.is_open() && left(track)).or_else(|| self.find(&met, left));
            self.meet(at, &met, track);
        }
        let gone = old.iter().flat_map(|(path, file)| file.containers.iter().map(move |container| (path, container)));
        for (path, container) in gone {
            let name = &container.full_name;
            for &track in self.by_name.get(name).into_iter().flatten() {
                let track = &mut self.tracks[track];
                if track.is_open()
                    && *track.path == **path
                    && track.kind == container.kind
                    && !self.state.declares(path, name)
                {
                    track.close(at);
                }
            }
        }
    }

    /// Notes whether a file of the state parses.
    fn note(&mut self, at: u32, path: &str, outline: Option<&FileOutline>) {
        match (outline.is_some_and(|outline| outline.is_damaged), self.unread_now.get(path)) {
            (true, None) => {
                self.unread_now.insert(path.into(), self.unread.len());
                self.unread.push(UnreadFile { path: path.into(), first: at, last: at });
            }
            (false, Some(_)) => {
                self.unread_now.remove(path);
            }
            _ => {}
        }
    }

    /// Those of the name and kind of what was met, the youngest first, as far as they fit.
    fn find(&self, met: &Met<'_>, fits: impl Fn(&Track) -> bool) -> Option<usize> {
        let named = self.by_name.get(&met.container.full_name)?.iter().rev();
        named.copied().find(|track| self.tracks[*track].kind == met.container.kind && fits(&self.tracks[*track]))
    }

    /// A file of another package than before declares the same in that.
    fn follow_packages(&mut self, old: &[(String, Arc<FileOutline>)]) {
        let mut renamed: Vec<(usize, Box<str>)> = Vec::new();
        for (path, before) in old {
            let Some(after) = self.state.files.get(path.as_str()).filter(|after| after.package != before.package)
            else {
                continue;
            };
            for container in before.containers.iter().filter(|container| !self.state.has(&container.full_name)) {
                let name = in_package(&container.full_name, &before.package, &after.package);
                let is_there =
                    after.containers.iter().any(|other| *other.full_name == *name && other.kind == container.kind);
                let is_known = self
                    .by_name
                    .get(name.as_str())
                    .is_some_and(|known| known.iter().any(|track| self.tracks[*track].is_open()));
                let met = Met { path, file: before, container };
                let track = self.find(&met, |track| track.is_open() && *track.path == **path);
                if let Some(track) = track.filter(|_| is_there && !is_known) {
                    renamed.push((track, name.into()));
                }
            }
        }
        for (track, name) in renamed {
            let old = self.tracks[track].name().to_owned();
            if let Some(known) = self.by_name.get_mut(old.as_str()) {
                known.retain(|other| *other != track);
            }
            self.by_name.entry(name).or_default().push(track);
        }
    }

    fn meet(&mut self, at: u32, met: &Met<'_>, track: Option<usize>) {
        let name = &met.container.full_name;
        let track = track.unwrap_or_else(|| {
            self.tracks.push(Track::new(met.container.kind, met.path));
            self.by_name.entry(name.clone()).or_default().push(self.tracks.len() - 1);
            self.tracks.len() - 1
        });
        // Fields are resolved in their message, rpcs in what is around their service.
        let scope: &str = match met.container.kind {
            ContainerKind::Service => name.rsplit_once('.').map_or("", |(scope, _)| scope),
            ContainerKind::Message | ContainerKind::Enum => name,
        };
        let present = met.container.elements.iter().map(|element| Present {
            element,
            type_text: element.types.text(|type_name| self.state.resolve(type_name, scope, met.path, met.file)),
        });
        let present = present.collect();
        self.tracks[track].meet(at, name, met.path, met.container.is_deprecated, present);
    }
}

/// A full name in another package.
fn in_package(full_name: &str, before: &str, after: &str) -> String {
    let nested = full_name.strip_prefix(before).map_or(full_name, |rest| rest.trim_start_matches('.'));
    if after.is_empty() { nested.to_owned() } else { format!("{after}.{nested}") }
}
