"""The rehearsal: whole runs with agents, whose answers a script gives, as it should be and made worse."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gencode_graph.testing import Wire, load_script
from gencode_graph.testing.rehearsal import BUG_TRACKER, REQUEST

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.browser, pytest.mark.node]
BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "rehearsal.py"
PAGE = "frontend/src/components/app/page.tsx"
TEST = re.compile(rb"^(?:async )?def test_", re.M)


@dataclass(kw_only=True)
class Rehearsed:
    """A whole run, and the server that it asked."""

    folder: Path
    report: dict[str, Any]
    wire: Wire
    key: str = field(repr=False)

    @property
    def steps(self) -> dict[str, dict[str, Any]]:
        return {step["name"]: step for step in self.report["steps"]}

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()


@contextmanager
def rehearsal(tmp_path: Path, **script: Any) -> Iterator[Rehearsed]:
    """``gencode new`` with the demo's request, in a process of its own, against a server that plays the models."""
    folder, report, key = tmp_path / "app", tmp_path / "report.json", f"sk-canary{uuid4().hex}"
    with Wire(**script) as wire:
        env = {**os.environ, **wire.env_of("openai"), "OPENAI_API_KEY": key}
        argv = [sys.executable, "-m", "gencode_graph.cli", "new", REQUEST, "--model", "openai:gpt-4o-mini"]
        argv += ["--workspace", str(folder), "--report", str(report)]
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=900, check=False)
        (tmp_path / "shown").write_text(done.stdout + done.stderr)
        assert report.exists(), done.stderr[-3000:]
        yield Rehearsed(folder=folder, report=json.loads(report.read_text()), wire=wire, key=key)


def holding(folder: Path, secret: str) -> list[str]:
    """Files, and git repositories by their objects, in which a text occurs."""
    wanted = secret.encode()
    found = [str(path) for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]
    for git in folder.rglob(".git"):
        argv = ["git", "-C", str(git.parent), "cat-file", "--batch", "--batch-all-objects"]
        objects = subprocess.run(argv, capture_output=True, check=True).stdout
        assert objects
        found += [str(git)] if wanted in objects else []
    return found


def test_agents_add_what_the_built_in_draft_lacks(tmp_path: Path) -> None:
    with rehearsal(tmp_path, **vars(load_script(BUG_TRACKER))) as made:
        assert made.report["status"] == "delivered", made.report
        assert made.report["warnings"] == []
        checks = made.report["checks"]
        assert [checks[name]["failed"] for name in ("backend_tests", "contract", "unit_tests", "e2e")] == [0] * 4

        assert "get" in json.loads(made.read("openapi.json"))["paths"]["/api/workload"]
        assert "/api/workload" in made.read("frontend/src/features/workload/page.tsx")
        assert "--radius: 1rem" in made.read("frontend/src/index.css")
        assert "estimate" in made.read("backend/app/models/issue.py")
        assert "estimate" in made.read("frontend/src/api/schema.d.ts")
        assert "An archived project takes no new issues" in made.read("backend/app/routers/issues.py")
        assert checks["e2e"]["passed"] >= browser_tests(made.folder)
        assert checks["backend_tests"]["passed"] >= sum(map(functions_in, (made.folder / "backend/tests").glob("*.py")))
        assert (made.folder / "frontend" / "e2e" / "workload.spec.ts").exists()

        producers = {name: made.steps[name]["producer"] for name in made.steps}
        assert producers == {
            "analysis": "marcus", "architecture": "blueprint", "frontend_mock": "derek", "contracts": "marcus",
            "screenshot_verify": None, "frontend_integration": "derek", "backend_models": "blueprint",
            "backend_implementation": "derek", "system_integration": "adopt wording", "testing_backend": None,
            "testing_frontend": "luna", "preview_final": "blueprint",
        }  # fmt: skip
        findings = [finding for step in made.report["steps"] for finding in step["findings"]]
        assert [f for f in findings if f["severity"] != "note"] == []

        usage = made.report["usage"]
        for counted in (made.wire.told, made.wire.usage):
            assert (usage["calls"], usage["tokens_in"], usage["tokens_out"]) == (
                counted.calls, counted.tokens_in, counted.tokens_out,
            )  # fmt: skip
        assert {call.key for call in made.wire.calls} == {made.key}
    assert holding(tmp_path, made.key) == []
    assert holding(tmp_path, "An archived project takes no new issues") != []  # the search finds what is there


@pytest.fixture(scope="module")
def benchmark() -> Any:
    """``benchmarks/rehearsal.py``, which compares files with what the built-in generator makes."""
    spec = importlib.util.spec_from_file_location("rehearsal_benchmark", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    path = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = path
    return module


async def test_a_whole_run_of_worse_answers_ends_in_the_built_in_app(
    benchmark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    green = await benchmark.baseline(tmp_path / "green")
    made = await benchmark.rehearse("turns-1", tmp_path / "made", green, monkeypatch.setenv)
    assert (made.status, made.differs, made.leaks) == ("delivered", (), ()), made
    assert made.restored == ("testing_backend", "testing_frontend"), made
    assert made.refused.keys() >= {"analysis", "architecture", "contracts", "backend_models"}, made
    assert made.accepted.keys() == {"frontend_mock", "frontend_integration", "backend_implementation"}, made


@pytest.mark.parametrize("kind", ["turns-2", "turns-3"])
async def test_worse_answers_up_to_the_backend_end_in_the_built_in_one(
    benchmark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    green = await benchmark.baseline(tmp_path / "green", few=True)
    made = await benchmark.rehearse(kind, tmp_path / "made", green, monkeypatch.setenv, few=True)
    assert (made.status, made.leaks) == ("delivered", ()), made
    planted = {PAGE} if kind == "turns-2" else set()  # only the browser's step can notice that, and puts it back
    assert set(made.differs) == planted, made
    assert made.restored == (), made  # what breaks the wiring is healed, without going back


def functions_in(path: Path) -> int:
    """Test functions of a module; what is run may be more, as some take several values."""
    return len(TEST.findall(path.read_bytes()))


def browser_tests(folder: Path) -> int:
    """End-to-end tests that the files of an app hold."""
    return sum(
        len(re.findall(r"^\s*test\(", path.read_text(), re.M)) for path in (folder / "frontend/e2e").glob("*.spec.ts")
    )
