//! What holds for two schemas, whatever has changed between them.

use std::collections::BTreeMap;

use prost_reflect::prost::Message as _;
use prost_reflect::{DeserializeOptions, DynamicMessage, ReflectMessage};
use rustc_hash::FxHashSet;

use super::super::checks::Checks;
use super::super::compare::{ChangeFilter, Compared, changes, claims, pairings};
use super::super::{Plan, Section};
use super::proof;
use super::reach::Tainted;
use super::see::{Comparing, difference, see};
use super::world::{World, members};
use super::write::Writing;
use crate::compare::pairing::{Comparison, Pair, RootPairs};
use crate::finding::{Change, Direction, Finding, Layer, Severity};
use crate::rules::{ChangeCx, PendingFinding, Settings, breaking_rules};
use crate::schema::tests::random::Random;
use crate::schema::{FieldType, Message, Schema};
use crate::source::Sources;

pub(super) const LAYERS: [Layer; 2] = [Layer::Wire, Layer::Json];

/// What was looked at, by what it is called.
pub(super) type Tally = BTreeMap<&'static str, usize>;

/// A law that does not hold.
#[derive(Debug)]
pub(super) struct Breach {
    /// What failures are sorted by.
    pub(super) kind: String,
    pub(super) text: String,
}

pub(super) struct Case<'a> {
    pub(super) before: &'a World,
    pub(super) after: &'a World,
    pub(super) sources: &'a Sources,
    pub(super) settings: &'a Settings,
}

fn breach(kind: impl Into<String>, text: impl Into<String>) -> Breach {
    Breach { kind: kind.into(), text: text.into() }
}

fn filter() -> ChangeFilter<'static> {
    ChangeFilter { layers: Some(LAYERS.to_vec()), ..ChangeFilter::default() }
}

/// What is found between two schemas, with evidence.
fn compare(before: &Schema, after: &Schema, plan: &Plan<'_>) -> Vec<Finding> {
    let roots = RootPairs::default();
    let (theirs, past, deletions) = (None, None, None);
    let compared = Compared { before, after, roots: &roots, unread_packages: None, theirs, past, deletions };
    let pairings = pairings(compared, plan);
    changes(&pairings, compared, plan).into_iter().map(|found| found.proven().into_finding()).collect()
}

