"""The frontend's own tools: biome, tsc, vitest, vite."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re

from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Result, Task, Verdict

UNITS = ".vitest.json"
"""Beside the app's folders: in one of them, biome would look at it the next time."""
_TSC = re.compile(
    r"^(?P<path>[^\s(]+)\((?P<line>\d+),(?P<column>\d+)\): error (?P<code>TS\d+): (?P<message>.*(?:\n +\S.*)*)$",
    re.MULTILINE,
)
"""With the lines that go on about it, which often name what is really wrong."""


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
    try:
        found = json.loads(result.stdout)["diagnostics"]
    except (ValueError, KeyError):
        return Verdict(findings=_failed("biome", result))
    return Verdict(
        findings=tuple(
            Finding(
                rule=f"biome/{d.get('category') or 'error'}",
                message=str(d.get("message") or d.get("description") or "")[:500],
                path=_biome_path(d),
                severity="error" if d.get("severity") in ("error", "fatal") else "warning",
            )
            for d in found
        )
    )


async def web_types(task: Task, draft: Draft, services: Services) -> Verdict:
    """``tsc --noEmit`` over the app and its end-to-end tests."""
    result = await run_tool(task, services, "tsc", "--noEmit", "--pretty", "false", "-p", "tsconfig.json")
    findings = tuple(
        Finding(
            rule=f"tsc/{m['code']}",
            message=_shortened(m["message"]),
            path=f"frontend/{m['path']}",
            line=int(m["line"]),
            column=int(m["column"]),
        )
        for m in _TSC.finditer(result.stdout)
    )
    return Verdict(findings=findings if findings or result.verdict == "ok" else _failed("tsc", result))


def _shortened(message: str, most: int = 1500) -> str:
    """A message without its middle where it is long: what it begins with says what is wrong, its end what is meant."""
    return message if len(message) <= most else f"{message[: most * 2 // 3]}...{message[-most // 3 :]}"


async def web_units(task: Task, draft: Draft, services: Services) -> Verdict:
    """vitest."""
    result = await run_tool(
        task,
        services,
        "vitest",
        "run",
        "--pool=threads",
        "--no-isolate",
        "--reporter=json",
        f"--outputFile=../{UNITS}",
    )
    made = await services.sandbox.collect([UNITS])
    try:
        report = json.loads(made[UNITS])
    except (KeyError, ValueError):
        return Verdict(findings=_failed("vitest", result))
    failed = [t for suite in report["testResults"] for t in suite["assertionResults"] if t["status"] == "failed"]
    findings = [
        Finding(rule="vitest/failed", message=f"{t['fullName']}: {' '.join(t['failureMessages'])[:1000]}")
        for t in failed
    ]
    if not failed and (result.verdict != "ok" or not report["numTotalTests"]):
        findings += _failed("vitest", result)
    figures = {
        "passed": report["numPassedTests"],
        "failed": report["numFailedTests"],
        "skipped": report["numPendingTests"] + report["numTodoTests"],
    }
    return Verdict(findings=tuple(findings), figures={"unit_tests": figures})


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


def _biome_path(diagnostic: dict[str, object]) -> str | None:
    location = diagnostic.get("location")
    path = location.get("path") if isinstance(location, dict) else None
    name = path.get("file") if isinstance(path, dict) else path
    return f"frontend/{name}" if isinstance(name, str) else None


def _failed(tool: str, result: Result) -> tuple[Finding, ...]:
    return (Finding(rule=f"{tool}/{result.verdict}", message=result.output[-1500:] or f"{tool} said nothing"),)
