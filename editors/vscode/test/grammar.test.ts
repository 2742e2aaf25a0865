/** The grammar gives each word of a schema the scope that themes colour. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { before, describe, test } from "node:test";
import { loadWASM, OnigScanner, OnigString } from "vscode-oniguruma";
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from "vscode-textmate";

const ROOT = path.join(__dirname, "../..");

let grammar: IGrammar;

before(async () => {
  const library = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await loadWASM(library.buffer.slice(library.byteOffset, library.byteOffset + library.byteLength));
  const file = path.join(ROOT, "syntaxes/proto.tmLanguage.json");
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(readFileSync(file, "utf8"), file),
  });
  const loaded = await registry.loadGrammar("source.proto");
  assert.ok(loaded);
  grammar = loaded;
});

/** The innermost scope of each token of the text, without white space. */
function scopes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let state = INITIAL;
  for (const line of text.split("\n")) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const token of result.tokens) {
      const word = line.slice(token.startIndex, token.endIndex).trim();
      if (word !== "") {
        found.set(word, token.scopes.at(-1)?.replace(/\.proto$/, "") ?? "");
      }
    }
  }
  return found;
}

/** Every word with its scope. */
const EXPECTED: [string, Record<string, string>][] = [
  ['edition = "2023";', { edition: "keyword.control.syntax", "2023": "string.quoted.double" }],
  ["package acme.shop.v1;", { package: "keyword.control.package", "acme.shop.v1": "entity.name.namespace" }],
  ['import public "a.proto";', { import: "keyword.control.import", public: "storage.modifier.import" }],
  ["option java_package = 'a';", { option: "keyword.other.option", java_package: "support.variable.option" }],
  [
    "export message Order {\n  repeated .acme.Item items = 0x2 [(acme.max).size = 5, deprecated = true];\n}",
    {
      export: "storage.modifier.visibility",
      message: "storage.type.message",
      Order: "entity.name.type.message",
      repeated: "storage.modifier.cardinality",
      ".acme.Item": "support.type.message",
      items: "variable.other.member",
      "0x2": "constant.numeric",
      "acme.max": "support.variable.option.custom",
      deprecated: "support.variable.option",
      true: "constant.language.boolean",
    },
  ],
  [
    "message M {\n  map<string, Item> map = 1;\n  string message = 2;\n  optional int32 enum = 3;\n}",
    {
      M: "entity.name.type.message",
      Item: "support.type.message",
      map: "variable.other.member",
      message: "variable.other.member",
      enum: "variable.other.member",
      int32: "support.type.scalar",
    },
  ],
  [
    'enum Color {\n  RED = -1;\n  reserved 2 to max, "BLUE";\n}',
    { enum: "storage.type.enum", RED: "variable.other.enummember", "-1": "constant.numeric", to: "keyword.operator.range" },
  ],
  [
    "service S {\n  rpc Get(stream a.Req) returns (Res) { option idempotency_level = IDEMPOTENT; }\n}\nmessage After {}",
    {
      rpc: "keyword.other.rpc",
      Get: "entity.name.function",
      stream: "storage.modifier.stream",
      "a.Req": "support.type.message",
      Res: "support.type.message",
      IDEMPOTENT: "constant.other.enum",
      After: "entity.name.type.message",
    },
  ],
  [
    "message M {\n  oneof kind {\n    int32 a = 1;\n  }\n  optional group Extra = 2 {\n    bool b = 3;\n  }\n  extend M {\n    bool c = 4;\n  }\n}",
    { kind: "entity.name.type.oneof", group: "storage.type.group", Extra: "entity.name.type.message", c: "variable.other.member" },
  ],
  [
    'option (google.api.http) = {get: "/v1/{name}" extra: [{k: 1}]};\nmessage After {}',
    { "google.api.http": "support.variable.option.custom", get: "variable.other.member", After: "entity.name.type.message" },
  ],
  [
    "// protolint:ignore RULE why\n/* block */ message M {}",
    { "protolint:ignore": "keyword.other.ignore-comment", block: "comment.block", M: "entity.name.type.message" },
  ],
  // A statement that is not finished does not change the colours of the next one.
  ['import "a.proto\nmessage M {}', { M: "entity.name.type.message" }],
  ["message M {\n  string a = \n}\nmessage N {}", { a: "variable.other.member", N: "entity.name.type.message" }],
];

describe("the grammar", () => {
  for (const [text, expected] of EXPECTED) {
    test(JSON.stringify(text.slice(0, 60)), () => {
      const found = scopes(text);
      for (const [word, scope] of Object.entries(expected)) {
        assert.equal(found.get(word), scope, `\`${word}\` in ${JSON.stringify(text)}`);
      }
    });
  }
});
