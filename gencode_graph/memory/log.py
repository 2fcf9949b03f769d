"""The memory's log: decisions and how they went, appended and never changed; one SQLite file that processes share.

What was learned is a fold over the events in their order, so nothing but this has to be kept. Two kinds of events tell
something to learn from: the options of a point as they were from then on, and the outcome of a decision.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gencode_graph.database import BUSY_MS, FIXES, trouble, write_ahead
from gencode_graph.decisions import Decision, Option, Outcome
from gencode_graph.errors import InputError, StorageError
from gencode_graph.settings import Settings

SCHEMA = 1
_TABLES = {
    "meta": "id text not null",
    "decisions": "id text primary key, point text not null, decision text not null, versions text not null,"
    " embedder text not null, vector blob not null, recorded text not null default current_timestamp",
    "events": "seq integer primary key autoincrement, point text not null, decision text unique, content text not null,"
    " recorded text not null default current_timestamp",
    "keys": "version text not null, embedder text not null, vector blob not null, primary key (version, embedder)",
    "patterns": "id text primary key, change integer not null, content text,"
    " used integer not null default 0, worked integer not null default 0",
}
_INDICES = ("events_of on events (point, seq)", "patterns_changed on patterns (change)")
_DAMAGED = "move it away to begin with an empty memory: runs and workspaces do not need it, what was learned is lost"
_FIXES = FIXES | dict.fromkeys((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB), _DAMAGED)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing to learn from."""

    seq: int
    options: tuple[Option, ...] = ()
    """What a point's options are from now on: new ones, and those that changed."""
    decision: Decision | None = None
    outcome: Outcome | None = None
    version: str = ""
    """Of the selected option, when it was selected."""
    embedder: str = ""
    vector: bytes = b""
    """Of the decision's query, float32."""


