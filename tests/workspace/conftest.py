"""A fresh workspace for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gencode_graph.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "app"


@pytest.fixture
def workspace(root: Path) -> Iterator[Workspace]:
    made = Workspace.open(root, create=True)
    yield made
    made.close()
