"""A session of an editor: open documents, edits in the client's positions, and bounded waits for diagnostics."""

import asyncio
import pathlib
import uuid
from urllib.parse import unquote, urlparse

from lsprotocol import types
from pygls.exceptions import JsonRpcException

SECONDS = 20
# The server may answer so while it loads the workspace; a client repeats the request.
REPEATABLE = {types.LSPErrorCodes.ServerCancelled.value, types.LSPErrorCodes.ContentModified.value}


class Buffer:
    """An open document. Offsets count characters; positions count what the server and the client agreed on."""

    def __init__(self, path, text, encoding):
        self.path, self.uri, self.text, self.version, self.encoding = path, path.as_uri(), text, 1, encoding

    def units(self, text):
        """The length of a text in the unit of positions."""
        match self.encoding:
            case "utf-8":
                return len(text.encode())
            case "utf-32":
                return len(text)
            case _:
                return len(text.encode("utf-16-le")) // 2

    def position(self, offset):
        before = self.text[:offset]
        line_start = before.rfind("\n") + 1
        return types.Position(before.count("\n"), self.units(before[line_start:]))

    def offset(self, position):
        lines = self.text.split("\n")
        start = sum(len(line) + 1 for line in lines[: position.line])
        line = lines[position.line] if position.line < len(lines) else ""
        for column in range(len(line) + 1):
            if self.units(line[:column]) >= position.character:
                assert self.units(line[:column]) == position.character, f"{position} is inside a character of {line!r}"
                return start + column
        # A position after the end of a line means its end.
        return start + len(line)

    def slice(self, span):
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def range_of(self, text, after=""):
        """The range of a text, searched for after another text."""
        start = self.text.index(text, self.text.index(after))
        return types.Range(self.position(start), self.position(start + len(text)))

    def with_edits(self, edits):
        """The text with edits applied; they must not overlap."""
        spans = sorted((self.offset(edit.range.start), self.offset(edit.range.end), edit.new_text) for edit in edits)
        text, last = "", 0
        for start, end, new in spans:
            assert last <= start <= end, f"edits overlap: {edits}"
            text, last = text + self.text[last:start] + new, end
        return text + self.text[last:]


