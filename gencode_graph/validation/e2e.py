"""Playwright in a real Chromium against the running app."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict
from gencode_graph.validation.web import build, run_tool

REPORT = ".e2e.json"
"""Beside the app's folders, where none of its tools looks."""


async def e2e(task: Task, draft: Draft, services: Services) -> Verdict:
    """The end-to-end tests of the app, its server started and restarted by them."""
    from gencode_graph.sandbox.local import free_port

    await build(task, services)
    await services.stage(task.tree, "backend/", "openapi.json")
    await services.sandbox.install("backend/requirements-dev.txt")
    env = {
        "E2E_PORT": str(await asyncio.to_thread(free_port)),
        "E2E_WORKERS": str(min(4, services.settings.jobs + 1)),  # a test often waits, for what is typed to be looked up
        "PYTHON": "../backend/.venv/bin/python",
        "PLAYWRIGHT_JSON_OUTPUT_NAME": f"../{REPORT}",
    }
    result = await run_tool(task, services, "playwright", "test", "--reporter=json", env=env)
    made = await services.sandbox.collect([REPORT])
    try:
        report = json.loads(made[REPORT])
    except (KeyError, ValueError):
        return Verdict(findings=(Finding(rule="playwright/not-run", message=result.output[-2000:]),))
    findings = [Finding(rule="playwright/failed", message=m, path=p, line=n) for p, n, m in _failures(report)]
    findings += [Finding(rule="playwright/error", message=e.get("message", "")[:1500]) for e in report["errors"]]
    stats = report["stats"]
    flaky = [
        Finding(
            rule="playwright/flaky", message=f"{stats['flaky']} tests passed only when repeated", severity="warning"
        )
    ]
    return Verdict(
        findings=(*findings, *(flaky if stats["flaky"] else [])),
        figures={
            "e2e": {
                "passed": stats["expected"] + stats["flaky"],
                "failed": stats["unexpected"],
                "skipped": stats["skipped"],
            }
        },
    )


def _failures(report: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    for suite in _suites(report["suites"]):
        for spec in suite.get("specs", []):
            if not spec["ok"]:
                errors = [
                    e.get("message", "") for t in spec["tests"] for r in t["results"] for e in r.get("errors", [])
                ]
                yield f"frontend/e2e/{spec['file']}", spec["line"], f"{spec['title']}: {' '.join(errors)[:1500]}"


def _suites(suites: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for suite in suites:
        yield suite
        yield from _suites(suite.get("suites", []))
