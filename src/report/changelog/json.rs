//! The changelog as JSON: one object a line, for programs. Its shape is [`Line`], and nothing but keys added at the end
//! may change it.

use std::io::{self, Write};

use serde::Serialize;

use super::{Changelog, Detail, Entry};
use crate::finding::{Direction, Layer};
use crate::report::json::{EvidenceKeys, evidence_keys, write_guarded};
use crate::report::locate::Locator;
use crate::source::Sources;

/// One change, its keys in this order.
///
/// | key             | type           | meaning                                                                          |
/// |-----------------|----------------|----------------------------------------------------------------------------------|
/// | `change`        | string         | `added`, `deleted`, `changed`, `deprecated` or `documented`                      |
/// | `kind`          | string         | `package`, `file`, `message`, `field`, `oneof`, `extension`, `enum`, `enum_value`, `service` or `rpc` |
/// | `symbol`        | string         | the full name: `package.Message.field`, `package.Enum.VALUE`, `package.Service.Rpc`; of a file its path |
/// | `before`        | string or null | the declaration before, or what differs of it; for `documented` the comment      |
/// | `after`         | string or null | the same now                                                                     |
/// | `layers`        | strings        | what is broken: `wire`, `json`, `grpc`, `source`                                 |
/// | `directions`    | strings        | of `wire`, `json` and `grpc`, `backward`: new code reads old data; `forward`: old code reads new data |
/// | `path`          | string or null | the file; of what is gone the earlier one                                        |
/// | `line`          | number or null | the line, 1-based                                                                |
/// | `revision`      | string or null | the commit or other place that the file is read from, unless it is on disk       |
/// | `evidence`      | objects        | payloads, as findings have them                                                  |
/// | `rules`         | strings        | the ids of the rules that report the change                                      |
/// | `package`       | string         | the package                                                                      |
/// | `former_symbol` | string or null | the full name before, where it was another one                                   |
/// | `properties`    | objects        | of `changed` and `deprecated`: each `property` with its value `before` and `after`, or null |
#[derive(Serialize)]
struct Line<'a> {
    change: &'static str,
    kind: &'static str,
    symbol: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    layers: Vec<&'static str>,
    directions: Vec<&'static str>,
    path: Option<&'a str>,
    line: Option<u32>,
    revision: Option<&'a str>,
    evidence: Vec<EvidenceKeys<'a>>,
    rules: Vec<&'static str>,
    package: &'a str,
    former_symbol: Option<&'a str>,
    properties: Vec<PropertyKeys<'a>>,
}

#[derive(Serialize)]
struct PropertyKeys<'a> {
    property: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

/// Writes a [`Line`] for each entry.
pub(super) fn write(changelog: &Changelog, out: &mut impl Write) -> io::Result<()> {
    let mut locator = Locator::new(&changelog.sources);
    for entry in &changelog.entries {
        write_guarded(&line(entry, &changelog.sources, &mut locator), out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn line<'a>(entry: &'a Entry, sources: &'a Sources, locator: &mut Locator<'a>) -> Line<'a> {
    let at = entry.place.map(|place| locator.start(place));
    let has_properties = super::has_properties(entry);
    Line {
        change: entry.change.name(),
        kind: entry.kind.name(),
        symbol: &entry.symbol,
        before: entry.before.as_deref(),
        after: entry.after.as_deref(),
        layers: entry.layers().into_iter().map(Layer::name).collect(),
        directions: entry.directions().into_iter().map(Direction::name).collect(),
        path: at.map(|(path, _)| path),
        line: at.map(|(_, position)| position.line),
        revision: entry.place.and_then(|place| sources.get(place.file).revision()),
        evidence: entry.evidence().map(evidence_keys).collect(),
        rules: entry.findings.iter().map(|finding| finding.rule).collect(),
        package: &entry.package,
        former_symbol: entry.former_symbol.as_deref(),
        properties: if has_properties { entry.details.iter().map(property_keys).collect() } else { Vec::new() },
    }
}

fn property_keys(detail: &Detail) -> PropertyKeys<'_> {
    PropertyKeys { property: &detail.property, before: detail.before.as_deref(), after: detail.after.as_deref() }
}
