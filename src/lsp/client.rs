//! What the client can do, and what the server offers it.

use std::path::PathBuf;

use gen_lsp_types::{
    ClientCapabilities, DiagnosticOptions, DiagnosticProvider, InitializeParams, MarkupKind, PositionEncodingKind,
    ServerCapabilities, TextDocumentContentOptions, TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFolders,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};

use serde::Deserialize;

use super::checker::Manner;
use super::diagnostics::{SOURCE, Shown};
use super::position::Encoding;
use super::uri::{self, BASE_SCHEME};

/// What the client said of itself.
#[derive(Clone, Debug)]
pub(super) struct ClientInfo {
    pub(super) encoding: Encoding,
    /// Whether it asks for diagnostics.
    pub(super) pulls: bool,
    /// Whether it can be asked to ask for diagnostics again.
    pub(super) refreshes: bool,
    /// Whether it opens texts of the base.
    pub(super) opens_base: bool,
    /// Whether it shows other places that matter to a diagnostic.
    pub(super) relates: bool,
    /// Whether it watches files where it is asked to.
    pub(super) watches: bool,
    /// The folders that it has open.
    pub(super) folders: Vec<PathBuf>,
    /// Which hints it wants to see in texts.
    pub(super) hints: Hints,
    pub(super) capabilities: ClientCapabilities,
}

/// Which hints are shown in texts: none where the client does not say so in `initializationOptions`, as
/// `{"inlayHints": true}` or `{"inlayHints": {"jsonNames": true, "typeNames": true}}`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Hints {
    /// The JSON names of fields that have none of their own.
    pub(super) json_names: bool,
    /// What relative names of types leave out.
    pub(super) type_names: bool,
}

/// What a client says beside its capabilities.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct InitializationOptions {
    inlay_hints: WantedHints,
}

/// All hints or none, or those that are named.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum WantedHints {
    All(bool),
    Named(Hints),
}

impl Default for WantedHints {
    fn default() -> WantedHints {
        WantedHints::All(false)
    }
}

impl From<WantedHints> for Hints {
    fn from(wanted: WantedHints) -> Hints {
        match wanted {
            WantedHints::All(all) => Hints { json_names: all, type_names: all },
            WantedHints::Named(hints) => hints,
        }
    }
}

