#!/usr/bin/env python3
"""Prints what language servers offer, from their answers to `initialize`, as a Markdown table.

    benches/lsp_capabilities.py "target/debug/protolint lsp" "buf lsp serve" protols
    benches/lsp_capabilities.py --readme editors/README.md "target/debug/protolint lsp"

The second form compares the first column of the table in a file with the answer of a server, and exits with 1 if they
differ. With UPDATE_EXPECT=1 it writes the column.
"""

import os
import pathlib
import shlex
import sys
import tempfile

from lsp_client import Failure, Server, initialize_params

# The keys of `ServerCapabilities` with the names of the specification, in the order of the table.
PROVIDERS = {
    "diagnosticProvider": "diagnostics, pulled",
    "hoverProvider": "hover",
    "completionProvider": "completion",
    "definitionProvider": "definition",
    "declarationProvider": "declaration",
    "typeDefinitionProvider": "type definition",
    "implementationProvider": "implementation",
    "referencesProvider": "references",
    "documentHighlightProvider": "document highlight",
    "documentSymbolProvider": "document symbols",
    "workspaceSymbolProvider": "workspace symbols",
    "documentLinkProvider": "document links",
    "foldingRangeProvider": "folding",
    "selectionRangeProvider": "selection ranges",
    "inlayHintProvider": "inlay hints",
    "semanticTokensProvider": "semantic tokens",
    "codeLensProvider": "code lenses",
    "signatureHelpProvider": "signature help",
    "codeActionProvider": "code actions",
    "renameProvider": "rename",
    "documentFormattingProvider": "formatting of documents",
    "documentRangeFormattingProvider": "formatting of ranges",
    "documentOnTypeFormattingProvider": "formatting on type",
    "executeCommandProvider": "commands",
    "callHierarchyProvider": "call hierarchy",
    "typeHierarchyProvider": "type hierarchy",
    "linkedEditingRangeProvider": "linked editing",
    "monikerProvider": "monikers",
}
SYNC = {0: "none", 1: "whole documents", 2: "changed ranges"}
SECONDS_OF_QUIET = 1


def main():
    commands = sys.argv[1:]
    if len(commands) == 3 and commands[0] == "--readme":
        compare(pathlib.Path(commands[1]), rows_of(commands[2]))
    elif not commands or commands[0].startswith("-"):
        sys.exit(__doc__)
    else:
        show(commands)


def show(commands):
    rows = [rows_of(command) for command in commands]
    print("|", " | ".join(["", *(f"`{command}`" for command in commands)]), "|")
    print("|", " | ".join(["---"] * (len(commands) + 1)), "|")
    for name in rows[0]:
        cells = [answers[name] for answers in rows]
        if any(cells):
            print("|", " | ".join([name, *(cell or "no" for cell in cells)]), "|")


def compare(path, answers):
    """Compares the first column of the last table in a file with the capabilities of a server."""
    text = path.read_text(encoding="utf-8")
    start = text.rindex("\n|---|") + 1
    heading, *lines = text[start:].split("\n")
    table = [line.strip("| ").split(" | ") for line in lines if line.startswith("|")]
    rest = [line for line in lines if not line.startswith("|")]
    columns = heading.count("---") - 1
    written = {name: cells for name, *cells in table}
    wanted = []
    # The version of this project is not part of the table: it is the version of the file.
    for name in [name for name in answers if name != "version"]:
        cells = written.get(name, ["no"] * columns)
        row = [name, answers[name] or "no", *cells[1:]]
        if any(cell != "no" for cell in row[1:]):
            wanted.append(row)
    # Rows about what no server announces stay as they are.
    wanted += [row for row in table if row[0] not in answers]
    if wanted == table:
        return
    if os.environ.get("UPDATE_EXPECT"):
        lines = [f"| {' | '.join(row)} |" for row in wanted]
        path.write_text(text[:start] + "\n".join([heading, *lines, *rest]), encoding="utf-8")
        return
    differences = [f"{path}: {' | '.join(row)}: now in the answer" for row in wanted if row not in table]
    sys.exit("\n".join([*differences, "UPDATE_EXPECT=1 writes the column"]))


def rows_of(command):
    """The cells of a server by the name of their row; an empty cell is a capability that the server does not have."""
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory).resolve()
        (root / "a.proto").write_text('syntax = "proto3";\npackage a;\n', encoding="utf-8")
        server = Server(shlex.split(command), root, limit=30)
        try:
            answer = server.request("initialize", initialize_params(root))
            server.notify("initialized", {})
            server.settle(SECONDS_OF_QUIET)
        finally:
            server.kill()
    capabilities = answer["capabilities"]
    info = answer.get("serverInfo") or {}
    workspace = capabilities.get("workspace") or {}
    rows = {
        "version": info.get("version", "") or "not reported",
        "edits are sent as": sync(capabilities.get("textDocumentSync")),
        "positions in": capabilities.get("positionEncoding", "utf-16"),
    }
    for key, name in PROVIDERS.items():
        value = capabilities.get(key)
        rows[name] = "" if value in (None, False) else details(key, value)
    rows["several workspace folders"] = yes((workspace.get("workspaceFolders") or {}).get("supported"))
    rows["documents of its own"] = ", ".join(
        f"`{scheme}:`" for scheme in (workspace.get("textDocumentContent") or {}).get("schemes", ())
    )
    rows["file operations"] = ", ".join(sorted(workspace.get("fileOperations") or {}))
    rows["registered later"] = ", ".join(sorted({method for method in server.registered}))
    return rows


def sync(value):
    kind = value.get("change", 0) if isinstance(value, dict) else value
    return SYNC.get(kind or 0, str(kind))


def details(key, value):
    """The part of an option that users notice."""
    options = value if isinstance(value, dict) else {}
    if key == "diagnosticProvider":
        return "documents and workspace" if options.get("workspaceDiagnostics") else "documents"
    if key == "codeActionProvider" and options.get("codeActionKinds"):
        return ", ".join(f"`{kind}`" for kind in options["codeActionKinds"])
    if key == "executeCommandProvider":
        return ", ".join(f"`{command}`" for command in options.get("commands", ()))
    if key == "renameProvider" and options.get("prepareProvider"):
        return "yes, checked before it starts"
    if key == "completionProvider" and options.get("triggerCharacters"):
        return "yes, after " + " ".join(f"`{character}`" for character in options["triggerCharacters"])
    if key == "documentOnTypeFormattingProvider":
        characters = [options["firstTriggerCharacter"], *options.get("moreTriggerCharacter", ())]
        return "yes, after " + " ".join(f"`{character}`".replace("\n", "\\n") for character in characters)
    return "yes"


def yes(value):
    return "yes" if value else ""


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(str(failure))
