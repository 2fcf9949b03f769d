"""What was learned, saved beside the log, so that a start need not learn it again; it can be lost without harm."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from gencode_graph.errors import StorageError
from gencode_graph.memory.learner import Learner

EVERY = 500
"""Events between two saves; the last one is made when the memory is closed."""
WORTH_IT = 20
"""Events for which a save at the close pays."""


class Saved:
    """One file a point; whole files only, and those of another log or embedder do not count. Blocks."""

    def __init__(self, folder: Path, log_id: str) -> None:
        self._folder = folder
        self._log_id = log_id
        self._upto: dict[str, int] = {}

    def load(self, point: str, embedder: str) -> Learner:
        """The learner of a point as it was saved; an empty one, for all events, where there is none that fits."""
        try:
            learner = Learner.from_bytes(self._file(point).read_bytes(), self._of(point), embedder)
        except (OSError, StorageError, KeyError, ValueError, TypeError):
            return Learner(embedder)
        self._upto[point] = learner.seq
        return learner

    def save(self, point: str, learner: Learner, least: int = EVERY) -> None:
        """Save a learner when it has learned from ``least`` events since it was saved last."""
        if learner.seq - self._upto.get(point, 0) < least:
            return
        with contextlib.suppress(OSError):
            path = self._file(point)
            half = path.with_suffix(f".{os.getpid()}")
            half.write_bytes(learner.to_bytes(self._of(point)))
            half.replace(path)
        self._upto[point] = learner.seq

    def _of(self, point: str) -> str:
        return f"{self._log_id} {point}"

    def _file(self, point: str) -> Path:
        return self._folder / f"{re.sub(r'[^a-zA-Z0-9_-]', '-', point)[:80]}.learned"
