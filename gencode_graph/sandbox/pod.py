"""The sandbox in Docker: a holder that owns network and workspace, and a container of its own for each command."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import itertools
import json
import shlex
import tempfile
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from gencode_graph.errors import MissingError, SandboxError, SandboxLost, ServeError
from gencode_graph.sandbox import owners
from gencode_graph.sandbox.archives import OWNER, pack
from gencode_graph.sandbox.commands import SERVER_OUTPUT, at_port, inside, probe, slots, url_of
from gencode_graph.sandbox.docker import LABEL, Engine, Place, Running
from gencode_graph.sandbox.folder import UNTOUCHED, parts
from gencode_graph.sandbox.jobs import Job, run_job
from gencode_graph.sandbox.locks import Lock, read_lock, unreached
from gencode_graph.sandbox.relay import Relay
from gencode_graph.settings import Settings
from gencode_graph.types import Command, Health, Limit, Origin, Result

IMAGE = "gencode/base"
INSTALL_TIMEOUT = 900.0
WORKSPACE = f"size=1g,nr_inodes=200000,uid={OWNER},gid={OWNER},mode=0755,nosuid,nodev"
T = TypeVar("T")


async def open_sandbox(settings: Settings, folder: Path, run_id: str) -> DockerSandbox:
    """A sandbox in Docker; what dead owners left there is removed first. ``folder`` is not used: nothing is shared."""
    sandbox = DockerSandbox(settings, run_id)
    try:
        await sandbox.open()
    except BaseException:
        await sandbox.close()
        raise
    return sandbox


class DockerSandbox:
    """A pod without a network: each command is a container that dies with all it started."""

    name = "docker"
    limits: tuple[Limit, ...] = ("time", "output", "memory", "processes", "disk", "files", "network", "privileges")

    def __init__(self, settings: Settings, run_id: str) -> None:
        self._settings = settings
        self._id = uuid.uuid4().hex[:12]
        self._labels = {LABEL: self._id, "gencode.thread": run_id, **owners.labels()}
        self._threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="gencode-docker")
        self._ports = itertools.count(20_000)
        self._times: dict[str, tuple[bytes, int]] = {}
        self._mounts = {"/workspace": f"gencode-{self._id}"}
        self._installing = asyncio.Lock()
        self._engine: Engine | None = None

    async def open(self) -> None:
        """Make the volume and the holder. The holder ends when its input closes, so it cannot outlive us."""
        self._engine = engine = await self._call(Engine)
        self._image = await self._call(engine.image_id, IMAGE)
        await self._call(engine.reap)
        options = {"type": "tmpfs", "device": "tmpfs", "o": WORKSPACE}
        await self._call(engine.make_volume, self._mounts["/workspace"], self._labels, options)
        alone = replace(self._place("none"), memory=128, processes=32, keep_input=True)
        self._holder = await self._call(engine.start, alone, ["cat"], "/workspace")

    async def put(self, files: Mapping[str, bytes], *, owned: Sequence[str] = (), origin: Origin = "builtin") -> None:
        for path in (*files, *owned):
            parts(path)
        for path, content in files.items():
            digest = hashlib.sha256(content).digest()
            if self._times.get(path, (b"", 0))[0] != digest:  # what is the same keeps its time
                self._times[path] = (digest, int(time.time()))
        await self._call(self._put, dict(files), list(owned))

    async def install(self, lock: str) -> None:
        folder = "/".join(parts(lock)[:-1])
        wanted = [f"{folder}/package.json", lock] if lock.endswith("package-lock.json") else [folder or "."]
        named = await asyncio.to_thread(read_found, await self.collect(wanted), lock)
        key = named.key(self._image)
        async with self._installing, slots(self._settings):
            if f"/installs/{key}" not in self._mounts:
                await self._fetch(named, key)
                self._mounts[f"/installs/{key}"] = f"gencode-install-{key}:ro"
                argv = (
                    "sh",
                    "-c",
                    inside("link.sh"),
                    "sh",
                    f"/installs/{key}/{named.folder}",
                    f"./{folder}/{named.folder}",
                )
                linked = await self._run(Job(place=self._place(), argv=argv))
                if linked.verdict != "ok":
                    raise SandboxError(f"{folder}/{named.folder} could not be linked: {linked.output}")

    async def run(self, command: Command) -> Result:
        job = Job(
            place=replace(self._place(), environment=command.env),
            argv=("timeout", "-k", "2", f"{command.timeout:g}", *command.argv),
            cwd=command.cwd,
            seconds=command.timeout,
            limit=command.output_limit,
        )
        async with slots(self._settings):
            result = await self._run(job)
            if result.exit_code in (126, 127) and "timeout: failed to run command" in result.stderr:
                await self._must_have(command)
        return result

    async def collect(self, paths: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for path in ["/".join(parts(path)) or "." for path in paths]:
            found |= await self._call(self._ready().get, self._holder.container, path)
        return found

    @contextlib.asynccontextmanager
    async def serve(self, command: Command, *, health: Health, seconds: float = 30.0) -> AsyncIterator[str]:
        port = next(self._ports)
        url, command = url_of(health, port), at_port(command, port)
        engine, stop = self._ready(), threading.Event()
        place = replace(self._place(), environment=command.env)
        running = await self._call(engine.start, place, list(command.argv), f"/workspace/{command.cwd}")
        watch = functools.partial(running.read, limit=SERVER_OUTPUT, tail=True, deadline=float("inf"), stop=stop)
        reading = asyncio.ensure_future(self._call(watch))
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
            code = await self._finish(running, place if ended else None, grace=1)
        if why is not None:
            output = b"\n".join(running.kept.values()).decode(errors="replace").strip()
            raise ServeError(f"{command.argv[0]} did not come up: {why} ({code})\n{output[-2000:]}", output)

    @contextlib.asynccontextmanager
    async def reach(self, url: str) -> AsyncIterator[str]:
        engine, stop = self._ready(), threading.Event()
        argv = ["python3", "-I", "-c", inside("relay.py"), str(urlsplit(url).port)]
        place = replace(self._place(), memory=128, processes=32, keep_input=True)
        running = await self._call(engine.start, place, argv, "/workspace")
        relay = Relay(running, self._threads)
        server = await asyncio.start_server(relay.accept, "127.0.0.1", 0)
        listening = asyncio.ensure_future(self._call(relay.listen, stop))
        try:
            yield f"{urlsplit(url).scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            ended = listening.done()
            server.close()
            await relay.hang_up()
            stop.set()
            await asyncio.wait([listening])
            await self._finish(running, place if ended else None)

    async def close(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            with contextlib.suppress(
                SandboxError
            ):  # a daemon that is gone has nothing to close; the reaper comes later
                await self._call(self._clear, engine)
            engine.close()
        self._threads.shutdown(wait=False)

    def _ready(self) -> Engine:
        if self._engine is None:
            raise SandboxLost("this sandbox was closed; open another one")
        return self._engine

    def _place(self, network: str = "") -> Place:
        network = network or f"container:{self._holder.container.id}"
        return Place(image=self._image, network=network, mounts=dict(self._mounts), labels=self._labels)

    async def _call(self, function: Callable[..., T], *arguments: object) -> T:
        try:
            work = asyncio.get_running_loop().run_in_executor(self._threads, functools.partial(function, *arguments))
        except RuntimeError as error:  # the threads are gone
            raise SandboxLost("this sandbox was closed; open another one") from error
        return await work

    def _clear(self, engine: Engine) -> None:
        if hasattr(self, "_holder"):
            self._holder.hang_up()
        engine.remove_labelled(lambda labels: labels.get(LABEL) == self._id)

    def _put(self, files: dict[str, bytes], owned: list[str]) -> None:
        engine, holder = self._ready(), self._holder.container
        if owned:
            job = {"owned": owned, "keep": list(files), "untouched": list(UNTOUCHED)}
            engine.put(holder, pack({".put.json": json.dumps(job).encode()}, {".put.json": 0}))
            code, output = engine.ask(holder, ["python3", "-I", "-c", inside("clear.py"), ".put.json"])
            if code != 0:
                raise SandboxError(f"the workspace could not be cleared: {output[-1000:]}")
        engine.put(holder, pack(files, {path: self._times[path][1] for path in files}))

    async def _run(self, job: Job) -> Result:
        stop = threading.Event()
        work = asyncio.ensure_future(self._call(run_job, self._ready(), job, stop))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([work])
            raise

    async def _finish(self, running: Running, ended: Place | None, grace: float = 0.0) -> int | None:
        """End a container that was to go on; its exit code. One that ended before must have done so by itself."""
        engine = self._ready()
        try:
            if ended is not None:
                await self._call(engine.assure, ended, running)
        finally:
            code, _ = await self._call(functools.partial(engine.end, running, kill=True, grace=grace))
        return code

    async def _healthy(self, asked: Command) -> str | None:
        place = replace(self._place(), environment=asked.env)
        result = await self._run(Job(place=place, argv=asked.argv, cwd=asked.cwd, seconds=asked.timeout))
        return None if result.verdict == "ok" else result.output

    async def _must_have(self, command: Command) -> None:
        """Raise if a program is really not there; what the program itself says is not believed."""
        argv = ("sh", "-c", 'command -v -- "$1"', "sh", command.argv[0])
        if (await self._run(Job(place=self._place(), argv=argv, cwd=command.cwd))).verdict != "ok":
            if "/" in command.argv[0]:
                raise SandboxError(f"{command.argv[0]} cannot be run in {command.cwd!r}; install first")
            raise MissingError(
                f"{command.argv[0]} is not in the image {IMAGE}; add it and run scripts/make-base-image.sh"
            )

    async def _fetch(self, lock: Lock, key: str) -> None:
        """Install into a volume of its own, with a network and without the workspace, unless that was done before."""
        volume = f"gencode-install-{key}"
        await self._call(self._ready().make_volume, volume, {"gencode.install": lock.kind})
        environment = {"npm_config_cache": "/installs/.cache/npm", "UV_CACHE_DIR": "/installs/.cache/uv"}
        place = replace(self._place("bridge"), mounts={"/installs": volume}, environment=environment)
        lines = [shlex.join(argv) for argv in lock.commands(uv="uv", python="/usr/bin/python3")]
        archive = pack({name: text.encode() for name, text in lock.files.items()}, dict.fromkeys(lock.files, 0))
        argv = ("sh", "-c", inside("install.sh"), "sh", lock.folder, *lines)
        result = await self._run(
            Job(place=place, argv=argv, cwd="/installs", seconds=INSTALL_TIMEOUT, archive=("/installs", archive))
        )
        if result.verdict != "ok":
            unreached("the packages' registry", result.output)
            raise SandboxError(f"the install failed ({result.verdict})\n{result.output[-1500:]}")


def read_found(found: Mapping[str, bytes], lock: str) -> Lock:
    """The lock among files that were read back."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in found.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return read_lock(Path(folder, lock))
