"""Removes what dead owners left in an engine: containers, volumes and networks; any number of reapers at once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gencode_graph.errors import SandboxError
from gencode_graph.sandbox.owners import LABEL

EVERY = 60.0
"""Seconds between two rounds while a sandbox is open."""
PATIENCE = 2.0
"""Seconds for which a volume may still be in use, as somebody else is removing the container that uses it."""
CONFLICT = 409


def sweep(client: Any, dead: Callable[[Mapping[str, str]], bool]) -> int:
    """Remove the objects of ours whose labels say so; how many. One that cannot be removed is left for the next round.

    ``client`` is the engine's; raises its errors where it cannot be asked what there is.
    """
    ours = {"label": LABEL}
    removed = 0
    for container in client.containers.list(all=True, filters=ours, sparse=True):
        if dead(container.attrs.get("Labels") or {}):
            with contextlib.suppress(OSError):  # all errors of the engine are such: gone, or somebody else is at it
                container.remove(force=True, v=True)
                removed += 1
    for kind in (client.volumes, client.networks):
        for it in kind.list(filters=ours):
            if dead(it.attrs.get("Labels") or {}):
                removed += _remove(it)
    return removed


def _remove(it: Any) -> bool:
    """Whether a volume or network could be removed."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            it.remove()
        except OSError as error:
            if getattr(error, "status_code", None) != CONFLICT or time.monotonic() > until:
                return False
            time.sleep(0.05)
        else:
            return True


async def keep_reaping(reap: Callable[[], Awaitable[int]]) -> None:
    """Reap every minute, until cancelled; an engine that does not answer is asked again the next time."""
    while True:
        await asyncio.sleep(EVERY)
        with contextlib.suppress(SandboxError):
            await reap()
