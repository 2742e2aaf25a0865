//! What a comparison would say of new names: others may use those that the base has under the old name.

use rustc_hash::FxHashSet;

use crate::error::Error;
use crate::finding::Finding;
use crate::project::base::{Base, FoundBase};
use crate::project::settings::Settings;
use crate::project::sides::Sides;
use crate::project::view::Edited;
use crate::run::{Changes, Policy};

/// A base that new names are held against.
pub(crate) struct Published<'a> {
    settings: &'a Settings,
    policy: Policy,
    base: Base,
    /// The fingerprints of the changes that there are anyway.
    known: FxHashSet<String>,
}

/// Which new names may be given.
pub(crate) enum Guard<'a> {
    /// Those that break nothing of the base.
    Base(Box<Published<'a>>),
    /// All, as nothing is committed yet.
    Nothing,
    /// Those of placeholders only, as others may know any name: why there is no base.
    Unknown(String),
}

/// A change that only new names bring.
pub(crate) struct Broken {
    pub(crate) finding: Finding,
    /// The file it is in, as findings show it.
    pub(crate) path: String,
}

impl<'a> Published<'a> {
    /// The base that `breaking` would compare with, or on the default branch itself the last commit. The changes that the
    /// texts `edited` make are there anyway.
    pub(crate) fn find(settings: &'a Settings, edited: &Edited) -> Result<Guard<'a>, Error> {
        let base = match Base::find_published(settings) {
            Ok(FoundBase::Base(base)) => *base,
            Err(error) if settings.base.against.is_some() => return Err(error),
            Ok(FoundBase::Nothing(_)) => return Ok(Guard::Nothing),
            Err(error) => return Ok(Guard::Unknown(error.to_string())),
        };
        let policy = settings.configured_policy()?;
        let mut published = Published { settings, policy, base, known: FxHashSet::default() };
        let changes = published.changes(edited)?;
        published.known = changes.iter().map(|broken| broken.finding.fingerprint()).collect();
        Ok(Guard::Base(Box::new(published)))
    }

    /// What it is called in messages.
    pub(crate) fn described(&self) -> &str {
        self.base.described()
    }

    /// The changes that come with edits.
    pub(crate) fn broken(&mut self, edited: &Edited) -> Result<Vec<Broken>, Error> {
        let changes = self.changes(edited)?;
        Ok(changes.into_iter().filter(|broken| !self.known.contains(&broken.finding.fingerprint())).collect())
    }

    fn changes(&mut self, edited: &Edited) -> Result<Vec<Broken>, Error> {
        self.base.edit(edited.clone());
        let sides = Sides::read(self.settings, &self.base, &|| ())?;
        self.base.unread.check()?;
        let found = sides.findings(&self.policy, Changes::OfOurs);
        let broken = found.into_iter().filter(|finding| finding.change.is_some()).map(|finding| {
            let path = finding.place.map(|place| sides.sources().get(place.file).path().to_owned());
            Broken { finding, path: path.unwrap_or_default() }
        });
        Ok(broken.collect())
    }
}
