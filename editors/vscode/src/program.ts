/**
 * Finds the `protolint` program, and checks that it has a language server. Nothing here depends on VS Code.
 */
import { execFile } from "node:child_process";
import { constants, promises as fs } from "node:fs";
import * as path from "node:path";

/** Where to search. */
export interface Surroundings {
  /** The variables of the process; `PATH`, `PATHEXT` and `HOME` are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The first folder of the workspace, for `${workspaceFolder}`. */
  readonly workspaceFolder: string | undefined;
}

/** A program, or why there is none. */
export type Search =
  | { readonly kind: "found"; readonly program: string }
  | { readonly kind: "not-installed" }
  | { readonly kind: "wrong-setting"; readonly path: string };

/** The program that the setting names or, if the setting is empty, the first one on `PATH`. */
export async function findProgram(setting: string, surroundings: Surroundings): Promise<Search> {
  const written = setting.trim();
  if (written === "") {
    return onPath("protolint", surroundings);
  }
  const named = expand(written, surroundings);
  if (!/[\\/]/.test(named)) {
    const search = await onPath(named, surroundings);
    return search.kind === "found" ? search : { kind: "wrong-setting", path: named };
  }
  const program = await firstExecutable(path.resolve(surroundings.workspaceFolder ?? "", named), surroundings);
  return program === undefined ? { kind: "wrong-setting", path: named } : { kind: "found", program };
}

/** The path that a setting means. */
function expand(setting: string, { environment, workspaceFolder }: Surroundings): string {
  const home = environment["HOME"] ?? environment["USERPROFILE"];
  return setting
    .replace(/^~(?=$|[\\/])/, (tilde) => home ?? tilde)
    .replace(/\$\{workspaceFolder\}/g, (variable) => workspaceFolder ?? variable);
}

async function onPath(name: string, surroundings: Surroundings): Promise<Search> {
  const separator = surroundings.platform === "win32" ? ";" : ":";
  const variable = surroundings.environment["PATH"] ?? surroundings.environment["Path"] ?? "";
  for (const directory of variable.split(separator)) {
    // An empty entry is the current directory, which can be a repository that is not trusted.
    if (directory !== "") {
      const program = await firstExecutable(path.join(directory, name), surroundings);
      if (program !== undefined) {
        return { kind: "found", program };
      }
    }
  }
  return { kind: "not-installed" };
}

/** The file, or on Windows the file with an extension of programs, that can be executed. */
async function firstExecutable(file: string, { environment, platform }: Surroundings): Promise<string | undefined> {
  const extensions = platform === "win32" ? ["", ...(environment["PATHEXT"] ?? ".EXE").split(";")] : [""];
  for (const extension of extensions) {
    if (await isExecutable(file + extension)) {
      return file + extension;
    }
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await fs.access(file, constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}

/**
 * Whether the program has a subcommand `lsp`. Another program of the same name, and old releases, do not have it, and
 * their error messages would look like a crash of the server.
 */
export function hasLanguageServer(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = execFile(program, ["lsp", "--help"], { timeout: 10_000 }, (error) => resolve(error === null));
    child.stdin?.end();
  });
}
