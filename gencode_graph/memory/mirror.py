"""Vectors of namespaces in memory, as far as they were asked for: exact search in what is small or not indexed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gencode_graph.memory.items import Items, Vector

Floats = np.ndarray[Any, np.dtype[np.float32]]
Ids = np.ndarray[Any, np.dtype[np.int64]]
KEPT = 64
"""Namespaces in memory at once; the one that was asked for longest ago goes first."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """Vectors as rows, with their ids in ascending order."""

    ids: Ids
    vectors: Floats

    def nearest(self, query: Floats, limit: int) -> list[tuple[int, float]]:
        """Ids with their cosines, the nearest first."""
        if not len(self.ids):
            return []
        cosines = self.vectors @ query
        limit = min(limit, len(cosines))
        first = np.argpartition(-cosines, limit - 1)[:limit]
        order = first[np.lexsort((self.ids[first], -cosines[first]))]
        return [(int(self.ids[i]), float(cosines[i])) for i in order]

    def with_more(self, more: Sequence[Vector]) -> Block:
        """With these at its end."""
        if not more:
            return self
        new = block(more)
        if not len(self.ids):
            return new
        return Block(ids=np.concatenate([self.ids, new.ids]), vectors=np.concatenate([self.vectors, new.vectors]))


def block(vectors: Sequence[Vector]) -> Block:
    """A block of these."""
    if not vectors:
        return Block(ids=np.zeros(0, np.int64), vectors=np.zeros((0, 0), np.float32))
    rows = np.frombuffer(b"".join(one.vector for one in vectors), np.float32).reshape(len(vectors), -1)
    return Block(ids=np.array([one.id for one in vectors], np.int64), vectors=rows)


def unit(vector: Sequence[float]) -> Floats:
    """At unit length, float32; zeros stay zeros."""
    row = np.asarray(vector, np.float32)
    length = float(np.linalg.norm(row))
    return row / np.float32(length) if length else row


class Mirror:
    """The vectors of a namespace after a given id, read once and then only what was added since."""

    def __init__(self, items: Items) -> None:
        self._items = items
        self._blocks: OrderedDict[str, tuple[int, Block]] = OrderedDict()
        self._lock = threading.Lock()

    def after(self, space: str, since: int, alive: int) -> Block:
        """The block of all vectors with ids above ``since``; ``alive`` is how many there are at most.

        Some may be deleted already: the caller asks the table for each that it means to use.
        """
        with self._lock:
            start, held = self._blocks.pop(space, (since, block(())))
            if start > since or len(held.ids) > 2 * alive + 100:
                start, held = since, block(())
            last = int(held.ids[-1]) if len(held.ids) else since
            if start < since and last <= since:
                held, last = block(()), since
            if start < since:
                place = int(np.searchsorted(held.ids, since, side="right"))
                held = Block(ids=held.ids[place:], vectors=held.vectors[place:])
            held = held.with_more(self._items.vectors(space, last))
            self._blocks[space] = (since, held)
            if len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
        return held

    def clear(self) -> None:
        """Forget all of it."""
        with self._lock:
            self._blocks.clear()
