"""The app is asked from inside its sandbox, whatever the sandbox and whatever it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gencode_graph.errors import SandboxError, ServeError
from gencode_graph.protocols import Sandbox
from gencode_graph.sandbox import open_sandbox
from gencode_graph.settings import Settings
from gencode_graph.testing import sh
from gencode_graph.types import Command
from gencode_graph.validation import interpreter
from gencode_graph.validation.app_runs import ask
from gencode_graph.validation.behaviour import Request

SERVER = """
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/gone":
            return
        self.answer({"/": 200, "/broken": 500}.get(self.path, 404), self.path)
    def do_POST(self):
        self.answer(201, json.loads(self.rfile.read(int(self.headers["Content-Length"])))["name"])
    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())
    def log_message(self, *words): pass
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
PYTHON = {
    "local": "mkdir -p backend/.venv/bin && ln -sf $(command -v python3) backend/.venv/bin/python",
    "docker": "ln -s /usr backend/.venv",
}


@pytest.fixture(params=["local", pytest.param("docker", marks=[pytest.mark.docker, pytest.mark.slow])])
async def sandbox(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Sandbox]:
    monkeypatch.setattr(interpreter, "INSTALLS", "/usr")
    opened = await open_sandbox(Settings(sandbox=request.param), tmp_path, "run")
    await opened.put({"backend/server.py": SERVER.encode()})
    await opened.run(sh(PYTHON[request.param]))
    yield opened
    await opened.close()


async def test_requests_are_answered_one_after_another(sandbox: Sandbox) -> None:
    command = Command(argv=("python3", "server.py", "{port}"), cwd="backend")
    async with sandbox.serve(command, health="/") as url:
        page, made, lost, broken, gone = await ask(
            sandbox,
            Request(url=f"{url}/"),
            Request(url=f"{url}/rows", method="POST", body={"name": 'it\'s "é" & $HOME'}),
            Request(url=f"{url}/lost"),
            Request(url=f"{url}/broken"),
            Request(url=f"{url}/gone"),
        )
    assert (page, made, lost, broken) == ((200, "/"), (201, 'it\'s "é" & $HOME'), (404, "/lost"), (500, "/broken"))
    assert gone[0] == 0
    [(status, why)] = await ask(sandbox, Request(url=f"{url}/"))
    assert status == 0
    assert "refused" in why


async def test_a_python_that_a_program_put_there_is_not_asked(sandbox: Sandbox) -> None:
    await sandbox.run(
        sh("rm -rf backend/.venv && mkdir -p backend/.venv/bin && ln -s /bin/false backend/.venv/bin/python")
    )
    expected: tuple[type[Exception], str] = (ServeError, "in the place of")
    if sandbox.name == "local":
        expected = (SandboxError, "could not be asked")
    with pytest.raises(expected[0], match=expected[1]):
        await ask(sandbox, Request(url="http://127.0.0.1:9/"))
