"""Known weaknesses of packages, asked of where they are published: names and versions go out, nothing of the app."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gencode_graph.sandbox.installs import lay_out
from gencode_graph.sandbox.locks import Lock
from gencode_graph.sandbox.processes import run_process

SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
"""In names of variables that no tool gets to see."""
LIMIT = 20.0
"""Seconds that an answer may take; without one, nothing is known."""
TOOLS = {
    "node": ("npm", "audit", "--json", "--package-lock-only", "--ignore-scripts", "--fetch-retries=0",
             "--fetch-timeout=8000"),
    "python": ("pip-audit", "--format=json", "--progress-spinner=off", "--no-deps", "--disable-pip", "--timeout=8",
               "-r"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a tool answered, or why none was asked."""

    tool: str
    output: str = ""
    exit_code: int | None = None
    reason: str = ""


async def advisories(lock: Lock) -> Said:
    """What is known of the packages of a lock; the tool sees only what the lock was checked to hold."""
    argv = TOOLS[lock.kind]
    if await asyncio.to_thread(shutil.which, argv[0]) is None:
        return Said(tool=argv[0], reason=f"{argv[0]} is not on this machine")
    words = (*argv, next(iter(lock.files))) if lock.kind == "python" else argv
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="gencode-audit-"))
    try:
        await asyncio.to_thread(lay_out, lock, folder / "lock")
        plain = {name: value for name, value in os.environ.items() if not SECRET.search(name)}
        environment = {**plain, "NO_COLOR": "1", "NO_UPDATE_NOTIFIER": "1"}
        ended = await run_process(words, cwd=folder / "lock", env=environment, seconds=LIMIT, output_limit=4_000_000)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    said = ended.stdout.decode(errors="replace") or ended.stderr.decode(errors="replace")
    reason = f"{argv[0]} was ended: {ended.cut}" if ended.cut else ""
    return Said(tool=argv[0], output=said, exit_code=ended.exit_code, reason=reason)
