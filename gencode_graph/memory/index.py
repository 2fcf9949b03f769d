"""The index over the vectors of large namespaces: kept by one process at a time, always able to be made again.

Chroma on a disk is not safe across processes: readers miss what others wrote, and a killed writer leaves rows that no
query finds. So the table of items is the only truth. Whoever holds the lease copies vectors from the table into Chroma
and asks it; what the index does not hold yet, and everything in other processes, is compared one by one. One namespace
is one collection, so no query needs a filter of Chroma's, which are slow.

Its graph (HNSW) has no way to some of the vectors that are nearly the same as many others: of 3,000 texts ``ada wrote
number 17`` it never finds 5 to 20 in 100, whatever its settings; and new ones cut the way to old ones. So vectors are
added many at a time, each vector of the namespace is looked for then, and those not found are compared one by one too.
When it is opened again, parts of the graph are made anew: then the last and some of all are looked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gencode_graph.errors import StorageError
from gencode_graph.memory.items import Items, Space, Vector
from gencode_graph.memory.progress import Progress

if TYPE_CHECKING:
    from gencode_graph.memory.mirror import Block

HNSW = {"space": "cosine", "max_neighbors": 24, "ef_construction": 200, "ef_search": 250}
"""More thorough than Chroma's own: .93 of the ten nearest are found with those."""
BATCH = 1000
"""Vectors handed to Chroma at once."""
NEWEST = 10_000
"""How many of the last vectors are looked for when the index is opened: those that Chroma may lose, or link anew."""
SAMPLE = 1000
"""How many are looked for over all of a namespace when the index is opened."""
ASKED = 200
"""Vectors looked for at once."""
BAD = 0.3
"""Share of a sample not found, beyond which the index is made anew."""
RETRY = 30.0
"""Seconds until a process that could not have the lease asks for it again."""
SHARE = 0.1
"""Of a namespace, from which on what the index does not hold is added to it."""
ALIKE = 1e-5
"""Cosine distance of vectors that are the same."""


class Engine(NamedTuple):
    """An open Chroma, and what it raises when its files are damaged."""

    client: Any
    damaged: type[Exception]


