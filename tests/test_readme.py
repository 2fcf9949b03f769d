"""The README and the docs cannot lie: what they show is run or compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from gencode_graph import errors
from gencode_graph.cli.app import app
from gencode_graph.cli.drawing import drawing

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run(code: str, folder: Path) -> str:
    """What a script prints, run in a folder of its own."""
    environment = os.environ | {"PYTHONWARNINGS": "error::DeprecationWarning:__main__"}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout


def test_the_drawing_is_the_pipeline() -> None:
    shown = re.search(r"<!-- gencode graph -->\n```text\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown[1].splitlines() == list(drawing())


def commands(text: str) -> list[str]:
    """Every ``gencode ...`` in a text, in a block or within a line."""
    return re.findall(r"(?:^|`)(gencode [a-z-]+[^`\n]*)", text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_and_options_that_are_named_exist(page: Path) -> None:
    known: Any = get_command(app)
    for line in commands(page.read_text(encoding="utf-8")):
        words = re.sub(r'"[^"]*"', "TEXT", line.split("#")[0]).split()[1:]
        if words[0].startswith("-"):
            assert words[0] in ("--help", "--version"), line
            continue
        assert words[0] in known.commands, line
        command = known.commands[words[0]]
        verbs = getattr(command, "commands", {})
        meant = [verbs[words[1]]] if words[1:] and words[1] in verbs else [command, *verbs.values()]
        options = {name for one in meant for p in one.params for name in p.opts} | {"--help"}
        assert {w for w in words[1:] if w.startswith("-") and len(w) > 1} <= options, line


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_make_targets_that_are_named_exist() -> None:
    made = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE)) <= made


def test_the_exit_statuses_are_those_of_the_errors() -> None:
    told = {int(n) for n in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.GencodeError)]
    assert told == {0, 130} | {k.exit_status for k in kinds}


@pytest.mark.slow
@pytest.mark.node
def test_the_ways_to_extend_work(tmp_path: Path) -> None:
    code = "\n".join(blocks(ROOT / "docs/extending.md", "python"))
    assert "'licence': 'passed'" in run(code, tmp_path)
    assert "Copyright (c) 2026" in (tmp_path / "gym" / "LICENSE").read_text()


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.browser
def test_the_python_of_the_readme_makes_an_app(tmp_path: Path) -> None:
    (code,) = blocks(ROOT / "README.md", "python")
    printed = run(code, tmp_path)
    assert "step_finished preview_final" in printed
    assert re.search(r"^(delivered|partial) .*passed=\d+ failed=0", printed, re.MULTILINE)
    assert (tmp_path / "library" / "docs" / "report.md").is_file()
