"""The effects journal: what was paid for or shown is done once, whatever is killed and whenever."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from gencode_graph.crashpoints import point
from gencode_graph.database import BUSY_MS, database, trouble
from gencode_graph.errors import WiringError
from gencode_graph.settings import Settings

_TABLE = """create table if not exists effects (
    key text primary key, kind text not null, result text not null, recorded text not null default current_timestamp
) without rowid"""


class Journal:
    """Results of effects by thread, task, arguments and occurrence; not by attempt, so that a retry finds them."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._occurrences: Counter[tuple[object, ...]] = Counter()

    async def once(
        self, kind: str, args: Any, effect: Callable[[], Awaitable[Any]], *, scope: tuple[str, str] | None = None
    ) -> Any:
        """The result of ``effect``, from the journal when the same call of this node was made before.

        ``args`` and the result are JSON values. The result is on disk before it is returned; an effect that is under
        way while the process is killed is made again. ``scope`` (thread and task id) is needed outside a graph only.
        """
        key = self._key(kind, args, scope)
        with trouble(self._path):
            async with self._connection.execute("select result from effects where key = ?", (key,)) as cursor:
                found = await cursor.fetchone()
        if found is not None:
            return json.loads(found[0])
        text = _json(await effect(), f"the result of {kind}")
        point("journal.before")
        with trouble(self._path):
            statement = "insert into effects (key, kind, result) values (?, ?, ?)"
            await self._connection.execute(statement, (key, kind, text))
        point("journal.after")
        return json.loads(text)

    def _key(self, kind: str, args: Any, scope: tuple[str, str] | None) -> str:
        """``thread/task/digest/occurrence``; the same call twice in one execution of a node counts as two."""
        thread, task, *execution = scope or _execution()
        digest = hashlib.sha256(_json([kind, args], f"the arguments of {kind}").encode()).hexdigest()
        counted = (thread, task, *execution, digest)
        self._occurrences[counted] += 1
        return f"{thread}/{task}/{digest}/{self._occurrences[counted] - 1}"


@asynccontextmanager
async def journal(settings: Settings) -> AsyncIterator[Journal]:
    """The journal in the file of runs; ``StorageError`` where that cannot be used."""
    path = await asyncio.to_thread(database, settings)
    with trouble(path):
        async with aiosqlite.connect(path, isolation_level=None) as connection:
            await connection.execute(f"pragma busy_timeout={BUSY_MS}")
            await connection.execute("pragma journal_mode=wal")
            await connection.execute("pragma synchronous=full")
            await connection.execute(_TABLE)
            yield Journal(connection, path)


def _execution() -> tuple[Any, ...]:
    """Thread, task, and what tells one execution of the task from the next."""
    from langgraph.runtime import get_runtime

    try:
        info = get_runtime().execution_info
    except RuntimeError:
        info = None
    if info is None or info.thread_id is None:
        raise WiringError("journal.once needs the node of a graph with a thread_id; pass scope=(thread, task)")
    return info.thread_id, info.task_id, info.node_attempt, info.node_first_attempt_time


def _json(value: Any, what: str) -> str:
    try:
        return json.dumps(value, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise WiringError(f"{what} must be JSON: {error}") from error
