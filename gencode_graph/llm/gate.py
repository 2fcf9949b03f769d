"""How many calls to models this process makes at once, over all runs, threads and event loops."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(eq=False)
class _Waiter:
    limit: int
    future: asyncio.Future[None]
    admitted: bool = False


class Gate:
    """First come, first served; a waiter costs no thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # held for a few instructions, never over an await
        self._inside = 0
        self._queue: deque[_Waiter] = deque()

    @asynccontextmanager
    async def passed(self, limit: int) -> AsyncIterator[None]:
        """Inside, together with fewer than ``limit`` others."""
        await self._enter(limit)
        try:
            yield
        finally:
            with self._lock:
                self._leave()

    async def _enter(self, limit: int) -> None:
        with self._lock:
            if not self._queue and self._inside < limit:
                self._inside += 1
                return
            waiter = _Waiter(limit, asyncio.get_running_loop().create_future())
            self._queue.append(waiter)
        try:
            await waiter.future
        except asyncio.CancelledError:
            with self._lock:
                if waiter.admitted:
                    self._leave()
                else:
                    self._queue.remove(waiter)
            raise

    def _leave(self) -> None:
        self._inside -= 1
        while self._queue and self._inside < self._queue[0].limit:
            waiter = self._queue.popleft()
            try:
                waiter.future.get_loop().call_soon_threadsafe(_wake, waiter.future)
            except RuntimeError:  # its loop is closed: nobody waits there
                continue
            waiter.admitted = True
            self._inside += 1


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


GATE = Gate()
"""The one of this process."""
