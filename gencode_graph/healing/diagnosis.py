"""diagnosis: what failed runs of tools say, as findings about the files that are to blame."""

from __future__ import annotations

import asyncio

from gencode_graph.healing.classify import classify, findings
from gencode_graph.lessons import choose
from gencode_graph.services import Services
from gencode_graph.types import Finding, Task

LOGS = ("pytest/", "vitest/", "playwright/", "vite/", "backend/")
"""What the rules of findings begin with whose message is a log."""
MOST = 5
"""Logs that are read of one attempt."""


async def diagnosed(task: Task, services: Services) -> tuple[Finding, ...]:
    """Findings of the causes, as far as they are in the app's own files.

    Where no tool's code tells what kind of error it is, the memory is asked by meaning.
    """
    paths = await asyncio.to_thread(services.workspace.paths, task.tree)
    found: dict[str, Finding] = {}
    for number, error in enumerate(e for e in task.errors[:MOST] if e.rule.startswith(LOGS)):
        known = await asyncio.to_thread(classify, error.message, project=paths)
        asked = None
        if not known.evidence:
            asked = await choose(services, task, "error_class", error.message, occasion=number)
        route = (lambda text, it=asked: (it.selected, it.confidence)) if asked and not asked.abstained else None
        for cause in await asyncio.to_thread(findings, error.message, project=paths, route=route, limit=MOST):
            if cause.path in paths:
                found.setdefault(cause.signature, cause)
    return tuple(found.values())
