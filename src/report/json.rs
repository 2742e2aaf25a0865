//! The JSON format: one object a line, for programs. Its shape is [`Line`], and nothing but keys added at the end
//! may change it.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::Rendering;
use super::escape::{is_plain, is_unsafe, opens_order, write_replaced};
use super::locate::Locator;
use crate::finding::{BrokenReleases, Change, Direction, Edit, Evidence, Fix, Label, Layer, Verdict};
use crate::rules;
use crate::source::{Place, Sources};

/// One finding, its keys in this order.
///
/// | key            | type           | meaning                                                                    |
/// |----------------|----------------|----------------------------------------------------------------------------|
/// | `path`         | string         | the file, `/` between components                                           |
/// | `start_line`   | number         | line of the first character, 1-based                                       |
/// | `start_column` | number         | its column, 1-based, in characters (Unicode scalar values)                 |
/// | `end_line`     | number         | line of the position after the last character, 1-based                     |
/// | `end_column`   | number         | the column after the last character, 1-based; the start's for an empty range |
/// | `rule`         | string         | the rule's id                                                              |
/// | `severity`     | string         | `error` or `warning`                                                       |
/// | `message`      | string         | what is wrong                                                              |
/// | `help`         | string or null | what to do                                                                 |
///
/// A finding that is in no file lacks the first five keys. One about a change has these too:
///
/// | key          | type           | meaning                                                                          |
/// |--------------|----------------|----------------------------------------------------------------------------------|
/// | `baseline`   | object or null | where it was before: `path` to `end_column` as above, and `revision`, the commit or other place that is not the disk, or null |
/// | `layers`     | strings        | what is broken: `wire`, `json`, `grpc`, `source`                                 |
/// | `directions` | strings        | of `wire`, `json` and `grpc`, `backward`: new code reads old data; `forward`: old code reads new data |
/// | `lossy`      | boolean        | whether binary messages and JSON are affected for some values only                                            |
/// | `evidence`   | objects        | payloads: `layer`, `direction`, `written`, what the writer holds; `payload`, bytes as hexadecimal numbers or JSON; `read`, what the reader makes of it |
/// | `suspected`  | strings        | layers that the change may break, which the schemas alone do not show            |
/// | `carried_by` | string or null | an rpc that carries the message, by its full name                                |
/// | `breaks`     | objects        | each of `layers` alone: `layer`, its `directions`, and whether it is `lossy`     |
/// | `releases`   | object or null | where several releases are compared with, those that show the change: `oldest`, `newest`, and their `count` |
/// | `inherited_from` | string or null | where the base is a release, the branch to merge into, if that has the change already |
///
/// All findings end with these keys:
///
/// | key           | type           | meaning                                                                         |
/// |---------------|----------------|---------------------------------------------------------------------------------|
/// | `fingerprint` | string         | names the finding across commits; of a change, what `--accept` takes            |
/// | `labels`      | objects        | other places that matter: `path` to `end_column` as above, `revision` as of `baseline`, and `text`, what is there |
/// | `url`         | string or null | the page of the rule                                                            |
/// | `fix`         | object or null | what would fix it: `safety`, `safe` or `unsafe`; `edits`, objects with `path` to `end_column` as above and `text`, which replaces that range; `rename`, the new name, or null |
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    place: Option<PlaceKeys<'a>>,
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    #[serde(flatten)]
    change: Option<ChangeKeys<'a>>,
    fingerprint: String,
    labels: Vec<LabelKeys<'a>>,
    url: Option<String>,
    fix: Option<FixKeys<'a>>,
}

#[derive(Serialize)]
struct LabelKeys<'a> {
    #[serde(flatten)]
    place: PlaceKeys<'a>,
    revision: Option<&'a str>,
    text: &'a str,
}

#[derive(Serialize)]
struct FixKeys<'a> {
    safety: &'static str,
    edits: Vec<EditKeys<'a>>,
    rename: Option<&'a str>,
}

#[derive(Serialize)]
struct EditKeys<'a> {
    #[serde(flatten)]
    place: PlaceKeys<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct ChangeKeys<'a> {
    baseline: Option<BaselineKeys<'a>>,
    layers: Vec<&'static str>,
    directions: Vec<&'static str>,
    lossy: bool,
    evidence: Vec<EvidenceKeys<'a>>,
    suspected: Vec<&'static str>,
    carried_by: Option<&'a str>,
    breaks: Vec<BreakKeys>,
    releases: Option<ReleasesKeys<'a>>,
    inherited_from: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct ReleasesKeys<'a> {
    oldest: &'a str,
    newest: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct BreakKeys {
    layer: &'static str,
    directions: Vec<&'static str>,
    lossy: bool,
}

