//! Whatever a client sends, the server answers or ignores it, and goes on.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::client::{Client, uri};
use crate::support::write;

const TEXT: &str = "syntax = \"proto3\";\npackage a.v1;\nmessage user {}\n";

fn workspace() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), &[("a/v1/a.proto".to_owned(), TEXT.to_owned())].into());
    directory
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

/// The server still says what it said before.
fn is_well(client: &mut Client, file: &Path) {
    client.open(file, TEXT);
    assert_eq!(codes(&client.diagnostics(file)), ["MESSAGE_PASCAL_CASE"]);
}

#[test]
fn what_is_no_request_is_refused_and_forgotten() {
    let workspace = workspace();
    let file = workspace.path().canonicalize().unwrap().join("a/v1/a.proto");
    let mut client = Client::start(&[file.ancestors().nth(3).unwrap()]);
    assert_eq!(client.request("no/such", json!({})).unwrap_err()["code"], -32601);
    assert_eq!(client.request("textDocument/diagnostic", json!({"textDocument": 7})).unwrap_err()["code"], -32602);
    assert_eq!(client.request("initialize", json!({"capabilities": {}})).unwrap_err()["code"], -32600);
    client.notify("no/such", json!([]));
    client.notify("textDocument/didChange", json!({"textDocument": {"uri": uri(&file), "version": 1}}));
    client
        .notify("textDocument/didChange", json!({"textDocument": {"uri": "x:y", "version": 1}, "contentChanges": []}));
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": "file:///never/opened.proto"}}));
    client.notify("$/cancelRequest", json!({"id": 4711}));
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": "file:///gone.proto", "type": 3}]}));
    client.send_bytes(b"Content-Length: 2\r\n\r\n[]");
    client.send_bytes(b"Content-Length: 3\r\n\r\n{}}");
    client.send_bytes(b"no header at all\r\n\r\n");
    client.send_bytes(b"Content-Length: -5\r\n\r\n");
    is_well(&mut client, &file);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn edits_out_of_range_and_out_of_order_do_no_harm() {
    let workspace = workspace();
    let file = workspace.path().canonicalize().unwrap().join("a/v1/a.proto");
    let mut client = Client::start(&[file.ancestors().nth(3).unwrap()]);
    client.open(&file, TEXT);
    let range = |start: (u32, u32), end: (u32, u32)| {
        let position = |(line, character)| json!({"line": line, "character": character});
        json!({"start": position(start), "end": position(end)})
    };
    for (start, end) in [((9, 9), (99, 99)), ((2, 0), (0, 0)), ((0, u32::MAX), (u32::MAX, 0))] {
        client.change(&file, json!([{"range": range(start, end), "text": "/"}]));
        client.diagnostics(&file);
    }
    let older = json!({"textDocument": {"uri": uri(&file), "version": 0}, "contentChanges": [{"text": "older"}]});
    client.replace(&file, TEXT);
    client.notify("textDocument/didChange", older);
    assert_eq!(codes(&client.diagnostics(&file)), ["MESSAGE_PASCAL_CASE"]);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn files_and_folders_may_vanish() {
    let workspace = workspace();
    let top = workspace.path().canonicalize().unwrap();
    let file = top.join("a/v1/a.proto");
    let mut client = Client::start(&[&top]);
    is_well(&mut client, &file);
    std::fs::remove_dir_all(top.join("a")).unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri(&file), "type": 3}]}));
    // It is open still, and as good as a file that was not saved yet.
    assert_eq!(codes(&client.diagnostics(&file)), ["MESSAGE_PASCAL_CASE"]);
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&file)}}));
    assert!(client.diagnostics(&file).is_empty());
    let folder = json!({"uri": uri(&top), "name": "folder"});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [], "removed": [folder]}}));
    assert!(client.diagnostics(&file).is_empty());
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [folder], "removed": []}}));
    is_well(&mut client, &file);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_large_document_is_checked_like_any_other() {
    let workspace = workspace();
    let file = workspace.path().canonicalize().unwrap().join("a/v1/a.proto");
    let mut client = Client::start(&[file.ancestors().nth(3).unwrap()]);
    let large = format!("{TEXT}// {}\n", "x".repeat(50_000_000));
    client.open(&file, &large);
    assert!(codes(&client.diagnostics(&file)).contains(&"MESSAGE_PASCAL_CASE"));
    client.change(
        &file,
        json!([{"range": {"start": {"line": 2, "character": 8}, "end": {"line": 2, "character": 12}}, "text": "User"}]),
    );
    assert!(!codes(&client.diagnostics(&file)).contains(&"MESSAGE_PASCAL_CASE"));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_client_that_is_gone_ends_the_server() {
    let workspace = workspace();
    let client = Client::start(&[workspace.path()]);
    assert_eq!(client.vanish(), Some(1));
}

#[test]
fn what_comes_before_initialize_is_refused() {
    let workspace = workspace();
    let client = Client::start(&[workspace.path()]);
    assert_eq!(client.end(), Some(0));
}

/// The methods that the server knows, and some that it does not.
const METHODS: [&str; 30] = [
    "codeAction/resolve",
    "initialized",
    "no/such/method",
    "textDocument/codeAction",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/diagnostic",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didOpen",
    "textDocument/didSave",
    "textDocument/documentHighlight",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/formatting",
    "textDocument/hover",
    "textDocument/inlayHint",
    "textDocument/onTypeFormatting",
    "textDocument/prepareRename",
    "textDocument/rangeFormatting",
    "textDocument/references",
    "textDocument/rename",
    "textDocument/selectionRange",
    "textDocument/typeDefinition",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeWorkspaceFolders",
    "workspace/executeCommand",
    "workspace/symbol",
    "workspace/textDocumentContent",
];

/// Pieces of texts, whole and damaged.
const PIECES: [&str; 12] = [
    "message A {",
    "}",
    "string a = 1;",
    "enum E { A = 0; }",
    "import \"",
    "[(",
    "/*",
    "// \u{1f600}",
    "\r\n",
    "{{{{",
    "=",
    "group G",
];

#[test]
fn any_sequence_of_messages_is_survived() {
    let workspace = workspace();
    let top = workspace.path().canonicalize().unwrap();
    let files = [top.join("a/v1/a.proto"), top.join("a/v1/new.proto"), top.join("protolint.yaml")];
    for seed in 1..=8_u64 {
        let mut client = Client::start(&[&top]);
        let mut state = seed;
        let mut below = |end: u64| {
            // Marsaglia's xorshift.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % end
        };
        let mut asked = Vec::new();
        for _ in 0..150 {
            let method = METHODS[below(METHODS.len() as u64) as usize];
            let file = &files[below(3) as usize];
            let params = random_params(file, &top, &mut below);
            match below(8) {
                0 => client.notify(method, params),
                1 => client.notify("$/cancelRequest", json!({"id": below(150)})),
                _ if method.contains("/did") => client.notify(method, params),
                _ => asked.push(client.ask(method, params)),
            }
        }
        for id in asked {
            // An answer of either kind.
            drop(client.answer(id));
        }
        is_well(&mut client, &files[0]);
        assert_eq!(client.end(), Some(0), "seed {seed}");
    }
}

/// What most methods take, and a little of what none does.
fn random_params(file: &Path, top: &Path, below: &mut impl FnMut(u64) -> u64) -> Value {
    if below(12) == 0 {
        return json!([null, 7, {"textDocument": "x"}]);
    }
    let text: String = (0..below(6)).map(|_| PIECES[below(PIECES.len() as u64) as usize]).collect();
    let mut position = || json!({"line": below(6), "character": below(30)});
    let (start, end) = (position(), position());
    let change = match below(3) {
        0 => json!({"text": format!("{TEXT}{text}")}),
        _ => json!({"range": {"start": start, "end": end}, "text": text}),
    };
    let folder = json!({"uri": uri(top), "name": "folder"});
    json!({
        "textDocument": {"uri": uri(file), "version": below(20), "languageId": "proto", "text": format!("{TEXT}{text}")},
        "position": start,
        "positions": [start, end],
        "range": {"start": start, "end": end},
        "ch": ";",
        "newName": text,
        "query": "u",
        "uri": uri(file),
        "context": {"includeDeclaration": true, "diagnostics": []},
        "options": {"tabSize": 2, "insertSpaces": true},
        "contentChanges": [change],
        "changes": [{"uri": uri(file), "type": 1 + below(3)}],
        "event": {"added": if below(2) == 0 { json!([folder]) } else { json!([]) }, "removed": if below(4) == 0 { json!([folder]) } else { json!([]) }},
        "command": "protolint.renameAnyway",
        "arguments": [{"uri": uri(file), "position": end, "newName": text}],
        "title": "x",
        "data": {"uri": uri(file), "what": "fixAll"},
    })
}
