//! The SARIF format, version 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), for code
//! scanning and editors. It uses of rules what the report has of them.

mod rule;
mod shape;
mod uri;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use self::shape::{
    ArtifactChange, ArtifactContent, BaseId, ChangeProperties, Driver, Fingerprints, FixShape, Log, LogicalLocation,
    Message, PhysicalLocation, Replacement, ResultShape, Run, SarifLocation, Tool,
};
use super::Rendering;
use super::escape::Visible;
use super::explain::{self, Names, STAND_IN, counted};
use super::json::{evidence_keys, releases_keys, write_guarded};
use super::locate::Locator;
use crate::finding::{Change, Direction, Edit, Finding, Fix, Layer};
use crate::source::{FileId, Place, Sources};

/// Related places of one finding beyond these are counted; GitHub refuses a result with too many.
const MAX_PLACES: usize = 100;

/// Writes one run. Results go out one by one, so memory does not grow with them.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut rules: BTreeMap<&str, usize> = report.findings.iter().map(|finding| (finding.rule, 0)).collect();
    rules.values_mut().enumerate().for_each(|(index, value)| *value = index);
    let driver = Driver {
        name: "protolint",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: option_env!("CARGO_PKG_REPOSITORY").filter(|uri| !uri.is_empty()),
        rules: rules.keys().map(|id| rule::descriptor(id, (report.rules)(id))).collect(),
    };
    let run = Run {
        tool: Tool { driver },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: base_ids(report.sources),
        results: Results { report, rules: &rules },
    };
    let log = Log { schema: shape::SCHEMA, version: "2.1.0", runs: [run] };
    write_guarded(&log, out)?;
    out.write_all(b"\n")
}

/// What relative paths count from. Where that is on this machine is private.
fn base_ids(sources: &Sources) -> BTreeMap<&'static str, BaseId> {
    let description = |text: &str| BaseId { description: Message::text(text) };
    let mut ids = BTreeMap::from([(uri::ROOT, description("the directory in which protolint was run"))]);
    if sources.iter().any(|(_, file)| file.revision().is_some()) {
        ids.insert(uri::BASELINE, description("the same directory in the base"));
    }
    ids
}

/// The results of a run, made while they are written.
struct Results<'a> {
    report: &'a Rendering<'a>,
    rules: &'a BTreeMap<&'a str, usize>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let state = RefCell::new((Locator::new(self.report.sources), Names::default()));
        let is_inherited = |finding: &Finding| finding.change.as_ref().is_some_and(|change| change.is_inherited());
        let with_state = self.report.findings.iter().any(is_inherited);
        serializer.collect_seq(self.report.findings.iter().map(|finding| {
            let (locator, names) = &mut *state.borrow_mut();
            let state = if is_inherited(finding) { "unchanged" } else { "new" };
            let baseline_state = with_state.then_some(state);
            let result = result(finding, self.rules[finding.rule], names.next(finding), self.report.sources, locator);
            ResultShape { baseline_state, ..result }
        }))
    }
}

fn result<'a>(
    finding: &'a Finding,
    rule_index: usize,
    name: String,
    sources: &'a Sources,
    locator: &mut Locator<'a>,
) -> ResultShape<'a> {
    let own = SarifLocation {
        id: None,
        physical_location: physical(finding.place, sources, locator),
        logical_locations: finding
            .symbol
            .iter()
            .map(|symbol| LogicalLocation { fully_qualified_name: symbol })
            .collect(),
        message: None,
    };
    let (places, left_out) = explain::places(finding, MAX_PLACES);
    let related = places.iter().enumerate().map(|(index, (place, text))| SarifLocation {
        id: Some(index + 1),
        physical_location: physical(Some(*place), sources, locator),
        logical_locations: Vec::new(),
        message: Some(Message::text(&Visible(text).to_string())),
    });
    let related_locations: Vec<SarifLocation<'a>> = related.collect();
    let fix = finding.fix.as_deref();
    ResultShape {
        rule_id: finding.rule,
        rule_index,
        level: finding.severity.name(),
        baseline_state: None,
        message: Message { text: text(finding, &places, left_out, locator), markdown: None },
        locations: [own],
        related_locations,
        partial_fingerprints: Fingerprints { protolint: name },
        fixes: fix.and_then(|fix| fix_shape(finding, fix, sources, locator)).into_iter().collect(),
        properties: finding.change.as_deref().map(change_properties),
    }
}

