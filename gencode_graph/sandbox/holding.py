"""A pod in Docker: the container that holds its network and its workspace, and the containers that run beside it."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from gencode_graph.errors import SandboxError, SandboxLost
from gencode_graph.sandbox import confinement, owners
from gencode_graph.sandbox.attached import Running
from gencode_graph.sandbox.confinement import WORKSPACE, Place
from gencode_graph.sandbox.docker import Engine
from gencode_graph.sandbox.image_recipes import reference
from gencode_graph.sandbox.jobs import Job, run_job
from gencode_graph.sandbox.owners import LABEL
from gencode_graph.sandbox.reaper import keep_reaping
from gencode_graph.settings import Settings
from gencode_graph.types import Command, Result

T = TypeVar("T")


class Pod:
    """A network and a workspace in memory that last as long as their holder, and that as long as we do."""

    def __init__(self, settings: Settings, run_id: str) -> None:
        self._runtime = settings.sandbox_runtime
        self._id = uuid.uuid4().hex[:12]
        self._labels = {LABEL: self._id, "gencode.thread": run_id, **owners.labels()}
        self._images: dict[str, str] = {}
        self._engine: Engine | None = None
        self._reaping: asyncio.Task[None] | None = None
        self.threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="gencode-docker")
        self.mounts = {"/workspace": f"gencode-{self._id}"}
        """Folder -> volume, as in ``Place``; for the containers that are started from now on."""
        self.image = ""
        """The id of the image that commands usually run in."""
        self.holder: Running | None = None

    async def open(self) -> None:
        """Make the volume and the holder. The holder ends when its input closes, so it cannot outlive us."""
        self._engine = engine = await self.call(Engine)
        if self._runtime:
            engine.need_runtime(self._runtime)
        self.image = await self._image_of("app")
        await asyncio.gather(self.call(engine.reap), self._hold(engine))
        self._reaping = asyncio.create_task(keep_reaping(lambda: self.call(engine.reap)))

    async def _hold(self, engine: Engine) -> None:
        options = {"type": "tmpfs", "device": "tmpfs", "o": WORKSPACE}
        await self.call(engine.make_volume, self.mounts["/workspace"], self._labels, options)
        alone = replace(self.place("none"), memory=128, processes=32, keep_input=True)
        self.holder = await self.call(engine.start, alone, ["cat"], "/workspace")

    async def close(self) -> None:
        """Remove all of it; an engine that is gone has nothing to remove, and a reaper comes later."""
        engine, self._engine = self._engine, None
        if self._reaping is not None:
            self._reaping.cancel()
        owners.closed.add(self._id)
        if engine is not None:
            if self.holder is not None:
                await self.call(engine.let_go, self.holder)
            with contextlib.suppress(SandboxError):
                await self.call(engine.reap)
            engine.close()
        self.threads.shutdown(wait=False)

    @property
    def engine(self) -> Engine:
        """The engine that it is in; raises ``SandboxLost`` once it was closed."""
        if self._engine is None:
            raise SandboxLost("this sandbox was closed; open another one")
        return self._engine

    async def call(self, function: Callable[..., T], *arguments: object) -> T:
        """What a function that blocks returns, from one of our threads."""
        try:
            work = asyncio.get_running_loop().run_in_executor(self.threads, functools.partial(function, *arguments))
        except RuntimeError as error:  # the threads are gone
            raise SandboxLost("this sandbox was closed; open another one") from error
        return await work

    def place(self, network: str = "") -> Place:
        """Where a container of the pod runs."""
        if not network:
            assert self.holder is not None
            network = f"container:{self.holder.container.id}"
        mounts, labels = dict(self.mounts), self._labels
        return Place(image=self.image, network=network, mounts=mounts, labels=labels, runtime=self._runtime)

    async def place_of(self, command: Command) -> Place:
        """Where a command runs: in the image, and with the memory, that it asks for."""
        image, memory = await self._image_of(command.image), command.memory or confinement.MEMORY
        return replace(self.place(), image=image, environment=command.env, memory=memory)

    async def _image_of(self, name: str) -> str:
        if name not in self._images:
            self._images[name] = await self.call(lambda: self.engine.image_id(reference(name)))
        return self._images[name]

    async def start(self, place: Place, argv: list[str], cwd: str = ".") -> Running:
        """A container that goes on until ``finish``."""
        return await self.call(self.engine.start, place, argv, f"/workspace/{cwd}")

    async def finish(self, running: Running, ended: Place | None, grace: float = 0.0) -> int | None:
        """End a container that was to go on; its exit code. One that ended before must have done so by itself."""
        engine = self.engine
        try:
            if ended is not None:
                await self.call(engine.assure, ended, running)
        finally:
            end = await self.call(functools.partial(engine.end, running, kill=True, grace=grace))
        return end.code

    async def run(self, job: Job) -> Result:
        """Run a container to its end, or to ours where we are cancelled."""
        stop = threading.Event()
        work = asyncio.ensure_future(self.call(run_job, self.engine, job, stop))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([work])
            work.exception()  # seen: nobody waits for it
            raise
