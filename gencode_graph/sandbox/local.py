"""The sandbox that is a folder on this machine: limits and a clean environment, but no walls."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from gencode_graph import machine
from gencode_graph.errors import GencodeError, MissingError, RefusedError, SandboxError, ServeError, StorageError
from gencode_graph.sandbox import folder as files_of
from gencode_graph.sandbox import processes, watcher
from gencode_graph.sandbox.commands import SERVER_OUTPUT, at_port, slots, url_of
from gencode_graph.sandbox.health import healthy
from gencode_graph.sandbox.installs import Installs
from gencode_graph.settings import Settings
from gencode_graph.types import Command, Health, Limit, Origin, Result

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


async def open_sandbox(settings: Settings, folder: Path, run_id: str) -> LocalSandbox:
    """A local sandbox in ``folder``, which is made; what a dead owner left running there is ended."""
    sandbox = await asyncio.to_thread(LocalSandbox, settings, folder)
    await asyncio.to_thread(sandbox.prepare)
    return sandbox


class LocalSandbox:
    """Programs of the built-in generator's apps, run as subprocesses in a folder; refuses model-made code."""

    name = "local"
    limits: tuple[Limit, ...] = ("time", "output")

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.root = folder.expanduser().absolute()
        self._settings = settings
        self._mark = processes.owner_mark(self.root)
        self._jobs = itertools.count()
        self._base: dict[str, str] = {}
        self._watcher: subprocess.Popen[bytes] | None = None
        self._installs = Installs(settings.cache, mark=self._mark)

    def prepare(self) -> None:
        """Make the folder, end what a dead owner left in it, and watch over what we start."""
        self._base = self._clean_environment()
        try:
            self._scratch(make=True)
        except OSError as error:
            raise StorageError(f"cannot make {self.root} ({error}); free space or rights, then resume") from error
        processes.end_orphans(self.root)
        self._watcher = processes.watch(self._mark)

    async def put(self, files: Mapping[str, bytes], *, owned: Sequence[str] = (), origin: Origin = "builtin") -> None:
        if origin != "builtin" and not self._settings.unsafe_local:
            raise RefusedError(
                "the local sandbox does not run code that a model wrote, as it could reach your files and network; "
                "start Docker or install bubblewrap and use GENCODE_SANDBOX=auto; --unsafe-local runs it all the same"
            )
        await asyncio.to_thread(files_of.write_files, self.root, files, owned)

    async def install(self, lock: str) -> None:
        place = await self._inside(lock)
        async with slots(self._settings):
            await self._installs.provide(place)

    async def run(self, command: Command) -> Result:
        async with slots(self._settings):
            return await self._run(command)

    async def _run(self, command: Command) -> Result:
        cwd = await self._inside(command.cwd)
        try:
            ended = await processes.run_process(
                command.argv,
                cwd=cwd,
                env=self._environment(command),
                seconds=command.timeout,
                output_limit=command.output_limit,
            )
        except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
            raise await asyncio.to_thread(why_not_started, command, cwd, error) from error
        return Result(
            verdict=ended.cut or ("ok" if ended.exit_code == 0 else "failed"),
            exit_code=ended.exit_code,
            stdout=ended.stdout.decode(errors="replace"),
            stderr=ended.stderr.decode(errors="replace"),
            seconds=ended.seconds,
            backend=self.name,
            cut=ended.dropped,
            limits=self.limits,
        )

    async def collect(self, paths: Sequence[str]) -> dict[str, bytes]:
        return await asyncio.to_thread(files_of.read_files, self.root, paths)

    @contextlib.asynccontextmanager
    async def serve(self, command: Command, *, health: Health, seconds: float = 30.0) -> AsyncIterator[str]:
        port = await asyncio.to_thread(free_port)
        command = at_port(command, port)
        cwd = await self._inside(command.cwd)
        environment = self._environment(command)
        try:
            process = await processes.start(command.argv, cwd=cwd, env=environment)
        except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
            raise await asyncio.to_thread(why_not_started, command, cwd, error) from error
        with processes.capturing(process, SERVER_OUTPUT, tail=True) as (capture, readers):
            try:
                why = await healthy(health, port, process, seconds, self._run)
                if why is None:
                    yield url_of(health, port)
            finally:
                await processes.end(process, readers, mark=environment[watcher.MARK], ask=True)
            if why is not None:
                output = (capture.parts["stdout"] + b"\n" + capture.parts["stderr"]).decode(errors="replace").strip()
                raise ServeError(f"{command.argv[0]} did not come up: {why}\n{output[-2000:]}", output)

    @contextlib.asynccontextmanager
    async def reach(self, url: str) -> AsyncIterator[str]:
        yield url

    async def close(self) -> None:
        if self._watcher is not None:
            watching, self._watcher = self._watcher, None
            await asyncio.to_thread(processes.dismiss, watching)
        await asyncio.to_thread(self._scratch, make=False)

    async def _inside(self, path: str) -> Path:
        if self._watcher is None:
            raise SandboxError("this sandbox was closed; open another one")
        return await asyncio.to_thread(files_of.inside, self.root, path)

    def _scratch(self, *, make: bool) -> None:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.root / ".tmp")
        if make:
            for name in (".tmp", ".home"):
                (self.root / name).mkdir(parents=True, exist_ok=True)

    def _clean_environment(self) -> dict[str, str]:
        """Built from nothing: only what the tools need."""
        found = [str(Path(node).parent)] if (node := shutil.which("node")) else []
        browser = machine.find_browser(self._settings.browser)
        return {
            "PATH": os.pathsep.join([*found, SYSTEM_PATH]),
            "HOME": str(self.root / ".home"),
            "TMPDIR": str(self.root / ".tmp"),
            "LANG": "C.UTF-8",
            **({"CHROMIUM": str(browser)} if browser else {}),
        }

    def _environment(self, command: Command) -> dict[str, str]:
        return self._base | command.env | {watcher.MARK: f"{self._mark}/{next(self._jobs)}"}


def why_not_started(command: Command, cwd: Path, error: OSError) -> GencodeError:
    """Why a program could not be started: its folder, the program itself, or an install is missing."""
    program = command.argv[0]
    if not cwd.is_dir():
        return SandboxError(f"there is no folder {command.cwd!r} to run {program} in; put its files first")
    if "/" in program:
        return SandboxError(f"{program} cannot be run in {command.cwd!r} ({error.strerror}); install first")
    return MissingError(machine.missing(program))


def free_port() -> int:
    """A loopback port that nothing uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
