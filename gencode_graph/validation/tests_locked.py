"""Tests of the built-in drafts, and what decides how tests end, stay to the letter: nobody marks their own work.

An app may have more tests, in files of their own. It may not have other settings for them.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator, Mapping

from gencode_graph.blueprint.restore import built_in
from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict

_LOCKED = re.compile(
    r"backend/(?:tests/.+|pyproject\.toml)"
    r"|frontend/(?:e2e/.+|.+\.(?:spec|test)\.tsx?|src/test/.+|playwright\.config\.ts|vite\.config\.ts|tsconfig\.json|biome\.json)"
)
_DECIDES = re.compile(
    r"(?:backend/(?:.+/)?)?(?:conftest\.py|\.?pytest\.(?:ini|toml)|tox\.ini|setup\.cfg|\.coveragerc|noxfile\.py)"
    r"|backend/(?:.+/)?(?:pyproject|\.?ruff)\.toml"
    r"|frontend/(?:.+/)?(?:(?:vitest|vite|jest|playwright|babel)\.(?:config|workspace|setup)\.\w+|\.babelrc|biome\.jsonc?)"
)
"""What tools look for by its name."""
_MODULE = re.compile(r"backend/(\w+)(?:\.py|/.*)")
_OURS = frozenset({"app", "tests", "docs", "scripts"})
_TOOLS = frozenset({"pytest", "_pytest", "pluggy", "hypothesis", "schemathesis", "fastapi", "starlette", "pydantic"})


async def tests_locked(task: Task, draft: Draft, services: Services) -> Verdict:
    """No built-in test or setting of one differs from the built-in draft, and no new one takes its place."""
    green = await asyncio.to_thread(built_in, task, services)
    now = await asyncio.to_thread(services.workspace.read, task.tree)
    return Verdict(findings=tuple(unlocked(green, now, draft.removed)))


def unlocked(green: Mapping[str, bytes], now: Mapping[str, bytes], removed: tuple[str, ...] = ()) -> Iterator[Finding]:
    """A finding for each file that decides and is not as the built-in drafts have it."""
    for path in green:
        if _LOCKED.fullmatch(path) and (path in now or path in removed) and now.get(path) != green[path]:
            what = "was changed" if path in now else "was removed"
            yield _finding("tests/rewritten", path, f"{what}, and decides how the tests end")
    for path in now.keys() - green.keys():
        if _DECIDES.fullmatch(path):
            yield _finding("tests/configuration", path, "would decide how the tests end")
        elif (module := _MODULE.fullmatch(path)) and module[1] not in _OURS and _shadows(module[1]):
            yield _finding("tests/shadowed", path, "would be imported in the place of a library of that name")


def _shadows(name: str) -> bool:
    return name in sys.stdlib_module_names or name in _TOOLS


def _finding(rule: str, path: str, what: str) -> Finding:
    hint = "leave the tests that are there and their settings as they are, and add yours in files of their own"
    return Finding(rule=rule, message=f"{path} {what}", path=path, hint=hint)