/// The message with all a finding says, on further lines; related places are links to their ids, the only ones there
/// are.
fn text(finding: &Finding, places: &[(Place, &str)], left_out: usize, locator: &mut Locator<'_>) -> String {
    let mut lines = vec![unlinked(&finding.message)];
    lines.extend(explain::verdict(finding).map(|line| unlinked(&line)));
    lines.extend(places.iter().enumerate().map(|(index, (place, text))| {
        let title = unlinked(&locator.title(*place)).replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]");
        format!("{}: [{title}]({})", unlinked(text), index + 1)
    }));
    if left_out > 0 {
        lines.push(format!("and {}", counted(left_out, "more place")));
    }
    let help = explain::help(finding).enumerate();
    lines.extend(help.map(|(index, line)| format!("{}{}", if index == 0 { "help: " } else { "" }, unlinked(line))));
    lines.extend(explain::evidence(finding).iter().map(|line| unlinked(line)));
    lines.join("\n")
}

/// A text in which nothing is a link: `[text](target)` is one even in plain text (section 3.11.6).
fn unlinked(text: &str) -> String {
    Visible(text).to_string().replace("](", "] (")
}

/// Where a finding is; without a place, where the finding's cause is most likely.
fn physical<'a>(place: Option<Place>, sources: &'a Sources, locator: &mut Locator<'a>) -> PhysicalLocation<'a> {
    let Some(place) = place else {
        return PhysicalLocation {
            artifact_location: uri::artifact(STAND_IN, None),
            region: shape::Region::first_line(),
        };
    };
    let (file, at) = (sources.get(place.file), locator.locate(place));
    let region = if place.span.is_none() { shape::Region::first_line() } else { shape::Region::of(&at) };
    PhysicalLocation { artifact_location: uri::artifact(at.path, file.revision()), region }
}

fn change_properties(change: &Change) -> ChangeProperties<'_> {
    ChangeProperties {
        layers: change.verdict.layers().map(Layer::name).collect(),
        directions: change.verdict.directions().map(Direction::name).collect(),
        lossy: change.verdict.on(&[Layer::Wire, Layer::Json]).is_lossy(),
        evidence: change.evidence.iter().map(evidence_keys).collect(),
        suspected: change.verdict.suspicion().layers().map(Layer::name).collect(),
        carried_by: change.carried_by.as_deref(),
        releases: change.releases.as_ref().map(releases_keys),
        inherited_from: change.inherited_from.as_deref(),
    }
}

/// A fix that is safe to apply. SARIF has no way to say that a name changes wherever it is used.
fn fix_shape<'a>(
    finding: &'a Finding,
    fix: &'a Fix,
    sources: &'a Sources,
    locator: &mut Locator<'a>,
) -> Option<FixShape<'a>> {
    let Fix::Edits(edits) = fix else { return None };
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    edits.iter().for_each(|edit| by_file.entry(edit.place.file).or_default().push(edit));
    let changes = by_file.into_iter().map(|(id, edits)| {
        let file = sources.get(id);
        ArtifactChange {
            artifact_location: uri::artifact(file.path(), file.revision()),
            replacements: edits.into_iter().map(|edit| replacement(edit, file.text(), locator)).collect(),
        }
    });
    let changes: Vec<_> = changes.collect();
    let description = finding.help.as_deref().unwrap_or(&finding.message);
    (!changes.is_empty())
        .then(|| FixShape { description: Message::text(&unlinked(description)), artifact_changes: changes })
}

fn replacement<'a>(edit: &'a Edit, text: &str, locator: &mut Locator<'a>) -> Replacement {
    let first_line = text.split_inclusive('\n').next().unwrap_or_default();
    let inserted = if first_line.ends_with("\r\n") { edit.text.replace('\n', "\r\n") } else { edit.text.clone() };
    Replacement {
        deleted_region: shape::Region::of(&locator.locate(edit.place)),
        inserted_content: (!inserted.is_empty()).then_some(ArtifactContent { text: inserted }),
    }
}
