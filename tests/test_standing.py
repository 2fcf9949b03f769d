"""Where a run stands is told from its report, or from what it has done so far."""

from __future__ import annotations

from pathlib import Path

import pytest

from gencode_graph.checkpoints import checkpointer
from gencode_graph.errors import WorkspaceError
from gencode_graph.graph import build_graph
from gencode_graph.report import Report
from gencode_graph.runs import Run, Runs
from gencode_graph.settings import Settings
from gencode_graph.standing import standing, state
from gencode_graph.types import StepResult
from gencode_graph.workspace import Workspace

SPEC = (Path(__file__).parent / "specs/bugtracker.json").read_bytes()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "app")


async def begun(settings: Settings, run_id: str = "20261121-000001") -> Run:
    """A run whose analysis has passed and whose mock UI, in a branch beside another, has not."""
    workspace = Workspace.open(settings.workspace_of(run_id), create=True)
    tree = workspace.write({"appspec.json": SPEC}, origin="builtin")
    workspace.close()
    passed = StepResult(status="passed", tree=tree, producer="analyst", attempts=1, seconds=0.1)
    async with checkpointer(settings) as saver:
        graph = build_graph().compile(checkpointer=saver, name="gencode")
        config = {"configurable": {"thread_id": run_id}}
        await graph.aupdate_state(config, {"request": "a bug tracker"}, as_node="__start__")
        await graph.aupdate_state(config, {"steps": {"analysis": passed}}, as_node="analysis")
    return Runs(settings).create(run_id, "a bug tracker", settings)


async def test_an_unfinished_run_has_a_report_of_what_it_has_done(settings: Settings) -> None:
    run = await begun(settings)
    report = await standing(run, settings)
    assert report.status == "interrupted"
    assert report.app is not None
    assert report.app.name == "Trackline"
    assert [s.name for s in report.steps if s.status == "passed"] == ["analysis"]
    assert {r.status for r in report.requirements} == {"unclear"}


async def ended(settings: Settings, run: Run, left: Report | None) -> Report:
    """How a run stands that has ended, with this report left in its folder."""
    if left is not None:
        (run.workspace / ".gencode" / "report.json").write_text(left.to_json())
    Runs(settings).update(run.run_id, "partial")
    return await standing(Runs(settings).get(run.run_id), settings)


async def test_a_run_that_ended_stands_as_its_report_says(settings: Settings) -> None:
    run = await begun(settings)
    left = (await standing(run, settings)).model_copy(update={"status": "partial", "warnings": ("kept README.md",)})
    assert await ended(settings, run, left) == left


@pytest.mark.parametrize("of_another", [True, False])
async def test_a_report_that_is_gone_or_of_another_run_is_made_anew(settings: Settings, of_another: bool) -> None:
    run = await begun(settings)
    other = (await standing(run, settings)).model_copy(update={"run_id": "20261121-000002"})
    made = await ended(settings, run, other if of_another else None)
    assert (made.run_id, made.status) == (run.run_id, "failed")


async def test_a_folder_that_is_gone_is_an_error_that_says_so(tmp_path: Path) -> None:
    gone = Settings(workspace=tmp_path / "gone")
    run = Runs(gone).create("20261121-000003", "a bug tracker", gone)
    with pytest.raises(WorkspaceError, match="gone"):
        await standing(run, gone)


async def test_a_run_that_says_it_is_running_is_believed_only_while_a_process_holds_its_workspace(
    settings: Settings,
) -> None:
    run = await begun(settings)
    assert state(run) == "stopped"
    workspace = Workspace.open(run.workspace, create=False)
    with workspace.lock(run_id=run.run_id):
        assert state(run) == "running"
    with workspace.lock(run_id="20261121-000009"):
        assert state(run) == "stopped"
    Runs(settings).update(run.run_id, "failed")
    assert state(Runs(settings).get(run.run_id)) == "failed"
