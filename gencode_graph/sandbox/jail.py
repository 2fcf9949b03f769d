"""One program behind walls: how bubblewrap is told to build them, how the program is watched, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gencode_graph.sandbox import processes, syscalls
from gencode_graph.sandbox.aside import aside
from gencode_graph.sandbox.cgroups import Group
from gencode_graph.sandbox.watchdog import Watchdog
from gencode_graph.types import Command

USER = 10001
ENTER = (
    'echo 500 >/proc/self/oom_score_adj; for group in $1; do echo $$ >"$group/cgroup.procs" || exit 97; done; '
    'shift; exec "$@"'
)
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")
SETTINGS = (
    "alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "ssl/certs", "fonts", "localtime", "mime.types",
    "ca-certificates", "pki/tls/certs", "chromium", "java-11-openjdk", "java-17-openjdk", "java-21-openjdk", "mono",
)  # fmt: skip
"""What programs need of ``/etc`` and what is no secret there."""
OPEN_FILES, FILE_SIZE = 1024, 256_000_000
Cut = Literal["timeout", "output_limit", "memory"]


@dataclass(frozen=True, kw_only=True)
class Walls:
    """What is the same for all programs of a sandbox."""

    holder: int
    own: str
    """The holder's folder with the workspace, and one folder for each job."""
    user: int | None
    """Who we become first; None where we are no root."""
    shown: Mapping[str, str]
    """Folder or file inside -> where the holder sees it; all are read-only."""
    environment: Mapping[str, str]

    def argv(self, command: Command, job: str, fds: Sequence[int]) -> list[str]:
        """Enter the sandbox's namespaces, wall the program in, run it. ``fds``: for the status, for the filter."""
        words = ["nsenter", "--target", str(self.holder), "--user", "--mount", "--net", "--preserve-credentials", "--"]
        words += ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        words += ["--disable-userns", "--uid", str(USER), "--gid", str(USER), "--hostname", "sandbox"]
        words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
        for name, value in {**self.environment, **command.env}.items():
            words += ["--setenv", name, value]
        for place in SYSTEM:
            if Path(place).is_symlink():
                words += ["--symlink", str(Path(place).readlink()), place]
            elif Path(place).is_dir():
                words += ["--ro-bind", place, place]
        for name in SETTINGS:
            words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        above = {parent for place in self.shown for parent in Path(place).parents if not place.startswith("/etc/")}
        for parent in sorted(above)[1:]:
            words += [
                "--perms",
                "0111",
                "--dir",
                str(parent),
            ]  # what lies beside the folders that are shown is not told
        for place, source in self.shown.items():
            words += ["--ro-bind", source, place]
        words += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev"]
        words += ["--bind", f"{self.own}/jobs/{job}/shm", "/dev/shm", "--bind", f"{self.own}/jobs/{job}/tmp", "/tmp"]
        words += ["--bind", f"{self.own}/jobs/{job}/home", "/home/app", "--bind", f"{self.own}/workspace", "/workspace"]
        words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", f"/workspace/{command.cwd}"]
        words += ["--json-status-fd", str(fds[0])]
        if len(fds) > 1:
            words += ["--seccomp", str(fds[1])]
        return [*words, "--", *command.argv]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What one program may have."""

    memory: int
    """Bytes."""
    processes: int
    group: Group | None

    def argv(self, user: int | None, counted: int) -> list[str]:
        """Join the group, take on the limits, become the user. ``counted`` processes of the user are there already."""
        folders = " ".join(map(str, self.group.folders)) if self.group else ""
        words = ["sh", "-c", ENTER, "sh", folders, "prlimit", "--core=0:0", f"--nofile={OPEN_FILES}:{OPEN_FILES}"]
        words += [f"--fsize={FILE_SIZE}:{FILE_SIZE}"]
        if not self.group:
            room, most = max(1 << 30, self.memory * 3 // 2), self.processes + counted
            words += [f"--data={room}:{room}", f"--nproc={most}:{most}"]
        words += ["--"]
        if user is not None:
            words += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--inh-caps=-all", "--"]
        return words


class Status:
    """What bubblewrap tells of a program: the first process behind the walls, and that the program ran."""

    def __init__(self, descriptor: int) -> None:
        self.first: int | None = None
        """Process id; with it, all behind the walls end."""
        self.ran = False
        self.gone = asyncio.Event()
        self._descriptor = descriptor
        self._handle = -1
        self._waiting = b""
        self._loop = asyncio.get_running_loop()
        os.set_blocking(descriptor, False)
        self._loop.add_reader(descriptor, self.read)

    def read(self) -> None:
        """Take in what was said by now."""
        with contextlib.suppress(BlockingIOError):
            while self._descriptor != -1:
                data = os.read(self._descriptor, 4096)
                if not data:
                    self._hang_up()
                *lines, self._waiting = (self._waiting + data).split(b"\n")
                for line in lines:
                    self._take(json.loads(line))

    def _take(self, said: dict[str, int]) -> None:
        self.ran = self.ran or "exit-code" in said
        if "child-pid" in said:
            self.first = said["child-pid"]
            try:
                self._handle = os.pidfd_open(self.first)
            except ProcessLookupError:
                self.gone.set()
            else:
                self._loop.add_reader(self._handle, self._ended)

    def _ended(self) -> None:
        self.gone.set()
        self._loop.remove_reader(self._handle)
        os.close(self._handle)
        self._handle = -1

    def _hang_up(self) -> None:
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1
        if self.first is None:
            self.gone.set()

    def ask(self) -> None:
        """Ask the program, and not the process before it, to end."""
        if self._handle != -1:
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{self.first}/task/{self.first}/children").read_text(encoding="ascii").split()
                for pid in children:
                    os.kill(int(pid), signal.SIGTERM)

    def kill(self) -> None:
        """Kill everything behind the walls."""
        if self._handle != -1:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def close(self) -> None:
        """Give back the descriptors."""
        if self._descriptor != -1:
            self._hang_up()
        if self._handle != -1:
            self._ended()


@dataclass(frozen=True, kw_only=True, eq=False)
class Running:
    """A started program."""

    process: asyncio.subprocess.Process
    status: Status
    capture: processes.Capture
    readers: Sequence[asyncio.Task[None]]
    bounds: Bounds
    watchdog: Watchdog | None

    async def wait(self, seconds: float | None) -> Cut | None:
        """Wait for its end or for a limit, whichever is first; which, or None."""
        waits: dict[asyncio.Task[Any], Cut | None] = {
            asyncio.create_task(self.process.wait()): None,
            asyncio.create_task(self.capture.full.wait()): "output_limit",
        }
        if self.watchdog:
            waits[asyncio.create_task(self.watchdog.bark())] = "memory"
        try:
            done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in waits:
                waiting.cancel()
        return next((cut for waiting, cut in waits.items() if waiting in done), "timeout")

    @property
    def killed_for_memory(self) -> bool:
        """Whether the kernel killed a part of it, which then did not end well."""
        return bool(self.bounds.group and self.bounds.group.killed_for_memory() and self.process.returncode != 0)

    @property
    def peak_memory(self) -> int | None:
        """Bytes at the highest point seen."""
        return self.bounds.group.peak() if self.bounds.group else self.watchdog.peak if self.watchdog else None

    async def end(self, *, ask: bool = False) -> None:
        """End it and all that it started, gently first if ``ask``; nothing of it is left afterwards."""
        self.status.read()
        if ask and self.process.returncode is None:
            self.status.ask()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), processes.GRACE)
        self.status.kill()
        if self.status.first is None:
            processes.signal_group(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.status.gone.wait(), processes.GRACE)
        if self.bounds.group:
            await aside(self.bounds.group.kill)
        await processes.end(self.process, self.readers, mark=None)


@contextlib.asynccontextmanager
async def started(
    walls: Walls, bounds: Bounds, command: Command, job: str, *, tail: int | None = None
) -> AsyncIterator[Running]:
    """Start a command behind the walls; on the way out it and all that it started are ended.

    ``tail`` keeps that many last bytes of each output, instead of the first up to the command's limit.
    """
    told, telling = os.pipe()
    status = Status(told)
    fds = [
        telling,
        *((filtered,) if (filtered := syscalls.filter_file(hidden_memory=bounds.group is not None)) else ()),
    ]
    counted = 0 if bounds.group or walls.user is not None else await aside(own_processes)
    argv = bounds.argv(walls.user, counted) + walls.argv(command, job, fds)
    try:
        process = await processes.start(argv, cwd=Path("/"), env={"PATH": SYSTEM_PATH}, pass_fds=fds)
    except BaseException:
        status.close()
        raise
    finally:
        for descriptor in fds:
            os.close(descriptor)
    watchdog = None if bounds.group else Watchdog(process.pid, bounds.memory)
    try:
        with processes.capturing(process, tail or command.output_limit, tail=tail is not None) as (capture, readers):
            running = Running(
                process=process, status=status, capture=capture, readers=readers, bounds=bounds, watchdog=watchdog
            )
            try:
                yield running
            finally:
                await asyncio.shield(running.end())
    finally:
        status.close()


def own_processes() -> int:
    """How many processes and threads we, as a user, have on this machine."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                total += len(list((entry / "task").iterdir())) if entry.stat().st_uid == os.getuid() else 0
    return total
