"""The effects journal: what was paid for or shown is done once, whatever is killed and whenever."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from gencode_graph.crashpoints import point
from gencode_graph.database import BUSY_MS, database, trouble
from gencode_graph.errors import WiringError
from gencode_graph.settings import Settings

T = TypeVar("T")
Statement = tuple[str, tuple[Any, ...]]
"""SQL, and the values of its question marks."""

_TABLE = """create table if not exists effects (
    key text primary key, kind text not null, result text not null, recorded text not null default current_timestamp
) without rowid"""


class Journal:
    """Results of effects by thread, task, arguments and occurrence; not by attempt, so that a retry finds them."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._occurrences: Counter[tuple[object, ...]] = Counter()
        self._lock = asyncio.Lock()
        self._writing: set[asyncio.Task[Any]] = set()

    async def once(
        self, kind: str, args: Any, effect: Callable[[], Awaitable[Any]], *, scope: tuple[str, str] | None = None
    ) -> Any:
        """The result of ``effect``, from the journal when the same call of this node was made before.

        ``args`` and the result are JSON values. The result is on disk before it is returned; an effect that is under
        way while the process is killed is made again. ``scope`` (thread and task id) is needed outside a graph only.
        """
        key = self.key(kind, args, scope=scope)
        found = await self.find(key)
        if not found:
            return await self.record(key, kind, await effect())
        return found[0]

    def key(
        self, kind: str, args: Any, *, scope: tuple[str, str] | None = None, outside: tuple[str, str] | None = None
    ) -> str:
        """``thread/task/digest/occurrence``; the same call twice in one execution of a node counts as two.

        ``scope`` is used in place of the thread and task id; ``outside`` only where there is no graph.
        """
        thread, task, *execution = scope or _execution(outside)
        digest = hashlib.sha256(_json([kind, args], f"the arguments of {kind}").encode()).hexdigest()
        counted = (thread, task, *execution, digest)
        self._occurrences[counted] += 1
        return f"{thread}/{task}/{digest}/{self._occurrences[counted] - 1}"

    async def find(self, key: str) -> tuple[Any] | None:
        """The recorded result of a key, in a tuple; None where there is none."""
        rows = await self.read("select result from effects where key = ?", (key,))
        return (json.loads(rows[0][0]),) if rows else None

    async def record(self, key: str, kind: str, result: Any, *also: Statement) -> Any:
        """Put a result on disk, ``also`` in the same transaction, and return it as a later find would."""
        text = _json(result, f"the result of {kind}")
        point("journal.before")
        await self.write(("insert into effects (key, kind, result) values (?, ?, ?)", (key, kind, text)), *also)
        point("journal.after")
        return json.loads(text)

    async def read(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""
        return await self._undisturbed(self._read(sql, values))

    async def write(self, *statements: Statement) -> int | None:
        """Run statements in one transaction; the id of the row that the last one added, None where it changed none.

        Whoever waits for it may be cancelled: what was begun is finished.
        """
        return await self._undisturbed(self._write(statements))

    async def finish(self) -> None:
        """Wait until all that was begun is on disk."""
        while self._writing:
            await asyncio.gather(*self._writing, return_exceptions=True)

    async def _undisturbed(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return await asyncio.shield(task)

    async def _read(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with trouble(self._path):
            async with self._lock, self._connection.execute(sql, values) as cursor:
                return [tuple(row) for row in await cursor.fetchall()]

    async def _write(self, statements: tuple[Statement, ...]) -> int | None:
        added: int | None = None
        with trouble(self._path):
            async with self._lock:
                await self._connection.execute("begin immediate")
                try:
                    for sql, values in statements:
                        async with self._connection.execute(sql, values) as cursor:
                            added = cursor.lastrowid if cursor.rowcount > 0 else None
                    await self._connection.execute("commit")
                except BaseException:
                    if self._connection.in_transaction:  # a full disk has ended it already
                        await self._connection.execute("rollback")
                    raise
        return added


@asynccontextmanager
async def journal(settings: Settings) -> AsyncIterator[Journal]:
    """The journal in the file of runs; ``StorageError`` where that cannot be used."""
    path = await asyncio.to_thread(database, settings)
    with trouble(path):
        async with aiosqlite.connect(path, isolation_level=None) as connection:
            await connection.execute(f"pragma busy_timeout={BUSY_MS}")
            await connection.execute("pragma synchronous=full")
            await connection.execute(_TABLE)
            opened = Journal(connection, path)
            try:
                yield opened
            finally:
                await opened.finish()


def _execution(outside: tuple[str, str] | None) -> tuple[Any, ...]:
    """Thread, task, and what tells one execution of the task from the next."""
    from langgraph.runtime import get_runtime

    try:
        info = get_runtime().execution_info
    except RuntimeError:
        info = None
    if info is not None and info.thread_id is not None:
        return info.thread_id, info.task_id, info.node_attempt, info.node_first_attempt_time
    if outside is None:
        raise WiringError("journal.once needs the node of a graph with a thread_id; pass scope=(thread, task)")
    return outside


def _json(value: Any, what: str) -> str:
    try:
        return json.dumps(value, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise WiringError(f"{what} must be JSON: {error}") from error
