"""How far an index has followed the table of items: notes in the same file, so that both always agree."""

from __future__ import annotations

import json
from collections.abc import Sequence

from gencode_graph.memory.items import Items, Space, Vector


class Progress:
    """The notes of one index; every call blocks."""

    def __init__(self, items: Items) -> None:
        self._items = items

    def waiting(self, space: Space, most: int) -> int:
        """How many vectors of a namespace the index does not hold, counted up to ``most``."""
        sql = "select count(*) from (select 1 from vectors where space = ? and id > ? limit ?)"
        return int(self._items.query(sql, (space.space, space.indexed, most))[0][0])

    def held(self, space: Space) -> int:
        """How many vectors of a namespace the index is to hold."""
        sql = "select count(*) from vectors where space = ? and id <= ?"
        return int(self._items.query(sql, (space.space, space.indexed))[0][0])

    def newest(self, space: Space, limit: int) -> list[Vector]:
        """The last vectors that the index is to hold."""
        sql = "select id, item, vector from vectors where space = ? and id <= ? order by id desc limit ?"
        return [Vector(*row) for row in self._items.query(sql, (space.space, space.indexed, limit))]

    def spread(self, space: Space, number: int) -> list[Vector]:
        """Some vectors that the index is to hold, from its beginning to its end."""
        step = max(1, self.held(space) // number)
        sql = "select id, item, vector from vectors where space = ? and id <= ? and id % ? = 0 order by id limit ?"
        return [Vector(*row) for row in self._items.query(sql, (space.space, space.indexed, step, number))]

    def indexed(self, space: str, last: int) -> None:
        """The index holds all up to this id."""
        self._write("update spaces set indexed = ? where space = ?", last, space)

    def doubt(self, space: str) -> None:
        """From now on the index is being changed: whoever finds this note later has to look."""
        self._write("update spaces set unsure = 1 where space = ?", space)

    def trust(self, spaces: Sequence[str]) -> None:
        """The index was put away in order."""
        self._write("update spaces set unsure = 0 where space in (select value from json_each(?))", json.dumps(spaces))

    def start_again(self, space: str | None = None) -> None:
        """The index of a namespace, or of all, is to be made anew."""
        with self._items.transaction() as connection:
            sql = "update spaces set indexed = 0, unsure = 0 where space = coalesce(?, space)"
            connection.execute(sql, (space,))
            connection.execute("delete from missed where space = coalesce(?, space)", (space,))

    def miss(self, space: str, ids: Sequence[int]) -> None:
        """The index does not find these."""
        with self._items.transaction() as connection:
            connection.executemany("insert or ignore into missed values (?, ?)", [(i, space) for i in ids])

    def missed(self, space: str) -> list[Vector]:
        """Vectors that the index holds and does not find."""
        sql = (
            "select v.id, v.item, v.vector from missed m join vectors v on v.id = m.id where m.space = ? order by v.id"
        )
        return [Vector(*row) for row in self._items.query(sql, (space,))]

    def gone(self, space: str) -> list[int]:
        """Vectors that were deleted from the table and may be in the index."""
        return [i for (i,) in self._items.query("select id from gone where space = ?", (space,))]

    def forgotten(self, ids: Sequence[int]) -> None:
        """These are no longer in the index."""
        self._write("delete from gone where id in (select value from json_each(?))", json.dumps(ids))

    def _write(self, sql: str, *values: str | int | None) -> None:
        with self._items.transaction() as connection:
            connection.execute(sql, values)
