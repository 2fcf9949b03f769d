"""Python that parses, and that ruff has nothing against."""

from __future__ import annotations

import ast
import json

from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Task, Verdict


async def python_syntax(task: Task, draft: Draft, services: Services) -> Verdict:
    """Every Python file of the draft parses."""
    findings = []
    for path, content in draft.files.items():
        if not path.endswith(".py"):
            continue
        try:
            ast.parse(content)
        except (SyntaxError, ValueError) as error:
            line = error.lineno if isinstance(error, SyntaxError) else None
            findings.append(Finding(rule="python/syntax", message=str(error), path=path, line=line))
    return Verdict(findings=tuple(findings))


async def python_lint(task: Task, draft: Draft, services: Services) -> Verdict:
    """``ruff check`` over the whole backend."""
    await services.stage(task.tree, "backend/")
    await services.sandbox.install("backend/requirements-dev.txt")
    argv = (".venv/bin/ruff", "check", "--no-cache", "--output-format=json", ".")
    result = await services.sandbox.run(Command(argv=argv, cwd="backend", timeout=services.settings.tool_timeout))
    try:
        found = json.loads(result.stdout)
    except ValueError:
        return Verdict(findings=(Finding(rule="ruff/failed", message=result.output[-1000:]),))
    return Verdict(
        findings=tuple(
            Finding(
                rule=f"ruff/{f['code']}",
                message=f["message"],
                path="backend/" + f["filename"].partition("/backend/")[2],
                line=f["location"]["row"],
            )
            for f in found
        )
    )
