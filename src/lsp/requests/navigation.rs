//! Where things are declared and used.

use gen_lsp_types::{
    Definition as LspDefinition, DefinitionParams, DefinitionResponse, DocumentHighlight, DocumentHighlightKind,
    DocumentHighlightParams, DocumentLink, Location, LocationLink, ReferenceParams, TypeDefinitionParams,
    TypeDefinitionResponse,
};

use super::context::Context;
use crate::ide::{self, Cursor, Definition};
use crate::project::Project;

pub(super) fn definition(at: &Context, params: &DefinitionParams) -> Option<DefinitionResponse> {
    let found = find(at, at.cursor(params.text_document_position_params.position), ide::definition)?;
    Some(match found {
        Found::Links(links) => links.into(),
        Found::Locations(locations) => DefinitionResponse::Definition(locations.into()),
    })
}

pub(super) fn type_definition(at: &Context, params: &TypeDefinitionParams) -> Option<TypeDefinitionResponse> {
    let found = find(at, at.cursor(params.text_document_position_params.position), ide::type_definition)?;
    Some(match found {
        Found::Links(links) => links.into(),
        Found::Locations(locations) => TypeDefinitionResponse::Definition(LspDefinition::from(locations)),
    })
}

/// What a client takes.
enum Found {
    Links(Vec<LocationLink>),
    Locations(Vec<Location>),
}

fn find(at: &Context, cursor: Cursor, ask: fn(&Project, Cursor) -> Option<Definition>) -> Option<Found> {
    let definition = ask(at.project(), cursor)?;
    let places = definition.locations.iter();
    if !at.client.takes_links() {
        return Some(Found::Locations(places.filter_map(|found| at.location(found.name)).collect()));
    }
    let link = |found: &ide::Location| {
        let lines = at.lines_of(found.name.file);
        Some(LocationLink {
            origin_selection_range: Some(at.range(definition.origin)),
            target_uri: at.uri_of(found.name.file)?,
            target_range: lines.range(found.declaration),
            target_selection_range: lines.range(found.name.span),
        })
    };
    Some(Found::Links(places.filter_map(link).collect()))
}

pub(super) fn references(at: &Context, params: &ReferenceParams) -> Option<Vec<Location>> {
    let cursor = at.cursor(params.text_document_position_params.position);
    let found = ide::references(at.project(), cursor, params.context.include_declaration);
    Some(found.into_iter().filter_map(|place| at.location(place)).collect())
}

pub(super) fn highlights(at: &Context, params: &DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> {
    let found = ide::highlights(at.project(), at.cursor(params.text_document_position_params.position));
    let highlight = |span| DocumentHighlight { range: at.range(span), kind: Some(DocumentHighlightKind::Text) };
    Some(found.into_iter().map(highlight).collect())
}

pub(super) fn links(at: &Context) -> Option<Vec<DocumentLink>> {
    let link = |link: ide::Link| {
        let target = Some(at.uri_of(link.target)?);
        Some(DocumentLink { range: at.range(link.span), target, ..DocumentLink::default() })
    };
    Some(ide::links(at.project(), at.file).into_iter().filter_map(link).collect())
}
