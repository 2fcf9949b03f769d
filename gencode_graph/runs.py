"""The runs that were started on this machine."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from gencode_graph.database import connected, database
from gencode_graph.errors import RunNotFoundError, SettingError, StorageError
from gencode_graph.settings import Settings
from gencode_graph.types import Value

Status = Literal["running", "delivered", "partial", "failed", "interrupted"]

_TABLE = """create table if not exists runs (
    run_id text primary key, request text not null, settings text not null, status text not null,
    created text not null, updated text not null
) without rowid"""


class Run(Value):
    """One run: what was asked for, with which settings, and how far it came."""

    run_id: str
    request: str
    settings: Settings
    """As they were, so that a resumed run goes on with the same."""
    status: Status
    """A run that was killed still says ``running``; its workspace is then not locked."""
    created: datetime
    updated: datetime

    @property
    def workspace(self) -> Path:
        """The absolute folder of its project."""
        return self.settings.workspace_of(self.run_id)


class Runs:
    """The table of runs. Its methods block for a few ms: call them with ``asyncio.to_thread`` from async code."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def create(self, run_id: str, request: str, settings: Settings) -> Run:
        """Records a new run; ``SettingError`` when there is one of that id."""
        now = datetime.now(UTC)
        run = Run(run_id=run_id, request=request, settings=settings, status="running", created=now, updated=now)
        row = (run_id, request, settings.model_dump_json(), "running", now.isoformat(), now.isoformat())
        with self._table() as table:
            try:
                table.execute("insert into runs values (?, ?, ?, ?, ?, ?)", row)
            except sqlite3.IntegrityError:
                raise SettingError(f"there is a run {run_id} already; resume it, or let a new id be chosen") from None
        return run

    def update(self, run_id: str, status: Status) -> None:
        """Records how the run ended, or that it goes on; ``RunNotFoundError`` when there is none."""
        with self._table() as table:
            statement = "update runs set status = ?, updated = ? where run_id = ?"
            changed = table.execute(statement, (status, datetime.now(UTC).isoformat(), run_id)).rowcount
        if not changed:
            self.get(run_id)

    def get(self, run_id: str | None = None) -> Run:
        """That run, or the newest; ``RunNotFoundError`` names the recent ones."""
        recent = self.recent(1) if run_id is None else self._select("where run_id = ?", run_id)
        if recent:
            return recent[0]
        known = ", ".join(run.run_id for run in self.recent(5))
        if not known:
            raise RunNotFoundError("there are no runs yet; start one with `gencode new REQUEST`")
        raise RunNotFoundError(f"there is no run {run_id!a}; the recent ones are {known} (`gencode runs` lists all)")

    def recent(self, limit: int = 100) -> tuple[Run, ...]:
        """The newest runs, newest first."""
        return self._select("order by created desc, run_id desc limit ?", limit)

    def _select(self, clause: str, value: str | int) -> tuple[Run, ...]:
        with self._table() as table:
            rows = table.execute(f"select * from runs {clause}", (value,)).fetchall()
        return tuple(_run(row) for row in rows)

    @contextlib.contextmanager
    def _table(self) -> Iterator[sqlite3.Connection]:
        with connected(database(self._settings)) as connection:
            connection.execute(_TABLE)
            yield connection


def new_run_id() -> str:
    """The day, and how much of it is over in 16 777 216ths: ``20261121-5a3f9c``; sorts by time."""
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{now:%Y%m%d}-{int((now - midnight).total_seconds() / 86_400 * (1 << 24)):06x}"


def _run(row: tuple[str, ...]) -> Run:
    run_id, request, settings, status, created, updated = row
    try:
        known = json.loads(settings)
        kept = Settings.model_validate({name: value for name, value in known.items() if name in Settings.model_fields})
    except ValueError as error:
        raise StorageError(f"the settings of run {run_id} do not fit this version ({error}); start it anew") from error
    return Run.model_validate(
        {
            "run_id": run_id,
            "request": request,
            "settings": kept,
            "status": status,
            "created": created,
            "updated": updated,
        }
    )
