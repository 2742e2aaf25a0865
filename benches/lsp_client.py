"""A client of the Language Server Protocol over standard input and output. It uses only Python's standard library, and
notes when each message arrived."""

import json
import os
import pathlib
import queue
import subprocess
import threading
import time

# An answer is not available yet (ContentModified, ServerCancelled, RequestCancelled): the request can be repeated.
REPEATABLE = {-32801, -32802, -32800}


class Failure(Exception):
    """What a server did that the protocol does not allow, or did not do in time."""


class Rejected(Failure):
    """An error response."""

    def __init__(self, method, error):
        super().__init__(f"{method}: error {error.get('code')}: {error.get('message')}")
        self.code = error.get("code")


class Server:
    """A running server. Its messages are read by a thread, and handled only while a method waits for something."""

    def __init__(self, command, directory, limit=120):
        self.limit = limit
        self.errors = []
        self.process = subprocess.Popen(
            command, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.arrived = queue.Queue()
        for work in (self._read, self._read_errors):
            threading.Thread(target=work, daemon=True).start()
        self.last_id = 0
        # Responses by id, and notifications by the URI of a document, each with the time of arrival.
        self.responses = {}
        self.published = {}
        # Methods that the server registered after `initialized`.
        self.registered = []
        self.last_activity = time.monotonic()

    def _read(self):
        stream = self.process.stdout
        while True:
            length = None
            while (line := stream.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length is None:
                self.arrived.put(None)
                return
            body = stream.read(length)
            self.arrived.put((time.monotonic(), body))

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors = [*self.errors[-19:], line.decode(errors="replace").rstrip()]

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        try:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Failure(f"the server closed its input; {self.state()}") from None

    def notify(self, method, params):
        self._send({"method": method, "params": params})

    def send(self, method, params=None):
        """Sends a request, and returns its id."""
        self.last_id += 1
        self._send({"id": self.last_id, "method": method, **({} if params is None else {"params": params})})
        return self.last_id

    def result(self, method, request):
        """The result of a request that was sent, and the time when it arrived."""
        self.wait(f"the response to {method}", lambda: request in self.responses)
        arrived, message = self.responses.pop(request)
        if "error" in message:
            raise Rejected(method, message["error"])
        return message.get("result"), arrived

    def request(self, method, params=None):
        return self.result(method, self.send(method, params))[0]

    def wait(self, what, condition, limit=None):
        """Handles messages until the condition is true."""
        end = time.monotonic() + (limit or self.limit)
        while not condition():
            if not self.handle(end - time.monotonic()):
                raise Failure(f"no {what} within {limit or self.limit} s; {self.state()}")

    def settle(self, quiet):
        """Handles messages until there was none for some seconds. Returns the time of the last one."""
        while self.handle(self.last_activity + quiet - time.monotonic()):
            pass
        return self.last_activity

    def handle(self, seconds):
        """Handles one message, if one arrives in time."""
        try:
            entry = self.arrived.get(timeout=max(seconds, 0))
        except queue.Empty:
            return False
        if entry is None:
            raise Failure(f"the server ended; {self.state()}")
        arrived, body = entry
        self.last_activity = arrived
        message = json.loads(body)
        if "method" not in message:
            self.responses[message.get("id")] = (arrived, message)
        elif "id" in message:
            self._send({"id": message["id"], **self._answer(message["method"], message.get("params") or {})})
        elif message["method"] == "textDocument/publishDiagnostics":
            self.published.setdefault(message["params"]["uri"], []).append((arrived, message["params"]))
        return True

    def _answer(self, method, params):
        if method == "workspace/configuration":
            return {"result": [None for _ in params.get("items", [])]}
        if method == "client/registerCapability":
            self.registered += [registration["method"] for registration in params["registrations"]]
        supported = method.endswith("/refresh") or method in {
            "client/registerCapability",
            "client/unregisterCapability",
            "window/workDoneProgress/create",
        }
        return {"result": None} if supported else {"error": {"code": -32601, "message": f"no method {method}"}}

    def state(self):
        status = self.process.poll()
        ended = "it runs" if status is None else f"it ended with status {status}"
        return "\n".join([ended, *self.errors])

    def peak_memory(self):
        """The peak of resident memory in bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))

    def shut_down(self):
        """Ends the server as the protocol says, and returns its status; `None` if it still runs after some seconds."""
        self.request("shutdown")
        self._send({"method": "exit"})
        try:
            return self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def initialize_params(root, pull=True):
    """What a current editor sends. Without `pull`, the server has to publish diagnostics."""
    dynamic = {"dynamicRegistration": False}
    text_document = {
        "synchronization": {"didSave": True, **dynamic},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True, "codeDescriptionSupport": True},
        "completion": {"completionItem": {"snippetSupport": True, "resolveSupport": {"properties": ["detail"]}}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor", "source"]}},
            "dataSupport": True,
            "isPreferredSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
        "rename": {"prepareSupport": True},
        "foldingRange": {"lineFoldingOnly": True},
    }
    workspace = {
        "workspaceFolders": True,
        "configuration": True,
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]},
        "symbol": dynamic,
        "textDocumentContent": dynamic,
    }
    if pull:
        text_document["diagnostic"] = {"relatedDocumentSupport": True, "relatedInformation": True, **dynamic}
        workspace["diagnostics"] = {"refreshSupport": True}
    root = pathlib.Path(root)
    return {
        "processId": os.getpid(),
        "clientInfo": {"name": "protolint benches"},
        "rootUri": root.as_uri(),
        "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
        "capabilities": {
            "general": {"positionEncodings": ["utf-8", "utf-16"]},
            "textDocument": text_document,
            "window": {"workDoneProgress": True},
            "workspace": workspace,
        },
    }
