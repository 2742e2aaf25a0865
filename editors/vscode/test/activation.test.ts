/**
 * The packaged extension finds its program, starts the server, and says what to install where there is none. A small
 * stand-in for VS Code records what the extension does.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";

import { StandIn } from "./vscode";

const BUNDLE = path.join(__dirname, "../../dist/extension.js");
const SERVER = process.env["PROTOLINT_SERVER"];
const NEEDS_SERVER = { skip: SERVER === undefined && "PROTOLINT_SERVER is not set", timeout: 60_000 };
const PREPARE = path.join(__dirname, "../../../../tests/editors/prepare");
const PATH = process.env["PATH"];

interface Extension {
  activate(context: { subscriptions: unknown[] }): Promise<void>;
  deactivate(): Promise<void>;
}

/** Loads the bundle anew, with a stand-in for the module that only VS Code has. */
function load(standIn: StandIn): Extension {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const original = loader._load;
  loader._load = (request, ...rest) => (request === "vscode" ? standIn.api : original(request, ...rest));
  try {
    delete require.cache[require.resolve(BUNDLE)];
    return require(BUNDLE) as Extension;
  } finally {
    loader._load = original;
  }
}

describe("the extension", () => {
  let directory: string;
  let standIn: StandIn;
  let extension: Extension;

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "protolint-activation-"));
    process.env["PATH"] = directory;
    standIn = new StandIn(directory);
    extension = load(standIn);
  });

  afterEach(async () => {
    await extension.deactivate();
    process.env["PATH"] = PATH;
    rmSync(directory, { recursive: true });
  });

  function program(name: string, script: string): void {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(directory, name), 0o755);
  }

  /** A repository, and the server in the settings. */
  function prepareServer(): void {
    process.env["PATH"] = PATH;
    assert.equal(spawnSync(PREPARE, [directory], { stdio: "inherit" }).status, 0);
    standIn.settings.set("path", SERVER);
  }

  test("offers the page that says how to install the program", async () => {
    standIn.answer = "How to Install";
    await extension.activate({ subscriptions: [] });
    await standIn.settled();
    assert.match(standIn.errors[0] ?? "", /protolint is not on PATH/);
    assert.deepEqual(standIn.opened, ["https://github.com/protolint-rs/protolint#install"]);
  });

  test("names a setting that is wrong", async () => {
    standIn.settings.set("path", "/missing/protolint");
    standIn.answer = "Open Settings";
    await extension.activate({ subscriptions: [] });
    await standIn.settled();
    assert.match(standIn.errors[0] ?? "", /`protolint.path` names `\/missing\/protolint`/);
    assert.deepEqual(standIn.executed, ["workbench.action.openSettings protolint.path"]);
  });

  test("does not start another program of the same name", async () => {
    program("protolint", "echo 'unknown command' >&2; exit 1");
    await extension.activate({ subscriptions: [] });
    await standIn.settled();
    assert.match(standIn.errors[0] ?? "", /has no language server/);
  });

  test("starts after the program was installed and the user chose to restart", async () => {
    await extension.activate({ subscriptions: [] });
    await standIn.settled();
    program("protolint", "exit 1");
    await standIn.run("protolint.restartServer");
    assert.match(standIn.errors[1] ?? "", /has no language server/);
  });

  test("shows the diagnostics of each edit, also after a restart", NEEDS_SERVER, async () => {
    prepareServer();
    const order = standIn.open("proto/acme/shop/v1/order.proto");
    await extension.activate({ subscriptions: [] });
    assert.deepEqual(standIn.errors, []);
    await standIn.diagnostics(order, (found) => found.length === 0);

    standIn.edit(order, "int32 quantity", "string quantity");
    const [broken] = await standIn.diagnostics(order, (found) => found.length === 1);
    assert.ok(broken && typeof broken.code === "object" && broken.relatedInformation);
    assert.equal(broken.code.value, "FIELD_SAME_TYPE");
    assert.match(broken.code.target.toString(), /^https:.*FIELD_SAME_TYPE/);
    assert.match(broken.relatedInformation[0]?.location.uri.toString() ?? "", /^protolint-base:/);

    standIn.shown.clear();
    await standIn.run("protolint.restartServer");
    await standIn.diagnostics(order, (found) => found.length === 1);
    standIn.edit(order, "string quantity", "int32 quantity");
    await standIn.diagnostics(order, (found) => found.length === 0);
    assert.deepEqual(standIn.errors, []);
    assert.equal(standIn.log.filter((line) => /^starting .* lsp$/.test(line)).length, 2);
  });

  test("renames what the base does not have", NEEDS_SERVER, async () => {
    prepareServer();
    const shipment = standIn.open("proto/acme/shop/v1/shipment.proto");
    await extension.activate({ subscriptions: [] });
    assert.deepEqual(standIn.errors, []);
    const edit = await standIn.rename(shipment, "Parcel parcels", "Package");
    assert.deepEqual(edit.inserted.toSorted(), ["parcel.proto: Package", "shipment.proto: Package"]);
  });

  test("offers to rename what the base has, and names the layers that break", NEEDS_SERVER, async () => {
    prepareServer();
    const order = standIn.open("proto/acme/shop/v1/order.proto");
    await extension.activate({ subscriptions: [] });
    assert.deepEqual(standIn.errors, []);
    standIn.answer = "Rename Anyway";
    const edit = await standIn.rename(order, "quantity = 2", "amount");
    assert.deepEqual(edit.inserted, []);
    assert.match(standIn.warnings[0] ?? "", /^protolint: the new name breaks .*json[^;]*$/);
    assert.deepEqual((await standIn.applied).inserted, ["order.proto: amount"]);
    assert.deepEqual(standIn.errors, []);
  });
});
