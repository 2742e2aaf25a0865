#!/usr/bin/env python3
"""Measures language servers on a tree: how long an editor waits for diagnostics.

    benches/lsp.py TREE [--server "target/release/protolint lsp"] [--server "buf lsp serve"]

copies TREE, which must be its own import root, into a new git repository whose branch `main` has all files, and opens the
copy as a workspace. Then it prints Markdown: the machine, and for each server

- from `initialized` to the diagnostics of the one open file, and to those of the whole workspace;
- from an edit to the diagnostics of that file, for a file that about 10 others import and for one that about 1,000 import.
  Every second edit changes the type of a field and its name: a server that compares with the base must report a break,
  and each server must report the new name; the edit after that restores the text, and both findings must be gone;
- from such an edit to the diagnostics of the whole workspace, where the server can be queried for them;
- the peak of resident memory.

The servers run in turns. Times are medians, for edits also the maximum. Needs Linux, and the git program.
"""

import argparse
import collections
import math
import os
import pathlib
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from lsp_client import REPEATABLE, Failure, Rejected, Server, initialize_params

IMPORT = re.compile(rb'^\s*import\s+(?:(?:public|weak|option)\s+)?"([^"]+)"', re.MULTILINE)
# A field of a message that is not nested: a change of its type is found in every style of schema.
FIELD = re.compile(r"^  (?:optional )?string ([a-z_]+) = \d+( \[|;)", re.MULTILINE)
# Without one, buf checks nothing.
CONFIGURATIONS = {"protolint.yaml": "version: 1\nroots: [.]\n", "buf.yaml": "version: v2\n"}
BREAK, STYLE = "FIELD_SAME_TYPE", "FIELD_LOWER_SNAKE_CASE"
SECONDS_OF_QUIET = 5
WORKSPACE_EDITS = 10


def main():
    options = arguments()
    servers = options.server or ["target/release/protolint lsp"]
    with tempfile.TemporaryDirectory() as scratch:
        repository = pathlib.Path(scratch).resolve() / "workspace"
        commit(options.tree, repository)
        subjects = [subject(repository, options.tree, wanted) for wanted in (10, 1_000)]
        runs = {command: [] for command in servers}
        for _ in range(options.runs):
            for command in servers:
                runs[command].append(Session(command, repository, subjects, options).run())
        show(options, subjects, runs)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=pathlib.Path, help="a directory that is its own import root")
    parser.add_argument("--server", action="append", help="the command of a server; can be repeated")
    parser.add_argument("--edits", type=int, default=100, help="edits of each file in a run (default 100)")
    parser.add_argument("--runs", type=int, default=3, help="starts of each server (default 3)")
    parser.add_argument("--limit", type=int, default=120, help="seconds to wait for an answer (default 120)")
    parser.add_argument("--push", action="store_true", help="do not offer to query diagnostics")
    options = parser.parse_args()
    if options.edits < 2:
        parser.error("--edits must be at least 2")
    return options


