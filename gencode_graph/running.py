"""generate and resume: one run of the app graph, from a request or from where it stopped, to its report."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from langchain_core.runnables import RunnableConfig

from gencode_graph import machine
from gencode_graph.approval import answer, unanswered
from gencode_graph.checkpoints import checkpointer
from gencode_graph.events import Event, Warned, parse_event
from gencode_graph.graph import APP, build_graph
from gencode_graph.pipeline import leaves
from gencode_graph.report import Report, build_report
from gencode_graph.runs import Runs, Status, new_run_id
from gencode_graph.sandbox.folder import write_file
from gencode_graph.services import SPEC_FILE, Services, connect
from gencode_graph.settings import Settings
from gencode_graph.spec import AppSpec
from gencode_graph.types import StepResult

T = TypeVar("T")
Listener = Callable[[Event], None]
TOOLS = ("node", "npm", "chromium")
"""Programs without which no run can end well."""
OF_THE_MACHINE = ("home", "memory_url", "cache", "browser", "jobs")
"""Settings that a resumed run takes as they are now, not as they were."""
IF_SET = (
    "agents", "model", "model_simple", "model_medium", "model_complex", "prices", "strict_budget",
    "budget_usd", "budget_tokens", "budget_calls", "budget_seconds", "call_timeout", "calls_at_once",
    "sandbox", "unsafe_local",
)  # fmt: skip
"""The same, but only where they are set now: who is asked, what it may cost, and where tools run."""


async def agenerate(
    request: str, *, settings: Settings | None = None, run_id: str | None = None, on_event: Listener | None = None
) -> Report:
    """Turn a request into a tested, running app in ``settings.workspace``.

    Raises ``InputError`` for a request or a workspace that cannot be used, ``MissingError`` where this machine lacks a
    tool, and ``StoppedError`` where the run stopped and can be resumed. A draft that fails its checks raises nothing:
    the report says so.
    """
    from gencode_graph.blueprint.analysis import check_request

    settings = settings or Settings()
    request = check_request(request)
    await asyncio.to_thread(machine.require, *TOOLS, settings=settings)
    run_id = run_id or new_run_id()
    settings = settings.model_copy(update={"workspace": settings.workspace_of(run_id)})
    runs = Runs(settings)
    return await _run(run_id, request, settings, on_event, lambda: runs.create(run_id, request, settings))


async def aresume(
    run_id: str | None = None,
    *,
    settings: Settings | None = None,
    on_event: Listener | None = None,
    approve: Sequence[int] | None = None,
) -> Report:
    """Go on with a run where it stopped; the newest one when none is named. Raises ``RunNotFoundError``.

    With the settings that it had, except for those of this machine, and for models and budgets that are set now.
    ``approve`` answers an ``ApprovalError`` with the numbers of what it offered; none of them when it is empty.
    """
    now = settings or Settings()
    runs = Runs(now)
    run = await asyncio.to_thread(runs.get, run_id)
    settings = resumed(run.settings, now)
    await asyncio.to_thread(machine.require, *TOOLS, settings=settings)
    begin = functools.partial(runs.update, run.run_id, "running")
    return await _run(run.run_id, run.request, settings, on_event, begin, approve)


def resumed(then: Settings, now: Settings) -> Settings:
    """The settings of a run that had ``then`` and goes on ``now``."""
    changed = (*OF_THE_MACHINE, *(name for name in IF_SET if name in now.model_fields_set))
    return then.model_copy(update={name: getattr(now, name) for name in changed})


def generate(
    request: str, *, settings: Settings | None = None, run_id: str | None = None, on_event: Listener | None = None
) -> Report:
    """:func:`agenerate` for scripts and notebooks: it waits, also where an event loop is running."""
    return _wait(agenerate(request, settings=settings, run_id=run_id, on_event=on_event))


def resume(
    run_id: str | None = None,
    *,
    settings: Settings | None = None,
    on_event: Listener | None = None,
    approve: Sequence[int] | None = None,
) -> Report:
    """:func:`aresume` for scripts and notebooks."""
    return _wait(aresume(run_id, settings=settings, on_event=on_event, approve=approve))


async def _run(
    run_id: str,
    request: str,
    settings: Settings,
    on_event: Listener | None,
    begin: Callable[[], object],
    approve: Sequence[int] | None = None,
) -> Report:
    """Hold the workspace, run the graph from its last checkpoint to its end, and report.

    ``begin`` records that the run goes on, once the workspace is held: what could not begin leaves no trace.
    """
    runs, warnings = Runs(settings), list[str]()

    def heard(event: Event) -> None:
        if isinstance(event, Warned):
            warnings.append(event.message)
        if on_event:
            on_event(event)

    async with connect(settings, run_id) as services, checkpointer(settings) as saver:
        graph = build_graph().compile(checkpointer=saver, name="gencode")
        config: RunnableConfig = {"configurable": {"thread_id": run_id}, "recursion_limit": 100}
        status: Status = "interrupted"
        await asyncio.to_thread(begin)
        try:
            before = await graph.aget_state(config)
            parts = graph.astream(
                answer(before, approve) if before.created_at else {"request": request},
                config,
                context=settings,
                stream_mode="custom",
                subgraphs=True,
                durability="sync",
                version="v2",
            )
            async for part in parts:
                heard(parse_event(cast("dict[str, Any]", part)["data"]))
            after = await graph.aget_state(config)
            unanswered(after)
            steps: dict[str, StepResult] = after.values["steps"]
            report = await asyncio.to_thread(_report, services, request, steps, tuple(warnings))
            status = report.status
        finally:
            await asyncio.to_thread(runs.update, run_id, status)
    return report


def _report(services: Services, request: str, steps: dict[str, StepResult], warnings: tuple[str, ...]) -> Report:
    """The report of a finished run, also written to ``.gencode/report.json``."""
    workspace = services.workspace
    tree = workspace.merge(None, *((steps[name].tree, steps[name].removed) for name in leaves(APP) if name in steps))
    files = workspace.read(tree)
    spec, contract = files.get(SPEC_FILE), files.get("openapi.json")
    report = build_report(
        run_id=services.run_id,
        request=request,
        workspace=str(workspace.root),
        steps=steps,
        spec=AppSpec.model_validate_json(spec) if spec else None,
        contract=json.loads(contract) if contract else None,
        warnings=warnings,
        usage=services.model.spent if services.model else None,
    )
    write_file(workspace.root / ".gencode" / "report.json", (report.to_json()).encode())
    return report


def _wait(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, in a thread of its own where this thread already runs an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1, thread_name_prefix="gencode") as pool:
        return pool.submit(asyncio.run, work).result()
