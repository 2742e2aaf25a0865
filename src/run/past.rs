//! Looks for what a comparison adds in the history of releases: numbers and names that were something else, and
//! reservations that are gone though they are needed. It reads the schemas of the releases that had them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::deprecation;
use crate::compare::pairing::{Comparison, Pair, RootPairs, own_files};
use crate::error::Error;
use crate::history::{Container, ContainerKind, Key, Life, Slot, field_type_text, is_same_type, rpc_type_text};
use crate::project::releases::Releases;
use crate::project::settings::Settings;
use crate::project::sides::{Past, PastLife, PastRelease, Sides, Taken};
use crate::rules::breaking::EverUsed;
use crate::schema::{Element, Enum, Field, File, Message, Method, ReservedOf, Service};

impl Sides {
    /// Looks back from what is compared with the first merge base, or the newest release: what is new there. What was found
    /// before is kept where it is the same.
    ///
    /// # Errors
    ///
    /// A release cannot be read.
    pub(crate) fn look_back(&mut self, settings: &Settings, releases: &Releases) -> Result<(), Error> {
        self.find_deletions(settings, releases);
        let roots = RootPairs::new(&self.roots.later, self.roots.count);
        let comparison = Comparison::new(&self.before.schema, &self.after.schema, roots, true);
        let mut found = Search { sides: self, settings, releases, found: BTreeMap::new() }.run(&comparison);
        self.inherit(settings, releases, &mut found);
        if self.past.as_ref().is_some_and(|past| past.is(&found)) {
            return Ok(());
        }
        let mut past = Past::default();
        for (release, lives) in found {
            let mut files: Vec<&str> = lives.iter().map(|life| &*life.life.path).collect();
            files.sort_unstable();
            files.dedup();
            let loaded = releases.load(settings, release, &files, &mut self.sources)?;
            past.releases.push(PastRelease { loaded, lives });
        }
        self.relative.resize(self.sources.len(), String::new());
        self.past = (!past.releases.is_empty()).then(|| Arc::new(past));
        Ok(())
    }

    /// Finds what the deprecation policy says of what is gone, compared with each base.
    fn find_deletions(&mut self, settings: &Settings, releases: &Releases) {
        if !settings.config.deprecation().has_ages() {
            return;
        }
        let roots = RootPairs::new(&self.roots.later, self.roots.count);
        let found = {
            let comparison = Comparison::new(&self.before.schema, &self.after.schema, roots, true);
            deprecation::deletions(self, settings, releases, &comparison)
        };
        self.deletions = found.map(Arc::new);
        self.others.iter_mut().for_each(|side| side.find_deletions(settings, releases));
    }
}

impl Sides {
    /// Marks what the branch has taken already that this one will be merged into, where that is known.
    fn inherit(&self, settings: &Settings, releases: &Releases, found: &mut BTreeMap<u32, Vec<PastLife>>) {
        let Some(mainline) = self.mainline.as_ref().filter(|_| !found.is_empty()) else { return };
        for sides in mainline.sides().into_iter().flat_map(|bases| bases.first()).flatten() {
            let roots = RootPairs::new(&sides.roots.later, sides.roots.count);
            let comparison = Comparison::new(&sides.before.schema, &sides.after.schema, roots, true);
            let there = Search { sides, settings, releases, found: BTreeMap::new() }.run(&comparison);
            for (release, lives) in &mut *found {
                let there = there.get(release).map_or(&[][..], Vec::as_slice);
                for life in lives.iter_mut().filter(|life| there.iter().any(|other| other.is_same(life))) {
                    life.inherited_from = Some(mainline.branch().to_owned());
                }
            }
        }
    }
}

impl Past {
    fn is(&self, found: &BTreeMap<u32, Vec<PastLife>>) -> bool {
        self.releases.iter().map(|release| &release.lives).eq(found.values())
    }
}

/// A search for what is new in a history.
struct Search<'a> {
    sides: &'a Sides,
    settings: &'a Settings,
    releases: &'a Releases,
    /// By the last release that had it.
    found: BTreeMap<u32, Vec<PastLife>>,
}

