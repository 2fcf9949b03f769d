"""The vectors that one embedder gave the items on a Chroma server; every call blocks.

A vector never changes, so each is fetched once: up to ``least`` under a prefix are compared one by one, which is exact
(an index of Chroma's finds not all, see ``index.py``); for more Chroma is asked.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np

from gencode_graph.errors import StorageError
from gencode_graph.memory.mirror import Floats
from gencode_graph.memory.server_link import Link, labels_of, parts, under

KEPT = 16
"""Prefixes whose vectors are in memory; the one that was asked for longest ago goes first."""
Near = list[tuple[str, float]]
"""Ids of vectors, ``item-mark-number``, with their cosines; the nearest first."""


class ServerVectors:
    """The collection of an embedder."""

    def __init__(self, link: Link, embedder: str, *, least: int) -> None:
        self._link = link
        self._least = least
        self._embedder = embedder
        self._collection = self._opened()
        self._size: int | None = None
        self._large: set[str] = set()
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[list[str], Floats]] = OrderedDict()

    def _opened(self) -> Any:
        name = hashlib.blake2b(self._embedder.encode(), digest_size=16).hexdigest()
        return self._link.collection(f"gencode-vectors-{name}", embedder=self._embedder)

    def agree(self, size: int | None) -> None:
        """Raise ``StorageError`` where the vectors on the server have another length than the embedder's."""
        if size and self._size is None:
            self._size = self._opened()._model.dimension  # of the first vector; None before
        if size and self._size not in (None, size):
            raise StorageError(
                f"the server holds vectors of {self._size} numbers, the embedder {self._embedder} now gives {size}: "
                "use the model that it was written with, or another database on that server"
            )

    def add(self, vectors: Sequence[tuple[str, str, Sequence[bytes]]]) -> None:
        """The vectors of items, each with its head and its namespace."""
        rows = [
            (f"{head}-{i}", np.frombuffer(vector, np.float32), {**labels_of(space), "same": _told_by(vector)})
            for head, space, every in vectors
            for i, vector in enumerate(every)
        ]
        for part in parts(rows):
            ids, floats, metas = (list(column) for column in zip(*part, strict=True))
            self._link.ask(self._collection.upsert, ids=ids, embeddings=floats, metadatas=metas)

    def delete(self, ids: Sequence[str]) -> None:
        """Delete vectors; those that are not there do no harm."""
        for part in parts(ids):
            self._link.ask(self._collection.delete, ids=part)

    def ids(self, prefix: str = "", limit: int | None = None) -> list[str]:
        """The ids of all vectors under a prefix, or of some."""
        found = self._link.ask(self._collection.get, where=under(prefix), include=[], limit=limit)
        return list(found["ids"])

    def compared(self, prefix: str, query: Floats) -> Near | None:
        """All vectors under a prefix; None where they are too many."""
        if prefix in self._large or len(ids := self.ids(prefix, self._least + 1)) > self._least:
            self._large.add(prefix)
            return None
        with self._lock:
            known, rows = self._held.pop(prefix, ([], np.zeros((0, len(query)), np.float32)))
        there = set(known)
        new, found = self._fetched([name for name in ids if name not in there])
        known, rows = [*known, *new], np.concatenate([rows, found]) if new else rows
        wanted = set(ids)
        keep = [place for place, name in enumerate(known) if name in wanted]
        if len(keep) < len(known):
            known, rows = [known[place] for place in keep], rows[keep]
        with self._lock:
            self._held[prefix] = (known, rows)
            if len(self._held) > KEPT:
                self._held.popitem(last=False)
        return self._sorted(known, rows, query)

    def asked(self, prefix: str, query: Floats, width: int) -> Near:
        """What Chroma's index finds nearest under a prefix, and all that is the same as the query."""
        how = {"n_results": width, "where": under(prefix), "include": ["distances"]}
        found = self._link.ask(self._collection.query, query_embeddings=[query], **how)
        same = under(prefix, same=_told_by(query.tobytes()))
        near = dict.fromkeys(self._link.ask(self._collection.get, where=same, include=[])["ids"], 1.0)
        for name, far in zip(found["ids"][0], found["distances"][0], strict=True):
            near.setdefault(name, 1 - far)
        return sorted(near.items(), key=lambda one: -one[1])

    def those(self, ids: Sequence[str], query: Floats) -> Near:
        """These vectors, as far as they are there."""
        return self._sorted(*self._fetched(ids), query)

    def _fetched(self, ids: Sequence[str]) -> tuple[list[str], Any]:
        names: list[str] = []
        rows: list[Any] = []
        for part in parts(ids):
            got = self._link.ask(self._collection.get, ids=part, include=["embeddings"])
            names += got["ids"]
            rows += list(got["embeddings"])
        return names, np.asarray(rows, np.float32)

    def _sorted(self, names: Sequence[str], rows: Any, query: Floats) -> Near:
        if not names:
            return []
        cosines = rows @ query
        return [(names[i], float(cosines[i])) for i in np.argsort(-cosines, kind="stable")]


def _told_by(vector: bytes) -> str:
    """By what the same vector is found where the index misses it."""
    return hashlib.blake2b(vector, digest_size=8).hexdigest()
