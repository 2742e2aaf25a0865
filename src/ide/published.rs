//! What a change of the texts would break for those who have the base.

use crate::error::Error;
use crate::finding::{Finding, Layer};
use crate::fix::published::{Guard, Published};
use crate::project::settings::Settings;
use crate::project::view::Edited;

/// What would break.
pub(crate) struct Broken {
    /// In order, each once.
    pub(crate) layers: Vec<Layer>,
    /// What the base is called.
    pub(crate) base: String,
}

/// What the texts `new` break of the base that is compared with, and the texts `edited` do not; `None` where that is
/// nothing, or there is no base. Both are all texts that are others than on the disk.
///
/// # Errors
///
/// The base cannot be read.
pub(crate) fn broken(settings: &Settings, edited: &Edited, new: &Edited) -> Result<Option<Broken>, Error> {
    let Guard::Base(mut published) = Published::find(settings, edited)? else { return Ok(None) };
    let base = published.described().to_owned();
    let found = published.broken(new)?;
    let breaks = |layer: Layer| {
        let verdicts = found.iter().filter_map(|broken| change_of(&broken.finding));
        verdicts.into_iter().any(|verdict| verdict.layers().any(|broken| broken == layer))
    };
    let layers: Vec<Layer> = Layer::ALL.into_iter().filter(|layer| breaks(*layer)).collect();
    Ok((!layers.is_empty()).then_some(Broken { layers, base }))
}

fn change_of(finding: &Finding) -> Option<crate::finding::Verdict> {
    let change = finding.change.as_ref()?;
    Some(change.verdict.and(change.verdict.suspicion()))
}