impl Search<'_> {
    fn run(mut self, comparison: &Comparison<'_>) -> BTreeMap<u32, Vec<PastLife>> {
        let known = |element: Element<'_>| (element.file().index, element.full_name());
        let paired: FxHashSet<_> = comparison.messages.iter().map(|pair| known(pair.after.into())).collect();
        for &Pair { before, after } in &comparison.messages {
            self.message(Some(before), after);
        }
        let paired_enums: FxHashSet<_> = comparison.enums.iter().map(|pair| known(pair.after.into())).collect();
        for &Pair { before, after } in &comparison.enums {
            self.enumeration(Some(before), after);
        }
        let paired_services: FxHashSet<_> = comparison.services.iter().map(|pair| known(pair.after.into())).collect();
        for &Pair { before, after } in &comparison.services {
            self.service(Some(before), after);
        }
        for file in own_files(comparison.after) {
            let is_new = |element: Element<'_>, paired: &FxHashSet<_>| !paired.contains(&known(element));
            for message in file.all_messages().filter(|message| is_new((*message).into(), &paired)) {
                self.message(None, message);
            }
            for enumeration in file.all_enums().filter(|found| is_new((*found).into(), &paired_enums)) {
                self.enumeration(None, enumeration);
            }
            for service in file.services().filter(|service| is_new((*service).into(), &paired_services)) {
                self.service(None, service);
            }
        }
        self.found
    }

    /// What the history has of something, under its name or the one that it has in the base.
    fn container(
        &self,
        kind: ContainerKind,
        before: Option<&str>,
        (file, name): (File<'_>, &str),
    ) -> Option<Container> {
        let path =
            file.source().and_then(|text| self.sides.absolute(text)).and_then(|path| self.releases.relative(path));
        let ignore = &self.settings.config.history.ignore;
        let relative = file.source().map(|text| self.sides.relative[text.index()].as_str());
        if ignore.covers_name(name) || relative.is_some_and(|path| ignore.covers_path(path)) {
            return None;
        }
        let stored = &self.releases.stored;
        let named = |name: &str| stored.container(kind, name, path.as_deref());
        named(name).or_else(|| before.filter(|before| *before != name).and_then(named))
    }

    fn message(&mut self, before: Option<Message<'_>>, after: Message<'_>) {
        let is_new = |field: &Field<'_>| before.is_none_or(|before| before.field_numbered(field.number()).is_none());
        let added: Vec<Field<'_>> = after.fields().filter(is_new).collect();
        let dropped = before.map(|before| Dropped::new(before.into(), after.into())).unwrap_or_default();
        if after.is_map_entry() || !after.file().is_target() || added.is_empty() && dropped.is_empty() {
            return;
        }
        let names = (after.file(), after.full_name());
        let Some(container) = self.container(ContainerKind::Message, before.map(Message::full_name), names) else {
            return;
        };
        for field in added {
            let (key, type_text) = (Key::Number(field.number()), field_type_text(field));
            let now = format!("{} {type_text}", field.name());
            if let Some(life) = container.slot(&key).and_then(Slot::last) {
                let is_same = *life.name == *field.name() && is_same_type(&life.type_text, &type_text, names.1);
                if !is_same {
                    self.add(Taken::Key, &container, names, (key.clone(), life, now.clone()));
                }
            }
            if before.is_some_and(|before| before.field_keyed(&field.json_name()).is_some()) {
                continue;
            }
            for (slot, life) in others(&container, &key).filter(|(_, life)| has_key(life, &field)) {
                self.add(Taken::Name(field.number()), &container, names, (slot.key.clone(), life, now.clone()));
            }
        }
        self.dropped(&dropped, &container, names);
    }

    fn enumeration(&mut self, before: Option<Enum<'_>>, after: Enum<'_>) {
        let is_new = |number: i32| before.is_none_or(|before| before.value_numbered(number).is_none());
        let mut added: Vec<i32> = after.values().map(|value| value.number()).filter(|number| is_new(*number)).collect();
        added.sort_unstable();
        added.dedup();
        let dropped = before.map(|before| Dropped::new(before.into(), after.into())).unwrap_or_default();
        if !after.file().is_target() || added.is_empty() && dropped.is_empty() {
            return;
        }
        let names = (after.file(), after.full_name());
        let Some(container) = self.container(ContainerKind::Enum, before.map(Enum::full_name), names) else { return };
        for number in added {
            let key = Key::Number(number);
            let Some(life) = container.slot(&key).and_then(Slot::last) else { continue };
            if after.values_numbered(number).all(|value| *value.name() != *life.name) {
                let now = after.value_numbered(number).map_or("", |value| value.name()).to_owned();
                self.add(Taken::Key, &container, names, (key, life, now));
            }
        }
        self.dropped(&dropped, &container, names);
    }

    fn service(&mut self, before: Option<Service<'_>>, after: Service<'_>) {
        let is_new =
            |rpc: &Method<'_>| !before.is_some_and(|old| old.methods().any(|other| other.name() == rpc.name()));
        let added: Vec<Method<'_>> = after.methods().filter(is_new).collect();
        if added.is_empty() || !after.file().is_target() {
            return;
        }
        let names = (after.file(), after.full_name());
        let Some(container) = self.container(ContainerKind::Service, before.map(Service::full_name), names) else {
            return;
        };
        for rpc in added {
            let key = Key::Name(rpc.name().into());
            let Some(life) = container.slot(&key).and_then(Slot::last) else { continue };
            let now = rpc_type_text(rpc);
            if !is_same_type(&life.type_text, &now, names.1) {
                self.add(Taken::Key, &container, names, (key, life, now));
            }
        }
    }

    /// Numbers and names that were shipped, that nothing has now, and that the later side does not reserve any more.
    fn dropped(&mut self, dropped: &Dropped, container: &Container, names: (File<'_>, &str)) {
        for slot in &container.slots {
            let Some((number, life)) = slot.number().zip(slot.last()) else { continue };
            if dropped.used.contains(&number) {
                continue;
            }
            if dropped.numbers.iter().any(|(first, last)| *first <= number && number <= *last) {
                self.add(Taken::Number, container, names, (slot.key.clone(), life, String::new()));
            } else if dropped.names.iter().any(|name| *name == *life.name) {
                self.add(Taken::UnreservedName, container, names, (slot.key.clone(), life, String::new()));
            }
        }
    }

    /// Whether a release is compared itself, so that what it had for something else is reported as that.
    fn is_compared(&self, release: u32) -> bool {
        let release = self.releases.stored.releases.get(release as usize);
        let has = |name: &String| self.sides.releases.as_ref().is_some_and(|set| set.names.contains(name));
        release.is_some_and(|release| has(&release.name) || release.others.iter().any(has))
    }

    fn add(
        &mut self,
        taken: Taken,
        container: &Container,
        (file, name): (File<'_>, &str),
        (key, life, now): (Key, &Life, String),
    ) {
        if self.is_compared(life.last) {
            return;
        }
        let called = |at: u32| self.releases.stored.releases.get(at as usize).map_or("", |release| &release.name);
        let (first, last) = (called(life.first), called(life.last));
        let releases = if first == last { first.to_owned() } else { format!("{first} to {last}") };
        let is_before =
            |other: &&PastLife| other.taken == Taken::Key && other.container == name && other.file == file.name();
        let before = self.found.values().flatten().filter(is_before).count();
        let past = PastLife {
            taken,
            kind: container.kind,
            container: name.to_owned(),
            file: file.name().to_owned(),
            key,
            life: life.clone(),
            now,
            releases,
            highest: container.slots.iter().filter_map(Slot::number).max().unwrap_or(0),
            before,
            inherited_from: None,
        };
        self.found.entry(life.last).or_default().push(past);
    }
}

/// The other elements, as they were last.
fn others<'c>(container: &'c Container, key: &Key) -> impl Iterator<Item = (&'c Slot, &'c Life)> {
    let others = container.slots.iter().filter(move |slot| slot.key != *key);
    others.filter_map(|slot| Some((slot, slot.last()?)))
}

/// Whether readers of JSON take what a field wrote for another one.
fn has_key(life: &Life, field: &Field<'_>) -> bool {
    let key = life.json_key();
    key == field.json_name() || key == field.name() || *life.name == *field.name()
}

/// What was reserved and is not any more, nor is it in use.
#[derive(Default)]
struct Dropped {
    numbers: Vec<(i32, i32)>,
    names: Vec<String>,
    /// The numbers in use, which are reported as that.
    used: FxHashSet<i32>,
}

/// What a message or an enum reserves.
fn reserved(element: Element<'_>) -> Option<ReservedOf<'_>> {
    match element {
        Element::Message(message) => Some(message.reserved()),
        Element::Enum(enumeration) => Some(enumeration.reserved()),
        _ => None,
    }
}

impl Dropped {
    fn new(before: Element<'_>, after: Element<'_>) -> Dropped {
        let (Some(old), Some(new)) = (reserved(before), reserved(after)) else { return Dropped::default() };
        let used = match after {
            Element::Message(message) => message.fields().map(Field::number).collect(),
            Element::Enum(enumeration) => enumeration.values().map(|value| value.number()).collect(),
            _ => FxHashSet::default(),
        };
        let is_named = |name: &str| match after {
            Element::Message(message) => message.field_named(name).is_some() || message.reserves(name),
            Element::Enum(enumeration) => enumeration.value_named(name).is_some() || enumeration.reserves(name),
            _ => true,
        };
        let mut numbers = Vec::new();
        for range in old.ranges() {
            let mut next = i64::from(range.start);
            let mut kept: Vec<(i64, i64)> =
                new.ranges().map(|range| (i64::from(range.start), i64::from(range.end))).collect();
            if let Element::Message(message) = after {
                kept.extend(message.extension_ranges().map(|range| (i64::from(range.start), i64::from(range.end))));
            }
            kept.sort_unstable();
            for (start, end) in kept.into_iter().chain([(i64::from(range.end) + 1, i64::MAX)]) {
                let last = (start - 1).min(i64::from(range.end));
                if next <= last {
                    numbers.push((next as i32, last as i32));
                }
                next = next.max(end.saturating_add(1));
            }
        }
        let names = old.names().map(|(name, _)| name).filter(|name| !is_named(name)).map(str::to_owned).collect();
        Dropped { numbers, names, used }
    }

    fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.names.is_empty()
    }
}

/// What a release had, with its element there and what takes its place on the later side.
pub(super) fn resolve<'s>(past: &PastLife, comparison: &'s Comparison<'s>) -> Option<EverUsed<'s>> {
    let mut files = own_files(comparison.after).filter(|file| file.name() == past.file);
    match past.kind {
        ContainerKind::Message => {
            let Key::Number(number) = past.key else { return None };
            let after = files.flat_map(File::all_messages).find(|message| message.full_name() == past.container)?;
            let old = comparison.before.files().flat_map(File::all_messages);
            let mut old = old.filter(|message| message.full_name() == &*past.life.container);
            let before = old.find_map(|message| message.field_numbered(number))?;
            Some(match past.taken {
                Taken::Key => EverUsed::FieldNumber(Pair { before, after: after.field_numbered(number)? }),
                Taken::Name(new) => EverUsed::FieldName(Pair { before, after: after.field_numbered(new)? }),
                Taken::Number => EverUsed::Number(before.into(), after.into()),
                Taken::UnreservedName => EverUsed::Name(before.into(), after.into()),
            })
        }
        ContainerKind::Enum => {
            let Key::Number(number) = past.key else { return None };
            let after = files.flat_map(File::all_enums).find(|found| found.full_name() == past.container)?;
            let old = comparison.before.files().flat_map(File::all_enums);
            let mut old = old.filter(|found| found.full_name() == &*past.life.container);
            let before =
                old.find_map(|found| found.values_numbered(number).find(|value| *value.name() == *past.life.name))?;
            Some(match past.taken {
                Taken::Key => EverUsed::ValueNumber(Pair { before, after: after.value_numbered(number)? }),
                Taken::Number => EverUsed::Number(before.into(), after.into()),
                Taken::UnreservedName => EverUsed::Name(before.into(), after.into()),
                Taken::Name(_) => return None,
            })
        }
        ContainerKind::Service => {
            let Key::Name(name) = &past.key else { return None };
            let rpc = |service: Service<'s>| service.methods().find(|rpc| *rpc.name() == **name);
            let after = files.find_map(|file| file.services().find(|service| service.full_name() == past.container))?;
            let old = comparison.before.files().flat_map(File::services);
            let mut old = old.filter(|service| service.full_name() == &*past.life.container);
            Some(EverUsed::Rpc(Pair { before: old.find_map(rpc)?, after: rpc(after)? }))
        }
    }
}
