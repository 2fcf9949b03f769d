"""What an app is built with is looked up for the report: three outcomes, and none of them fails a run."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from gencode_graph.sandbox.advisories import TOOLS
from gencode_graph.services import connect
from gencode_graph.settings import Settings
from gencode_graph.types import Draft, Task, Verdict
from gencode_graph.validation import supplies as module
from gencode_graph.validation.licences import allowed, unusual
from gencode_graph.validation.supplies import LOCKS, supplies

FILES = {
    "backend/requirements.txt": "uvicorn==0.54.0\n",
    "frontend/package.json": '{"name": "frontend", "dependencies": {}}\n',
    "frontend/package-lock.json": '{"name": "frontend", "lockfileVersion": 3, "packages": {"": {}}}\n',
}
CLEAN = {"python": {"dependencies": []}, "node": {"vulnerabilities": {}, "metadata": {"vulnerabilities": {}}}}
VULNERABLE = {
    "python": {"dependencies": [{"name": "x", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}]},
    "node": {"vulnerabilities": {"x": {"name": "x", "severity": "high", "range": "<2", "via": [{"title": "t"}]}}},
}
SKIPPED = {"dependencies": [{"name": "uvicorn", "skip_reason": "not found on PyPI"}]}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the only one where tools are looked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def tool(folder: Path, kind: str, output: object, status: int = 0) -> None:
    """A program that answers as an auditor of that kind does."""
    place = folder / TOOLS[kind][0]
    text = output if isinstance(output, str) else json.dumps(output)
    (folder / "said").write_text(text)
    place.write_text(f"#!/bin/sh\n/bin/cat {folder}/said\nexit {status}\n")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)


async def audited(tmp_path: Path) -> Verdict:
    """What is said of the audits of a small app."""
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home", memory=False), "run") as services:
        tree = services.workspace.write(FILES, origin="builtin")
        task = Task(run_id="run", step="testing_frontend", request="anything", tree=tree)
        return await supplies(task, Draft(files=FILES), services)


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Licences are looked at by the tests below."""

    async def none(task: Task, services: object) -> Verdict:
        return Verdict()

    monkeypatch.setattr(module, "_licensed", none)


async def test_without_a_tool_nothing_is_audited_and_nothing_fails(tmp_path: Path, path: Path) -> None:
    verdict = await audited(tmp_path)
    assert {kind: it["outcome"] for kind, it in verdict.figures["audits"].items()} == dict.fromkeys(
        LOCKS, "not audited"
    )
    assert {(finding.rule, finding.severity) for finding in verdict.findings} == {("audit/not-audited", "note")}
    assert all("is not on this machine" in finding.message for finding in verdict.findings)


@pytest.mark.parametrize("kind", LOCKS)
async def test_a_tool_that_knows_nothing_bad_says_clean(tmp_path: Path, path: Path, kind: str) -> None:
    tool(path, kind, CLEAN[kind])
    verdict = await audited(tmp_path)
    assert verdict.figures["audits"][kind]["outcome"] == "clean"


@pytest.mark.parametrize("kind", LOCKS)
async def test_known_weaknesses_are_warnings(tmp_path: Path, path: Path, kind: str) -> None:
    tool(path, kind, VULNERABLE[kind], status=1)
    verdict = await audited(tmp_path)
    assert verdict.figures["audits"][kind]["outcome"] == "findings"
    [finding] = [it for it in verdict.findings if it.severity == "warning"]
    assert finding.path == LOCKS[kind]


@pytest.mark.parametrize(
    ("kind", "output", "status"),
    [
        ("node", {"error": {"code": "E405", "summary": "Method Not Allowed"}}, 1),
        ("node", "", 0),
        ("node", "npm ERR! network", 1),
        ("python", SKIPPED, 0),
        ("python", "WARNING: connection refused", 1),
        ("python", "{", 0),
    ],
)
async def test_what_could_not_be_asked_is_never_clean(
    tmp_path: Path, path: Path, kind: str, output: object, status: int
) -> None:
    tool(path, kind, output, status)
    verdict = await audited(tmp_path)
    assert verdict.figures["audits"][kind]["outcome"] == "not audited"
    assert verdict.figures["audits"][kind]["reason"]


@pytest.mark.parametrize(
    "said",
    ["MIT", "Apache-2.0 OR BSD-2-Clause", "(MIT OR GPL-3.0)", "MIT AND ISC AND BSD-3-Clause", "MPL-2.0", "BSD License",
     "Apache Software License", "Mozilla Public License 2.0 (MPL 2.0)", "GPL-3.0 OR MIT", "MIT/X11"],
)  # fmt: skip
def test_a_licence_that_is_open_to_all_is_allowed(said: str) -> None:
    assert allowed(said)


@pytest.mark.parametrize(
    "said", ["", "GPL-3.0-only", "MIT AND GPL-2.0", "UNLICENSED", "SEE LICENSE IN x", "AGPL-3.0", "LGPL"]
)
def test_any_other_is_to_be_read_by_a_person(said: str) -> None:
    assert unusual({"x@1": said, "y@1": "MIT"}) == {"x@1": said or "none stated"}