impl Case<'_> {
    /// Checks all laws.
    pub(super) fn check(&self, random: &mut Random, tally: &mut Tally) -> Result<(), Breach> {
        let rules = breaking_rules().into_iter().map(|rule| (rule, Severity::Error)).collect();
        let section = Section { changes: filter(), ..Section::plain(rules, self.settings) };
        let plan = Plan::whole(section, self.sources, &[]);
        let (before, after) = (&self.before.schema, &self.after.schema);
        if let Some(finding) = compare(after, after, &plan).first() {
            return Err(breach(format!("same: {}", finding.rule), finding.message.clone()));
        }
        let comparison = Comparison::new(&self.before.schema, &self.after.schema, RootPairs::default(), true);
        let mut claims = claims(&comparison, &Checks::of(&plan.sections[0].rules), || {
            ChangeCx::new(&comparison, true, plan.sources)
        });
        claims.retain_mut(|claim| filter().keeps(claim));
        *tally.entry("cases").or_default() += 1;
        *tally.entry("findings").or_default() += claims.len();
        let of_proofs = self.proofs(&claims, tally);
        for layer in LAYERS {
            for direction in Direction::ALL {
                self.readings(&comparison, &claims, (layer, direction), random, tally)?;
            }
        }
        of_proofs?;
        if random.chance(5) {
            let findings = compare(before, after, &plan);
            let is_bare = |change: &Change| !change.verdict.on(&LAYERS).is_empty() && change.evidence.is_empty();
            let without = findings.iter().find(|finding| finding.change.as_ref().is_none_or(|change| is_bare(change)));
            if let Some(finding) = without {
                return Err(breach(format!("shown: {}", finding.rule), finding.message.clone()));
            }
        }
        Ok(())
    }

    /// Each impact on the wire or JSON has evidence, and it shows what it says.
    fn proofs(&self, claims: &[PendingFinding<'_>], tally: &mut Tally) -> Result<(), Breach> {
        let mut seen = FxHashSet::default();
        for claim in claims {
            let Some(change) = &claim.finding.change else { continue };
            let told = |text: &str| format!("{}: {}\n{text}", claim.finding.rule, claim.finding.message);
            for layer in LAYERS {
                for direction in Direction::ALL.into_iter().filter(|&direction| change.verdict.has(layer, direction)) {
                    let is_for = |proof: &&crate::compare::impact::Proof<'_>| {
                        proof.layer == layer && proof.direction == direction
                    };
                    let kind = format!("{} {} {}", claim.finding.rule, layer.name(), direction.name());
                    if claim.proofs.iter().filter(is_for).count() == 0 {
                        return Err(breach(format!("unproven: {kind}"), told("")));
                    }
                    for found in claim.proofs.iter().filter(is_for) {
                        if !seen.insert((layer, direction, proof::key(&found.subject))) {
                            continue;
                        }
                        let Some(evidence) = crate::compare::evidence::find(&found.subject, layer, direction) else {
                            return Err(breach(format!("no evidence: {kind}"), told(&proof::key(&found.subject))));
                        };
                        let (writer, reader) = self.sides(direction);
                        match proof::check(&found.subject, &evidence, writer, reader) {
                            Ok(how) => *tally.entry(how).or_default() += 1,
                            Err(reason) => {
                                return Err(breach(
                                    format!("no difference: {kind}"),
                                    told(&format!("{evidence:#?}\n{reason}")),
                                ));
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn sides(&self, direction: Direction) -> (&World, &World) {
        match direction {
            Direction::Backward => (self.before, self.after),
            Direction::Forward => (self.after, self.before),
        }
    }

    /// Messages without a finding stay readable.
    fn readings<'s>(
        &self,
        comparison: &'s Comparison<'s>,
        claims: &[PendingFinding<'s>],
        (layer, direction): (Layer, Direction),
        random: &mut Random,
        tally: &mut Tally,
    ) -> Result<(), Breach> {
        let tainted = Tainted::new(comparison, claims, layer, direction);
        let (writer_side, reader_side) = self.sides(direction);
        let mut complete = true;
        for pair in comparison.messages.iter().filter(|pair| !pair.before.is_map_entry()) {
            *tally.entry("pairs").or_default() += 1;
            if tainted.has(pair.before) || tainted.has(pair.after) {
                complete = false;
                continue;
            }
            *tally.entry("pairs written").or_default() += 1;
            *tally.entry("changed pairs written").or_default() += usize::from(is_changed(*pair));
            let (writer, reader) = match direction {
                Direction::Backward => (pair.before, pair.after),
                Direction::Forward => (pair.after, pair.before),
            };
            let mut writing = Writing { comparison, layer, direction, random };
            let Some(message) = writing.message(writer, reader, &writer_side.descriptor(writer), 0) else { continue };
            *tally.entry("messages").or_default() += 1;
            let target = reader_side.descriptor(reader);
            reads_back(&message, (writer, reader), target, layer).map_err(|reason| {
                let kind = format!("lost: {} {}", layer.name(), direction.name());
                breach(kind, format!("`{}`: {reason}\n{message}", writer.full_name()))
            })?;
        }
        *tally.entry(if complete { "all written" } else { "some written" }).or_default() += 1;
        Ok(())
    }
}

/// Whether a schema shows any difference between the fields of two messages.
fn is_changed(pair: Pair<Message<'_>>) -> bool {
    let described = |message: Message<'_>| {
        let field = |field: crate::schema::Field<'_>| {
            let of = match field.field_type() {
                FieldType::Scalar(scalar) => scalar.name().to_owned(),
                FieldType::Message(message) => message.full_name().to_owned(),
                FieldType::Enum(found) => {
                    let values: Vec<(i32, &str)> = found.values().map(|value| (value.number(), value.name())).collect();
                    format!("{} {} {values:?}", found.full_name(), found.is_closed())
                }
                FieldType::Unresolved => String::new(),
            };
            let oneof = field.oneof().map(|oneof| oneof.name().to_owned());
            (field.number(), field.json_name(), of, field.presence(), oneof, field.default_value(), field.is_packed())
        };
        format!("{:?}", members(message).into_iter().map(field).collect::<Vec<_>>())
    };
    described(pair.before) != described(pair.after)
}

/// Writes a message, reads it as another type, and compares what is seen.
fn reads_back(
    message: &DynamicMessage,
    (writer, reader): (Message<'_>, Message<'_>),
    target: prost_reflect::MessageDescriptor,
    layer: Layer,
) -> Result<(), String> {
    let read = match layer {
        Layer::Json => {
            let json = super::json::to_json(message, writer);
            read_json(target, &json).map_err(|error| format!("{json} is refused: {error}"))?
        }
        _ => {
            let bytes = message.encode_to_vec();
            DynamicMessage::decode(target, &bytes[..]).map_err(|error| format!("{bytes:02x?} are refused: {error}"))?
        }
    };
    let written = see(message, writer, false)?;
    let read = see(&read, reader, true)?;
    difference(&written, &read, Comparing { layer, is_proof: false }).map_or(Ok(()), Err)
}

/// Reads JSON as runtimes do that refuse what they do not know.
pub(super) fn read_json(
    of: prost_reflect::MessageDescriptor,
    json: &serde_json::Value,
) -> Result<DynamicMessage, String> {
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let message = DynamicMessage::deserialize_with_options(of, json, &options).map_err(|error| error.to_string())?;
    debug_assert!(message.unknown_fields().next().is_none(), "{}", message.descriptor().full_name());
    Ok(message)
}