class Index:
    """Chroma's collections, one a namespace; every call blocks."""

    def __init__(self, items: Items, folder: Path, connect: Callable[[Path], Engine], *, least: int) -> None:
        self._items = items
        self._progress = Progress(items)
        self._folder = folder / "chroma"
        self._lease = Lease(folder / "index.lock")
        self._connect = connect
        self._engine: Engine | None = None
        self._least = least
        self._sure: dict[str, Block] = {}
        """Namespaces that may be asked for, with the vectors that Chroma holds and does not find."""
        self._not_before = 0.0
        self._working = threading.Lock()

    def wanted(self) -> bool:
        """Whether a large namespace is not open yet, or has many vectors that the index does not hold."""
        if time.monotonic() < self._not_before:
            return False
        return any(
            space.space not in self._sure
            or self._progress.waiting(space, many := 1 + int(SHARE * space.vectors)) >= many
            for space in self._large()
        )

    def ready(self, space: Space) -> bool:
        """Whether this process may ask the index for a namespace."""
        return space.space in self._sure and space.indexed > 0

    def catch_up(self) -> None:
        """Copy what is missing of large namespaces, where the lease can be had; what is there is checked first.

        An index that is damaged is made again from the table; ``StorageError`` where that fails too.
        """
        with self._working:
            if not self._large():
                return
            if not self._lease.take():
                self._not_before = time.monotonic() + RETRY
                return
            for again in (False, True):
                engine = self._engine = self._engine or self._connect(self._folder)
                try:
                    for space in self._large():
                        self._follow(space)
                    return
                except engine.damaged as error:
                    self._remove()
                    if again:
                        raise StorageError(
                            f"cannot write the index in {self._folder} ({error}); free some space on that disk, or "
                            "remove that folder while no program uses it: it is made again"
                        ) from error

    def near(self, space: str, vector: Any, limit: int) -> list[tuple[int, float]] | None:
        """Ids of the vectors nearest to a numpy one with their cosines, the nearest first; None where it cannot say."""
        if (engine := self._engine) is None:
            return None
        try:
            found = self._collection(space).query(query_embeddings=[vector], n_results=limit, include=["distances"])
        except engine.damaged:
            self._sure.pop(space, None)
            self._progress.start_again(space)
            return None
        near = [(int(i), 1 - far) for i, far in zip(found["ids"][0], found["distances"][0], strict=True)]
        if (missed := self._sure.get(space)) is None:
            return None
        return sorted({*near, *missed.nearest(vector, limit)}, key=lambda one: -one[1])

    def close(self) -> None:
        """Put the index away, complete, and give the lease back."""
        with self._working:
            if self._engine is not None:
                self._engine.client.close()
                self._engine = None
                self._progress.trust(sorted(self._sure))
                self._sure.clear()
            self._lease.give_back()

    def _large(self) -> list[Space]:
        return [space for space in self._items.spaces("") if space.vectors > self._least]

    def _remove(self) -> None:
        if self._engine is not None:
            self._engine.client.close()
            self._engine = None
        self._sure.clear()
        self._progress.start_again()
        remove(self._folder)

    def _follow(self, space: Space) -> None:
        name = space.space
        if space.indexed and name not in self._sure and not self._sound(space):
            self._progress.start_again(name)
            space = space._replace(indexed=0)
        if space.indexed == 0:
            self._discard(name)
        self._progress.doubt(name)
        collection = self._collection(name)
        if gone := self._progress.gone(name):
            collection.delete(ids=[str(i) for i in gone])
            self._progress.forgotten(gone)
        last = space.indexed
        while batch := self._items.vectors(name, last, BATCH):
            collection.upsert(ids=[str(one.id) for one in batch], embeddings=[_floats(one) for one in batch])
            last = batch[-1].id
            self._progress.indexed(name, last)
        if last > space.indexed:
            self._look(collection, name)
        if last > space.indexed or name not in self._sure:
            from gencode_graph.memory.mirror import block

            self._sure[name] = block(self._progress.missed(name))

    def _look(self, collection: Any, space: str) -> None:
        """Look for every vector, and note those that are not found."""
        start = 0
        while batch := self._items.vectors(space, start, BATCH):
            self._progress.miss(space, [one.id for one in self._lost(collection, batch)])
            start = batch[-1].id

    def _sound(self, space: Space) -> bool:
        """Whether the index holds all it should and finds most; what it does not find of a sample is noted."""
        collection = self._collection(space.space)
        if collection.count() < self._progress.held(space):
            return False
        some = self._progress.spread(space, SAMPLE)
        lost = self._lost(collection, some)
        late = self._lost(collection, self._progress.newest(space, NEWEST))
        self._progress.miss(space.space, [one.id for one in (*lost, *late)])
        return len(lost) <= BAD * len(some)

    @staticmethod
    def _lost(collection: Any, vectors: Sequence[Vector]) -> list[Vector]:
        """Those that are not among the nearest to themselves."""
        lost: list[Vector] = []
        for start in range(0, len(vectors), ASKED):
            part = vectors[start : start + ASKED]
            found = collection.query(query_embeddings=[_floats(v) for v in part], n_results=10, include=["distances"])
            for vector, ids, far in zip(part, found["ids"], found["distances"], strict=True):
                alike = len(ids) == 10 and far[-1] < ALIKE  # so many of the same that this one need not be among them
                if str(vector.id) not in ids and not alike:
                    lost.append(vector)
        return lost

    def _collection(self, space: str) -> Any:
        assert self._engine is not None
        return self._engine.client.get_or_create_collection(
            _name(space), embedding_function=None, configuration={"hnsw": HNSW}
        )

    def _discard(self, space: str) -> None:
        assert self._engine is not None
        client = self._engine.client
        if _name(space) in {collection.name for collection in client.list_collections()}:
            client.delete_collection(_name(space))


def remove(folder: Path) -> None:
    """Remove a folder, or a file in its place."""
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


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
