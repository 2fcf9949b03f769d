"""What is remembered by meaning: decisions and how they went, patterns, embedders; and the way to open it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gencode_graph.memory.evolution import Evolution
    from gencode_graph.settings import Settings


@asynccontextmanager
async def connect_memory(settings: Settings, *, redact: Callable[[str], str]) -> AsyncIterator[Evolution]:
    """The memory in ``home/memory``, until the block ends; ``redact`` takes secrets out of what is kept.

    Raises ``SettingError`` for options or an embedder that cannot be used, ``StorageError`` for a store that cannot.
    """
    memory = await asyncio.to_thread(_opened, settings, redact)
    try:
        yield memory
    finally:
        await memory.close()


def _opened(settings: Settings, redact: Callable[[str], str]) -> Evolution:
    from gencode_graph.memory.embedders import embedder
    from gencode_graph.memory.evolution import Evolution
    from gencode_graph.memory.log import open_log
    from gencode_graph.memory.meaning import Meaning
    from gencode_graph.memory.options import points
    from gencode_graph.memory.patterns import Patterns

    meaning, found = Meaning(embedder(settings.embedder)), points(settings)
    log = open_log(settings)
    return Evolution(
        log=log, meaning=meaning, points=found, patterns=Patterns(log, meaning, redact), redact=redact,
        folder=log.path.parent, url=settings.memory_url,
    )  # fmt: skip
