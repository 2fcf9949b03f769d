"""The sandbox without a daemon: each command behind bubblewrap's walls, in namespaces that one sandbox shares."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from gencode_graph import machine
from gencode_graph.errors import GencodeError, MissingError, SandboxError, SandboxLost, ServeError
from gencode_graph.sandbox import processes
from gencode_graph.sandbox.aside import aside
from gencode_graph.sandbox.cgroups import Groups, open_groups
from gencode_graph.sandbox.commands import SERVER_OUTPUT, at_port, inside, probe, slots, url_of
from gencode_graph.sandbox.confinement import CPUS, MB, MEMORY, PROCESSES
from gencode_graph.sandbox.folder import parts
from gencode_graph.sandbox.gateway import Gateway
from gencode_graph.sandbox.installs import Held, Installs
from gencode_graph.sandbox.jail import SYSTEM_PATH, Bounds, Running, Walls, started
from gencode_graph.sandbox.locks import Lock, read_lock
from gencode_graph.sandbox.namespaces import ETC, Holder, hold
from gencode_graph.sandbox.surroundings import other_user, tools
from gencode_graph.settings import Settings
from gencode_graph.types import Command, Health, Limit, Origin, Result

PROGRAMS = ("bwrap", "nsenter", "prlimit", "setpriv")


async def open_sandbox(settings: Settings, folder: Path, run_id: str) -> BubblewrapSandbox:
    """A sandbox on this machine, by namespaces. ``folder`` is not used: nothing is shared."""
    sandbox = BubblewrapSandbox(settings)
    try:
        await sandbox.open()
    except BaseException:
        await sandbox.close()
        raise
    return sandbox


class BubblewrapSandbox:
    """Namespaces with a workspace in memory and a loopback; each command dies with all it started."""

    name = "bubblewrap"

    def __init__(self, settings: Settings, *, control_groups: bool = True) -> None:
        self._settings = settings
        self._wants_groups = control_groups
        self._groups: Groups | None = None
        self._holder: Holder | None = None
        self._shown: dict[str, str] = {}
        self._running: set[Running] = set()
        self._jobs = itertools.count()
        self._ports = itertools.count(20_000)
        self._times: dict[str, tuple[bytes, int]] = {}
        self._installing = asyncio.Lock()
        self._installs = Installs(settings.cache, mark=processes.owner_mark(settings.cache))
        self._held: dict[str, Held] = {}

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Without control groups, memory is watched but not held, and the processors are all its own."""
        held: tuple[Limit, ...] = ("memory", "cpu") if self._groups else ()
        return ("time", "output", *held, "processes", "disk", "files", "network", "privileges", "syscalls")

    async def open(self) -> None:
        """Make the namespaces. Their holder ends when we do, and takes everything in them along."""
        await aside(self._open)

    def _open(self) -> None:
        for program in PROGRAMS:
            if not shutil.which(program, path=SYSTEM_PATH):
                raise MissingError(machine.missing(program))
        self._groups = open_groups() if self._wants_groups else None
        user = other_user()
        shown, environment = tools(self._settings)
        cache = self._installs.folder
        cache.mkdir(parents=True, exist_ok=True)
        sources = [*shown, cache]
        folders = [str(folder) for folder in self._groups.folders] if self._groups else []
        self._holder = hold(user=user, groups=folders, hidden=[] if user is None else sources, sources=sources)
        own = str(self._holder.base / "own")
        self._shown |= {str(place): self._holder.seen(place) for place in shown}
        self._shown |= {f"/etc/{name}": f"{own}/etc/{name}" for name in ETC}
        self._walls = Walls(holder=self._holder.pid, own=own, user=user, shown=self._shown, environment=environment)

    async def put(self, files: Mapping[str, bytes], *, owned: Sequence[str] = (), origin: Origin = "builtin") -> None:
        for path in (*files, *owned):
            parts(path)
        for path, content in files.items():
            digest = hashlib.sha256(content).digest()
            if self._times.get(path, (b"", 0))[0] != digest:  # what is the same keeps its time
                self._times[path] = (digest, int(time.time()))
        times = {path: self._times[path][1] for path in files}
        await aside(self._ready().put, dict(files), times, list(owned))

    async def install(self, lock: str) -> None:
        folder = "/".join(parts(lock)[:-1]) or "."
        wanted = [f"{folder}/package.json", lock] if lock.endswith("package-lock.json") else [folder]
        named = await aside(read_found, await self.collect(wanted), lock)
        async with self._installing, slots(self._settings):
            held = await self._installs.hold(named)
            if held.key in self._held:
                held.release()
            else:
                self._held[held.key] = held
                there, here = f"/installs/{held.key}", f"./{folder}/{named.folder}"
                self._shown[there] = self._ready().seen(held.folder.parent)
                linked = await self._run(
                    Command(argv=("sh", "-c", inside("link.sh"), "sh", f"{there}/{named.folder}", here))
                )
                if linked.verdict != "ok":
                    raise SandboxError(f"{folder}/{named.folder} could not be linked: {linked.output}")

    async def run(self, command: Command) -> Result:
        async with slots(self._settings):
            return await self._run(command)

    async def _run(self, command: Command) -> Result:
        began = time.monotonic()
        async with self._start(command) as running:
            cut = await running.wait(command.timeout)
            seconds = time.monotonic() - began
            await running.end()
            self._ready()
            if running.killed_for_memory and cut is None:
                cut = "memory"
            kept = {name: bytes(part).decode(errors="replace") for name, part in running.capture.parts.items()}
            if cut is None and not running.status.ran:
                raise self._why_not_run(command, kept["stderr"])
            code = running.process.returncode
            return Result(
                verdict="output_limit" if running.capture.full.is_set() else cut or ("ok" if code == 0 else "failed"),
                exit_code=code,
                stdout=kept["stdout"],
                stderr=kept["stderr"],
                seconds=seconds,
                backend=self.name,
                cut=max(0, running.capture.seen - command.output_limit),
                peak_memory=running.peak_memory,
                limits=self.limits,
            )

    def _why_not_run(self, command: Command, said: str) -> GencodeError:
        """Bubblewrap tells over a line of its own that a program ran; where it did not, the message is its own."""
        program = command.argv[0]
        if "bwrap: execvp" in said and "/" not in program:
            return MissingError(machine.missing(program))
        if "bwrap: execvp" in said:
            return SandboxError(f"{program} cannot be run in {command.cwd!r}; install first")
        if "bwrap: Can't chdir" in said:
            return SandboxError(f"there is no folder {command.cwd!r} to run {program} in; put its files first")
        return SandboxLost(f"{program} did not come to an end of its own behind bubblewrap's walls: {said[-1000:]}")

    async def collect(self, paths: Sequence[str]) -> dict[str, bytes]:
        return await aside(self._ready().collect, ["/".join(parts(path)) for path in paths])

    @contextlib.asynccontextmanager
    async def serve(self, command: Command, *, health: Health, seconds: float = 30.0) -> AsyncIterator[str]:
        port = next(self._ports)
        command = at_port(command, port)
        async with self._start(command, tail=SERVER_OUTPUT) as running:
            ending = asyncio.create_task(running.wait(None))
            asking = asyncio.create_task(self._run(probe(health, port, seconds)))
            why: str | None = "it ended by itself"
            try:
                await asyncio.wait([ending, asking], return_when=asyncio.FIRST_COMPLETED)
                if asking.done():
                    why = None if asking.result().verdict == "ok" else asking.result().output
                if why is None:
                    yield url_of(health, port)
            finally:
                asking.cancel()
                ending.cancel()
                await asyncio.wait([asking, ending])
                await running.end(ask=True)
            if why is not None:
                kept = b"\n".join(running.capture.parts.values()).decode(errors="replace").strip()
                code = running.process.returncode
                raise ServeError(f"{command.argv[0]} did not come up: {why} ({code})\n{kept[-2000:]}", kept)

    @contextlib.asynccontextmanager
    async def reach(self, url: str) -> AsyncIterator[str]:
        address = urlsplit(url)
        gateway = Gateway(address.port or 0, self._ready().connect)
        server = await asyncio.start_server(gateway.accept, "127.0.0.1", 0)
        try:
            yield f"{address.scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            await gateway.hang_up()

    async def close(self) -> None:
        holder, self._holder = self._holder, None
        for running in list(self._running):
            await running.end()
        if holder is not None:
            await aside(holder.close)
        if self._groups is not None:
            await aside(self._groups.remove)
        while self._held:
            self._held.popitem()[1].release()

    def _ready(self) -> Holder:
        if self._holder is None:
            raise SandboxLost("this sandbox was closed; open another one")
        return self._holder

    @contextlib.asynccontextmanager
    async def _start(self, command: Command, *, tail: int | None = None) -> AsyncIterator[Running]:
        """A started command, with folders and a control group of its own that go with it."""
        parts(command.cwd)
        holder, job, group = self._ready(), str(next(self._jobs)), None
        memory = (command.memory or MEMORY) * MB
        await aside(holder.order, "begin", job=job)
        try:
            if self._groups:
                cpus = min(CPUS, float(os.cpu_count() or CPUS))
                group = await aside(self._groups.begin, job, memory=memory, processes=PROCESSES, cpus=cpus)
            bounds = Bounds(memory=memory, processes=PROCESSES, group=group)
            async with started(self._walls, bounds, command, job, tail=tail) as running:
                self._running.add(running)
                try:
                    yield running
                finally:
                    self._running.discard(running)
        finally:
            if group:
                await aside(group.remove)
            with contextlib.suppress(SandboxError):  # with the holder, everything is gone
                await aside(holder.order, "end", job=job)


def read_found(found: Mapping[str, bytes], lock: str) -> Lock:
    """The lock among files that were read back."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in found.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return read_lock(Path(folder, lock))