impl ClientInfo {
    pub(super) fn new(params: InitializeParams) -> ClientInfo {
        let folders = match params.workspace_folders_initialize_params.workspace_folders {
            Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
                folders.into_iter().map(|folder| folder.uri).collect()
            }
            // Clients before version 3.6 of the protocol have one folder at most.
            #[allow(deprecated)]
            _ => params.root_uri.into_iter().collect::<Vec<_>>(),
        };
        let options = params.initialization_options.map(serde_json::from_value::<InitializationOptions>);
        let options = options.and_then(Result::ok).unwrap_or_default();
        let capabilities = params.capabilities;
        let (general, text) = (capabilities.general.as_ref(), capabilities.text_document.as_ref());
        let workspace = capabilities.workspace.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        let is_offered = |kind: PositionEncodingKind| offered.contains(&kind);
        let encoding = match () {
            () if is_offered(PositionEncodingKind::UTF8) => Encoding::Utf8,
            () if is_offered(PositionEncodingKind::UTF32) && !is_offered(PositionEncodingKind::UTF16) => {
                Encoding::Utf32
            }
            () => Encoding::Utf16,
        };
        let pulled = text.and_then(|text| text.diagnostic.as_ref());
        let pushed = text.and_then(|text| text.publish_diagnostics.as_ref());
        let pushed_relate = pushed.and_then(|pushed| pushed.diagnostics_capabilities.related_information);
        let pulled_relate = pulled.and_then(|pulled| pulled.diagnostics_capabilities.related_information);
        ClientInfo {
            encoding,
            pulls: pulled.is_some(),
            refreshes: workspace.and_then(|workspace| workspace.diagnostics?.refresh_support).unwrap_or_default(),
            opens_base: workspace.is_some_and(|workspace| workspace.text_document_content.is_some()),
            relates: pushed_relate.or(pulled_relate).unwrap_or(pulled.is_some()),
            watches: workspace
                .and_then(|workspace| workspace.did_change_watched_files?.dynamic_registration)
                .unwrap_or_default(),
            folders: folders.iter().filter_map(uri::to_path).collect(),
            hints: options.inlay_hints.into(),
            capabilities,
        }
    }

    /// Whether it takes links to declarations, which say what they are about.
    pub(super) fn takes_links(&self) -> bool {
        let text = self.capabilities.text_document.as_ref();
        text.and_then(|text| text.definition.as_ref()?.link_support).unwrap_or_default()
    }

    /// Whether it takes edits with the versions of the documents that they are for.
    pub(super) fn takes_document_changes(&self) -> bool {
        let workspace = self.capabilities.workspace.as_ref();
        workspace.and_then(|workspace| workspace.workspace_edit.as_ref()?.document_changes).unwrap_or_default()
    }

    /// Whether it asks for the edits of an action once that is chosen.
    pub(super) fn resolves_actions(&self) -> bool {
        let action = self.capabilities.text_document.as_ref().and_then(|text| text.code_action.as_ref());
        action.is_some_and(|action| {
            let resolved = action.resolve_support.as_ref().map(|support| &support.properties);
            action.data_support == Some(true)
                && resolved.is_some_and(|properties| properties.iter().any(|property| property == "edit"))
        })
    }

    /// Whether it shows Markdown where something is hovered.
    pub(super) fn shows_markdown(&self) -> bool {
        let hover = self.capabilities.text_document.as_ref().and_then(|text| text.hover.as_ref());
        let formats = hover.and_then(|hover| hover.content_format.as_ref());
        formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
    }

    /// Whether it shows Markdown beside what may be written.
    pub(super) fn documents_in_markdown(&self) -> bool {
        let completion = self.capabilities.text_document.as_ref().and_then(|text| text.completion.as_ref());
        let formats =
            completion.and_then(|completion| completion.completion_item.as_ref()?.documentation_format.as_ref());
        formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
    }

    /// Whether it takes edits of files with places to fill in.
    pub(super) fn takes_snippet_edits(&self) -> bool {
        let workspace = self.capabilities.workspace.as_ref();
        workspace.and_then(|workspace| workspace.workspace_edit.as_ref()?.snippet_edit_support).unwrap_or_default()
    }

    /// Whether it takes texts with places to fill in.
    pub(super) fn takes_snippets(&self) -> bool {
        let item = self
            .capabilities
            .text_document
            .as_ref()
            .and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        item.and_then(|item| item.snippet_support).unwrap_or_default()
    }

    /// How it wants to hear of what was found.
    pub(super) fn manner(&self) -> Manner {
        let shown = Shown { encoding: self.encoding, opens_base: self.opens_base, relates: self.relates };
        Manner { shown, pulls: self.pulls, refreshes: self.refreshes }
    }

    /// What the server offers this client.
    pub(super) fn offers(&self) -> ServerCapabilities {
        let encoding = match self.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        };
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        };
        let diagnostics = DiagnosticOptions {
            identifier: Some(SOURCE.to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            ..DiagnosticOptions::default()
        };
        let workspace = WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(true.into()),
            }),
            text_document_content: self
                .opens_base
                .then(|| TextDocumentContentOptions { schemes: vec![BASE_SCHEME.to_owned()] }.into()),
            ..WorkspaceOptions::default()
        };
        ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(sync.into()),
            diagnostic_provider: self.pulls.then_some(DiagnosticProvider::DiagnosticOptions(diagnostics)),
            workspace: Some(workspace),
            ..ServerCapabilities::default()
        }
    }
}
