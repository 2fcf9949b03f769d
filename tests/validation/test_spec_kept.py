"""What the built-in AppSpec has, a model's has too; and an app can be made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.blueprint.analysis import analyse
from gencode_graph.services import SPEC_FILE, connect
from gencode_graph.settings import Settings
from gencode_graph.spec import AppSpec
from gencode_graph.types import Draft, Finding, Task
from gencode_graph.validation.spec_kept import spec_builds, spec_kept

FIRST = analyse("Create a bug tracking system with projects, issues, comments and labels")


def without_board(spec: AppSpec) -> dict[str, Any]:
    path = next(page.path for page in spec.pages if page.kind == "board")
    nav = [group.model_dump() for group in spec.nav]
    for group in nav:
        group["paths"] = [it for it in group["paths"] if it != path]
    pages = [page.model_dump() for page in spec.pages if page.path != path]
    return spec.model_dump() | {"pages": pages, "nav": nav}


CHANGES: dict[str, tuple[Callable[[], AppSpec], list[str]]] = {
    "a page": (lambda: AppSpec.model_validate(without_board(FIRST)), ["the board page of issue is gone"]),
    "a field": (
        lambda: AppSpec.model_validate_json(FIRST.model_dump_json().replace("due_date", "deadline")),
        ["the field issue.due_date is gone"],
    ),
    "a requirement": (
        lambda: FIRST.model_copy(update={"requirements": FIRST.requirements[1:]}),
        [f"the requirement {FIRST.requirements[0].text!r} is gone"],
    ),
    "words only": (lambda: FIRST.model_copy(update={"name": "Bugs", "tagline": "Fewer of them.", "hue": 3}), []),
}


async def judged(tmp_path: Path, spec: AppSpec) -> tuple[Finding, ...]:
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home"), "run") as services:
        files = {SPEC_FILE: spec.model_dump_json()}
        first = services.workspace.write({SPEC_FILE: FIRST.model_dump_json()}, origin="builtin")
        now = services.workspace.write(files, origin="model")
        task = Task(run_id="run", step="analysis", request="", tree=now, builtin=first, spec=spec)
        return (await spec_kept(task, Draft(files=files, origin="model"), services)).findings


@pytest.mark.parametrize("change", CHANGES)
async def test_what_the_built_in_specification_has_may_not_go(tmp_path: Path, change: str) -> None:
    make, lost = CHANGES[change]
    found = await judged(tmp_path, make())
    assert [finding.message for finding in found] == lost
    assert all(finding.rule == "spec/lost" and finding.hint for finding in found)


@pytest.mark.slow
async def test_an_app_can_be_made_of_it(tmp_path: Path) -> None:
    odd = FIRST.model_copy(update={"name": 'A "quoted" name\\'})
    hostile = FIRST.model_copy(update={"pages": ()})  # no such spec is valid; the generator fails on it
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home"), "run") as services:
        tasks = [Task(run_id="run", step="analysis", request="", tree="", spec=it) for it in (FIRST, odd, hostile)]
        verdicts = [await spec_builds(task, Draft(origin="model"), services) for task in tasks]
    assert [[finding.rule for finding in verdict.findings] for verdict in verdicts] == [[], [], ["spec/unbuildable"]]
