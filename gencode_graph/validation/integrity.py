"""Integrity: is a draft whole? Nothing empty, cut off, of another kind, badly named or hiding characters."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict
from gencode_graph.validation.identifiers import identifiers
from gencode_graph.validation.kinds import texts
from gencode_graph.validation.shape import shape
from gencode_graph.validation.truncation import truncation


def whole(files: Mapping[str, str | bytes]) -> list[Finding]:
    """What can be said of each file by itself; of a file that is something else, nothing more."""
    found: list[Finding] = []
    for path, text in texts(files).items():
        found += shape(path, text) or [*truncation(path, text), *identifiers(path, text)]
    return found


async def integrity(task: Task, draft: Draft, services: Services) -> Verdict:
    """Every file of the draft is whole, and may be stored under its name."""
    found = await asyncio.to_thread(whole, draft.files)
    stored = await asyncio.to_thread(services.workspace.inspect, draft.files, origin=draft.origin)
    return Verdict(findings=(*found, *stored))
