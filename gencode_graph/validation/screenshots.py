"""Every page of the mock UI in a real browser: two sizes, two themes; pictures for people, findings for the loop."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath

from gencode_graph.sandbox.folder import write_file
from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Task, Verdict
from gencode_graph.validation.web import build

OUT = "dist-mock"
PICTURES = "frontend/.screenshots"


async def screenshots(task: Task, draft: Draft, services: Services) -> Verdict:
    """Build the UI on mock data, serve it, look at every page, and keep the pictures in the workspace's artifacts."""
    from gencode_graph.sandbox.browser import look

    built = await build(task, services, OUT)
    if built.verdict != "ok" or task.spec is None:
        return Verdict(findings=(Finding(rule="vite/failed", message=built.output[-1500:]),))
    argv = ("node_modules/.bin/vite", "preview", "--outDir", OUT, "--port", "{port}", "--host", "127.0.0.1")
    command = Command(argv=argv, cwd="frontend", timeout=services.settings.tool_timeout)
    pages = {_name(page.path): page.path for page in task.spec.pages}
    async with services.sandbox.serve(command, health="/") as url:
        seen = await look(services.sandbox, url, pages, PICTURES, seconds=services.settings.tool_timeout)
    made = await services.sandbox.collect([PICTURES])
    return Verdict(findings=seen.findings, figures={"screenshots": await asyncio.to_thread(_keep, made, services)})


def _name(path: str) -> str:
    """``/`` -> ``home``, ``/issues/$id`` -> ``issues-id``."""
    return path.strip("/").replace("$", "").replace("/", "-") or "home"


def _keep(pictures: dict[str, bytes], services: Services) -> list[str]:
    """Copy the pictures to the workspace's artifacts; their paths relative to the workspace."""
    workspace = services.workspace
    kept = []
    for path, content in sorted(pictures.items()):
        target = workspace.artifacts / "screenshots" / PurePosixPath(path).name
        write_file(target, content)
        kept.append(target.relative_to(workspace.root).as_posix())
    return kept
