//! What clients get to see beyond the diagnostics themselves: places, old declarations, edits, and who is told what when.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::client::{Client, uri};
use crate::support::repository::{BROKEN_ORDER, ORDER, ORDER_PATH, Scratch, schema};
use crate::support::write;

/// A workspace with these files, and a server in it.
fn workspace(files: &[(&str, &str)], capabilities: Value) -> (tempfile::TempDir, PathBuf, Client) {
    let directory = tempfile::tempdir().unwrap();
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    write(directory.path(), &files);
    let top = directory.path().canonicalize().unwrap();
    let client = Client::start_with(&[&top], capabilities);
    (directory, top, client)
}

fn pulling() -> Value {
    json!({"textDocument": {"diagnostic": {}, "publishDiagnostics": {"relatedInformation": true}}})
}

fn at(path: &Path, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}})
}

fn codes(diagnostics: &Value) -> Vec<&str> {
    diagnostics.as_array().unwrap().iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

#[test]
fn columns_count_what_client_and_server_agreed_on() {
    let text = "syntax = \"proto3\";\npackage a.v1;\n/* \u{1f600} */ message user {}\n";
    for (encoding, column) in [("utf-8", 19), ("utf-16", 17), ("utf-32", 16)] {
        let mut capabilities = pulling();
        capabilities["general"] = json!({"positionEncodings": [encoding]});
        let (_directory, top, mut client) = workspace(&[("a/v1/a.proto", text)], capabilities);
        assert_eq!(client.capabilities["positionEncoding"], encoding);
        let file = top.join("a/v1/a.proto");
        client.open(&file, text);
        let found = client.diagnostics(&file);
        let range = json!({"start": {"line": 2, "character": column}, "end": {"line": 2, "character": column + 4}});
        assert_eq!(found[0]["range"], range, "{encoding}");
        client.change(&file, json!([{"range": range, "text": "User"}]));
        assert!(client.diagnostics(&file).is_empty(), "{encoding}");
        assert_eq!(client.end(), Some(0));
    }
}

#[test]
fn a_break_is_shown_with_its_old_declaration() {
    let Some(scratch) = Scratch::shop() else { return };
    let file = scratch.path("r").join(ORDER_PATH);
    let mut client = Client::start_with(&[&scratch.path("r")], pulling());
    client.open(&file, &schema(ORDER));
    assert!(client.diagnostics(&file).is_empty());
    client.replace(&file, &schema(BROKEN_ORDER));
    let found = client.diagnostics(&file);
    assert_eq!(found[0]["code"], "FIELD_SAME_TYPE");
    assert!(found[0]["message"].as_str().unwrap().contains("breaks wire, json"), "{found:?}");
    // A client that cannot open texts of the base has the old line where the new one is.
    let related = &found[0]["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], uri(&file));
    assert!(related["message"].as_str().unwrap().ends_with("order.proto:5): int32 count = 2;"), "{related}");
    let hover = client.request("textDocument/hover", at(&file, 4, 3)).unwrap();
    let hover = hover["contents"]["value"].as_str().unwrap();
    assert!(hover.contains("old writer  {count: 1}   10 01"), "{hover}");
    assert_eq!(client.end(), Some(0));

    let mut capabilities = pulling();
    capabilities["workspace"] = json!({"textDocumentContent": {}});
    let mut client = Client::start_with(&[&scratch.path("r")], capabilities);
    client.open(&file, &schema(BROKEN_ORDER));
    let found = client.diagnostics(&file);
    let old = &found[0]["relatedInformation"][0]["location"];
    assert!(old["uri"].as_str().unwrap().starts_with("protolint-base:/"), "{old}");
    assert_eq!(old["range"]["start"], json!({"line": 4, "character": 2}));
    let content = client.request("workspace/textDocumentContent", json!({"uri": old["uri"]})).unwrap();
    assert_eq!(content["text"], schema(ORDER));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn several_releases_are_compared_after_each_edit() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.git("", "init -q r");
    let order = |kind: &str| schema(&format!("message Order {{\n  string id = 1;\n  {kind} count = 2;\n}}\n"));
    let other = |kind: &str| schema(&format!("message Other {{\n  {kind} n = 1;\n}}\n"));
    for (tag, kind) in [("api/v1.0.0", "int32"), ("api/v1.1.0", "bytes"), ("api/v1.2.0", "string")] {
        let other = ("proto/shop/v1/other.proto", &*other("int32"));
        let same = ("proto/shop/v1/same.proto", &*schema("message Same {}\n"));
        scratch.commit("r", &[(ORDER_PATH, &order(kind)), other, same]);
        scratch.git("r", &format!("tag {tag}"));
    }
    let config = ("protolint.yaml", "version: 1\nbreaking: {against: 'tags:api/v*'}\n");
    scratch.commit("r", &[config, ("proto/shop/v1/other.proto", &other("int64"))]);
    let file = scratch.path("r").join(ORDER_PATH);
    let mut capabilities = pulling();
    capabilities["workspace"] = json!({"textDocumentContent": {}});
    let mut client = Client::start_with(&[&scratch.path("r")], capabilities);
    client.open(&file, &order("double"));
    let mut breaks = |kind: &str| {
        client.replace(&file, &order(kind));
        let found =
            client.diagnostics(&file).into_iter().filter(|found| found["code"].as_str().unwrap().contains("TYPE"));
        let of_releases = |found: Value| {
            let message = found["message"].as_str().unwrap().to_owned();
            let at = message.rfind("breaks api/").unwrap_or_else(|| panic!("{message}"));
            let related = found["relatedInformation"][0]["location"]["uri"].as_str().unwrap().to_owned();
            let text = client.request("workspace/textDocumentContent", json!({"uri": related})).unwrap();
            let text = text["text"].as_str().unwrap().to_owned();
            let old = text.lines().find(|line| line.contains("count")).unwrap_or_default().trim().to_owned();
            (message[at..].split([';', '\n']).next().unwrap_or_default().to_owned(), old)
        };
        let found: Vec<Value> = found.collect();
        found.into_iter().map(of_releases).collect::<BTreeSet<(String, String)>>()
    };
    let one = |release: &str, kind: &str| (format!("breaks api/{release}"), format!("{kind} count = 2;"));
    let all = [one("v1.0.0", "int32"), one("v1.1.0", "bytes"), one("v1.2.0", "string")];
    assert_eq!(breaks("double"), BTreeSet::from(all.clone()));
    assert_eq!(breaks("int32"), BTreeSet::from([all[1].clone(), all[2].clone()]));
    assert!(breaks("bytes").contains(&all[0]));
    assert_eq!(breaks("double"), BTreeSet::from(all));
    // A file that all of them were read with is another one for all.
    let file = scratch.path("r").join("proto/shop/v1/other.proto");
    client.open(&file, &other("bytes"));
    let found = client.diagnostics(&file);
    let messages: Vec<&str> = found.iter().map(|found| found["message"].as_str().unwrap()).collect();
    assert!(matches!(messages[..], [only] if only.contains("breaks api/v1.0.0 to api/v1.2.0")), "{messages:#?}");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_change_is_accepted_by_edits_of_the_client() {
    let Some(scratch) = Scratch::shop() else { return };
    let file = scratch.path("r").join(ORDER_PATH);
    let mut capabilities = pulling();
    capabilities["workspace"] = json!({"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]}});
    let mut client = Client::start_with(&[&scratch.path("r")], capabilities);
    client.open(&file, &schema(BROKEN_ORDER));
    let range = json!({"start": {"line": 4, "character": 3}, "end": {"line": 4, "character": 3}});
    let params = json!({"textDocument": {"uri": uri(&file)}, "range": range, "context": {"diagnostics": []}});
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let accept = actions
        .as_array()
        .unwrap()
        .iter()
        .find(|action| action["title"].as_str().unwrap().starts_with("accept this change"));
    let changes = &accept.unwrap()["edit"]["documentChanges"];
    let accepted = scratch.path("r").join("protolint.accepted.yaml");
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(uri(&accepted))));
    assert!(!accepted.exists(), "the server writes nothing");
    std::fs::write(&accepted, changes[1]["edits"][0]["newText"].as_str().unwrap()).unwrap();
    let changed = json!({"changes": [{"uri": uri(&accepted), "type": 1}]});
    client.notify("workspace/didChangeWatchedFiles", changed);
    assert!(client.diagnostics(&file).is_empty());
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_name_that_others_have_gets_a_new_one_by_the_command_alone() {
    let Some(scratch) = Scratch::shop() else { return };
    let file = scratch.path("r").join(ORDER_PATH);
    let mut client = Client::start_with(&[&scratch.path("r")], pulling());
    client.open(&file, &schema(ORDER));
    let mut params = at(&file, 4, 9);
    let range = json!({"start": {"line": 4, "character": 8}, "end": {"line": 4, "character": 13}});
    assert_eq!(client.request("textDocument/prepareRename", params.clone()).unwrap(), range);
    params["newName"] = json!("amount");
    let refused = client.request("textDocument/rename", params.clone()).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("breaks"), "{refused}");
    let argument = json!({"uri": uri(&file), "position": params["position"], "newName": "amount"});
    let command = json!({"command": "protolint.renameAnyway", "arguments": [argument]});
    client.request("workspace/executeCommand", command).unwrap();
    let applied = client.notifications.iter().find(|message| message["method"] == "workspace/applyEdit");
    let edits = &applied.unwrap()["params"]["edit"]["changes"][uri(&file)];
    assert_eq!(*edits, json!([{"range": range, "newText": "amount"}]));
    // What nobody has yet is renamed without a word.
    client.change(&file, json!([{"range": {"start": {"line": 5, "character": 0}, "end": {"line": 5, "character": 0}}, "text": "  string new = 3;\n"}]));
    let mut params = at(&file, 5, 10);
    params["newName"] = json!("newer");
    let renamed = client.request("textDocument/rename", params).unwrap();
    assert_eq!(renamed["changes"][uri(&file)][0]["newText"], "newer");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_client_that_does_not_ask_is_told() {
    let user = "syntax = \"proto3\";\npackage a.v1;\nmessage User {}\n";
    let group = "syntax = \"proto3\";\npackage a.v1;\nimport \"a/v1/user.proto\";\nmessage Group { User user = 1; }\n";
    let files = [("a/v1/user.proto", user), ("a/v1/group.proto", group)];
    let (_directory, top, mut client) = workspace(&files, json!({}));
    assert!(client.capabilities.get("diagnosticProvider").is_none());
    let (user_file, group_file) = (top.join("a/v1/user.proto"), top.join("a/v1/group.proto"));
    client.open(&user_file, user);
    assert!(codes(&client.published(&user_file)).is_empty());
    // The other file is not open, and an edit reaches it.
    client.replace(&user_file, &user.replace("User", "Person"));
    assert!(codes(&client.published(&user_file)).is_empty());
    assert_eq!(codes(&client.published(&group_file)), ["COMPILE_UNRESOLVED_NAME"]);
    client.replace(&user_file, user);
    client.published(&user_file);
    assert!(codes(&client.published(&group_file)).is_empty());
    assert_eq!(client.end(), Some(0));
}

#[test]
fn what_the_client_has_is_not_sent_again() {
    let text = "syntax = \"proto3\";\npackage a.v1;\nmessage user {}\n";
    let (_directory, top, mut client) = workspace(&[("a/v1/a.proto", text)], pulling());
    let file = top.join("a/v1/a.proto");
    client.open(&file, text);
    let params = |previous: &Value| json!({"textDocument": {"uri": uri(&file)}, "previousResultId": previous});
    let first = client.request("textDocument/diagnostic", params(&Value::Null)).unwrap();
    assert_eq!((&first["kind"], codes(&first["items"])), (&json!("full"), vec!["MESSAGE_PASCAL_CASE"]));
    let again = client.request("textDocument/diagnostic", params(&first["resultId"])).unwrap();
    assert_eq!(again["kind"], "unchanged");
    // A request for the whole workspace is answered when there is something new.
    let previous = json!([{"uri": uri(&file), "value": first["resultId"]}]);
    let waiting = client.ask("workspace/diagnostic", json!({"previousResultIds": previous}));
    client.replace(&file, &text.replace("user", "User"));
    let report = client.answer(waiting).unwrap();
    assert_eq!(report["items"][0]["items"], json!([]));
    let waiting = client.ask(
        "workspace/diagnostic",
        json!({"previousResultIds": [{"uri": uri(&file), "value": report["items"][0]["resultId"]}]}),
    );
    client.notify("$/cancelRequest", json!({"id": waiting}));
    assert_eq!(client.answer(waiting).unwrap_err()["code"], -32800);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn configurations_are_checked_and_completed_while_they_are_typed() {
    let text = "syntax = \"proto3\";\npackage a.v1;\nmessage user {}\n";
    let config = "version: 1\ncheck:\n  except:\n    - MESSAGE_PASCAL_CASE\n";
    let files = [("a/v1/a.proto", text), ("protolint.yaml", config)];
    let (_directory, top, mut client) = workspace(&files, pulling());
    let (file, config_file) = (top.join("a/v1/a.proto"), top.join("protolint.yaml"));
    client.open(&file, text);
    assert!(client.diagnostics(&file).is_empty());
    client.open(&config_file, config);
    assert!(client.diagnostics(&config_file).is_empty());
    client.replace(&config_file, &config.replace("except", "exept"));
    let found = client.diagnostics(&config_file);
    assert_eq!(found[0]["code"], "CONFIG_INVALID", "{found:?}");
    assert_eq!(found[0]["range"]["start"], json!({"line": 2, "character": 2}));
    let hover = client.request("textDocument/hover", at(&config_file, 3, 10)).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("MESSAGE_PASCAL_CASE"), "{hover}");
    client.replace(&config_file, &config.replace("MESSAGE_PASCAL_CASE", "MESSAGE_PA"));
    let list = client.request("textDocument/completion", at(&config_file, 3, 16)).unwrap();
    let labels: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    assert!(labels.contains(&"MESSAGE_PASCAL_CASE"), "{labels:?}");
    // What holds is what is on the disk.
    std::fs::write(&config_file, "version: 1\n").unwrap();
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri(&config_file)}}));
    assert_eq!(codes(&json!(client.diagnostics(&file))), ["MESSAGE_PASCAL_CASE"]);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn each_folder_has_its_own_configuration() {
    let text = "syntax = \"proto3\";\npackage a.v1;\nmessage user {}\n";
    let directory = tempfile::tempdir().unwrap();
    let top = directory.path().canonicalize().unwrap();
    let files = [
        ("one/a/v1/a.proto", text),
        ("one/protolint.yaml", "version: 1\ncheck:\n  except: [MESSAGE_PASCAL_CASE]\n"),
        ("two/a/v1/a.proto", text),
    ];
    write(&top, &files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect());
    let mut client = Client::start_with(&[&top.join("one"), &top.join("two")], pulling());
    for (folder, count) in [("one", 0), ("two", 1)] {
        let file = top.join(folder).join("a/v1/a.proto");
        client.open(&file, text);
        assert_eq!(client.diagnostics(&file).len(), count, "{folder}");
    }
    assert_eq!(client.end(), Some(0));
}

#[test]
fn references_to_deprecated_elements_are_struck_through() {
    let text = "syntax = \"proto3\";\npackage a.v1;\nmessage User { Name name = 1; }\n// Deprecated: use a string.\nmessage Name { option deprecated = true; }\n";
    let files = [("a/v1/a.proto", text), ("protolint.yaml", "version: 1\ncheck: {use: [DEPRECATION]}\n")];
    let (_directory, top, mut client) = workspace(&files, pulling());
    let file = top.join("a/v1/a.proto");
    client.open(&file, text);
    let found = client.diagnostics(&file);
    let found = Value::Array(found);
    assert_eq!((codes(&found), &found[0]["tags"]), (vec!["DEPRECATED_USED"], &json!([2])));
    let range = json!({"start": {"line": 2, "character": 15}, "end": {"line": 2, "character": 19}});
    assert_eq!(found[0]["range"], range);
    assert_eq!(found[0]["relatedInformation"][0]["message"], "deprecated: use a string");
    assert_eq!(client.end(), Some(0));
}
