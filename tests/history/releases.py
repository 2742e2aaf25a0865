"""The releases of a git repository and the .proto files of each, read with the git program."""

import fnmatch
import re
import subprocess

VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")
LOOSE = re.compile(r"(\d+(?:\.\d+)*)(?:[-_.]?([0-9A-Za-z][0-9A-Za-z.-]*))?")
SKIPPED = ("node_modules", "target")


def git(repo, *arguments, check=True):
    """What git prints, as bytes."""
    done = subprocess.run(["git", "-C", repo, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if check and done.returncode:
        raise SystemExit(f"git {' '.join(arguments)}: {done.stderr.decode()}")
    return done.stdout


def identifier(text):
    """Numbers come before words; a number that ends a word counts by its value."""
    word = text.rstrip("0123456789")
    return (word, int(text[len(word):] or 0), text)


def version_key(numbers, pre):
    numbers = [int(number) for number in numbers]
    return (numbers, pre is None, [identifier(part) for part in (pre or "").split(".") if part])


def version(name, pattern):
    """The key that orders a tag, or None where it is no release."""
    if pattern is None:
        found = VERSION.fullmatch(name)
        return found and version_key(found.groups()[:3], found.group(4))
    if not fnmatch.fnmatchcase(name, pattern):
        return None
    literal = re.split(r"[*?\[{]", pattern)[0]
    literal = literal.rstrip("0123456789.")
    found = LOOSE.search(name[len(literal):])
    if not found:
        return version_key([0], name)
    return version_key(found.group(1).split("."), found.group(2))


def tags(repo, pattern=None, everywhere=False):
    """Releases in order, as (name, commit): the highest of the tags on a commit names it."""
    merged = [] if everywhere else ["--merged", "HEAD"]
    lines = git(repo, "for-each-ref", "refs/tags", "--format=%(refname:lstrip=2)", *merged).decode().splitlines()
    found = []
    for name in lines:
        key = version(name, pattern)
        commit = key and git(repo, "rev-parse", "-q", "--verify", f"refs/tags/{name}^{{commit}}", check=False)
        if commit:
            found.append((key, name, commit.decode().strip()))
    found.sort()
    by_commit = {}
    for key, name, commit in found:
        by_commit[commit] = (key, name, commit)
    return [(name, commit) for key, name, commit in sorted(by_commit.values())]


def commits(repo):
    """The commits of the line of HEAD, oldest first."""
    lines = git(repo, "log", "--first-parent", "--reverse", "--format=%H", "HEAD").decode().split()
    length = len(git(repo, "rev-parse", "--short", "HEAD").decode().strip())
    return [(commit[:length], commit) for commit in lines]


def files(repo, commit):
    """The .proto files of a commit: path -> blob."""
    found = {}
    for line in git(repo, "ls-tree", "-r", "-z", commit).split(b"\0"):
        if not line.endswith(b".proto"):
            continue
        about, path = line.split(b"\t", 1)
        mode, _, blob = about.split()
        parts = path.decode("utf-8", "replace").split("/")
        hidden = any(part.startswith(".") or part in SKIPPED for part in parts[:-1])
        if mode in (b"100644", b"100755") and not hidden:
            found["/".join(parts)] = blob.decode()
    return found


class Blobs:
    """Texts by object id, through one git process."""

    def __init__(self, repo):
        command = ["git", "-C", repo, "cat-file", "--batch"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.texts = {}

    def text(self, blob):
        if blob not in self.texts:
            self.process.stdin.write(blob.encode() + b"\n")
            self.process.stdin.flush()
            header = self.process.stdout.readline().split()
            if header[-1] == b"missing":
                self.texts[blob] = None
                return None
            self.texts[blob] = self.process.stdout.read(int(header[2]))
            self.process.stdout.read(1)
        return self.texts[blob]
