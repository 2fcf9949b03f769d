"""Something that is served until its time is over, somebody stops it, or its process ends."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, Generic, Literal, Protocol, TypeVar

from gencode_graph.errors import ServeError
from gencode_graph.preview.records import MINUTES, STARTING, Previews, Record
from gencode_graph.sandbox.health import get_status
from gencode_graph.settings import Settings

POLL = 0.5
"""Seconds between two looks at the record."""
LOOK = 20.0
"""Seconds between two looks at the app itself, each of which may take as long."""
Over = Literal["expired", "stopped"]
T = TypeVar("T")


class Served(Protocol):
    """What answers at a URL of this machine."""

    @property
    def url(self) -> str: ...


S = TypeVar("S", bound=Served)


class Serving(Generic[S]):
    """Something that is served by this process, in a task of its own."""

    def __init__(self, previews: Previews, record: Record, what: S, task: asyncio.Task[Over]) -> None:
        self._previews = previews
        self._record = record
        self._task = task
        self.what = what

    @property
    def run_id(self) -> str:
        """Whose app it is."""
        return self._record.run_id

    @property
    def url(self) -> str:
        """Where it answers, on this machine only."""
        return self.what.url

    @property
    def expires(self) -> datetime:
        """When it ends, in UTC, as far as this process extended it."""
        return self._record.expires

    async def over(self) -> Over:
        """Wait for its end, and say how it came about; raises what went wrong, ``ServeError`` where the app died."""
        return await asyncio.shield(self._task)

    async def extend(self, minutes: float = MINUTES) -> datetime:
        """Serve it for that long from now, or longer; until when, in UTC. Raises ``InputError`` when it is over."""
        self._record = await asyncio.to_thread(self._previews.extend, self.run_id, minutes)
        return self._record.expires

    async def stop(self) -> None:
        """End it, and wait until nothing of it is left; may be repeated."""
        await _end(self._task)


async def start(
    run_id: str, opening: AbstractAsyncContextManager[S], settings: Settings, minutes: float = MINUTES
) -> Serving[S]:
    """Serve something in the background of this event loop, for so long from when it is up.

    Raises ``InputError`` when too much is served on this machine already or this run's app is, and what ``opening``
    raises. ``settings`` says where records are kept, and how many may be served at once.
    """
    previews, key = Previews(settings), uuid.uuid4().hex
    ready: asyncio.Future[tuple[Record, S]] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(_serve(previews, run_id, key, opening, minutes, ready))
    task.add_done_callback(_seen)
    waiting: tuple[asyncio.Future[Any], ...] = (task, ready)
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        await _end(task)
        raise
    if not ready.done():
        late = await task == "expired"
        why = f"was not up after {STARTING:g} minutes" if late else "was stopped before it was up"
        raise ServeError(f"the app of run {run_id} {why}")
    return Serving(previews, *ready.result(), task)


async def _serve(
    previews: Previews,
    run_id: str,
    key: str,
    opening: AbstractAsyncContextManager[S],
    minutes: float,
    ready: asyncio.Future[tuple[Record, S]],
) -> Over:
    """Hold a place and what is served, until one of the three ends."""

    async def body() -> None:
        async with opening as what:
            ready.set_result((await _whole(lambda: previews.opened(key, what.url, minutes)), what))
            await _watch_app(what.url)

    try:
        await _whole(lambda: previews.claim(run_id, key))
        tasks = (asyncio.create_task(_watch_record(previews, key)), asyncio.create_task(body()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(*tasks)
        for task in tasks:
            if not task.cancelled() and (error := task.exception()):
                raise error
        return tasks[0].result()
    finally:
        await _whole(lambda: previews.drop(key))


async def _watch_record(previews: Previews, key: str) -> Over:
    """Wait until the record's time is over, or the record says that it is to end."""
    while True:
        record = await asyncio.to_thread(previews.find, key)
        if record is None or record.stopped:
            return "stopped"
        left = (record.expires - datetime.now(UTC)).total_seconds()
        if left <= 0:
            return "expired"
        await asyncio.sleep(min(POLL, left))


async def _watch_app(url: str) -> None:
    """Wait until the app stops answering, twice in a row; raises ``ServeError`` then."""
    missed = 0
    while missed < 2:
        await asyncio.sleep(LOOK)
        with contextlib.suppress(OSError, ValueError):
            missed += 1
            async with asyncio.timeout(LOOK):
                await get_status(url)
            missed = 0
    raise ServeError("the app no longer answers; start it again")


async def _whole(work: Callable[[], T]) -> T:
    """The result of a thread that is waited for even when we are cancelled."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they have put everything away; a second cancel would disturb them in that."""
    for task in tasks:
        if not task.cancelling():
            task.cancel()
    await asyncio.wait(tasks)


def _seen(task: asyncio.Task[Over]) -> None:
    """Nobody has to ask how it ended."""
    if not task.cancelled():
        task.exception()
