/**
 * The server answers VS Code's library for the protocol: diagnostics are pulled, a break has its old declaration as a
 * document of the server, and an edit of a quick fix is in UTF-16. `PROTOLINT_SERVER` names the program.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  CodeActionRequest,
  ConfigurationRequest,
  DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  InlayHintRequest,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentContentRequest,
  WorkspaceDiagnosticRequest,
  type ClientCapabilities,
  type CodeAction,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type TextEdit,
} from "vscode-languageserver-protocol/node";

const SERVER = process.env["PROTOLINT_SERVER"];
const PREPARE = path.join(__dirname, "../../../../tests/editors/prepare");
const SECONDS_TO_END = 10;

/** What `vscode-languageclient` offers of the features that this session uses. */
const CAPABILITIES: ClientCapabilities = {
  general: { positionEncodings: ["utf-16"], staleRequestSupport: { cancel: true, retryOnContentModified: [] } },
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "refactor", "source"] } },
      dataSupport: true,
      isPreferredSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
    inlayHint: { dynamicRegistration: true },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true },
    diagnostics: { refreshSupport: true },
    textDocumentContent: { dynamicRegistration: true },
  },
};

describe("a session of VS Code", { skip: SERVER === undefined && "PROTOLINT_SERVER is not set", timeout: 60_000 }, () => {
  let directory: string;
  let server: ChildProcess;
  let connection: ProtocolConnection;
  let answer: InitializeResult;
  let uri: string;
  let text: string;
  let version = 1;

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "protolint-session-"));
    assert.equal(spawnSync(PREPARE, [directory], { stdio: "inherit" }).status, 0);
    const root = pathToFileURL(directory).href;
    const file = path.join(directory, "proto/acme/shop/v1/order.proto");
    uri = pathToFileURL(file).href;
    text = readFileSync(file, "utf8");

    server = spawn(SERVER as string, ["lsp"], { cwd: directory, stdio: ["pipe", "pipe", "inherit"] });
    assert.ok(server.stdin && server.stdout);
    connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    connection.onRequest(RegistrationRequest.type, () => undefined);
    connection.onRequest(DiagnosticRefreshRequest.type, () => undefined);
    connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => null));
    connection.listen();
    answer = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: root,
      workspaceFolders: [{ uri: root, name: "shop" }],
      capabilities: CAPABILITIES,
      initializationOptions: { inlayHints: { jsonNames: true, typeNames: true } },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    const textDocument = { uri, languageId: "proto", version, text };
    await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  });

  after(() => {
    connection.dispose();
    server.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  /** The offset of a position in UTF-16, which is what strings of JavaScript count. */
  function offset({ line, character }: { line: number; character: number }): number {
    const lines = text.split("\n").slice(0, line);
    return lines.reduce((sum, one) => sum + one.length + 1, 0) + character;
  }

  function marked({ range }: Diagnostic): string {
    return text.slice(offset(range.start), offset(range.end));
  }

  async function change(next: string): Promise<void> {
    text = next;
    version += 1;
    const contentChanges = [{ text }];
    await connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri, version }, contentChanges });
  }

  async function diagnostics(): Promise<Diagnostic[]> {
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
    assert.equal(report.kind, "full");
    return report.kind === "full" ? report.items : [];
  }

  function only(found: Diagnostic[], code: string): Diagnostic {
    assert.deepEqual(found.map((item) => item.code), [code], JSON.stringify(found, undefined, 2));
    return found[0] as Diagnostic;
  }

  test("positions are in UTF-16, and diagnostics are pulled", async () => {
    assert.equal(answer.capabilities.positionEncoding ?? "utf-16", "utf-16");
    assert.ok(answer.capabilities.diagnosticProvider);
    assert.deepEqual(await diagnostics(), []);
  });

  test("a break has its old declaration as a document of the server", async () => {
    await change(text.replace("int32 quantity", "string quantity"));
    const broken = only(await diagnostics(), "FIELD_SAME_TYPE");
    assert.equal(marked(broken), "string");
    assert.match(broken.codeDescription?.href ?? "", /FIELD_SAME_TYPE/);
    const old = broken.relatedInformation?.[0]?.location;
    assert.ok(old);
    assert.match(old.uri, /^protolint-base:/);
    const content = await connection.sendRequest(TextDocumentContentRequest.type, { uri: old.uri });
    const line = content.text.split("\n")[old.range.start.line] ?? "";
    assert.equal(line.slice(old.range.start.character, old.range.end.character), "int32");
  });

  test("the workspace has the same diagnostics", async () => {
    const report = await connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
    const items = report.items.flatMap((item) => (item.kind === "full" && item.uri === uri ? item.items : []));
    assert.deepEqual(items, await diagnostics());
    await change(text.replace("string quantity", "int32 quantity"));
    assert.deepEqual(await diagnostics(), []);
  });

  test("a quick fix removes its finding", async () => {
    await change(text.replace("Item items", "string items").replace("int32 quantity", "/* 𝄞 */ int32 quantity"));
    const found = await diagnostics();
    const unused = only(found.filter((item) => item.code === "IMPORT_USED"), "IMPORT_USED");
    const params = { textDocument: { uri }, range: unused.range, context: { diagnostics: [unused], only: ["quickfix"] } };
    const actions = (await connection.sendRequest(CodeActionRequest.type, params)) as CodeAction[];
    const preferred = actions.find((action) => action.isPreferred);
    assert.ok(preferred, JSON.stringify(actions));
    const resolved = preferred.edit ? preferred : await connection.sendRequest<CodeAction>("codeAction/resolve", preferred);
    await apply(edits(resolved));
    only(await diagnostics(), "FIELD_SAME_TYPE");
  });

  test("inlay hints are shown if the client wants them", async () => {
    const parcel = pathToFileURL(path.join(directory, "proto/acme/shop/v1/parcel.proto")).href;
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument: { uri: parcel }, range });
    assert.match(JSON.stringify(hints), /trackingNumber/);
  });

  test("the server ends", async () => {
    await connection.sendRequest(ShutdownRequest.type);
    const ended = new Promise<number | null>((resolve) => server.once("exit", resolve));
    await connection.sendNotification(ExitNotification.type);
    assert.equal(await Promise.race([ended, setTimeout(SECONDS_TO_END * 1000, "runs", { ref: false })]), 0);
  });

  function edits(action: CodeAction): TextEdit[] {
    const changed = action.edit?.documentChanges?.flatMap((one) => ("edits" in one ? one.edits : [])) ?? [];
    return [...(changed as TextEdit[]), ...(action.edit?.changes?.[uri] ?? [])];
  }

  /** Applies edits from the last one to the first one. */
  async function apply(changes: TextEdit[]): Promise<void> {
    assert.ok(changes.length > 0);
    let next = text;
    for (const { range, newText } of changes.toSorted((a, b) => offset(b.range.start) - offset(a.range.start))) {
      next = next.slice(0, offset(range.start)) + newText + next.slice(offset(range.end));
    }
    await change(next);
  }
});
