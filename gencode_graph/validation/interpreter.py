"""The Python that the backend's checks run with: one that no program in the sandbox can have put there."""

from __future__ import annotations

import posixpath

from gencode_graph.protocols import Sandbox
from gencode_graph.types import Command, Finding

OWN = "backend/.venv/bin/python"
INSTALLS = "/installs/"
"""Where sandboxes with walls keep what was installed, read-only."""


async def interpreter(sandbox: Sandbox, cwd: str) -> str:
    """Its path for a command in ``cwd``: in a sandbox with walls that in the read-only install, else the app's own.

    Empty where a program put something else in the place of the install.
    """
    if "files" not in sandbox.limits:
        return posixpath.relpath(OWN, cwd)
    said = await sandbox.run(Command(argv=("readlink", "-f", "backend/.venv"), timeout=30))
    place = said.stdout.strip()
    return f"{place}/bin/python3" if place.startswith(INSTALLS) and "\n" not in place else ""


def replaced() -> Finding:
    """What is said then."""
    message = "a program put something else in the place of the installed Python"
    return Finding(
        rule="pytest/interpreter", message=message, path="backend/app", hint="write nothing outside the data"
    )
