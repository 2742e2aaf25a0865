#!/usr/bin/env python3
"""Which numbers and names of a schema were given to something else, as its releases show: written apart from
`protolint`, to compare with `protolint history --reused --format json`. Every release is compiled with protoc, and what
is incompatible on the wire is decided here, by https://protobuf.dev/programming-guides/proto3/#updating.

    reuses.py --repo DIRECTORY [--tags PATTERN | --all-tags | --commits] [--all] [--protoc PROTOC]

An object a line is printed for each field number, enum value and rpc that was reused (with --all: for each one)."""

import argparse
import difflib
import json
import os
import re
import shutil
import sys

from compiler import Compiler
import releases

FAMILIES = [
    {"int32", "int64", "uint32", "uint64", "bool", "enum"}, {"sint32", "sint64"}, {"string", "bytes"},
    {"fixed32", "sfixed32"}, {"fixed64", "sfixed64"}, {"float"}, {"double"},
]


class Release:
    """What one release declares, by full name, and what the names of types stand for."""

    def __init__(self, name, built_in):
        self.name, self.built_in = name, built_in
        self.messages, self.enums, self.services = {}, {}, {}
        self.packages, self.paths, self.ids = {}, {}, {}

    def add(self, path, file, earlier):
        self.packages[path] = file.package
        for of_file, here in ((file.messages, self.messages), (file.enums, self.enums), (file.services, self.services)):
            for name, element in of_file.items():
                known = self.paths.get(name)
                # Of several files with one name the one that had it before counts, then the one that lies highest.
                order = lambda path: (earlier is None or earlier.paths.get(name) != path, path.count("/"), path)
                if known is None or order(path) < order(known):
                    self.paths[name] = path
                    here[name] = element

    def message(self, name):
        return self.messages.get(name) or self.built_in.get(name)

    def id(self, name):
        return self.ids.get(name, name)

    def identity(self, field):
        """What a type is, however it is called."""
        if field.map:
            return ("map", self.identity(field.map[0]), self.identity(field.map[1]))
        of = self.id(field.of) if field.of else None
        return (field.repeated, field.kind if field.kind != "group" else "message", of)


class Identities:
    """Which name of a release is which of the one before: a file whose package changed declares the same as before."""

    def __init__(self):
        self.ids, self.names, self.earlier = {}, {}, None

    def follow(self, release):
        earlier = self.earlier
        for path, package in release.packages.items():
            before = earlier.packages.get(path) if earlier else None
            if before is None or before == package:
                continue
            for kind in ("messages", "enums", "services"):
                for name in list(getattr(earlier, kind)):
                    if earlier.paths[name] != path or name in getattr(release, kind):
                        continue
                    nested = name[len(before):].lstrip(".") if before else name
                    renamed = f"{package}.{nested}" if package else nested
                    if renamed in getattr(release, kind) and renamed not in earlier.paths:
                        self.ids[renamed] = self.ids[name]
        for name in release.paths:
            self.names[self.ids.setdefault(name, name)] = name
        release.ids = {name: self.ids[name] for name in release.paths}
        self.earlier = release


class Life:
    """An unbroken run of releases, with what it was like in the first and in the last of them."""

    def __init__(self, name, identity, at, has_gap, element, release, is_of_other):
        self.name, self.identity, self.first, self.has_gap = name, identity, at, has_gap
        self.start, self.first_release, self.is_of_other = element, release, is_of_other

    def goes_on(self, at, text, element, release):
        self.last, self.type, self.element, self.release = at, text, element, release


def words(name):
    """Names are cut at underscores, and before capitals that follow what is none."""
    return [word.lower() for word in re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).split("_") if word]


def is_spelled_anew(one, other):
    """Whether a word is the other one, abbreviated or spelled in another way: `cmd` and `command`, `color` and `colour`."""
    short, long = sorted((one, other), key=len)
    shared = len(os.path.commonprefix((short, long)))
    if shared and len(short) >= (2 if shared == len(short) else 3):
        rest = iter(long[shared:])
        if all(letter not in "aeiou" and letter in rest for letter in short[shared:]):
            return True
    return difflib.SequenceMatcher(None, one, other).ratio() >= 0.8


