"""Compiles the files of a release with protoc, each once for what it and its imports say. Imports that are nowhere are
made up: a stand-in declares the types that are used, and options of the file's own making are left out."""

import hashlib
import os
import re
import subprocess
import tempfile

from descriptors import File, Message, files_of

TOKEN = re.compile(
    rb"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<word>[A-Za-z_][\w.]*)|(?P<space>\s+)|(?P<other>.)""",
    re.S,
)
IMPORT = re.compile(rb"\bimport\s+(?:public\s+|weak\s+|option\s+)?[\"']([^\"']+)[\"']\s*;")
BUILT_IN = "any api compiler/plugin descriptor duration empty field_mask source_context struct timestamp type wrappers"
UNDEFINED = re.compile(r'"([\w.]+)" is not defined')
RESOLVED = re.compile(r'"[\w.]+" is resolved to "([\w.]+)", which is not defined')
NO_MESSAGE = re.compile(r'"([\w.]+)" is not a message type')
NO_TYPE = re.compile(r'"([\w.]+)" is not a type')


def tokens(source):
    return [(found.lastgroup, found.group()) for found in TOKEN.finditer(source)]


def without_comments(source):
    return b"".join(b" " if kind == "comment" else text for kind, text in tokens(source))


def imports(source):
    return [path.decode("utf-8", "replace") for path in IMPORT.findall(without_comments(source))]


def without_options(source):
    """The text without options whose names are in brackets, which some import would have to declare."""
    kept, found = [], [token for token in tokens(source) if token[0] != "comment"]
    at = 0

    def next_other(position):
        while position < len(found) and found[position][0] == "space":
            position += 1
        return position

    def end_of(position, ends):
        depth = 0
        while position < len(found):
            text = found[position][1] if found[position][0] == "other" else b""
            if depth == 0 and text in ends:
                return position
            depth += (text in (b"{", b"[", b"(", b"<")) - (text in (b"}", b"]", b")", b">"))
            position += 1
        return position

    while at < len(found):
        kind, text = found[at]
        follows = next_other(at + 1)
        following = found[follows][1] if follows < len(found) else b""
        if kind == "word" and text == b"option" and following == b"(":
            at = end_of(follows, (b";",)) + 1
            continue
        before = next((text for kind, text in reversed(kept) if kind != "space"), b"")
        if text == b"[" and kind == "other" and before not in (b"=", b":"):
            end, entries, start = end_of(at + 1, (b"]",)), [], at + 1
            while start < end:
                stop = min(end_of(start, (b",", b"]")), end)
                first = next_other(start)
                if found[first][1] != b"(":
                    entries.append(b"".join(text for _, text in found[start:stop]))
                start = stop + 1
            if entries:
                kept.append(("other", b"[" + b",".join(entries) + b"]"))
            at = end + 1
            continue
        kept.append((kind, text))
        at += 1
    return b"".join(text for _, text in kept)


def common(one, other):
    """How many directories two paths share."""
    shared = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1]):
        if left != right:
            break
        shared += 1
    return shared


class Tree:
    """The files of one release, to look imports up in."""

    def __init__(self, paths):
        self.paths = paths
        self.by_name = {}
        for path in sorted(paths):
            self.by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)

    def find(self, name, asker):
        """The file that an import means. It may name directories above the repository."""
        parts = name.split("/")
        for cut in range(len(parts)):
            rest = "/".join(parts[cut:])
            alike = [path for path in self.by_name.get(parts[-1], []) if path == rest or path.endswith("/" + rest)]
            if cut:
                alike = [path for path in alike if path == rest and cut < len(parts) - 1]
            if not alike:
                continue
            roots = {path: path[:len(path) - len(rest)] for path in alike}
            around = [path for path in alike if asker.startswith(roots[path])]
            if around:
                return max(around, key=lambda path: len(roots[path]))
            if name.startswith("google/protobuf/"):
                return None
            return max(alike, key=lambda path: (common(path, asker), -len(path)))
        return None


