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
from typing import TypeVar, get_args
from urllib.parse import urlsplit

from gencode_graph.errors import MissingError, SandboxError, SandboxLost, ServeError, SettingError
from gencode_graph.sandbox import confinement, owners
from gencode_graph.sandbox.archives import pack
from gencode_graph.sandbox.attached import Running
from gencode_graph.sandbox.commands import SERVER_OUTPUT, at_port, inside, probe, slots, url_of
from gencode_graph.sandbox.confinement import GVISOR, WORKSPACE, Place
from gencode_graph.sandbox.docker import Engine
from gencode_graph.sandbox.folder import UNTOUCHED, parts
from gencode_graph.sandbox.image_recipes import reference
from gencode_graph.sandbox.jobs import Job, run_job
from gencode_graph.sandbox.locks import Lock, read_lock, unreached
from gencode_graph.sandbox.owners import LABEL
from gencode_graph.sandbox.reaper import keep_reaping
from gencode_graph.sandbox.relay import Relay
from gencode_graph.settings import Settings
from gencode_graph.types import Command, Health, Limit, Origin, Result

INSTALL_TIMEOUT = 900.0
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
    limits: tuple[Limit, ...] = get_args(Limit)

    def __init__(self, settings: Settings, run_id: str) -> None:
        self._settings = settings
        self._id = uuid.uuid4().hex[:12]
        self._labels = {LABEL: self._id, "gencode.thread": run_id, **owners.labels()}
        self._threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="gencode-docker")
        self._ports = itertools.count(20_000)
        self._times: dict[str, tuple[bytes, int]] = {}
        self._images: dict[str, str] = {}
        self._mounts = {"/workspace": f"gencode-{self._id}"}
        self._installing = asyncio.Lock()
        self._engine: Engine | None = None
        self._reaping: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Make the volume and the holder. The holder ends when its input closes, so it cannot outlive us."""
        self._engine = engine = await self._call(Engine)
        self.limits = engine.limits
        if self._settings.sandbox_runtime:
            engine.need_runtime(self._settings.sandbox_runtime)
        self._image = await self._image_of("app")
        await self._call(engine.reap)
        options = {"type": "tmpfs", "device": "tmpfs", "o": WORKSPACE}
        await self._call(engine.make_volume, self._mounts["/workspace"], self._labels, options)
        alone = replace(self._place("none"), memory=128, processes=32, keep_input=True)
        self._holder = await self._call(engine.start, alone, ["cat"], "/workspace")
        self._reaping = asyncio.create_task(keep_reaping(lambda: self._call(engine.reap)))

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
            place=await self._place_of(command),
            argv=command.argv,
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
        if self._settings.sandbox_runtime == GVISOR:
            raise SettingError(
                f"under {GVISOR} every command has a loopback of its own, so that no other one can reach a server: "
                "unset GENCODE_SANDBOX_RUNTIME for runs that serve"
            )
        place = await self._place_of(command)
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
        if self._reaping is not None:
            self._reaping.cancel()
        owners.closed.add(self._id)
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
        runtime = self._settings.sandbox_runtime
        mounts = dict(self._mounts)
        return Place(image=self._image, network=network, mounts=mounts, labels=self._labels, runtime=runtime)

    async def _place_of(self, command: Command) -> Place:
        image = await self._image_of(command.image)
        return replace(self._place(), image=image, environment=command.env, memory=command.memory or confinement.MEMORY)

    async def _image_of(self, name: str) -> str:
        if name not in self._images:
            self._images[name] = await self._call(lambda: self._ready().image_id(reference(name)))
        return self._images[name]

    async def _call(self, function: Callable[..., T], *arguments: object) -> T:
        try:
            work = asyncio.get_running_loop().run_in_executor(self._threads, functools.partial(function, *arguments))
        except RuntimeError as error:  # the threads are gone
            raise SandboxLost("this sandbox was closed; open another one") from error
        return await work

    def _clear(self, engine: Engine) -> None:
        if hasattr(self, "_holder"):
            self._holder.hang_up()
        engine.reap()

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
            code = (await self._call(functools.partial(engine.end, running, kill=True, grace=grace))).code
        return code

    async def _healthy(self, asked: Command) -> str | None:
        place = await self._place_of(asked)
        result = await self._run(Job(place=place, argv=asked.argv, cwd=asked.cwd, seconds=asked.timeout))
        return None if result.verdict == "ok" else result.output

    async def _must_have(self, command: Command) -> None:
        """Raise if a program is really not there; what the program itself says is not believed."""
        argv = ("sh", "-c", 'command -v -- "$1"', "sh", command.argv[0])
        asked = Job(place=await self._place_of(command), argv=argv, cwd=command.cwd)
        if (await self._run(asked)).verdict != "ok":
            if "/" in command.argv[0]:
                raise SandboxError(f"{command.argv[0]} cannot be run in {command.cwd!r}; install first")
            raise MissingError(f"{command.argv[0]} is not in the image {command.image!r}; add it and make it anew")

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
