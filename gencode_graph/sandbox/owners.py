"""Who made an object outside our process, and whether that owner is dead."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from gencode_graph.sandbox.watcher import start_time

PREFIX = "gencode.owner."
DEADLINE = "gencode.deadline"
LIFETIME = 24 * 3600.0
"""Seconds after which an object may be removed whoever made it."""


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
    """Whether the owner with these labels is dead; an owner of another host or namespace is, after the deadline."""
    if float(found.get(DEADLINE) or "inf") < time.time():
        return True
    if found.get(f"{PREFIX}boot") != boot() or found.get(f"{PREFIX}pidns") != pid_namespace():
        return False
    pid = found.get(f"{PREFIX}pid", "")
    return pid.isdigit() and start_time(int(pid)) != found.get(f"{PREFIX}start")


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
