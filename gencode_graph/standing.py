"""Where a run stands: its last report, or the report of what it has done so far."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gencode_graph.report import Report, build_report
from gencode_graph.settings import Settings
from gencode_graph.spec import AppSpec
from gencode_graph.types import StepResult

if TYPE_CHECKING:
    from gencode_graph.runs import Run

ENDED = ("delivered", "partial", "failed")


async def standing(run: Run, settings: Settings) -> Report:
    """The report of a run, whether or not it has ended. ``settings`` say where runs are recorded.

    Raises ``WorkspaceError`` when the run's folder is gone.
    """
    if run.status in ENDED and (report := await asyncio.to_thread(_last, run)):
        return report
    steps = await _steps(run.run_id, settings)
    return await asyncio.to_thread(_so_far, run, steps)


def state(run: Run) -> str:
    """How a run is, in a word: its status, or ``stopped`` when it says that it is running and no process does."""
    from gencode_graph.workspace.lock import holder

    if run.status != "running":
        return run.status
    who = holder(run.workspace / ".gencode" / "lock") or ""
    return "running" if who.startswith(f"run {run.run_id} ") else "stopped"


def _last(run: Run) -> Report | None:
    """The report that was left in the workspace, if it is of this run."""
    try:
        report = Report.model_validate_json((run.workspace / ".gencode" / "report.json").read_bytes())
    except (OSError, ValidationError):
        return None  # gone, or of another version: made anew from the checkpoint
    return report if report.run_id == run.run_id else None


async def _steps(run_id: str, settings: Settings) -> dict[str, StepResult]:
    """What the steps of a run came to, those in unfinished branches included."""
    from gencode_graph.checkpoints import checkpointer
    from gencode_graph.graph import build_graph

    async with checkpointer(settings) as saver:
        graph = build_graph().compile(checkpointer=saver, name="gencode")
        state = await graph.aget_state({"configurable": {"thread_id": run_id}}, subgraphs=True)
    return _ended(state)


def _ended(state: Any) -> dict[str, StepResult]:
    """The ``steps`` of a state and of the branches inside it."""
    steps: dict[str, StepResult] = dict(state.values.get("steps", {}))
    for task in state.tasks:
        if task.state is not None:
            steps |= _ended(task.state)
        steps |= (task.result or {}).get("steps", {})
    return steps


def _so_far(run: Run, steps: dict[str, StepResult]) -> Report:
    from gencode_graph.workspace import Workspace

    workspace = Workspace.open(run.workspace, create=False)
    try:
        files = workspace.read(workspace.merge(None, *((done.tree, done.removed) for done in steps.values())))
    finally:
        workspace.close()
    spec, contract = files.get("appspec.json"), files.get("openapi.json")
    return build_report(
        run_id=run.run_id,
        request=run.request,
        workspace=run.workspace,
        steps=steps,
        spec=AppSpec.model_validate_json(spec) if spec else None,
        contract=json.loads(contract) if contract else None,
        interrupted=run.status not in ENDED,
    )
