//! What the keys about versions mean: of the file, of the program, of the rules.

use semver::{Prerelease, Version, VersionReq};

use crate::config::names::listed;
use crate::config::raw::{Entry, Value};
use crate::config::reader::Reader;
use crate::config::sets::{PRESETS, Sets};

/// The version of the program, without what marks it as not released yet: `0.2.0-rc.1` is meant to be 0.2.0.
fn own_version() -> Version {
    let version = Version::parse(env!("CARGO_PKG_VERSION")).expect("the package has a version");
    Version { pre: Prerelease::EMPTY, ..version }
}

/// Whether the version of the file is known; reports it otherwise.
pub(super) fn is_known(reader: &mut Reader, entry: &Entry) -> bool {
    match &entry.value.value {
        Value::Number(1) => return true,
        Value::Number(other) => {
            let message = format!("unsupported version {other} of this file; version 1 is supported");
            reader.fault(entry.value.span, message, "version: 1");
        }
        _ => reader.wrong(entry, "the number 1, the supported version", "version: 1"),
    }
    false
}

/// Whether this program is of a version that is asked for; reports it otherwise. What is no requirement is reported too,
/// and keeps nothing else from being read.
pub(super) fn is_required(reader: &mut Reader, entry: &Entry) -> bool {
    let Some(word) = reader.word(entry) else { return true };
    let Ok(required) = VersionReq::parse(&word.text) else {
        let message = format!("`{word}` is not a version requirement");
        reader.fault(word.span, message, "required-version: \">=0.1, <0.3\"");
        return true;
    };
    let own = own_version();
    if required.matches(&own) {
        return true;
    }
    let message = format!("this is protolint {own}, but `{word}` is required");
    reader.fault(word.span, message, "install a matching version, or correct the requirement");
    false
}

/// What groups stand for.
pub(super) fn preset(reader: &mut Reader, entry: &Entry) -> Sets {
    let years = PRESETS.map(|preset| preset.year.to_string());
    let known = listed(&years.each_ref().map(String::as_str));
    let newest = years.last().map_or("", String::as_str);
    let Value::Number(year) = entry.value.value else {
        reader.wrong(entry, "a year", format!("preset: {newest}"));
        return Sets::default();
    };
    match PRESETS.into_iter().find(|preset| u64::from(preset.year) == year) {
        Some(preset) => Sets::Preset(preset),
        None => {
            let message = format!("unknown preset `{year}`");
            reader.fault(entry.value.span, message, format!("presets are {known}"));
            Sets::default()
        }
    }
}
