"""The generated backends do what they promise: their own tests, the fuzzer and the linter pass."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gencode_graph.blueprint.contract import openapi
from gencode_graph.blueprint.render import render
from gencode_graph.sandbox.installs import Installs
from gencode_graph.spec import AppSpec
from tests.blueprint.specs import SPECS, smallest, spec
from tests.conftest import CACHE

STEPS = ("contracts", "backend_models", "backend_implementation", "system_integration")
APPS = {**{name: spec(name) for name in SPECS}, "circle": spec("bugtracker", circle=True), "smallest": smallest()}
Write = Callable[[AppSpec], Path]
pytestmark = pytest.mark.slow


@pytest.fixture
async def write(tmp_path: Path) -> Write:
    """Writes and formats an app, with its packages installed beside it."""
    backend = tmp_path / "backend"
    backend.mkdir()
    lock = backend / "requirements-dev.txt"
    lock.write_bytes(_bytes(render("backend_models", smallest())["backend/requirements-dev.txt"]))
    await Installs(CACHE, mark="tests").provide(lock)

    def written(app: AppSpec) -> Path:
        files = {path: content for step in STEPS for path, content in render(step, app).items()}
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(_bytes(content))
        (tmp_path / "openapi.json").write_text(json.dumps(openapi(app)), encoding="utf-8")
        run(backend, "ruff", "check", "--quiet", "--fix", "--select", "I,F401", "--exit-zero", ".")
        run(backend, "ruff", "format", "--quiet", ".")
        return backend

    return written


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def run(backend: Path, tool: str, *arguments: str, **env: str) -> str:
    """What a tool of the app's own environment says; it has to succeed."""
    argv = [str(backend / ".venv/bin/python"), "-m", tool, *arguments]
    result = subprocess.run(argv, cwd=backend, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
    return result.stdout


@pytest.mark.parametrize("name", APPS)
def test_the_backend_passes_its_own_tests(name: str, write: Write) -> None:
    backend = write(APPS[name])
    run(backend, "ruff", "check", ".")
    run(backend, "ruff", "format", "--check", ".")
    run(backend, "pytest", "-p", "no:cacheprovider", CONTRACT_EXAMPLES="3")


def test_the_published_document_is_the_contract(write: Write) -> None:
    backend = write(spec("library"))
    dump = "import json; from app.main import app; print(json.dumps(app.openapi()))"
    (backend / "dump.py").write_text(dump)
    assert json.loads(run(backend, "dump", APP_DATABASE_URL="sqlite://")) == openapi(spec("library"))


def test_a_difference_to_the_contract_is_named(write: Write) -> None:
    backend = write(smallest())
    models = backend / "app/models/note.py"
    models.write_text(re.sub(r"max_length=\d+", "max_length=7", models.read_text()))
    argv = [".venv/bin/python", "-m", "pytest", "tests/test_contract.py", "-k", "agreed"]
    result = subprocess.run(argv, cwd=backend, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "/components/schemas/NoteCreate/properties/text/maxLength: 5000 was agreed, 7 is published" in result.stdout


def test_the_lock_names_every_package_and_no_address() -> None:
    lock = _bytes(render("backend_models", smallest())["backend/requirements-dev.txt"]).decode()
    assert all(re.match(r"[a-z0-9-]+==[\w.]+( ; .+)?$", line) for line in lock.splitlines())
    plain = _bytes(render("backend_models", smallest())["backend/requirements.txt"]).decode()
    assert set(plain.splitlines()) <= {line.partition(" ")[0] for line in lock.splitlines()}