def share_a_word(one, other, enumeration):
    """The words that values have from their enum do not count."""
    prefix = words(enumeration.rpartition(".")[2])

    def own(name):
        own = words(name)
        shared = 0
        while shared < min(len(own), len(prefix)) and own[shared] == prefix[shared]:
            shared += 1
        return own[shared:] or own

    return any(is_spelled_anew(left, right) for left in own(one) for right in own(other))


def family(field):
    return next((at for at, family in enumerate(FAMILIES) if field.kind in family), None)


def is_message(field):
    return field.kind in ("message", "group")


class Wire:
    """Whether what one schema wrote is lost, or misread, by another."""

    def __init__(self, writer, reader, is_backward):
        self.writer, self.reader, self.is_backward = writer, reader, is_backward
        self.open = {}

    def breaks(self, writer, reader):
        if writer.packed and not reader.repeated:
            return True
        if is_message(writer) and is_message(reader):
            if (writer.kind == "group") != (reader.kind == "group"):
                return True
            if bool(writer.map) != bool(reader.map) or writer.map:
                return self.entries_break(writer, reader)
            return self.messages_break(writer.of, reader.of)
        for one, other in ((writer, reader), (reader, writer)):
            if is_message(one):
                return one.kind == "group" or other.kind != "bytes"
        return family(writer) != family(reader)

    def entries_break(self, writer, reader):
        """A map is a list of messages with the fields 1 and 2."""
        sides = []
        for field, schema in ((writer, self.writer), (reader, self.reader)):
            if field.map:
                sides.append(({1: field.map[0], 2: field.map[1]}, field.map[0].name))
            else:
                message = schema.message(field.of)
                if message is None:
                    return False
                sides.append((message.by_number, field.of))
        (written, _), (read, _) = sides
        if self.is_backward and any(number not in read for number in written):
            return True
        return any(self.breaks(field, read[number]) for number, field in written.items() if number in read)

    def messages_break(self, written, read):
        if self.writer.id(written) == self.reader.id(read):
            return False
        pair = (written, read)
        if pair in self.open:
            return self.open[pair]
        writer, reader = self.writer.message(written), self.reader.message(read)
        if writer is None or reader is None:
            # What a type holds that is declared nowhere is not known.
            return False
        self.open[pair] = False
        result = self.structure_breaks(writer, reader)
        self.open[pair] = result
        return result

    def structure_breaks(self, writer, reader):
        reserved = lambda number: any(start <= number < end for start, end in reader.reserved)
        for field in writer.fields:
            if field.number in reader.by_number:
                if self.breaks(field, reader.by_number[field.number]):
                    return True
            elif self.is_backward and not reserved(field.number):
                return True
        given = {field.number for field in writer.fields if field.required}
        return any(field.required and field.number not in given for field in reader.fields)


def is_incompatible(old, new, breaks):
    """Whether data is lost or misread where old code meets new code."""
    backward = Wire(old.release, new.first_release, True)
    forward = Wire(new.first_release, old.release, False)
    return breaks(backward, old.element, new.start) or breaks(forward, new.start, old.element)


def is_reuse(kind, container, old, new):
    if kind == "field":
        if old.identity == new.identity:
            return False
        is_renamed = old.name != new.name
        return is_renamed or is_incompatible(old, new, Wire.breaks)
    if kind == "enum_value":
        return old.name != new.name and (new.is_of_other or not share_a_word(old.name, new.name, container))
    rpc = lambda wire, one, other: any(wire.messages_break(*pair) for pair in zip(one, other))
    return is_incompatible(old, new, rpc)


