#!/usr/bin/env python3
"""Times whole runs of protolint beside buf, protoc and the Go tool of the same name, where they are installed.

    benches/compare.py TREE [--against OLDER] [--runs 5]

prints Markdown: the machine, the versions, and medians of wall time and of peak memory. The programs run in turns, so
that other load on the machine affects all of them; a turn of less than five seconds is repeated. `protolint` is built
for release first, unless `--protolint` names a binary. buf and protoc are found on PATH, the Go tool only with
`--go-protolint`, because it has the same name. Generated trees show the cost of a file at each size, and a repository
made of TREE shows the cost of one change.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUIET = ["--no-config", "--fail-on", "never", "--quiet", "--format", "concise"]
SKIPPED_BELOW = {"node_modules", "target"}


def main():
    options = arguments()
    tools = Tools(options)
    print(machine(), tools.versions(), sep="\n", end="\n\n")
    with tempfile.TemporaryDirectory() as scratch:
        table = [*checks(options, tools, scratch), *comparisons(options, tools)]
        show(["", "protolint", "buf", "protoc", "Go tool"], table)
        show(["protolint", "median", "a file"], alone(options, tools, pathlib.Path(scratch)))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=pathlib.Path, help="a directory that is its own import root")
    parser.add_argument("--against", type=pathlib.Path, help="an earlier version of TREE, for `breaking`")
    parser.add_argument("--runs", type=int, default=5, help="turns of each program (default 5)")
    parser.add_argument("--limit", type=int, default=120, help="seconds after which a run is stopped (default 120)")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10, 1_000, 10_000, 100_000], help="files to generate")
    parser.add_argument("--protolint", type=pathlib.Path, help="a binary to time instead of building one")
    parser.add_argument("--go-protolint", type=pathlib.Path, help="the binary of the Go tool")
    return parser.parse_args()


class Tools:
    """The programs to time; `None` where one is not installed."""

    def __init__(self, options):
        self.protolint = str((options.protolint or built()).absolute())
        self.buf = shutil.which("buf")
        self.protoc = shutil.which("protoc")
        self.go = options.go_protolint and str(options.go_protolint.absolute())

    def versions(self):
        named = {"protolint": self.protolint, "buf": self.buf, "protoc": self.protoc, "the Go tool": self.go}
        said = [f"{name} {version(path)}" if path else f"no {name}" for name, path in named.items()]
        return ", ".join(said)


def built():
    """The release binary of this project."""
    command = ["cargo", "build", "--release", "--message-format", "json", "--bin", "protolint"]
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    binaries = [json.loads(line).get("executable") for line in lines]
    return pathlib.Path(next(binary for binary in reversed(binaries) if binary))


def version(path):
    for argument in ("--version", "version"):
        run = subprocess.run([path, argument], capture_output=True, text=True)
        if run.returncode == 0:
            words = (run.stdout + run.stderr).split()
            return next((word.lstrip("v") for word in words if any(c.isdigit() for c in word)), "of unknown version")
    return "of unknown version"


def machine():
    try:
        models = [line for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")]
        processor = models[0].split(":", 1)[1].strip() if models else platform.processor()
    except OSError:
        processor = platform.processor()
    return f"{os.cpu_count()} cores, {processor or platform.machine()}, {platform.system()}"


def protos(tree):
    """The schema files that protolint reads below a directory, relative to it."""
    found = []
    for directory, below, files in os.walk(tree):
        below[:] = [name for name in below if not name.startswith(".") and name not in SKIPPED_BELOW]
        found += [os.path.relpath(os.path.join(directory, name), tree) for name in files if name.endswith(".proto")]
    return sorted(found)


class Run:
    """One run of a program: seconds, bytes of peak memory, and whether it took longer than the limit."""

    def __init__(self, command, where, limit):
        with tempfile.TemporaryFile() as errors:
            start = time.monotonic()
            child = subprocess.Popen(
                command, cwd=where, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors
            )
            watch = threading.Timer(limit, child.kill)
            watch.start()
            _, status, usage = os.wait4(child.pid, 0)
            self.seconds = time.monotonic() - start
            watch.cancel()
            child.returncode = os.waitstatus_to_exitcode(status)
            self.bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
            self.gave_up = child.returncode == -signal.SIGKILL
            # protoc reports only errors.
            self.refused = child.returncode == 1 and os.path.basename(command[0]) == "protoc"
            # buf exits with 100 if it has findings.
            if not self.gave_up and child.returncode not in (0, 1, 100):
                errors.seek(0)
                said = errors.read().decode(errors="replace")[-500:]
                sys.exit(f"{' '.join(command)[:200]} exited with {child.returncode}: {said}")


class Measured:
    """The runs of one program for one job."""

    def __init__(self, runs, limit):
        self.limit = limit
        self.gave_up = any(run.gave_up for run in runs)
        self.refused = any(run.refused for run in runs)
        self.seconds = statistics.median(run.seconds for run in runs)
        self.bytes = statistics.median(run.bytes for run in runs)

    def cell(self, ours):
        """A cell of the table, with the ratio to protolint."""
        if self.gave_up or self.refused:
            return f"not done after {self.limit} s" if self.gave_up else "refuses the tree"
        said = f"{self.seconds:.2f} s", f"{self.bytes / 1e9:.2f} GB"
        if ours is self:
            return ", ".join(said)
        faster, smaller = self.seconds / ours.seconds, self.bytes / ours.bytes
        return f"{said[0]} ({faster:.1f} times), {said[1]} ({smaller:.1f} times)"


# The minimum length of a turn; shorter runs are repeated, because they vary more.
TURN_SECONDS = 5


def in_turn(commands, where, options):
    """Measures several programs in turns; a program that was stopped once is not run again."""
    runs = [[] for _ in commands]
    for _ in range(options.runs):
        for own, command in zip(runs, commands):
            end = time.monotonic() + TURN_SECONDS
            while command and not any(run.gave_up for run in own):
                own.append(Run(command, where, options.limit))
                if time.monotonic() >= end:
                    break
    return [Measured(own, options.limit) if own else None for own in runs]


def row(name, measured):
    ours = measured[0]
    return [name, *(found.cell(ours) if found else "" for found in measured)]


def checks(options, tools, scratch):
    """`check` beside the other linters, and beside protoc, which only compiles."""
    files = protos(options.tree)
    listed = pathlib.Path(scratch, "files")
    listed.write_text("\n".join(files), encoding="utf-8")
    config = '{"version": "v2", "lint": {"use": ["STANDARD"]}}'
    commands = [
        [tools.protolint, "check", ".", "--use", "STANDARD", *QUIET],
        tools.buf and [tools.buf, "lint", ".", "--config", config],
        tools.protoc and [tools.protoc, "-I.", "--include_source_info", f"-o{os.devnull}", f"@{listed}"],
        tools.go and [tools.go, "lint", "."],
    ]
    yield row(f"check {len(files)} files", in_turn(commands, options.tree, options))


def comparisons(options, tools):
    """`breaking` between two directories."""
    if not options.against:
        return
    before = str(options.against.absolute())
    config = '{"version": "v2", "breaking": {"use": ["FILE"]}}'
    commands = [
        [tools.protolint, "breaking", ".", "--against", before, "--use", "FILE", *QUIET],
        tools.buf and [tools.buf, "breaking", ".", "--against", before, "--config", config, "--against-config", config],
        None,
        None,
    ]
    yield row(f"breaking, against {len(protos(before))} files", in_turn(commands, options.tree, options))


def alone(options, tools, scratch):
    """The cost of a run by the number of files, and of one changed file among many."""
    for size in options.sizes:
        tree = scratch / f"generated{size}"
        for number in range(size):
            generate(tree, number)
        yield small(f"check {size} generated files", [tools.protolint, "check", ".", *QUIET], tree, size, options)
    if shutil.which("git"):
        repository, count = scratch / "repository", len(protos(options.tree))
        changed(options.tree, repository)
        command = [tools.protolint, "breaking", "--against", "main", *QUIET]
        yield small(f"breaking from git, one of {count} files changed", command, repository, count, options)


def small(name, command, where, files, options):
    # The first run has a cold cache.
    runs = [Run(command, where, options.limit) for _ in range(4 * options.runs + 1)][1:]
    seconds = statistics.median(run.seconds for run in runs)
    return [name, f"{seconds * 1e3:.1f} ms", f"{seconds / files * 1e6:.0f} µs"]


def generate(tree, number):
    """Writes a file of a typical API, which imports the one before it."""
    package = f"acme.area{number % 50}.part{number}.v1"
    lines = [f'syntax = "proto3";\n\n// Part {number}.\npackage {package};\n']
    if number:
        before = f"area{(number - 1) % 50}.part{number - 1}.v1"
        lines.append(f'import "acme/{before.replace(".", "/")}/part.proto";\n')
    lines.append(f"// Serves things.\nservice Part{number}Service {{")
    lines += [f"  // Does {rpc}.\n  rpc Do{rpc}(Do{rpc}Request) returns (Do{rpc}Response);" for rpc in range(4)]
    lines.append("}\n")
    for message in (f"Do{rpc}{kind}" for rpc in range(4) for kind in ("Request", "Response")):
        lines.append(f"// Of an rpc.\nmessage {message} {{")
        lines += [f"  // Field {field}, explained at some length.\n  string field_{field} = {field};" for field in range(1, 9)]
        if number:
            lines.append(f"  acme.{before}.Kind before = 9;")
        lines.append("}\n")
    lines.append("// Kinds.\nenum Kind {\n  KIND_UNSPECIFIED = 0;\n  KIND_ONE = 1;\n}\n")
    directory = tree / package.replace(".", "/")
    directory.mkdir(parents=True)
    (directory / "part.proto").write_text("\n".join(lines), encoding="utf-8")


def changed(tree, repository):
    """Makes a repository of a tree's schemas, with a branch on which one has changed."""
    files = protos(tree)
    for file in files:
        (repository / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / file, repository / file)

    def git(*arguments):
        who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=repository, check=True, stdout=subprocess.DEVNULL)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    git("gc", "-q")
    git("checkout", "-q", "-b", "change")
    with open(repository / files[len(files) // 2], "a", encoding="utf-8") as file:
        file.write("\nmessage AddedByABranch {}\n")
    git("commit", "-q", "-a", "-m", "two")
    # git reads files again that were written within the same second.
    time.sleep(1.1)
    git("update-index", "-q", "--refresh")


def show(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    used = [column for column in range(len(head)) if column == 0 or any(line[column] for line in lines[2:])]
    for line in lines:
        print("|", " | ".join(line[column] for column in used), "|")
    print(flush=True)


if __name__ == "__main__":
    main()
