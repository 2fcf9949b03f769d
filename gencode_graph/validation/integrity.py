"""Integrity: is a draft whole? Nothing empty, cut off, of another kind, badly named or hiding characters."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict
from gencode_graph.validation.former import shortened
from gencode_graph.validation.identifiers import identifiers
from gencode_graph.validation.kinds import texts
from gencode_graph.validation.shape import shape
from gencode_graph.validation.truncation import RULE, truncation


def whole(files: Mapping[str, str | bytes]) -> list[Finding]:
    """What can be said of each file by itself; of a file that is something else, nothing more."""
    found: list[Finding] = []
    for path, text in texts(files).items():
        found += shape(path, text) or [*truncation(path, text), *identifiers(path, text)]
    return found


def against(former: Mapping[str, str | bytes], files: Mapping[str, str | bytes]) -> list[Finding]:
    """What can be said of files that replace others."""
    before = texts({path: former[path] for path in files if path in former and former[path] != files[path]})
    after = texts({path: files[path] for path in before})
    return [finding for path, text in after.items() for finding in shortened(path, before[path], text)]


async def integrity(task: Task, draft: Draft, services: Services) -> Verdict:
    """Every file of the draft is whole, and may be stored under its name; a model's go as far as the green ones did."""
    found = await asyncio.to_thread(whole, draft.files)
    if draft.origin == "model" and task.green is not None:
        green = await asyncio.to_thread(services.workspace.read, task.green)
        said = {finding.path for finding in found if finding.rule == RULE}
        found += [f for f in await asyncio.to_thread(against, green, draft.files) if f.path not in said]
    stored = await asyncio.to_thread(services.workspace.inspect, draft.files, origin=draft.origin)
    return Verdict(findings=(*found, *stored))