class Log:
    """The open file. Every method blocks, and may be called from any thread."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()
        self.id = str(self.rows("select id from meta")[0][0])

    def find(self, decision_id: str) -> Decision | None:
        """The decision of an id."""
        rows = self.rows("select decision from decisions where id = ?", decision_id)
        return self.read(Decision, rows[0][0]) if rows else None

    def decide(self, decision: Decision, version: str, embedder: str, vector: bytes) -> Decision:
        """Append a decision; the one that is there already where another process was first."""
        with self.writing():
            self.rows(
                "insert or ignore into decisions (id, point, decision, versions, embedder, vector)"
                " values (?, ?, ?, ?, ?, ?)",
                decision.id, decision.point, decision.model_dump_json(), version, embedder, vector,
            )  # fmt: skip
        return self.find(decision.id) or decision

    def offer(self, point: str, options: Iterable[Option]) -> None:
        """Append what options are from now on."""
        content = json.dumps([option.model_dump() for option in options], ensure_ascii=False)
        with self.writing():
            self.rows("insert into events (point, content) values (?, ?)", point, content)

    def learn(self, decision_id: str, outcome: Outcome) -> str:
        """Append an outcome, unless there is one; the decision's point. An unknown decision raises ``InputError``."""
        with self.writing():
            rows = self.rows("select point from decisions where id = ?", decision_id)
            if not rows:
                raise InputError(f"no decision {decision_id!r} is known; pass the id of one that decide() gave")
            self.rows(
                "insert or ignore into events (point, decision, content) values (?, ?, ?)",
                rows[0][0], decision_id, outcome.model_dump_json(),
            )  # fmt: skip
        return str(rows[0][0])

    def since(self, point: str, seq: int, limit: int = 1000) -> list[Event]:
        """The events of a point after one, in order."""
        found = self.rows(
            "select e.seq, e.content, e.decision, d.decision, d.versions, d.embedder, d.vector from events e"
            " left join decisions d on d.id = e.decision where e.point = ? and e.seq > ? order by e.seq limit ?",
            point, seq, limit,
        )  # fmt: skip
        return [self._event(row) for row in found]

    def key(self, version: str, embedder: str) -> bytes | None:
        """The key of an option as an embedder has it, float32."""
        rows = self.rows("select vector from keys where version = ? and embedder = ?", version, embedder)
        return bytes(rows[0][0]) if rows else None

    def keep_keys(self, embedder: str, keys: dict[str, bytes]) -> None:
        """Keep keys of options by version."""
        with self.writing():
            for version, vector in keys.items():
                self.rows("insert or replace into keys values (?, ?, ?)", version, embedder, vector)

    def first(self, what: str) -> bool:
        """Whether something is said for the first time; only within :meth:`writing`."""
        return bool(self.rows("insert or ignore into keys values (?, '', x'') returning version", what))

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        with self._lock, trouble(self.path, _FIXES):
            return self._connection.execute(sql, values).fetchall()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, in which this process alone writes."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self.rows("begin immediate")
            try:
                yield
                self.rows("commit")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has ended it already
                    self._connection.rollback()
                raise

    def close(self) -> None:
        """Wait for what is under way, then close the file."""
        with self._lock:
            self._connection.close()

    def _event(self, row: tuple[Any, ...]) -> Event:
        seq, content, decision_id, decision, version, embedder, vector = row
        if decision_id is None:
            return Event(seq=seq, options=self._options(content))
        if decision is None:
            raise self._damaged(f"event {seq} names decision {decision_id!r}, which is not there")
        return Event(
            seq=seq, decision=self.read(Decision, decision), outcome=self.read(Outcome, content), version=version,
            embedder=embedder, vector=bytes(vector),
        )  # fmt: skip

    def _options(self, content: str) -> tuple[Option, ...]:
        try:
            return tuple(Option.model_validate(option) for option in json.loads(content))
        except (ValueError, TypeError) as error:
            raise self._damaged("options are not what was written") from error

    def read(self, shape: Any, text: str) -> Any:
        """A value as it was written; ``StorageError`` where it is another."""
        try:
            return shape.model_validate_json(text)
        except ValidationError as error:
            raise self._damaged(f"a {shape.__name__.lower()} is not what was written") from error

    def _damaged(self, why: str) -> StorageError:
        return StorageError(f"cannot use {self.path}: {why}; {_DAMAGED}")


def open_log(settings: Settings) -> Log:
    """The log in ``home/memory``; blocks. ``StorageError`` where it cannot be used, or is of a newer version."""
    path = settings.home.expanduser() / "memory" / "decisions.db"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"cannot make the folder {path.parent} ({error.strerror}); set GENCODE_HOME to one that can be written"
        ) from error
    with trouble(path, _FIXES):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
            return Log(path, connection)
        except BaseException:
            connection.close()
            raise


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none, and check that they are ours."""
    connection.execute(f"pragma busy_timeout={BUSY_MS}")
    connection.execute("pragma synchronous=normal")
    found = _schema(connection)
    if found == 0:
        write_ahead(connection)
        connection.execute("begin immediate")
        if _schema(connection) == 0:
            if connection.execute("select count(*) from sqlite_master").fetchone()[0]:
                raise StorageError(f"cannot use {path}: it is another program's database; {_DAMAGED}")
            for name, columns in _TABLES.items():
                connection.execute(f"create table {name} ({columns})")
            for index in _INDICES:
                connection.execute(f"create index {index}")
            connection.execute("insert into meta values (?)", (uuid.uuid4().hex,))
            connection.execute(f"pragma user_version={SCHEMA}")
        connection.execute("commit")
        found = SCHEMA
    if found > SCHEMA:
        raise StorageError(
            f"cannot use {path}: a newer gencode-graph wrote it (schema {found}, this one knows {SCHEMA}); "
            "install that version again, or move the file away to begin with an empty memory"
        )
    tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
    if missing := sorted(_TABLES.keys() - tables):
        raise StorageError(f"cannot use {path}: the table {missing[0]} is missing; {_DAMAGED}")


def _schema(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])
