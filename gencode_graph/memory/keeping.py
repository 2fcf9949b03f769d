"""The SQLite file under the memory's items: its tables, its transactions, and what its troubles mean."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gencode_graph.database import trouble, write_ahead
from gencode_graph.errors import StorageError

VERSION = 1
BUSY_MS = 20_000
"""How long one writer waits for another."""
_TABLES = """
create table if not exists facts (name text primary key, value text not null) without rowid;
create table if not exists items (id integer primary key autoincrement, space text not null, key text not null,
  value text not null, created real not null, updated real not null, expires real, ttl real,
  vectors integer not null, unique (space, key));
create index if not exists items_expire on items (expires) where expires is not null;
create index if not exists items_updated on items (space, updated);
create table if not exists vectors (id integer primary key autoincrement, item integer not null, space text not null,
  text text not null, vector blob not null);
create index if not exists vectors_item on vectors (item);
create index if not exists vectors_space on vectors (space, id);
create table if not exists spaces (space text primary key, vectors integer not null default 0,
  indexed integer not null default 0, unsure integer not null default 0) without rowid;
create table if not exists gone (id integer primary key, space text not null);
create table if not exists missed (id integer primary key, space text not null);
"""
_EMPTY = "move it away, with the files beside it, to begin with an empty memory"
_FIXES = {
    sqlite3.SQLITE_FULL: "free some space on that disk",
    sqlite3.SQLITE_IOERR: "look at the disk and free some space",
    sqlite3.SQLITE_CORRUPT: _EMPTY,
    sqlite3.SQLITE_NOTADB: _EMPTY,
    sqlite3.SQLITE_BUSY: "another program keeps it locked: end that",
    sqlite3.SQLITE_READONLY: "make it writable, or set GENCODE_HOME to a folder that is",
    sqlite3.SQLITE_CANTOPEN: "check that the folder exists and can be written, or set GENCODE_HOME to one that can",
}


class Keeping:
    """The open file: one connection, used by one thread at a time; every call blocks."""

    def __init__(self, path: Path, embedder: str) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"cannot make the folder {path.parent} ({error.strerror}); set GENCODE_HOME to one that can be written"
            ) from error
        with trouble(path, _FIXES):
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(embedder)
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        with self._lock:
            self._db.close()

    def fact(self, name: str) -> str:
        """What is noted under a name."""
        return str(self.query("select value from facts where name = ?", (name,))[0][0])

    def _prepare(self, embedder: str) -> None:
        self._db.execute(f"pragma busy_timeout={BUSY_MS}")
        self._db.execute("pragma synchronous=normal")
        if self._db.execute("pragma journal_mode").fetchone() != ("wal",):
            write_ahead(self._db, BUSY_MS)
        if self._db.execute("pragma user_version").fetchone() == (VERSION,):
            return
        with self.transaction():
            (found,) = self._db.execute("pragma user_version").fetchone()
            if found not in (0, VERSION):
                raise StorageError(
                    f"{self.path} is of version {found}, this program reads {VERSION}: use the program that wrote it, "
                    f"or {_EMPTY}"
                )
            for statement in _TABLES.split(";"):
                self._db.execute(statement)
            self._db.execute("insert or ignore into facts values ('embedder', ?)", (embedder,))
            self._db.execute(f"pragma user_version={VERSION}")

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a statement that only reads."""
        with self._lock, trouble(self.path, _FIXES):
            return self._db.execute(sql, values).fetchall()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that are all done or none; others wait."""
        with self._lock, trouble(self.path, _FIXES):
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")
