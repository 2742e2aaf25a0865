#!/usr/bin/env python3
"""Holds what `protolint breaking` says against Python's protobuf runtime.

    testdata/protoc/judge/judge.py [--changes 2000] [--seed 1] [--protolint PROGRAM] [--keep FOLDER]

Makes schemas of two files by chance, changes each in one to three ways, and asks four questions of every change: on the
wire and in JSON, does new code read what old code can write, as the same value, and does old code read what new code can
write? The runtime answers by writing and reading messages of all kinds; fields and values of enums that are new, or that
were deleted with their number and name reserved, are left out of what is written. Then every payload that the report
shows is written and read again: the writer has to be able to write it, and the reader has to make something else of it.

protoc is that of the variable PROTOC, or on PATH. Prints each answer that does not agree and each payload that proves
nothing, and exits with 1 where less than 99.5 % of either are right. What is left, of 2,000 changes of the first seed:

- a required message that holds itself: no payload can be written, and so nothing is lost;
- a field whose number became an extension while it took another number: old readers of JSON refuse the extension, which
  is new to them by its name alone;
- payloads of messages within messages that leave out what the writer requires, or hold what is only new to the reader.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROTOC = os.environ.get("PROTOC") or shutil.which("protoc")
try:
    import google.protobuf
except ImportError:
    print("skipped: Python's protobuf is missing, `pip install protobuf` brings it")
    sys.exit(0)
if not PROTOC:
    print("skipped: there is no protoc on PATH, and the variable PROTOC names none")
    sys.exit(0)

from answers import LAYERS, answers, false_evidence
from changes import CHANGES
from runtime import Refused, Side, compile_tree
from schemas import new_tree

QUESTIONS = [(layer, direction) for layer in LAYERS for direction in ("backward", "forward")]
LEAST = 0.995


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--protolint", default="target/debug/protolint")
    parser.add_argument("--keep", help="a folder for the schemas of changes that do not agree")
    parser.add_argument("--only", type=int, help="the number of one change")
    arguments = parser.parse_args()
    numbers = range(arguments.changes) if arguments.only is None else [arguments.only]
    jobs = [(arguments.seed, number, os.path.abspath(arguments.protolint), arguments.keep) for number in numbers]
    with concurrent.futures.ProcessPoolExecutor() as pool:
        results = list(pool.map(judge, jobs, chunksize=8))
    return summary(results)


def summary(results):
    wrong, kinds, payloads, unproven = collections.Counter(), collections.Counter(), 0, 0
    for result in results:
        payloads += result["payloads"]
        for question, (truth, told) in result["answers"].items():
            if truth != told:
                wrong[question] += 1
                kind = "missed" if truth else "false alarm"
                kinds[kind] += 1
                print(f"{result['number']}: {' '.join(question)} {kind}: {result['said']}")
                if truth:
                    print(f"    {result['examples'].get(question)}")
        for text in result["false"]:
            unproven += 1
            print(f"{result['number']}: evidence proves nothing: {text}")
    right = True
    for question in QUESTIONS:
        share = 1 - wrong[question] / len(results)
        right &= share >= LEAST
        print(f"{' '.join(question):14} {share:7.2%} of {len(results)}")
    whole = sum(all(truth == told for truth, told in result["answers"].values()) for result in results)
    print(f"all four       {whole / len(results):7.2%}")
    print(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "all agree")
    print(f"{unproven} of {payloads} payloads prove nothing")
    breaks = collections.Counter(question for result in results for question, (truth, _) in result["answers"].items() if truth)
    print("broken:", ", ".join(f"{' '.join(question)} {breaks[question]}" for question in QUESTIONS))
    return 0 if right and unproven <= (1 - LEAST) * payloads else 1


def judge(job):
    seed, number, program, keep = job
    draw = random.Random(f"{seed} {number}")
    while True:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            try:
                before, after, said = draw_change(draw)
                trees = {"before": before.texts(), "after": after.texts()}
                for side, texts in trees.items():
                    for name, (text, _) in texts.items():
                        (folder / side).mkdir(exist_ok=True)
                        (folder / side / name).write_text(text)
                if trees["before"] == trees["after"]:
                    continue
                sides = [Side(compile_tree(PROTOC, folder / side)) for side in ("before", "after")]
            except Refused:
                continue
            report = ask(program, folder)
            result = {"number": number, "said": said}
            truth, result["examples"] = answers(*sides)
            told = {question: breaks(report, *question) for question in QUESTIONS}
            result["answers"] = {question: (truth[question], told[question]) for question in QUESTIONS}
            shown = [(finding, payload) for finding in report for payload in finding["evidence"]]
            result["payloads"] = len(shown)
            owners = {side: {name: owners for name, (_, owners) in texts.items()} for side, texts in trees.items()}
            result["false"] = [text for finding, payload in shown if (text := false_evidence(finding, payload, owners, sides))]
            if keep and (result["false"] or truth != told):
                shutil.copytree(folder, Path(keep) / str(number), dirs_exist_ok=True)
            return result


def draw_change(draw):
    before = new_tree(draw)
    after = before.copy()
    said = []
    edits = draw.randint(1, 3)
    while len(said) < edits:
        edit = draw.choice(CHANGES)
        what = edit(after, draw)
        if what is not None:
            said.append(f"{edit.__name__} {what}")
    return before, after, said


def ask(program, folder):
    command = [program, "breaking", "after", "--against", "before", "--no-config", "--layers", "wire,json", "--format", "json"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{command} says {run.returncode}: {run.stderr}\n{folder}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def breaks(report, layer, direction):
    return any(
        one["layer"] == layer and direction in one["directions"] for finding in report for one in finding["breaks"]
    )


if __name__ == "__main__":
    sys.exit(main())
