"""The index over the vectors of large namespaces: kept by one process at a time, always able to be made again.

Chroma on a disk is not safe across processes: readers miss what others wrote, and a killed writer leaves rows that no
query finds. So the table of items is the only truth. Whoever holds the lease copies vectors from the table into Chroma
and asks it; what the index does not hold yet, and everything in other processes, is compared one by one. At most one
namespace is one collection, so no query needs a filter of Chroma's, which are slow.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gencode_graph.memory.items import Items, Space, Vector
from gencode_graph.memory.progress import Progress

BATCH = 1000
"""Vectors handed to Chroma at once."""
NEWEST = 3000
"""How many of the last vectors are looked for after the holder of the lease was killed: what Chroma may lose."""


class Index:
    """Chroma's collections, one a namespace; every call blocks."""

    def __init__(self, items: Items, folder: Path, connect: Callable[[], Any], *, least: int) -> None:
        self._items = items
        self._progress = Progress(items)
        self._lease = Lease(folder / "index.lock")
        self._connect = connect
        self._client: Any = None
        self._least = least
        self._sure: set[str] = set()
        self._working = threading.Lock()

    def wanted(self) -> bool:
        """Whether a namespace is large, and has many vectors that the index does not hold."""
        return any(self._behind(space) for space in self._items.spaces(""))

    def _behind(self, space: Space) -> bool:
        return space.vectors > self._least and self._progress.waiting(space) >= min(BATCH, self._least)

    def ready(self, space: Space) -> bool:
        """Whether this process may ask the index for a namespace."""
        return space.space in self._sure and space.indexed > 0

    def catch_up(self) -> None:
        """Copy what is missing of large namespaces, where the lease can be had; what was left in doubt is checked."""
        with self._working:
            large = [space for space in self._items.spaces("") if space.vectors > self._least]
            if not large or not self._lease.take():
                return
            if self._client is None:
                self._client = self._connect()
            for space in large:
                self._follow(space)

    def near(self, space: str, vector: Any, limit: int) -> list[tuple[int, float]]:
        """Ids of the vectors nearest to a numpy one with their cosines, the nearest first."""
        found = self._collection(space).query(query_embeddings=[vector], n_results=limit, include=["distances"])
        return [(int(i), 1 - far) for i, far in zip(found["ids"][0], found["distances"][0], strict=True)]

    def close(self) -> None:
        """Put the index away, complete, and give the lease back."""
        with self._working:
            if self._client is not None:
                self._client.close()
                self._client = None
                self._progress.trust(sorted(self._sure))
                self._sure.clear()
            self._lease.give_back()

    def _follow(self, space: Space) -> None:
        name = space.space
        if space.indexed == 0:
            self._discard(name)
        elif space.unsure and name not in self._sure and not self._sound(space):
            self._progress.start_again(name)
            self._discard(name)
            space = space._replace(indexed=0)
        self._progress.doubt(name)
        collection = self._collection(name)
        if gone := self._progress.gone(name):
            collection.delete(ids=[str(i) for i in gone])
            self._progress.forgotten(gone)
        last = space.indexed
        while batch := self._items.vectors(name, last, BATCH):
            self._add(collection, batch)
            last = batch[-1].id
            self._progress.indexed(name, last)
        self._sure.add(name)

    def _sound(self, space: Space) -> bool:
        """Whether the index holds all it should; the newest that no query finds are added again."""
        collection = self._collection(space.space)
        held = self._progress.held(space)
        if collection.count() < held:
            return False
        for start in range(0, len(newest := self._progress.newest(space, NEWEST)), BATCH):
            part = newest[start : start + BATCH]
            found = collection.query(query_embeddings=[_floats(v) for v in part], n_results=min(10, held), include=[])
            lost = [v for v, ids in zip(part, found["ids"], strict=True) if str(v.id) not in ids]
            if lost:
                collection.delete(ids=[str(v.id) for v in lost])
                self._add(collection, lost)
        return True

    @staticmethod
    def _add(collection: Any, vectors: Sequence[Vector]) -> None:
        collection.upsert(ids=[str(v.id) for v in vectors], embeddings=[_floats(v) for v in vectors])

    def _collection(self, space: str) -> Any:
        return self._client.get_or_create_collection(
            _name(space), embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def _discard(self, space: str) -> None:
        if _name(space) in {collection.name for collection in self._client.list_collections()}:
            self._client.delete_collection(_name(space))


class Lease:
    """The right to write the index, held by one process; the system takes it back from one that is killed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None

    def take(self) -> bool:
        """Whether it is held now."""
        if self._db is None:
            db = sqlite3.connect(self._path, isolation_level=None, timeout=0, check_same_thread=False)
            try:
                db.execute("begin exclusive")
            except sqlite3.OperationalError:
                db.close()
                return False
            self._db = db
        return True

    def give_back(self) -> None:
        """Let another process have it."""
        if self._db is not None:
            with contextlib.closing(self._db):
                self._db = None


def _floats(vector: Vector) -> Any:
    import numpy as np

    return np.frombuffer(vector.vector, np.float32)


def _name(space: str) -> str:
    """Chroma allows few characters and 3 to 512 of them."""
    return f"ns-{hashlib.blake2b(space.encode(), digest_size=16).hexdigest()}"
