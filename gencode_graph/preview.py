"""A finished app, served on this machine for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gencode_graph.errors import InputError, ServeError
from gencode_graph.report import Preview
from gencode_graph.services import connect
from gencode_graph.settings import Settings
from gencode_graph.types import Task
from gencode_graph.validation.app_runs import serve_command
from gencode_graph.validation.web import build

if TYPE_CHECKING:
    from gencode_graph.runs import Run

MINUTES = 30.0


@asynccontextmanager
async def served(run: Run, settings: Settings, minutes: float = MINUTES) -> AsyncIterator[Preview]:
    """Serve the newest files of a run's workspace on a loopback port until the block ends.

    What is written to the app stays until its files change. Ending it when it ``expires`` is the caller's task.

    Raises ``InputError`` when there is no app yet, ``ServeError`` when it does not build or start, and
    ``WorkspaceError`` while a run holds the workspace.
    """
    settings = settings.model_copy(update={"workspace": run.workspace, "agents": False})
    async with connect(settings, run.run_id) as services:
        workspace = services.workspace
        head = await asyncio.to_thread(lambda: workspace.head)
        spec = await services.spec(head) if head else None
        if head is None or spec is None:
            raise InputError(f"run {run.run_id} has made no app yet; go on with `gencode resume {run.run_id}`")
        task = Task(run_id=run.run_id, step="preview", request=run.request, tree=head, spec=spec)
        built = await build(task, services)
        if built.verdict != "ok":
            raise ServeError(f"the app does not build; see `gencode show {run.run_id}`\n{built.output[-2000:]}")
        await services.stage(head, "backend/", "openapi.json")
        await services.sandbox.install("backend/requirements-dev.txt")
        command = serve_command(f"sqlite:///../preview-{head[:12]}.db")
        command = command.model_copy(update={"timeout": minutes * 60 + 60})
        sandbox = services.sandbox
        async with sandbox.serve(command, health="/api/health") as inside, sandbox.reach(inside) as url:
            expires = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)
            yield Preview(command=f"gencode preview {run.run_id}", url=url, expires=expires)
