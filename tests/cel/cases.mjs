// Writes the cases of CEL's conformance suite, and the descriptors of the messages that they use, as JSON into a directory.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const [directory] = process.argv.slice(2);
const suites = new URL("node_modules/@bufbuild/cel-spec/dist/esm/", import.meta.url);

// Readers of JSON round doubles; as texts they are exact. JSON has no negative zero either.
const exact = (key, value) => (key === "doubleValue" && typeof value === "number" ? (Object.is(value, -0) ? "-0" : String(value)) : value);
const { tests } = await import(new URL("testdata/conformance.js", suites));
writeFileSync(join(directory, "conformance.json"), JSON.stringify(tests, exact));

const files = ["proto2/test_all_types", "proto2/test_all_types_extensions", "proto3/test_all_types"];
const descriptors = files.map((file) => {
    const text = readFileSync(fileURLToPath(new URL(`gen/cel/expr/conformance/${file}_pb.js`, suites)), "utf8");
    return /fileDesc\("([^"]+)"/.exec(text)[1];
});
writeFileSync(join(directory, "descriptors.json"), JSON.stringify(descriptors));