class Compiler:
    def __init__(self, protoc, blobs, log):
        self.protoc, self.blobs, self.log = protoc, blobs, log
        self.known, self.imports, self.bare, self.made_up = {}, {}, {}, {}
        self.runs = 0
        self.scratch = tempfile.TemporaryDirectory(prefix="reuses-")
        names = [f"google/protobuf/{name}.proto" for name in BUILT_IN.split()]
        self.builtin = self.protoc_run({}, names)[0] or {}

    def imports_of(self, blob):
        if blob not in self.imports:
            self.imports[blob] = imports(self.blobs.text(blob) or b"")
        return self.imports[blob]

    def layout(self, tree, path):
        """Names for protoc: name -> blob, name -> another name of the same file, and names that are nowhere."""
        name_of, blobs, aliases, missing = {path: path}, {path: tree.paths[path]}, {}, set()
        waiting = [path]
        while waiting:
            asker = waiting.pop()
            for name in self.imports_of(tree.paths[asker]):
                if name in blobs or name in aliases or name in missing:
                    continue
                found = tree.find(name, asker)
                if found is None:
                    if name not in self.builtin:
                        missing.add(name)
                elif found in name_of:
                    if name_of[found] != name:
                        aliases[name] = name_of[found]
                else:
                    name_of[found] = name
                    blobs[name] = tree.paths[found]
                    waiting.append(found)
        return blobs, aliases, missing

    def compile(self, paths):
        """What each file declares: path -> File, or None where protoc takes it in no way."""
        tree, result, waiting = Tree(paths), {}, []
        for path in sorted(paths):
            blobs, aliases, missing = self.layout(tree, path)
            key = hashlib.sha1(repr((sorted(blobs.items()), path, sorted(aliases.items()))).encode()).hexdigest()
            if key not in self.known:
                waiting.append((path, key, blobs, aliases, missing))
            else:
                result[path] = self.known[key]
        whole = [entry for entry in waiting if not entry[3] and not entry[4]]
        for group in self.groups(whole):
            texts = {name: self.blobs.text(blob) for entry in group for name, blob in entry[2].items()}
            found, _ = self.protoc_run(texts, [entry[0] for entry in group])
            for path, key, *_ in group if found else []:
                self.known[key] = result[path] = found[path]
        for path, key, blobs, aliases, missing in waiting:
            if path not in result:
                self.known[key] = result[path] = self.alone(path, blobs, aliases, missing)
        return result

    @staticmethod
    def groups(entries):
        """Entries that agree what each name means can be compiled in one run."""
        groups = []
        for entry in entries:
            for group, names, paths in groups:
                if all(names.get(name, blob) == blob for name, blob in entry[2].items()):
                    break
            else:
                group, names, paths = [], {}, set()
                groups.append((group, names, paths))
            group.append(entry)
            names.update(entry[2])
        return [group for group, _, _ in groups]

    def alone(self, path, blobs, aliases, missing):
        """One file with stand-ins for what is missing."""
        texts = {name: self.blobs.text(blob) for name, blob in blobs.items()}
        if None in texts.values():
            self.log(f"{path}: a blob of it or of its imports is missing")
            return None
        if missing:
            texts = {name: self.without_options(blob) for name, blob in blobs.items()}
        for name, other in aliases.items():
            texts[name] = f'syntax = "proto3"; import public "{other}";'.encode()
        made_up = set()
        for _ in range(40):
            for name in missing:
                texts[name] = self.stand_in(made_up, texts)
            found, said = self.protoc_run(texts, [path])
            if found:
                return found[path]
            wanted = set(RESOLVED.findall(said)) or set(UNDEFINED.findall(said)) | set(NO_TYPE.findall(said))
            if not missing and wanted:
                # A file that uses what it does not import.
                texts[path] += b'\nimport "made_up/all.proto";\n'
                missing = {"made_up/all.proto"}
            if not wanted - made_up:
                first = [line for line in said.splitlines() if "warning" not in line][:1]
                self.log(f"{path}: not compiled: {' '.join(first)}")
                return None
            made_up |= {name.lstrip(".") for name in wanted}
        return None

    def without_options(self, blob):
        if blob not in self.bare:
            self.bare[blob] = without_options(self.blobs.text(blob))
        return self.bare[blob]

    @staticmethod
    def stand_in(names, texts):
        """A file that brings what was made up, a file a package."""
        packages = {}
        for name in sorted(names):
            package, _, last = name.rpartition(".")
            packages.setdefault(package, []).append(last)
        lines = ['syntax = "proto3";']
        for package, messages in packages.items():
            file = f"made_up/{package or 'none'}.proto"
            head = f"package {package}; " if package else ""
            body = " ".join(f"message {message} {{}}" for message in messages)
            texts[file] = f'syntax = "proto3"; {head}{body}'.encode()
            lines.append(f'import public "{file}";')
        return "\n".join(lines).encode()

    def protoc_run(self, texts, names):
        """Runs protoc over texts by name; the files that were named, or None with what it printed."""
        self.runs += 1
        top = os.path.join(self.scratch.name, str(self.runs))
        for name, text in texts.items():
            file = os.path.join(top, name)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as out:
                out.write(text)
        os.makedirs(top, exist_ok=True)
        out = os.path.join(self.scratch.name, "set")
        command = [self.protoc, f"--proto_path={top}", f"--descriptor_set_out={out}", *names]
        if not texts:
            include = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(self.protoc))), "include")
            command[1:1] = [f"--proto_path={path}" for path in (include, "/usr/include") if os.path.isdir(path)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        subprocess.run(["rm", "-rf", top], check=True)
        if done.returncode:
            return None, done.stderr.decode("utf-8", "replace")
        with open(out, "rb") as file:
            return files_of(file.read()), ""
