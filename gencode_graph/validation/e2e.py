"""Playwright in a real Chromium against the running app."""

from __future__ import annotations

import asyncio
import re

from gencode_graph.services import Services
from gencode_graph.types import Draft, Finding, Task, Verdict
from gencode_graph.validation.reports import read_report
from gencode_graph.validation.web import build, counts, place_for, run_tool, without_results

SPEC = re.compile(r"frontend/e2e/.+\.spec\.ts")
"""Files of tests that Playwright runs."""


async def e2e(task: Task, draft: Draft, services: Services) -> Verdict:
    """The end-to-end tests of the app, its server started and restarted by them."""
    from gencode_graph.sandbox.local import free_port

    place = place_for("e2e")
    await build(task, services)
    await services.stage(task.tree, "backend/", "openapi.json")
    await services.sandbox.install("backend/requirements-dev.txt")
    env = {
        "E2E_PORT": str(await asyncio.to_thread(free_port)),
        "E2E_WORKERS": str(min(4, services.settings.jobs + 1)),  # a test often waits, for what is typed to be looked up
        "PYTHON": "../backend/.venv/bin/python",
        "PLAYWRIGHT_JSON_OUTPUT_NAME": f"../{place}",
    }
    result = await run_tool(task, services, "playwright", "test", "--reporter=json", env=env)
    made = await services.sandbox.collect([place])
    report = read_report(made.get(place, b"").decode(errors="replace"), format="playwright-json", tool="playwright")
    if not report.ran or (result.verdict != "ok" and not report.findings):
        return Verdict(findings=(Finding(rule="playwright/not-run", message=result.output[-2000:]),))
    missing = await without_results(task, services, SPEC, report)
    return Verdict(findings=(*report.under("frontend/e2e"), *missing), figures={"e2e": counts(report)})
