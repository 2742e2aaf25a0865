#!/usr/bin/env python3
"""Compares `protolint history --reused --format json` with `reuses.py`, line by line.

    compare.py --protolint PROGRAM --repo DIRECTORY [--tags PATTERN | --commits] [--exclude DIR] [--protoc PROTOC]

Prints each difference, and exits with 1 where there is one. With --exclude protolint reads its configuration, which has
to exclude the same."""

import argparse
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def lines_of(command, directory=None):
    done = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said = done.stderr.decode("utf-8", "replace").strip()
    if said:
        print(f"# {os.path.basename(command[0])}: " + said.replace("\n", "\n#   "), file=sys.stderr)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}")
    found = {}
    for line in done.stdout.decode().splitlines():
        line = json.loads(line)
        lives = line["lives"]
        key = (line["container"], line["kind"], line["number"] if line["kind"] != "rpc" else lives[0]["name"])
        for life in lives:
            life.setdefault("type", None)
            if not life.get("after_gap"):
                life.pop("after_gap", None)
        found[key] = lives
    return found


def shown(life):
    gap = " after a gap" if life.get("after_gap") else ""
    return f"`{life['name']}` {life['type'] or ''} {life['from']} .. {life['to']}{gap}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--protolint", required=True)
    parser.add_argument("--repo", required=True)
    parser.add_argument("--tags")
    parser.add_argument("--commits", action="store_true")
    parser.add_argument("--exclude", action="append", default=[])
    parser.add_argument("--protoc", default=shutil.which("protoc"))
    parser.add_argument("--expected", help="what reuses.py printed before, so as not to run it again")
    given = parser.parse_args()
    if not given.protoc and not given.expected:
        return print("skipped: there is no protoc", file=sys.stderr)
    no_config = [] if given.exclude else ["--no-config"]
    which = (["--tags", given.tags] if given.tags else []) + (["--commits"] if given.commits else [])
    excluded = [part for directory in given.exclude for part in ("--exclude", directory)]
    reuses = [sys.executable, os.path.join(HERE, "reuses.py"), "--repo", given.repo, "--protoc", given.protoc or ""]
    expected = lines_of(["cat", given.expected] if given.expected else reuses + which + excluded)
    program = os.path.abspath(given.protolint)
    found = lines_of([program, "history", "--reused", "--format", "json", *no_config, *which], given.repo)
    differences = 0
    for key in sorted(expected.keys() | found.keys(), key=str):
        here, there = expected.get(key), found.get(key)
        if here == there:
            continue
        differences += 1
        print(f"{key[1]} {key[2]} of {key[0]}")
        for name, lives in (("script", here), ("protolint", there)):
            print(f"  {name}: " + ("nothing" if lives is None else "; ".join(map(shown, lives))))
    print(f"{len(expected)} by the script, {len(found)} by protolint, {differences} differ")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
