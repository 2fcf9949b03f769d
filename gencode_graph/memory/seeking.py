"""Search in the table of items: by field, by meaning, and by both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from gencode_graph.memory.index import Index
from gencode_graph.memory.items import Items, Row, Space
from gencode_graph.memory.matching import matches, sure_texts
from gencode_graph.protocols import Embedder

if TYPE_CHECKING:
    from gencode_graph.memory.mirror import Floats, Mirror

Found = list[tuple[Row, float | None]]
WIDE = 400
"""Candidates that the index is asked for at most; where a filter needs more, it is applied first."""


class Finder(Protocol):
    """What finds items, by field and by meaning; every call blocks."""

    def find(
        self, prefix: str, query: Sequence[float] | None, wanted: Mapping[str, Any] | None, limit: int
    ) -> Found: ...


def packed(vector: Sequence[float]) -> bytes:
    """A vector as it is kept: float32 at unit length."""
    from gencode_graph.memory.mirror import unit

    return unit(vector).tobytes()


async def embedded_anew(items: Items, embedder: Embedder) -> None:
    """Where another embedder wrote the vectors, write them all again; all of them or none."""
    if await asyncio.to_thread(items.fact, "embedder") == embedder.name:
        return
    done: dict[int, bytes] = {}
    while not await asyncio.to_thread(items.adopt, done):
        missing = await asyncio.to_thread(items.unlike, done)
        vectors = await embedder.embed([text for _, text in missing])
        done |= {i: packed(vector) for (i, _), vector in zip(missing, vectors, strict=True)}


class Seeking:
    """What finds items; every call blocks."""

    def __init__(self, items: Items, index: Index) -> None:
        self._items = items
        self._index = index
        self._memory: Mirror | None = None

    def find(self, prefix: str, query: Sequence[float] | None, wanted: Mapping[str, Any] | None, limit: int) -> Found:
        """At most ``limit`` items under a prefix that match: the nearest first, then those without vectors.

        Without a query: the newest first.
        """
        if query is None:
            return [(row, None) for row in islice(self._matching(prefix, wanted), limit)]
        from gencode_graph.memory.mirror import unit

        vector = unit(query)
        self._items.agree(vector.nbytes)
        found = self._near(prefix, vector, wanted, limit)
        if len(found) < limit:
            found += [(row, None) for row in islice(self._matching(prefix, wanted, plain=True), limit - len(found))]
        return found

    def _matching(self, prefix: str, wanted: Mapping[str, Any] | None, *, plain: bool = False) -> Iterable[Row]:
        rows = self._items.each(prefix, sure_texts(wanted), plain=plain)
        return (row for row in rows if matches(row.value, wanted))

    def _near(self, prefix: str, query: Floats, wanted: Mapping[str, Any] | None, limit: int) -> Found:
        spaces = self._items.spaces(prefix)
        total = sum(space.vectors for space in spaces)
        width = (limit + 10) * (8 if wanted else 2)
        while width < total:
            if wanted and width > WIDE:
                return self._sieved(spaces, query, wanted, limit)
            found = self._kept(self._candidates(spaces, query, width), wanted, limit)
            if len(found) >= limit:
                return found
            width *= 8
        return self._kept(self._candidates(spaces, query, max(total, 1)), wanted, limit)

    def _candidates(self, spaces: Sequence[Space], query: Floats, width: int) -> list[tuple[int, float]]:
        """Ids of vectors with their cosines, the nearest first."""
        near: list[tuple[int, float]] = []
        for space in spaces:
            asked = width <= WIDE and self._index.ready(space)
            told = self._index.near(space.space, query, width) if asked else None
            near += told or []
            known = 0 if told is None else space.indexed
            near += self._mirror.after(space.space, known, space.vectors).nearest(query, width)
        near.sort(key=lambda one: -one[1])
        return near[: width if len(spaces) > 1 else None]

    def _sieved(self, spaces: Sequence[Space], query: Floats, wanted: Mapping[str, Any], limit: int) -> Found:
        """The filter first, then every vector of what it leaves: exact, for filters that few items pass."""
        from gencode_graph.memory.mirror import block

        texts = sure_texts(wanted)
        near: list[tuple[int, float]] = []
        for space in spaces:
            left = block(self._items.sieved(space.space, texts)) if texts else None
            left = left or self._mirror.after(space.space, 0, space.vectors)
            near += left.nearest(query, len(left.ids))
        near.sort(key=lambda one: -one[1])
        found: Found = []
        for start in range(0, len(near), 2000):
            seen = {row.id for row, _ in found}
            more = self._kept(near[start : start + 2000], wanted, limit + len(seen))
            found += [(row, score) for row, score in more if row.id not in seen]
            if len(found) >= limit:
                break
        return found[:limit]

    def _kept(self, near: Sequence[tuple[int, float]], wanted: Mapping[str, Any] | None, limit: int) -> Found:
        """Items of vectors, each once with its best cosine, that are still there and match."""
        owners = self._items.owners([i for i, _ in near])
        best: dict[int, float] = {}
        for vector, cosine in near:
            if (item := owners.get(vector)) is not None:
                best.setdefault(item, cosine)
        rows = self._items.by_id(list(best))
        found = ((rows[item], cosine) for item, cosine in best.items() if item in rows)
        return list(islice(((row, cosine) for row, cosine in found if matches(row.value, wanted)), limit))

    @property
    def _mirror(self) -> Mirror:
        if self._memory is None:
            from gencode_graph.memory.mirror import Mirror

            self._memory = Mirror(self._items)
        return self._memory
