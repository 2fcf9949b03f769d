"""Any model of sentence-transformers, by the name it is published under or by its folder."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from gencode_graph.errors import SettingError
from gencode_graph.memory.minilm import require

_LOADING = threading.Lock()


@dataclass(frozen=True)
class SentenceTransformers:
    """One of its models; loading takes seconds, and downloads one that is not on this machine."""

    name: str
    """With ``sentence-transformers:`` before it."""

    def __post_init__(self) -> None:
        require(self.name, "sentence_transformers")

    @property
    def dimensions(self) -> int:
        """Numbers in a vector; loads the model, so ask after the first text."""
        return int(_loaded(self.name).get_embedding_dimension())

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of unit length a text."""
        return await asyncio.to_thread(self._embed, list(texts))

    def _embed(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        vectors: list[list[float]] = (
            _loaded(self.name).encode(texts, normalize_embeddings=True, show_progress_bar=False).tolist()
        )
        return vectors


def _loaded(name: str) -> Any:
    with _LOADING:
        return _model(name)


@cache
def _model(name: str) -> Any:
    from sentence_transformers import SentenceTransformer

    which = name.partition(":")[2]
    try:
        return SentenceTransformer(which)
    except (OSError, ValueError) as error:
        raise SettingError(
            f"sentence-transformers cannot load {which!r} ({str(error).splitlines()[0]}); "
            "give a model it knows or a folder with one, or set GENCODE_EMBEDDER=minilm"
        ) from error
