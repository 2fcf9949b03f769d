"""Where there are no control groups: what all processes of a command have in memory, looked at again and again."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gencode_graph.sandbox.aside import aside

PAUSE = 0.05
"""Seconds between two looks."""
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Watchdog:
    """Watches a process and all that descend from it."""

    pid: int
    limit: int
    """Bytes."""
    peak: int = 0
    _known: set[int] = field(default_factory=set)

    async def bark(self) -> None:
        """Return when the limit is passed. Never returns otherwise."""
        while not await aside(self.over):  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(PAUSE)

    def over(self) -> bool:
        """Whether all processes together have more than the limit; what they share counts once, where that is told."""
        found = list(descendants(self.pid))
        total = sum(resident(pid) for pid in found)
        if total > self.limit:
            total = sum(share(pid) for pid in found)
        self.peak = max(self.peak, total)
        return total > self.limit


def descendants(pid: int) -> Iterator[int]:
    """A process's children, their children and so on."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                status = (entry / "stat").read_text(encoding="ascii", errors="replace")
                parents.setdefault(int(status.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    waiting = [pid]
    while waiting:
        children = parents.pop(waiting.pop(), [])
        yield from children
        waiting += children


def resident(pid: int) -> int:
    """Bytes that a process has in memory, what it shares included; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def share(pid: int) -> int:
    """A process's part of the memory that it has; all of it where the kernel does not tell us."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return resident(pid)
