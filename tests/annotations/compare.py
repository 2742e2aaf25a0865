#!/usr/bin/env python3
"""Compares what `protolint breaking` finds of Google's annotations with what proto-breaking-change-detector finds.

    compare.py --protolint PROGRAM [--detector PROGRAM] [--protoc PROGRAM] cases
    compare.py --protolint PROGRAM [--detector PROGRAM] [--protoc PROGRAM] trees BEFORE AFTER PACKAGE...

`cases` runs the detector over the changes of testdata/verdicts/annotation_*.txt, which say what it finds: the differences
that are meant. `trees` compares both over packages, directories such as google/pubsub/v1, of two trees of googleapis.
Prints each difference, and exits with 1 where there is one. The detector is a program of that name, or the one that
$DETECTOR names; where there is none, nothing is compared."""

import argparse
import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILT_IN = os.path.join(TOP, "src", "schema", "builtin")


def quoted(*words):
    """The finding has these words in backticks."""
    return lambda ours: all(f"`{word}`" in ours["message"] for word in words)


def of_field(its):
    path = its["location"]["proto_file_name"]
    return lambda ours: ours["path"] == path and f"field `{its['subject']}` (" in ours["message"]


def of_rpc(its):
    return lambda ours: f"rpc `{its['subject']}` of service `{its['context']}`" in ours["message"]


def of_service(its):
    return lambda ours: f"service `{its['context']}`" in ours["message"]


def of_resource(its):
    name = its["subject"].rsplit("/", 1)[-1]
    deleted = lambda ours: ours["rule"] == "MESSAGE_NO_DELETE" and f"`{name}`" in ours["message"]
    return lambda ours: deleted(ours) or quoted(its["subject"])(ours)


# By its category: our rules, how to tell whether a finding is the same, and whether one of ours is for several of its.
SAME = {
    "FIELD_BEHAVIOR_CHANGE": (["FIELD_BEHAVIOR_REQUIRED_ADDED"], of_field, False),
    "NEW_REQUIRED_FIELD": (["FIELD_BEHAVIOR_REQUIRED_ADDED"], of_field, False),
    "FIELD_FORMAT_CHANGE": (["FIELD_INFO_FORMAT_CHANGED"], of_field, False),
    "RESOURCE_REFERENCE_REMOVAL": (["RESOURCE_REFERENCE_REMOVED"], of_field, False),
    "RESOURCE_REFERENCE_CHANGE": (["RESOURCE_REFERENCE_CHANGED"], of_field, False),
    "RESOURCE_REFERENCE_CHANGE_CHILD_TYPE": (["RESOURCE_REFERENCE_CHANGED"], of_field, False),
    "RESOURCE_DEFINITION_REMOVAL": (
        ["RESOURCE_REMOVED", "RESOURCE_TYPE_CHANGED", "MESSAGE_NO_DELETE"],
        of_resource,
        False,
    ),
    "RESOURCE_PATTERN_REMOVAL": (
        ["RESOURCE_PATTERN_REMOVED"],
        lambda its: quoted(its["type"], its["subject"]),
        False,
    ),
    "RESOURCE_PATTERN_REORDER": (["RESOURCE_PATTERN_REORDERED"], lambda its: quoted(its["subject"]), True),
    "SERVICE_HOST_REMOVAL": (["DEFAULT_HOST_CHANGED"], of_service, False),
    "SERVICE_HOST_CHANGE": (["DEFAULT_HOST_CHANGED"], of_service, False),
    "OAUTH_SCOPE_REMOVAL": (
        ["OAUTH_SCOPE_REMOVED"],
        lambda its: lambda ours: of_service(its)(ours) and quoted(its["subject"])(ours),
        False,
    ),
    "METHOD_SIGNATURE_REMOVAL": (
        ["METHOD_SIGNATURE_REMOVED"],
        lambda its: lambda ours: of_rpc(its)(ours) and quoted('"' + its["type"] + '"')(ours),
        False,
    ),
    "METHOD_SIGNATURE_ORDER_CHANGE": (["METHOD_SIGNATURE_REORDERED"], of_rpc, True),
    "LRO_RESPONSE_CHANGE": (["LRO_RESPONSE_TYPE_CHANGED"], of_rpc, False),
    "LRO_METADATA_CHANGE": (["LRO_METADATA_TYPE_CHANGED"], of_rpc, False),
    "LRO_ANNOTATION_ADDITION": (["LRO_OPERATION_INFO_ADDED", "RPC_SAME_RESPONSE_TYPE"], of_rpc, False),
    "LRO_ANNOTATION_REMOVAL": (["LRO_OPERATION_INFO_REMOVED", "RPC_SAME_RESPONSE_TYPE"], of_rpc, False),
}

# What it does not look at, by AIP-203.
OURS_ALONE = ["IDENTIFIER_REMOVED", "IMMUTABLE_ADDED", "INPUT_ONLY_ADDED", "OUTPUT_ONLY_ADDED", "OUTPUT_ONLY_REMOVED"]
OURS_ALONE = ["FIELD_BEHAVIOR_" + name for name in OURS_ALONE]


def run(command, directory=None):
    done = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace").strip()


def descriptors(args, tree, files, to):
    """Compiles files of a tree."""
    command = [args.protoc, "-I" + tree, "-I" + BUILT_IN, "--include_imports", "--include_source_info", "-o", to]
    status, _, said = run(command + files, tree)
    if status:
        raise SystemExit(f"{args.protoc}: {said}")


