"""The Makefile and the scripts are what the README says, and parse."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = ("setup", "demo", "test", "test-fast", "lint", "bench", "requests", "studio")


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_says_what_it_does(target: str) -> None:
    assert re.search(rf"^{target}:.* ## \w", MAKEFILE, re.MULTILINE)


def test_a_second_setup_has_nothing_to_install(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".ready").touch()
    planned = subprocess.run(["make", "-n", "setup"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "make_venv.py" not in planned.stdout


def test_requests_without_cases_says_how_to_name_them(tmp_path: Path) -> None:
    argv = ["make", "-o", "setup", "-C", str(ROOT), "requests", "CASES="]
    ran = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "CASES=" in ran.stderr


@pytest.mark.parametrize("script", [".ci/run", *(f"scripts/{path.name}" for path in (ROOT / "scripts").glob("*.sh"))])
def test_a_shell_script_parses_and_stops_at_the_first_error(script: str) -> None:
    subprocess.run(["bash", "-n", ROOT / script], check=True)
    text = (ROOT / script).read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert (ROOT / script).stat().st_mode & 0o111


def test_a_machine_without_node_is_told_what_to_get(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash
    for tool in ("sed", "id", "uname"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    script = [bash, str(ROOT / "scripts/setup-machine.sh")]
    ran = subprocess.run(script, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert ran.returncode == 3
    assert "Node.js 20" in ran.stderr
