"""The certain way back: what models changed gives way to the built-in drafts, which passed before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from gencode_graph.blueprint.client import CONTRACT, TYPES
from gencode_graph.blueprint.producers import formatted, typed_client
from gencode_graph.services import Services
from gencode_graph.spec import AppSpec
from gencode_graph.types import Draft, Task


@dataclass(frozen=True)
class Restore:
    """Puts the built-in drafts of earlier steps back, for the files below ``prefixes``; a healer of last resort."""

    prefixes: tuple[str, ...]
    name: str = "restore"
    anew: bool = False
    """Make all again from the built-in AppSpec where a model changed that: what was made of it may fail as well."""

    def accepts(self, task: Task) -> bool:
        return bool(task.findings)

    async def produce(self, task: Task, services: Services) -> Draft:
        """Files that differ from the built-in drafts, as those were; whatever else is there is removed."""
        first = await _first_spec(services) if self.anew else None
        green = await _anew(first, task, services) if first else await asyncio.to_thread(built_in, task, services)
        return await asyncio.to_thread(self._difference, green, task, services)

    def _difference(self, green: dict[str, bytes], task: Task, services: Services) -> Draft:
        now = services.workspace.read(task.tree)
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


async def _first_spec(services: Services) -> AppSpec | None:
    """The built-in AppSpec, where one by a model was preferred."""
    analysis = services.results.get("analysis")
    return await services.spec(analysis.baseline) if analysis and analysis.baseline else None


async def _anew(spec: AppSpec, task: Task, services: Services) -> dict[str, bytes]:
    """The files of all steps, as the built-in generator makes them of a spec."""
    from gencode_graph.blueprint.render import render_all

    files = await asyncio.to_thread(render_all, spec)
    _, files[TYPES] = await typed_client(files[CONTRACT], services)
    done = await formatted(files, task, services)
    return {path: text.encode() if isinstance(text, str) else text for path, text in done.items()}
