"""What an app is built with: its packages' known weaknesses and licences. For the report; it fails no run."""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gencode_graph.errors import GencodeError
from gencode_graph.sandbox.advisories import advisories
from gencode_graph.sandbox.locks import read_lock
from gencode_graph.services import Services
from gencode_graph.types import Command, Draft, Finding, Task, Verdict
from gencode_graph.validation.interpreter import interpreter
from gencode_graph.validation.licences import READ, unusual
from gencode_graph.validation.reports import read_report

LOCKS = {"python": "backend/requirements.txt", "node": "frontend/package-lock.json"}
FORMATS = {"python": "pip-audit-json", "node": "npm-audit-json"}
SHOWN = 10
"""Names in one message."""


async def supplies(task: Task, draft: Draft, services: Services) -> Verdict:
    """Figures ``audits`` (outcome ``clean``, ``findings`` or ``not audited``, by kind) and ``licences``.

    Once for the same locks, whatever else changes. What could not be asked is never clean.
    """
    tree = await asyncio.to_thread(services.workspace.read, task.tree)
    named = {path: text for path, text in tree.items() if path.endswith((*LOCKS.values(), "package.json"))}
    key = hashlib.sha256(repr(sorted(named.items())).encode()).hexdigest()
    return await services.once(f"supplies {key}", lambda: _looked_up(named, task, services))


async def _looked_up(files: Mapping[str, bytes], task: Task, services: Services) -> Verdict:
    audited, licensed = await asyncio.gather(_audited(files), _licensed(task, services))
    return Verdict(findings=(*audited.findings, *licensed.findings), figures={**audited.figures, **licensed.figures})


async def _audited(files: Mapping[str, bytes]) -> Verdict:
    """Side by side, as most of it is waiting."""
    kinds = [kind for kind, path in LOCKS.items() if path in files]
    said = await asyncio.gather(*(_audit(kind, files) for kind in kinds))
    findings = tuple(finding for _, found in said for finding in found)
    return Verdict(findings=findings, figures={"audits": {kind: it for kind, (it, _) in zip(kinds, said, strict=True)}})


async def _audit(kind: str, files: Mapping[str, bytes]) -> tuple[dict[str, Any], list[Finding]]:
    try:
        lock = await asyncio.to_thread(_lock, LOCKS[kind], files)
    except GencodeError as error:
        return _not_audited(kind, str(error))
    asked = await advisories(lock)
    if asked.reason:
        return _not_audited(kind, asked.reason)
    report = read_report(asked.output, format=FORMATS[kind], tool=asked.tool, exit_code=asked.exit_code)
    if not report.ran:
        return _not_audited(kind, report.reason)
    if skipped := report.numbers.get("skipped"):
        return _not_audited(kind, f"{asked.tool} knows nothing of {skipped} packages")
    known = [it.model_copy(update={"severity": "warning", "path": LOCKS[kind]}) for it in report.findings]
    return {"outcome": report.outcome, "tool": asked.tool, "findings": len(known)}, known


def _lock(path: str, files: Mapping[str, bytes]) -> Any:
    with tempfile.TemporaryDirectory(prefix="gencode-lock-") as folder:
        for name, content in files.items():
            if name.rpartition("/")[0] == path.rpartition("/")[0]:
                Path(folder, name.rpartition("/")[2]).write_bytes(content)
        return read_lock(Path(folder, path.rpartition("/")[2]))


def _not_audited(kind: str, why: str) -> tuple[dict[str, Any], list[Finding]]:
    reason = " ".join(why.split())[:300] or "the tool said nothing"
    message = f"the {kind} packages were not audited for known weaknesses: {reason}"
    note = Finding(rule="audit/not-audited", message=message, severity="note", path=LOCKS[kind])
    return {"outcome": "not audited", "reason": reason}, [note]


async def _licensed(task: Task, services: Services) -> Verdict:
    """What the installed packages say; a note names those under a licence that is not open to all."""
    await services.stage(task.tree, "backend/", "frontend/")
    await services.sandbox.install("backend/requirements-dev.txt")
    await services.sandbox.install("frontend/package-lock.json")
    if not (python := await interpreter(services.sandbox, "backend")):
        return Verdict()
    argv = (python, "-I", "-c", READ, "../frontend")
    result = await services.sandbox.run(Command(argv=argv, cwd="backend", timeout=60))
    try:
        said = dict(json.loads(result.stdout))
    except (ValueError, TypeError):
        why = f"the licences could not be read: {result.output[-300:]}"
        return Verdict(findings=(Finding(rule="licences/not-read", message=why, severity="note"),))
    packages: dict[str, str] = {}
    for each in said.values():
        packages |= read_report(json.dumps(each), format="pip-licenses-json").packages
    odd = unusual(packages)
    figures = {"licences": {"packages": len(packages), "unusual": dict(sorted(odd.items()))}}
    if not odd:
        return Verdict(figures=figures)
    names = ", ".join(f"{name} ({licence})" for name, licence in sorted(odd.items())[:SHOWN])
    message = f"{len(odd)} of {len(packages)} packages are under a licence to read before you ship: {names}"
    return Verdict(findings=(Finding(rule="licences/unusual", message=message, severity="note"),), figures=figures)
