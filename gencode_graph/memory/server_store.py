"""Items on a Chroma server, for several machines that share one store; every call blocks.

One collection has the items: the document is the value, with the texts that are embedded; the metadata is the labels of
the namespace, the key, the times. Each embedder has a collection of vectors (``server_vectors.py``). A put gives its
item a new mark and then writes vectors with that mark: so the last put wins, vectors of an earlier one are told by
theirs, and those that are lacking (the writer was killed, or has another embedder) are made when the store is opened
next. Until then their items are found after all others.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from gencode_graph.memory.address import Address
from gencode_graph.memory.index import Engine
from gencode_graph.memory.items import Row, Write
from gencode_graph.memory.matching import matches
from gencode_graph.memory.seeking import Found, packed
from gencode_graph.memory.server_link import Link, head_of, item_id, labels_of, parts, under
from gencode_graph.protocols import Embedder

if TYPE_CHECKING:
    from gencode_graph.memory.mirror import Floats
    from gencode_graph.memory.server_vectors import Near

WIDE = 2000
"""Vectors that Chroma is asked for at most; where a filter needs more, it is applied first."""
FOR_EVER = -1.0
"""Instead of a time to live: Chroma keeps no null."""
MORTAL = {"ttl": {"$gte": 0.0}}


class Held(NamedTuple):
    """An item as it is on the server."""

    row: Row
    head: str
    vectors: list[str]


class Lacking(NamedTuple):
    """An item whose vectors this embedder has not made."""

    head: str
    """The item and its mark."""
    space: str
    texts: list[str]


class ServerItems:
    """The collections on a server; the same operations as ``Items`` and ``Seeking`` have together."""

    def __init__(
        self, place: Address, client: Callable[[Address], Engine], embedder: str, *, omit_expired: bool, least: int
    ) -> None:
        from gencode_graph.memory.server_vectors import ServerVectors

        self._omit = omit_expired
        self._link = Link(place, client)
        try:
            self._items = self._link.collection("gencode-items")
            self._vectors = ServerVectors(self._link, embedder, least=least)
        except BaseException:
            self._link.close()
            raise

    def get(self, space: str, key: str) -> Row | None:
        """One item."""
        name = item_id(space, key)
        found = self._rows([name]).get(name)
        return found.row if found else None

    def write(self, writes: Sequence[Write]) -> None:
        """Keep and delete items, some hundred at a time; where the server fails, the rest is not done."""
        self._vectors.agree(next((len(one.vectors[0]) // 4 for one in writes if one.vectors), None))
        now, done = time.time(), 0
        for part in parts([(one, _document(one)) for one in writes]):
            self._write(part, now + done * 1e-6)
            done += len(part)

    def refresh(self, ids: Sequence[int]) -> None:
        """Begin the time to live of those items anew that have one."""
        now = time.time()
        for part in parts([_name(i) for i in ids]):
            if mortal := self._metas(ids=part, where=MORTAL):
                changed = [{"expires": now + meta["ttl"] * 60} for meta in mortal.values()]
                self._link.ask(self._items.update, ids=list(mortal), metadatas=changed)

    def sweep(self) -> int:
        """Delete what is past its time; returns how many."""
        past = {"$and": [MORTAL, {"expires": {"$lte": time.time()}}]}
        found = self._metas(where=past)
        for part in parts(list(found)):
            self._link.ask(self._items.delete, ids=part, where=past)
        self._vectors.delete([one for item, meta in found.items() for one in _vectors_of(item, meta)])
        return len(found)

    def namespaces(self) -> list[str]:
        """Every namespace that has an item."""
        return sorted({meta["space"] for meta in self._metas().values() if self._live(meta)})

    def find(self, prefix: str, query: Sequence[float] | None, wanted: Mapping[str, Any] | None, limit: int) -> Found:
        """At most ``limit`` items under a prefix that match: the nearest first, then those without vectors.

        Without a query: the newest first.
        """
        found = [] if query is None else self._near(prefix, query, wanted, limit)
        if len(found) < limit:
            seen = {row.id for row, _ in found}
            others = (one.row for one in self._matching(prefix, wanted) if one.row.id not in seen)
            found += [(row, None) for row in islice(others, limit - len(found))]
        return found

    def lacking(self) -> list[Lacking]:
        """Items without vectors of this embedder; vectors of which no item is left are deleted."""
        vectors = set(self._vectors.ids())  # before the items: who puts writes the item first
        heads = {head_of(item, meta): (item, meta) for item, meta in self._metas().items()}
        self._vectors.delete([one for one in vectors if one.rpartition("-")[0] not in heads])
        items = [item for item, meta in heads.values() if not vectors.issuperset(_vectors_of(item, meta))]
        found: list[Lacking] = []
        for part in parts(items):
            got = self._link.ask(self._items.get, ids=part, include=["documents", "metadatas"])
            for item, document, meta in zip(got["ids"], got["documents"], got["metadatas"], strict=True):
                found.append(Lacking(head_of(item, meta), meta["space"], json.loads(document)["texts"]))
        return found

    def supply(self, items: Sequence[Lacking], vectors: Sequence[Sequence[float]]) -> None:
        """The vectors of items that lacked them, in the order of their texts."""
        rest = iter(vectors)
        self._vectors.add([(one.head, one.space, [packed(next(rest)) for _ in one.texts]) for one in items])

    def close(self) -> None:
        """Let the connections go."""
        self._link.close()

    def _write(self, writes: Sequence[tuple[Write, str | None]], now: float) -> None:
        named = {item_id(one.space, one.key): (one, document) for one, document in writes}
        before = self._metas(ids=list(named))
        kept = {item: (one, text) for item, (one, text) in named.items() if text is not None}
        metas = [_meta(one, before.get(item), now + i * 1e-6) for i, (item, (one, _)) in enumerate(kept.items())]
        if kept:
            texts = [text for _, text in kept.values()]
            vectors = [[0.0]] * len(kept)
            self._link.ask(self._items.upsert, ids=list(kept), embeddings=vectors, documents=texts, metadatas=metas)
            pairs = zip(kept.items(), metas, strict=True)
            self._vectors.add([(head_of(item, meta), one.space, one.vectors) for (item, (one, _)), meta in pairs])
        if gone := [item for item in before if item not in kept]:
            self._link.ask(self._items.delete, ids=gone)
        self._vectors.delete([one for item, meta in before.items() for one in _vectors_of(item, meta)])

    def _metas(self, **which: Any) -> dict[str, Any]:
        """The metadata of items by id."""
        got = self._link.ask(self._items.get, include=["metadatas"], **which)
        return dict(zip(got["ids"], got["metadatas"], strict=True))

    def _rows(self, items: Sequence[str]) -> dict[str, Held]:
        """Items by id, in this order; those that are gone, or hidden, are left out."""
        found: dict[str, Held] = {}
        for part in parts(items):
            got = self._link.ask(self._items.get, ids=part, include=["documents", "metadatas"])
            for item, document, meta in zip(got["ids"], got["documents"], got["metadatas"], strict=True):
                if self._live(meta):
                    value = json.loads(document)["value"]
                    row = Row(int(item, 16), meta["space"], meta["key"], value, meta["created"], meta["updated"])
                    found[item] = Held(row, head_of(item, meta), _vectors_of(item, meta))
        return {item: found[item] for item in items if item in found}

    def _live(self, meta: Mapping[str, Any]) -> bool:
        return not (self._omit and meta["ttl"] != FOR_EVER and meta["expires"] <= time.time())

    def _matching(self, prefix: str, wanted: Mapping[str, Any] | None) -> Iterator[Held]:
        """Items under a prefix that match, the newest first."""
        live = {item: meta for item, meta in self._metas(where=under(prefix)).items() if self._live(meta)}
        for part in parts(sorted(live, key=lambda item: (-live[item]["updated"], item))):
            yield from (one for one in self._rows(part).values() if matches(one.row.value, wanted))

    def _near(self, prefix: str, query: Sequence[float], wanted: Mapping[str, Any] | None, limit: int) -> Found:
        from gencode_graph.memory.mirror import unit

        vector: Floats = unit(query)
        self._vectors.agree(len(vector))
        near = self._vectors.compared(prefix, vector)
        if near is not None:
            return self._kept(near, wanted, limit)
        width = (limit + 10) * (8 if wanted else 2)
        while not wanted or width <= WIDE:
            near = self._vectors.asked(prefix, vector, width)
            found = self._kept(near, wanted, limit)
            if len(found) >= limit or len(near) < width:
                return found
            width *= 4
        names = [name for one in self._matching(prefix, wanted) for name in one.vectors]
        return self._kept(self._vectors.those(names, vector), wanted, limit)

    def _kept(self, near: Near, wanted: Mapping[str, Any] | None, limit: int) -> Found:
        """Items of vectors, each once with its best cosine, that are still there and match."""
        found: dict[str, tuple[Row, float | None]] = {}
        for part in parts(near):
            rows = self._rows(list(dict.fromkeys(name[:32] for name, _ in part)))
            for name, cosine in part:
                one = rows.get(name[:32])
                if one and name in one.vectors and matches(one.row.value, wanted):
                    found.setdefault(name[:32], (one.row, cosine))
            if len(found) >= limit:
                break
        return list(found.values())[:limit]


async def embedded_there(items: ServerItems, embedder: Embedder) -> None:
    """Make the vectors that items lack of this embedder."""
    for part in parts(await asyncio.to_thread(items.lacking)):
        vectors = await embedder.embed([text for one in part for text in one.texts])
        await asyncio.to_thread(items.supply, part, vectors)


def _document(one: Write) -> str | None:
    return None if one.value is None else json.dumps({"value": dict(one.value), "texts": list(one.texts)})


def _meta(one: Write, before: Mapping[str, Any] | None, now: float) -> dict[str, Any]:
    return {
        **labels_of(one.space),
        "space": one.space,
        "key": one.key,
        "mark": uuid.uuid4().hex,
        "vectors": len(one.vectors),
        "created": before["created"] if before else now,
        "updated": now,
        "ttl": FOR_EVER if one.ttl is None else float(one.ttl),
        "expires": now + (one.ttl or 0) * 60,
    }


def _vectors_of(item: str, meta: Mapping[str, Any]) -> list[str]:
    return [f"{head_of(item, meta)}-{i}" for i in range(meta["vectors"])]


def _name(row: int) -> str:
    return f"{row:032x}"
