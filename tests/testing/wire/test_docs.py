"""docs/testing.md cannot lie: its code is run, its script is loaded; test_faults.py compares its table."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from gencode_graph.testing import Call, Rule, load_script

pytestmark = pytest.mark.slow

TEXT = (Path(__file__).parents[3] / "docs" / "testing.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_prints_what_the_page_says() -> None:
    ran = subprocess.run([sys.executable, "-c", block("python")], capture_output=True, text=True, check=False)
    assert ran.stdout == block("text"), ran.stderr[-2000:]


def test_the_script_can_be_loaded(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(block("yaml"), encoding="utf-8")
    assert len(load_script(file).rules) == 5


def test_every_field_of_a_rule_and_of_a_call_is_named() -> None:
    names = {field.name for kind in (Rule, Call) for field in fields(kind)} - {"name", "number"}
    assert {name for name in names if f"`{name}`" not in TEXT} == set()
