"""Python newer than the one that runs: ruff reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from gencode_graph.validation.kinds import Problem

NEWEST = (3, 14)
_NAMES = ("F821", "F822", "F823")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A module as ruff sees it."""

    syntax: tuple[Problem, ...]
    names: tuple[Problem, ...]
    """Used and not defined."""


@cache
def find_ruff() -> str | None:
    """The ruff of this installation, or one on the path; None where there is none."""
    own = Path(sysconfig.get_path("scripts")) / "ruff"
    return str(own) if own.is_file() else shutil.which("ruff")


@lru_cache(maxsize=64)
def judged(text: str) -> Judged | None:
    """What ruff says of a module; None where it cannot be asked."""
    ruff = find_ruff()
    if ruff is None:
        return None
    argv = [ruff, "check", "--isolated", "--no-cache", "--output-format=json", f"--select={','.join(_NAMES)}"]
    argv += [f"--target-version=py{NEWEST[0]}{NEWEST[1]}", "--stdin-filename=module.py", "-"]
    try:
        ran = subprocess.run(argv, input=text.encode(), capture_output=True, timeout=20, check=False)
        found = json.loads(ran.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    said = [(f["code"] in _NAMES, Problem(message=str(f["message"]), line=f["location"]["row"])) for f in found]
    return Judged(
        syntax=tuple(problem for is_name, problem in said if not is_name),
        names=tuple(problem for is_name, problem in said if is_name),
    )
