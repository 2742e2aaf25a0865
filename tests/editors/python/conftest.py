"""A server for each test, in a repository of its own, as the editor of the parameter would start it."""

import asyncio
import os
import pathlib
import subprocess

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features
from session import SECONDS, Session, bounded

SERVER = os.environ["PROTOLINT_SERVER"]
# Pulled diagnostics in UTF-8, and published ones in UTF-16 and UTF-8.
EDITORS = ["neovim@v0.11.0", "neovim@v0.7.0", "visual-studio-code", "emacs"]


class Client(LanguageClient):
    """Keeps all published diagnostics, and waits for conditions."""

    def __init__(self):
        super().__init__(converter_factory=default_converter)
        self.reports = []
        self.arrived = asyncio.Event()
        features = {
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: publish,
            types.CLIENT_REGISTER_CAPABILITY: register,
        }
        register_lsp_features(self, DEFAULT_CLIENT_FEATURES | features)

    async def until(self, condition):
        async with asyncio.timeout(SECONDS):
            while not condition():
                self.arrived.clear()
                await self.arrived.wait()


def publish(client: Client, params: types.PublishDiagnosticsParams):
    client.reports.append(params)
    client.arrived.set()


def register(client: Client, params: types.RegistrationParams):
    """Accepts capabilities that the server adds, such as watched files."""


@pytest.fixture
def root(tmp_path):
    prepare = pathlib.Path(__file__).parent.parent / "prepare"
    subprocess.run([prepare, tmp_path / "shop"], check=True)
    return (tmp_path / "shop").resolve()


@pytest_asyncio.fixture(params=EDITORS)
async def session(request, root):
    client = Client()
    await client.start_io(SERVER, "lsp")
    folder = types.WorkspaceFolder(root.as_uri(), root.name)
    params = types.InitializeParams(client_capabilities(request.param), root_uri=root.as_uri(), workspace_folders=[folder])
    session = Session(client, root, await bounded(client.initialize_session(params)))
    client._pytest_item = request.node
    yield session
    await bounded(client.shutdown_session())
    assert client._server.returncode == 0, "the status after `exit`"
    await client.stop()
