"""Who made an object outside our process, and whether that owner is dead."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from gencode_graph.sandbox.watcher import start_time

LABEL = "gencode.run"
"""On every object: the id of the sandbox that it belongs to."""
PREFIX = "gencode.owner."
DEADLINE = "gencode.deadline"
"""When an object may be removed whose owner cannot be seen from here."""
ENDS = "gencode.ends"
"""When an object may be removed by anybody: it should have been gone by then, even if its owner lives."""
LIFETIME = 24 * 3600.0
"""Seconds until an object's deadline."""
closed: set[str] = set()
"""Ids of the sandboxes that this process has closed; the engine may not have answered then, and still have them."""


def labels() -> dict[str, str]:
    """What is written on an object so that its owner can be told to be dead later."""
    pid = os.getpid()
    return {
        f"{PREFIX}boot": boot(),
        f"{PREFIX}pidns": pid_namespace(),
        f"{PREFIX}pid": str(pid),
        f"{PREFIX}start": start_time(pid) or "",
        DEADLINE: str(int(time.time() + LIFETIME)),
    }


def is_dead(found: Mapping[str, str]) -> bool:
    """Whether the owner with these labels is dead; one of another host or namespace counts as such after the deadline.

    Our own process owns a sandbox no more that it closed, though the engine may not have answered then.
    """
    if float(found.get(ENDS) or "inf") < time.time():
        return True
    pid = found.get(f"{PREFIX}pid", "")
    here = found.get(f"{PREFIX}boot") == boot() and found.get(f"{PREFIX}pidns") == pid_namespace()
    if not here or not pid.isdigit():
        return float(found.get(DEADLINE) or "inf") < time.time()
    if start_time(int(pid)) != found.get(f"{PREFIX}start"):
        return True
    return int(pid) == os.getpid() and found.get(LABEL) in closed


def boot() -> str:
    """An id of this machine's last start; empty where there is none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def pid_namespace() -> str:
    """The namespace that our process numbers belong to; empty where there is none."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""
