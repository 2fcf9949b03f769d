"""A way to a server behind walls: a loopback port here, and sockets of the sandbox's network."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

from gencode_graph.sandbox.aside import aside

CHUNK = 65_536


class Gateway:
    """Connections to a port here, each carried over a socket that was made in the sandbox."""

    def __init__(self, port: int, connect: Callable[[], socket.socket]) -> None:
        self._port = port
        self._connect = connect
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError), contextlib.closing(writer):
            inside = await aside(self._connect)
            inside.setblocking(False)
            await asyncio.get_running_loop().sock_connect(inside, ("127.0.0.1", self._port))
            there, back = await asyncio.open_connection(sock=inside)
            with contextlib.closing(back):
                await asyncio.gather(carry(reader, back), carry(there, writer))

    async def hang_up(self) -> None:
        """End all connections."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Hand on bytes one way, their end included."""
    while data := await source.read(CHUNK):
        sink.write(data)
        await sink.drain()
    sink.write_eof()
