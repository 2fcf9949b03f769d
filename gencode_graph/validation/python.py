"""Python that parses, and that ruff has nothing against."""

from __future__ import annotations

import asyncio

from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Task, Verdict
from gencode_graph.validation.kinds import texts
from gencode_graph.validation.python_source import problems
from gencode_graph.validation.reports import read_report


async def python_syntax(task: Task, draft: Draft, services: Services) -> Verdict:
    """Every Python file of the draft parses, by this Python or by the newest one that ruff knows."""
    return await asyncio.to_thread(_parsed, draft)


def _parsed(draft: Draft) -> Verdict:
    modules = {path: text for path, text in texts(draft.files).items() if path.endswith(".py")}
    return Verdict(
        findings=tuple(
            Finding(rule="python/syntax", message=problem.message, path=path, line=problem.line)
            for path, text in modules.items()
            for problem in problems(text)
        )
    )


async def python_lint(task: Task, draft: Draft, services: Services) -> Verdict:
    """``ruff check`` over the whole backend."""
    await services.stage(task.tree, "backend/")
    await services.sandbox.install("backend/requirements-dev.txt")
    argv = (".venv/bin/ruff", "check", "--no-cache", "--output-format=json", ".")
    result = await services.sandbox.run(Command(argv=argv, cwd="backend", timeout=services.settings.tool_timeout))
    report = read_report(result.stdout, format="ruff-json", tool="ruff", exit_code=result.exit_code)
    if not report.ran:
        return Verdict(findings=(Finding(rule="ruff/failed", message=result.output[-1000:]),))
    return Verdict(findings=report.under("backend"))
