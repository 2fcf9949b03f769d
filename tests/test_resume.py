"""A run that is killed at every step boundary, inside every step and inside file writes ends as if nothing had been."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from gencode_graph.nodes import STEPS

REQUEST = "Build a notes app with notes and folders"
POINTS = [
    *(f"step.{name}.{place}" for name in STEPS for place in ("start", "recorded", "end")),
    *(f"step.{name}.produced" for name, step in STEPS.items() if step.producers),
    "step.testing_backend.checked",
    "step.frontend_integration.checked",
    "pack.rename",
    "ref.before",
    "ref.after",
    "publish.file",
    "publish.rename",
]
KEPT_BY_THE_USER = "MY-NOTES.txt"


def gencode(*arguments: str, home: Path, crash_at: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, which kills itself at the first of some points that it passes."""
    environment = {**os.environ, "GENCODE_HOME": str(home), "GENCODE_CRASH_AT": ",".join(crash_at or [])}
    argv = [sys.executable, "-m", "gencode_graph.cli", *arguments]
    return subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=600, check=False)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file that the user sees."""
    hidden = (".git", ".gencode")
    files = (p for p in folder.rglob("*") if p.is_file() and p.relative_to(folder).parts[0] not in hidden)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def steps_in_history(folder: Path) -> list[str]:
    """The step of each commit, oldest first."""
    argv = ["git", "-C", str(folder), "log", "--reverse", "--format=%(trailers:key=Gencode-Step,valueonly,separator=)"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.browser
def test_forty_kills_change_nothing(tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    done = gencode("new", REQUEST, "--workspace", str(undisturbed), "--quiet", home=tmp_path / "home-1")
    assert done.returncode in (0, 1), done.stderr

    killed, home, left, starts = tmp_path / "killed", tmp_path / "home-2", list(POINTS), 0
    arguments = ["new", REQUEST, "--workspace", str(killed), "--quiet"]
    report = tmp_path / "report.json"
    passed: Counter[str] = Counter()
    while True:
        ended = gencode(*arguments, "--report", str(report), home=home, crash_at=left)
        if ended.returncode != -signal.SIGKILL:
            break
        point = ended.stderr.rpartition("killed at ")[2].strip()
        left.remove(point)
        passed[point] += 1
        starts += 1
        if (killed / ".gencode").exists():
            (killed / KEPT_BY_THE_USER).write_text("mine")
        arguments = ["resume"] if (home / "runs.db").exists() and starts > 0 else arguments
    assert ended.returncode == done.returncode, ended.stderr
    assert sum(passed.values()) >= 40, f"only {sum(passed.values())} kills; not reached: {left}"

    assert (killed / KEPT_BY_THE_USER).read_text() == "mine"
    made = tree(killed)
    del made[KEPT_BY_THE_USER]
    assert made == tree(undisturbed)
    history = steps_in_history(killed)
    assert sorted(history) == sorted(STEPS), "a step was committed twice, or not at all"
    assert {step["status"] for step in json.loads(report.read_text())["steps"]} == {"passed"}
    assert not list((killed / ".gencode").glob("staging/*"))
    assert (
        subprocess.run(["git", "-C", str(killed), "fsck", "--strict"], capture_output=True, check=False).returncode == 0
    )
