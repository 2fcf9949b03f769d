"""Python newer than the one that runs: ruff reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from functools import cache
from pathlib import Path

from gencode_graph.validation.kinds import Problem

NEWEST = (3, 14)
_SYNTAX = "invalid-syntax"
_NAMES = "F821,F822,F823"


@cache
def find_ruff() -> str | None:
    """The ruff of this installation, or one on the path; None where there is none."""
    own = Path(sysconfig.get_path("scripts")) / "ruff"
    return str(own) if own.is_file() else shutil.which("ruff")


def errors_of(text: str) -> list[Problem] | None:
    """Syntax errors and undefined names of a module; None where ruff cannot be asked."""
    ruff = find_ruff()
    if ruff is None:
        return None
    argv = [ruff, "check", "--isolated", "--no-cache", "--output-format=json", f"--select={_NAMES}"]
    argv += [f"--target-version=py{NEWEST[0]}{NEWEST[1]}", "--stdin-filename=module.py", "-"]
    try:
        ran = subprocess.run(argv, input=text.encode(), capture_output=True, timeout=20, check=False)
        found = json.loads(ran.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return [Problem(message=str(f["message"]), line=f["location"]["row"]) for f in found]
