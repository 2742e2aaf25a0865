/** The program is found where the setting or `PATH` says, and another program of the same name is not taken for it. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, before, describe, test } from "node:test";

import { findProgram, hasLanguageServer, type Surroundings } from "../src/program";

/** `first/` and `second/` have a program, `plain/` a file that is not executable, `folder/` a directory of that name. */
let root: string;

before(() => {
  root = mkdtempSync(path.join(tmpdir(), "protolint-program-"));
  for (const folder of ["first", "second", "plain", "folder/protolint"]) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  program("first", '[ "$1" = lsp ]');
  program("second", "echo 'unknown subcommand' >&2; exit 1");
  writeFileSync(path.join(root, "plain/protolint"), "");
});

after(() => rmSync(root, { recursive: true }));

function program(folder: string, script: string): void {
  const file = path.join(root, folder, "protolint");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function surroundings(...folders: string[]): Surroundings {
  const directories = folders.map((folder) => path.join(root, folder));
  return {
    environment: { PATH: ["", ...directories].join(":"), HOME: root },
    platform: "linux",
    workspaceFolder: path.join(root, "second"),
  };
}

const found = (...parts: string[]) => ({ kind: "found", program: path.join(root, ...parts) });

describe("findProgram", () => {
  test("takes the first program on PATH", async () => {
    assert.deepEqual(await findProgram("", surroundings("missing", "first", "second")), found("first", "protolint"));
  });

  test("skips directories, and files that are not executable", async () => {
    const search = await findProgram(" ", surroundings("plain", "folder", "second"));
    assert.deepEqual(search, found("second", "protolint"));
  });

  test("reports that nothing is installed, also if the current directory has such a program", async () => {
    process.chdir(path.join(root, "first"));
    assert.deepEqual(await findProgram("", surroundings("plain")), { kind: "not-installed" });
  });

  test("takes the program of the setting, also if PATH has another", async () => {
    const around = surroundings("second");
    assert.deepEqual(await findProgram(path.join(root, "first/protolint"), around), found("first", "protolint"));
    assert.deepEqual(await findProgram("~/first/protolint", around), found("first", "protolint"));
    assert.deepEqual(await findProgram("${workspaceFolder}/protolint", around), found("second", "protolint"));
    assert.deepEqual(await findProgram("./protolint", around), found("second", "protolint"));
  });

  test("searches for a bare name of the setting on PATH", async () => {
    assert.deepEqual(await findProgram("protolint", surroundings("second")), found("second", "protolint"));
  });

  test("reports a setting that names no program, and does not take another", async () => {
    const around = surroundings("first");
    assert.deepEqual(await findProgram("/missing/protolint", around), { kind: "wrong-setting", path: "/missing/protolint" });
    assert.deepEqual(await findProgram("protolint-next", around), { kind: "wrong-setting", path: "protolint-next" });
  });

  test("adds the extensions of programs on Windows", async () => {
    writeFileSync(path.join(root, "plain/protolint.EXE"), "");
    chmodSync(path.join(root, "plain/protolint.EXE"), 0o755);
    const around: Surroundings = {
      environment: { Path: `${path.join(root, "folder")};${path.join(root, "plain")}`, PATHEXT: ".COM;.EXE" },
      platform: "win32",
      workspaceFolder: undefined,
    };
    assert.deepEqual(await findProgram("", around), found("plain", "protolint.EXE"));
  });
});

test("hasLanguageServer accepts only a program with the subcommand `lsp`", async () => {
  assert.equal(await hasLanguageServer(path.join(root, "first/protolint")), true);
  assert.equal(await hasLanguageServer(path.join(root, "second/protolint")), false);
  assert.equal(await hasLanguageServer(path.join(root, "missing")), false);
});
