"""The generated backends do what they promise: their own tests, the fuzzer and the linter pass."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gencode_graph.blueprint.contract import openapi
from gencode_graph.blueprint.render import render
from gencode_graph.sandbox.installs import Installs
from gencode_graph.sandbox.locks import find_uv
from gencode_graph.spec import AppSpec
from tests.blueprint.specs import SPECS, smallest, spec
from tests.conftest import CACHE, postgres_programs

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


RACE = """
from concurrent.futures import ThreadPoolExecutor
from fastapi.testclient import TestClient
from app.main import app

with TestClient(app) as client:
    trainer = client.get("/api/trainers").json()["items"][0]["id"]
    rooms = [client.post("/api/rooms", json={"name": f"Room {n}"}).json()["id"] for n in range(8)]

    def book(room):
        body = {"title": "Same time", "starts_at": "2040-01-01T09:00:00Z", "ends_at": "2040-01-01T10:00:00Z"}
        return client.post("/api/class-sessions", json=body | {"trainer_id": trainer, "room_id": room, "capacity": 5})

    with ThreadPoolExecutor(8) as pool:
        print(sorted(response.status_code for response in pool.map(book, rooms)))
"""


def test_two_bookings_at_once_do_not_overlap(write: Write, tmp_path: Path) -> None:
    backend = write(spec("gym"))
    (backend / "race.py").write_text(RACE)
    assert run(backend, "race", APP_DATABASE_URL=f"sqlite:///{tmp_path / 'race.db'}").strip() == str([201] + [409] * 7)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["bugtracker", "circle"])
def test_the_backend_passes_its_own_tests_on_postgresql(
    name: str, write: Write, tmp_path: Path, postgres_url: str
) -> None:
    createdb = [str(postgres_programs() / "createdb"), f"--maintenance-db={postgres_url}", f"app_{name}"]
    subprocess.run(createdb, check=True)
    backend = write(APPS[name])
    wanted = (backend / "requirements-postgres.txt").read_text().splitlines()[-1]
    driver = tmp_path / "driver"
    install = [find_uv(), "pip", "install", "--quiet", "--python", ".venv/bin/python", "--target", str(driver), wanted]
    subprocess.run(install, cwd=backend, check=True)
    url = urlsplit(postgres_url)._replace(scheme="postgresql+psycopg", path=f"/app_{name}").geturl()
    run(
        backend, "pytest", "-p", "no:cacheprovider", APP_DATABASE_URL=url, CONTRACT_EXAMPLES="2", PYTHONPATH=str(driver)
    )


def test_the_lock_names_every_package_and_no_address() -> None:
    lock = _bytes(render("backend_models", smallest())["backend/requirements-dev.txt"]).decode()
    assert all(re.match(r"[a-z0-9-]+==[\w.]+( ; .+)?$", line) for line in lock.splitlines())
    plain = _bytes(render("backend_models", smallest())["backend/requirements.txt"]).decode()
    assert set(plain.splitlines()) <= {line.partition(" ")[0] for line in lock.splitlines()}