def theirs(args, before, after, files):
    """What the detector finds of annotations."""
    with tempfile.TemporaryDirectory() as scratch:
        sets = [os.path.join(scratch, name) for name in ("before.pb", "after.pb")]
        for tree, names, to in zip((before, after), files, sets):
            descriptors(args, tree, names, to)
        found = os.path.join(scratch, "found.json")
        command = [args.detector, "--original_descriptor_set_file_path", sets[0]]
        command += ["--update_descriptor_set_file_path", sets[1], "--output_json_path", found]
        status, _, said = run(command)
        if not os.path.exists(found):
            raise SystemExit(f"{args.detector}: status {status}: {said}")
        with open(found, encoding="utf-8") as file:
            all_found = json.load(file)
    return [its for its in all_found if its["change_type"] == "MAJOR" and its["category"] in SAME]


def ours(args, before, after, path):
    command = [args.protolint, "breaking", path, "--against", os.path.join(before, path), "--layers", "source"]
    status, out, said = run(command + ["--format", "json"], after)
    if status not in (0, 1):
        raise SystemExit(f"{args.protolint}: {said}")
    found = [json.loads(line) for line in out.splitlines()]
    return [one for one in found if one["path"]]


def differences(its_findings, our_findings):
    """Each of its findings that is none of ours, and the other way around."""
    rules = {rule for names, _, _ in SAME.values() for rule in names} - {"MESSAGE_NO_DELETE", "RPC_SAME_RESPONSE_TYPE"}
    used = [0] * len(our_findings)
    for its in its_findings:
        names, is_same, is_for_several = SAME[its["category"]]
        is_same = is_same(its)
        same = [index for index, one in enumerate(our_findings) if one["rule"] in names and is_same(one)]
        free = [index for index in same if is_for_several or not used[index]]
        if free:
            used[free[0]] += 1
        else:
            where = its["location"]["proto_file_name"]
            words = " ".join(word for word in (its["context"], its["subject"], its["oldtype"], its["type"]) if word)
            yield f"only the detector: {its['category']} {where}: {words}"
    for count, one in zip(used, our_findings):
        if not count and (one["rule"] in rules or one["rule"] in OURS_ALONE):
            is_more = one["rule"] in OURS_ALONE
            yield f"only protolint{' (AIP-203)' if is_more else ''}: {one['rule']} {one['path']}: {one['message']}"


def compare_trees(args):
    total = collections.Counter()
    status = 0
    for package in args.packages:
        trees = [os.path.abspath(tree) for tree in (args.before, args.after)]
        files = [sorted(glob.glob(os.path.join(tree, package, "*.proto"))) for tree in trees]
        files = [[os.path.relpath(file, tree) for file in names] for tree, names in zip(trees, files)]
        its, own = theirs(args, *trees, files), ours(args, *trees, package)
        found = list(differences(its, own))
        total["findings of the detector"] += len(its)
        total["only the detector"] += sum(line.startswith("only the detector") for line in found)
        total["only protolint"] += sum(line.startswith("only protolint:") for line in found)
        total["only protolint, by AIP-203"] += sum(line.startswith("only protolint (") for line in found)
        print(f"{package}: {len(its)} of the detector, {len(found)} differences")
        for line in found:
            print("  " + line)
            status |= "AIP-203" not in line
    print(", ".join(f"{count} {name}" for name, count in total.items()))
    return status


def compare_cases(args):
    status = 0
    cases = sorted(glob.glob(os.path.join(TOP, "testdata", "verdicts", "annotation_*.txt")))
    for case in cases:
        with open(case, encoding="utf-8") as file:
            head, *sections = file.read().split("\n-- ")
        said = [line[len("detector: ") :] for line in head.splitlines() if line.startswith("detector: ")]
        with tempfile.TemporaryDirectory() as scratch:
            files = {"before": [], "after": []}
            for section in sections:
                title, text = section.split("\n", 1)
                side, _, name = title.partition(" ")
                if side in files:
                    os.makedirs(os.path.join(scratch, side), exist_ok=True)
                    with open(os.path.join(scratch, side, name), "w", encoding="utf-8") as out:
                        out.write(text + "\n")
                    files[side].append(name)
            trees = [os.path.join(scratch, side) for side in files]
            found = sorted(its["category"] for its in theirs(args, *trees, list(files.values())))
        found = ", ".join(found) or "nothing"
        if said != [found]:
            print(f"{os.path.basename(case)}: says {', '.join(said)}\n  the detector finds {found}")
            status = 1
    print(f"{len(cases)} cases")
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--protolint", required=True)
    parser.add_argument("--detector", default=os.environ.get("DETECTOR", "proto-breaking-change-detector"))
    parser.add_argument("--protoc", default="protoc")
    subcommands = parser.add_subparsers(dest="what", required=True)
    subcommands.add_parser("cases")
    trees = subcommands.add_parser("trees")
    trees.add_argument("before")
    trees.add_argument("after")
    trees.add_argument("packages", nargs="+")
    args = parser.parse_args()
    for program in (args.detector, args.protoc):
        if not shutil.which(program):
            print(f"skipped: there is no `{program}`")
            return 0
    args.protolint = os.path.abspath(shutil.which(args.protolint) or args.protolint)
    return compare_cases(args) if args.what == "cases" else compare_trees(args)


if __name__ == "__main__":
    sys.exit(main())
