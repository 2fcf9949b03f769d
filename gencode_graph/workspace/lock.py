"""One writer for each workspace: a lock that ends with its process."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from gencode_graph.errors import WorkspaceError
from gencode_graph.workspace.disk import storage

_PATIENCE = 1.0
"""Seconds to wait for a program that only tidies up."""


@contextlib.contextmanager
def held(path: Path, *, run_id: str = "", patience: float = _PATIENCE) -> Iterator[None]:
    """Holds the lock; ``WorkspaceError`` names who has it."""
    with storage(path.parent):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        deadline = time.monotonic() + patience
        while not _taken(descriptor):
            if time.monotonic() >= deadline:
                owner = os.pread(descriptor, 300, 0).decode("utf-8", "replace").strip() or "another program"
                raise WorkspaceError(
                    f"the workspace {path.parent.parent} is in use by {owner}; wait for it to end, stop it, "
                    "or choose another folder"
                )
            time.sleep(0.02)
        since = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
        with storage(path.parent):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"run {run_id or '-'} (process {os.getpid()}, since {since})\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> str | None:
    """Who holds the lock, as they said of themselves (``run 20261121-5a3f9c (process 12 ...)``); None if nobody."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None  # no lock was ever made there
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(descriptor, 300, 0).decode("utf-8", "replace").strip()
    else:
        return None
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