#[derive(Serialize)]
struct BaselineKeys<'a> {
    #[serde(flatten)]
    place: PlaceKeys<'a>,
    revision: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct EvidenceKeys<'a> {
    layer: &'static str,
    direction: &'static str,
    written: &'a str,
    payload: &'a str,
    read: &'a str,
}

#[derive(Serialize)]
struct PlaceKeys<'a> {
    path: &'a str,
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

/// Writes a [`Line`] for each finding.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut locator = Locator::new(report.sources);
    for finding in report.findings {
        let line = Line {
            place: finding.place.map(|place| place_keys(place, &mut locator)),
            rule: finding.rule,
            severity: finding.severity.name(),
            message: &finding.message,
            help: finding.help.as_deref(),
            change: finding.change.as_deref().map(|change| change_keys(change, report.sources, &mut locator)),
            fingerprint: finding.fingerprint(),
            labels: finding.labels.iter().map(|label| label_keys(label, report.sources, &mut locator)).collect(),
            url: rules::rule_of(finding.rule).and_then(|rule| rule.url()),
            fix: finding.fix.as_deref().map(|fix| fix_keys(fix, &mut locator)),
        };
        write_guarded(&line, out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes compact JSON in which nothing unsafe stands as it is.
pub(super) fn write_guarded(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Guarded))?)
}

fn place_keys<'a>(place: Place, locator: &mut Locator<'a>) -> PlaceKeys<'a> {
    let at = locator.locate(place);
    PlaceKeys {
        path: at.path,
        start_line: at.start.line,
        start_column: at.start.column,
        end_line: at.end.line,
        end_column: at.end.column,
    }
}

fn label_keys<'a>(label: &'a Label, sources: &'a Sources, locator: &mut Locator<'a>) -> LabelKeys<'a> {
    let revision = sources.get(label.place.file).revision();
    LabelKeys { place: place_keys(label.place, locator), revision, text: &label.text }
}

fn fix_keys<'a>(fix: &'a Fix, locator: &mut Locator<'a>) -> FixKeys<'a> {
    let mut edit_keys = |edit: &'a Edit| EditKeys { place: place_keys(edit.place, locator), text: &edit.text };
    match fix {
        Fix::Edits(edits) => {
            FixKeys { safety: "safe", edits: edits.iter().map(&mut edit_keys).collect(), rename: None }
        }
        Fix::Rename { to, .. } => FixKeys { safety: "unsafe", edits: Vec::new(), rename: Some(to) },
    }
}

fn change_keys<'a>(change: &'a Change, sources: &'a Sources, locator: &mut Locator<'a>) -> ChangeKeys<'a> {
    ChangeKeys {
        baseline: change.before.map(|place| BaselineKeys {
            place: place_keys(place, locator),
            revision: sources.get(place.file).revision(),
        }),
        layers: change.verdict.layers().map(Layer::name).collect(),
        directions: change.verdict.directions().map(Direction::name).collect(),
        lossy: change.verdict.on(&[Layer::Wire, Layer::Json]).is_lossy(),
        evidence: change.evidence.iter().map(evidence_keys).collect(),
        suspected: change.verdict.suspicion().layers().map(Layer::name).collect(),
        carried_by: change.carried_by.as_deref(),
        breaks: change.verdict.layers().map(|layer| break_keys(change.verdict.on(&[layer]), layer)).collect(),
        releases: change.releases.as_ref().map(releases_keys),
        inherited_from: change.inherited_from.as_deref(),
    }
}

pub(super) fn releases_keys(releases: &BrokenReleases) -> ReleasesKeys<'_> {
    ReleasesKeys { oldest: &releases.oldest, newest: &releases.newest, count: releases.count }
}

fn break_keys(verdict: Verdict, layer: Layer) -> BreakKeys {
    BreakKeys {
        layer: layer.name(),
        directions: verdict.directions().map(Direction::name).collect(),
        lossy: verdict.is_lossy(),
    }
}

pub(super) fn evidence_keys(evidence: &Evidence) -> EvidenceKeys<'_> {
    EvidenceKeys {
        layer: evidence.layer.name(),
        direction: evidence.direction.name(),
        written: &evidence.written,
        payload: &evidence.payload,
        read: &evidence.read,
    }
}

/// Compact JSON that escapes every unsafe character, also those that JSON allows in strings as they are.
struct Guarded;

impl Formatter for Guarded {
    fn write_string_fragment<W>(&mut self, out: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        if is_plain(fragment) {
            return out.write_all(fragment.as_bytes());
        }
        write!(out, "{}", Fragment(fragment))
    }
}

/// Part of a JSON string in which quotes, backslashes and C0 controls are escaped already.
struct Fragment<'a>(&'a str);

impl fmt::Display for Fragment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_special = |before: &str, c: char, _: &str| is_unsafe(c) || opens_order(before, c);
        write_replaced(f, self.0, is_special, |f, c| write!(f, "\\u{:04x}", u32::from(c)))
    }
}