class Session:
    def __init__(self, client, root, answer):
        self.client, self.root, self.answer = client, root, answer
        self.encoding = types.PositionEncodingKind(answer.capabilities.position_encoding or "utf-16").value
        offered = client.capabilities.text_document
        self.pulls = answer.capabilities.diagnostic_provider is not None and offered.diagnostic is not None
        self.related = bool(offered.publish_diagnostics.related_information)
        sync = answer.capabilities.text_document_sync
        self.sync = sync.change if isinstance(sync, types.TextDocumentSyncOptions) else sync
        self.buffers = {}

    def open(self, name):
        return self.open_path(self.root / "proto/acme" / name)

    def open_path(self, path):
        buffer = Buffer(path, path.read_text(encoding="utf-8"), self.encoding)
        self.buffers[buffer.uri] = buffer
        item = types.TextDocumentItem(buffer.uri, "proto", buffer.version, buffer.text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return buffer

    def change(self, buffer, text):
        """Sends the part of the text that is new, as editors do."""
        old = buffer.text
        start = common(old, text)
        tail = common(old[start:][::-1], text[start:][::-1])
        span = types.Range(buffer.position(start), buffer.position(len(old) - tail))
        buffer.text, buffer.version = text, buffer.version + 1
        change = types.TextDocumentContentChangePartial(span, text[start : len(text) - tail])
        if self.sync != types.TextDocumentSyncKind.Incremental:
            change = types.TextDocumentContentChangeWholeDocument(text)
        document = types.VersionedTextDocumentIdentifier(version=buffer.version, uri=buffer.uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def replace(self, buffer, old, new):
        assert buffer.text.count(old) == 1, f"{old!r} is not in the text exactly once:\n{buffer.text}"
        self.change(buffer, buffer.text.replace(old, new))

    async def diagnostics(self, buffer, codes):
        """The diagnostics of a buffer by code. They must have exactly these codes, now where the client pulls them, and
        after some time where the server publishes them."""
        found = await self.pull(buffer) if self.pulls else await self.pushed(buffer, codes)
        assert codes_of(found) == sorted(codes), found
        return {item.code: item for item in found}

    async def pull(self, buffer):
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(buffer.uri))
        while True:
            try:
                report = await bounded(self.client.text_document_diagnostic_async(params))
                return report.items
            except JsonRpcException as error:
                if error.code not in REPEATABLE:
                    raise

    async def pushed(self, buffer, codes):
        def newest():
            reports = [report for report in self.client.reports if report.uri == buffer.uri]
            return reports[-1] if reports and reports[-1].version in (None, buffer.version) else None

        def is_settled():
            report = newest()
            return report and codes_of(report.diagnostics) == sorted(codes)

        try:
            await self.client.until(is_settled)
        except TimeoutError:
            raise AssertionError(f"{codes} expected, published: {newest()}") from None
        return newest().diagnostics

    async def actions(self, buffer, diagnostic, kind):
        context = types.CodeActionContext([diagnostic])
        document = types.TextDocumentIdentifier(buffer.uri)
        params = types.CodeActionParams(document, diagnostic.range, context)
        actions = await bounded(self.client.text_document_code_action_async(params)) or []
        return [action for action in actions if isinstance(action, types.CodeAction) and action.kind == kind]

    async def fix(self, buffer, diagnostic):
        """Applies the preferred quick fix of a diagnostic."""
        actions = await self.actions(buffer, diagnostic, types.CodeActionKind.QuickFix)
        preferred = [action for action in actions if action.is_preferred]
        assert len(preferred) == 1, f"one preferred fix expected of {[action.title for action in actions]}"
        action = preferred[0]
        if action.edit is None:
            action = await bounded(self.client.code_action_resolve_async(action))
        self.apply(action.edit)

    def apply(self, edit):
        """Applies the edit of a workspace, and opens files that are not open. Returns the paths."""
        changed = {change.text_document.uri: change for change in edit.document_changes or []}
        edits = dict(edit.changes or {}) | {uri: change.edits for uri, change in changed.items()}
        for uri, changes in edits.items():
            buffer = self.buffers.get(uri) or self.open_path(path_of(uri))
            if uri in changed:
                assert changed[uri].text_document.version in (None, buffer.version)
            self.change(buffer, buffer.with_edits(changes))
        return {path_of(uri) for uri in edits}

    def at(self, buffer, text, after="", end=False):
        """The parameters for a request at the start or end of a text."""
        span = buffer.range_of(text, after)
        return {
            "text_document": types.TextDocumentIdentifier(buffer.uri),
            "position": span.end if end else span.start,
        }

    def cancelled(self, method, params):
        """Sends a request, and directly after it that it is not needed. Returns the future response."""
        request = str(uuid.uuid4())
        response = self.client.protocol.send_request_async(method, params, msg_id=request)
        task = asyncio.ensure_future(bounded(response))

        async def cancel():
            # The task above runs first, and sends the request.
            await asyncio.sleep(0)
            self.client.protocol.notify("$/cancelRequest", types.CancelParams(request))
            return await task

        return cancel()


def codes_of(diagnostics):
    return sorted(str(diagnostic.code) for diagnostic in diagnostics)


def common(left, right):
    """The length of the common start of two texts."""
    limit = min(len(left), len(right))
    return next((at for at in range(limit) if left[at] != right[at]), limit)


def path_of(uri):
    return pathlib.Path(unquote(urlparse(uri).path))


async def bounded(answer):
    """Waits for a response, but not without end."""
    async with asyncio.timeout(SECONDS):
        return await answer
