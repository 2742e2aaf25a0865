/**
 * Starts `protolint lsp` and connects VS Code with it. All answers come from the server.
 */
import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  TransportKind,
  type LanguageClientOptions,
  type Middleware,
  type Position,
  type ServerOptions,
} from "vscode-languageclient/node";

import { findProgram, hasLanguageServer } from "./program";

const INSTALL_PAGE = "https://github.com/protolint-rs/protolint#install";

/** Settings that the server reads only when it starts. The client itself follows `protolint.trace.server`. */
const SETTINGS_OF_START = ["protolint.path", "protolint.args", "protolint.inlayHints"];

/** Language ids that extensions give to `.proto` files. */
const LANGUAGES = ["proto", "proto3", "protobuf"];

/** Configuration files that the server checks and completes. */
const CONFIGURATION_FILES =
  "**/{protolint.yaml,protolint.yml,.protolint.yaml,protolint.accepted.yaml,protolint.baseline.yaml,buf.yaml,buf.work.yaml}";

/** The command of the server that renames what the base has. */
const RENAME_ANYWAY = "protolint.renameAnyway";

/** Its argument. */
interface RenameAnyway {
  readonly uri: string;
  readonly position: Position;
  readonly newName: string;
}

let output: vscode.LogOutputChannel;
let client: LanguageClient | undefined;
/** Starts and stops, one after the other. */
let pending: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("protolint", { log: true });
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("protolint.restartServer", restart),
    vscode.commands.registerCommand("protolint.showOutput", () => output.show()),
    vscode.commands.registerCommand("protolint.fixFile", fixFile),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (SETTINGS_OF_START.some((setting) => change.affectsConfiguration(setting))) {
        void restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  await restart();
}

export function deactivate(): Promise<void> {
  return inTurn(stop);
}

function restart(): Promise<void> {
  return inTurn(async () => {
    await stop();
    await start();
  });
}

/** Runs the task after those that were requested before. A failure is shown, and does not prevent later tasks. */
function inTurn(task: () => Promise<void>): Promise<void> {
  pending = pending.then(task).catch((error: unknown) => {
    output.error(error instanceof Error ? error : String(error));
    void offerOutput("protolint: the language server did not start or stop");
  });
  return pending;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("protolint");
  const program = await selectProgram(settings.get<string>("path", ""));
  if (program === undefined) {
    return;
  }
  const args = ["lsp", ...settings.get<string[]>("args", [])];
  output.info(`starting ${[program, ...args].join(" ")}`);
  const server: ServerOptions = { command: program, args, transport: TransportKind.stdio };
  client = new LanguageClient("protolint", "protolint", server, clientOptions(settings));
  await client.start();
}

function clientOptions(settings: vscode.WorkspaceConfiguration): LanguageClientOptions {
  return {
    documentSelector: [
      ...LANGUAGES.flatMap((language) => [
        { scheme: "file", language },
        { scheme: "untitled", language },
      ]),
      { scheme: "file", pattern: CONFIGURATION_FILES },
    ],
    outputChannel: output,
    // An edit of another file can change the diagnostics of this one.
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
    initializationOptions: {
      inlayHints: {
        jsonNames: settings.get<boolean>("inlayHints.jsonNames", false),
        typeNames: settings.get<boolean>("inlayHints.typeNames", false),
      },
    },
    middleware: { provideRenameEdits: rename },
  };
}

/**
 * Renames. Where the base has the name, the server rejects that and names the layers that would break; then the user
 * decides.
 */
const rename: NonNullable<Middleware["provideRenameEdits"]> = async (document, position, newName, token, next) => {
  try {
    return await next(document, position, newName, token);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (client === undefined || !message.includes(RENAME_ANYWAY)) {
      throw error;
    }
    const { textDocument, position: at } = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
    void offerRename(client, message, { uri: textDocument.uri, position: at, newName });
    // Without an edit, the editor would show the message once more.
    return new vscode.WorkspaceEdit();
  }
};

async function offerRename(server: LanguageClient, message: string, argument: RenameAnyway): Promise<void> {
  const anyway = "Rename Anyway";
  // The button stands for the command that the message names after the reason.
  const reason = message.split(";", 1)[0] ?? message;
  if ((await vscode.window.showWarningMessage(`protolint: ${reason}`, anyway)) === anyway) {
    await server.sendRequest(ExecuteCommandRequest.type, { command: RENAME_ANYWAY, arguments: [argument] });
  }
}

/** The program to run. Where there is none, a message says what to do. */
async function selectProgram(setting: string): Promise<string | undefined> {
  const search = await findProgram(setting, {
    environment: process.env,
    platform: process.platform,
    workspaceFolder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
  });
  switch (search.kind) {
    case "not-installed":
      void offerInstall("protolint is not on PATH. Install it, or set `protolint.path`, and restart the server.");
      return undefined;
    case "wrong-setting":
      void offerInstall(`The setting \`protolint.path\` names \`${search.path}\`, which is not a program.`);
      return undefined;
    case "found":
      if (await hasLanguageServer(search.program)) {
        return search.program;
      }
      void offerInstall(
        `\`${search.program}\` has no language server: it is an old release, or another program of the same name.`,
      );
      return undefined;
  }
}

async function offerInstall(message: string): Promise<void> {
  output.error(message);
  const [install, settings, retry] = ["How to Install", "Open Settings", "Restart Server"];
  switch (await vscode.window.showErrorMessage(message, install, settings, retry)) {
    case install:
      await vscode.env.openExternal(vscode.Uri.parse(INSTALL_PAGE));
      break;
    case settings:
      await vscode.commands.executeCommand("workbench.action.openSettings", "protolint.path");
      break;
    case retry:
      await restart();
      break;
  }
}

async function offerOutput(message: string): Promise<void> {
  const show = "Show Output";
  if ((await vscode.window.showErrorMessage(message, show)) === show) {
    output.show();
  }
}

/** Applies the safe fixes of all findings in the active file. */
async function fixFile(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", { kind: "source.fixAll.protolint", apply: "first" });
}
