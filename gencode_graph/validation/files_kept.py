"""Files of the built-in drafts that no tool would miss are still there: documents, the contract, what runs the app."""

from __future__ import annotations

import asyncio

from gencode_graph.blueprint.restore import built_in
from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict

CODE = ("backend/", "frontend/")
"""Where compilers, linters and tests tell what is missing."""


async def files_kept(task: Task, draft: Draft, services: Services) -> Verdict:
    """No built-in file outside the code is removed."""
    outside = [path for path in draft.removed if not path.startswith(CODE)]
    if not outside:
        return Verdict()
    green = await asyncio.to_thread(built_in, task, services)
    now = await asyncio.to_thread(services.workspace.paths, task.tree)
    return Verdict(findings=tuple(_gone(path) for path in outside if path in green and path not in now))


def _gone(path: str) -> Finding:
    hint = "keep it; change it where it has to be another"
    return Finding(rule="file/removed", message=f"{path} was removed, and the app needs it", path=path, hint=hint)
