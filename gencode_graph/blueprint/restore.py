"""The certain way back: what models changed gives way to the built-in drafts, which passed before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from gencode_graph.services import Services
from gencode_graph.types import Draft, Task


@dataclass(frozen=True)
class Restore:
    """Puts the built-in drafts of earlier steps back, for the files below ``prefixes``; a healer of last resort."""

    prefixes: tuple[str, ...]
    name: str = "restore"

    def accepts(self, task: Task) -> bool:
        return bool(task.findings)

    async def produce(self, task: Task, services: Services) -> Draft:
        """Files that differ from the built-in drafts, as those were; whatever else is there is removed."""
        return await asyncio.to_thread(self._produce, task, services)

    def _produce(self, task: Task, services: Services) -> Draft:
        green, now = built_in(task, services), services.workspace.read(task.tree)
        mine = {path for path in now.keys() | green.keys() if path.startswith(self.prefixes)}
        return Draft(
            files={path: green[path] for path in sorted(mine & green.keys()) if now.get(path) != green[path]},
            removed=tuple(sorted(mine - green.keys())),
        )


def built_in(task: Task, services: Services) -> dict[str, bytes]:
    """The files of all built-in drafts so far, that of the task's own step included."""
    drafts = [it.baseline or it.tree for it in services.results.values() if it.origin == "builtin" or it.baseline]
    files: dict[str, bytes] = {}
    for tree in (*drafts, *([task.builtin] if task.builtin else [])):
        files |= services.workspace.read(tree)
    return files
