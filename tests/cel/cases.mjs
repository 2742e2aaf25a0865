// Writes the cases of CEL's conformance suite, and the descriptors of the messages that they use, as JSON into a directory.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const [directory] = process.argv.slice(2);
const packages = new URL("node_modules/@bufbuild/", import.meta.url);

// Readers of JSON round doubles; as texts they are exact. JSON has no negative zero either.
const exact = (key, value) => (key === "doubleValue" && typeof value === "number" ? (Object.is(value, -0) ? "-0" : String(value)) : value);
const { tests } = await import(new URL("cel-spec/dist/esm/testdata/conformance.js", packages));
writeFileSync(join(directory, "conformance.json"), JSON.stringify(tests, exact));

const wellKnown = ["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"];
const files = [
    ...wellKnown.map((file) => `protobuf/dist/esm/wkt/google/protobuf/${file}_pb.js`),
    ...["proto2/test_all_types", "proto2/test_all_types_extensions", "proto3/test_all_types"].map((file) => `cel-spec/dist/esm/gen/cel/expr/conformance/${file}_pb.js`),
];
const descriptors = files.map((file) => {
    const text = readFileSync(fileURLToPath(new URL(file, packages)), "utf8");
    return /fileDesc\("([^"]+)"/.exec(text)[1];
});
writeFileSync(join(directory, "descriptors.json"), JSON.stringify(descriptors));
