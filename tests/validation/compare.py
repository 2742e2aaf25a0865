#!/usr/bin/env python3
"""Compares what protolint's evaluation of `buf.validate` makes of values with what Python's `protovalidate` does.

    compare.py DIRECTORY [--protoc PROTOC] [--include DIRECTORY]

The directory has `before.proto`, `after.proto` (packages `before` and `after`) and `cases.tsv`, as the test
`writes_cases` makes them with VALIDATION_CASES=DIRECTORY. A line of `cases.tsv` has a message, the side, the kind of the
case (`sample` or the name of a witness), the bytes as hexadecimal digits, and the verdict: accept, refuse or undecided.
The include directory holds `buf/validate/validate.proto`. Prints each difference, and exits with 1 where there is one."""

import argparse
import collections
import os
import shutil
import subprocess
import sys
import tempfile


def load(directory, protoc, include):
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "set.binpb")
        command = [protoc, f"--proto_path={directory}", f"--proto_path={include}", "--include_imports",
                   f"--descriptor_set_out={path}", "before.proto", "after.proto"]
        subprocess.run(command, check=True)
        files = descriptor_pb2.FileDescriptorSet.FromString(open(path, "rb").read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return lambda side, name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{side}.{name}"))


def judge(validator, message):
    import protovalidate

    try:
        violations = validator.collect_violations(message)
    except (protovalidate.CompilationError, protovalidate.EvaluationError) as error:
        return "error", str(error)
    if not violations:
        return "accept", ""
    first = violations[0]
    return "refuse", str(getattr(first, "proto", first)).replace("\n", " ")[:200]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("directory")
    parser.add_argument("--protoc", default=shutil.which("protoc"))
    parser.add_argument("--include", required=True)
    parser.add_argument("--most", type=int, default=40, help="how many differences are printed")
    given = parser.parse_args()
    try:
        import google.protobuf  # noqa: F401
        import protovalidate
    except ImportError as error:
        return print(f"skipped: {error}", file=sys.stderr)
    if not given.protoc:
        return print("skipped: there is no protoc", file=sys.stderr)
    find = load(given.directory, given.protoc, given.include)
    validator = protovalidate.Validator()
    counts = collections.Counter()
    differences = 0
    messages = set()
    for line in open(os.path.join(given.directory, "cases.tsv")):
        name, side, kind, data, ours = line.rstrip("\n").split("\t")
        message = find(side, name).FromString(bytes.fromhex(data))
        theirs, why = judge(validator, message)
        messages.add(name)
        counts[f"{'sample' if kind == 'sample' else 'witness'}: {ours} here, {theirs} there"] += 1
        is_same = ours == theirs or (ours == "undecided" and kind == "sample")
        if not is_same:
            differences += 1
            if differences <= given.most:
                print(f"{name} {side} {kind}: {ours} here, {theirs} there: {message!r:.300} {why}")
    for what, count in sorted(counts.items()):
        print(f"{count:8} {what}")
    print(f"{len(messages)} pairs, {sum(counts.values())} cases, {differences} differ")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
