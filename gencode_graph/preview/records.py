"""What is served on this machine, as every process sees it: a table, whose rows of dead owners are dropped."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from gencode_graph.database import connected, database
from gencode_graph.errors import InputError, RunNotFoundError, ServeError
from gencode_graph.sandbox import owners
from gencode_graph.settings import Settings
from gencode_graph.types import Value

MINUTES = 30.0
MOST = 1440.0
"""Minutes that an app is served at most, however often that is extended."""
STARTING = 15.0
"""Minutes that an app may take to come up."""
PAUSE = 0.1

_TABLE = """create table if not exists previews (
    run_id text primary key, key text not null, url text, started text not null, expires text not null,
    stopped integer not null, owner text not null
) without rowid"""


class Record(Value):
    """One app that is served."""

    run_id: str
    key: str
    """Another one each time."""
    url: str | None
    """None while it starts."""
    started: datetime
    expires: datetime
    stopped: bool
    """Somebody asked for its end, and its owner is about to see to it."""
    owner: dict[str, str]
    """By which it can be told whether the process that serves it is dead."""


class Previews:
    """The table of what is served. Its methods block for a few ms, ``stop`` for longer: call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def claim(self, run_id: str, key: str) -> Record:
        """Takes a place for an app that is to be served by this process; ``InputError`` where there is none."""
        now = datetime.now(UTC)
        ends = now + timedelta(minutes=STARTING)
        with self._table() as table:
            table.execute("begin immediate")
            try:
                self._refuse(run_id, _living(table))
                row = (run_id, key, None, now.isoformat(), ends.isoformat(), 0, json.dumps(owners.labels()))
                table.execute("insert into previews values (?, ?, ?, ?, ?, ?, ?)", row)
            finally:
                table.execute("commit")
            return _one(table, "key", key)

    def _refuse(self, run_id: str, living: tuple[Record, ...]) -> None:
        if there := next((record for record in living if record.run_id == run_id), None):
            raise InputError(
                f"the app of run {run_id} is served already: {tell(there)}; `gencode preview stop {run_id}` ends it"
            )
        if len(living) >= self._settings.previews:
            lines = "\n".join(f"  {record.run_id}  {tell(record)}" for record in living)
            raise InputError(
                f"{len(living)} apps are served on this machine, and GENCODE_PREVIEWS={self._settings.previews} "
                f"allows no more:\n{lines}\n`gencode preview stop RUN` ends one"
            )

    def opened(self, key: str, url: str, minutes: float) -> Record:
        """Records where an app is served, and for how long from now."""
        expires = datetime.now(UTC) + timedelta(minutes=minutes)
        with self._table() as table:
            table.execute("update previews set url = ?, expires = ? where key = ?", (url, expires.isoformat(), key))
            return _one(table, "key", key)

    def find(self, key: str) -> Record | None:
        """The record with that key; None when it was dropped."""
        with self._table() as table:
            return next(iter(_select(table, "where key = ?", key)), None)

    def all(self) -> tuple[Record, ...]:
        """What is served now, the oldest first; what dead owners left is dropped."""
        with self._table() as table:
            return _living(table)

    def get(self, run_id: str) -> Record:
        """The record of a run's app; ``RunNotFoundError`` when it is not served."""
        with self._table() as table:
            found = [record for record in _living(table) if record.run_id == run_id]
        if not found:
            raise RunNotFoundError(f"the app of run {run_id} is not served; `gencode preview {run_id}` does that")
        return found[0]

    def extend(self, run_id: str, minutes: float) -> Record:
        """Serve an app for that long from now, or longer; ``InputError`` when it is not served or over soon."""
        there = self.get(run_id)
        expires = datetime.now(UTC) + timedelta(minutes=minutes)
        if there.stopped or there.url is None:
            raise InputError(f"the app of run {run_id} is {'about to end' if there.stopped else 'still starting'}")
        if expires > there.started + timedelta(minutes=MOST):
            raise InputError(f"an app is served for {MOST / 60:g} hours at most; stop this one and start it again")
        with self._table() as table:
            statement = "update previews set expires = max(expires, ?) where key = ? and not stopped"
            table.execute(statement, (expires.isoformat(), there.key))
            return _one(table, "key", there.key)

    def stop(self, run_id: str, patience: float = 60.0) -> None:
        """End the serving of an app, whoever serves it, and wait until it has ended; seconds.

        Raises ``InputError`` when it is not served, ``ServeError`` when its owner does not end it.
        """
        there = self.get(run_id)
        with self._table() as table:
            table.execute("update previews set stopped = 1 where key = ?", (there.key,))
        until = time.monotonic() + patience
        while any(record.key == there.key for record in self.all()):
            if time.monotonic() > until:
                pid = there.owner.get(f"{owners.PREFIX}pid")
                raise ServeError(f"process {pid} does not stop serving {run_id}; end that process")
            time.sleep(PAUSE)

    def drop(self, key: str) -> None:
        """Take a record away: what it tells of has ended."""
        with self._table() as table:
            table.execute("delete from previews where key = ?", (key,))

    @contextlib.contextmanager
    def _table(self) -> Iterator[sqlite3.Connection]:
        with connected(database(self._settings)) as connection:
            connection.execute(_TABLE)
            yield connection


def tell(record: Record) -> str:
    """Where an app is served and until when, for people."""
    if record.url is None:
        return "starting"
    return f"{record.url} until {record.expires.astimezone():%H:%M}"


def _living(table: sqlite3.Connection) -> tuple[Record, ...]:
    records = _select(table, "order by started, run_id")
    for record in records:
        if owners.is_dead(record.owner):
            table.execute("delete from previews where key = ?", (record.key,))
    return tuple(record for record in records if not owners.is_dead(record.owner))


def _one(table: sqlite3.Connection, column: str, value: str) -> Record:
    found = _select(table, f"where {column} = ?", value)
    if not found:
        raise InputError("what was served is no longer: another process took its record away; start it again")
    return found[0]


def _select(table: sqlite3.Connection, clause: str, *values: str) -> tuple[Record, ...]:
    names = tuple(Record.model_fields)
    rows = table.execute(f"select {', '.join(names)} from previews {clause}", values).fetchall()
    return tuple(
        Record.model_validate({**dict(zip(names, row, strict=True)), "owner": json.loads(row[-1])}) for row in rows
    )
