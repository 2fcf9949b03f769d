"""Preflight and integrity leave the built-in generator's own apps alone, and find what a model may do to them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from gencode_graph.blueprint.contract import openapi
from gencode_graph.blueprint.render import render
from gencode_graph.nodes import STEPS
from gencode_graph.protocols import Sandbox
from gencode_graph.services import Services
from gencode_graph.settings import Settings
from gencode_graph.spec import AppSpec
from gencode_graph.types import Draft, Finding, Task
from gencode_graph.validation.integrity import integrity, whole
from gencode_graph.validation.preflight import judge, preflight
from gencode_graph.workspace import Workspace

pytestmark = pytest.mark.slow

SPECS = sorted((Path(__file__).parents[1] / "specs").glob("*.json"))
Files = dict[str, str | bytes]


@cache
def made(spec_file: Path) -> dict[str, Files]:
    """The files of each step that makes some, as the generator's formatter leaves Python."""
    spec = AppSpec.model_validate_json(spec_file.read_text(encoding="utf-8"))
    steps = {name: render(name, spec) for name in STEPS if name not in ("screenshot_verify", "testing_backend")}
    steps["contracts"]["openapi.json"] = json.dumps(openapi(spec), indent=1) + "\n"
    return {name: files for name, files in steps.items() if files}


def without_unused(files: Files, folder: Path) -> Files:
    """Templates import what they may need; the formatter takes out what they do not."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--isolated", "--no-cache", "--fix", "--select", "I,F401"]
    subprocess.run([*ruff, "."], cwd=folder, check=False)
    return {path: (folder / path).read_bytes() for path in files}


@pytest.mark.parametrize("spec_file", SPECS, ids=[path.stem for path in SPECS])
def test_the_generators_own_files_have_no_findings_at_any_step(spec_file: Path, tmp_path: Path) -> None:
    tree: Files = {}
    for name, rendered in made(spec_file).items():
        files = without_unused(rendered, tmp_path / name)
        tree |= files
        assert [(name, f) for f in (*whole(files), *judge(files, tree))] == []


def test_a_hundred_files_take_less_than_a_second() -> None:
    files = dict(list(made(SPECS[0])["frontend_mock"].items())[:70])
    files |= made(SPECS[0])["backend_models"] | made(SPECS[0])["backend_implementation"]
    began = time.process_time()
    whole(files)
    judge(files, files)
    assert time.process_time() - began < 1


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Services of a run whose workspace is real; no check here needs a sandbox."""
    workspace = Workspace.open(tmp_path / "app", create=True)
    yield Services(run_id="r", settings=Settings(), workspace=workspace, sandbox=cast("Sandbox", None))
    workspace.close()


BASE: Files = {
    "frontend/package.json": '{"dependencies": {"react": "19"}}\n',
    "frontend/src/api/client.ts": "export const api = {};\n",
    "openapi.json": json.dumps({"openapi": "3.1.0", "paths": {"/api/items": {"get": {}}}}),
    "backend/requirements.txt": "fastapi\n",
    "backend/app/__init__.py": "",
}
WRONG: dict[str, tuple[str, str, str]] = {
    "an empty file": ("frontend/src/a.ts", "\n", "file/empty"),
    "a chat": ("frontend/src/a.ts", "Sure! Here is the file:\n", "file/shape"),
    "a cut file": ("frontend/src/a.ts", "export function a() {\n", "file/truncated"),
    "a hidden character": ("frontend/src/a.ts", "export const a = 'b\u202ec';\n", "text/bidi"),
    "a lookalike": ("backend/app/a.py", "p\u0430th = 1\n", "text/lookalike"),
    "a bad path": ("../a.py", "x = 1\n", "path/segment"),
    "a syntax error": ("backend/app/a.py", "x = = 1\ny = 2\n", "syntax/python"),
    "an undefined name": ("backend/app/a.py", "x = y\n", "names/undefined"),
    "an undefined hook": ("frontend/src/a.tsx", "export const a = () => useState(1);\n", "names/undefined"),
    "a placeholder": ("frontend/src/a.ts", "export const a = 1;\n// ... rest of the code\n", "placeholder"),
    "an import of nothing": ("frontend/src/a.ts", 'export * from "./b";\n', "imports/unresolved"),
    "an import of no name": ("frontend/src/a.ts", 'export { b } from "./api/client";\n', "imports/name"),
    "a package": ("backend/app/a.py", "import numpy\n\nX = numpy\n", "imports/undeclared"),
    "a call": (
        "frontend/src/a.ts",
        'import { api } from "./api/client";\n\napi.POST("/api/items");\n',
        "contract/call",
    ),
    "a route": (
        "backend/app/a.py",
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('/api/b')\ndef b():\n    return 1\n",
        "contract/route-extra",
    ),
    "a secret": ("backend/app/a.py", 'API_KEY = "4f9A2c7E1b8D3a6F0c5B9e2d"\n', "secrets/in-code"),
}


async def judged(services: Services, draft: Files) -> list[Finding]:
    """What the two checks say of a draft on top of an app."""
    safe = {path: content for path, content in draft.items() if not path.startswith("..")}
    tree = await asyncio.to_thread(services.workspace.write, BASE, origin="builtin")
    try:
        mine = await asyncio.to_thread(services.workspace.write, safe, origin="model")
    except ValueError:  # hidden characters and the like never reach the workspace
        mine = await asyncio.to_thread(services.workspace.write, {}, origin="model")
    whole_tree = await asyncio.to_thread(services.workspace.merge, tree, (mine, ()))
    task = Task(run_id="r", step="s", request="x", tree=whole_tree)
    proposed = Draft(files=draft, origin="model")
    return [f for check in (integrity, preflight) for f in (await check(task, proposed, services)).findings]


@pytest.mark.parametrize(("path", "text", "rule"), WRONG.values(), ids=WRONG)
async def test_a_mistake_of_a_model_is_found(services: Services, path: str, text: str, rule: str) -> None:
    found = await judged(services, {path: text})
    assert rule in {f.rule for f in found if f.severity == "error"}
    assert all(f.message and f.path for f in found)


async def test_a_model_may_not_lose_the_end_of_a_green_file(services: Services) -> None:
    path, text = "backend/app/a.py", "def a(b):\n    c = b.d()\n    c.e()\n    c.f()\n"
    green = await asyncio.to_thread(services.workspace.write, {path: text}, origin="builtin")
    task = Task(run_id="r", step="s", request="x", tree=green, green=green)
    less: Files = {path: text.removesuffix("    c.f()\n")}
    for origin, rules in (("model", ["file/truncated"]), ("builtin", [])):
        draft = Draft(files=less, origin="model" if origin == "model" else "builtin")
        assert [f.rule for f in (await integrity(task, draft, services)).findings] == rules


async def test_a_right_draft_passes(services: Services) -> None:
    right: Files = {
        "frontend/src/a.ts": 'import { api } from "./api/client";\n\nexport const a = api.GET("/api/items");\n',
        "backend/app/a.py": "def a() -> int:\n    return 1\n",
        "frontend/src/logo.png": b"\x89PNG\r\n\x1a\n",
    }
    assert await judged(services, right) == []
