"""Waiting for a server: one GET after another until it answers below 500."""

from __future__ import annotations

import asyncio
import contextlib
import time
from urllib.parse import urlsplit

PAUSE = 0.03
"""Seconds between two tries."""


async def answers(url: str, process: asyncio.subprocess.Process, seconds: float) -> str | None:
    """Wait until ``GET url`` answers below 500; None, or why it never did."""
    deadline = time.monotonic() + seconds
    last = "nothing listened"
    while time.monotonic() < deadline:
        if process.returncode is not None:
            return f"it ended with exit code {process.returncode}"
        try:
            async with asyncio.timeout(max(0.1, deadline - time.monotonic())):
                status = await get_status(url)
            if status < 500:
                return None
            last = f"the last answer was {status}"
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
            last = f"the last try ended in {type(error).__name__}: {error}" if str(error) else last
        await asyncio.sleep(PAUSE)
    return f"no good answer within {seconds:g} s ({last})"


async def get_status(url: str) -> int:
    """The status code of one GET; raises ``OSError`` or ``ValueError`` when there is none."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        line = await reader.readline()
        return int(line.split()[1]) if len(line.split()) > 1 else 599
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
