"""Preflight: would a draft run at all? What parsers and tables can tell in well under a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import lru_cache

from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict
from gencode_graph.validation.calls import calls
from gencode_graph.validation.commands import commands
from gencode_graph.validation.dependencies import dependencies
from gencode_graph.validation.deployment import deployment
from gencode_graph.validation.kinds import texts
from gencode_graph.validation.leaked_secrets import leaked_secrets
from gencode_graph.validation.names import names
from gencode_graph.validation.placeholders import find_placeholders
from gencode_graph.validation.python_awaits import compiled, python_awaits
from gencode_graph.validation.python_imports import python_imports
from gencode_graph.validation.python_members import python_members
from gencode_graph.validation.routes import routes
from gencode_graph.validation.script_imports import script_imports
from gencode_graph.validation.script_names import script_names
from gencode_graph.validation.syntax import syntax
from gencode_graph.validation.variables import variables

ALONE: tuple[Callable[[str, str], list[Finding]], ...] = (
    syntax,
    compiled,
    names,
    script_names,
    find_placeholders,
    leaked_secrets,
    dependencies,
    deployment,
)
"""What can be said of one file."""
TOGETHER: tuple[Callable[[Mapping[str, str]], list[Finding]], ...] = (
    script_imports,
    python_imports,
    python_members,
    python_awaits,
    calls,
    routes,
    commands,
    variables,
)
"""What can be said of all files of the app so far."""


@lru_cache(maxsize=1024)
def alone(path: str, text: str) -> tuple[Finding, ...]:
    """All that can be said of one file by itself; kept for the files judged last, as few change between attempts."""
    return tuple(finding for rule in ALONE for finding in rule(path, text))


def judge(draft: Mapping[str, str | bytes], tree: Mapping[str, str | bytes]) -> list[Finding]:
    """Findings about each file of a draft, and about the app that it makes with the other files of the tree."""
    found = [finding for path, text in texts(draft).items() for finding in alone(path, text)]
    every = {**tree, **draft}
    together = {**dict.fromkeys(every, ""), **texts(every)}
    return found + [finding for rule in TOGETHER for finding in rule(together)]


async def preflight(task: Task, draft: Draft, services: Services) -> Verdict:
    """The draft parses, defines what it uses, leaves nothing out, and fits the rest of the app."""
    tree = await asyncio.to_thread(services.workspace.read, task.tree)
    return Verdict(findings=tuple(await asyncio.to_thread(judge, draft.files, tree)))
