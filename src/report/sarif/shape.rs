//! The shapes of SARIF's objects, as far as they are written, under the names of the standard. No logic.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::json::{EvidenceKeys, ReleasesKeys};
use super::super::locate::Location;
use super::Results;

/// The schema that the document follows.
pub(super) const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
pub(super) struct Log<'a> {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run<'a> {
    pub(super) tool: Tool<'a>,
    pub(super) column_kind: &'static str,
    pub(super) original_uri_base_ids: BTreeMap<&'static str, BaseId>,
    pub(super) results: Results<'a>,
}

#[derive(Serialize)]
pub(super) struct Tool<'a> {
    pub(super) driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver<'a> {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) information_uri: Option<&'static str>,
    pub(super) rules: Vec<RuleShape<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleShape<'a> {
    pub(super) id: &'a str,
    #[serde(flatten)]
    pub(super) page: Option<PageShape>,
}

/// What a rule's page gives.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageShape {
    pub(super) short_description: Message,
    pub(super) full_description: Message,
    pub(super) help: Message,
    pub(super) default_configuration: DefaultConfiguration,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    pub(super) properties: Tags,
}

#[derive(Serialize)]
pub(super) struct DefaultConfiguration {
    pub(super) level: &'static str,
}

#[derive(Serialize)]
pub(super) struct Tags {
    pub(super) tags: Vec<&'static str>,
}

impl Tags {
    fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }
}

#[derive(Serialize)]
pub(super) struct Message {
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) markdown: Option<String>,
}

impl Message {
    pub(super) fn text(text: &str) -> Message {
        Message { text: text.to_owned(), markdown: None }
    }
}

#[derive(Serialize)]
pub(super) struct BaseId {
    pub(super) description: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultShape<'a> {
    pub(super) rule_id: &'a str,
    pub(super) rule_index: usize,
    pub(super) level: &'static str,
    /// What became of it since another run; of all results, or of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline_state: Option<&'static str>,
    pub(super) message: Message,
    pub(super) locations: [SarifLocation<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_locations: Vec<SarifLocation<'a>>,
    pub(super) partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fixes: Vec<FixShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) properties: Option<ChangeProperties<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifLocation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<usize>,
    pub(super) physical_location: PhysicalLocation<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) logical_locations: Vec<LogicalLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogicalLocation<'a> {
    pub(super) fully_qualified_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation<'a> {
    pub(super) artifact_location: ArtifactLocation<'a>,
    pub(super) region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation<'a> {
    pub(super) uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uri_base_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) properties: Option<Revision<'a>>,
}

/// The commit, or other place that is not the disk, that a file is in.
#[derive(Serialize)]
pub(super) struct Revision<'a> {
    pub(super) revision: &'a str,
}

/// A part of a text: lines and columns count from 1, columns in characters; the end is the position after the last one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    start_line: u32,
    #[serde(flatten)]
    rest: Option<Columns>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Columns {
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

impl Region {
    pub(super) fn of(at: &Location<'_>) -> Region {
        let columns = Columns { start_column: at.start.column, end_line: at.end.line, end_column: at.end.column };
        Region { start_line: at.start.line, rest: Some(columns) }
    }

    /// For what is about a whole file: code scanning asks for a line.
    pub(super) fn first_line() -> Region {
        Region { start_line: 1, rest: None }
    }
}

#[derive(Serialize)]
pub(super) struct Fingerprints {
    #[serde(rename = "protolint/v1")]
    pub(super) protolint: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FixShape<'a> {
    pub(super) description: Message,
    pub(super) artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactChange<'a> {
    pub(super) artifact_location: ArtifactLocation<'a>,
    pub(super) replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    pub(super) deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) inserted_content: Option<ArtifactContent>,
}

#[derive(Serialize)]
pub(super) struct ArtifactContent {
    pub(super) text: String,
}

/// What is known of a change, under the keys of the JSON format.
#[derive(Serialize)]
pub(super) struct ChangeProperties<'a> {
    pub(super) layers: Vec<&'static str>,
    pub(super) directions: Vec<&'static str>,
    pub(super) lossy: bool,
    pub(super) evidence: Vec<EvidenceKeys<'a>>,
    pub(super) suspected: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) carried_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) releases: Option<ReleasesKeys<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) inherited_from: Option<&'a str>,
}
