"""Models of sentence-transformers by name."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from gencode_graph.errors import MissingError, SettingError
from gencode_graph.memory import minilm
from gencode_graph.memory.embedders import embedder

HERE = importlib.util.find_spec("sentence_transformers") is not None


def test_without_its_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    with pytest.raises(MissingError, match=r"pip install 'gencode-graph\[sentence-transformers\]'"):
        embedder("sentence-transformers:any")


@pytest.mark.slow
@pytest.mark.skipif(not HERE, reason="the extra sentence-transformers is not installed")
async def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot load"):
        await embedder(f"sentence-transformers:{tmp_path}").embed(["hello"])