class History:
    def __init__(self):
        self.tracks, self.identities, self.had = {}, Identities(), {}

    def add(self, at, release):
        self.identities.follow(release)
        for name, message in release.messages.items():
            for field in message.fields:
                key = ("field", release.id(name), field.number)
                self.live(at, release, key, [field.name], release.identity(field), field.type_text(), field)
        for name, enumeration in release.enums.items():
            for number, names in enumeration.values.items():
                self.live(at, release, ("enum_value", release.id(name), number), names, None, None, None)
        for name, enumeration in release.enums.items():
            for number, names in enumeration.values.items():
                for value in names:
                    self.had.setdefault((release.id(name), value), set()).add(number)
        for name, service in release.services.items():
            for rpc, (request, response, of_client, of_server) in service.rpcs.items():
                key = ("rpc", release.id(name), rpc)
                identity = (release.id(request), release.id(response), of_client, of_server)
                text = f"({of_client}{request}) returns ({of_server}{response})"
                self.live(at, release, key, [rpc], identity, text, (request, response))

    def live(self, at, release, key, names, identity, text, element):
        lives = self.tracks.setdefault(key, [])
        last = lives[-1] if lives else None
        has_gap = last is not None and last.last < at - 1
        if last is None or has_gap or last.type != text or last.name not in names:
            # Another value of the enum had the name.
            is_of_other = key[0] == "enum_value" and bool(self.had.get((key[1], names[0]), set()) - {key[2]})
            lives.append(Life(names[0], identity, at, has_gap, element, release, is_of_other))
        lives[-1].goes_on(at, text, element, release)

    def lines(self, names, everything):
        """The objects to print; the last release is the work tree."""
        here = len(names) - 1
        for key in sorted(self.tracks, key=lambda key: (self.identities.names[key[1]], key[0], key[2])):
            kind, container, number = key
            lives = self.tracks[key]
            shown = self.identities.names[container]
            pairs = zip(lives, lives[1:])
            if not everything and not any(is_reuse(kind, shown, old, new) for old, new in pairs):
                continue
            result = []
            for life in lives:
                one = {"name": life.name, "type": life.type}
                one["from"] = None if life.first == here else names[life.first]
                one["to"] = None if life.last == here else names[life.last]
                if life.has_gap:
                    one["after_gap"] = True
                result.append(one)
            number = None if kind == "rpc" else number
            yield {"container": shown, "kind": kind, "number": number, "lives": result}


def history(repo, protoc, wanted, log, exclude=()):
    """The history of a repository with the names of its releases, the work tree being the last without a name."""
    blobs = releases.Blobs(repo)
    compiler = Compiler(protoc, blobs, log)
    built_in = {name: message for file in compiler.builtin.values() for name, message in file.messages.items()}
    result, names, earlier, last_good = History(), [], None, {}
    for at, (name, commit) in enumerate(wanted + [(None, "HEAD")]):
        compiler.log = lambda message: log(f"{name or 'HEAD'}: {message}")
        is_excluded = lambda path: any(path.startswith(left.rstrip("/") + "/") for left in exclude)
        files = releases.files(repo, commit).items()
        compiled = compiler.compile({path: blob for path, blob in files if not is_excluded(path)})
        release = Release(name, built_in)
        for path, file in sorted(compiled.items()):
            # What protoc does not take is as it was.
            file = file or last_good.get(path)
            if file:
                last_good[path] = file
                release.add(path, file, earlier)
        result.add(at, release)
        names.append(name)
        earlier = release
    log(f"{len(wanted)} releases, {compiler.runs} runs of protoc, {len(compiler.known)} texts")
    return result, names


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repo", required=True)
    parser.add_argument("--tags", metavar="PATTERN")
    parser.add_argument("--all-tags", action="store_true")
    parser.add_argument("--commits", action="store_true")
    parser.add_argument("--all", action="store_true", help="print what was not reused too")
    parser.add_argument("--exclude", action="append", default=[], metavar="DIR", help="a directory that is not there")
    parser.add_argument("--protoc", default=shutil.which("protoc"))
    given = parser.parse_args()
    if not given.protoc or not shutil.which(given.protoc):
        return print("skipped: there is no protoc", file=sys.stderr)
    tagged = lambda: releases.tags(given.repo, given.tags, given.all_tags)
    wanted = releases.commits(given.repo) if given.commits else tagged()
    log = lambda message: print(message, file=sys.stderr)
    found, names = history(given.repo, shutil.which(given.protoc), wanted, log, given.exclude)
    count = gaps = 0
    for line in found.lines(names, given.all):
        count += 1
        gaps += any(life.get("after_gap") for life in line["lives"])
        print(json.dumps(line))
    log(f"{count} lines, {gaps} of them with a gap")


if __name__ == "__main__":
    main()
