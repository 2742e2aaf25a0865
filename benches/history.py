#!/usr/bin/env python3
"""Measures `protolint history`: a repository of 300 releases with 300 files that is made here, cold and warm, and any
others that are named, by tags or with --commits.

    history.py --protolint PROGRAM [--runs 3] [REPOSITORY[:commits] ...]
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time

FILES, RELEASES, CHANGED = 300, 300, 10


def text(package, fields):
    lines = [f'syntax = "proto3";\npackage bench.p{package}.v1;\n']
    for message in range(8):
        lines.append(f"message M{message} {{\n")
        lines += [f"  {of} {name} = {number};\n" for number, (name, of) in sorted(fields[message].items())]
        lines.append("}\n")
    return "".join(lines)


def make(directory):
    """Releases in which ten files change each, by way of `git fast-import`."""
    chance = random.Random(1)
    types = ["string", "int64", "bool", "bytes", "repeated string", "M0", "M1"]
    field = lambda: (f"field_{chance.randrange(10 ** 6)}", chance.choice(types))
    packages = [[{number: field() for number in range(1, 12)} for _ in range(8)] for _ in range(FILES)]
    stream = []
    for release in range(RELEASES):
        changed = range(FILES) if release == 0 else chance.sample(range(FILES), CHANGED)
        stream.append(f"commit refs/heads/main\ncommitter a <a@example.com> {1_600_000_000 + release * 86400} +0000\ndata 0\n")
        if release:
            stream.append("from refs/heads/main^0\n")
        for package in changed:
            fields = packages[package][chance.randrange(8)]
            if release:
                number = chance.randrange(1, 16)
                if number in fields and chance.random() < 0.3:
                    del fields[number]
                else:
                    fields[number] = field()
            body = text(package, packages[package])
            stream.append(f"M 100644 inline proto/bench/p{package}/v1/all.proto\ndata {len(body)}\n{body}\n")
        stream.append(f"reset refs/tags/v1.{release}.0\nfrom refs/heads/main^0\n\n")
    subprocess.run(["git", "init", "-q", "-b", "main", directory], check=True)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=directory, input="".join(stream).encode(), check=True)
    subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=directory, check=True)


def seconds(program, directory, *arguments):
    start = time.perf_counter()
    subprocess.run([program, "history", "--quiet", *arguments], cwd=directory, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure(program, name, directory, runs, *arguments):
    git = subprocess.run(["git", "rev-parse", "--git-common-dir"], cwd=directory, check=True, stdout=subprocess.PIPE)
    cache = os.path.join(directory, git.stdout.decode().strip(), "protolint")
    cold, warm = [], []
    for _ in range(runs):
        shutil.rmtree(cache, ignore_errors=True)
        cold.append(seconds(program, directory, *arguments))
        warm.append(seconds(program, directory, *arguments))
    size = sum(os.path.getsize(os.path.join(cache, file)) for file in os.listdir(cache)) if os.path.isdir(cache) else 0
    middle = statistics.median
    print(f"{name:40} {' '.join(arguments):24} cold {middle(cold):6.2f} s  warm {middle(warm):6.2f} s  cache {size / 1e6:.1f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--protolint", required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("repositories", nargs="*")
    given = parser.parse_args()
    program = os.path.abspath(given.protolint)
    with tempfile.TemporaryDirectory() as directory:
        make(directory)
        name = f"{RELEASES} releases, {FILES} files"
        for arguments in ([], ["--reused"]):
            measure(program, name, directory, given.runs, *arguments)
    for repository in given.repositories:
        repository, _, commits = repository.partition(":")
        more = ["--commits"] if commits else []
        measure(program, os.path.basename(os.path.abspath(repository)), repository, given.runs, "--reused", *more)


if __name__ == "__main__":
    main()
