"""diagnosis: what kind of error a log tells of, where no tool's code and no known word does: the memory, by meaning."""

from __future__ import annotations

import asyncio

from gencode_graph.healing.classify import classify
from gencode_graph.lessons import OCCASIONS, choose
from gencode_graph.services import Services
from gencode_graph.types import Finding, Task


async def diagnosed(task: Task, services: Services) -> tuple[Finding, ...]:
    """A finding ``error/<category>`` for each log of the failed attempt that says nothing by itself."""
    logs = [error for error in task.errors if "\n" in error.message][: OCCASIONS["error_class"]]
    found = []
    for number, log in enumerate(logs):
        known = await asyncio.to_thread(classify, log.message)
        asked = None if known.evidence else await choose(services, task, "error_class", log.message, occasion=number)
        if asked is not None and not asked.abstained:
            found.append(log.model_copy(update={"rule": f"error/{asked.selected}", "message": known.message}))
    return tuple(found)
