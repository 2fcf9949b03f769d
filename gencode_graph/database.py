"""The SQLite file in which runs, their checkpoints and their effects are kept."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from gencode_graph.errors import StorageError
from gencode_graph.settings import Settings

BUSY_MS = 10_000
"""How long one writer waits for another."""


def database(settings: Settings) -> Path:
    """The file, in a folder that exists when this returns; blocks. ``StorageError`` where none can be made."""
    path = settings.home.expanduser() / "runs.db"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"cannot make the folder {path.parent} ({error.strerror}); set GENCODE_HOME to one that can be written"
        ) from error
    with trouble(path), contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        write_ahead(connection)
    return path


def write_ahead(connection: sqlite3.Connection, busy_ms: int = BUSY_MS) -> None:
    """Switch a file to write-ahead logging; SQLite itself does not wait when two do so at the same time."""
    until = time.monotonic() + busy_ms / 1000
    while True:
        try:
            connection.execute("pragma journal_mode=wal")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


@contextlib.contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection whose statements are committed one by one; blocks, and belongs to one thread."""
    with trouble(path), contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"pragma busy_timeout={BUSY_MS}")
        connection.execute("pragma synchronous=normal")
        yield connection


@contextlib.contextmanager
def trouble(path: Path, fixes: Mapping[int, str] | None = None) -> Iterator[None]:
    """Turns what SQLite says about the file into ``StorageError``; mistakes in our SQL stay what they are.

    ``fixes`` says what helps, by SQLite's code; ``FIXES`` where it is not given.
    """
    fixes = FIXES if fixes is None else fixes
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in fixes:
            raise
        raise StorageError(f"cannot use {path}: {error}; {fixes[code]}") from error


_DAMAGED = "move it away to begin with an empty one: workspaces keep all their files, but old runs cannot be resumed"
FIXES = {
    sqlite3.SQLITE_FULL: "free some space on that disk, then resume the run",
    sqlite3.SQLITE_IOERR: "look at the disk and free some space, then resume the run",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_BUSY: "another program keeps it locked: end that, then resume the run",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked: end that, then resume the run",
    sqlite3.SQLITE_READONLY: "make it writable, or set GENCODE_HOME to a folder that is",
    sqlite3.SQLITE_PERM: "make it writable, or set GENCODE_HOME to a folder that is",
    sqlite3.SQLITE_CANTOPEN: "check that the folder exists and can be written, or set GENCODE_HOME to one that can",
}
