"""A real Chromium that opens every page of a served app and says what is wrong with it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gencode_graph.errors import SandboxError
from gencode_graph.protocols import Sandbox
from gencode_graph.types import Command, Finding, Verdict

SCRIPT = Path(__file__).with_name("look.mjs")
SCRIPT_IN_SANDBOX = ".look/look.mjs"


async def look(
    sandbox: Sandbox,
    base_url: str,
    pages: Mapping[str, str],
    out: str,
    *,
    packages: str = "frontend",
    seconds: float = 180.0,
    settle: float = 8.0,
) -> Verdict:
    """Open the pages at 1280 and 390 px, light and dark; their screenshots are all that is then in the folder ``out``.

    ``pages`` is name -> path; a path may hold ``$id``, which is found by the first link to such a page on its list
    page. A page has ``settle`` seconds to come to rest, and all have ``seconds`` together. ``packages`` is the folder
    whose ``node_modules`` hold Playwright and axe. The figures are ``{"screenshots": [{page, name, size, theme,
    file}]}``; pictures of a look that did not come to its end are deleted, as nothing tells of them. Raises
    ``SandboxError`` when the browser does not run.
    """
    await sandbox.put({SCRIPT_IN_SANDBOX: await asyncio.to_thread(SCRIPT.read_bytes)}, owned=[out])
    up = "/".join(".." for _ in Path(packages).parts) or "."
    job = {
        "base": base_url.rstrip("/"),
        "pages": list(pages.items()),
        "out": out.strip("/"),
        "root": up,
        "settle": settle * 1000,
    }
    argv = ("node", f"{up}/{SCRIPT_IN_SANDBOX}", json.dumps(job))
    result = await sandbox.run(Command(argv=argv, cwd=packages, timeout=seconds))
    try:
        seen: dict[str, Any] = json.loads(result.stdout)
    except ValueError:
        await sandbox.put({}, owned=[out])
        if result.verdict == "timeout":
            late = Finding(rule="browser/timeout", message=f"the pages took more than {seconds:g} s")
            return Verdict(findings=(late,))
        raise SandboxError(f"the browser did not run ({result.verdict})\n{result.output[-2000:]}") from None
    findings = [*judge(seen["faults"])]
    if not seen["axe"]:
        findings.append(
            Finding(rule="axe/not-run", message="axe-core is not installed", hint="add @axe-core/playwright")
        )
    return Verdict(findings=tuple(findings), figures={"screenshots": seen["screenshots"]})


def judge(faults: Iterable[Mapping[str, Any]]) -> Iterable[Finding]:
    """One finding for each fault of a page, however many themes and sizes show it."""
    shown: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for fault in faults:
        numberless = re.sub(r"\d+", "0", str(fault["text"]))
        shown.setdefault((fault["rule"], fault["page"], numberless), []).append(fault)
    for (rule, page, _), same in sorted(shown.items()):
        variants = ", ".join(sorted({str(fault["variant"]) for fault in same}))
        yield Finding(rule=rule, message=f"{page}: {same[0]['text']} [{variants}]", hint=same[0]["hint"])
