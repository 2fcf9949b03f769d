"""Embedders by name; a package adds its own by an entry point in the group ``gencode_graph.embedder``."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from gencode_graph.errors import SettingError
from gencode_graph.protocols import Embedder

EMBEDDERS = {"lexical": "gencode_graph.memory.embedders:Lexical"}
"""Name -> ``module:class``."""


def embedder(name: str) -> Embedder:
    """The embedder of that name. Raises ``SettingError`` for an unknown one, listing those that are known."""
    known = {point.name: point.value for point in entry_points(group="gencode_graph.embedder")} | EMBEDDERS
    if name not in known:
        raise SettingError(f"unknown embedder {name!r}; known: {', '.join(sorted(known))}")
    module, _, attribute = known[name].partition(":")
    return cast("Embedder", getattr(import_module(module), attribute)())


@dataclass(frozen=True)
class Lexical:
    """Words and their parts, hashed into a fixed number of places with a sign: no model, no download.

    The hashing trick of Weinberger et al., "Feature Hashing for Large Scale Multitask Learning" (ICML 2009), over
    words and character trigrams, so that ``invoice`` and ``invoices`` are near each other.
    """

    name: str = "lexical"
    dimensions: int = 512

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of unit length a text; a text without words is all in the first place."""
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * self.dimensions
        for feature, weight in _features(text):
            digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest())
            vector[digest % self.dimensions] += weight if digest >> 63 else -weight
        length = math.sqrt(sum(x * x for x in vector))
        return [x / length for x in vector] if length else [1.0, *vector[1:]]


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word in re.findall(r"\w+", text.casefold()):
        yield word, 1.0
        padded = f"^{word}$"
        yield from ((padded[i : i + 3], 0.5) for i in range(len(padded) - 2))