def commit(tree, repository):
    """A repository whose `main` has the tree, with another branch checked out."""
    shutil.copytree(tree, repository, ignore=shutil.ignore_patterns(".git"))
    for name, text in CONFIGURATIONS.items():
        if not (repository / name).exists():
            (repository / name).write_text(text, encoding="utf-8")
    git = ["git", "-C", str(repository), "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], **quiet)
    subprocess.run([*git, "add", "--all"], **quiet)
    subprocess.run([*git, "commit", "--quiet", "--message=base"], **quiet)
    subprocess.run([*git, "checkout", "--quiet", "-b", "edit"], **quiet)


class Subject:
    """A file to edit."""

    def __init__(self, repository, name, field, direct, all_importers, files):
        self.name, self.direct, self.all, self.files = name, direct, all_importers, files
        self.path = repository / name
        self.text = self.path.read_text(encoding="utf-8")
        self.line = self.text[: field.start()].count("\n")
        self.before = self.text.splitlines()[self.line]
        self.after = self.before.replace(f"string {field[1]} ", f"int64 {field[1]}Edited ", 1)
        assert self.before != self.after and self.before.isascii()

    def edited(self, breaks):
        """The whole text after an edit."""
        if not breaks:
            return self.text
        lines = self.text.split("\n")
        lines[self.line] = self.after + ("\r" if lines[self.line].endswith("\r") else "")
        return "\n".join(lines)

    def change(self, breaks, incremental):
        """The edit as an editor sends it, from the other text to this one."""
        if not incremental:
            return {"text": self.edited(breaks)}
        old, new = (self.before, self.after) if breaks else (self.after, self.before)
        start = {"line": self.line, "character": 0}
        return {"range": {"start": start, "end": {"line": self.line, "character": len(old)}}, "text": new}


def subject(repository, tree, wanted):
    """The file with a field to edit whose number of direct importers is the nearest to a number."""
    imports = {}
    for directory, below, names in os.walk(repository):
        below[:] = [name for name in below if name != ".git"]
        for name in names:
            if name.endswith(".proto"):
                path = pathlib.Path(directory, name)
                imports[path.relative_to(repository).as_posix()] = {
                    found.decode() for found in IMPORT.findall(path.read_bytes())
                }
    importers = collections.defaultdict(set)
    for path, imported in imports.items():
        for other in imported:
            importers[other].add(path)
    distance = lambda path: abs(math.log((len(importers[path]) + 0.5) / wanted))
    for path in sorted(imports, key=lambda path: (distance(path), path)):
        field = FIELD.search((repository / path).read_text(encoding="utf-8"))
        if field:
            reached, pending = set(), [path]
            while pending:
                new = importers[pending.pop()] - reached
                reached |= new
                pending += new
            return Subject(repository, path, field, len(importers[path]), len(reached), len(imports))
    sys.exit(f"{tree}: no message has a field of type `string`")


class Session:
    """One start of a server, with all measurements in order."""

    def __init__(self, command, repository, subjects, options):
        self.repository, self.subjects, self.options = repository, subjects, options
        self.server = Server(shlex.split(command), repository, options.limit)
        self.versions = {}

    def run(self):
        try:
            params = initialize_params(self.repository, pull=not self.options.push)
            answer = self.server.request("initialize", params)
            self.provider = answer["capabilities"].get("diagnosticProvider")
            # This project's server compares with the base; of others, the answers show it.
            self.compares = (answer.get("serverInfo") or {}).get("name") == "protolint"
            sync = answer["capabilities"].get("textDocumentSync")
            self.incremental = (sync.get("change") if isinstance(sync, dict) else sync) == 2
            figures = self.start()
            for subject in self.subjects:
                figures[subject] = self.edits(subject)
            figures["breaks"] = self.reports_breaks
            figures["workspace edits"] = self.workspace_edits() if self.pulls_workspace() else []
            figures["memory"] = self.server.peak_memory()
            figures["status"] = self.server.shut_down()
            return figures
        finally:
            self.server.kill()

    def pulls_workspace(self):
        return bool(self.provider and self.provider.get("workspaceDiagnostics"))

    def start(self):
        """From `initialized` to diagnostics. The file and the workspace are queried together, as editors do."""
        uri = self.open_without_wait(self.subjects[0])
        begin = self.begin
        request = self.pull_request(uri) if self.provider else None
        workspace = self.workspace_request() if self.pulls_workspace() else None
        figures = {"pull": bool(self.provider)}
        if self.provider:
            answers = [self.pull(uri, request)]
        else:
            self.server.wait("diagnostics", lambda: uri in self.server.published)
        if workspace is not None:
            items, arrived = self.workspace_result(workspace)
            figures["workspace"], figures["files"] = arrived - begin, len(items)
            figures["findings"] = sum(len(item.get("items", ())) for item in items)
        else:
            figures["workspace"] = self.server.settle(SECONDS_OF_QUIET) - begin
            last = {uri: answers[-1][1]["diagnostics"] for uri, answers in self.server.published.items()}
            figures["files"], figures["findings"] = len(last), sum(map(len, last.values()))
        if self.provider:
            answers.append(self.pull(uri))
        else:
            answers = [(params["diagnostics"], arrived) for arrived, params in self.server.published[uri]]
        # An early answer without all findings is not the answer.
        final = shape(answers[-1][0])
        figures["complete"] = shape(answers[0][0]) == final
        figures["first"] = next(arrived for found, arrived in answers if shape(found) == final) - begin
        return figures

    def open_without_wait(self, subject, first=True):
        """Opens a file; the first one directly after `initialized`."""
        uri = subject.path.as_uri()
        self.versions[uri] = 1
        document = {"uri": uri, "languageId": "proto", "version": 1, "text": subject.text}
        if first:
            self.begin = time.monotonic()
            self.server.notify("initialized", {})
        self.server.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def pull_request(self, uri):
        return self.server.send("textDocument/diagnostic", {"textDocument": {"uri": uri}})

    def pull(self, uri, request=None):
        """The diagnostics of a file, and when they arrived."""
        while True:
            try:
                report, arrived = self.server.result("textDocument/diagnostic", request or self.pull_request(uri))
                return report["items"], arrived
            except Rejected as error:
                if error.code not in REPEATABLE:
                    raise
                request = None

    def workspace_request(self, previous=()):
        return self.server.send("workspace/diagnostic", {"previousResultIds": list(previous)})

    def workspace_result(self, request):
        while True:
            try:
                report, arrived = self.server.result("workspace/diagnostic", request)
                return report["items"], arrived
            except Rejected as error:
                if error.code not in REPEATABLE:
                    raise
                request = self.workspace_request()

    def edit(self, uri, subject, breaks):
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        begin = time.monotonic()
        changes = [subject.change(breaks, self.incremental)]
        self.server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
        return begin

    def edits(self, subject):
        """The seconds from each edit to its diagnostics."""
        uri = subject.path.as_uri()
        if uri not in self.versions:
            self.open_without_wait(subject, first=False)
            if self.provider:
                self.pull(uri)
            else:
                self.server.wait("diagnostics", lambda: uri in self.server.published)
                self.server.settle(1)
        times = []
        for number in range(self.options.edits // 2 * 2):
            breaks = number % 2 == 0
            seen = len(self.server.published.get(uri, ()))
            begin = self.edit(uri, subject, breaks)
            found, arrived = self.pull(uri) if self.provider else self.pushed(uri, seen, breaks)
            self.check(found, breaks, subject)
            times.append(arrived - begin)
        return times

    def pushed(self, uri, seen, breaks):
        """The first diagnostics after an edit that show it. Some servers publish syntax errors first, findings later."""

        def is_answer(params):
            is_current = params.get("version") in (None, self.versions[uri])
            return is_current and (STYLE in codes(params["diagnostics"])) == breaks

        fresh = lambda: [entry for entry in self.server.published.get(uri, ())[seen:] if is_answer(entry[1])]
        try:
            self.server.wait(f"diagnostics of version {self.versions[uri]}", fresh)
        except Failure as failure:
            raise Failure(f"{failure}\n{self.server.published.get(uri, ())[-5:]}") from None
        arrived, params = fresh()[0]
        return params["diagnostics"], arrived

    def check(self, found, breaks, subject):
        """The answer is that of the text after the edit."""
        names = codes(found)
        if (STYLE in names) != breaks:
            raise Failure(f"{subject.path}: {STYLE} {'missing' if breaks else 'left'} after an edit: {names}")
        if breaks:
            reports = BREAK in names
            if not reports and self.compares:
                raise Failure(f"{subject.path}: {BREAK} missing after an edit: {names}")
            if getattr(self, "reports_breaks", reports) != reports:
                raise Failure(f"{subject.path}: {BREAK} is reported after some edits only")
            self.reports_breaks = reports
        elif BREAK in names:
            raise Failure(f"{subject.path}: {BREAK} left after the text was restored")

    def workspace_edits(self):
        """The seconds from an edit of the file with most importers to the diagnostics of the whole workspace."""
        subject = self.subjects[-1]
        uri = subject.path.as_uri()
        items, _ = self.workspace_result(self.workspace_request())
        times = []
        for number in range(WORKSPACE_EDITS):
            known = {item["uri"]: item["resultId"] for item in items if item.get("resultId")}
            previous = [{"uri": uri, "value": value} for uri, value in known.items()]
            begin = self.edit(uri, subject, breaks=number % 2 == 0)
            items, arrived = self.workspace_result(self.workspace_request(previous))
            times.append(arrived - begin)
        return times


def codes(diagnostics):
    return {diagnostic.get("code") for diagnostic in diagnostics}


def shape(diagnostics):
    return sorted((str(found.get("code")), str(found["range"]), found["message"]) for found in diagnostics)


def show(options, subjects, runs):
    print(f"{machine()}; {options.tree.name}: {subjects[0].files:,} files; {options.runs} starts, {options.edits} edits of each file")
    print()
    for subject in subjects:
        print(f"- `{subject.name}`: {subject.direct:,} files import it, {subject.all:,} also indirectly")
    rows = [["", *(f"`{command}`" for command in runs)]]

    def row(name, cell):
        rows.append([name, *(cell(figures) for figures in runs.values())])

    def across(figures, key):
        return statistics.median(one[key] for one in figures)

    def spread(times):
        return f"{milliseconds(statistics.median(times))} (max. {milliseconds(max(times))})" if times else "cannot be queried"

    row("diagnostics", lambda figures: "pulled" if figures[0]["pull"] else "pushed")
    row("breaking included", lambda figures: "yes" if figures[0]["breaks"] else "no")
    row("`initialized` to the open file", lambda figures: seconds(across(figures, "first")))
    row("its first answer is complete", lambda figures: "yes" if all(one["complete"] for one in figures) else "no")
    row("`initialized` to the whole workspace", lambda figures: seconds(across(figures, "workspace")))
    row("files with an answer, findings", lambda figures: f"{figures[0]['files']:,}, {figures[0]['findings']:,}")
    for subject in subjects:
        name = f"edit of the file with {subject.direct:,} importers"
        row(name, lambda figures: spread([time for one in figures for time in one[subject]]))
    row("the same, to the whole workspace", lambda figures: spread([t for one in figures for t in one["workspace edits"]]))
    row("peak memory", lambda figures: f"{across(figures, 'memory') / 1e6:,.0f} MB")
    row("after `exit`", lambda figures: "runs" if (status := figures[0]["status"]) is None else f"status {status}")
    rows.insert(1, ["---"] * len(rows[0]))
    print()
    print("\n".join(f"| {' | '.join(cells)} |" for cells in rows))


def seconds(time):
    return f"{time:.2f} s"


def milliseconds(time):
    return f"{time * 1000:.1f} ms" if time < 0.1 else f"{time * 1000:,.0f} ms"


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown processor")
    return f"{os.cpu_count()} cores, {model}"


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"{failure}")
