"""An embedder of letters, and stores in folders of the test's own."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.memory.store import ChromaStore, connect_store

Opener = Callable[..., AbstractAsyncContextManager[ChromaStore]]


@cache
def direction(letter: str, dimensions: int) -> tuple[float, ...]:
    draw = random.Random(letter)
    return tuple(draw.gauss(0, 1) for _ in range(dimensions))


@dataclass(frozen=True)
class Letters:
    """How often each letter comes, thrown onto random directions: like letters, near vectors."""

    name: str = "letters"
    dimensions: int = 256

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self.vector(text) for text in texts]

    def vector(self, text: str) -> list[float]:
        """Of unit length; all zeros for a text without letters."""
        total = [0.0] * self.dimensions
        for letter, count in Counter(text).items():
            for place, x in enumerate(direction(letter, self.dimensions)):
                total[place] += count * x
        length = math.sqrt(sum(x * x for x in total)) or 1.0
        return [x / length for x in total]


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def opened(tmp_path: Path, letters: Letters) -> Opener:
    """Opens the store of this test; options are those of ``connect_store``."""

    def opener(embedder: Any = letters, **options: Any) -> AbstractAsyncContextManager[ChromaStore]:
        return connect_store(tmp_path / "memory", embedder, **options)

    return opener


@pytest.fixture
def pace() -> float:
    """By what tests of time are stretched."""
    return 1.0


@pytest.fixture(params=["compared", "indexed"])
async def store(request: pytest.FixtureRequest, opened: Opener) -> AsyncIterator[ChromaStore]:
    """Once with all vectors compared one by one, once with Chroma from the first on."""
    async with AsyncExitStack() as stack:
        least = 0 if request.param == "indexed" else 10_000
        yield await stack.enter_async_context(opened(indexed_from=least))
