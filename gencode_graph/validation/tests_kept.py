"""The tests of the built-in drafts are still there, and claim as much: an app does not pass by asking less."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gencode_graph.blueprint.restore import built_in
from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict
from gencode_graph.validation.kinds import texts

RULE = "tests/weakened"
_PLACE = re.compile(r"backend/tests/(?:.+/)?test_[^/]+\.py|frontend/.+\.(?:spec|test)\.tsx?")
_SKIPPED = re.compile(r"\b(?:test|it|describe)\.(?:skip|fixme|todo|fail)\(|\b(?:test|it|describe)\.only\(")
_TEST = re.compile(r"^\s*(?:test|it)(?:\.each\([^\n]*\))?\(", re.M)
_CLAIM = re.compile(r"\bexpect(?:\.\w+)?\((?!\s*(?:true|false|null|undefined|[\d.]+|\"[^\"]*\"|'[^']*')\s*\))")
_COMMENT = re.compile(r"^\s*(?://|\*|/\*).*$", re.M)


@dataclass(frozen=True, kw_only=True)
class Strength:
    """What a file of tests demands."""

    tests: int
    """That are not skipped."""
    claims: int
    """Assertions about something that is not a constant."""


async def tests_kept(task: Task, draft: Draft, services: Services) -> Verdict:
    """No file of built-in tests is gone, or has fewer tests or claims than it had."""
    green = await asyncio.to_thread(built_in, task, services)
    now = await asyncio.to_thread(services.workspace.read, task.tree)
    tests = {
        path: text for path, text in texts(green).items() if _PLACE.fullmatch(path) and path in (*now, *draft.removed)
    }
    return Verdict(findings=tuple(weakened(tests, texts(now))))


def weakened(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for each file of tests that asks less than it did."""
    for path, text in before.items():
        now = after.get(path)
        if now == text:
            continue
        old, new = strength(path, text), strength(path, now or "")
        if new.tests < old.tests or new.claims < old.claims:
            yield Finding(
                rule=RULE,
                message=f"{path} had {old.tests} tests with {old.claims} claims, and has {new.tests} with {new.claims}",
                path=path,
                hint="leave the tests that are there as they are, and add yours in files of their own",
            )


def strength(path: str, text: str) -> Strength:
    """Of Python by its syntax tree, of TypeScript by its words."""
    if path.endswith(".py"):
        return _python(text)
    said = _COMMENT.sub("", text)
    tests, skipped = len(_TEST.findall(said)), len(_SKIPPED.findall(said))
    return Strength(tests=0 if skipped else tests, claims=len(_CLAIM.findall(said)))


def _python(text: str) -> Strength:
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:
        return Strength(tests=0, claims=0)
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    tests = [it for it in functions if it.name.startswith("test") and not any(map(_skips, it.decorator_list))]
    claims = [node for node in nodes if isinstance(node, ast.Assert) and _says_something(node.test)]
    raised = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "raises"]
    return Strength(tests=len(tests), claims=len(claims) + len(raised))


def _skips(decorator: ast.expr) -> bool:
    return any(isinstance(it, ast.Attribute) and it.attr in ("skip", "skipif", "xfail") for it in ast.walk(decorator))


def _says_something(test: ast.expr) -> bool:
    """Whether a name or a call has a part in it."""
    return any(isinstance(node, ast.Name | ast.Call) for node in ast.walk(test))
