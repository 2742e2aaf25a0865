/**
 * A stand-in for the module `vscode`: settings, messages, commands, one open document and its diagnostics. All other
 * members are empty classes, or functions that do nothing, which the client library only derives from or passes on.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

type Listener<T> = (event: T) => unknown;

const NOTHING = { dispose: () => undefined };

class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>, self?: unknown) => {
    const bound: Listener<T> = (event) => listener.call(self, event);
    this.listeners.add(bound);
    return { dispose: () => void this.listeners.delete(bound) };
  };
  fire(event: T): void {
    for (const listener of [...this.listeners]) {
      listener(event);
    }
  }
  dispose(): void {
    this.listeners.clear();
  }
}

class CancellationTokenSource {
  private readonly emitter = new EventEmitter<void>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.emitter.fire();
  }
  dispose(): void {
    this.emitter.dispose();
  }
}

class Disposable {
  static from(...all: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }
  constructor(readonly dispose: () => unknown) {}
}

class Uri {
  readonly scheme: string;
  readonly path: string;
  readonly authority = "";
  constructor(private readonly text: string) {
    this.scheme = text.split(":", 1)[0] ?? "";
    this.path = this.scheme === "file" ? new URL(text).pathname : text;
  }
  static parse(text: string): Uri {
    return new Uri(text);
  }
  static file(name: string): Uri {
    return new Uri(pathToFileURL(name).href);
  }
  get fsPath(): string {
    return fileURLToPath(this.text);
  }
  toString(): string {
    return this.text;
  }
}

class Position {
  constructor(readonly line: number, readonly character: number) {}
}

class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(line: number, character: number, endLine: number, endCharacter: number) {
    this.start = new Position(line, character);
    this.end = new Position(endLine, endCharacter);
  }
}

class CodeActionKind {
  static readonly Empty = new CodeActionKind("");
  constructor(readonly value: string) {}
  append(part: string): CodeActionKind {
    return new CodeActionKind(this.value === "" ? part : `${this.value}.${part}`);
  }
}

class Location {
  constructor(readonly uri: Uri, readonly range: Range) {}
}

class DiagnosticRelatedInformation {
  constructor(readonly location: Location, readonly message: string) {}
}

/** A diagnostic as VS Code gets it from an extension. */
export class Diagnostic {
  code: string | { value: string; target: Uri } | undefined;
  relatedInformation: DiagnosticRelatedInformation[] | undefined;
  constructor(readonly range: Range, readonly message: string, readonly severity: number) {}
}

class TextEdit {
  constructor(readonly range: Range, readonly newText: string) {}
}

/** The edits of each file, as texts that are inserted. */
class WorkspaceEdit {
  readonly inserted: string[] = [];
  get size(): number {
    return this.inserted.length;
  }
  set(uri: Uri, edits: (TextEdit | [TextEdit, unknown])[]): void {
    const name = uri.path.split("/").at(-1) ?? "";
    for (const edit of edits) {
      this.inserted.push(`${name}: ${(Array.isArray(edit) ? edit[0] : edit).newText}`);
    }
  }
}

/** What the client library registers for renames. */
interface RenameProvider {
  provideRenameEdits(document: TextDocument, at: Position, name: string, token: unknown): Promise<WorkspaceEdit>;
}

class TextDocument {
  readonly languageId = "proto";
  readonly isClosed = false;
  readonly eol = 1;
  version = 1;
  constructor(readonly uri: Uri, private text: string) {}
  getText(): string {
    return this.text;
  }
  /** The position of a text. */
  positionOf(text: string): Position {
    const lines = this.text.slice(0, this.text.indexOf(text)).split("\n");
    return new Position(lines.length - 1, lines.at(-1)?.length ?? 0);
  }
  /** Replaces one text, and returns the event of VS Code. */
  replace(old: string, text: string): unknown {
    const { line, character } = this.positionOf(old);
    this.text = this.text.replace(old, () => text);
    this.version += 1;
    const range = new Range(line, character, line, character + old.length);
    return { document: this, contentChanges: [{ range, rangeLength: old.length, text }] };
  }
}

/** An object whose missing members are made when they are read. */
function openEnded(members: Record<string, unknown>, make: (name: string) => unknown): Record<string, unknown> {
  return new Proxy(members, {
    get: (target, name) => {
      if (typeof name === "string" && !(name in target) && name !== "then") {
        target[name] = make(name);
      }
      return Reflect.get(target, name) as unknown;
    },
  });
}

const functions = (members: Record<string, unknown>) => openEnded(members, () => () => NOTHING);

