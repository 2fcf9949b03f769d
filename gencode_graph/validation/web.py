"""The frontend's own tools: biome, tsc, vitest, vite."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets

from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Result, Task, Verdict
from gencode_graph.validation.reports import Report, read_report

UNIT = re.compile(r"frontend/src/.+\.(?:test|spec)\.tsx?")
"""Files of tests that vitest runs."""


async def run_tool(task: Task, services: Services, *argv: str, env: dict[str, str] | None = None) -> Result:
    """Run one of the frontend's installed tools in ``frontend``."""
    await services.stage(task.tree, "frontend/")
    await services.sandbox.install("frontend/package-lock.json")
    command = Command(
        argv=(f"node_modules/.bin/{argv[0]}", *argv[1:]),
        cwd="frontend",
        env=env or {},
        timeout=services.settings.tool_timeout,
    )
    return await services.sandbox.run(command)


async def web_lint(task: Task, draft: Draft, services: Services) -> Verdict:
    """``biome check``: formatted, imports in order, no lint errors."""
    result = await run_tool(task, services, "biome", "check", "--reporter=json", "--colors=off", ".")
    report = read_report(result.stdout, format="biome-json", tool="biome", exit_code=result.exit_code)
    return Verdict(findings=report.under("frontend") if report.ran else _failed("biome", result))


async def web_types(task: Task, draft: Draft, services: Services) -> Verdict:
    """``tsc --noEmit`` over the app and its end-to-end tests."""
    result = await run_tool(task, services, "tsc", "--noEmit", "--pretty", "false", "-p", "tsconfig.json")
    report = read_report(result.stdout, format="tsc-text", tool="tsc", exit_code=result.exit_code)
    return Verdict(findings=report.under("frontend") if report.ran else _failed("tsc", result))


def place_for(tool: str) -> str:
    """Where a tool writes its report this time: no earlier run left one there.

    Beside the app's folders: in one of them, biome would look at it the next time.
    """
    return f".{tool}-{secrets.token_hex(8)}.json"


async def without_results(task: Task, services: Services, files: re.Pattern[str], report: Report) -> list[Finding]:
    """A finding for each file of tests in the tree of which a report without a failure says nothing."""
    if report.findings:
        return []
    seen = {case.path for case in report.cases if case.path}
    wanted = [path for path in await asyncio.to_thread(services.workspace.paths, task.tree) if files.fullmatch(path)]
    missing = [path for path in wanted if not any(it.endswith(path) or path.endswith(f"/{it}") for it in seen)]
    return [Finding(rule="tests/no-results", message=f"{path} has no results", path=path) for path in missing]


async def web_units(task: Task, draft: Draft, services: Services) -> Verdict:
    """vitest."""
    place = place_for("vitest")
    result = await run_tool(
        task,
        services,
        "vitest",
        "run",
        "--pool=threads",
        "--no-isolate",
        "--reporter=json",
        f"--outputFile=../{place}",
    )
    made = await services.sandbox.collect([place])
    report = read_report(made.get(place, b"").decode(errors="replace"), format="jest-json", tool="vitest")
    findings = (*report.under("frontend"), *await without_results(task, services, UNIT, report))
    if not report.ran or (result.verdict != "ok" and not findings):
        findings = _failed("vitest", result)
    return Verdict(findings=findings, figures={"unit_tests": counts(report)} if report.ran else {})


def counts(report: Report) -> dict[str, int]:
    """How many tests passed, failed and were left out, for the figures of a verdict."""
    number = {name: int(value) for name, value in report.numbers.items()}
    return {
        "passed": number["passed"] + number["flaky"] + number["xfailed"] + number["xpassed"],
        "failed": number["failed"] + number["errors"],
        "skipped": number["skipped"] + number["todo"],
    }


async def build(task: Task, services: Services, out: str = "dist") -> Result:
    """``vite build`` into ``frontend/<out>``, once for the same sources while they are what was built there last."""
    paths = await asyncio.to_thread(services.workspace.paths, task.tree)
    sources = [f"{paths[path]} {path}" for path in sorted(paths) if _is_source(path)]
    key = hashlib.sha256("\n".join(sources).encode()).hexdigest()
    argv = ("vite", "build", "--logLevel=warn", "--outDir", out)
    return await services.latest(f"frontend/{out}", key, lambda: run_tool(task, services, *argv))


def _is_source(path: str) -> bool:
    return path.startswith("frontend/") and not path.startswith(("frontend/e2e/", "frontend/playwright."))


async def web_build(task: Task, draft: Draft, services: Services) -> Verdict:
    """``vite build`` of the real app."""
    result = await build(task, services)
    return Verdict(findings=() if result.verdict == "ok" else _failed("vite", result))


def _failed(tool: str, result: Result) -> tuple[Finding, ...]:
    return (Finding(rule=f"{tool}/{result.verdict}", message=result.output[-1500:] or f"{tool} said nothing"),)
