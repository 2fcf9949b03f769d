"""Waiting for a server on this machine: one try after another until it is healthy."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from gencode_graph.sandbox.commands import TCP, at_port, url_of
from gencode_graph.types import Command, Health, Result

PAUSE = 0.03
"""Seconds between two tries."""
Runner = Callable[[Command], Awaitable[Result]]


async def healthy(
    health: Health, port: int, process: asyncio.subprocess.Process, seconds: float, run: Runner
) -> str | None:
    """Wait until a server is healthy; None, or why it never was. ``run`` runs the command that tells, if one does."""
    deadline = time.monotonic() + seconds
    last = "nothing listened"
    while time.monotonic() < deadline:
        if process.returncode is not None:
            return f"it ended with exit code {process.returncode}"
        try:
            async with asyncio.timeout(max(0.1, deadline - time.monotonic())):
                problem = await _problem(health, port, run)
            if problem is None:
                return None
            last = problem
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
            last = f"the last try ended in {type(error).__name__}: {error}" if str(error) else last
        await asyncio.sleep(PAUSE)
    return f"no good answer within {seconds:g} s ({last})"


async def _problem(health: Health, port: int, run: Runner) -> str | None:
    if isinstance(health, Command):
        result = await run(at_port(health, port))
        return None if result.verdict == "ok" else f"{health.argv[0]} said: {result.output[-500:]}"
    if health == TCP:
        await _connect(port)
        return None
    status = await get_status(url_of(health, port) + health)
    return None if status < 500 else f"the last answer was {status}"


async def _connect(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def get_status(url: str) -> int:
    """The status code of one GET; raises ``OSError`` or ``ValueError`` when there is none."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        line = await reader.readline()
        if len(line.split()) < 2:
            raise ValueError("it hung up without an answer")
        return int(line.split()[1])
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
