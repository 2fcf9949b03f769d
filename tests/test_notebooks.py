"""The notebooks run from top to bottom, and are kept without their outputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_a_quickstart() -> None:
    assert "01_quickstart" in [n.stem for n in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert [c.source for c in code_cells(notebook) if c.outputs or c.execution_count] == []


def run(name: str, folder: Path, seconds: int) -> tuple[str, list[Any]]:
    """Run a notebook in a folder; what it wrote, and all its outputs."""
    notebook = nbformat.read(next(path for path in NOTEBOOKS if path.stem == name), as_version=4)
    NotebookClient(notebook, timeout=seconds, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    return "\n".join(output.get("text", "") for output in outputs), outputs


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.browser
@pytest.mark.filterwarnings("default")  # of Jupyter's own libraries
def test_the_quickstart_runs(tmp_path: Path) -> None:
    written, outputs = run("01_quickstart", tmp_path, 600)
    assert "delivered - " in written or "partial - " in written
    assert "preview_final: passed" in written
    assert "testing_frontend" in written
    assert "+++ b/docs/architecture.md" in written
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 4


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of Jupyter's own libraries
def test_the_part_that_learns_does_so_before_ones_eyes(tmp_path: Path) -> None:
    written, outputs = run("02_arbormind", tmp_path, 120)
    at_rest, learned = map(float, re.search(r"last hundred: (\S+) and (\S+)", written).groups())  # type: ignore[union-attr]
    assert learned > at_rest + 0.3
    assert "learned from outcomes" in written
    assert "keeps failing here: fix" in written
    assert "found: unused-import" in written
    assert "after five failures: []" in written
    assert sum("image/svg+xml" in output.get("data", {}) for output in outputs) == 1