export class StandIn {
  readonly settings = new Map<string, unknown>();
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly opened: string[] = [];
  readonly executed: string[] = [];
  readonly log: string[] = [];
  /** The diagnostics that are shown, by the URI of their file. */
  readonly shown = new Map<string, Diagnostic[]>();
  private noteApplied: (edit: WorkspaceEdit) => void = () => undefined;
  /** The edits that the server applied. */
  readonly applied = new Promise<WorkspaceEdit>((resolve) => (this.noteApplied = resolve));
  private renamer: RenameProvider | undefined;
  /** The button that the user presses in each message. */
  answer: string | undefined;
  readonly api: Record<string, unknown>;
  private readonly commands = new Map<string, () => Promise<void>>();
  private readonly documents: TextDocument[] = [];
  private readonly editors: { document: TextDocument }[] = [];
  private readonly changes = new EventEmitter<unknown>();
  private readonly diagnosed = new EventEmitter<void>();

  constructor(private readonly directory: string) {
    const own = {
      version: "1.91.0",
      window: functions(this.window()),
      workspace: functions(this.workspace()),
      commands: functions(this.commandsOfApi()),
      languages: functions({
        createDiagnosticCollection: () => this.collection(),
        match: () => 10,
        registerRenameProvider: (_selector: unknown, provider: RenameProvider) => {
          this.renamer = provider;
          return NOTHING;
        },
      }),
      env: functions({
        appName: "stand-in",
        language: "en",
        openExternal: async (target: Uri) => void this.opened.push(target.toString()),
      }),
      DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
      ...{ EventEmitter, CancellationTokenSource, Disposable, Uri, Position, Range, Location },
      ...{ Diagnostic, DiagnosticRelatedInformation, TextEdit, WorkspaceEdit, CodeActionKind },
    };
    this.api = openEnded(own, () => class {});
  }

  /** Opens a file in an editor, as before the extension was activated. */
  open(name: string): TextDocument {
    const file = `${this.directory}/${name}`;
    const document = new TextDocument(Uri.file(file), readFileSync(file, "utf8"));
    this.documents.push(document);
    this.editors.push({ document });
    return document;
  }

  /** Replaces a text of an open document, as a person who types. */
  edit(document: TextDocument, old: string, text: string): void {
    this.changes.fire(document.replace(old, text));
  }

  /** Renames what is at a text of a document. */
  async rename(document: TextDocument, text: string, name: string): Promise<WorkspaceEdit> {
    const token = new CancellationTokenSource().token;
    return (await this.renamer?.provideRenameEdits(document, document.positionOf(text), name, token)) ?? new WorkspaceEdit();
  }

  /** Waits until the diagnostics of a document satisfy a condition. */
  async diagnostics(document: TextDocument, condition: (found: Diagnostic[]) => boolean): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.shown.get(document.uri.toString());
      if (found !== undefined && condition(found)) {
        return found;
      }
      await new Promise<void>((resolve) => {
        const listening = this.diagnosed.event(() => {
          listening.dispose();
          resolve();
        });
      });
    }
  }

  /** Runs a command of the extension. */
  async run(command: string): Promise<void> {
    await this.commands.get(command)?.();
    await this.settled();
  }

  /** Waits until the handlers of answers to messages have run. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  private window(): Record<string, unknown> {
    const note = (message: unknown) => void this.log.push(String(message));
    const channel = { info: note, error: note, logLevel: 3 };
    return {
      createOutputChannel: () => functions(channel),
      showErrorMessage: async (message: string) => {
        this.errors.push(message);
        return this.answer;
      },
      showWarningMessage: async (message: string) => {
        this.warnings.push(message);
        return this.answer;
      },
      visibleTextEditors: this.editors,
      activeTextEditor: undefined,
      tabGroups: functions({ all: [] }),
    };
  }

  private workspace(): Record<string, unknown> {
    const uri = Uri.file(this.directory);
    const get = (name: string, fallback: unknown) => this.settings.get(name) ?? fallback;
    return {
      workspaceFolders: [{ uri, name: "shop", index: 0 }],
      textDocuments: this.documents,
      notebookDocuments: [],
      applyEdit: async (edit: WorkspaceEdit) => {
        this.noteApplied(edit);
        return true;
      },
      onDidChangeTextDocument: this.changes.event,
      getConfiguration: () => ({ get, inspect: () => undefined }),
    };
  }

  private commandsOfApi(): Record<string, unknown> {
    return {
      registerCommand: (name: string, run: () => Promise<void>) => {
        this.commands.set(name, run);
        return { dispose: () => void this.commands.delete(name) };
      },
      executeCommand: async (...words: string[]) => void this.executed.push(words.join(" ")),
    };
  }

  private collection(): Record<string, unknown> {
    const set = (uri: Uri, found: Diagnostic[] | undefined) => {
      this.shown.set(uri.toString(), found ?? []);
      this.diagnosed.fire();
    };
    return { set, delete: (uri: Uri) => set(uri, []), clear: () => this.shown.clear(), ...NOTHING };
  }
}
