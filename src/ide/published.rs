//! What a change of the texts would break for those who have the base.

use crate::error::Error;
use crate::finding::{Change, Layer, Verdict};
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
    let layers = |verdict: fn(&Change) -> Verdict| -> Vec<Layer> {
        let verdicts = found.iter().filter_map(|broken| broken.finding.change.as_deref()).map(verdict);
        let broken: Vec<Layer> = verdicts.flat_map(|verdict| verdict.layers().collect::<Vec<_>>()).collect();
        Layer::ALL.into_iter().filter(|layer| broken.contains(layer)).collect()
    };
    let certain = layers(|change| change.verdict);
    let layers = if certain.is_empty() { layers(|change| change.verdict.suspicion()) } else { certain };
    Ok((!layers.is_empty()).then_some(Broken { layers, base }))
}
