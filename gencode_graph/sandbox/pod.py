"""The sandbox in Docker: files, commands and servers in a pod, each command in a container of its own."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import itertools
import json
import threading
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from gencode_graph.errors import MissingError, SandboxError, ServeError, SettingError
from gencode_graph.sandbox.archives import pack
from gencode_graph.sandbox.commands import SERVER_OUTPUT, at_port, inside, probe, slots, url_of
from gencode_graph.sandbox.confinement import GVISOR
from gencode_graph.sandbox.docker import Engine
from gencode_graph.sandbox.folder import UNTOUCHED, parts
from gencode_graph.sandbox.holding import Pod
from gencode_graph.sandbox.jobs import Job
from gencode_graph.sandbox.pod_installs import PodInstalls
from gencode_graph.sandbox.relay import Relay
from gencode_graph.settings import Settings
from gencode_graph.types import Command, Health, Limit, Origin, Result


async def open_sandbox(settings: Settings, folder: Path, run_id: str) -> DockerSandbox:
    """A sandbox in Docker; what dead owners left there is removed first. ``folder`` is not used: nothing is shared."""
    sandbox = await asyncio.to_thread(DockerSandbox, settings, run_id)
    try:
        await sandbox.open()
    except BaseException:
        await sandbox.close()
        raise
    return sandbox


class DockerSandbox:
    """A pod without a network: each command is a container that dies with all it started."""

    name = "docker"
    limits: tuple[Limit, ...] = get_args(Limit)

    def __init__(self, settings: Settings, run_id: str) -> None:
        self._settings = settings
        self._pod = Pod(settings, run_id)
        self._installs = PodInstalls(self._pod)
        self._ports = itertools.count(20_000)
        self._times: dict[str, tuple[bytes, int]] = {}

    async def open(self) -> None:
        """Open the pod; raises ``MissingError`` where there is no engine, no image or not the runtime asked for."""
        await self._pod.open()
        self.limits = self._pod.engine.limits

    async def close(self) -> None:
        await self._pod.close()

    async def put(self, files: Mapping[str, bytes], *, owned: Sequence[str] = (), origin: Origin = "builtin") -> None:
        for path in (*files, *owned):
            parts(path)
        for path, content in files.items():
            digest = hashlib.sha256(content).digest()
            if self._times.get(path, (b"", 0))[0] != digest:  # what is the same keeps its time
                self._times[path] = (digest, int(time.time()))
        await self._pod.call(self._put, self._pod.engine, dict(files), list(owned))

    def _put(self, engine: Engine, files: dict[str, bytes], owned: list[str]) -> None:
        assert self._pod.holder is not None
        holder = self._pod.holder.container
        if owned:
            job = {"owned": owned, "keep": list(files), "untouched": list(UNTOUCHED)}
            order = f".put-{uuid.uuid4().hex}.json"  # one of our own: others may put at the same time
            engine.put(holder, pack({order: json.dumps(job).encode()}, {order: 0}))
            code, output = engine.ask(holder, ["python3", "-I", "-c", inside("clear.py"), order])
            if code != 0:
                raise SandboxError(f"the workspace could not be cleared: {output[-1000:]}")
        engine.put(holder, pack(files, {path: self._times[path][1] for path in files}))

    async def collect(self, paths: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for path in ["/".join(parts(path)) or "." for path in paths]:
            engine, holder = self._pod.engine, self._pod.holder
            assert holder is not None
            found |= await self._pod.call(engine.get, holder.container, path)
        return found

    async def install(self, lock: str) -> None:
        folder = "/".join(parts(lock)[:-1])
        wanted = [f"{folder}/package.json", lock] if lock.endswith("package-lock.json") else [folder or "."]
        found = await self.collect(wanted)
        async with slots(self._settings):
            await self._installs.provide(found, lock)

    async def run(self, command: Command) -> Result:
        job = Job(
            place=await self._pod.place_of(command),
            argv=command.argv,
            cwd=command.cwd,
            seconds=command.timeout,
            limit=command.output_limit,
        )
        async with slots(self._settings):
            result = await self._pod.run(job)
            if result.exit_code in (126, 127) and "timeout: failed to run command" in result.stderr:
                await self._must_have(command)
        return result

    async def _must_have(self, command: Command) -> None:
        """Raise if a program is really not there; what the program itself says is not believed."""
        argv = ("sh", "-c", 'command -v -- "$1"', "sh", command.argv[0])
        asked = Job(place=await self._pod.place_of(command), argv=argv, cwd=command.cwd)
        if (await self._pod.run(asked)).verdict != "ok":
            if "/" in command.argv[0]:
                raise SandboxError(f"{command.argv[0]} cannot be run in {command.cwd!r}; install first")
            raise MissingError(f"{command.argv[0]} is not in the image {command.image!r}; add it and make it anew")

    @contextlib.asynccontextmanager
    async def serve(self, command: Command, *, health: Health, seconds: float = 30.0) -> AsyncIterator[str]:
        if self._settings.sandbox_runtime == GVISOR:
            raise SettingError(
                f"under {GVISOR} every command has a loopback of its own, so that no other one can reach a server: "
                "unset GENCODE_SANDBOX_RUNTIME for runs that serve"
            )
        port = next(self._ports)
        url, command = url_of(health, port), at_port(command, port)
        place, stop = replace(await self._pod.place_of(command), keep_input=True), threading.Event()
        running = await self._pod.start(place, ["sh", "-c", inside("fate.sh"), "sh", *command.argv], command.cwd)
        watch = functools.partial(running.read, limit=SERVER_OUTPUT, tail=True, deadline=float("inf"), stop=stop)
        reading = asyncio.ensure_future(self._pod.call(watch))
        asking = asyncio.create_task(self._healthy(probe(health, port, seconds)))
        why: str | None = "it ended by itself"
        try:
            await asyncio.wait([reading, asking], return_when=asyncio.FIRST_COMPLETED)
            why = asking.result() if asking.done() else why
            if why is None:
                yield url
        finally:
            ended = reading.done()
            asking.cancel()
            stop.set()
            await asyncio.wait([asking, reading])
            code = await self._pod.finish(running, place if ended else None, grace=3)
        if why is not None:
            output = b"\n".join(running.kept.values()).decode(errors="replace").strip()
            raise ServeError(f"{command.argv[0]} did not come up: {why} ({code})\n{output[-2000:]}", output)

    async def _healthy(self, asked: Command) -> str | None:
        place = await self._pod.place_of(asked)
        result = await self._pod.run(Job(place=place, argv=asked.argv, cwd=asked.cwd, seconds=asked.timeout))
        return None if result.verdict == "ok" else result.output

    @contextlib.asynccontextmanager
    async def reach(self, url: str) -> AsyncIterator[str]:
        stop = threading.Event()
        argv = ["python3", "-I", "-c", inside("relay.py"), str(urlsplit(url).port)]
        place = replace(self._pod.place(), memory=128, processes=32, keep_input=True)
        running = await self._pod.start(place, argv)
        relay = Relay(running, self._pod.threads)
        server = await asyncio.start_server(relay.accept, "127.0.0.1", 0)
        listening = asyncio.ensure_future(self._pod.call(relay.listen, stop))
        try:
            yield f"{urlsplit(url).scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            ended = listening.done()
            server.close()
            await relay.hang_up()
            stop.set()
            await asyncio.wait([listening])
            await self._pod.finish(running, place if ended else None, grace=2)
