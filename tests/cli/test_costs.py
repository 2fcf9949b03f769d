"""``gencode costs``: what a run's models cost; nothing where none was asked, and no traceback where there is no run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gencode_graph.cli.app import app
from gencode_graph.runs import Runs
from gencode_graph.settings import Settings


def test_without_any_run_it_says_so() -> None:
    ran = CliRunner().invoke(app, ["costs"])
    assert ran.exit_code == 2
    assert "gencode new" in ran.output


@pytest.mark.parametrize(("options", "shown"), [([], "No model was asked"), (["--json"], "[]")])
def test_a_run_without_models_cost_nothing(tmp_path: Path, options: list[str], shown: str) -> None:
    settings = Settings(workspace=tmp_path)
    Runs(settings).create("20261121-000001", "a gym", settings)
    ran = CliRunner().invoke(app, ["costs", *options])
    assert ran.exit_code == 0
    assert shown in ran.output
    if options:
        assert json.loads(ran.stdout) == []


def test_prometheus_gets_its_text_format() -> None:
    ran = CliRunner().invoke(app, ["costs", "--prometheus"])
    assert ran.exit_code == 0
    assert "# TYPE gencode_model_calls_total counter" in ran.stdout
