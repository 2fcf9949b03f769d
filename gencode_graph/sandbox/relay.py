"""A way to a server in a pod: a loopback port here, a container there, and its two pipes between them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import struct
import threading
from concurrent.futures import Executor

from gencode_graph.sandbox.attached import Running

HEAD = struct.Struct(">II")
"""A frame begins with the number of its connection and its length in bytes; no bytes end the connection."""
CHUNK = 32_768
PATIENCE = 10.0
"""Seconds for which a client here may not read before it is hung up: while it does not, the others wait."""


class Relay:
    """Connections to a port here, carried over the pipes of a container that runs ``inside/relay.py``."""

    def __init__(self, running: Running, threads: Executor) -> None:
        self._running = running
        self._threads = threads
        self._numbers = itertools.count(1)
        self._clients: dict[int, asyncio.StreamWriter] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._waiting = b""

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        number = next(self._numbers)
        self._clients[number] = writer
        if task := asyncio.current_task():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._send(number, data)
            await self._send(number, b"")
        with contextlib.suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _send(self, number: int, data: bytes) -> None:
        async with self._sending:
            frame = HEAD.pack(number, len(data)) + data
            await self._loop.run_in_executor(self._threads, self._running.send, frame)

    def listen(self, stop: threading.Event) -> None:
        """Hand on what the container says, until its end or ``stop``. Blocks: for a thread."""
        for stream, data in self._running.pieces(float("inf"), stop):
            if stream == 1:
                asyncio.run_coroutine_threadsafe(self._hand_on(data), self._loop).result()

    async def _hand_on(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) >= HEAD.size:
            number, length = HEAD.unpack_from(self._waiting)
            if len(self._waiting) < HEAD.size + length:
                return
            piece, self._waiting = self._waiting[HEAD.size : HEAD.size + length], self._waiting[HEAD.size + length :]
            writer = self._clients.get(number)
            if writer is None:
                continue
            if not piece:
                del self._clients[number]
                writer.close()
                continue
            try:
                writer.write(piece)
                await asyncio.wait_for(writer.drain(), PATIENCE)
            except (OSError, TimeoutError):
                self._clients.pop(number, None)
                writer.transport.abort()

    async def hang_up(self) -> None:
        """End all connections here."""
        for writer in self._clients.values():
            writer.transport.abort()
        self._clients.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=PATIENCE)
