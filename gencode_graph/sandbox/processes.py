"""Programs run under a time limit and an output limit, each in a session of its own."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gencode_graph.sandbox import watcher

GRACE = 1.0
"""Seconds between asking a server to end and ending it, and for output to drain after a program's end."""
CHUNK = 65_536


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a program ended."""

    exit_code: int
    stdout: bytes
    stderr: bytes
    seconds: float
    cut: Literal["timeout", "output_limit"] | None
    """Why we ended it; None when it ended by itself."""
    dropped: int = 0
    """Bytes of output beyond the limit."""


@dataclass
class Capture:
    """Output of one program, counted over both streams and kept up to a limit."""

    limit: int
    """Bytes."""
    tail: bool = False
    """Keep the last bytes of each stream, as for a server, and not the first of both."""
    seen: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)
    parts: dict[str, bytearray] = field(default_factory=lambda: {"stdout": bytearray(), "stderr": bytearray()})

    async def drain(self, name: str, stream: asyncio.StreamReader) -> None:
        """Read a stream to its end; what is beyond the limit is dropped."""
        while chunk := await stream.read(CHUNK):
            room = max(0, self.limit - self.seen)
            self.seen += len(chunk)
            if self.tail:
                self.parts[name] = (self.parts[name] + chunk)[-self.limit :]
                continue
            self.parts[name] += chunk[:room]
            if self.seen > self.limit:
                self.full.set()


def owner_mark(folder: Path) -> str:
    """The mark of this process's programs in a folder; tells their owner, so that a dead owner's can be found."""
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return f"{os.getpid()}.{watcher.start_time(os.getpid())}.{digest}"


def end_orphans(folder: Path) -> int:
    """Kill what runs in a folder for an owner that is dead; the number of processes killed."""
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    ended = 0
    for mark in {found.partition("/")[0] for found in watcher.marks().values()}:
        pid, _, rest = mark.partition(".")
        start, _, where = rest.partition(".")
        if where == digest and pid.isdigit() and watcher.start_time(int(pid)) != start:
            ended += watcher.end_marked(mark)
    return ended


def watch(mark: str) -> subprocess.Popen[bytes]:
    """Start the process that ends everything with this mark as soon as we close its standard input, or die."""
    return subprocess.Popen(
        [sys.executable, "-I", watcher.__file__, mark],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={"PATH": os.defpath},
    )


def dismiss(process: subprocess.Popen[bytes]) -> None:
    """Close a watcher's input and wait until it has ended what was left."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def start(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], pass_fds: Sequence[int] = ()
) -> asyncio.subprocess.Process:
    """Start a program in a new session with both outputs piped."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env=dict(env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            pass_fds=tuple(pass_fds),
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:  # asyncio itself would end the program only, and not what that started
        process = await starting
        signal_group(process.pid, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.communicate(), GRACE)
        raise


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a session that we started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


async def run_process(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], seconds: float, output_limit: int
) -> Ended:
    """Run a program to its end, or to its limit in seconds or bytes; nothing that it started is left.

    Raises ``FileNotFoundError`` or ``PermissionError`` when it cannot be started.
    """
    began = time.monotonic()
    process = await start(argv, cwd=cwd, env=env)
    with capturing(process, output_limit) as (capture, readers):
        try:
            cut = await first_of(process, capture, seconds)
        except asyncio.CancelledError:  # waited for all the same: its pipes must not outlive the event loop
            await end(process, readers, mark=env.get(watcher.MARK), thorough=True)
            raise
        await end(process, readers, mark=env.get(watcher.MARK), thorough=cut is not None)
    return Ended(
        exit_code=process.returncode if process.returncode is not None else -signal.SIGKILL,
        stdout=bytes(capture.parts["stdout"]),
        stderr=bytes(capture.parts["stderr"]),
        seconds=time.monotonic() - began,
        cut="output_limit" if capture.full.is_set() else cut,
        dropped=max(0, capture.seen - output_limit),
    )


@contextlib.contextmanager
def capturing(
    process: asyncio.subprocess.Process, limit: int, *, tail: bool = False
) -> Iterator[tuple[Capture, list[asyncio.Task[None]]]]:
    """Both outputs of a process, read as they come; the process and its readers are ended on the way out."""
    assert process.stdout is not None
    assert process.stderr is not None
    capture = Capture(limit, tail)
    readers = [
        asyncio.create_task(capture.drain("stdout", process.stdout)),
        asyncio.create_task(capture.drain("stderr", process.stderr)),
    ]
    try:
        yield capture, readers
    finally:
        signal_group(process.pid, signal.SIGKILL)
        for reader in readers:
            reader.cancel()


async def first_of(
    process: asyncio.subprocess.Process, capture: Capture, seconds: float
) -> Literal["timeout", "output_limit"] | None:
    """Wait for a program's end, its output limit or its time limit, whichever is first."""
    waits = [asyncio.create_task(process.wait()), asyncio.create_task(capture.full.wait())]
    try:
        done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    if not done:
        return "timeout"
    return None if waits[0] in done else "output_limit"


async def end(
    process: asyncio.subprocess.Process,
    readers: Sequence[asyncio.Task[None]],
    *,
    mark: str | None,
    ask: bool = False,
    thorough: bool = False,
) -> None:
    """End a program and its session, gently first if ``ask``; then what left the session but carries its mark.

    The search for the latter is made when ``thorough``, or when something still holds the program's outputs open.
    """
    if ask and process.returncode is None:
        signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE)
    signal_group(process.pid, signal.SIGKILL)
    if mark and thorough:
        await asyncio.to_thread(watcher.end_marked, mark)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), GRACE)
    _, held = await asyncio.wait(readers, timeout=GRACE)
    if mark and held:
        await asyncio.to_thread(watcher.end_marked, mark)
        await asyncio.wait(readers, timeout=GRACE)
