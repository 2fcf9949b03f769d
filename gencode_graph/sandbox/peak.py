"""The most memory that a container's processes had at once, as this machine's kernel counts it."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
FILES = tuple(
    f"{version}{group}/{file}"
    for version, file in (("memory/", "memory.max_usage_in_bytes"), ("", "memory.peak"))
    for group in ("docker/{id}", "system.slice/docker-{id}.scope")
)
"""Where the first and the second version of control groups keep it, for both drivers of the engine."""
PAUSE = 0.05
"""Seconds between two looks."""


class Peak:
    """Looks at a container's control group while it lasts; knows nothing where the engine is on another machine."""

    def __init__(self, container: str) -> None:
        self.bytes: int | None = None
        self._places = [ROOT / file.format(id=container) for file in FILES]
        self._next = 0.0

    def look(self, *, last: bool = False) -> None:
        """Take another look: the ``last``, or if none was just now. The group goes with its last process."""
        if (now := time.monotonic()) < self._next and not last:
            return
        self._next = now + PAUSE
        for place in self._places:
            with contextlib.suppress(OSError, ValueError):
                self.bytes = max(self.bytes or 0, int(place.read_text(encoding="ascii")))
                self._places = [place]
                return
