"""Checkpoints of a run: SQLite on a connection of our own, and nothing in them but known types."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
import ormsgpack
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.serde._msgpack import SAFE_MSGPACK_TYPES
from langgraph.checkpoint.serde.jsonplus import EXT_DELTA_SNAPSHOT, EXT_PYDANTIC_V2, JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from pydantic import BaseModel, ValidationError

from gencode_graph.database import BUSY_MS, database, trouble
from gencode_graph.errors import StorageError, WiringError
from gencode_graph.settings import Settings
from gencode_graph.types import Attempt, Finding, StepResult

STATE_TYPES: tuple[type[BaseModel], ...] = (Attempt, Finding, StepResult)
"""All that a checkpoint may hold besides JSON values and LangGraph's own; an AppSpec is a file, not state."""


class StrictSerializer(JsonPlusSerializer):
    """Stores known types only, and gives them back validated or not at all."""

    def __init__(self, types: Iterable[type[BaseModel]] = STATE_TYPES) -> None:
        self._types = {(kind.__module__, kind.__name__): kind for kind in types}
        super().__init__(allowed_msgpack_modules=tuple(self._types.values()))

    def with_msgpack_allowlist(self, extra_allowlist: Iterable[tuple[str, ...] | type]) -> StrictSerializer:
        """This one: what may be stored stands in ``STATE_TYPES`` and nowhere else."""
        return self

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """As LangGraph does; ``WiringError`` for a type that is not listed."""
        kind, data = super().dumps_typed(obj)
        unlisted: list[str] = []

        def look(code: int, inner: bytes) -> None:
            if code != EXT_DELTA_SNAPSHOT:
                module, name, *_ = _unpack(inner, look)
                if not self._lists(module, name):
                    unlisted.append(f"{module}.{name}")

        if kind == "msgpack":
            _unpack(data, look)
        if unlisted:
            raise WiringError(f"the state holds {unlisted[0]}, which is not stored; list it in checkpoints.STATE_TYPES")
        return kind, data

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """As LangGraph does; ``StorageError`` for what is not listed or no longer valid."""
        if data[0] != "msgpack":
            return super().loads_typed(data)
        problems: list[str] = []

        def revive(code: int, inner: bytes) -> Any:
            if code == EXT_DELTA_SNAPSHOT:
                return self._unpack_ext_hook(code, inner)
            module, name, content, *_ = _unpack(inner, revive)
            if not self._lists(module, name):
                problems.append(f"{module}.{name} is not known")
            elif code == EXT_PYDANTIC_V2 and (module, name) in self._types:
                try:
                    return self._types[module, name].model_validate(content)
                except ValidationError as error:
                    problems.append(f"{name} is not valid: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}")
            else:
                return self._unpack_ext_hook(code, inner)
            return None

        value = _unpack(data[1], revive)
        if problems:
            raise StorageError(f"a checkpoint does not fit this version ({problems[0]}); start the run anew")
        return value

    def _lists(self, module: str, name: str) -> bool:
        return (module, name) in self._types or (module, name) in SAFE_MSGPACK_TYPES


class Saver(AsyncSqliteSaver):
    """LangGraph's saver, whose troubles with the file are ``StorageError``."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        super().__init__(connection, serde=StrictSerializer())
        self._path = path

    async def setup(self) -> None:
        """Makes the tables, once."""
        with trouble(self._path):
            await super().setup()

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """One checkpoint."""
        with trouble(self._path):
            return await super().aget_tuple(config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """Checkpoints, newest first."""
        with trouble(self._path):
            async for item in super().alist(config, filter=filter, before=before, limit=limit):
                yield item

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Stores a checkpoint."""
        with trouble(self._path):
            return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Stores what one task wrote."""
        with trouble(self._path):
            await super().aput_writes(config, writes, task_id, task_path)


@asynccontextmanager
async def checkpointer(settings: Settings) -> AsyncIterator[Saver]:
    """The checkpoints in the file of runs; ``StorageError`` where that cannot be used. Needs a running event loop."""
    path = await asyncio.to_thread(database, settings)
    with trouble(path):
        async with aiosqlite.connect(path) as connection:
            await connection.execute(f"pragma busy_timeout={BUSY_MS}")
            await connection.execute("pragma synchronous=normal")
            saver = Saver(connection, path)
            await saver.setup()
            yield saver


def _unpack(data: bytes, hook: Callable[[int, bytes], Any]) -> Any:
    return ormsgpack.unpackb(data, ext_hook=hook, option=ormsgpack.OPT_NON_STR_KEYS)
