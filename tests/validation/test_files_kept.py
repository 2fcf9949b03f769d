"""Documents and the contract are there to stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from gencode_graph.services import connect
from gencode_graph.settings import Settings
from gencode_graph.types import Draft, Task
from gencode_graph.validation.files_kept import files_kept

GREEN = {"docs/architecture.md": "# Why", "backend/app/main.py": "app = 1\n"}


@pytest.mark.parametrize(
    ("removed", "now", "found"),
    [
        (("docs/architecture.md",), {}, ["docs/architecture.md"]),
        (("docs/architecture.md",), {"docs/architecture.md": "# Why not"}, []),
        (("docs/notes.md",), {}, []),
        (("backend/app/main.py",), {}, []),
        ((), {}, []),
    ],
)
async def test_built_in_files_outside_the_code_may_not_be_removed(
    tmp_path: Path, removed: tuple[str, ...], now: dict[str, str], found: list[str]
) -> None:
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home"), "run") as services:
        green, tree = (services.workspace.write(files, origin="builtin") for files in (GREEN, now))
        task = Task(run_id="run", step="architecture", request="anything", tree=tree, builtin=green)
        verdict = await files_kept(task, Draft(removed=removed, files=now, origin="model"), services)
    assert [finding.path for finding in verdict.findings] == found
