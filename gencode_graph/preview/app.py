"""The finished app of a run, built and served in its sandbox; what is written to it is kept for the next time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gencode_graph.errors import InputError, SandboxError, ServeError
from gencode_graph.preview.records import MINUTES, MOST
from gencode_graph.preview.serving import Serving, start
from gencode_graph.protocols import Sandbox
from gencode_graph.sandbox.folder import read_files, write_files
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.types import Task
from gencode_graph.validation.app_runs import serve_command
from gencode_graph.validation.web import build

if TYPE_CHECKING:
    from gencode_graph.runs import Run


@dataclass(frozen=True, kw_only=True)
class App:
    """An app that answers."""

    url: str
    """For this machine."""
    inside: str
    """For programs in the sandbox, a browser for instance."""
    sandbox: Sandbox


@asynccontextmanager
async def served(run: Run, settings: Settings, minutes: float = MINUTES) -> AsyncIterator[Serving[App]]:
    """Serve the newest files of a run's workspace on a loopback port, until the block or its time ends.

    In the background, for instance of a notebook: ``serving = await start(run.run_id, app(run, settings), settings)``.
    Raises what :func:`app` raises, and ``InputError`` when this app or too many others are served.
    """
    serving = await start(run.run_id, app(run, settings), settings, minutes)
    try:
        yield serving
    finally:
        await serving.stop()


@asynccontextmanager
async def app(run: Run, settings: Settings) -> AsyncIterator[App]:
    """The newest app of a run's workspace, built and answering until the block ends.

    What is written to the app stays until its files change. Raises ``InputError`` when there is no app yet,
    ``ServeError`` when it does not build or start, and ``WorkspaceError`` while a run holds the workspace.
    """
    settings = settings.model_copy(update={"workspace": run.workspace, "agents": False, "memory": False})
    async with connect(settings, run.run_id, for_nodes=False) as services:
        workspace, sandbox = services.workspace, services.sandbox
        head = await asyncio.to_thread(lambda: workspace.head)
        spec = await services.spec(head) if head else None
        if head is None or spec is None:
            raise InputError(f"run {run.run_id} has made no app yet; go on with `gencode resume {run.run_id}`")
        task = Task(run_id=run.run_id, step="preview", request=run.request, tree=head, spec=spec)
        built = await build(task, services)
        if built.verdict != "ok":
            raise ServeError(f"the app does not build; see `gencode show {run.run_id}`\n{built.output[-2000:]}")
        await services.stage(head, "backend/", "openapi.json")
        await sandbox.install("backend/requirements-dev.txt")
        name = f"preview-{head[:12]}.db"
        command = serve_command(f"sqlite:///../{name}").model_copy(update={"timeout": MOST * 60})
        async with (
            kept(services, name),
            sandbox.serve(command, health="/api/health") as inside,
            sandbox.reach(inside) as url,
        ):
            yield App(url=url, inside=inside, sandbox=sandbox)


@asynccontextmanager
async def kept(services: Services, name: str) -> AsyncIterator[None]:
    """A database's files that the sandbox has as they were the last time, and that are kept for the next."""
    sandbox, names = services.sandbox, (name, f"{name}-wal")
    folder = services.workspace.root / ".gencode" / "previews"
    if not await sandbox.collect(names):
        await sandbox.put(await asyncio.to_thread(read_files, folder, names), origin=services.origin)
    try:
        yield
    finally:
        with contextlib.suppress(SandboxError):  # a sandbox that is gone or a file that is too large: nothing to keep
            if name in (files := await sandbox.collect(names)):
                await asyncio.to_thread(write_files, folder, files, owned=names)
