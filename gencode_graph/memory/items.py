"""The table of everything that is remembered: items by namespace and key, and their vectors.

One SQLite file in write-ahead mode, safe from any number of threads and processes; every call blocks. A namespace is
one text, its labels joined by a full stop, which no label contains.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from gencode_graph.errors import StorageError
from gencode_graph.memory.keeping import Keeping

AFTER_DOT = chr(ord(".") + 1)


class Row(NamedTuple):
    """One item as it is kept; times are seconds since 1970."""

    id: int
    space: str
    key: str
    value: dict[str, Any]
    created: float
    updated: float


class Vector(NamedTuple):
    """One vector of an item: float32 bytes."""

    id: int
    item: int
    vector: bytes


@dataclass(frozen=True, kw_only=True)
class Write:
    """An item to keep, or to delete where the value is None."""

    space: str
    key: str
    value: Mapping[str, Any] | None
    ttl: float | None = None
    """Minutes."""
    texts: Sequence[str] = ()
    vectors: Sequence[bytes] = ()


class Space(NamedTuple):
    """How many vectors a namespace has, up to which id an index holds them, and how well that is known."""

    space: str
    vectors: int
    indexed: int
    unsure: int
    """1 while the index is being changed, and after whoever changed it was killed."""


class Table(Protocol):
    """Where items are: a file, or a server; every call blocks."""

    def get(self, space: str, key: str) -> Row | None: ...
    def write(self, writes: Sequence[Write]) -> None: ...
    def refresh(self, ids: Sequence[int]) -> None: ...
    def sweep(self) -> int: ...
    def namespaces(self) -> list[str]: ...
    def close(self) -> None: ...


class Items(Keeping):
    """The open table; ``omit_expired`` hides what is past its time before it is swept."""

    def __init__(self, path: Path, embedder: str, *, omit_expired: bool = True) -> None:
        super().__init__(path, embedder)
        self.embedder = embedder
        self._omit = omit_expired

    def get(self, space: str, key: str) -> Row | None:
        """One item."""
        rows = self._rows("space = ? and key = ?", (space, key))
        return rows[0] if rows else None

    def by_id(self, ids: Sequence[int]) -> dict[int, Row]:
        """Items by id; those that are gone, or hidden, are left out."""
        return {row.id: row for row in self._rows("id in (select value from json_each(?))", (json.dumps(list(ids)),))}

    def each(self, prefix: str, texts: Sequence[str] = (), *, plain: bool = False) -> Iterator[Row]:
        """Items under a prefix, the newest first, whose JSON has all these texts; ``plain``: those without vectors."""
        where, values = _under(prefix)
        where += " and vectors = 0" * plain + " and instr(value, ?)" * len(texts)
        offset, page = 0, 200
        while True:
            order = f"{where} {self._live()} order by updated desc, id desc limit {page} offset {offset}"
            rows = self._rows(order, (*values, *texts), live=False)
            yield from rows
            if len(rows) < page:
                return
            offset, page = offset + page, 5000

    def namespaces(self) -> list[str]:
        """Every namespace that has an item."""
        return [space for (space,) in self.query(f"select distinct space from items where 1 {self._live()}")]

    def spaces(self, prefix: str) -> list[Space]:
        """The namespaces under a prefix that have vectors."""
        where, values = _under(prefix)
        found = self.query(f"select space, vectors, indexed, unsure from spaces where {where} and vectors > 0", values)
        return [Space(*row) for row in found]

    def vectors(self, space: str, after: int = 0, limit: int = -1) -> list[Vector]:
        """Vectors of one namespace in the order of their ids, from the one after ``after``."""
        sql = "select id, item, vector from vectors where space = ? and id > ? order by id limit ?"
        return [Vector(*row) for row in self.query(sql, (space, after, limit))]

    def sieved(self, space: str, texts: Sequence[str]) -> list[Vector]:
        """Vectors of one namespace whose items' JSON has all these texts."""
        sql = "select id, item, vector from vectors where space = ? and item in (select id from items where space = ?"
        return [
            Vector(*row) for row in self.query(sql + " and instr(value, ?)" * len(texts) + ")", (space, space, *texts))
        ]

    def owners(self, ids: Sequence[int]) -> dict[int, int]:
        """Item of each vector that still is one."""
        sql = "select id, item from vectors where id in (select value from json_each(?))"
        return dict(self.query(sql, (json.dumps(list(ids)),)))

    def write(self, writes: Sequence[Write]) -> None:
        """Keep and delete items: all of them or none."""
        now = time.time()
        with self.transaction():
            self.agree(next((len(one.vectors[0]) for one in writes if one.vectors), None))
            for one in writes:
                self._clear(one.space, one.key, delete=one.value is None)
                if one.value is not None:
                    self._put(one, now)

    def _put(self, one: Write, now: float) -> None:
        value = json.dumps(dict(one.value or {}), ensure_ascii=False)
        expires = None if one.ttl is None else now + one.ttl * 60
        ((item,),) = self._db.execute(
            "insert into items (space, key, value, created, updated, expires, ttl, vectors) values (?,?,?,?,?,?,?,?) "
            "on conflict (space, key) do update set value = excluded.value, updated = excluded.updated, "
            "expires = excluded.expires, ttl = excluded.ttl, vectors = excluded.vectors returning id",
            (one.space, one.key, value, now, now, expires, one.ttl, len(one.vectors)),
        ).fetchall()
        if one.vectors:
            self._db.executemany(
                "insert into vectors (item, space, text, vector) values (?,?,?,?)",
                [(item, one.space, text, vector) for text, vector in zip(one.texts, one.vectors, strict=True)],
            )
            self._count(one.space, len(one.vectors))

    def _clear(self, space: str, key: str, *, delete: bool) -> None:
        found = self._db.execute("select id, vectors from items where space = ? and key = ?", (space, key)).fetchone()
        if found is None:
            return
        item, vectors = found
        if vectors:
            self._db.execute("insert or ignore into gone select id, space from vectors where item = ?", (item,))
            self._db.execute("delete from vectors where item = ?", (item,))
            self._count(space, -vectors)
        if delete:
            self._db.execute("delete from items where id = ?", (item,))

    def _count(self, space: str, more: int) -> None:
        sql = "insert into spaces (space, vectors) values (?, ?) on conflict do update set vectors = vectors + ?"
        self._db.execute(sql, (space, max(more, 0), more))

    def refresh(self, ids: Sequence[int]) -> None:
        """Begin the time to live of those items anew that have one."""
        if not ids or not self._mortal(ids):
            return
        sql = "update items set expires = ? + ttl * 60 where ttl is not null and id in (select value from json_each(?))"
        with self.transaction():
            self._db.execute(sql, (time.time(), json.dumps(list(ids))))

    def _mortal(self, ids: Sequence[int]) -> bool:
        sql = "select 1 from items where ttl is not null and id in (select value from json_each(?)) limit 1"
        return bool(self.query(sql, (json.dumps(list(ids)),)))

    def sweep(self) -> int:
        """Delete what is past its time; returns how many."""
        with self.transaction():
            found = self._db.execute("select space, key from items where expires <= ?", (time.time(),)).fetchall()
            for space, key in found:
                self._clear(space, key, delete=True)
        return len(found)

    def unlike(self, done: Mapping[int, bytes], limit: int = 256) -> list[tuple[int, str]]:
        """Vectors, with their texts, beyond the last of those that are done already."""
        sql = "select id, text from vectors where id > ? order by id limit ?"
        return [(i, text) for i, text in self.query(sql, (max(done, default=0), limit))]

    def adopt(self, vectors: Mapping[int, bytes]) -> bool:
        """Take these in place of another embedder's; False where there are more by now."""
        with self.transaction() as connection:
            if connection.execute("select 1 from vectors where id > ?", (max(vectors, default=0),)).fetchone():
                return False
            connection.executemany("update vectors set vector = ? where id = ?", [(v, i) for i, v in vectors.items()])
            connection.execute("update spaces set indexed = 0, unsure = 0")
            connection.execute("delete from missed")
            connection.execute("update facts set value = ? where name = 'embedder'", (self.embedder,))
        return True

    def _rows(self, where: str, values: Sequence[Any], *, live: bool = True) -> list[Row]:
        sql = f"select id, space, key, value, created, updated from items where {where} {self._live() if live else ''}"
        return [
            Row(i, space, key, json.loads(value), made, at)
            for i, space, key, value, made, at in self.query(sql, values)
        ]

    def _live(self) -> str:
        return f"and (expires is null or expires > {time.time()!r})" if self._omit else ""

    def agree(self, size: int | None) -> None:
        """Raise ``StorageError`` where the vectors here are another embedder's; ``size`` is a vector's, in bytes."""
        sql = "select value, (select length(vector) from vectors limit 1) from facts where name = 'embedder'"
        ((kept, length),) = self.query(sql)
        if kept != self.embedder:
            raise StorageError(
                f"{self.path} now holds vectors of the embedder {kept}, not of {self.embedder}: another program "
                f"changed it; open the memory again, or set GENCODE_EMBEDDER={kept}"
            )
        if size and length and size != length:
            raise StorageError(
                f"{self.path} holds vectors of {length // 4} numbers, the embedder {kept} now gives {size // 4}: "
                "use the model that it was written with, or move the file away"
            )


def _under(prefix: str) -> tuple[str, tuple[str, ...]]:
    """Condition for a namespace and all below it, which an index can answer."""
    if not prefix:
        return "1", ()
    return "(space = ? or (space >= ? and space < ?))", (prefix, f"{prefix}.", f"{prefix}{AFTER_DOT}")
